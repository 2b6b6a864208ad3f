//! Defects of method, path and header fields that an HTTP library can carry.

use super::Layer::{ContentType, Header, Http, Target};
use super::Right::{Either, Refused, RefusedAs, Served};
use super::input::in_header;
use super::rows::head::{
    AUTHORIZATIONS, CONTENT_TYPES, Fields, IGNORED, METHODS, PARAMETERS, TARGETS, TWO_TARGETS, to,
};
use super::{RequestDefect, Right, row};
use crate::cognito::CONTENT_TYPE;
use crate::cognito::rules::request as rules;
use crate::wire::Request;

const TARGET: &str = "X-Amz-Target";
const UNKNOWN: Right = RefusedAs(&["UnknownOperationException"], &rules::TARGET_CLASS);

pub(super) static DEFECTS: &[RequestDefect] = &[
    RequestDefect::new("target.other", Target, &rules::TARGET, UNKNOWN, |request, _, u| {
        Ok(request.header(TARGET, to(row(u, TARGETS)?)))
    }),
    RequestDefect::new("target.changed", Target, &rules::TARGET, UNKNOWN, |request, _, u| {
        let right = to("$S.$O");
        // One character changed, added or taken away names another operation, whichever it is.
        let at = u.int_in_range(0..=right.len() - 1)?;
        let target = match u.int_in_range(0..=3)? {
            0 => right[..at].to_owned(),
            1 => format!("{}x{}", &right[..at], &right[at..]),
            2 => format!("{}{}", &right[..at], &right[at + 1..]),
            _ => format!("{}~{}", &right[..at], &right[at + 1..]),
        };
        Ok(request.header(TARGET, target))
    }),
    RequestDefect::new("target.missing", Target, &rules::TARGET, UNKNOWN, |request, _, u| {
        let request = request.without_header(TARGET);
        Ok(match u.int_in_range(0..=3)? {
            0 => request,
            1 => request.path(&to("/?X-Amz-Target=$S.$O")),
            2 => request.path(&to("/?Action=$O")),
            _ => request.header("Amz-Target", to("$S.$O")),
        })
    }),
    RequestDefect::new("target.twice", Target, &rules::HTTP_CHOICE, Either, |request, _, u| {
        let values = row(u, TWO_TARGETS)?;
        let request = request.without_header(TARGET);
        Ok(values.iter().fold(request, |request, value| request.and_header(TARGET, to(value))))
    }),
    RequestDefect::new("http.method", Http, &rules::METHOD, Refused, |request, _, u| {
        let (_, method) = *u.choose(METHODS)?;
        let request = request.method(method);
        Ok(if u.ratio(1, 8)? { request.header("X-HTTP-Method-Override", "POST") } else { request })
    })
    .may_close(),
    RequestDefect::new("http.path", Http, &rules::PATH, Refused, |request, _, u| {
        Ok(request.path(u.choose(&["/x", "/StartWebAuthnRegistration", "/a/b/c"])?))
    })
    .may_close(),
    RequestDefect::new("content-type.other", ContentType, &rules::CONTENT_TYPE, Refused, |request, _, u| {
        Ok(request.header("Content-Type", row(u, CONTENT_TYPES)?))
    }),
    RequestDefect::new("content-type.missing", ContentType, &rules::CONTENT_TYPE, Refused, |request, _, _| {
        Ok(request.without_header("Content-Type"))
    }),
    RequestDefect::new(
        "content-type.parameter",
        ContentType,
        &rules::CONTENT_TYPE_PARAMETERS,
        Served,
        |request, _, u| Ok(request.header("Content-Type", row(u, PARAMETERS)?)),
    ),
    RequestDefect::new("content-type.case", ContentType, &rules::CONTENT_TYPE_CASE, Served, |request, _, u| {
        let cased: arbitrary::Result<String> =
            CONTENT_TYPE.chars().map(|c| Ok(if u.arbitrary()? { c.to_ascii_uppercase() } else { c })).collect();
        Ok(request.header("Content-Type", cased?))
    }),
    // The front end is known to answer JSON's own type in an envelope of its own; the protocol's text has the header contain
    // the type, wherever.
    RequestDefect::new("content-type.json", ContentType, &rules::CONTENT_TYPE, Either, |request, _, u| {
        let odd =
            ["application/json", "application/json; charset=utf-8", "text/plain; type=\"application/x-amz-json-1.1\""];
        Ok(request.header("Content-Type", *u.choose(&odd)?))
    }),
    RequestDefect::new("content-type.twice", ContentType, &rules::HTTP_CHOICE, Either, |request, _, u| {
        let other = *u.choose(&[CONTENT_TYPE, "application/x-amz-json-1.0", "text/plain"])?;
        let values = if u.arbitrary()? { [CONTENT_TYPE, other] } else { [other, CONTENT_TYPE] };
        let request = request.without_header("Content-Type");
        Ok(values.into_iter().fold(request, |request, value| request.and_header("Content-Type", value)))
    }),
    RequestDefect::new("header.ignored", Header, &rules::HEADERS_IGNORED, Served, |request, _, u| {
        Ok(with_fields(request, row(u, IGNORED)?))
    }),
    RequestDefect::new("header.not-ascii", Header, &rules::HEADERS_IGNORED, Served, |request, _, u| {
        let length = u.int_in_range(1..=8)?;
        let value: arbitrary::Result<Vec<u8>> = (0..length).map(|_| u.int_in_range(0x80..=0xff)).collect();
        Ok(request.header("X-Unknown", value?))
    }),
    RequestDefect::new("header.expect", Header, &rules::EXPECT, Served, |request, _, _| {
        Ok(request.header("Expect", "100-continue"))
    }),
    RequestDefect::new("header.authorization", Header, &rules::AUTHORIZATION, Either, |request, token, u| {
        if u.ratio(1, 4)? {
            return Ok(request.header("Authorization", format!("Bearer {}", in_header(token))));
        }
        Ok(with_fields(request, row(u, AUTHORIZATIONS)?))
    }),
    RequestDefect::new("header.large", Header, &rules::HTTP_CHOICE, Either, |request, _, u| {
        Ok(request.header("X-Unknown", vec![b'a'; u.int_in_range(4..=64)? * 1024]))
    })
    .large()
    .may_close(),
    RequestDefect::new("header.many", Header, &rules::HTTP_CHOICE, Either, |request, _, u| {
        let count = u.int_in_range(33..=200)?;
        Ok((0..count).fold(request, |request, n| request.and_header(&format!("X-Unknown-{n}"), "a".repeat(16))))
    })
    .large()
    .may_close(),
];

fn with_fields(request: Request, fields: Fields) -> Request {
    fields.iter().fold(request, |request, (name, value)| request.header(name, *value))
}
