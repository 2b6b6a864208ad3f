//! What can be judged on one answer: its envelope, its error, its framing.
//!
//! These rules are about an answer to a request that reached the protocol. An answer to another content type may be of
//! another protocol, and rightly so; a case that sends such a request does not ask this oracle.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::cognito::rules::{errors, response as rules};
use crate::cognito::{CONTENT_TYPE, Fault, Finding, Operation};
use crate::wire::json::{Kind, Object};
use crate::wire::{Class, Classification, NotAwsJson, Outcome, Place, Reading, Response, printable, readings};

/// The most characters of a server's own text in a finding.
const LONGEST: usize = 60;

/// Everything that is wrong with one answer, in a stable order. `classification` is that of the same answer.
#[must_use]
pub fn findings(operation: &Operation, response: &Response, classification: &Classification) -> Vec<Finding> {
    let body = Object::parse(&response.body);
    let mut findings = Vec::new();
    envelope(response, &body.as_ref().map(|_| ()).map_err(ToString::to_string), classification, &mut findings);
    match (&classification.class, &body) {
        (Class::Success, Ok(body)) => success(operation, response, body, &mut findings),
        (Class::Success, Err(_)) => status_success(response, &mut findings),
        (Class::NotAwsJson(NotAwsJson::NoCode), _) => {
            let wanted = "the error's name in `__type`";
            findings.push(Finding::new(&errors::CODE, "nothing that names the error", wanted));
        }
        (Class::NotAwsJson(_), _) if classification.codes.is_empty() => {}
        _ => error(operation, response, body.as_ref().ok(), classification, &mut findings),
    }
    if let Some(trace) = stack_trace(&response.body) {
        findings.push(Finding::new(&rules::NO_STACK_TRACE, trace, "a message for the caller only"));
    }
    findings
}

fn envelope(
    response: &Response,
    body: &Result<(), String>,
    classification: &Classification,
    findings: &mut Vec<Finding>,
) {
    framing(response, findings);
    let content_type = response.header("content-type");
    let media_type = content_type.as_deref().map(|value| value.split(';').next().unwrap_or(value).trim());
    if !media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case(CONTENT_TYPE)) {
        let got = content_type.as_deref().map_or("no content type".to_owned(), |value| printable(value, LONGEST));
        findings.push(Finding::new(&rules::CONTENT_TYPE, got, CONTENT_TYPE));
    }
    // An error that a header names needs no body, nor does a success without output.
    let bodiless = response.is_blank() && !matches!(classification.class, Class::NotAwsJson(_));
    if let Err(e) = body
        && !bodiless
    {
        let got = if response.is_blank() { "an empty body" } else { e };
        findings.push(Finding::new(&rules::JSON, got, "one JSON object"));
    }
    if response.header("x-amzn-requestid").is_none() {
        let got = match &classification.request_id {
            Some(_) => "a request id in a header that not every client reads",
            None => "no request id",
        };
        findings.push(Finding::new(&rules::REQUEST_ID, got, "the header x-amzn-RequestId"));
    }
}

fn framing(response: &Response, findings: &mut Vec<Finding>) {
    let chunked = response.header("transfer-encoding").is_some();
    let lengths: Vec<String> = response.header_values("content-length").collect();
    let got = match (lengths.as_slice(), chunked) {
        ([], _) => return,
        (_, true) => "both Content-Length and Transfer-Encoding".to_owned(),
        (lengths, false) => match response.content_length() {
            Some(Ok(length)) if length == response.body.len() as u64 => return,
            // Neither has a body, whatever it says (RFC 9110, 8.6).
            _ if matches!(response.status, 204 | 304) => return,
            Some(Ok(length)) => format!("Content-Length {length}, and a body of {} bytes", response.body.len()),
            _ => format!("Content-Length {}", printable(&lengths.join(", "), LONGEST)),
        },
    };
    findings.push(Finding::new(&rules::FRAMING, got, "one Content-Length, that of the body"));
}

fn status_success(response: &Response, findings: &mut Vec<Finding>) {
    if response.status != 200 {
        findings.push(Finding::new(&rules::STATUS_SUCCESS, response.status.to_string(), "200"));
    }
}

fn success(operation: &Operation, response: &Response, body: &Object<'_>, findings: &mut Vec<Finding>) {
    status_success(response, findings);
    for member in operation.output.iter().filter(|member| member.required) {
        let got = match body.last(member.name).map(|found| found.kind()) {
            None => "absent",
            Some(Kind::Null) => "null",
            Some(_) => continue,
        };
        let wanted = if member.kind == "document" { "any JSON value" } else { member.kind };
        findings.push(Finding::new(&rules::MEMBERS, got, wanted).at(format!("/{}", member.name)));
    }
    let modelled = |name: &str| operation.output.iter().any(|member| member.name == name);
    let names = body.members.iter().map(|member| &*member.name).filter(|name| !modelled(name));
    // Sorted, as the order of members means nothing.
    let names: BTreeSet<&str> = names.collect();
    if !names.is_empty() {
        let got = names.into_iter().collect::<Vec<_>>().join(", ");
        findings.push(Finding::new(&rules::UNKNOWN_MEMBERS, printable(&got, LONGEST), "the modelled members only"));
    }
}

fn error(
    operation: &Operation,
    response: &Response,
    body: Option<&Object<'_>>,
    classification: &Classification,
    findings: &mut Vec<Finding>,
) {
    let readings = readings(response);
    code_agrees(&readings, findings);
    type_member(body, &readings, findings);
    let class = &classification.class;
    let (shape, fault) = match class {
        Class::Modelled(shape) | Class::ModelledElsewhere(shape) => (Some(*shape), Some(shape.fault)),
        Class::Protocol(error) => (None, Some(if error.status >= 500 { Fault::Server } else { Fault::Client })),
        _ => (None, None),
    };
    if let Some(shape) = shape {
        if !classification.codes.iter().any(|code| code.place == Place::Header) {
            findings.push(Finding::new(&errors::TYPE_HEADER, "no such header", "x-amzn-errortype"));
        }
        message(body, findings);
        if !shape.has_status(response.status) {
            findings.push(Finding::new(&errors::STATUS, response.status.to_string(), statuses(shape)));
        }
    }
    if fault.is_some() && classification.fault != fault {
        let side = if fault == Some(Fault::Server) { "5xx" } else { "4xx" };
        let wanted = format!("{side} for {}", classification.name());
        findings.push(Finding::new(&errors::STATUS_FAULT, response.status.to_string(), wanted));
    }
    if class == &Class::NotAwsJson(NotAwsJson::SuccessWithErrorBody) {
        let got = format!("{} with an error", response.status);
        findings.push(Finding::new(&errors::STATUS_FAULT, got, "a status that says that it is an error"));
    }
    if matches!(class, Class::ModelledElsewhere(_) | Class::UnknownError(_)) {
        let wanted = format!("an error that {} lists, or one of the front end", operation.name);
        findings.push(Finding::new(&errors::MODELLED, classification.name(), wanted));
    }
}

fn code_agrees(readings: &[Reading], findings: &mut Vec<Finding>) {
    let named = || readings.iter().filter_map(|reading| Some((reading.dialect, reading.named()?)));
    if named().any(|(_, code)| named().any(|(_, other)| other != code)) {
        let codes: Vec<String> =
            named().map(|(dialect, code)| format!("{dialect} {}", printable(code, LONGEST))).collect();
        findings.push(Finding::new(&errors::CODE_AGREES, codes.join(", "), "one code for every client"));
    }
}

fn type_member(body: Option<&Object<'_>>, readings: &[Reading], findings: &mut Vec<Finding>) {
    let got = match body.and_then(|body| body.last("__type")) {
        None => "no member `__type`".to_owned(),
        Some(member) if member.kind() != Kind::String => format!("`__type` is {}", member.kind()),
        Some(member) => {
            let code = member.string().unwrap_or_default();
            if code.contains(['#', ':']) {
                let wanted = "the shape's name only";
                findings.push(Finding::new(&errors::TYPE_BARE, printable(&code, LONGEST), wanted).at("/__type"));
            }
            return;
        }
    };
    let blind: Vec<String> = readings
        .iter()
        .filter(|reading| reading.named().is_none() && reading.outcome != Outcome::Success)
        .map(|reading| reading.dialect.to_string())
        .collect();
    let got = if blind.is_empty() { got } else { format!("{got}: {} cannot tell the error", blind.join(", ")) };
    findings.push(Finding::new(&errors::TYPE_MEMBER, got, "the error's name"));
}

fn message(body: Option<&Object<'_>>, findings: &mut Vec<Finding>) {
    let member = |name| body.and_then(|body| body.last(name)).map(|member| member.kind());
    let got = match (member("message"), member("Message")) {
        (Some(Kind::String), _) => return,
        (Some(kind), _) => format!("`message` is {kind}"),
        (None, Some(_)) => "`Message`, as only the front end writes it".to_owned(),
        (None, None) => "no message".to_owned(),
    };
    findings.push(Finding::new(&errors::MESSAGE, got, "a string `message`"));
}

fn statuses(shape: &crate::cognito::ErrorShape) -> String {
    let statuses = shape.statuses;
    let mut known = vec![statuses.reference, statuses.model];
    known.extend(statuses.live);
    known.sort_unstable();
    known.dedup();
    known.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

/// What in a body tells of the server's inside, by the form that common runtimes give it.
fn stack_trace(body: &[u8]) -> Option<&'static str> {
    /// A marker, whether a line number must follow it (`File.java:12`), and what it shows. The first in this order counts.
    const MARKERS: &[(&str, bool, &str)] = &[
        ("Traceback (most recent call last)", false, "a Python traceback"),
        (".java:", true, "a JVM stack trace"),
        (".kt:", true, "a JVM stack trace"),
        (".scala:", true, "a JVM stack trace"),
        ("panicked at ", false, "a Rust panic"),
        (".rs:", true, "a Rust panic"),
        ("goroutine ", true, "a Go stack trace"),
        (".go:", true, "a Go stack trace"),
        (".js:", true, "a JavaScript stack trace"),
        (".ts:", true, "a JavaScript stack trace"),
        (".mjs:", true, "a JavaScript stack trace"),
        (".cjs:", true, "a JavaScript stack trace"),
        (".cs:line ", true, "a .NET stack trace"),
        (".rb:", true, "a Ruby backtrace"),
        (".php:", true, "a PHP error"),
        (".php on line ", false, "a PHP error"),
        ("/usr/src/", false, PATH),
        ("/usr/local/", false, PATH),
        ("/var/task/", false, PATH),
        ("/root/", false, PATH),
        ("/site-packages/", false, PATH),
        ("/node_modules/", false, PATH),
        ("/.cargo/registry/", false, PATH),
    ];
    const PATH: &str = "a path on the server's disk";
    static FINDERS: LazyLock<Vec<Finder<'_>>> =
        LazyLock::new(|| MARKERS.iter().map(|(marker, ..)| Finder::new(*marker)).collect());
    let is_in = |finder: &Finder<'_>, marker: &str, is_numbered: bool| {
        let is_digit = |at: usize| body.get(at + marker.len()).is_some_and(u8::is_ascii_digit);
        finder.find_iter(body).any(|at| !is_numbered || is_digit(at))
    };
    let mut markers = FINDERS.iter().zip(MARKERS);
    markers.find(|(finder, (marker, is_numbered, _))| is_in(finder, marker, *is_numbered)).map(|(_, (.., what))| *what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::START;
    use crate::wire::classify;

    /// The ids of the broken rules, of an answer with all the headers that are right unless given.
    fn broken(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<&'static str> {
        let length = body.len().to_string();
        let usual = [("Content-Type", CONTENT_TYPE), ("X-Amzn-RequestId", "1"), ("Content-Length", &length)];
        let given = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        let usual = usual.iter().filter(|(name, _)| !given(name));
        let headers = usual.chain(headers).filter(|(_, value)| *value != "-");
        let headers = headers.map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        let response = Response { status, headers, body: body.into() };
        let classification = classify(&START, &response);
        findings(&START, &response, &classification).iter().map(|finding| finding.rule.id).collect()
    }

    const OK: &str = r#"{"CredentialCreationOptions":{}}"#;
    const HEADER: (&str, &str) = ("x-amzn-errortype", "NotAuthorizedException:");
    const ERROR: &str = r#"{"__type":"NotAuthorizedException","message":"Invalid Access Token"}"#;

    #[test]
    fn cognitos_own_answers_have_nothing_wrong() {
        assert_eq!(broken(200, &[], OK), [""; 0]);
        assert_eq!(broken(200, &[("content-type", "application/x-amz-json-1.1; charset=utf-8")], OK), [""; 0]);
        for status in [400, 403] {
            assert_eq!(broken(status, &[HEADER], ERROR), [""; 0]);
        }
        assert_eq!(broken(400, &[], r#"{"__type":"SerializationException"}"#), [""; 0]);
        assert_eq!(
            broken(
                500,
                &[("x-amzn-errortype", "InternalErrorException:")],
                r#"{"__type":"InternalErrorException","message":"m"}"#
            ),
            [""; 0]
        );
    }

    #[test]
    fn each_rule_on_the_envelope_is_seen() {
        for (headers, body, want) in [
            (&[("content-type", "-")][..], OK, &["response.content-type"][..]),
            (&[("content-type", "application/json")], OK, &["response.content-type"]),
            (&[("content-type", "application/x-amz-json-1.0")], OK, &["response.content-type"]),
            (&[("x-amzn-requestid", "-")], OK, &["response.request-id"]),
            (&[("x-amzn-requestid", "-"), ("x-amz-request-id", "1")], OK, &["response.request-id"]),
            (&[("content-length", "3")], OK, &["response.framing"]),
            (&[("content-length", "x")], OK, &["response.framing"]),
            (&[("transfer-encoding", "chunked")], OK, &["response.framing"]),
            (&[("content-length", "-"), ("transfer-encoding", "chunked")], OK, &[]),
            (&[], "", &["response.json"]),
            (&[], "[]", &["response.json"]),
            (&[], "{", &["response.json"]),
            (&[], "{}", &["response.members"]),
            (&[], r#"{"CredentialCreationOptions":null}"#, &["response.members"]),
            (&[], r#"{"CredentialCreationOptions":{},"x":1}"#, &["response.unknown-members"]),
        ] {
            assert_eq!(broken(200, headers, body), want, "{headers:?} {body}");
        }
        assert_eq!(broken(201, &[], OK), ["response.status"]);
    }

    #[test]
    fn each_rule_on_errors_is_seen() {
        let code = |body: &str| body.replace("__type", "code");
        for (status, headers, body, want) in [
            (400, &[HEADER][..], "", &["error.type-member", "error.message"][..]),
            (400, &[HEADER], "{}", &["error.type-member", "error.message"]),
            (400, &[], &code(ERROR), &["error.type-member", "error.type-header", "error.message"][..2]),
            (400, &[HEADER], r#"{"__type":null,"message":"m"}"#, &["error.type-member"]),
            (400, &[("x-amzn-errortype", "ForbiddenException")], ERROR, &["error.code.agrees"]),
            (400, &[HEADER], r#"{"__type":"a.b#NotAuthorizedException","message":"m"}"#, &["error.type-bare"]),
            (
                400,
                &[HEADER],
                r#"{"__type":"a#b#NotAuthorizedException","message":"m"}"#,
                &["error.code.agrees", "error.type-bare"],
            ),
            (400, &[], ERROR, &["error.type-header"]),
            (400, &[HEADER], r#"{"__type":"NotAuthorizedException"}"#, &["error.message"]),
            (400, &[HEADER], r#"{"__type":"NotAuthorizedException","Message":"m"}"#, &["error.message"]),
            (400, &[HEADER], r#"{"__type":"NotAuthorizedException","message":1}"#, &["error.message"]),
            (401, &[HEADER], ERROR, &["error.status"]),
            (500, &[HEADER], ERROR, &["error.status", "error.status-fault"]),
            (302, &[HEADER], ERROR, &["error.status", "error.status-fault"]),
            (200, &[HEADER], ERROR, &["error.status-fault"]),
            (500, &[], r#"{"__type":"SerializationException"}"#, &["error.status-fault"]),
            (400, &[], r#"{"__type":"ValidationFailed"}"#, &["error.modelled"]),
            (
                400,
                &[("x-amzn-errortype", "UserNotFoundException:")],
                r#"{"__type":"UserNotFoundException","message":"m"}"#,
                &["error.modelled"],
            ),
            (400, &[], r#"{"message":"m"}"#, &["error.code"]),
            (400, &[], r#"{"Output":{"__type":"UnknownOperationException"},"Version":"1.0"}"#, &["error.code"]),
        ] {
            assert_eq!(broken(status, headers, body), want, "{status} {headers:?} {body}");
        }
    }

    #[test]
    fn traces_of_each_runtime_are_seen_and_plain_messages_are_not() {
        for text in [
            r#"Traceback (most recent call last):\n  File \"/app/x.py\", line 3"#,
            r#"java.lang.NullPointerException\n\tat x.y.Z(File.java:12)"#,
            r#"TypeError: x\n    at fn (/srv/index.js:1:2)"#,
            r#"thread 'main' panicked at src/main.rs:3:5"#,
            r#"goroutine 1 [running]:\nmain.main()"#,
            r#"   at X.Y() in /src/X.cs:line 7"#,
            r#"cannot open /usr/src/app/config"#,
        ] {
            let body = format!(r#"{{"__type":"NotAuthorizedException","message":"{text}"}}"#);
            assert_eq!(broken(400, &[HEADER], &body), ["response.no-stack-trace"], "{text}");
        }
        for text in ["Invalid Access Token", "goroutine", "look at (this)", "https://docs.example.com/a.js"] {
            assert_eq!(stack_trace(text.as_bytes()), None, "{text}");
        }
    }
}
