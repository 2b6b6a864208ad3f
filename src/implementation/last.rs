//! What the last run of an implementation showed, in short: the file `last.json` beside its recipe.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::run::{Counts, Results, day};
use crate::suite::Theme;

/// The version of the file's form.
const VERSION: u32 = 1;

/// What the last run showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// The version of this form: 1.
    pub version: u32,
    /// The version of the implementation.
    pub of: String,
    /// The day in UTC, `YYYY-MM-DD`.
    pub date: String,
    /// The version of cogspec.
    pub cogspec: String,
    /// The digest of the set of cases.
    pub case_set: String,
    /// How many cases of each theme had each verdict; none where nothing was judged.
    pub themes: BTreeMap<Theme, Counts>,
    /// Why nothing was judged, in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_judged: Option<String>,
}

/// A file that is none of this version.
#[derive(Debug, thiserror::Error)]
#[error("{name} does not tell of a last run: {why}; `cogspec matrix --write` writes it anew")]
pub struct LastError {
    name: String,
    why: String,
}

impl Last {
    /// What a run of that version of an implementation showed.
    #[must_use]
    pub fn of_run(of: &str, results: &Results) -> Self {
        let mut themes: BTreeMap<Theme, Counts> = BTreeMap::new();
        for outcome in &results.cases {
            themes.entry(outcome.theme).or_default().add(outcome.verdict);
        }
        Last { themes, ..Last::bare(of, results.run.started, &results.run.case_set) }
    }

    /// That nothing was judged, and why. The time is in seconds since 1970.
    #[must_use]
    pub fn not_judged(of: &str, started: u64, case_set: &str, why: &str) -> Self {
        Last { not_judged: Some(why.to_owned()), ..Last::bare(of, started, case_set) }
    }

    fn bare(of: &str, started: u64, case_set: &str) -> Self {
        Last {
            version: VERSION,
            of: of.to_owned(),
            date: day(started),
            cogspec: env!("CARGO_PKG_VERSION").to_owned(),
            case_set: case_set.to_owned(),
            themes: BTreeMap::new(),
            not_judged: None,
        }
    }

    /// Reads the file of that name.
    ///
    /// # Errors
    /// When it is none of this version.
    pub fn parse(name: &Path, bytes: &[u8]) -> Result<Self, LastError> {
        let wrong = |why: String| LastError { name: name.display().to_string(), why };
        let last: Last = serde_json::from_slice(bytes).map_err(|e| wrong(e.to_string()))?;
        match last.version {
            VERSION => Ok(last),
            other => Err(wrong(format!("it has version {other}, and this cogspec reads version {VERSION}"))),
        }
    }

    /// How many cases had each verdict.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.themes.values().copied().sum()
    }
}
