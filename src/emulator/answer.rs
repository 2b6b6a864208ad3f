//! Answers: the envelope of AWS JSON 1.1 as live Cognito writes it, and the refusals that go into it.

use axum::body::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cognito::{self, Fault};

/// How long a message may be to be repeated in a header, in bytes: clients limit the size of a header.
const HEADER_MESSAGE_LIMIT: usize = 1024;

/// Why a request is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The name of the error.
    pub(super) code: &'static str,
    /// What a developer reads.
    pub(super) message: Option<String>,
}

impl Refusal {
    /// An error with a message.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Refusal { code, message: Some(message.into()) }
    }

    /// An error of the front end, which says nothing more.
    pub(super) const fn bare(code: &'static str) -> Self {
        Refusal { code, message: None }
    }

    /// The caller may not do this, or not as this user.
    pub(super) fn not_authorized(message: &str) -> Self {
        Refusal::new("NotAuthorizedException", message)
    }

    /// A value breaks a constraint, or contradicts another.
    pub(super) fn invalid_parameter(message: impl Into<String>) -> Self {
        Refusal::new("InvalidParameterException", message)
    }

    /// The body cannot be read as the operation's input.
    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Refusal::new("SerializationException", message)
    }

    /// There is no such pool, client or domain.
    pub(super) fn not_found(message: String) -> Self {
        Refusal::new("ResourceNotFoundException", message)
    }

    /// Client errors of Cognito were seen with 400 whatever the service model says; only a WAF block has 403.
    fn status(&self) -> StatusCode {
        match self.code {
            "ForbiddenException" => StatusCode::FORBIDDEN,
            "RequestEntityTooLargeException" => StatusCode::PAYLOAD_TOO_LARGE,
            code if cognito::error(code).is_some_and(|error| error.fault == Fault::Server) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Modelled errors have a `message`, those of the front end a `Message`, or none.
    fn body(&self) -> Value {
        let member = if cognito::error(self.code).is_some() { "message" } else { "Message" };
        match &self.message {
            Some(message) => json!({ "__type": self.code, member: message }),
            None => json!({ "__type": self.code }),
        }
    }
}

/// What an operation answers: its output, or nothing where the model has no output.
pub(super) type Answer = Result<Option<Value>, Refusal>;

/// The form that answers have; the request's content type decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// AWS JSON 1.1.
    AwsJson,
    /// The front end's older protocol under `application/json`: the output in an `Output` member.
    Wrapped,
}

impl Form {
    /// The answer as HTTP.
    pub(super) fn render(self, answer: Answer) -> Response<Bytes> {
        match answer {
            Ok(output) => self.respond(StatusCode::OK, output, None),
            Err(refusal) => self.respond(refusal.status(), Some(refusal.body()), Some(&refusal)),
        }
    }

    /// The refusal as HTTP, with another status than its own.
    pub(super) fn render_with(self, status: StatusCode, refusal: &Refusal) -> Response<Bytes> {
        self.respond(status, Some(refusal.body()), Some(refusal))
    }

    fn respond(self, status: StatusCode, body: Option<Value>, refusal: Option<&Refusal>) -> Response<Bytes> {
        let (content_type, body) = match self {
            Form::AwsJson => (cognito::CONTENT_TYPE, body.map(|body| body.to_string()).unwrap_or_default()),
            Form::Wrapped => ("application/json", wrap(body, refusal).to_string()),
        };
        let mut response = bytes(status, content_type, body);
        if let Some(refusal) = refusal {
            let headers = response.headers_mut();
            // Nothing stands after the colon: so live Cognito sends it.
            if let Ok(value) = HeaderValue::try_from(format!("{}:", refusal.code)) {
                headers.insert(HeaderName::from_static("x-amzn-errortype"), value);
            }
            // A message that repeats the caller's control characters or is very long cannot be a header.
            let message = refusal.message.as_deref().filter(|message| message.len() <= HEADER_MESSAGE_LIMIT);
            if let Some(Ok(value)) = message.map(HeaderValue::try_from) {
                headers.insert(HeaderName::from_static("x-amzn-errormessage"), value);
            }
        }
        response
    }
}

/// What no protocol claims: the front end's own XML.
pub(super) fn unclaimed() -> Response<Bytes> {
    bytes(StatusCode::NOT_FOUND, "application/xml", "<UnknownOperationException/>\n".to_owned())
}

/// What is wrong as HTTP: a status alone.
pub(super) fn of_http(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// A document outside of the API: key sets, health.
pub(super) fn document(status: StatusCode, body: &Value) -> Response<Bytes> {
    bytes(status, "application/json", body.to_string())
}

/// The wrapper as seen on a sibling service: errors of the front end are named with its namespace there.
fn wrap(body: Option<Value>, refusal: Option<&Refusal>) -> Value {
    let mut output = body.unwrap_or(Value::Null);
    if let Some(refusal) = refusal.filter(|refusal| cognito::error(refusal.code).is_none()) {
        output["__type"] = format!("com.amazon.coral.service#{}", refusal.code).into();
    }
    json!({ "Output": output, "Version": "1.0" })
}

fn bytes(status: StatusCode, content_type: &'static str, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(id) = HeaderValue::try_from(Uuid::new_v4().to_string()) {
        headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    response
}
