"""A small client of StartWebAuthnRegistration, written after the documentation of AWS JSON 1.1, of HTTP and of WebAuthn.

    python3 export_scenarios_client.py LAYER [FAULT]

is an adapter around it, as `cogspec clients run` starts one; export_scenarios.py calls it by itself. Both must find the same.
LAYER is `sdk` or `webauthn`. A FAULT is what is wrong with the client. Only the standard library is used.
"""

import base64
import http.client
import json
import sys
import time
import zlib
from urllib.parse import urlsplit

TARGET = "AWSCognitoIdentityProviderService.StartWebAuthnRegistration"
CONTENT_TYPE = "application/x-amz-json-1.1"
REQUEST_IDS = ("x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id")
THROTTLING = ("TooManyRequestsException", "ThrottlingException", "Throttling", "SlowDown", "RequestLimitExceeded")
TRANSIENT = ("RequestTimeout", "RequestTimeoutException")
TIMEOUT = 20  # seconds
ATTEMPTS = 3
LONGEST_WAIT = 2  # seconds
LARGEST = 1 << 20  # bytes of a body, also of a decoded one

FAULTS = (
    "ignores-header",
    "last-hash",
    "never-retries",
    "retries-all",
    "does-not-wait",
    "prints-token",
    "success-on-truncation",
    "drops-unknown-members",
    "rounds-numbers",
    "miscounts",
    "tells-status-200",
    "makes-up-request-ids",
    "does-not-call",
    "sends-no-target",
    "changes-challenge",
)


class Failure(Exception):
    """A reason of the client's own to give up."""


class Lost(Failure):
    """The connection ended before the answer was whole."""


class Client:
    def __init__(self, layer, fault=None):
        if layer not in ("sdk", "webauthn") or fault not in (None, *FAULTS):
            raise SystemExit(f"no such layer or fault: {layer} {fault}")
        self.layer, self.fault = layer, fault

    def has(self, fault):
        return self.fault == fault

    def call(self, endpoint, token, origin):
        """What an adapter tells of one call."""
        if self.has("does-not-call"):
            return {"outcome": "error", "code": "NotAuthorizedException"}
        told = {}
        for attempt in range(1, ATTEMPTS + 1):
            told = self.attempt(endpoint, token, origin)
            wait = told.pop("wait", None)
            told["attempts"] = attempt
            if wait is None or self.has("never-retries") or attempt == ATTEMPTS:
                break
            time.sleep(0.01 * 2**attempt if self.has("does-not-wait") else max(wait, 0.01 * 2**attempt))
        if told["outcome"] != "success":
            told["detail"] = f"StartWebAuthnRegistration: {told.get('code')}: {told.get('message')}"
            # A server may echo what it was sent.
            for name in ("code", "message", "detail"):
                if told.get(name) is not None:
                    told[name] = told[name].replace(token, "***")
            if self.has("prints-token"):
                told["detail"] += f" (of a call with {token})"
        if self.has("miscounts"):
            told["attempts"] = 1
        if self.has("tells-status-200") and "status" in told:
            told["status"] = 200
        if self.has("makes-up-request-ids") and "status" in told:
            told["request_id"] = "00000000-0000-0000-0000-000000000000"
        return told

    def attempt(self, endpoint, token, origin):
        """One attempt. `wait` is there where another one may help: the seconds until then."""
        try:
            status, headers, body = self.exchange(endpoint, token)
        except Lost as e:
            if self.has("success-on-truncation"):
                return {"outcome": "success", "options": {}}
            return {"outcome": "failure", "code": "ConnectionLost", "message": str(e), "wait": 0}
        except Failure as e:
            return {"outcome": "failure", "code": "NoAnswer", "message": str(e)}
        told = {"status": status, "request_id": next((headers[name] for name in REQUEST_IDS if name in headers), None)}
        try:
            told |= self.read(status, headers, body, origin)
        except (Failure, ValueError, RecursionError) as e:
            told |= {"outcome": "failure", "code": "Unreadable", "message": str(e)}
        is_error = told["outcome"] == "error"
        is_transient = status in (500, 502, 503, 504) or (is_error and told["code"] in THROTTLING + TRANSIENT)
        if is_error:
            told["retryable"] = is_transient
        if is_transient or (is_error and self.has("retries-all")):
            told["wait"] = asked_wait(headers)
        return told

    def exchange(self, endpoint, token):
        """Status, headers and body, whatever they are."""
        address = urlsplit(endpoint)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT)
        headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET, "Accept-Encoding": "gzip"}
        if self.has("sends-no-target"):
            del headers["X-Amz-Target"]
        try:
            connection.request("POST", "/", json.dumps({"AccessToken": token}), headers)
            # http.client knows one interim answer, and HTTP has more (RFC 9110, 15.2).
            response = http.client.HTTPResponse(connection.sock, method="POST")
            response.begin()
            while 100 <= response.status < 200:
                response.headers = response.msg = None
                response.begin()
            return response.status, response.headers, whole_body(response)
        except (http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError) as e:
            raise Lost(repr(e)) from e
        except (http.client.HTTPException, ValueError, OSError) as e:
            raise Failure(repr(e)) from e
        finally:
            connection.close()

    def read(self, status, headers, body, origin):
        body = decoded(headers, body)
        try:
            document = json.loads(body.decode(), parse_constant=refuse)
        except (ValueError, RecursionError) as e:
            document, unreadable = {}, e
        else:
            unreadable = None if isinstance(document, dict) else ValueError("no JSON object")
            document = document if unreadable is None else {}
        if 200 <= status < 300:
            if unreadable is not None:
                raise unreadable
            if document.get("CredentialCreationOptions") is None:
                raise Failure("the answer has no creation options")
            return {"outcome": "success", "options": self.options(document["CredentialCreationOptions"], origin)}
        code = self.code(headers, document)
        if code is None or status < 400:
            raise Failure(f"the status is {status}, and no error is named" if code is None else f"the status is {status}")
        message = next((document[name] for name in ("message", "Message") if isinstance(document.get(name), str)), None)
        return {"outcome": "error", "code": code, "message": message}

    def code(self, headers, document):
        """The header counts first, then `code`, then `__type`; each is cut at the first colon, then behind the first `#`."""
        places = [headers.get("x-amzn-errortype"), document.get("code"), document.get("__type")]
        if self.has("ignores-header"):
            places = places[1:]
        for place in places:
            if isinstance(place, str):
                name = place.split(":", 1)[0]
                name = name.split("#")[-1] if self.has("last-hash") else name.split("#", 1)[-1]
                if name.strip():
                    return name.strip()
        return None

    def options(self, options, origin):
        if self.layer == "webauthn":
            options = dictionary(options, origin)
        if not isinstance(options, dict):
            return options
        if self.has("drops-unknown-members"):
            options = {name: value for name, value in options.items() if name in KNOWN}
        if self.has("rounds-numbers") and isinstance(options.get("timeout"), (int, float)):
            options = options | {"timeout": int(options["timeout"]) // 7}
        if self.has("changes-challenge") and isinstance(options.get("challenge"), str):
            options = options | {"challenge": "AAAAAAAAAAAAAAAAAAAAAA"}
        return options


def whole_body(response):
    """No more than anybody needs of a body, whatever its length is said to be."""
    body = b""
    while part := response.read(1 << 16):
        body += part
        if len(body) > LARGEST:
            raise Failure("the body is very large")
    if response.length:  # What is still to come; chunks are counted by http.client.
        raise Lost(f"{response.length} bytes of the body are missing")
    return body


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def decoded(headers, body):
    """The body without the one content coding that was asked for."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        return body
    if coding != "gzip":
        raise Failure(f"the content coding {coding} was not asked for")
    decoder = zlib.decompressobj(31)
    try:
        plain = decoder.decompress(body, LARGEST)
    except zlib.error as e:
        raise Failure(str(e)) from e
    if not decoder.eof:
        raise Failure("the body ends early when it is decoded, or is very large")
    return plain


def asked_wait(headers):
    """What the answer asks to wait for, in seconds; as much of it as any caller has patience for."""
    try:
        milliseconds = headers.get("x-amz-retry-after")
        wait = float(headers.get("retry-after", "0")) if milliseconds is None else float(milliseconds) / 1000
    except ValueError:
        return 0
    return wait if 0 <= wait <= LONGEST_WAIT else 0


# WebAuthn's dictionaries, as far as a client of a few lines reads them.

PARAMETERS = {"type": str, "alg": int}
DESCRIPTOR = {"type": str, "id": bytes, "transports": [str]}
KNOWN = {
    "rp": {"id": str, "name": str},
    "user": {"id": bytes, "name": str, "displayName": str},
    "challenge": bytes,
    "pubKeyCredParams": [PARAMETERS],
    "timeout": int,
    "excludeCredentials": [DESCRIPTOR],
    "authenticatorSelection": {
        "authenticatorAttachment": ("platform", "cross-platform"),
        "residentKey": ("discouraged", "preferred", "required"),
        "requireResidentKey": bool,
        "userVerification": ("discouraged", "preferred", "required"),
    },
    "hints": [("security-key", "client-device", "hybrid")],
    "attestation": ("none", "indirect", "direct", "enterprise"),
    "extensions": {"credProps": bool},
}
REQUIRED = {
    "": ("rp", "user", "challenge", "pubKeyCredParams"),
    "rp": ("name",),
    "user": ("id", "name", "displayName"),
    "pubKeyCredParams": ("type", "alg"),
    "excludeCredentials": ("type", "id"),
}
ALGORITHMS = (-8, -7, -257)


def dictionary(options, origin):
    """What reaches the authenticator."""
    read = members(options, KNOWN, "")
    if not 1 <= len(unb64url(read["user"]["id"])) <= 64:
        raise Failure("user.id has no length from 1 to 64")
    host = urlsplit(origin).hostname
    relying_party = read["rp"].get("id", host)
    if relying_party != host and not ("." in relying_party and host.endswith("." + relying_party)):
        raise Failure(f"the page of {origin} is none of {relying_party}")
    algorithms = read["pubKeyCredParams"]
    read["pubKeyCredParams"] = [item for item in algorithms if item["type"] == "public-key" and item["alg"] in ALGORITHMS]
    if algorithms and not read["pubKeyCredParams"]:
        raise Failure("no algorithm is known")
    return read


def members(value, known, name):
    if not isinstance(value, dict):
        raise Failure(f"{name or 'the whole'} is no dictionary")
    missing = [member for member in REQUIRED.get(name, ()) if value.get(member) is None]
    if missing:
        raise Failure(f"{missing} is missing")
    read = {member: member_value(value[member], known[member], member) for member in known if member in value}
    return {member: value for member, value in read.items() if value is not None}


def member_value(value, known, name):
    if value is None and not isinstance(known, list):  # Null is no list; else it is as good as nothing, or a word.
        return "null" if name == "id" and known is str else None
    if isinstance(known, dict):
        return members(value, known, name)
    if isinstance(known, list):
        if not isinstance(value, list):
            raise Failure(f"{name} is no list")
        items = [member_value(item, known[0], name) for item in value]
        return [item for item in items if item is not None]
    if isinstance(known, tuple):  # An unknown word is ignored.
        return value if value in known else None
    if known is bytes:
        unb64url(value)
        return value
    if known is int and isinstance(value, float):
        return value
    if not isinstance(value, known) or (known is int and isinstance(value, bool)):
        raise Failure(f"{name} is of another type")
    return value


def unb64url(text):
    if not isinstance(text, str) or not text.isascii() or set("+/=") & set(text):
        raise Failure("no base64url")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as e:
        raise Failure(str(e)) from e


def as_json(value):
    """As any reader of JSON takes it: without the numbers that only Python has, and without halves of characters."""
    value = json.loads(json.dumps(value), parse_constant=str)
    return json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def main(layer, fault=None):
    client = Client(layer, fault)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        told = client.call(asked["endpoint"], asked["access_token"], asked["origin"])
        sys.stdout.buffer.write(as_json(told | {"scenario": asked["scenario"]}).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
