//! Text that a server chose, made fit for a report.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Bytes in a JSON document: text as it is, or base64 where they are none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Bytes {
    Text(String),
    Base64(String),
}

impl Bytes {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64(data_encoding::BASE64.encode(bytes)),
        }
    }

    /// The bytes again; what a file brings need not be base64.
    pub(crate) fn decode(self) -> Result<Vec<u8>, data_encoding::DecodeError> {
        match self {
            Bytes::Text(text) => Ok(text.into_bytes()),
            Bytes::Base64(text) => data_encoding::BASE64.decode(text.as_bytes()),
        }
    }
}

/// Text that looks like a token replaced by `<token>`: a run of at least 20 token characters that begins like the
/// base64url of a JSON object (`eyJ`). For answers that hand a token back; it is no substitute for the redaction of secrets
/// that are known.
#[must_use]
pub fn mask_tokens(text: &str) -> Cow<'_, str> {
    const SHORTEST: usize = 20;
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.');
    let mut masked = String::new();
    let (mut rest, mut found) = (text, false);
    while let Some(start) = rest.find("eyJ") {
        let run = rest[start..].find(|c| !is_token(c)).unwrap_or(rest.len() - start);
        masked.push_str(&rest[..start]);
        if run >= SHORTEST {
            masked.push_str("<token>");
            found = true;
        } else {
            masked.push_str(&rest[start..start + run]);
        }
        rest = &rest[start + run..];
    }
    if !found {
        return Cow::Borrowed(text);
    }
    masked.push_str(rest);
    Cow::Owned(masked)
}

/// The text, or so many characters of its beginning with an ellipsis.
pub(crate) fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}

/// Text on one line, without control characters and without tokens, at most `longest` characters of it.
#[must_use]
pub fn printable(text: &str, longest: usize) -> String {
    let masked = mask_tokens(text);
    let mut line = String::new();
    for c in masked.chars().take(longest) {
        if is_invisible(c) {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    if masked.chars().nth(longest).is_some() {
        line.push('…');
    }
    line
}

/// Whether it is a control, a direction mark, a byte order mark, a soft hyphen or another character without a glyph.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_masked_and_other_text_is_not() {
        let token = "eyJraWQiOiJ4IiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiIxIn0.c2ln";
        assert_eq!(mask_tokens(&format!("bad ({token}), {token}")), "bad (<token>), <token>");
        assert_eq!(mask_tokens("eyJ is short, as is eyJhbGciOiJ9"), "eyJ is short, as is eyJhbGciOiJ9");
    }

    #[test]
    fn control_characters_are_shown_and_long_text_is_cut() {
        assert_eq!(printable("a\u{1b}[31m\n\u{202e}b", 40), "a\\u{1b}[31m\\n\\u{202e}b");
        assert_eq!(printable("äöü", 2), "äö…");
    }
}
