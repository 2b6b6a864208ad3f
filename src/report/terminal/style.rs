//! Colours, and text that others wrote made safe to print.

use anstyle::{AnsiColor, Style};

use crate::run::{Verdict, printable};
use crate::wire::cut;

pub(in crate::report) const BOLD: Style = Style::new().bold();
pub(in crate::report) const DIM: Style = Style::new().dimmed();
pub(in crate::report) const ADDED: Style = AnsiColor::Green.on_default();
pub(in crate::report) const REMOVED: Style = AnsiColor::Red.on_default();

pub(in crate::report) fn of_verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => AnsiColor::Green.on_default(),
        Verdict::Note => AnsiColor::Cyan.on_default(),
        Verdict::Warn | Verdict::Fixed => AnsiColor::Yellow.on_default(),
        Verdict::Fail | Verdict::Error => AnsiColor::Red.on_default().bold(),
        Verdict::Known | Verdict::Skip => DIM,
        Verdict::Inconclusive => AnsiColor::Magenta.on_default(),
    }
}

pub(in crate::report) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The text on one line, without anything that steers a terminal.
pub(in crate::report) fn line(text: &str) -> String {
    printable(text.trim_end()).replace('\n', "\\n")
}

/// As [`line()`], cut where it is longer than `limit` characters.
pub(in crate::report) fn short(text: &str, limit: usize) -> String {
    cut(&line(text), limit).into_owned()
}

/// Lines that begin with `-` and `+` in colour, each indented.
pub(in crate::report) fn diff(diff: &str, indent: &str) -> String {
    let mut text = String::new();
    for diff_line in printable(diff).lines() {
        let styled = match diff_line.as_bytes().first() {
            Some(b'-') => paint(REMOVED, diff_line),
            Some(b'+') => paint(ADDED, diff_line),
            _ => diff_line.to_owned(),
        };
        text.push_str(format!("{indent}{styled}").trim_end());
        text.push('\n');
    }
    text
}
