//! Defects of the body's encoding: compression, byte order marks, other encodings, broken UTF-8.

use super::Layer::Body;
use super::Right::{Either, RefusedAs};
use super::rows::with_unknown;
use super::{RequestDefect, Right};
use crate::cognito::rules::request as rules;

const UNREADABLE: Right = RefusedAs(&["SerializationException"], &rules::JSON_CLASS_OTHER);
/// A decoder may put a replacement character in place; that is outside the pattern.
const UNREADABLE_OR_INVALID: Right =
    RefusedAs(&["SerializationException", "InvalidParameterException"], &rules::JSON_CLASS_OTHER);

/// White space in front of a body in which a token is not written in plain bytes. Reports leave long bodies out, and so
/// do not write what their redaction would not find.
pub(crate) const PADDING: usize = 8 * 1024;

/// Sequences that UTF-8 does not have: bytes that are in none, cut ones, overlong ones, surrogates, and what is beyond
/// Unicode.
const BROKEN: &[&[u8]] = &[
    b"\xff",
    b"\x80",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xc0\xae",
    b"\xe0\x80\xae",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xed\xa0\xbd\xed\xb8\x80",
    b"\xf4\x90\x80\x80",
];

pub(super) static DEFECTS: &[RequestDefect] = &[
    RequestDefect::new("encoding.gzip", Body, &rules::JSON, UNREADABLE, |request, _, _| {
        let body = gzip(&request.body);
        Ok(request.body(body))
    }),
    RequestDefect::new("encoding.utf-8", Body, &rules::JSON_UTF8, UNREADABLE_OR_INVALID, |request, token, u| {
        let broken = *u.choose(BROKEN)?;
        // In the token, for its first period, or for the first letter of its name.
        let (header, rest) = token.split_once('.').unwrap_or((token, ""));
        let parts: [&[u8]; 5] = match u.int_in_range(0..=3)? {
            0 => [b"AccessToken", header.as_bytes(), broken, rest.as_bytes(), b""],
            1 => [b"AccessToken", token.as_bytes(), broken, b"", b""],
            2 => [b"AccessToken", broken, token.as_bytes(), b"", b""],
            _ => [b"\xc1\x81ccessToken", token.as_bytes(), b"", b"", b""],
        };
        let [name, value @ ..] = parts;
        Ok(request.body([b"{\"", name, b"\":\"", &value.concat(), b"\"}"].concat()))
    }),
    RequestDefect::new("encoding.utf-8.unknown-member", Body, &rules::JSON_ENCODING, Either, |request, token, u| {
        let before = with_unknown(token, "\"");
        let open = before.strip_suffix('}').unwrap_or(&before);
        Ok(request.body([open.as_bytes(), u.choose(BROKEN)?, b"\"}"].concat()))
    }),
    RequestDefect::new("encoding.mark", Body, &rules::JSON_BOM, Either, |mut request, _, _| {
        request.body.splice(0..0, *b"\xef\xbb\xbf");
        Ok(request)
    }),
    RequestDefect::new("encoding.other", Body, &rules::JSON_ENCODING, Either, |request, token, u| {
        let mark = if u.arbitrary()? { "\u{feff}" } else { "" };
        let text = format!(r#"{mark}{}{{"AccessToken":"{token}"}}"#, " ".repeat(PADDING));
        Ok(request.body(match u.int_in_range(0..=3)? {
            0 => utf16(&text, u16::to_le_bytes),
            1 => utf16(&text, u16::to_be_bytes),
            2 => utf32(&text, u32::to_le_bytes),
            _ => utf32(&text, u32::to_be_bytes),
        }))
    }),
];

/// The text in UTF-16.
pub(crate) fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// The text in UTF-32.
pub(crate) fn utf32(text: &str, bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|c| bytes(u32::from(c))).collect()
}

/// A gzip file (RFC 1952) of stored blocks: compressed in form, if not in size.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
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
