//! Faults in what follows creation options: the registration's end, the user's passkeys, and sign-in with them.

pub(super) mod complete;
pub(super) mod credentials;
pub(super) mod sign_in;

use axum::body::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::super::Service;
use super::super::state::{Pool, User};
use super::{across, edit};

const COMPLETE: &str = "CompleteWebAuthnRegistration";
const LIST: &str = "ListWebAuthnCredentials";
const DELETE: &str = "DeleteWebAuthnCredential";
const FACTORS: &str = "GetUserAuthFactors";
const INITIATE: &str = "InitiateAuth";
const RESPOND: &str = "RespondToAuthChallenge";

fn is(request: &Request<Bytes>, operation: &str) -> bool {
    edit::operation(request) == Some(operation)
}

/// The members of the input.
fn read(request: &Request<Bytes>) -> Option<Map<String, Value>> {
    serde_json::from_slice(request.body()).ok()
}

/// Changes the input of that operation.
fn input(request: &mut Request<Bytes>, operation: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    if is(request, operation)
        && let Some(mut members) = read(request)
    {
        change(&mut members);
        *request.body_mut() = Value::Object(members).to_string().into();
    }
}

/// Changes the output of that operation.
fn output(
    service: &Service,
    request: &Request<Bytes>,
    operation: &str,
    change: impl FnOnce(&mut Value),
) -> Response<Bytes> {
    let mut response = service.serve(request);
    if is(request, operation) && response.status().is_success() {
        edit::json(&mut response, change);
    }
    response
}

/// Tells one error of that operation as another.
fn renamed(
    service: &Service,
    request: &Request<Bytes>,
    operation: &str,
    from: &str,
    to: &'static str,
) -> Response<Bytes> {
    let mut response = service.serve(request);
    if is(request, operation) {
        edit::rename(&mut response, from, to);
    }
    response
}

/// What the access token of a request claims.
fn claim(request: &Request<Bytes>, name: &str) -> Option<String> {
    across::claim(&edit::member(request, "AccessToken")?, name)
}

/// Looks at, or changes, the user whose access token a request has, and the pool.
fn with_caller<T>(
    service: &Service,
    request: &Request<Bytes>,
    change: impl FnOnce(&mut Pool, &str) -> Option<T>,
) -> Option<T> {
    let (issuer, username) = (claim(request, "iss")?, claim(request, "username")?);
    let mut store = service.write();
    change(store.pool_mut(issuer.rsplit('/').next()?).ok()?, &username)
}

/// The same for the user alone.
fn with_user<T>(service: &Service, request: &Request<Bytes>, change: impl FnOnce(&mut User) -> T) -> Option<T> {
    with_caller(service, request, |pool, username| Some(change(pool.user_mut(username).ok()?)))
}

/// The client data that a document of the client carries.
fn client_data(document: &Value) -> Option<Value> {
    let text = document.pointer("/response/clientDataJSON")?.as_str()?;
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
}

/// The challenge that a document of the client answers.
fn answered(document: &Value) -> Option<String> {
    client_data(document)?.get("challenge")?.as_str().map(str::to_owned)
}
