"""Calls StartWebAuthnRegistration through boto3: a scenario on each line of standard input, an answer on each line of
standard output."""

import json
import sys
from contextlib import closing

import boto3
from botocore.exceptions import ClientError

DETAIL = 64 * 1024  # bytes


def call(scenario):
    # Everything else is as boto3 has it. There are no credentials: the operation takes none.
    client = boto3.client("cognito-idp", region_name=scenario["region"], endpoint_url=scenario["endpoint"])
    try:
        with closing(client):
            response = client.start_web_authn_registration(AccessToken=scenario["access_token"])
    except ClientError as error:
        told = error.response.get("Error", {})  # absent where the status is 300
        answer = {"outcome": "error", "code": told.get("Code"), "message": told.get("Message")}
        return answer | metadata(error.response) | detail(error)
    except Exception as error:
        # BotoCoreError, and what the parser of answers lets out: AttributeError, TypeError, RecursionError...
        return {"outcome": "failure", "code": type(error).__name__, "message": str(error)} | detail(error)
    # Python's json has numbers that JSON has not (NaN); they are told as text.
    options = json.loads(json.dumps(response.get("CredentialCreationOptions")), parse_constant=str)
    return {"outcome": "success", "options": options} | metadata(response)


def metadata(response):
    """What boto3 tells of the call beside its result."""
    told = response.get("ResponseMetadata", {})
    answer = {"status": told.get("HTTPStatusCode"), "request_id": told.get("RequestId")}
    if "RetryAttempts" in told:
        answer["attempts"] = told["RetryAttempts"] + 1
    return answer


def detail(error):
    text = f"{error!r}\n{error}".encode("utf-8", "replace")
    return {"detail": text[:DETAIL].decode("utf-8", "ignore")}


for line in sys.stdin.buffer:
    scenario = json.loads(line)
    answer = call(scenario) | {"scenario": scenario["scenario"]}
    # `code` and `message` are text; what else a server put there is in `detail`.
    answer = {
        name: value
        for name, value in answer.items()
        if value is not None and (isinstance(value, str) or name not in ("code", "message"))
    }
    # Python takes half a surrogate pair for a character, and no reader of JSON need take it back.
    text = json.dumps(answer, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()
