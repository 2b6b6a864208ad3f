"""Computes the SigV4 signatures of requests anew with botocore. argv[1] is a JSON file of requests as they were sent.

Prints a JSON list: for each the signature that was sent, the one that botocore computes, and those of the request with one
thing changed.
"""

import json
import re
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

CREDENTIALS = Credentials("AKIACOGSPECEXAMPLE00", "cogspec")
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
    r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


def signature(request, service, region, names):
    """The signature of these headers of the request."""
    headers = {name: value for name, value in request["headers"].items() if name in names}
    asked = AWSRequest(request["method"], request["url"], headers=headers, data=request["body"].encode())
    asked.context["timestamp"] = request["headers"]["x-amz-date"]
    auth = SigV4Auth(CREDENTIALS, service, region)
    signed = auth.signed_headers(auth.headers_to_sign(asked))
    assert signed == ";".join(names), f"botocore signs {signed}, not {names}"
    return auth.signature(auth.string_to_sign(asked, auth.canonical_request(asked)), asked)


def verify(request):
    request["headers"] = dict(request["headers"])
    authorization = AUTHORIZATION.fullmatch(request["headers"].pop("authorization"))
    key, date, region, service, names, sent = authorization.groups()
    assert key == CREDENTIALS.access_key and service == "cognito-idp" and region == "us-east-1"
    assert request["headers"]["x-amz-date"].startswith(date)
    names = names.split(";")
    assert {"content-type", "host", "x-amz-date", "x-amz-target"} <= set(names), names

    def changed(**parts):
        return signature({**request, **parts}, service, region, names)

    def header(name, value):
        return changed(headers={**request["headers"], name: value})

    return {
        "sent": sent,
        "computed": signature(request, service, region, names),
        "changed": {
            "method": changed(method="PUT"),
            "host": changed(url=request["url"].replace("us-east-1", "us-east-2")),
            "path": changed(url=request["url"] + "x"),
            "body": changed(body=request["body"] + " "),
            "operation": header("x-amz-target", "AWSCognitoIdentityProviderService.DeleteUser"),
            "region": signature(request, service, "us-east-2", names),
        },
    }


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps([verify(request) for request in json.load(file)]))
