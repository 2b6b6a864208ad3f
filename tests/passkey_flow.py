"""A passkey from registration to deletion with boto3 and the software authenticator of soft-webauthn, against the
endpoint in argv[1].

Prints one JSON document: what each call gave.
"""

import datetime
import json
import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode

import boto3
from soft_webauthn import SoftWebauthnDevice

PASSWORD = "Correct-horse-1"
RELYING_PARTY = "auth.example.com"
ORIGIN = "https://auth.example.com"


def main(endpoint):
    client = boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    pool, app = pool_with_passkeys(client)
    client.admin_create_user(UserPoolId=pool, Username="testuser", MessageAction="SUPPRESS")
    client.admin_set_user_password(UserPoolId=pool, Username="testuser", Password=PASSWORD, Permanent=True)
    token = client.initiate_auth(
        ClientId=app,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "testuser", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]["AccessToken"]

    result = {}
    for name, relying_party, origin in [
        ("wrong_origin", RELYING_PARTY, "https://auth.example.org"),
        ("wrong_relying_party", "example.com", ORIGIN),
    ]:
        options = creation_options(client, token)
        options["rp"]["id"] = relying_party
        try:
            complete(client, token, SoftWebauthnDevice().create({"publicKey": options}, origin))
        except client.exceptions.ClientError as error:
            result[name] = told(error)
    result["after_wrong_ones"] = client.list_web_authn_credentials(AccessToken=token)["Credentials"]

    device = SoftWebauthnDevice()
    created = device.create({"publicKey": creation_options(client, token)}, ORIGIN)
    completed = complete(client, token, created)
    result["completed"] = without_metadata(completed)
    try:
        complete(client, token, created)
    except client.exceptions.ClientError as error:
        result["completed_again"] = told(error)

    listed = client.list_web_authn_credentials(AccessToken=token)
    passkey = listed["Credentials"][0]
    age = datetime.datetime.now(datetime.timezone.utc) - passkey.pop("CreatedAt")
    result["listed"] = without_metadata(listed)
    result["created_now"] = abs(age) < datetime.timedelta(minutes=5)
    result["id_is_the_devices"] = passkey["CredentialId"] == base64url(device.credential_id)
    started = client.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    result["excluded"] = [entry["id"] for entry in started["excludeCredentials"]] == [passkey.pop("CredentialId")]
    result["factors"] = client.get_user_auth_factors(AccessToken=token)["ConfiguredUserAuthFactors"]

    for name, origin in [("wrong_origin_at_sign_in", "https://auth.example.org"), ("signed_in", ORIGIN)]:
        asked = ask(client, app)
        try:
            answered = answer(client, app, asked, device.get(request_options(asked), origin))
            of_passkey = answered["AuthenticationResult"]["AccessToken"]
            result[name] = client.get_user(AccessToken=of_passkey)["Username"]
        except client.exceptions.ClientError as error:
            result[name] = told(error)
    result["asked"] = {"challenge": asked["ChallengeName"], "available": asked["AvailableChallenges"]}

    deleted = client.delete_web_authn_credential(
        AccessToken=of_passkey, CredentialId=base64url(device.credential_id)
    )
    result["deleted"] = without_metadata(deleted)
    result["left"] = client.list_web_authn_credentials(AccessToken=token)["Credentials"]
    asked = ask(client, app)
    result["asked_without"] = {"challenge": asked["ChallengeName"], "available": asked["AvailableChallenges"]}
    try:
        client.delete_web_authn_credential(AccessToken=token, CredentialId=base64url(device.credential_id))
    except client.exceptions.ResourceNotFoundException as error:
        result["deleted_again"] = told(error)

    client.delete_user_pool(UserPoolId=pool)
    print(json.dumps(result))


def pool_with_passkeys(client):
    """A user pool and an app client whose users may sign in with passwords and passkeys."""
    pool = client.create_user_pool(
        PoolName="passkeys",
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
    )["UserPool"]["Id"]
    client.set_user_pool_mfa_config(
        UserPoolId=pool,
        MfaConfiguration="OFF",
        # The device verifies no user.
        WebAuthnConfiguration={"RelyingPartyId": RELYING_PARTY, "UserVerification": "preferred"},
    )
    app = client.create_user_pool_client(
        UserPoolId=pool,
        ClientName="app",
        ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    return pool, app


def creation_options(client, token):
    """Creation options with bytes, as a browser gives them to an authenticator."""
    options = client.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    options["challenge"] = from_base64url(options["challenge"])
    options["user"]["id"] = from_base64url(options["user"]["id"])
    return options


def complete(client, token, created):
    credential = document(created)
    # `getTransports()` of a browser, which the device does not have.
    credential["response"]["transports"] = ["internal"]
    return client.complete_web_authn_registration(AccessToken=token, Credential=credential)


def ask(client, app):
    return client.initiate_auth(
        ClientId=app,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": "testuser", "PREFERRED_CHALLENGE": "WEB_AUTHN"},
    )


def request_options(asked):
    """Request options with bytes, as a browser gives them to an authenticator."""
    options = json.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    options["challenge"] = from_base64url(options["challenge"])
    return {"publicKey": options}


def answer(client, app, asked, assertion):
    return client.respond_to_auth_challenge(
        ClientId=app,
        ChallengeName="WEB_AUTHN",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "testuser", "CREDENTIAL": json.dumps(document(assertion))},
    )


def document(credential):
    """The JSON of a credential, as `PublicKeyCredential.toJSON()` of a browser writes it."""
    response = {name: base64url(value) for name, value in credential["response"].items()}
    raw_id = base64url(credential["rawId"])
    return {
        "id": raw_id,
        "rawId": raw_id,
        "type": credential["type"],
        "response": response,
        "clientExtensionResults": {},
    }


def base64url(value):
    return urlsafe_b64encode(value).decode("ascii").rstrip("=")


def from_base64url(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def without_metadata(output):
    return {name: value for name, value in output.items() if name != "ResponseMetadata"}


def told(error):
    """The class that boto3 raises, and the message."""
    return {"class": type(error).__name__, "message": error.response["Error"]["Message"]}


if __name__ == "__main__":
    main(sys.argv[1])
