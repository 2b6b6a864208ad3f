//! The defects of responses, part by part.

use std::sync::LazyLock;

use arbitrary::Unstructured;

use super::draft::{Body, Code, Draft, Envelope, Instead, Length, Output, Place, TypeMember};
use super::{Part, ResponseDefect, To};
use crate::cognito::{ERRORS, START, error};
use crate::generate::{count, options};

type Result = arbitrary::Result<()>;

const fn defect(
    name: &'static str,
    to: To,
    part: Part,
    rules: &'static [&'static str],
    edit: fn(&mut Draft, &mut Unstructured<'_>) -> Result,
) -> ResponseDefect {
    ResponseDefect { name, to, part, rules, edit }
}

const UNNAMED: &[&str] = &["CogspecException", "notauthorizedexception"];

pub(super) static DEFECTS: &[ResponseDefect] = &[
    defect("content-type.other", To::Any, Part::ContentType, &["response.content-type"], |draft, u| {
        let types = [None, Some("text/html"), Some("application/json"), Some("application/x-amz-json-1.0"), Some("")];
        draft.content_type = *u.choose(&types)?;
        Ok(())
    }),
    defect("content-type.parameter", To::Any, Part::ContentType, &[], |draft, u| {
        let types = ["application/x-amz-json-1.1; charset=utf-8", "Application/X-Amz-Json-1.1"];
        draft.content_type = Some(*u.choose(&types)?);
        Ok(())
    }),
    defect("request-id.none", To::Any, Part::RequestId, &["response.request-id"], |draft, _| {
        draft.request_id = None;
        Ok(())
    }),
    defect("request-id.other-header", To::Any, Part::RequestId, &["response.request-id"], |draft, u| {
        draft.request_id = Some(*u.choose(&["x-amz-request-id", "x-amzn-request-id"])?);
        Ok(())
    }),
    defect("headers.case", To::Any, Part::Case, &[], |draft, _| {
        draft.in_upper_case = true;
        Ok(())
    }),
    defect("length.right", To::Any, Part::Length, &[], |draft, _| {
        draft.length = Length::Right;
        Ok(())
    }),
    defect("length.wrong", To::Any, Part::Length, &["response.framing"], |draft, u| {
        draft.length = match u.int_in_range(0..=2)? {
            0 => Length::Wrong(u.int_in_range(1..=1000)?),
            1 => Length::Values(u.choose(&[&["x"][..], &["-1"], &["+0"], &[""], &["1000000", "1000001"]])?),
            _ => Length::Both,
        };
        Ok(())
    }),
    defect("body.empty", To::Success, Part::Body, &["response.json"], |draft, u| {
        draft.instead = Some((Instead::Blank, (*u.choose(&["", " ", "\r\n"])?).into()));
        Ok(())
    }),
    // The header names the error.
    defect("body.empty.error", To::Error, Part::Body, &["error.message", "error.type-member"], |draft, u| {
        draft.instead = Some((Instead::Blank, (*u.choose(&["", " ", "\r\n"])?).into()));
        Ok(())
    }),
    defect("body.truncated", To::Success, Part::Body, &["response.json"], truncate),
    defect("body.truncated.error", To::Error, Part::Body, &["error.type-member", "response.json"], truncate),
    defect("body.page", To::Success, Part::Body, &["response.json"], page),
    defect("body.page.error", To::Error, Part::Body, &["error.type-member", "response.json"], page),
    defect("body.not-json", To::Success, Part::Body, &["response.json"], not_json),
    defect("body.not-json.error", To::Error, Part::Body, &["error.type-member", "response.json"], not_json),
    defect("body.not-object", To::Success, Part::Body, &["response.json"], not_object),
    defect("body.not-object.error", To::Error, Part::Body, &["error.type-member", "response.json"], not_object),
    defect("members.unknown", To::Success, Part::Members, &["response.unknown-members"], more),
    defect("members.unknown.error", To::Error, Part::Members, &[], more),
    defect(
        "members.trace",
        To::Success,
        Part::Members,
        &["response.no-stack-trace", "response.unknown-members"],
        trace,
    ),
    defect("members.trace.error", To::Error, Part::Members, &["response.no-stack-trace"], trace),
    defect("status.success", To::Success, Part::Status, &["response.status"], |draft, u| {
        draft.status = *u.choose(&[201, 202, 203, 205, 206, 226, 299])?;
        Ok(())
    }),
    defect("status.no-success", To::Success, Part::Status, &["error.code"], |draft, u| {
        draft.status = *u.choose(&[301, 302, 308, 400, 403, 404, 429, 500, 502, 503, 599])?;
        Ok(())
    }),
    defect("header.error", To::Success, Part::Header, &["error.status-fault", "error.type-member"], |draft, u| {
        draft.header = Some(Code::bare(u.choose(ERRORS)?.name));
        Ok(())
    }),
    defect(
        "options.renamed",
        To::Success,
        Part::Output,
        &["response.members", "response.unknown-members"],
        |draft, u| {
            let names = ["credentialCreationOptions", "credential_creation_options", "CREDENTIALCREATIONOPTIONS"];
            let name = *u.choose(&names)?;
            output(draft, |output| output.place = Place::Renamed(name))
        },
    ),
    defect("options.twice", To::Success, Part::Output, &[], |draft, _| {
        output(draft, |output| output.place = Place::Last)
    }),
    defect(
        "options.wrapped",
        To::Success,
        Part::Output,
        &["response.members", "response.unknown-members"],
        |draft, u| {
            let wrapper = *u.choose(&["Output", "StartWebAuthnRegistrationResponse", "data"])?;
            output(draft, |output| output.place = Place::Within(wrapper))
        },
    ),
    defect("options.bare", To::Success, Part::Output, &["response.members", "response.unknown-members"], |draft, _| {
        output(draft, |output| {
            output.options = output.options.without_defects();
            output.place = Place::Body;
        })
    }),
    defect("options.null", To::Success, Part::Output, &["response.members"], |draft, _| {
        // Looked for once: among the defects are some that make a document of a megabyte.
        static NULL: LazyLock<Option<&options::OptionsDefect>> = LazyLock::new(|| {
            let is_null = |defect: &&options::OptionsDefect| defect.apply(BASE.document()) == b"null";
            options::defects(BASE).iter().filter(|defect| !defect.is_large).find(is_null)
        });
        const BASE: options::Base = options::Base::W3c;
        let null = NULL.iter().copied().collect();
        output(draft, |output| output.options = options::with(BASE, null, options::Form::Plain))
    }),
    defect(
        "options.missing",
        To::Success,
        Part::Output,
        &["response.members", "response.unknown-members"],
        |draft, _| output(draft, |output| output.place = Place::Nowhere),
    ),
    defect("status.of-success", To::Error, Part::Status, &["error.status-fault"], |draft, u| {
        draft.status = *u.choose(&[200, 201, 202, 299])?;
        Ok(())
    }),
    defect("status.redirect", To::Error, Part::Status, &["error.status", "error.status-fault"], |draft, u| {
        draft.status = *u.choose(&[301, 302, 307, 399])?;
        Ok(())
    }),
    defect("status.other-side", To::Error, Part::Status, &["error.status", "error.status-fault"], |draft, u| {
        let of_server = *u.choose(&[500, 502, 503, 599])?;
        let of_client = *u.choose(&[400, 403, 418, 499])?;
        draft.status = if draft.status >= 500 { of_client } else { of_server };
        Ok(())
    }),
    defect("status.other", To::Error, Part::Status, &["error.status"], |draft, u| {
        let (of_server, of_client) = (*u.choose(&[501, 502, 599])?, *u.choose(&[402, 418, 499])?);
        draft.status = if draft.status >= 500 { of_server } else { of_client };
        Ok(())
    }),
    defect("name.elsewhere", To::Error, Part::Name, &["error.modelled"], |draft, u| {
        let elsewhere: Vec<&'static str> =
            ERRORS.iter().map(|shape| shape.name).filter(|name| !START.errors.contains(name)).collect();
        let name = *u.choose(&elsewhere)?;
        draft.status = error(name).map_or(400, |shape| shape.statuses.model);
        rename(draft, name);
        Ok(())
    }),
    defect("name.unknown", To::Error, Part::Name, &["error.modelled"], |draft, u| {
        rename(draft, u.choose(UNNAMED)?);
        Ok(())
    }),
    defect("header.none", To::Error, Part::Header, &["error.type-header"], |draft, _| {
        draft.header = None;
        Ok(())
    }),
    defect("header.written", To::Error, Part::Header, &[], |draft, u| {
        if let Some(code) = &mut draft.header {
            code.written = written(code.name, u)?;
        }
        Ok(())
    }),
    defect("header.unknown", To::Error, Part::Header, &["error.code.agrees", "error.modelled"], |draft, u| {
        draft.header = Some(Code::bare(u.choose(UNNAMED)?));
        Ok(())
    }),
    defect("type.none", To::Error, Part::Type, &["error.type-member"], |draft, _| {
        envelope(draft, |envelope| envelope.type_member = TypeMember::None)
    }),
    defect("type.no-string", To::Error, Part::Type, &["error.type-member"], |draft, u| {
        let other = *u.choose(&["null", "true", "{}"])?;
        envelope(draft, |envelope| envelope.type_member = TypeMember::Other(other))
    }),
    defect("type.written", To::Error, Part::Type, &["error.type-bare"], |draft, u| {
        let Body::Error(Envelope { type_member: TypeMember::Code(code), .. }) = &mut draft.body else { return Ok(()) };
        code.written = written(code.name, u)?;
        Ok(())
    }),
    defect("type.twice", To::Error, Part::Type, &[], |draft, _| {
        envelope(draft, |envelope| {
            if let TypeMember::Code(code) = &envelope.type_member {
                envelope.type_member = TypeMember::Twice(code.clone());
            }
        })
    }),
    defect("type.other-name", To::Error, Part::Type, &["error.code.agrees"], |draft, _| {
        envelope(draft, |envelope| envelope.type_member = TypeMember::Code(Code::bare("CogspecException")))
    }),
    defect("code.too", To::Error, Part::Code, &[], |draft, u| {
        let name = draft.header.as_ref().map_or("CogspecException", |code| code.name);
        let written = if u.arbitrary()? { written(name, u)? } else { name.to_owned() };
        envelope(draft, |envelope| envelope.code = Some(Code { name, written }))
    }),
    // Every client looks elsewhere first, where the name is elsewhere.
    defect("code.other-name", To::Error, Part::Code, &[], |draft, u| {
        let name = *u.choose(UNNAMED)?;
        envelope(draft, |envelope| envelope.code = Some(Code::bare(name)))
    }),
    defect("message.wrong", To::Error, Part::Message, &["error.message"], |draft, u| {
        let messages = ["", r#""Message":"m","#, r#""message":null,"#, r#""message":["m"],"#, r#""MESSAGE":"m","#];
        let text = *u.choose(&messages)?;
        envelope(draft, |envelope| envelope.message = (text, false))
    }),
];

fn output(draft: &mut Draft, edit: impl FnOnce(&mut Output)) -> Result {
    if let Body::Success(output) = &mut draft.body {
        edit(output);
    }
    Ok(())
}

fn envelope(draft: &mut Draft, edit: impl FnOnce(&mut Envelope)) -> Result {
    if let Body::Error(envelope) = &mut draft.body {
        edit(envelope);
    }
    Ok(())
}

/// Gives the error that name wherever it has one.
fn rename(draft: &mut Draft, name: &'static str) {
    if let Some(header) = &mut draft.header {
        *header = Code::bare(name);
    }
    if let Body::Error(envelope) = &mut draft.body {
        envelope.type_member = TypeMember::Code(Code::bare(name));
    }
}

/// The name with a namespace, a URI, or both (Smithy, AWS JSON 1.1, Operation error serialization).
fn written(name: &str, u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    const URI: &str = "http://internal.amazon.com/coral/com.amazon.coral.validate/";
    Ok(match u.int_in_range(0..=4)? {
        0 => format!("{name}:"),
        1 => format!("{name}:{URI}"),
        2 => format!("com.amazonaws.cognitoidentityprovider#{name}"),
        // A `#` of the URI is behind the `:`, and none that counts.
        3 => format!("aws.protocoltests.json#{name}:{URI}#fault"),
        _ => format!("aws.protocoltests.json#{name}:{URI}"),
    })
}

/// The body's text. A part of a stack trace is one or not, so it is left out.
fn text(draft: &mut Draft) -> Vec<u8> {
    if draft.has_trace {
        draft.more.clear();
        draft.has_trace = false;
    }
    draft.text()
}

fn truncate(draft: &mut Draft, u: &mut Unstructured<'_>) -> Result {
    let mut text = text(draft);
    let mut end = u.int_in_range(1..=text.len().saturating_sub(1).max(1))?;
    // Within a character it would be no UTF-8.
    while text.get(end).is_some_and(|byte| byte & 0xc0 == 0x80) {
        end -= 1;
    }
    text.truncate(end);
    draft.instead = Some((Instead::Truncated, text));
    Ok(())
}

/// A gateway's page.
fn page(draft: &mut Draft, u: &mut Unstructured<'_>) -> Result {
    let (instead, text) = *u.choose(&[
        (Instead::Html, "<html></html>"),
        (Instead::Html, "<!DOCTYPE html><p>"),
        (Instead::Html, "\n<HTML>502 Bad Gateway"),
        (Instead::Xml, "<?xml version='1.0'?><a/>"),
        (Instead::Xml, "<UnknownOperationException/>"),
    ])?;
    // By its type, XML may be a page.
    let is_page = instead == Instead::Xml && draft.content_type == Some("text/html");
    draft.instead = Some((if is_page { Instead::Html } else { instead }, text.into()));
    Ok(())
}

fn not_json(draft: &mut Draft, u: &mut Unstructured<'_>) -> Result {
    let mut text = text(draft);
    match u.int_in_range(0..=4)? {
        0 => text.push(b'x'),
        1 => text.extend(b"{}"),
        2 => drop(text.splice(0..0, *b"\xef\xbb\xbf")),
        3 => text = b"{'a':1}".to_vec(),
        _ => text = b"Internal Server Error".to_vec(),
    }
    draft.instead = Some((Instead::NotJson, text));
    Ok(())
}

fn not_object(draft: &mut Draft, u: &mut Unstructured<'_>) -> Result {
    let text = *u.choose(&["null", "[]", "\"text\"", "1", "true", "[{}]", "[{\"__type\":\"CogspecException\"}]"])?;
    draft.instead = Some((Instead::NotObject, text.into()));
    Ok(())
}

/// A member more, of any size and depth.
fn more(draft: &mut Draft, u: &mut Unstructured<'_>) -> Result {
    draft.more += &match u.int_in_range(0..=2)? {
        0 => r#","Unknown":{"__type":"X","code":1}"#.to_owned(),
        1 => {
            let depth = count(u, 1, 200, 5000)?;
            format!(",\"Unknown\":{}{}", "[".repeat(depth), "]".repeat(depth))
        }
        _ => format!(",\"Unknown\":\"{}\"", "a".repeat(count(u, 1, 200, 10_000)?)),
    };
    Ok(())
}

fn trace(draft: &mut Draft, u: &mut Unstructured<'_>) -> Result {
    const TRACES: [&str; 5] = [
        r"Traceback (most recent call last):\n  File \u0022app.py\u0022, line 3",
        r"java.lang.NullPointerException\n\tat x.y.Z(File.java:12)",
        r"TypeError: x\n    at fn (/srv/index.js:1:2)",
        r"thread 'main' panicked at src/main.rs:3:5",
        r"cannot open /usr/src/app/config",
    ];
    draft.more += &format!(",\"Unknown\":\"{}\"", u.choose(&TRACES)?);
    draft.has_trace = true;
    Ok(())
}
