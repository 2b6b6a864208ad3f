//! boto3, AWS's own client for Python, goes through sign-in and passkeys on `cogspec emulate`.
//!
//! Each test wants an environment of its own below `target`, which it makes from the package registry the first time.
//! `COGSPEC_PYTHON` names an interpreter that has what is needed already. Where neither can be had, a test says so and passes.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is how they fail")]

mod emulate;
mod python;

use std::path::Path;

use serde_json::{Value, json};

const BOTO3: &str = "boto3==1.44.5";
const SOFT_WEBAUTHN: &str = "soft-webauthn==0.1.3";

#[test]
fn boto3_signs_in_and_starts_a_registration() {
    let Some(python) = python::python("py-venv", "boto3", &[BOTO3]) else { return };
    let mut told = told(&python, "boto3_flow.py");

    let sub = told["sub"].take();
    let user_id = data_encoding::BASE64URL_NOPAD.encode(sub.as_str().unwrap().as_bytes());
    assert_eq!(told["options"]["user"]["id"].take(), user_id);
    let challenge = told["options"]["challenge"].take();
    let challenge = data_encoding::BASE64URL_NOPAD.decode(challenge.as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(challenge.len(), 16);
    assert_eq!(told["request_id"].take().as_str().unwrap().len(), 36);
    assert_eq!(
        told,
        json!({
            "created_is_a_date": true,
            "status": "CONFIRMED",
            "expires_in": 900,
            "token_type": "Bearer",
            "sub": null,
            "http_status": 200,
            "request_id": null,
            "options": {
                "rp": { "id": "auth.example.com", "name": "auth.example.com" },
                "user": { "id": null, "name": "testuser", "displayName": "testuser" },
                "challenge": null,
                "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
                "timeout": 60000,
                "excludeCredentials": [],
                "authenticatorSelection": {
                    "requireResidentKey": true, "residentKey": "required", "userVerification": "required",
                },
            },
            "pattern": {
                "code": "InvalidParameterException",
                "message": "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must \
                            satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
                "http_status": 400,
            },
            "required_by_boto3":
                "Parameter validation failed:\nMissing required parameter in input: \"AccessToken\"",
            "not_enabled": {
                "code": "WebAuthnNotEnabledException",
                "message": "WebAuthn is not enabled for this user pool.",
                "http_status": 400,
            },
            "signed_out": {
                "code": "NotAuthorizedException", "message": "Access Token has been revoked", "http_status": 400,
            },
            "pools_left": 0,
        })
    );
}

#[test]
fn a_software_authenticator_registers_a_passkey_and_signs_in() {
    let packages = [BOTO3, SOFT_WEBAUTHN];
    let Some(python) = python::python("py-venv-passkey", "boto3, soft_webauthn", &packages) else { return };
    let not_verified = json!({ "class": "NotAuthorizedException", "message": "The passkey could not be verified." });
    assert_eq!(
        told(&python, "passkey_flow.py"),
        json!({
            "wrong_origin": {
                "class": "WebAuthnOriginNotAllowedException",
                "message": "The origin is not allowed.",
            },
            "wrong_relying_party": {
                "class": "WebAuthnRelyingPartyMismatchException",
                "message": "The passkey was made for another relying party than the user pool's.",
            },
            "after_wrong_ones": [],
            "completed": {},
            "completed_again": {
                "class": "WebAuthnChallengeNotFoundException",
                "message": "The challenge was not found or has expired.",
            },
            "listed": {
                "Credentials": [{
                    "FriendlyCredentialName": "Passkey",
                    "RelyingPartyId": "auth.example.com",
                    "AuthenticatorTransports": ["internal"],
                }],
            },
            "created_now": true,
            "id_is_the_devices": true,
            "excluded": true,
            "factors": ["PASSWORD", "WEB_AUTHN"],
            "wrong_origin_at_sign_in": not_verified,
            "signed_in": "testuser",
            "asked": { "challenge": "WEB_AUTHN", "available": ["PASSWORD", "WEB_AUTHN"] },
            "deleted": {},
            "left": [],
            "asked_without": { "challenge": "SELECT_CHALLENGE", "available": ["PASSWORD"] },
            "deleted_again": {
                "class": "ResourceNotFoundException",
                "message": "The user has no passkey of this credential id.",
            },
        })
    );
}

/// The JSON document that a script of `tests` prints for an emulator of its own.
fn told(python: &Path, script: &str) -> Value {
    let emulate = emulate::Emulate::on(0, &[]);
    serde_json::from_slice(&python::output(python, script, emulate.endpoint())).unwrap()
}
