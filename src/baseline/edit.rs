//! Writing a baseline: a first one, and one brought up to date without touching what people wrote into it.

use std::collections::BTreeMap;

use toml_edit::{Array, DocumentMut, Item, Table, TomlError, value};

use super::file::{Baseline, Entry, KNOWN, VERSION};
use crate::cognito::Severity;
use crate::suite::Side;

/// How a case fails that is to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// A failure or a warning.
    pub severity: Severity,
    /// The lines of its fingerprint.
    pub fingerprint: Vec<String>,
    /// What it shows, for a comment.
    pub title: String,
}

/// What an update does, each by case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Failures that are not listed yet.
    pub added: Vec<String>,
    /// Listed failures that fail otherwise now.
    pub changed: Vec<String>,
    /// Entries that no longer hold.
    pub removed: Vec<String>,
}

impl Changes {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// The text of a first baseline of what is on that side. Entries without a reason are refused until somebody gives them one.
#[must_use]
pub fn init(of: &str, side: Side, failing: &BTreeMap<String, Failing>, reason: &str) -> String {
    let mut document = DocumentMut::new();
    document["version"] = value(VERSION);
    if let Some(mut version) = document.key_mut("version") {
        version.leaf_decor_mut().set_prefix(head(of, side));
    }
    for (case, failing) in failing {
        add(&mut document, case, failing, reason);
    }
    document.to_string()
}

/// The text of a baseline after a run: what is fixed or gone is removed, and unless it is only to be pruned, what fails anew is
/// added without a reason but the given one, and what fails otherwise gets its new fingerprint.
///
/// # Errors
/// When the text is not TOML.
pub fn update(
    baseline: &Baseline,
    text: &str,
    failing: &BTreeMap<String, Failing>,
    is_gone: impl Fn(&str) -> bool,
    reason: Option<&str>,
) -> Result<(String, Changes), TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let mut changes = Changes::default();
    for case in baseline.cases().filter(|case| !failing.contains_key(*case) && is_gone(case)) {
        remove(&mut document, case);
        changes.removed.push(case.to_owned());
    }
    let Some(reason) = reason else { return Ok((document.to_string(), changes)) };
    for (case, failing) in failing {
        match baseline.entry(case) {
            None => {
                add(&mut document, case, failing, reason);
                changes.added.push(case.clone());
            }
            Some(entry) if !is_same(entry, failing) => {
                let listed = &mut document[KNOWN][case.as_str()];
                match (word(failing.severity), listed.as_table_like_mut()) {
                    (Some(word), _) => listed["verdict"] = value(word),
                    (None, Some(entry)) => drop(entry.remove("verdict")),
                    (None, None) => {}
                }
                listed["fingerprint"] = fingerprint(&failing.fingerprint);
                changes.changed.push(case.clone());
            }
            Some(_) => {}
        }
    }
    Ok((document.to_string(), changes))
}

fn is_same(entry: &Entry, failing: &Failing) -> bool {
    entry.severity == failing.severity && entry.fingerprint == failing.fingerprint
}

fn head(of: &str, side: Side) -> String {
    let (run, case) = match side {
        Side::Server => ("run", "case"),
        Side::Client => ("clients run", "scenario"),
    };
    format!(
        "# Known failures of {of}: `cogspec {run} --baseline FILE` tells them as `known`.\n\
         #\n\
         # An entry is a {case}, how it fails (its fingerprint), and why that is known: `reason` must not be empty. `link` and\n\
         # `expires` (a day) may be given too, `verdict = \"warn\"` for what only warns, and `flaky = true` for what fails in\n\
         # some runs only. A {case} that fails in another way is a failure; one that no longer fails is\n\
         # `fixed`, and `cogspec baseline update` removes it.\n"
    )
}

fn add(document: &mut DocumentMut, case: &str, failing: &Failing, reason: &str) {
    let mut entry = Table::new();
    if let Some(word) = word(failing.severity) {
        entry["verdict"] = value(word);
    }
    entry["fingerprint"] = fingerprint(&failing.fingerprint);
    entry["reason"] = value(reason);
    entry.decor_mut().set_prefix(format!("\n# {}\n", failing.title.replace(char::is_control, " ")));
    let known = document.entry(KNOWN).or_insert_with(|| {
        let mut known = Table::new();
        known.set_implicit(true);
        Item::Table(known)
    });
    known[case] = Item::Table(entry);
}

fn remove(document: &mut DocumentMut, case: &str) {
    if let Some(known) = document.get_mut(KNOWN).and_then(Item::as_table_like_mut) {
        known.remove(case);
    }
}

/// One line, or a line each where there are several.
fn fingerprint(lines: &[String]) -> Item {
    let mut array: Array = lines.iter().map(String::as_str).collect();
    if lines.len() > 1 {
        array.iter_mut().for_each(|line| line.decor_mut().set_prefix("\n    "));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    value(array)
}

/// The verdict that is written down; a failure is what an entry is without one.
fn word(severity: Severity) -> Option<&'static str> {
    (severity == Severity::Warn).then_some("warn")
}
