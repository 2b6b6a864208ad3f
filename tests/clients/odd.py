"""An adapter that does one odd thing, which its argument names; `call-` in front has it call the endpoint first."""

import http.client
import json
import sys
import time
import urllib.parse


def call(ask):
    url = urllib.parse.urlsplit(ask["endpoint"])
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.StartWebAuthnRegistration",
    }
    try:
        connection.request("POST", "/", json.dumps({"AccessToken": ask["access_token"]}), headers)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        pass


def told(ask, **members):
    print(json.dumps({"scenario": ask["scenario"], **members}), flush=True)


what = sys.argv[1]
for line in sys.stdin:
    ask = json.loads(line)
    if what.startswith("call-"):
        call(ask)
    match what.removeprefix("call-"):
        case "success":
            told(ask, outcome="success")
        case "failure":
            told(ask, outcome="failure", code="Gone")
        case "unimplemented":
            told(ask, outcome="unimplemented")
        case "hang":
            time.sleep(600)
        case "exit":
            sys.exit(3)
        case "garbage":
            print("Traceback (most recent call last):", flush=True)
        case "other":
            told({"scenario": "another"}, outcome="success")
        case "untrue":
            told(ask, outcome="error", code="NotAuthorizedException", status=418, request_id="mine", attempts=7)
        case "token":
            told(ask, outcome="failure", detail="could not send " + ask["access_token"])
        case "wrong-request":
            url = urllib.parse.urlsplit(ask["endpoint"])
            connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
            connection.request("POST", "/", "{}", {"X-Amz-Target": "cogspec"})
            connection.getresponse().read()
            told(ask, outcome="failure")
