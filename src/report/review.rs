//! A pending snapshot, for the person who is to accept or reject it.

use super::terminal::style::{BOLD, DIM, diff, line, paint};
use crate::snapshot::Pending;

/// The case, how it was known and how it is known now, and what differs, in colour: give it to a writer that strips it where
/// it is not wanted.
#[must_use]
pub fn review(pending: &Pending) -> String {
    let mut text = format!("{}\n", paint(BOLD, &line(&pending.case)));
    if !pending.title().is_empty() {
        text.push_str(&format!("  {}\n", line(pending.title())));
    }
    let before = pending.before().map_or_else(|| "no snapshot".to_owned(), |before| line(&before));
    text.push_str(&format!("  {} {before}\n  {} {}\n", paint(DIM, "was"), paint(DIM, "is "), line(&pending.after())));
    match pending.diff() {
        Some(changes) => text.push_str(&diff(&changes, "  ")),
        None => text.push_str("  the same observation\n"),
    }
    text
}
