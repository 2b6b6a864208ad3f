//! What the readers of TOML files share.

use std::ops::Range;

/// The line on which a span of the text begins, counted from 1.
pub(crate) fn line_of(text: &str, span: Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}
