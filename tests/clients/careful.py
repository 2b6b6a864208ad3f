"""A small client that does all it must, with none or one of the faults that its arguments name."""

import http.client
import json
import os
import sys
from urllib.parse import urlsplit

FAULTS = set(sys.argv[1:])


def call(ask):
    connection = http.client.HTTPConnection(urlsplit(ask["endpoint"]).netloc, timeout=20)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.StartWebAuthnRegistration",
    }
    try:
        connection.request("POST", "/", json.dumps({"AccessToken": ask["access_token"]}), headers)
        response = connection.getresponse()
        body = response.read()
    except (OSError, ValueError, http.client.HTTPException) as error:
        return failure(error, ask)
    finally:
        connection.close()
    if "deep" in FAULTS and body.count(b"[") > 150:
        os._exit(139)
    answer = {"status": response.status}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        if "truncated" in FAULTS and response.status == 200:
            return answer | {"outcome": "success"}
        value, read = {}, failure(error, ask)
    else:
        read = failure("neither options nor an error", ask)
    value = value if isinstance(value, dict) else {}
    if 200 <= response.status < 300:
        options = value.get("CredentialCreationOptions")
        return answer | ({"outcome": "success", "options": options} if options is not None else read)
    for raw in (response.headers.get("x-amzn-ErrorType"), value.get("code"), value.get("__type")):
        if isinstance(raw, str) and name(raw):
            return answer | {"outcome": "error", "code": name(raw), "message": value.get("message")}
    return answer | read


def name(raw):
    if "hashes" in FAULTS:
        return raw.split("#")[-1].split(":")[0]
    return raw.split(":")[0].split("#")[-1]


def failure(error, ask):
    told = f"{error} of {ask['access_token']}" if "tells" in FAULTS else str(error)
    return {"outcome": "failure", "code": type(error).__name__, "message": told}


for line in sys.stdin:
    ask = json.loads(line)
    answer = {name: value for name, value in call(ask).items() if name == "options" or isinstance(value, (str, int))}
    print(json.dumps(answer | {"scenario": ask["scenario"]}), flush=True)
