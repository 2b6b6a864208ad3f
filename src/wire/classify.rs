//! The class of any answer, however broken. Total: whatever came has a class.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::error_code::{ErrorCode, error_codes};
use super::json::{JsonError, Object};
use super::{Exchange, Response, TransportError, TransportErrorKind, printable};
use crate::cognito::{ErrorShape, Fault, Operation, ProtocolError, error, protocol_error};

/// The most characters of an unknown error's name in a class's name.
const LONGEST_NAME: usize = 64;

/// Why an answer cannot be read as AWS JSON.
///
/// The content type alone decides nothing: no client looks at it. It is a finding of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotAwsJson {
    /// No body where one was needed, and no header that names an error.
    Empty,
    /// An HTML page.
    Html,
    /// An XML document.
    Xml,
    /// The beginning of a JSON text.
    Truncated,
    /// Text or bytes that are no JSON.
    NotJson,
    /// A JSON value other than an object.
    NotObject,
    /// A status that is no success, and nothing that names the error.
    NoCode,
    /// A status of success with an error's body.
    SuccessWithErrorBody,
}

impl NotAwsJson {
    /// The stable name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NotAwsJson::Empty => "empty",
            NotAwsJson::Html => "html",
            NotAwsJson::Xml => "xml",
            NotAwsJson::Truncated => "truncated",
            NotAwsJson::NotJson => "not-json",
            NotAwsJson::NotObject => "not-object",
            NotAwsJson::NoCode => "no-code",
            NotAwsJson::SuccessWithErrorBody => "success-with-error-body",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn explain(self) -> &'static str {
        match self {
            NotAwsJson::Empty => "the body is empty, and no header names an error",
            NotAwsJson::Html => "the body is an HTML page",
            NotAwsJson::Xml => "the body is an XML document",
            NotAwsJson::Truncated => "the JSON text ends too early",
            NotAwsJson::NotJson => "the body is not JSON",
            NotAwsJson::NotObject => "the body is a JSON value, but not an object",
            NotAwsJson::NoCode => "the status is no success, and nothing names the error",
            NotAwsJson::SuccessWithErrorBody => "the status says success, and the answer names an error",
        }
    }
}

/// The class of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// A status of success with a JSON object.
    Success,
    /// An error that the model lists for the operation.
    Modelled(&'static ErrorShape),
    /// An error of the service's model that is not listed for the operation. Lists grow: a client reads it as any error.
    ModelledElsewhere(&'static ErrorShape),
    /// An error of the AWS front end.
    Protocol(&'static ProtocolError),
    /// An error of a name that neither the service nor the front end has. A client reads it as any error.
    UnknownError(String),
    /// No AWS JSON.
    NotAwsJson(NotAwsJson),
    /// No answer.
    Transport(TransportErrorKind),
}

impl Class {
    /// The short, stable name in reports and snapshots: `success`, the error's name for one that is known,
    /// `unknown:NAME`, `not-aws-json:REASON` or `transport:KIND`.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Class::Success => "success".into(),
            Class::Modelled(shape) | Class::ModelledElsewhere(shape) => shape.name.into(),
            Class::Protocol(error) => error.name.into(),
            Class::UnknownError(name) => format!("unknown:{}", printable(name, LONGEST_NAME)).into(),
            Class::NotAwsJson(reason) => format!("not-aws-json:{}", reason.name()).into(),
            Class::Transport(kind) => format!("transport:{}", transport_name(*kind)).into(),
        }
    }

    /// Whether a name stands for the error: the answer is an error that clients can tell from others.
    #[must_use]
    pub fn is_named_error(&self) -> bool {
        matches!(self, Class::Modelled(_) | Class::ModelledElsewhere(_) | Class::Protocol(_) | Class::UnknownError(_))
    }

    /// What the class means, in words.
    #[must_use]
    pub fn explain(&self) -> Cow<'static, str> {
        match self {
            Class::Success => "the operation's output".into(),
            Class::Modelled(_) => "an error that the model lists for the operation".into(),
            Class::ModelledElsewhere(_) => {
                "an error of the service's model, which does not list it for this operation".into()
            }
            Class::Protocol(_) => "an error of the AWS front end, which no service model lists".into(),
            Class::UnknownError(_) => "an error that neither the service model nor the front end has".into(),
            Class::NotAwsJson(reason) => reason.explain().into(),
            Class::Transport(kind) => kind.to_string().into(),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

/// An answer's class, with what it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The class.
    pub class: Class,
    /// The error's bare name by the protocol's rules, where the answer names one.
    pub code: Option<String>,
    /// Every place that names the error, in the order in which they count.
    pub codes: Vec<ErrorCode>,
    /// The error's message: `message`, else `Message`, where it is a string.
    pub message: Option<String>,
    /// The request id, from the headers.
    pub request_id: Option<String>,
    /// The status; `None` where no answer came.
    pub status: Option<u16>,
    /// Whose fault it is by the status: 4xx or 5xx.
    pub fault: Option<Fault>,
    /// Whether a client may send the same request again.
    pub retryable: bool,
}

impl Classification {
    /// The class's short name; see [`Class::name`].
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        self.class.name()
    }

    /// Whether it is an error of the server, which no wrong request is to be answered with. 501 and 505 are HTTP's own words
    /// for a method, coding, version or function that a server does not have (RFC 9110, 15.6.2, 15.6.6).
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.status.is_some_and(|status| status >= 500 && !matches!(status, 501 | 505))
    }

    /// Whether the server asks its client to slow down. A limit that no waiting lifts is none of it, but for one of a rate.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        match self.class {
            Class::Modelled(error) | Class::ModelledElsewhere(error) => match error.name {
                "LimitExceededException" => self.message.as_deref().is_some_and(|message| {
                    let message = message.to_ascii_lowercase();
                    ["rate exceeded", "too many requests"].iter().any(|words| message.contains(words))
                }),
                name => name == "TooManyRequestsException",
            },
            Class::Protocol(error) => error.name == "ThrottlingException",
            _ => self.status == Some(429),
        }
    }

    /// The class of a request that got no answer.
    #[must_use]
    pub fn of_transport_error(error: &TransportError) -> Self {
        let retryable = match error.kind {
            TransportErrorKind::Connect | TransportErrorKind::Timeout | TransportErrorKind::Closed => true,
            TransportErrorKind::Tls
            | TransportErrorKind::Protocol
            | TransportErrorKind::TooLarge
            | TransportErrorKind::Budget => false,
        };
        Classification {
            class: Class::Transport(error.kind),
            code: None,
            codes: Vec::new(),
            message: None,
            request_id: None,
            status: None,
            fault: None,
            retryable,
        }
    }
}

impl Exchange {
    /// The answer in one line: class, status and message, or what kept it from coming.
    #[must_use]
    pub fn in_short(&self, classification: &Classification) -> String {
        let status = match &self.result {
            Ok(response) => response.status,
            Err(e) => return e.to_string(),
        };
        let name = classification.name();
        match &classification.message {
            Some(message) => format!("{name} ({status}): {}", beginning(message)),
            None => format!("{name} ({status})"),
        }
    }

    /// The class of what came back for a request of that operation.
    #[must_use]
    pub fn classify(&self, operation: &Operation) -> Classification {
        match &self.result {
            Ok(response) => classify(operation, response),
            Err(error) => Classification::of_transport_error(error),
        }
    }
}

/// As much of a server's own text as a report repeats: a megabyte of it would fill memory, and take long to redact.
pub(crate) fn beginning(text: &str) -> &str {
    const LONGEST: usize = 16 * 1024;
    &text[..text.floor_char_boundary(LONGEST)]
}

/// The class of a response to a request of that operation.
#[must_use]
pub fn classify(operation: &Operation, response: &Response) -> Classification {
    let body = Object::parse(&response.body);
    let empty = Object::default();
    let codes = error_codes(response, body.as_ref().unwrap_or(&empty));
    let code = codes.first().map(|code| code.name().to_owned());
    let class = class(operation, response, &body, code.as_deref());
    let text = |name| body.as_ref().ok()?.last(name)?.string();
    let message = if class == Class::Success { None } else { text("message").or_else(|| text("Message")) };
    Classification {
        retryable: is_retryable(&class, response.status),
        class,
        code,
        codes,
        message,
        request_id: response.request_id(),
        status: Some(response.status),
        fault: fault(response.status),
    }
}

fn class(
    operation: &Operation,
    response: &Response,
    body: &Result<Object<'_>, JsonError>,
    code: Option<&str>,
) -> Class {
    let success = response.is_success();
    match (body, code) {
        // An error of one header and no body is whole (protocol test AwsJson11FooErrorUsingXAmznErrorType).
        (Ok(_), Some(_)) if success => Class::NotAwsJson(NotAwsJson::SuccessWithErrorBody),
        (Ok(_), Some(code)) => named(operation, code),
        (Ok(_), None) if success => Class::Success,
        (Ok(_), None) => Class::NotAwsJson(NotAwsJson::NoCode),
        (Err(_), Some(code)) if response.is_blank() && !success => named(operation, code),
        (Err(e), _) => not_json(operation, response, e),
    }
}

fn named(operation: &Operation, code: &str) -> Class {
    match error(code) {
        Some(shape) if operation.errors.contains(&shape.name) => Class::Modelled(shape),
        Some(shape) => Class::ModelledElsewhere(shape),
        None => protocol_error(code).map_or_else(|| Class::UnknownError(code.to_owned()), Class::Protocol),
    }
}

fn not_json(operation: &Operation, response: &Response, error: &JsonError) -> Class {
    if response.is_blank() {
        // An operation without output members may answer with no body at all.
        let complete = response.is_success() && !operation.output.iter().any(|member| member.required);
        return if complete { Class::Success } else { Class::NotAwsJson(NotAwsJson::Empty) };
    }
    Class::NotAwsJson(match (markup(response), error) {
        (_, JsonError::NotObject(_)) => NotAwsJson::NotObject,
        (Some(markup), _) => markup,
        (None, JsonError::Truncated) => NotAwsJson::Truncated,
        (None, JsonError::Syntax(_)) => NotAwsJson::NotJson,
    })
}

/// HTML or XML, by the body's beginning.
fn markup(response: &Response) -> Option<NotAwsJson> {
    let body = response.body.trim_ascii_start();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let begins = |start: &[u8]| body.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let content_type = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if begins(b"<!doctype html") || begins(b"<html") || (begins(b"<") && content_type.contains("html")) {
        Some(NotAwsJson::Html)
    } else if begins(b"<") {
        Some(NotAwsJson::Xml)
    } else {
        None
    }
}

fn fault(status: u16) -> Option<Fault> {
    match status {
        400..=499 => Some(Fault::Client),
        500..=599 => Some(Fault::Server),
        _ => None,
    }
}

/// By the error's name where it is known; otherwise by the status, as SDKs do.
fn is_retryable(class: &Class, status: u16) -> bool {
    match class {
        Class::Success => false,
        Class::Modelled(shape) | Class::ModelledElsewhere(shape) => shape.retryable,
        Class::Protocol(error) => error.retryable,
        Class::UnknownError(_) | Class::NotAwsJson(_) => status == 429 || fault(status) == Some(Fault::Server),
        Class::Transport(_) => true,
    }
}

fn transport_name(kind: TransportErrorKind) -> &'static str {
    match kind {
        TransportErrorKind::Connect => "connect",
        TransportErrorKind::Tls => "tls",
        TransportErrorKind::Timeout => "timeout",
        TransportErrorKind::Closed => "closed",
        TransportErrorKind::Protocol => "protocol",
        TransportErrorKind::TooLarge => "too-large",
        TransportErrorKind::Budget => "budget",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::{ERRORS, OPERATIONS, START};

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())).collect();
        Response { status, headers, body: body.into() }
    }

    fn name(status: u16, headers: &[(&str, &str)], body: &str) -> String {
        classify(&START, &response(status, headers, body)).name().into_owned()
    }

    #[test]
    fn every_listed_error_is_in_the_table() {
        for operation in OPERATIONS {
            for name in operation.errors {
                assert!(matches!(named(operation, name), Class::Modelled(_)), "{name}");
            }
        }
        assert!(ERRORS.iter().all(|shape| named(&START, shape.name).is_named_error()));
    }

    #[test]
    fn each_class_has_its_name() {
        let header = ("X-AMZN-ERRORTYPE", "NotAuthorizedException:");
        for (status, headers, body, want) in [
            (200, &[][..], r#"{"CredentialCreationOptions":{}}"#, "success"),
            (400, &[], r#"{"__type":"NotAuthorizedException","message":"m"}"#, "NotAuthorizedException"),
            (400, &[header], "", "NotAuthorizedException"),
            (400, &[header], "<html>", "not-aws-json:html"),
            (400, &[], r#"{"__type":"UserNotFoundException"}"#, "UserNotFoundException"),
            (400, &[], r#"{"__type":"com.amazon.coral.service#SerializationException"}"#, "SerializationException"),
            (400, &[], r#"{"__type":"a.b#Odd\nThing:"}"#, "unknown:Odd\\nThing"),
            (200, &[], r#"{"__type":"NotAuthorizedException"}"#, "not-aws-json:success-with-error-body"),
            (400, &[], "", "not-aws-json:empty"),
            (200, &[], " \r\n", "not-aws-json:empty"),
            (404, &[], "<UnknownOperationException/>", "not-aws-json:xml"),
            (502, &[("content-type", "text/html")], "<center>", "not-aws-json:html"),
            (200, &[], r#"{"CredentialCreationOptions":{"#, "not-aws-json:truncated"),
            (500, &[], "Internal Server Error", "not-aws-json:not-json"),
            (400, &[], r#"["NotAuthorizedException"]"#, "not-aws-json:not-object"),
            (400, &[], r#"{"error":"no"}"#, "not-aws-json:no-code"),
        ] {
            assert_eq!(name(status, headers, body), want, "{status} {headers:?} {body}");
        }
        let error = TransportError { kind: TransportErrorKind::TooLarge, detail: String::new() };
        assert_eq!(Classification::of_transport_error(&error).name(), "transport:too-large");
    }
}
