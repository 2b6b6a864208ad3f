//! Fetches creation options as an application would, and gives them to 1Password's passkey client: a scenario on each
//! line of standard input, an answer on each line of standard output.
//!
//! The HTTP client is ureq, which follows redirects, has no time limit, and does not try again. What an error is called
//! is read here, by the rules of AWS JSON 1.1, since neither library knows them. How options are read is the part of
//! passkey-types.

use std::io::{BufRead, Write};

use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData, Origin};
use passkey_crypto::rust_crypto::RustCryptoBackend;
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error};
use passkey_types::webauthn::{CredentialCreationOptions, PublicKeyCredentialCreationOptions};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

const DETAIL: usize = 64 * 1024; // bytes

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "CredentialCreationOptions")]
    options: PublicKeyCredentialCreationOptions,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let scenario: Value = serde_json::from_str(&line?)?;
        let mut answer = call(&scenario);
        answer["scenario"] = scenario["scenario"].clone();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn call(scenario: &Value) -> Value {
    let text = |name: &str| scenario[name].as_str().unwrap_or_default();
    let request = ureq::post(text("endpoint"))
        // Its other way gives no body where the status is an error's.
        .config()
        .http_status_as_error(false)
        .build()
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSCognitoIdentityProviderService.StartWebAuthnRegistration");
    let mut response = match request.send(json!({ "AccessToken": text("access_token") }).to_string()) {
        Ok(response) => response,
        Err(error) => return failure(&error),
    };
    let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    let (request_id, error_type) = (header("x-amzn-requestid"), header("x-amzn-errortype"));
    let status = response.status();
    let mut answer = match response.body_mut().read_to_vec() {
        Err(error) => failure(&error),
        Ok(body) if status.is_success() => register(&body, text("origin")),
        Ok(body) => service_error(error_type.as_deref(), &body),
    };
    answer["status"] = status.as_u16().into();
    answer["request_id"] = request_id.into();
    answer
}

/// The error by the rules of AWS JSON 1.1: its name is in the header, else in `code`, else in `__type`, and is what is
/// before the first `:`, and of that what is after the first `#`. An answer without a name is not of the service.
fn service_error(header: Option<&str>, body: &[u8]) -> Value {
    let body: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let member = |name: &str| body.get(name).and_then(Value::as_str);
    let name =
        [header, member("code"), member("__type")].into_iter().flatten().map(name_of).find(|name| !name.is_empty());
    let message = member("message").or_else(|| member("Message"));
    let outcome = if name.is_some() { "error" } else { "failure" };
    json!({ "outcome": outcome, "code": name, "message": message })
}

fn name_of(raw: &str) -> &str {
    let before = raw.split(':').next().unwrap_or_default();
    before.split_once('#').map_or(before, |(_, name)| name).trim()
}

fn register(body: &[u8], origin: &str) -> Value {
    let request = match serde_json::from_slice::<Answer>(body) {
        Ok(answer) => answer.options,
        Err(error) => return failure(&error),
    };
    // What the library has of the options, since the credential is made of nothing else. passkey-types leaves out what
    // it does not know (members, extensions, hints, transports, algorithms) and what it cannot read of a list, writes
    // defaults for members that are absent or have a value that it does not know (`attestation`, `userVerification`,
    // `requireResidentKey`), and writes bytes as base64url without padding.
    let options = serde_json::to_value(&request).unwrap_or_default();
    let page = match Url::parse(origin) {
        Ok(page) => page,
        Err(error) => return failure(&error),
    };
    let authenticator = Authenticator::new(Aaguid::new_empty(), None::<Passkey>, ConsentingUser, RustCryptoBackend);
    let request = CredentialCreationOptions { public_key: request };
    let registration =
        pollster::block_on(Client::new(authenticator).register(Origin::from(page), request, DefaultClientData));
    match registration {
        Ok(_) => json!({ "outcome": "success", "options": options }),
        Err(error) => {
            let error = format!("{error:?}"); // it has no Display
            json!({ "outcome": "failure", "code": error, "detail": error })
        }
    }
}

/// A reason of a library that has no name for it, only text.
fn failure(error: &(impl std::fmt::Debug + std::fmt::Display)) -> Value {
    let mut detail = format!("{error:?}");
    detail.truncate(detail.floor_char_boundary(DETAIL));
    json!({ "outcome": "failure", "message": error.to_string(), "detail": detail })
}

/// A user who is there, is verified where that is asked for, and agrees to everything.
struct ConsentingUser;

#[async_trait::async_trait]
impl UserValidationMethod for ConsentingUser {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}
