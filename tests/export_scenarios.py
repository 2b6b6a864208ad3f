"""Judges a client by the scenarios of an export, knowing nothing but the README in it.

    python3 export_scenarios.py FOLDER LAYER FAULT|- [PREFIX ...]

plays the replies of every scenario whose id begins with one of the prefixes, calls them with the client of
export_scenarios_client.py, which has that fault, holds what it tells against the demands, and prints one JSON document: of each
scenario the verdict, and the rules that are broken. Only the standard library is used.
"""

import base64
import hashlib
import http
import json
import os
import socket
import struct
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from export_scenarios_client import Client, as_json  # noqa: E402

ECHO = b"{access_token}"
REQUEST_IDS = ("x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id")
PATIENCE = 30  # seconds that a request may take
LINGER = 2  # seconds in which a client may hang up
LOUDNESS = ("pass", "note", "warn", "fail")


def token():
    """What looks like an access token; nobody looks closer."""
    signature = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(8))
    parts = [b'{"alg":"RS256"}', b'{"token_use":"access"}', signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def raw(data):
    return data["text"].encode() if "text" in data else base64.b64decode(data["base64"])


# Playing a reply.


class Reply:
    """The bytes of a reply, and what is done with them."""

    def __init__(self, entry):
        self.entry = entry
        self.status = entry["status"]
        self.headers = [(header["name"], raw(header["value"])) for header in entry["headers"]]
        self.body = raw(entry["body"])
        self.framing = entry["framing"]
        self.cut = entry.get("cut")
        if "bytes" in entry and self.comparable(self.bytes("")) != self.comparable(raw(entry["bytes"])):
            raise SystemExit("the parts of a reply are not its bytes")

    def comparable(self, data):
        """Without the reason phrase, which may be any."""
        line, end, rest = data.partition(b"\r\n")
        return line[:13] + end + rest if self.framing != "none" else data

    def echoes(self):
        return ECHO in self.body or any(ECHO in value for _, value in self.headers)

    def header(self, name):
        return next((value.decode("utf-8", "replace") for other, value in self.headers if other.lower() == name), None)

    def bytes(self, access_token):
        filled = lambda data: data.replace(ECHO, access_token.encode()) if access_token else data
        head, body = self.head(filled), self.framed(filled(self.body))
        if self.cut is None:
            return head + body
        kept = self.cut["bytes"]
        return {"nothing": b"", "head": head[:kept], "body": head + body[:kept]}[self.cut["after"]]

    def head(self, filled):
        if self.framing == "none":
            return b""
        phrase = {status.value: status.phrase for status in http.HTTPStatus}.get(self.status, "")
        fields = [(name.encode(), filled(value)) for name, value in self.headers]
        # No length where there is no body (RFC 9110, 8.6).
        if self.framing == "length" and not (100 <= self.status < 200 or self.status == 204):
            fields.append((b"Content-Length", str(len(filled(self.body))).encode()))
        if self.framing == "chunked":
            fields.append((b"Transfer-Encoding", b"chunked"))
        if self.framing == "says":
            fields += [(field["name"].encode(), raw(field["value"])) for field in self.entry["says"]]
        fields.append((b"Connection", b"close"))
        lines = [f"HTTP/1.1 {self.status} {phrase}".encode(), *(name + b": " + value for name, value in fields)]
        return b"".join(line + b"\r\n" for line in lines) + b"\r\n"

    def framed(self, body):
        if self.framing != "chunked":
            return body
        size = self.entry["chunk"]
        chunks = [body[at : at + size] for at in range(0, len(body), size)]
        return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"

    def play(self, connection, access_token):
        time.sleep(self.entry["wait_ms"] / 1000)
        data = self.bytes(access_token)
        pieces = self.entry.get("pieces", {"bytes": len(data) or 1, "pause_ms": 0})
        for at in range(0, len(data), pieces["bytes"]):
            if at:
                time.sleep(pieces["pause_ms"] / 1000)
            connection.sendall(data[at : at + pieces["bytes"]])
        if self.cut is not None and self.cut["reset"]:
            time.sleep(0.02)  # What was sent is to arrive before the reset.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LINGER)
        while connection.recv(4096):
            pass


class Request:
    def __init__(self, line, headers, body):
        self.method, self.path = line.split(" ")[:2]
        self.headers, self.body = headers, body

    def header(self, name):
        return next((value for other, value in self.headers if other.lower() == name), None)


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    line, *fields = head.decode("latin-1").split("\r\n")
    request = Request(line, [tuple(part.strip() for part in field.split(":", 1)) for field in fields], b"")
    length = int(request.header("content-length") or 0)
    while len(body) < length:
        more = connection.recv(65536)
        if not more:
            return None
        body += more
    request.body = body
    return request


class Server:
    """Plays the replies of one scenario to one call, and keeps what is sent."""

    def __init__(self, scenario):
        self.replies = [Reply(entry) for entry in scenario["replies"]]
        self.attempts = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            try:
                connection.settimeout(PATIENCE)
                request = read_request(connection)
                if request is None:
                    return
                with self.lock:
                    reply = self.replies[min(len(self.attempts), len(self.replies) - 1)]
                    self.attempts.append((request, reply, time.monotonic()))
                reply.play(connection, json.loads(request.body).get("AccessToken", "") if reply.echoes() else "")
            except OSError:
                pass  # The client went away.

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # Not every system has a use for it.
        self.listener.close()


# Judging.


class Call:
    def __init__(self, scenario, layer, told, attempts, access_token):
        self.scenario, self.layer, self.told, self.attempts = scenario, layer, told, attempts
        self.access_token = access_token

    def findings(self):
        """The ids of the rules that are broken."""
        outcome = self.told["outcome"]
        if not self.attempts and outcome != "failure":
            return ["client.calls"]
        found = [] if all(self.is_right(request) for request, _, _ in self.attempts) else ["client.request"]
        for demand in self.scenario["demands"]:
            if not self.is_asked(demand):
                continue
            if not self.holds(demand):
                found.append(demand["rule"])
            if outcome not in demand.get("outcome", [outcome]):
                break  # It explains the rest.
        return found + self.secrecy() + self.truth()

    def is_asked(self, demand):
        coding = demand.get("asked_for")
        if coding is not None:
            asked = [coding in (request.header("accept-encoding") or "").lower() for request, _, _ in self.attempts]
            if not asked or not all(asked):
                return False
        return demand.get("layer", self.layer) == self.layer

    def holds(self, demand):
        told, outcome, count = self.told, self.told["outcome"], len(self.attempts)
        if "outcome" in demand:
            return outcome in demand["outcome"]
        if "code" in demand:
            return outcome != "error" or told.get("code") in demand["code"]
        if "message" in demand:
            return outcome != "error" or told.get("message") == demand["message"]
        if "options" in demand:
            same = same_document if self.layer == "sdk" else same_options
            return outcome != "success" or any(same(json.loads(text), told.get("options")) for text in demand["options"])
        if "no_options" in demand:
            return outcome != "success" or told.get("options") is None
        if "at_least" in demand:
            return count >= demand["at_least"]
        if "at_most" in demand:
            return count <= demand["at_most"]
        if "waits_ms" in demand:
            times = [at for _, _, at in self.attempts]
            return all((b - a) * 1000 + 20 >= demand["waits_ms"] for a, b in zip(times, times[1:]))
        if "retryable" in demand:
            return outcome != "error" or told.get("retryable") in (None, demand["retryable"])
        raise SystemExit(f"an unknown demand: {demand}")

    def is_right(self, request):
        if request.path != "/":
            return True  # It was redirected.
        try:
            given = json.loads(request.body)["AccessToken"]
        except (ValueError, KeyError, TypeError):
            given = None
        return (
            request.method == "POST"
            and request.header("x-amz-target") == "AWSCognitoIdentityProviderService.StartWebAuthnRegistration"
            and (request.header("content-type") or "").lower().startswith("application/x-amz-json-1.1")
            and given == self.access_token
        )

    def secrecy(self):
        secret = self.access_token.rsplit(".", 1)[-1]
        parts = [secret[at : at + 47] for at in range(len(secret) - 46)]
        texts = [self.told.get(name) or "" for name in ("code", "message", "detail")]
        if not any(part in text for text in texts for part in parts):
            return []
        is_echoed = any(reply.echoes() for _, reply, _ in self.attempts)
        return ["client.token.echoed" if is_echoed else "client.token.secret"]

    def truth(self):
        found = []
        if not self.attempts:
            return found
        _, reply, _ = self.attempts[-1]
        if reply.framing != "none" and reply.cut is None:
            if self.told.get("status") not in (None, reply.status):
                found.append("client.status")
            sent = next((reply.header(name) for name in REQUEST_IDS if reply.header(name) is not None), None)
            if self.told.get("request_id") not in (None, sent):
                found.append("client.request-id")
        if self.told.get("attempts") not in (None, len(self.attempts)):
            found.append("client.attempts")
        return found


def kind(value):
    """The type of JSON; Python takes true for 1."""
    return bool if isinstance(value, bool) else float if isinstance(value, (int, float)) else type(value)


def same_document(sent, got):
    """The same JSON value; numbers by their value as doubles, members in any order."""
    if kind(sent) is not kind(got):
        return False
    if isinstance(sent, dict):
        return sent.keys() == got.keys() and all(same_document(value, got[name]) for name, value in sent.items())
    if isinstance(sent, list):
        return len(sent) == len(got) and all(map(same_document, sent, got))
    return float(sent) == float(got) if kind(sent) is float else sent == got


WORDS = {
    "/authenticatorSelection/authenticatorAttachment": ("platform", "cross-platform"),
    "/authenticatorSelection/residentKey": ("required", "preferred", "discouraged"),
    "/authenticatorSelection/userVerification": ("required", "preferred", "discouraged"),
    "/attestation": ("none", "indirect", "direct", "enterprise"),
}
BYTES = ("/challenge", "/user/id")
LISTS = ("/pubKeyCredParams", "/excludeCredentials", "/hints", "/attestationFormats")
KEPT = (
    "/rp",
    "/rp/name",
    "/rp/id",
    "/user",
    "/user/name",
    "/user/displayName",
    "/timeout",
    "/authenticatorSelection",
    "/authenticatorSelection/requireResidentKey",
)


def same_options(sent, got, at=""):
    """The same dictionary, but for what a client of WebAuthn may ignore."""
    if not isinstance(sent, dict) or not isinstance(got, dict):
        return same_document(sent, got)
    held = all(same_member(f"{at}/{name}", value, got.get(name)) for name, value in sent.items())
    return held and all(may_be_added(at, name, value) for name, value in got.items() if name not in sent)


def may_be_added(at, name, value):
    # The default of rp.id is the domain of the page.
    return is_default(name, value) or (at == "/rp" and name == "id" and isinstance(value, str))


def same_member(at, sent, got):
    name = at.rsplit("/", 1)[1]
    if at == "/extensions":
        return True
    if at in LISTS:
        return got is None or is_out_of(sent, got)
    if at in WORDS:
        if sent not in WORDS[at]:
            return True
        return is_default(name, sent) if got is None else sent == got
    if at in BYTES:
        return is_default(name, sent) if got is None else same_bytes(sent, got)
    if at in KEPT:
        if got is None:
            return is_default(name, sent)
        return same_options(sent, got, at) if isinstance(sent, dict) else same_document(sent, got)
    return True


def is_default(name, value):
    if value is None or value == []:
        return True
    if isinstance(value, dict):
        return all(is_default("", member) for member in value.values())
    return (name, value) in (("requireResidentKey", False), ("attestation", "none"), ("userVerification", "preferred"))


def is_out_of(sent, got):
    """Whether the list holds only items of the other, in its order."""
    if not isinstance(sent, list) or not isinstance(got, list):
        return False
    rest = iter(sent)
    return all(any(same_item(item, wanted) for item in rest) for wanted in got)


def same_item(sent, got):
    if isinstance(sent, dict) and isinstance(got, dict):
        algorithm = sent.get("alg")
        is_same = kind(algorithm) is float and kind(got.get("alg")) is float and float(algorithm) == float(got["alg"])
        return is_same or same_bytes(sent.get("id"), got.get("id"))
    return same_document(sent, got)


def same_bytes(sent, got):
    decoded = [unb64url(value) for value in (sent, got)]
    return None not in decoded and decoded[0] == decoded[1]


def unb64url(text):
    if not isinstance(text, str) or not text.isascii():
        return None
    text = text.rstrip("=")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    # Python takes the alphabet of base64, too, and bits behind the last byte.
    return data if base64.urlsafe_b64encode(data).decode().rstrip("=") == text else None


def judge(scenario, client, access_token, severities):
    server = Server(scenario)
    try:
        told = client.call(server.endpoint, access_token, scenario["origin"])
        told = json.loads(as_json(told))
        with server.lock:
            attempts = list(server.attempts)
    finally:
        server.close()
    found = Call(scenario, client.layer, told, attempts, access_token).findings()
    verdict = max((severities[rule] for rule in found), key=LOUDNESS.index, default="pass")
    return {"verdict": verdict, "rules": sorted(set(found))}


def main(folder, layer, fault, *prefixes):
    with open(os.path.join(folder, "scenarios.json"), "rb") as file:
        document = json.load(file)
    severities = {rule["id"]: rule["severity"] for rule in document["always"]}
    scenarios = [scenario for group in document["groups"] for scenario in group["scenarios"]]
    assert len(scenarios) == document["count"]
    for scenario in scenarios:
        severities.update((demand["rule"], demand["severity"]) for demand in scenario["demands"])
    scenarios = [scenario for scenario in scenarios if not prefixes or scenario["id"].startswith(prefixes)]
    client, access_token = Client(layer, None if fault == "-" else fault), token()
    with ThreadPoolExecutor(8) as pool:
        judged = pool.map(lambda scenario: judge(scenario, client, access_token, severities), scenarios)
        print(json.dumps(dict(zip((scenario["id"] for scenario in scenarios), judged))))


if __name__ == "__main__":
    main(*sys.argv[1:])
