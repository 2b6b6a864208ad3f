//! What faults change requests and answers with.

use axum::body::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response};
use serde_json::{Map, Value};

use super::super::answer::{Form, Refusal};
use crate::cognito::{START, TARGET_PREFIX};

/// The operation that a request names.
pub(super) fn operation(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get("x-amz-target")?.to_str().ok()?.strip_prefix(TARGET_PREFIX)?.strip_prefix('.')
}

/// Whether the request names `StartWebAuthnRegistration`.
pub(super) fn is_start(request: &Request<Bytes>) -> bool {
    operation(request) == Some(START.name)
}

/// Makes the request name `StartWebAuthnRegistration`.
pub(super) fn aim_at_start(request: &mut Request<Bytes>) {
    if let Ok(value) = HeaderValue::try_from(format!("{TARGET_PREFIX}.{}", START.name)) {
        request.headers_mut().insert("x-amz-target", value);
    }
}

/// Sets a header of the request or answer.
pub(super) fn set(headers: &mut http::HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// Sets the content type.
pub(super) fn set_content_type(headers: &mut http::HeaderMap, value: &'static str) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
}

/// The body's text, where it is text.
pub(super) fn text(body: &Bytes) -> Option<&str> {
    std::str::from_utf8(body).ok()
}

/// Changes the body of a call of the operation.
pub(super) fn body(request: &mut Request<Bytes>, change: impl FnOnce(&[u8]) -> Option<Vec<u8>>) {
    if is_start(request)
        && let Some(changed) = change(request.body())
    {
        *request.body_mut() = changed.into();
    }
}

/// Changes the body's text of a call of the operation.
pub(super) fn body_text(request: &mut Request<Bytes>, change: impl FnOnce(&str) -> Option<String>) {
    body(request, |bytes| change(std::str::from_utf8(bytes).ok()?).map(String::into_bytes));
}

/// Changes the members of the body of a call of the operation.
pub(super) fn members(request: &mut Request<Bytes>, change: impl FnOnce(&mut Map<String, Value>)) {
    body(request, |bytes| {
        let mut members: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
        change(&mut members);
        serde_json::to_vec(&members).ok()
    });
}

/// Puts another text in place of a call's access token.
pub(super) fn token(request: &mut Request<Bytes>, change: impl FnOnce(&str) -> Option<String>) {
    body(request, |bytes| {
        let mut members: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
        let changed = change(members.get("AccessToken")?.as_str()?)?;
        members.insert("AccessToken".to_owned(), changed.into());
        serde_json::to_vec(&members).ok()
    });
}

/// The text of one member of the body.
pub(super) fn member(request: &Request<Bytes>, name: &str) -> Option<String> {
    let members: Map<String, Value> = serde_json::from_slice(request.body()).ok()?;
    members.get(name)?.as_str().map(str::to_owned)
}

/// Changes an answer's JSON.
pub(super) fn json(response: &mut Response<Bytes>, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice(response.body()) {
        change(&mut body);
        *response.body_mut() = body.to_string().into();
    }
}

/// Changes the creation options of a success.
pub(super) fn options(response: &mut Response<Bytes>, change: impl FnOnce(&mut Value)) {
    json(response, |body| {
        if let Some(options) = body.get_mut("CredentialCreationOptions") {
            change(options);
        }
    });
}

/// Changes the JSON of a refusal.
pub(super) fn error(response: &mut Response<Bytes>, change: impl FnOnce(&mut Map<String, Value>)) {
    if is_refusal(response) {
        json(response, |body| {
            if let Value::Object(members) = body {
                change(members);
            }
        });
    }
}

/// Whether the answer is an error of AWS JSON.
pub(super) fn is_refusal(response: &Response<Bytes>) -> bool {
    !response.status().is_success()
}

/// The name of the error that an answer is.
pub(super) fn code(response: &Response<Bytes>) -> Option<String> {
    let members: Map<String, Value> = serde_json::from_slice(response.body()).ok()?;
    members.get("__type")?.as_str().map(str::to_owned)
}

/// An error with a message.
pub(super) fn refusal(code: &'static str, message: &str) -> Response<Bytes> {
    Form::AwsJson.render(Err(Refusal::new(code, message)))
}

/// Tells one error as another.
pub(super) fn rename(response: &mut Response<Bytes>, from: &str, to: &'static str) {
    if code(response).as_deref() == Some(from) {
        let message = serde_json::from_slice::<Value>(response.body()).ok();
        let message = message.and_then(|body| body.get("message")?.as_str().map(str::to_owned));
        *response = refusal(to, &message.unwrap_or_default());
    }
}

/// The success of an operation whose output has no members.
pub(super) fn done() -> Response<Bytes> {
    output(Value::Object(Map::new()))
}

/// The success of an operation with this output.
pub(super) fn output(output: Value) -> Response<Bytes> {
    Form::AwsJson.render(Ok(Some(output)))
}

/// The success of an operation without output.
pub(super) fn empty() -> Response<Bytes> {
    Form::AwsJson.render(Ok(None))
}
