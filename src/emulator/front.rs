//! The front end: what a request must be before any operation sees it (AWS JSON 1.1 protocol).

use axum::body::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::Value;

use super::answer::{self, Answer, Form, Refusal};
use super::input::Input;
use super::operations::{self, Operation};
use super::{Service, affordances, well_known};
use crate::cognito;

/// The largest body that is read, in bytes. What Cognito's limit is, is not known.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

impl Service {
    /// Answers one request. There is no I/O here: the same entry serves the socket and a fuzz target.
    ///
    /// A body longer than [`BODY_LIMIT`] is refused, so a caller may cut it off one byte behind the limit.
    #[must_use]
    pub fn handle(&self, request: &Request<Bytes>) -> Response<Bytes> {
        match &self.fault {
            None => self.serve(request),
            Some(fault) => fault.answer(self, request),
        }
    }

    /// The same without faults.
    pub(super) fn serve(&self, request: &Request<Bytes>) -> Response<Bytes> {
        if let Some(document) = affordances::document(self, request).or_else(|| well_known::document(self, request)) {
            return document;
        }
        if let Some(status) = unsound(request.headers()) {
            return answer::of_http(status);
        }
        let Some(form) = form(request.headers()) else {
            return answer::unclaimed();
        };
        if request.method() != Method::POST || request.uri().path() != "/" {
            return form.render_with(StatusCode::NOT_FOUND, &UNKNOWN_OPERATION);
        }
        form.render(self.answer(request))
    }

    fn answer(&self, request: &Request<Bytes>) -> Answer {
        within_limit(request.body())?;
        let operation = target(request.headers())?;
        signed_where_needed(operation, request.headers())?;
        if let Some(refusal) = affordances::ordered(operation, request.headers()) {
            return Err(refusal);
        }
        let body = json(request.body())?;
        (operation.handler)(self, Input::new(&body)?)
    }
}

const UNKNOWN_OPERATION: Refusal = Refusal::bare("UnknownOperationException");

/// What the HTTP library lets pass: a `Host` that is none (RFC 9112, 3.2), a transfer coding that is not known (RFC 9112, 6.1).
fn unsound(headers: &HeaderMap) -> Option<StatusCode> {
    let valid = |host: &HeaderValue| {
        host.to_str().is_ok_and(|host| !host.contains('@') && host.parse::<http::uri::Authority>().is_ok())
    };
    if !headers.get_all(HOST).iter().all(valid) {
        return Some(StatusCode::BAD_REQUEST);
    }
    let known =
        |coding: &HeaderValue| coding.to_str().is_ok_and(|coding| coding.trim().eq_ignore_ascii_case("chunked"));
    (!headers.get_all(TRANSFER_ENCODING).iter().all(known)).then_some(StatusCode::NOT_IMPLEMENTED)
}

/// The content type claims the request for a protocol; parameters and case do not matter.
fn form(headers: &HeaderMap) -> Option<Form> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase();
    if value.contains(cognito::CONTENT_TYPE) {
        Some(Form::AwsJson)
    } else if value.split(';').next().is_some_and(|media_type| media_type.trim() == "application/json") {
        Some(Form::Wrapped)
    } else {
        None
    }
}

fn within_limit(body: &Bytes) -> Result<(), Refusal> {
    if body.len() > BODY_LIMIT { Err(Refusal::bare("RequestEntityTooLargeException")) } else { Ok(()) }
}

/// The one `X-Amz-Target` names service and operation exactly; two of them name nothing.
fn target(headers: &HeaderMap) -> Result<&'static Operation, Refusal> {
    let mut values = headers.get_all("x-amz-target").iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(UNKNOWN_OPERATION);
    };
    let name = value
        .to_str()
        .ok()
        .and_then(|value| value.strip_prefix(cognito::TARGET_PREFIX))
        .and_then(|rest| rest.strip_prefix('.'));
    name.and_then(operations::find).ok_or(UNKNOWN_OPERATION)
}

/// Operations of the control plane carry an AWS signature; any signature will do.
fn signed_where_needed(operation: &Operation, headers: &HeaderMap) -> Result<(), Refusal> {
    if operation.signed && !headers.contains_key(AUTHORIZATION) {
        // The message is the whole of what AWS says here.
        return Err(Refusal::new("MissingAuthenticationTokenException", "Missing Authentication Token"));
    }
    Ok(())
}

/// One JSON value in UTF-8 (RFC 8259), not nested deeper than serde_json's 128. The last of duplicate members counts.
fn json(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::bare("SerializationException"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_type_decides_the_form() {
        let form_of = |value: &str| form(&HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]));
        assert_eq!(form_of("application/x-amz-json-1.1"), Some(Form::AwsJson));
        assert_eq!(form_of("Application/X-Amz-JSON-1.1; charset=utf-8"), Some(Form::AwsJson));
        assert_eq!(form_of("application/json;charset=utf-8"), Some(Form::Wrapped));
        assert_eq!(form_of("application/x-amz-json-1.0"), None);
        assert_eq!(form_of("text/plain"), None);
        assert_eq!(form(&HeaderMap::new()), None);
    }
}
