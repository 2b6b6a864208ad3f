//! Responses: a success or an error as a server could send it, right or with one labelled defect.

use arbitrary::Unstructured;
use serde_json::json;

use super::options;
use crate::cognito::{CONTENT_TYPE, ERRORS, PROTOCOL_ERRORS, START, error, protocol_error};
use crate::wire::Response;

/// What edits a response, and says what class it then has: a name as [`Class::name`](crate::wire::Class::name) gives
/// it, or nothing where the class stays.
type Edit = fn(&mut Response, &mut Unstructured<'_>) -> arbitrary::Result<Option<&'static str>>;

/// Which responses a defect can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// A success.
    Success,
    /// An error.
    Error,
    /// Either.
    Any,
}

/// One labelled defect.
pub struct ResponseDefect {
    /// The stable label.
    pub name: &'static str,
    /// What it is put into.
    pub to: To,
    edit: Edit,
}

impl std::fmt::Debug for ResponseDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn defect(name: &'static str, to: To, edit: Edit) -> ResponseDefect {
    ResponseDefect { name, to, edit }
}

const HEADER: &str = "x-amzn-errortype";

/// Every defect.
pub static DEFECTS: &[ResponseDefect] = &[
    defect("content-type", To::Any, |response, u| {
        let value = *u.choose(&["text/html", "application/json", "application/x-amz-json-1.0", ""])?;
        set_header(response, "content-type", value);
        Ok(None)
    }),
    defect("headers.none", To::Success, |response, _| {
        response.headers.clear();
        Ok(None)
    }),
    defect("headers.case", To::Any, |response, _| {
        response.headers.iter_mut().for_each(|(name, _)| name.make_ascii_uppercase());
        Ok(None)
    }),
    defect("truncated", To::Any, |response, u| {
        let end = u.int_in_range(1..=response.body.len().saturating_sub(1).max(1))?;
        response.body.truncate(end);
        Ok(Some("not-aws-json:truncated"))
    }),
    defect("empty.success", To::Success, |response, _| {
        response.body.clear();
        Ok(Some("not-aws-json:empty"))
    }),
    defect("empty.error", To::Error, |response, _| {
        response.body.clear();
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(HEADER));
        Ok(Some("not-aws-json:empty"))
    }),
    defect("html", To::Any, |response, u| {
        let page = *u.choose(&["<html></html>", "<!DOCTYPE html><p>", "\n<HTML>502 Bad Gateway"])?;
        response.body = page.into();
        Ok(Some("not-aws-json:html"))
    }),
    defect("xml", To::Any, |response, u| {
        let page = *u.choose(&["<?xml version='1.0'?><a/>", "<UnknownOperationException/>"])?;
        set_header(response, "content-type", "application/xml");
        response.body = page.into();
        Ok(Some("not-aws-json:xml"))
    }),
    defect("not-json", To::Any, |response, u| {
        match u.int_in_range(0..=3)? {
            0 => response.body.push(b'x'),
            1 => response.body.extend(b"{}"),
            2 => drop(response.body.splice(0..0, *b"\xef\xbb\xbf")),
            _ => response.body = b"{'a':1}".to_vec(),
        }
        Ok(Some("not-aws-json:not-json"))
    }),
    defect("not-object", To::Any, |response, u| {
        let value = *u.choose(&["null", "[]", "\"text\"", "1", "true", "[{}]"])?;
        response.body = value.into();
        Ok(Some("not-aws-json:not-object"))
    }),
    defect("success-with-error", To::Error, |response, u| {
        response.status = u.int_in_range(200..=299)?;
        Ok(Some("not-aws-json:success-with-error-body"))
    }),
    defect("status.success", To::Success, |response, u| {
        response.status = u.int_in_range(300..=599)?;
        Ok(Some("not-aws-json:no-code"))
    }),
    defect("status.error", To::Error, |response, u| {
        response.status = u.int_in_range(300..=599)?;
        Ok(None)
    }),
    defect("no-code", To::Error, |response, _| {
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(HEADER));
        response.body = br#"{"message":"m"}"#.to_vec();
        Ok(Some("not-aws-json:no-code"))
    }),
    defect("disagreeing", To::Error, |response, u| {
        // The header goes before every member.
        let shape = u.choose(ERRORS)?;
        set_header(response, HEADER, shape.name);
        Ok(Some(shape.name))
    }),
    defect("unknown-error", To::Error, |response, u| {
        let name = *u.choose(&["CogspecException", "notauthorizedexception"])?;
        set_header(response, HEADER, name);
        Ok(Some(if name == "CogspecException" { "unknown:CogspecException" } else { "unknown:notauthorizedexception" }))
    }),
    defect("unknown-members", To::Any, |response, _| {
        if response.body.pop().is_some() {
            response.body.extend(br#","Unknown":{"__type":"X","code":1}}"#);
        }
        Ok(None)
    }),
    defect("deep", To::Any, |response, u| {
        let depth = u.int_in_range(1..=5000)?;
        if response.body.pop().is_some() {
            response.body.extend(format!(",\"Unknown\":{}{}}}", "[".repeat(depth), "]".repeat(depth)).bytes());
        }
        Ok(None)
    }),
    defect("large", To::Any, |response, u| {
        let size = u.int_in_range(1..=10_000)?;
        if response.body.pop().is_some() {
            response.body.extend(format!(",\"Unknown\":\"{}\"}}", "a".repeat(size)).bytes());
        }
        Ok(None)
    }),
];

/// A drawn response.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The response.
    pub response: Response,
    /// Its one defect, if any.
    pub defect: Option<&'static ResponseDefect>,
    /// The name of the class that it has.
    pub class: &'static str,
    /// The options in it, where it is a success whose body was left as it was.
    pub options: Option<options::Drawn>,
}

/// Draws a response: a success or an error in any of the forms that the protocol allows, and a defect or none.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let drawn = right(u)?;
    if u.arbitrary()? {
        return Ok(drawn);
    }
    let kind = if drawn.class == "success" { To::Success } else { To::Error };
    let defect = u.choose(DEFECTS)?;
    if defect.to == To::Any || defect.to == kind { with(u, drawn, defect) } else { Ok(drawn) }
}

/// Puts a defect into a response that is right.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn with(u: &mut Unstructured<'_>, right: Drawn, defect: &'static ResponseDefect) -> arbitrary::Result<Drawn> {
    let mut drawn = right;
    let class = (defect.edit)(&mut drawn.response, u)?;
    Ok(Drawn { defect: Some(defect), class: class.unwrap_or(drawn.class), options: None, ..drawn })
}

/// Draws a response without a defect.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn right(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    if u.arbitrary()? { of_error(u) } else { of_success(u) }
}

/// Draws a success. Its options may have a defect: this is none of the response's, as long as they are JSON.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn of_success(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let mut options = options::draw(u)?;
    let is_json = |text: &[u8]| {
        std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
    };
    if !is_json(&options.text) {
        options = options::Drawn { base: options.base, defect: None, text: options.base.text().into() };
    }
    let mut body = format!("{{\"{}\":", START.output[0].name).into_bytes();
    body.extend(&options.text);
    body.push(b'}');
    let response = Response { status: 200, headers: headers(), body };
    Ok(Drawn { response, defect: None, class: "success", options: Some(options) })
}

/// Draws an error of the model or of the front end, named in one of the places and forms that the protocol knows.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn of_error(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let name = if u.arbitrary()? { u.choose(PROTOCOL_ERRORS)?.name } else { u.choose(ERRORS)?.name };
    let status = match (error(name), protocol_error(name)) {
        (Some(shape), _) => shape.statuses.model,
        (None, Some(error)) => error.status,
        (None, None) => 400,
    };
    let written = match u.int_in_range(0..=3)? {
        0 => name.to_owned(),
        1 => format!("{name}:"),
        2 => format!("com.amazonaws.cognitoidentityprovider#{name}"),
        _ => format!("aws.protocoltests.json#{name}:http://internal.amazon.com/coral/com.amazon.coral.validate/"),
    };
    let mut headers = headers();
    let body = match u.int_in_range(0..=3)? {
        0 => json!({ "__type": written, "message": "m" }),
        1 => json!({ "code": written, "message": "m" }),
        2 => {
            headers.push((HEADER.to_owned(), written.into_bytes()));
            json!({ "__type": name, "message": "m" })
        }
        _ => {
            headers.push((HEADER.to_owned(), written.into_bytes()));
            json!({ "message": "m" })
        }
    };
    let response = Response { status, headers, body: body.to_string().into_bytes() };
    Ok(Drawn { response, defect: None, class: name, options: None })
}

fn headers() -> Vec<(String, Vec<u8>)> {
    vec![
        ("Content-Type".to_owned(), CONTENT_TYPE.into()),
        ("x-amzn-RequestId".to_owned(), b"a1b2c3d4-0000-4000-8000-000000000000".to_vec()),
    ]
}

fn set_header(response: &mut Response, name: &str, value: &str) {
    response.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    response.headers.push((name.to_owned(), value.into()));
}
