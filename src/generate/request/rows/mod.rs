//! What can be wrong or unusual in a request, row by row: the suite makes a case of each, the generator draws one.

pub(crate) mod framing;
pub(crate) mod head;
pub(crate) mod input;
pub(crate) mod json;

/// A table: the end of the case's id, what it is in words, and the thing itself.
pub(crate) type Rows<T> = &'static [(&'static str, &'static str, T)];

/// The text with the token in place of each `$T`.
pub(crate) fn fill(template: &str, token: &str) -> String {
    template.replace("$T", token)
}

/// A valid input with one more member, its value as JSON text that may be broken.
pub(crate) fn with_unknown(token: &str, value: &str) -> String {
    format!(r#"{{"AccessToken":"{token}","Unknown":{value}}}"#)
}

/// Opening and closing halves around a zero, repeated.
pub(crate) fn nested(depth: usize, open: &str, close: &str) -> String {
    open.repeat(depth) + "0" + &close.repeat(depth)
}
