//! How the clients in use read an error: three dialects that differ in where they look, how they cut the code, which
//! message they take, and what they do with a body that is not a JSON object.
//!
//! Each follows its client's source, quirks included, and `tests/data/error-envelopes.json` holds them against the clients
//! themselves. Four differences are left out, of bodies that are no JSON by RFC 8259 or that no common parser reads: numbers
//! with leading zeros (Rust lets them pass), `NaN` and `Infinity` (Python does), unpaired surrogates in member names, and
//! more than 512 levels of nesting (Rust stops there).

use std::fmt;

use serde::Serialize;

use super::Response;
use super::error_code::{HEADER, sanitize};
use super::json::{JsonError, Kind, Member, Object};

/// A family of clients that read errors alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The AWS SDK for Rust (aws-smithy-json 0.65, `protocol/error.rs`).
    Rust,
    /// The AWS SDK for JavaScript 3 (@smithy/core 3.41, `loadJsonRpcErrorCode`).
    JavaScript,
    /// boto3 and the AWS CLI (botocore 1.44, `BaseJSONParser._do_error_parse`).
    Botocore,
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Dialect::Rust => "Rust",
            Dialect::JavaScript => "JavaScript",
            Dialect::Botocore => "botocore",
        })
    }
}

/// What a client makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// It takes the answer for a success.
    Success,
    /// It reports an error of the service.
    Error {
        /// The code that it reports.
        code: Option<String>,
        /// Whether the answer named the code; otherwise it is the client's own stand-in (`Unknown`, the status).
        named: bool,
        /// The message that it reports; another JSON value than a string is given as JSON text.
        message: Option<String>,
    },
    /// It fails while it reads the answer, so that a caller sees a failure of the client, not of the service.
    Unreadable {
        /// What makes it fail.
        reason: String,
    },
}

/// One dialect's reading of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Whose reading.
    pub dialect: Dialect,
    /// What it makes of the answer.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Reading {
    /// The code that the client takes from the answer itself.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Error { code: Some(code), named: true, .. } => Some(code),
            _ => None,
        }
    }
}

/// The three readings of an answer: Rust, JavaScript, botocore.
#[must_use]
pub fn readings(response: &Response) -> [Reading; 3] {
    let body = Object::parse(&response.body);
    [
        Reading { dialect: Dialect::Rust, outcome: rust(response, &body) },
        Reading { dialect: Dialect::JavaScript, outcome: javascript(response, &body) },
        Reading { dialect: Dialect::Botocore, outcome: botocore(response, &body) },
    ]
}

fn rust(response: &Response, body: &Result<Object<'_>, JsonError>) -> Outcome {
    if (200..300).contains(&response.status) {
        return Outcome::Success;
    }
    let own;
    let object = match body {
        Ok(object) => object,
        Err(e) => {
            own = match response.body.trim_ascii_start().first() {
                // Of another value only the first token is read.
                None | Some(b'[') => Ok(Object::default()),
                Some(b'"') if begins_with_string(&response.body) => Ok(Object::default()),
                // Its tokens end with the object: what follows is not looked at.
                Some(b'{') => Object::parse_prefix(&response.body),
                _ if matches!(e, JsonError::NotObject(_)) => Ok(Object::default()),
                _ => Err(e.clone()),
            };
            match &own {
                Ok(object) => object,
                Err(e) => return Outcome::Unreadable { reason: e.to_string() },
            }
        }
    };
    // Names are compared as they are written; a member that is not a string is passed over.
    let strings = |names: &'static [&'static str]| {
        let wanted = |m: &&Member<'_>| !m.is_name_escaped() && names.contains(&&*m.name) && m.kind() == Kind::String;
        object.members.iter().rev().filter(wanted)
    };
    // It stops at an unpaired surrogate, as serde_json does.
    let has_surrogate = |m: &Member<'_>| m.text().contains("\\u") && serde_json::from_str::<String>(m.text()).is_err();
    if let Some(member) = strings(&["code", "__type", "message", "Message", "errorMessage"]).find(|m| has_surrogate(m))
    {
        return Outcome::Unreadable { reason: format!("an unpaired surrogate in {}", member.name) };
    }
    let string = |names| strings(names).next().and_then(Member::string);
    let code = response.header(HEADER).or_else(|| string(&["code"])).or_else(|| string(&["__type"]));
    let query = response.header(QUERY_ERROR).and_then(|value| Some(value.split_once(';')?.0.to_owned()));
    let code = query.or_else(|| code.map(|code| sanitize(&code).to_owned()));
    let message = string(&["message", "Message", "errorMessage"]);
    Outcome::Error { named: code.is_some(), code, message }
}

/// Whether a whole JSON string stands in front, whatever follows it.
fn begins_with_string(body: &[u8]) -> bool {
    serde_json::Deserializer::from_slice(body)
        .into_iter::<serde::de::IgnoredAny>()
        .next()
        .is_some_and(|value| value.is_ok())
}

fn javascript(response: &Response, body: &Result<Object<'_>, JsonError>) -> Outcome {
    if response.status < 300 {
        return Outcome::Success;
    }
    // Bytes that are not UTF-8 become U+FFFD before the text is parsed.
    let (text, own);
    let object = match body {
        Ok(object) => object,
        Err(_) => {
            text = String::from_utf8_lossy(&response.body);
            own = match Object::parse(text.as_bytes()) {
                Ok(object) => object,
                Err(JsonError::NotObject(_)) => Object::default(),
                Err(_) if text.is_empty() => Object::default(),
                Err(e) => return Outcome::Unreadable { reason: format!("SyntaxError: {e}") },
            };
            &own
        }
    };
    let code_member = object.members.iter().find(|member| member.name.eq_ignore_ascii_case("code"));
    let member = object.last("__type").or_else(|| object.last(&code_member?.name));
    let code = match member {
        None => response.header(HEADER),
        Some(member) => match member.kind() {
            Kind::String => member.string(),
            Kind::Number | Kind::Array => Some(member.text().to_owned()),
            kind => return Outcome::Unreadable { reason: format!("TypeError: {} is {kind}", member.name) },
        },
    };
    // An array has `indexOf` too, and finds no separator in it.
    let is_array = member.is_some_and(|member| member.kind() == Kind::Array);
    let cut = |code: String| if is_array { code } else { javascript_sanitize(&code).to_owned() };
    let given = |name| object.last(name).filter(|member| is_truthy(member)).map(text_of);
    let message = given("message").or_else(|| given("Message"));
    Outcome::Error {
        named: code.is_some(),
        code: Some(code.map_or_else(|| "Unknown".to_owned(), cut)),
        message: Some(message.unwrap_or_else(|| "UnknownError".to_owned())),
    }
}

fn is_truthy(member: &Member<'_>) -> bool {
    match member.kind() {
        Kind::Null => false,
        Kind::Boolean => member.text() == "true",
        Kind::Number => member.text().parse() != Ok(0.0),
        Kind::String => member.text() != "\"\"",
        Kind::Array | Kind::Object => true,
    }
}

/// Cut before the first `,`, then before the first `:`, then between the first `#` and the next.
fn javascript_sanitize(code: &str) -> &str {
    let code = code.split(',').next().unwrap_or(code);
    let code = code.split(':').next().unwrap_or(code);
    code.split('#').nth(1).unwrap_or(code)
}

fn botocore(response: &Response, body: &Result<Object<'_>, JsonError>) -> Outcome {
    match response.status {
        0..300 => return Outcome::Success,
        // The parser takes it for a success, the client for an error.
        300 => return Outcome::Error { code: unknown(), named: false, message: unknown() },
        _ => {}
    }
    let trimmed = response.body.trim_ascii();
    if response.status >= 500 && (trimmed.is_empty() || trimmed.starts_with(b"<html>")) {
        let reason = reason_phrase(response.status);
        return Outcome::Error {
            code: Some(response.status.to_string()),
            named: false,
            message: Some(reason.to_owned()),
        };
    }
    let nothing = Object::default();
    let object = match (body, std::str::from_utf8(&response.body)) {
        (Ok(object), _) => object,
        (Err(_), Ok("")) => &nothing,
        (Err(JsonError::NotObject(kind)), _) => {
            return Outcome::Unreadable { reason: format!("AttributeError: the body is {kind}") };
        }
        // Text that is not JSON is the message.
        (Err(_), Ok(text)) => {
            let code = Some(response.status.to_string());
            return Outcome::Error { code, named: false, message: Some(text.to_owned()) };
        }
        (Err(_), Err(_)) => {
            return Outcome::Unreadable { reason: "UnicodeDecodeError: the body is not UTF-8".to_owned() };
        }
    };
    let code = match object.last("__type") {
        None => None,
        Some(member) => match member.kind() {
            Kind::String => member.string(),
            Kind::Null => Some(String::new()),
            kind => return Outcome::Unreadable { reason: format!("TypeError: __type is {kind}") },
        },
    };
    let named = code.as_ref().is_some_and(|code| !code.is_empty());
    let code = code.unwrap_or_else(|| response.status.to_string());
    let code = code.split(':').next().unwrap_or(&code);
    let code = code.rsplit('#').next().unwrap_or(code);
    let query = response.header(QUERY_ERROR).and_then(|value| {
        let parts: Vec<&str> = value.split(';').collect();
        (parts.len() == 2 && !parts[0].is_empty()).then(|| parts[0].to_owned())
    });
    let message = match object.last("message").or_else(|| object.last("Message")) {
        None => Some(String::new()),
        Some(member) if member.kind() == Kind::Null => None,
        Some(member) => Some(text_of(member)),
    };
    Outcome::Error { named: named || query.is_some(), code: Some(query.unwrap_or_else(|| code.to_owned())), message }
}

fn unknown() -> Option<String> {
    Some("Unknown".to_owned())
}

/// The header by which services that once spoke AWS Query keep their old codes; Cognito never did, but clients obey it.
const QUERY_ERROR: &str = "x-amzn-query-error";

fn text_of(member: &Member<'_>) -> String {
    member.string().unwrap_or_else(|| member.text().to_owned())
}

fn reason_phrase(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}
