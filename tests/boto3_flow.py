"""Sign-in and passkey registration as boto3's documentation shows them, against the endpoint in argv[1].

Prints one JSON document: what each call gave.
"""

import json
import sys

import boto3
from botocore.exceptions import ParamValidationError

PASSWORD = "Correct-horse-1"


def main(endpoint):
    client = boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )

    pool = client.create_user_pool(
        PoolName="boto3",
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
    )["UserPool"]
    client.set_user_pool_mfa_config(
        UserPoolId=pool["Id"],
        MfaConfiguration="OFF",
        WebAuthnConfiguration={"RelyingPartyId": "auth.example.com", "UserVerification": "required"},
    )
    app = client.create_user_pool_client(
        UserPoolId=pool["Id"],
        ClientName="app",
        GenerateSecret=False,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        AccessTokenValidity=15,
        TokenValidityUnits={"AccessToken": "minutes"},
    )["UserPoolClient"]
    user = client.admin_create_user(
        UserPoolId=pool["Id"],
        Username="testuser",
        UserAttributes=[{"Name": "email", "Value": "testuser@example.com"}],
        MessageAction="SUPPRESS",
    )["User"]
    client.admin_set_user_password(UserPoolId=pool["Id"], Username="testuser", Password=PASSWORD, Permanent=True)

    signed_in = client.initiate_auth(
        ClientId=app["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "testuser", "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    token = signed_in["AccessToken"]
    started = client.start_web_authn_registration(AccessToken=token)

    result = {
        "created_is_a_date": hasattr(user["UserCreateDate"], "isoformat"),
        "status": client.admin_get_user(UserPoolId=pool["Id"], Username="testuser")["UserStatus"],
        "expires_in": signed_in["ExpiresIn"],
        "token_type": signed_in["TokenType"],
        "sub": next(a["Value"] for a in client.get_user(AccessToken=token)["UserAttributes"] if a["Name"] == "sub"),
        "http_status": started["ResponseMetadata"]["HTTPStatusCode"],
        "request_id": started["ResponseMetadata"]["RequestId"],
        "options": started["CredentialCreationOptions"],
    }

    try:
        client.start_web_authn_registration(AccessToken="")
    except client.exceptions.InvalidParameterException as error:
        result["pattern"] = told(error)
    try:
        client.start_web_authn_registration()
    except ParamValidationError as error:
        result["required_by_boto3"] = str(error)

    client.update_user_pool(
        UserPoolId=pool["Id"], Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}}
    )
    try:
        client.start_web_authn_registration(AccessToken=token)
    except client.exceptions.WebAuthnNotEnabledException as error:
        result["not_enabled"] = told(error)

    client.global_sign_out(AccessToken=token)
    try:
        client.start_web_authn_registration(AccessToken=token)
    except client.exceptions.NotAuthorizedException as error:
        result["signed_out"] = told(error)

    client.delete_user_pool(UserPoolId=pool["Id"])
    result["pools_left"] = len(client.list_user_pools(MaxResults=10)["UserPools"])
    print(json.dumps(result))


def told(error):
    """Code, message and HTTP status, as a developer reads them from a ClientError."""
    return {
        "code": error.response["Error"]["Code"],
        "message": error.response["Error"]["Message"],
        "http_status": error.response["ResponseMetadata"]["HTTPStatusCode"],
    }


if __name__ == "__main__":
    main(sys.argv[1])
