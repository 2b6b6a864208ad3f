//! Defects that only bytes on a socket can have: the request line, the syntax of header fields, where the body ends.

use super::Layer::Framing;
use super::Right::{Either, Refused, Served};
use super::encoding::gzip;
use super::rows::framing::{
    BROKEN_CHUNKS, BROKEN_FIELDS, BROKEN_TARGETS, CHUNKED, CHUNKED_LINE, CODINGS, END, EQUAL_LENGTHS, INCOMPLETE,
    ODD_FIELDS, WHITE_SPACE, WRONG_LENGTHS, hex, one_chunk,
};
use super::{RequestDefect, row, row_of};
use crate::cognito::TARGET_PREFIX;
use crate::cognito::rules::request as rules;
use crate::wire::Request;

pub(super) static DEFECTS: &[RequestDefect] = &[
    RequestDefect::new("socket.plain", Framing, &rules::NO_SIGNATURE, Served, |request, _, _| Ok(request.raw())),
    RequestDefect::new("length.wrong", Framing, &rules::FRAMING, Refused, |request, _, u| {
        let lines = row(u, WRONG_LENGTHS)?(request.body.len());
        let body = request.body.clone();
        // What is cut off must be more than white space.
        let last = body.iter().rposition(|byte| *byte == b'}').unwrap_or(body.len() / 2);
        let is_short = lines == format!("Content-Length: {}\r\n", body.len().saturating_sub(2));
        let lines = if is_short { format!("Content-Length: {}\r\n", u.int_in_range(0..=last)?) } else { lines };
        Ok(RIGHT.bytes(request, &lines, &body))
    })
    .may_close(),
    RequestDefect::new("length.twice", Framing, &rules::HTTP_CHOICE, Either, |request, _, u| {
        let body = request.body.clone();
        let lines = row(u, EQUAL_LENGTHS)?(body.len());
        Ok(RIGHT.bytes(request, &lines, &body))
    })
    .may_wait(),
    RequestDefect::new("chunked", Framing, &rules::CHUNKED, Served, |request, _, u| {
        let body = row(u, CHUNKED)?(&request.body);
        let line = *u.choose(&[CHUNKED_LINE, "Transfer-Encoding: CHUNKED\r\n"])?;
        Ok(RIGHT.bytes(request, line, &body))
    }),
    RequestDefect::new("chunked.broken", Framing, &rules::HTTP_GRAMMAR, Refused, |request, _, u| {
        let body = row(u, BROKEN_CHUNKS)?(&request.body);
        Ok(RIGHT.bytes(request, CHUNKED_LINE, &body))
    })
    .may_close(),
    RequestDefect::new("chunked.not", Framing, &rules::FRAMING, Refused, |request, _, _| {
        // Whole by its length, no chunks by its coding. What could be the beginning of a chunk would be waited for.
        let body = if request.body.starts_with(b"{") { request.body.clone() } else { b"{}".to_vec() };
        let lines = format!("{CHUNKED_LINE}Content-Length: {}\r\n", body.len());
        Ok(RIGHT.bytes(request, &lines, &body))
    })
    .may_close(),
    RequestDefect::new("chunked.and-length", Framing, &rules::HTTP_CHOICE, Either, |request, _, _| {
        let body = one_chunk(&request.body, hex, END);
        let lines = format!("{CHUNKED_LINE}Content-Length: {}\r\n", body.len());
        Ok(RIGHT.bytes(request, &lines, &body))
    })
    .may_wait(),
    RequestDefect::new("coding.other", Framing, &rules::FRAMING, Refused, |request, _, u| {
        let body = one_chunk(&request.body, hex, END);
        Ok(RIGHT.bytes(request, row_of(u, CODINGS, &rules::FRAMING)?, &body))
    })
    .may_close(),
    RequestDefect::new("coding.gzip", Framing, &rules::TRANSFER_CODING, Refused, |request, _, u| {
        let body = one_chunk(&request.body, hex, END);
        Ok(RIGHT.bytes(request, row_of(u, CODINGS, &rules::TRANSFER_CODING)?, &body))
    })
    .may_close(),
    RequestDefect::new("incomplete", Framing, &rules::INCOMPLETE, Refused, |request, _, u| {
        let (lines, body) = row(u, INCOMPLETE)?(&request.body);
        Ok(RIGHT.bytes(request, &lines, &body))
    })
    .may_wait(),
    RequestDefect::new("version.1.0", Framing, &rules::HTTP_VERSION, Served, |request, _, _| {
        Ok(OnSocket { version: " HTTP/1.0", ..RIGHT }.whole(request))
    }),
    RequestDefect::new("version.2.0", Framing, &rules::HTTP_VERSION, Refused, |request, _, _| {
        Ok(OnSocket { version: " HTTP/2.0", ..RIGHT }.whole(request))
    })
    .may_close(),
    RequestDefect::new("version.broken", Framing, &rules::HTTP_GRAMMAR, Refused, |request, _, u| {
        let version = *u.choose(&["", " http/1.1"])?;
        Ok(OnSocket { version, ..RIGHT }.whole(request))
    })
    .may_close(),
    RequestDefect::new("host.wrong", Framing, &rules::HOST, Refused, |request, _, u| {
        let hosts: [&'static [&'static str]; 3] =
            [&[], &["Host: {host}", "Host: cognito-idp.us-east-1.amazonaws.com"], &["Host: a b/c"]];
        let host = *u.choose(&hosts)?;
        Ok(OnSocket { host, ..RIGHT }.whole(request))
    })
    .may_close(),
    RequestDefect::new("host.other", Framing, &rules::HTTP_CHOICE, Either, |request, _, _| {
        Ok(OnSocket { host: &["Host: passkeys.example.org"], ..RIGHT }.whole(request))
    })
    .may_wait(),
    RequestDefect::new("line.leading", Framing, &rules::LEADING_LINE, Served, |request, _, _| {
        let mut bytes = b"\r\n".to_vec();
        bytes.extend(request.raw_text());
        Ok(request.raw_bytes(bytes))
    }),
    RequestDefect::new("line.bare-lf", Framing, &rules::HTTP_CHOICE, Either, |request, _, _| {
        Ok(OnSocket { line_end: "\n", ..RIGHT }.whole(request))
    })
    .may_wait(),
    RequestDefect::new("path.absolute-form", Framing, &rules::ABSOLUTE_FORM, Served, |request, _, _| {
        let path = format!("{{scheme}}://{{host}}{}", request.path);
        Ok(request.path(&path).raw())
    }),
    RequestDefect::new("path.no-path", Framing, &rules::HTTP_GRAMMAR, Refused, |request, _, u| {
        Ok(at(request, u.choose(&["*", "x"])?))
    })
    .may_close(),
    RequestDefect::new("path.odd", Framing, &rules::HTTP_CHOICE, Either, |request, _, u| {
        Ok(at(request, u.choose(&["//", "/?x=1", "/%2e", "/."])?))
    })
    .may_wait(),
    RequestDefect::new("field.name-case", Framing, &rules::HEADER_CASE, Served, |mut request, _, u| {
        for (name, _) in &mut request.headers {
            let cased: arbitrary::Result<String> = name
                .chars()
                .map(|c| Ok(if u.arbitrary()? { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }))
                .collect();
            *name = cased?;
        }
        Ok(request.raw())
    }),
    RequestDefect::new("field.white-space", Framing, &rules::HEADER_WHITE_SPACE, Served, |request, _, u| {
        let line = row(u, WHITE_SPACE)?.replace("$S", TARGET_PREFIX);
        // Another defect of the target is left.
        let targets = |request: &Request| -> Vec<Vec<u8>> {
            request.headers.iter().filter(|(name, _)| name == "X-Amz-Target").map(|(_, value)| value.clone()).collect()
        };
        let is_right = targets(&request) == targets(&Request::start(""));
        Ok(if is_right { with_target_line(request, &line) } else { request.raw() })
    }),
    RequestDefect::new("field.colon", Framing, &rules::HEADER_COLON, Refused, |request, _, u| {
        Ok(OnSocket { more: row_of(u, BROKEN_FIELDS, &rules::HEADER_COLON)?, ..RIGHT }.whole(request))
    })
    .may_close(),
    RequestDefect::new("field.broken", Framing, &rules::HTTP_GRAMMAR, Refused, |request, _, u| {
        Ok(OnSocket { more: row_of(u, BROKEN_FIELDS, &rules::HTTP_GRAMMAR)?, ..RIGHT }.whole(request))
    })
    .may_close(),
    RequestDefect::new("field.broken-target", Framing, &rules::TARGET, Refused, |request, _, u| {
        let line = format!("X-Amz-Target: {}", row(u, BROKEN_TARGETS)?.replace("$S", TARGET_PREFIX));
        Ok(with_target_line(request, &line))
    })
    .may_close(),
    RequestDefect::new("field.odd", Framing, &rules::HTTP_CHOICE, Either, |request, _, u| {
        let line = row(u, ODD_FIELDS)?;
        Ok(OnSocket { more: &[line], ..RIGHT }.whole(request))
    })
    .may_wait(),
    RequestDefect::new("header.accept", Framing, &rules::HTTP_CHOICE, Either, |request, _, _| {
        Ok(request.header("Accept", "text/html").raw())
    })
    .may_wait(),
    RequestDefect::new("content-encoding", Framing, &rules::CONTENT_ENCODING, Either, |request, _, u| {
        let body = if u.arbitrary()? { gzip(&request.body) } else { request.body.clone() };
        let coding = *u.choose(&["gzip", "x-none"])?;
        Ok(request.body(body).header("Content-Encoding", coding).raw())
    })
    .may_wait(),
];

/// How a request is written on a socket.
struct OnSocket<'a> {
    /// What follows the path.
    version: &'a str,
    /// The lines of `Host`.
    host: &'a [&'a str],
    /// Lines behind the other header fields.
    more: &'a [&'a str],
    /// What ends a line.
    line_end: &'a str,
}

/// As it should be.
const RIGHT: OnSocket<'static> =
    OnSocket { version: " HTTP/1.1", host: &["Host: {host}"], more: &[], line_end: "\r\n" };

impl OnSocket<'_> {
    /// With the right length and the request's body.
    fn whole(&self, request: Request) -> Request {
        let length = format!("Content-Length: {}{}", request.body.len(), self.line_end);
        let body = request.body.clone();
        self.bytes(request, &length, &body)
    }

    /// With these whole lines for the body's length, and these bytes behind the head.
    fn bytes(&self, request: Request, length: &str, body: &[u8]) -> Request {
        let mut bytes = format!("{} {}{}{}", request.method, request.path, self.version, self.line_end).into_bytes();
        let mut line = |parts: &[&[u8]]| {
            parts.iter().for_each(|part| bytes.extend_from_slice(part));
            bytes.extend(self.line_end.bytes());
        };
        self.host.iter().for_each(|host| line(&[host.as_bytes()]));
        request.headers.iter().for_each(|(name, value)| line(&[name.as_bytes(), b": ", value]));
        self.more.iter().for_each(|more| line(&[more.as_bytes()]));
        bytes.extend(length.bytes());
        bytes.extend(self.line_end.bytes());
        bytes.extend(body);
        request.raw_bytes(bytes)
    }
}

/// The request at that path, unless its path is wrong already: then that defect is left.
fn at(request: Request, path: &str) -> Request {
    if request.path == "/" { request.path(path).raw() } else { request.raw() }
}

/// The request with that line for its target.
fn with_target_line(request: Request, line: &str) -> Request {
    OnSocket { more: &[line], ..RIGHT }.whole(request.without_header("X-Amz-Target"))
}
