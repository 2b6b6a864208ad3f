//! Reading a baseline, strictly.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;
use toml_edit::{Datetime, Document, Item, TableLike};

use crate::cognito::Severity;
use crate::toml::line_of;

/// The version of the file's form.
pub(super) const VERSION: i64 = 1;

/// The table that holds the entries.
pub(super) const KNOWN: &str = "known";

/// The most of a file that is read, in bytes. The whole suite's cases with long reasons are less than a tenth of it.
const LIMIT: u64 = 16 * 1024 * 1024;

/// The most problems that are told one by one.
const TOLD: usize = 20;

/// The known failures of one implementation.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    name: String,
    entries: BTreeMap<String, Entry>,
}

/// One known failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How loud it is: a failure or a warning.
    pub severity: Severity,
    /// How it fails: the lines of the case's fingerprint, sorted.
    pub fingerprint: Vec<String>,
    /// Why it is known. Never blank.
    pub reason: String,
    /// Where more is told of it.
    pub link: Option<String>,
    /// The last day on which it is known, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Whether the case fails in some runs only: then a run in which it holds does not make it fixed.
    pub flaky: bool,
}

/// A baseline that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("cannot read the baseline {path}: {source}; `cogspec baseline init` makes one")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is not TOML.
    #[error("{name} is not TOML: {source}")]
    NotToml {
        /// The file.
        name: String,
        /// The parser's words, with the place.
        source: Box<toml_edit::TomlError>,
    },
    /// Its content is not a baseline's; every place is told.
    #[error("{name} is not a baseline:\n{}", .problems.join("\n"))]
    Invalid {
        /// The file.
        name: String,
        /// Each with its line.
        problems: Vec<String>,
    },
}

/// The members of one entry, as TOML has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default = "fail")]
    verdict: Listable,
    fingerprint: Vec<String>,
    reason: String,
    link: Option<String>,
    expires: Option<Datetime>,
    #[serde(default)]
    flaky: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Listable {
    Fail,
    Warn,
}

fn fail() -> Listable {
    Listable::Fail
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is not TOML, or an entry is not whole: a reason that is blank is none.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let unreadable = |source| BaselineError::Unreadable { path: path.display().to_string(), source };
        if fs::metadata(path).map_err(unreadable)?.len() > LIMIT {
            let too_large = io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 16 MiB");
            return Err(unreadable(too_large));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Baseline::parse(&path.display().to_string(), &text)
    }

    /// Reads the text of a file of that name.
    ///
    /// # Errors
    /// As for [`Baseline::read`].
    pub fn parse(name: &str, text: &str) -> Result<Self, BaselineError> {
        let document = Document::parse(text)
            .map_err(|source| BaselineError::NotToml { name: name.to_owned(), source: Box::new(source) })?;
        let mut problems = Vec::new();
        for (key, item) in document.as_table() {
            if ![KNOWN, "version"].contains(&key) {
                problems.push(format!(
                    "  line {}: `{key}` is not known here; entries are [known.\"CASE\"]",
                    line(text, item)
                ));
            }
        }
        if document.get("version").and_then(Item::as_integer) != Some(VERSION) {
            problems.push(format!("  it has no `version = {VERSION}`, or one that this cogspec does not know"));
        }
        let mut entries = BTreeMap::new();
        match document.get(KNOWN).map(Item::as_table_like) {
            None => {}
            Some(None) => problems.push("  `known` is no table".to_owned()),
            Some(Some(known)) => {
                for (case, item) in known.iter() {
                    match item.as_table_like().ok_or_else(|| "it is no table".to_owned()).and_then(entry) {
                        Ok(entry) => drop(entries.insert(case.to_owned(), entry)),
                        Err(why) => problems.push(format!("  line {}: {case}: {why}", line(text, item))),
                    }
                }
            }
        }
        let more = problems.len().saturating_sub(TOLD);
        if more > 0 {
            problems.truncate(TOLD);
            problems.push(format!("  and {more} more"));
        }
        match problems.is_empty() {
            true => Ok(Baseline { name: name.to_owned(), entries }),
            false => Err(BaselineError::Invalid { name: name.to_owned(), problems }),
        }
    }

    /// What it is called: the file's path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is listed of that case.
    #[must_use]
    pub fn entry(&self, case: &str) -> Option<&Entry> {
        self.entries.get(case)
    }

    /// What is listed, by the id of the case.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(case, entry)| (case.as_str(), entry))
    }

    /// The ids of the listed cases, sorted.
    pub fn cases(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

fn entry(table: &dyn TableLike) -> Result<Entry, String> {
    let members: toml_edit::Table = table.iter().map(|(key, item)| (key.to_owned(), item.clone())).collect();
    let raw: Raw = toml_edit::de::from_document(toml_edit::DocumentMut::from(members))
        .map_err(|e: toml_edit::de::Error| e.message().trim_end().replace('\n', "; "))?;
    if raw.reason.trim().is_empty() {
        return Err("its reason is empty; say why this failure is known".to_owned());
    }
    if raw.fingerprint.is_empty() {
        return Err("its fingerprint is empty; `cogspec baseline init` writes it".to_owned());
    }
    let expires = match raw.expires {
        None => None,
        Some(Datetime { date: Some(date), time: None, offset: None }) => Some(date.to_string()),
        Some(_) => return Err("`expires` is a day, such as 2027-06-30, without a time".to_owned()),
    };
    let mut fingerprint = raw.fingerprint;
    fingerprint.sort_unstable();
    let severity = match raw.verdict {
        Listable::Fail => Severity::Fail,
        Listable::Warn => Severity::Warn,
    };
    Ok(Entry { severity, fingerprint, reason: raw.reason, link: raw.link, expires, flaky: raw.flaky })
}

fn line(text: &str, item: &Item) -> usize {
    line_of(text, item.span().unwrap_or_default())
}
