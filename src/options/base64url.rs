//! Base64url as WebAuthn defines it: no padding, no other characters, canonical.

use data_encoding::BASE64URL_NOPAD;

use crate::cognito::rules::options as w3c;

use super::checker::{Checker, Path};
use super::show::shorten;

/// The bytes of a text, or nothing and findings. Text with padding is read all the same, after its finding.
pub(super) fn decode(c: &mut Checker<'_>, text: &str, at: &Path<'_>) -> Option<Vec<u8>> {
    if let Ok(bytes) = BASE64URL_NOPAD.decode(text.as_bytes()) {
        return Some(bytes);
    }
    let unpadded = text.trim_end_matches('=');
    let foreign = unpadded.char_indices().find(|(_, c)| !matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_'));
    if let Some((index, character)) = foreign {
        let got = format!("{character:?} at {index} of \"{}\"", shorten(text));
        c.report(&w3c::BASE64URL_ALPHABET, at, got, "A-Z a-z 0-9 - _");
        return None;
    }
    if unpadded.len() < text.len() {
        c.report(&w3c::BASE64URL_PADDING, at, format!("\"{}\"", shorten(text)), "no = at the end");
    }
    if let Ok(bytes) = BASE64URL_NOPAD.decode(unpadded.as_bytes()) {
        return Some(bytes);
    }
    // The characters are right: what is left is their number, or the bits of the last.
    if unpadded.len() % 4 == 1 {
        let got = format!("{} characters: \"{}\"", unpadded.len(), shorten(text));
        c.report(&w3c::BASE64URL_LENGTH, at, got, "a length that is not 1 modulo 4");
    } else {
        let got = format!("bits left over in \"{}\"", shorten(text));
        c.report(&w3c::BASE64URL_CANONICAL, at, got, "zero bits");
    }
    None
}

/// Whether it is the text of a UUID. Being 36 characters of base64url's alphabet, it decodes, to 27 bytes.
pub(super) fn is_uuid_text(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}
