//! The pieces that Markdown is put together from: nothing that a server had a part in can end a cell or become a link.

use crate::run::printable;
use crate::wire::cut;

/// The most of a value that stands in a cell, in characters.
const VALUE: usize = 160;

/// A count, in which nought is no digit, so that what is there stands out.
pub(super) fn count(n: usize) -> String {
    if n == 0 { "·".to_owned() } else { n.to_string() }
}

/// A number of things, in words.
pub(super) fn many(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A line of a table.
pub(super) fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The line below a head, whose first columns are words and whose others are numbers.
pub(super) fn rule(columns: usize, words: usize) -> String {
    format!("|{}{}\n", "---|".repeat(words.min(columns)), "--:|".repeat(columns.saturating_sub(words)))
}

/// What a server gave, as code; what is not there is told as such.
pub(super) fn value(text: Option<&str>) -> String {
    let Some(text) = text else { return "*nothing*".to_owned() };
    span(&cut(text, VALUE))
}

/// The text as code, in which nothing has a meaning but what would end it.
fn span(text: &str) -> String {
    let text = printable(text);
    let is_safe = !text.is_empty() && !text.contains(['`', '|', '\n']) && text.trim() == text;
    if is_safe { format!("`{text}`") } else { entities(&text) }
}

/// A sentence, with what stands between backquotes as code.
pub(super) fn words(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return entities(sentence);
    }
    let tell = |(n, part): (usize, &&str)| if n % 2 == 1 { span(part) } else { entities(part) };
    parts.iter().enumerate().map(tell).collect()
}

/// An id of cogspec's own.
pub(super) fn code(id: &str) -> String {
    // Ids that a file brought could be anything.
    let is_id = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if is_id { format!("`{id}`") } else { entities(id) }
}

/// The text on one line, in which nothing but letters, digits and a few signs stands for itself.
pub(super) fn entities(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let text = printable(text);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => safe.push(' '),
            // Where they would begin a link.
            '.' if ends_in_www(&safe) => safe.push_str("&#46;"),
            ':' if rest.peek() == Some(&' ') => safe.push(c),
            ' ' | '.' | '-' | ',' | ';' | '(' | ')' | '/' | '…' | '\'' => safe.push(c),
            c if c.is_alphanumeric() => safe.push(c),
            c => safe.push_str(&format!("&#{};", u32::from(c))),
        }
    }
    safe
}

fn ends_in_www(text: &str) -> bool {
    text.rsplit(|c: char| !c.is_ascii_alphabetic()).next().is_some_and(|word| word.eq_ignore_ascii_case("www"))
}
