"""Holds the creation options of an export to a few rules by means of its own: Python's JSON reader and base64url.

    python3 export_documents.py FOLDER

prints one JSON document: how many documents break each rule, and those where the export says otherwise.
"""

import base64
import json
import re
import sys

RULES = ["options.json.utf8", "options.json.syntax", "options.json.duplicate-member", "options.challenge.length", "options.user.id.length"]


class Duplicate(Exception):
    pass


def members(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise Duplicate
    return dict(pairs)


def no_number(text):
    raise ValueError(text)


def decoded(text):
    if not isinstance(text, str) or not re.fullmatch("[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        return None
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def broken(data):
    """Which of the rules a document breaks; `None` where this reader cannot tell."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"options.json.utf8"}
    if text.startswith("\ufeff"):
        return None
    try:
        document = json.loads(text, object_pairs_hook=members, parse_constant=no_number)
    except Duplicate:
        return {"options.json.duplicate-member"}
    except json.JSONDecodeError as e:
        return None if e.msg == "Extra data" else {"options.json.syntax"}
    except ValueError:
        return {"options.json.syntax"}
    except RecursionError:
        return None
    found = set()
    if not isinstance(document, dict) or "publicKey" in document:
        return None
    challenge = decoded(document.get("challenge"))
    if challenge and len(challenge) < 16:
        found.add("options.challenge.length")
    user = document.get("user")
    user_id = decoded(user.get("id")) if isinstance(user, dict) else None
    if user_id and len(user_id) > 64:
        found.add("options.user.id.length")
    return found


def main(folder):
    with open(f"{folder}/options.json", encoding="utf-8") as file:
        documents = json.load(file)["documents"]
    told = {"judged": 0, "differ": [], "broken": dict.fromkeys(RULES, 0)}
    for entry in documents:
        document = entry["document"]
        found = broken(document["text"].encode() if "text" in document else base64.b64decode(document["base64"]))
        if found is None:
            continue
        told["judged"] += 1
        for rule in found:
            told["broken"][rule] += 1
        if found != set(RULES) & set(entry["rules"]):
            told["differ"].append(entry["id"])
    json.dump(told, sys.stdout)


main(sys.argv[1])
