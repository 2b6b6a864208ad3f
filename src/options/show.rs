//! Values as a person may read them: short, on one line, and without characters that a terminal obeys.

use std::borrow::Cow;

use crate::wire::is_invisible;

/// The most characters of a value that a finding repeats.
const SHOWN: usize = 80;

/// The start of a text, made printable.
pub(super) fn shorten(text: &str) -> String {
    let end = text.char_indices().nth(SHOWN).map(|(at, _)| at);
    match end {
        Some(at) => format!("{}… ({} bytes)", printable(&text[..at]), text.len()),
        None => printable(text).into_owned(),
    }
}

/// A text with its control and direction characters, and other invisible ones, written as `\u{…}`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !has_invisible(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a character of the text is without a glyph. Most text is ASCII, of which only the controls are.
pub(super) fn has_invisible(text: &str) -> bool {
    if text.is_ascii() { text.bytes().any(|b| b.is_ascii_control()) } else { text.contains(is_invisible) }
}
