//! The body's bytes: compression, byte order marks, other encodings, broken UTF-8.

use super::{Case, Request, Rows, UNREADABLE_OR_INVALID, with_unknown};
use crate::cognito::rules::request as rules;
use crate::generate::request::encoding::{PADDING, gzip, utf16, utf32};

pub(super) fn cases() -> Vec<Case> {
    [compression(), other_encodings(), broken_token(), broken_elsewhere()].concat()
}

fn compression() -> Vec<Case> {
    let gzipped = |token: &str| Request::start_with_body(gzip(&Request::start(token).body));
    vec![
        Case::refused("request.gzip.undeclared", "refuses a body in gzip that no header declares", &rules::JSON)
            .class(super::SERIALIZATION, &rules::JSON_CLASS_OTHER)
            .sends(gzipped),
        Case::observed("request.gzip.declared", "observes a body in gzip", &rules::CONTENT_ENCODING)
            .sends(move |token| gzipped(token).header("Content-Encoding", "gzip").raw()),
        Case::observed(
            "request.gzip.plain",
            "observes a plain body that a header calls gzip",
            &rules::CONTENT_ENCODING,
        )
        .sends(|token| Request::start(token).header("Content-Encoding", "gzip").raw()),
        Case::observed(
            "request.gzip.unknown",
            "observes a plain body in a content coding that no one knows",
            &rules::CONTENT_ENCODING,
        )
        .sends(|token| Request::start(token).header("Content-Encoding", "x-none").raw()),
    ]
}

fn other_encodings() -> Vec<Case> {
    const MARK: &str = "\u{feff}";
    const ENCODINGS: Rows<fn(&str) -> Vec<u8>> = &[
        ("utf-16-le", "UTF-16, little endian", |text| utf16(text, u16::to_le_bytes)),
        ("utf-16-be", "UTF-16, big endian", |text| utf16(text, u16::to_be_bytes)),
        ("utf-16-le-mark", "UTF-16, little endian, with its mark", |text| {
            utf16(&format!("{MARK}{text}"), u16::to_le_bytes)
        }),
        ("utf-16-be-mark", "UTF-16, big endian, with its mark", |text| {
            utf16(&format!("{MARK}{text}"), u16::to_be_bytes)
        }),
        ("utf-32-le", "UTF-32, little endian", |text| utf32(text, u32::to_le_bytes)),
        ("utf-32-be-mark", "UTF-32, big endian, with its mark", |text| {
            utf32(&format!("{MARK}{text}"), u32::to_be_bytes)
        }),
    ];
    let encodings = ENCODINGS.iter().map(|(id, what, encode)| {
        Case::observed(format!("request.encoding.{id}"), format!("observes a body in {what}"), &rules::JSON_ENCODING)
            .sends(|token| {
                let text = format!(r#"{}{{"AccessToken":"{token}"}}"#, " ".repeat(PADDING));
                Request::start_with_body(encode(&text))
            })
    });
    let mark = Case::observed("request.encoding.mark", "observes UTF-8 with a byte order mark", &rules::JSON_BOM)
        .sends(super::body("\u{feff}{\"AccessToken\":\"$T\"}"));
    encodings.chain([mark]).collect()
}

/// Invalid sequences in the token or in its name, which a lenient decoder would take for the right characters or drop.
fn broken_token() -> Vec<Case> {
    type Make = fn(&str) -> Vec<u8>;
    const BROKEN: Rows<Make> = &[
        ("overlong", "a token with its first dot as an overlong sequence", |token| {
            let (header, rest) = token.split_once('.').unwrap_or((token, ""));
            input(&[header.as_bytes(), b"\xc0\xae", rest.as_bytes()].concat())
        }),
        ("overlong-three", "a token with its first dot as an overlong sequence of three bytes", |token| {
            let (header, rest) = token.split_once('.').unwrap_or((token, ""));
            input(&[header.as_bytes(), b"\xe0\x80\xae", rest.as_bytes()].concat())
        }),
        ("overlong-name", "a member name with its first letter as an overlong sequence", |token| {
            [b"{\"\xc1\x81ccessToken\":\"", token.as_bytes(), b"\"}"].concat()
        }),
        ("invalid-byte", "a token with a byte behind it that UTF-8 never has", |token| {
            input(&[token.as_bytes(), b"\xff"].concat())
        }),
        ("cut-sequence", "a token with the beginning of a sequence behind it", |token| {
            input(&[token.as_bytes(), b"\xe2\x82"].concat())
        }),
        ("continuation", "a token with a continuation byte in front", |token| {
            input(&[b"\x80", token.as_bytes()].concat())
        }),
    ];
    BROKEN
        .iter()
        .map(|(id, what, make)| {
            // A decoder may put a replacement character in place; that is outside the pattern.
            Case::refused(format!("request.utf-8.{id}"), format!("refuses {what}"), &rules::JSON_UTF8)
                .class(UNREADABLE_OR_INVALID, &rules::JSON_CLASS_OTHER)
                .sends(|token| Request::start_with_body(make(token)))
        })
        .collect()
}

fn broken_elsewhere() -> Vec<Case> {
    const BROKEN: Rows<&'static [u8]> = &[
        ("latin-1", "Latin-1", b"caf\xe9"),
        ("surrogates", "surrogates in UTF-8", b"\xed\xa0\xbd\xed\xb8\x80"),
        ("overlong-nul", "an overlong NUL", b"\xc0\x80"),
        ("beyond-unicode", "a character beyond Unicode", b"\xf4\x90\x80\x80"),
        ("cut", "the beginning of a sequence", b"\xf0\x9f\x98"),
    ];
    BROKEN
        .iter()
        .map(|(id, what, bytes)| {
            let title = format!("observes {what} in an unknown member");
            Case::observed(format!("request.utf-8.unknown-member.{id}"), title, &rules::JSON_ENCODING).sends(|token| {
                let before = with_unknown(token, "\"");
                let open = before.strip_suffix('}').unwrap_or(&before);
                Request::start_with_body([open.as_bytes(), bytes, b"\"}"].concat())
            })
        })
        .collect()
}

fn input(token: &[u8]) -> Vec<u8> {
    [b"{\"AccessToken\":\"", token, b"\"}"].concat()
}
