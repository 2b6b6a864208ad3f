"""Runs the cases of an export, knowing nothing but the README in it.

    python3 export_consumer.py ENDPOINT FOLDER [GLOB ...]

signs users in at the server, sends the request and the witness of every case that has one and whose id one of the globs
matches, judges the answers, and prints one JSON document: the verdict and the broken rule of each case. Only the standard library is used.
"""

import base64
import fnmatch
import gzip
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

PREFIX = "AWSCognitoIdentityProviderService"
PASSWORD = "Correct-horse-1"
TIMEOUT = 10


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def unb64url(text):
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))


# RSA, by hand (RFC 8017).


def der(data):
    """The elements of DER: tag and content."""
    while data:
        tag, length, head = data[0], data[1], 2
        if length & 0x80:
            head += length & 0x7F
            length = int.from_bytes(data[2:head], "big")
        yield tag, data[head : head + length]
        data = data[head + length :]


class Key:
    def __init__(self, pem):
        lines = [line for line in pem.splitlines() if line and not line.startswith("-")]
        [(_, content)] = der(base64.b64decode("".join(lines)))
        elements = list(der(content))
        if elements[1][0] == 0x30:  # PKCS#8 around PKCS#1
            [(_, content)] = der(elements[2][1])
            elements = list(der(content))
        numbers = [int.from_bytes(content, "big") for _, content in elements]
        self.n, self.e, _, self.p, self.q, self.dp, self.dq, self.qinv = numbers[1:9]
        self.size = (self.n.bit_length() + 7) // 8

    def power(self, padded):
        m = int.from_bytes(padded, "big")
        a, b = pow(m, self.dp, self.p), pow(m, self.dq, self.q)
        return (b + self.q * ((a - b) * self.qinv % self.p)).to_bytes(self.size, "big")

    def sign(self, algorithm, message):
        name = {"256": "sha256", "384": "sha384", "512": "sha512"}[algorithm[2:]]
        digest = hashlib.new(name, message).digest()
        if algorithm.startswith("PS"):
            return self.power(self.pss(digest))
        oid = {"sha256": 1, "sha384": 2, "sha512": 3}[name]
        info = bytes.fromhex("300d06096086480165030402%02x0500" % oid) + bytes([4, len(digest)]) + digest
        info = bytes([0x30, len(info)]) + info
        return self.power(b"\x00\x01" + b"\xff" * (self.size - len(info) - 3) + b"\x00" + info)

    def pss(self, digest):
        salt = os.urandom(32)
        h = hashlib.sha256(bytes(8) + digest + salt).digest()
        length = self.size - 33
        block = bytes(length - 33) + b"\x01" + salt
        mask = b"".join(hashlib.sha256(h + n.to_bytes(4, "big")).digest() for n in range(length // 32 + 1))
        masked = bytearray(a ^ b for a, b in zip(block, mask))
        masked[0] &= 0xFF >> (8 * self.size - (self.n.bit_length() - 1))
        return bytes(masked) + h + b"\xbc"


# Templates.


class Missing(Exception):
    """A value that is not at hand."""


class Caller:
    """What the caller has, by the names of templates."""

    def __init__(self, values, keys):
        self.values, self.keys = values, keys

    def value(self, name, body):
        if name == "body":
            return body
        if name not in self.values:
            raise Missing(name)
        return self.values[name]

    def render(self, template, body=None):
        return b"".join(self.part(part, body) for part in template)

    def part(self, part, body):
        render = lambda template: self.render(template, body)
        if "text" in part:
            return part["text"].encode()
        if "base64" in part:
            return base64.b64decode(part["base64"])
        if "repeat" in part:
            return part["repeat"].encode() * part["times"]
        if "value" in part:
            return cut(self.value(part["value"], body), part)
        if "fill" in part:
            return bytes([part["fill"]]) * (len(self.value(part["length"], body)) + part["plus"])
        if "length" in part:
            number = len(self.value(part["length"], body)) + int(part["plus"])
            form = "d" if part["base"] == 10 else "X" if part.get("upper") else "x"
            return format(number, form).encode()
        if "now" in part:
            return str(int(time.time()) + part["now"]).encode()
        if "encode" in part:
            return encode(part["encode"], render(part["of"]))
        if "slice" in part:
            return cut(render(part["slice"]), part)
        if "pad" in part:
            text = render(part["pad"])
            return text + b" " * ((part["rest"] - len(text)) % 3)
        if "replace" in part:
            text = render(part["of"])
            for old, new in part["replace"]:
                text = text.replace(old.encode(), new.encode())
            return text
        if "reverse" in part:
            return render(part["reverse"])[::-1]
        if "xor" in part:
            return bytes(byte ^ part["xor"] for byte in render(part["of"]))
        if "edit" in part:
            members = json.loads(self.value(part["edit"], body))
            members = {name: compact(value) for name, value in members.items() if name not in part["remove"]}
            if part["reversed"]:
                members = dict(reversed(members.items()))
            members.update((name, render(template)) for name, template in part["set"])
            return b"{" + b",".join(compact(name) + b":" + text for name, text in members.items()) + b"}"
        if "sign" in part:
            how, message = part["sign"], render(part["of"])
            if how["algorithm"] == "HS256":
                return b64url(hmac.new(render(how["secret"]), message, hashlib.sha256).digest())
            if how["key"] not in self.keys:
                raise Missing(f"the key {how['key']}")
            return b64url(self.keys[how["key"]].sign(how["algorithm"], message))
        raise ValueError(f"an unknown part: {part}")


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def cut(data, part):
    def at(place):
        if isinstance(place, dict):
            return len(data) // place["divide"] * place["times"] + place["plus"]
        return place if place >= 0 else len(data) + place

    return data[at(part.get("from", 0)) : at(part.get("to", len(data)))]


def encode(name, data):
    if name == "base64url":
        return b64url(data)
    if name == "base64":
        return base64.b64encode(data)
    if name == "gzip":
        return gzip.compress(data)
    if name.startswith("utf-"):
        return data.decode().encode(name)
    if name == "json-escapes":
        units = data.decode().encode("utf-16-be")
        return b"".join(b"\\u" + units[n : n + 2].hex().encode() for n in range(0, len(units), 2))
    if name == "json-string":
        return compact(data.decode())
    if name == "json-lines-of-64":
        return b"\\n".join(data[n : n + 64] for n in range(0, len(data), 64))
    if name == "chunks-of-one":
        return b"".join(b"1\r\n" + bytes([byte]) + b"\r\n" for byte in data)
    if name == "standard-alphabet":
        return data.replace(b"-", b"+").replace(b"_", b"/")
    if name == "upper-case":
        return data.upper()
    raise ValueError(f"an unknown encoding: {name}")


# HTTP.


class Closed(Exception):
    """The server gave no answer and closed the connection."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        try:
            self.document = json.loads(body)
        except ValueError:
            self.document = None
        if not isinstance(self.document, dict):
            self.document = {}

    @property
    def served(self):
        return 200 <= self.status < 300 and "CredentialCreationOptions" in self.document

    @property
    def error(self):
        name = self.document.get("__type") or self.headers.get("x-amzn-errortype") or ""
        return str(name).split("#")[-1].split(":")[0]


class Server:
    def __init__(self, endpoint):
        self.address = urlsplit(endpoint)

    def request(self, caller, template):
        """The bytes of a request."""
        body = caller.render(template["body"])
        if "socket" in template:
            return caller.render(template["socket"], body)
        headers = [(header["name"].encode(), caller.render(header["value"])) for header in template["headers"]]
        names = {name.lower() for name, _ in headers}
        if b"host" not in names:
            headers.insert(0, (b"Host", self.address.netloc.encode()))
        if not names & {b"content-length", b"transfer-encoding"}:
            headers.append((b"Content-Length", str(len(body)).encode()))
        lines = [template["method"].encode() + b" " + caller.render(template["path"]) + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in headers]
        return b"\r\n".join(lines + [b"", body])

    def send(self, data):
        with socket.create_connection((self.address.hostname, self.address.port), TIMEOUT) as connection:
            try:
                connection.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass  # It may have answered all the same.
            response = http.client.HTTPResponse(connection)
            try:
                response.begin()
                return Answer(response.status, response.headers, response.read())
            except TimeoutError:
                raise
            except (http.client.HTTPException, OSError) as e:
                raise Closed(repr(e)) from e

    def call(self, operation, members, path="/"):
        """A call of another operation."""
        connection = http.client.HTTPConnection(self.address.netloc, timeout=TIMEOUT)
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"{PREFIX}.{operation}",
            "Authorization": "AWS4-HMAC-SHA256 Credential=any/20270101/us-east-1/cognito-idp/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=any",
            "X-Amz-Date": "20270101T000000Z",
        }
        if members is None:
            connection.request("GET", path)
        else:
            connection.request("POST", "/", json.dumps(members), headers)
        response = connection.getresponse()
        body = json.loads(response.read())
        assert response.status == 200, (operation, body)
        return body


def pool(server, name):
    """A pool with passkeys, and an app client of it."""
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    made = server.call("CreateUserPool", {"PoolName": name, "Policies": factors})["UserPool"]["Id"]
    web_authn = {"RelyingPartyId": f"{name}.example.com", "UserVerification": "preferred"}
    server.call("SetUserPoolMfaConfig", {"UserPoolId": made, "MfaConfiguration": "OFF", "WebAuthnConfiguration": web_authn})
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = {"UserPoolId": made, "ClientName": "app", "ExplicitAuthFlows": flows}
    return made, server.call("CreateUserPoolClient", client)["UserPoolClient"]["ClientId"]


def user(server, in_pool, name):
    server.call("AdminCreateUser", {"UserPoolId": in_pool, "Username": name, "MessageAction": "SUPPRESS"})
    password = {"UserPoolId": in_pool, "Username": name, "Password": PASSWORD, "Permanent": True}
    server.call("AdminSetUserPassword", password)


def sign_in(server, client, name):
    parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
    given = {"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    return server.call("InitiateAuth", given)["AuthenticationResult"]


def values_of(name, token):
    """Everything that a template may name of a token."""
    token = token.encode()
    values = {name: token}
    if token.count(b".") != 2:
        return values
    for part, segment in zip(("header", "claims", "signature"), token.split(b".")):
        values[f"{name}.{part}"] = segment
        if part == "signature":
            values[f"{name}.signature.bytes"] = unb64url(segment)
            continue
        members = json.loads(unb64url(segment))
        values[f"{name}.{part}.json"] = compact(members)
        values.update((f"{name}.{part}.json/{member}", compact(value)) for member, value in members.items())
    return values


def length(n):
    if n < 0x80:
        return bytes([n])
    data = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(data)]) + data


def public_key(jwk):
    """The forms of an RSA public key (RFC 5280, 4.1; RFC 3279, 2.3.1)."""
    n, e = (unb64url(jwk[member].encode()) for member in "ne")
    integers = b"".join(b"\x02" + length(len(i)) + i for i in (b"\x00" * (i[0] >> 7) + i for i in (n, e)))
    key = b"\x00\x30" + length(len(integers)) + integers
    info = bytes.fromhex("300d06092a864886f70d0101010500") + b"\x03" + length(len(key)) + key
    info = b"\x30" + length(len(info)) + info
    text = base64.b64encode(info).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    pem = f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"
    return {"pool.pem": pem.encode(), "pool.der": info, "pool.modulus": n, "pool.n": jwk["n"].encode()}


def caller(server, keys):
    first, client = pool(server, "first")
    second, second_client = pool(server, "second")
    for in_pool, name in ((first, "somebody"), (first, "another"), (second, "somebody-else")):
        user(server, in_pool, name)
    tokens = sign_in(server, client, "somebody")
    values = {
        **values_of("access", tokens["AccessToken"]),
        **values_of("id", tokens["IdToken"]),
        "refresh": tokens["RefreshToken"].encode(),
        **values_of("again", sign_in(server, client, "somebody")["AccessToken"]),
        **values_of("other", sign_in(server, client, "another")["AccessToken"]),
        **values_of("second", sign_in(server, second_client, "somebody-else")["AccessToken"]),
        "second.client_id": second_client.encode(),
        "endpoint": f"{server.address.scheme}://{server.address.netloc}".encode(),
        "scheme": server.address.scheme.encode(),
        "host": server.address.netloc.encode(),
    }
    issuer = json.loads(values["access.claims.json/iss"])
    values["pool.base"], values["pool.id"] = (part.encode() for part in issuer.rsplit("/", 1))
    values["pool.region"], values["pool.name"] = values["pool.id"].split(b"_", 1)
    kid = json.loads(values["access.header.json/kid"])
    key_set = server.call(None, None, f"/{first}/.well-known/jwks.json")["keys"]
    values.update(public_key(next(jwk for jwk in key_set if jwk["kid"] == kid)))
    own = server.call(None, None, f"/_cogspec/signing-key?pool={first}")
    return Caller(values, {"pool": Key(own["pem"]), "foreign": Key(keys["foreign"])})


# Verdicts.


class Judge:
    def __init__(self, export, server, caller, severities):
        self.export, self.server, self.caller, self.severities = export, server, caller, severities

    def send(self, template):
        return self.server.send(self.server.request(self.caller, template))

    def verdict(self, case):
        try:
            broken = self.broken(case)
        except Missing as e:
            return {"verdict": "skip", "why": str(e)}
        if broken is None:
            return {"verdict": "pass"}
        if broken.startswith("?"):
            return {"verdict": "inconclusive", "why": broken}
        return {"verdict": self.severities[broken], "rule": broken}

    def broken(self, case):
        """The rule that is broken; one that begins with a question mark is none."""
        expect, rules = case["expect"], case["rules"]
        try:
            answer = self.send(case["request"])
        except Closed:
            return None if expect.get("may_close") or expect["kind"] in ("steps", "observed") else "response.answered"
        except TimeoutError:
            return None if expect["kind"] in ("steps", "observed") else "response.answered"
        if expect["kind"] == "accepted":
            return None if answer.served else rules[0] if self.witness(case) else "?"
        if expect["kind"] == "refused" and answer.served:
            return rules[0]
        if answer.status >= 500 and answer.status != 501:
            return "response.no-server-error"
        if expect["kind"] != "refused":
            return None
        classes = [right["name"] for right in expect["classes"]]
        if classes and answer.error not in classes:
            return rules[-1]
        return None if self.witness(case) else "?"

    def witness(self, case):
        template = self.export["plain"] if case["witness"] == "plain" else case["witness"]
        try:
            return self.send(template).served
        except (Closed, TimeoutError):
            return False


def main(endpoint, folder, *globs):
    def read(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return json.load(file)

    export = read("cases.json")
    severities = {rule["id"]: rule["severity"] for rule in read("rules.json")["rules"]}
    server = Server(endpoint)
    judge = Judge(export, server, caller(server, export["keys"]), severities)
    wanted = re.compile("|".join(map(fnmatch.translate, globs or ["*"])))
    cases = [case for case in export["cases"] if case["request"] and wanted.match(case["id"])]
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(judge.verdict, cases))
    json.dump({case["id"]: verdict for case, verdict in zip(cases, verdicts)}, sys.stdout)


main(*sys.argv[1:])
