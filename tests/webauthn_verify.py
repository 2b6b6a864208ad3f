"""Verifies the registrations and assertions in the JSON file argv[1] with py_webauthn.

Prints a JSON object: for each name null, or why the library refuses it.
"""

import json
import sys

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier


def main(file):
    with open(file, encoding="utf-8") as documents:
        drafts = json.load(documents)
    expected = {
        "expected_challenge": base64url_to_bytes(drafts["challenge"]),
        "expected_rp_id": drafts["rp_id"],
        "expected_origin": drafts["origin"],
    }

    def registered(draft):
        passkey = verify_registration_response(
            credential=draft["document"],
            require_user_verification=draft["verification_required"],
            supported_pub_key_algs=[
                COSEAlgorithmIdentifier.ECDSA_SHA_256,
                COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
            ],
            **expected,
        )
        # The library looks at the key when it first verifies a signature with it: that must not be too late.
        decoded_public_key_to_cryptography(decode_credential_public_key(passkey.credential_public_key))
        return passkey

    def signed_in(draft):
        passkey = registered(draft["registration"])
        return lambda: verify_authentication_response(
            credential=draft["document"],
            require_user_verification=draft["verification_required"],
            credential_public_key=passkey.credential_public_key,
            credential_current_sign_count=passkey.sign_count,
            **expected,
        )

    result = {draft["name"]: refusal(lambda: registered(draft)) for draft in drafts["registrations"]}
    result |= {draft["name"]: refusal(signed_in(draft)) for draft in drafts["assertions"]}
    print(json.dumps(result))


def refusal(verify):
    """Why it refuses; what the library does not catch is a refusal too."""
    try:
        verify()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


if __name__ == "__main__":
    main(sys.argv[1])
