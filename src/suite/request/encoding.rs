//! The body's bytes: compression, byte order marks, other encodings, broken UTF-8.

use super::{Case, Request, Rows, UNREADABLE_OR_INVALID, with_unknown};
use crate::cognito::rules::request as rules;

/// White space in front of a body in which a token is not written in plain bytes. Reports leave long bodies out, and so
/// do not write what their redaction would not find.
const PADDING: usize = 8 * 1024;

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

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn utf32(text: &str, bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|c| bytes(u32::from(c))).collect()
}

/// A gzip file (RFC 1952) of stored blocks: compressed in form, if not in size.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        file.push(u8::from(blocks.peek().is_none()));
        file.extend(length.to_le_bytes());
        file.extend((!length).to_le_bytes());
        file.extend(block);
    }
    file.extend(crc32(bytes).to_le_bytes());
    file.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_gzip() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn gzip_reads_what_is_packed() {
        use std::io::Write;
        let text = "x".repeat(70_000);
        let mut child = std::process::Command::new("gzip")
            .arg("-dc")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("gzip is installed");
        let mut stdin = child.stdin.take().unwrap();
        let packed = gzip(text.as_bytes());
        let writer = std::thread::spawn(move || stdin.write_all(&packed));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success());
        assert_eq!(output.stdout, text.as_bytes());
    }
}
