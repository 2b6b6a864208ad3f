//! What is known of a profile's snapshots, and which of them are out of date.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::file::{Snapshot, day};
use super::profile::Profile;
use crate::cognito::Evidence;

/// The state of a profile.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The profile.
    pub profile: String,
    /// One entry for each snapshot, and for each case that should have one and has none; by their ids.
    pub cases: Vec<Entry>,
}

/// The state of one case's snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The case.
    pub case: String,
    /// How far the expectation can be trusted; absent in a plain recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Where it comes from: a document, or the target that was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The day of the recording; absent where none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Whole days since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<u64>,
    /// Why it is out of date; empty where it is not.
    pub stale: Vec<Stale>,
}

/// Why a snapshot is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stale {
    /// The service model's facts are others than when it was written, or it does not say which they were.
    ModelChanged,
    /// It is older than was asked for.
    TooOld,
    /// No case has it.
    NoCase,
    /// The case has none.
    NoSnapshot,
}

impl Stale {
    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Stale::ModelChanged => "the service model changed",
            Stale::TooOld => "too old",
            Stale::NoCase => "no case has it",
            Stale::NoSnapshot => "the case has none",
        }
    }
}

/// The state of a profile, given the ids of all cases and of those that must have a snapshot, the digest of the service
/// model's facts ([`crate::cognito::model_digest`]), the time, and how old a snapshot may be. One without a date has no age.
#[must_use]
pub fn status(
    profile: &Profile,
    cases: &HashSet<&str>,
    observed: &[&str],
    model: &str,
    now: SystemTime,
    older_than: Option<Duration>,
) -> Status {
    let mut entries: BTreeMap<&str, Entry> = profile
        .snapshots()
        .iter()
        .map(|(case, snapshot)| (case.as_str(), entry(case, snapshot, model, now, older_than)))
        .collect();
    for (case, entry) in &mut entries {
        if !cases.contains(case) {
            entry.stale.push(Stale::NoCase);
        }
    }
    for case in observed.iter().copied().filter(|case| profile.lacks(case)) {
        let stale = vec![Stale::NoSnapshot];
        let missing = Entry { case: case.to_owned(), evidence: None, source: None, date: None, age_days: None, stale };
        entries.insert(case, missing);
    }
    Status { profile: profile.name().to_owned(), cases: entries.into_values().collect() }
}

fn entry(case: &str, snapshot: &Snapshot, model: &str, now: SystemTime, older_than: Option<Duration>) -> Entry {
    let told = |key: &str| snapshot.info(key).map(str::to_owned);
    let date = told("date");
    // A clock that is behind makes it new.
    let age = date.as_deref().and_then(day).map(|day| now.duration_since(day).unwrap_or_default());
    let mut stale = Vec::new();
    if snapshot.info("model") != Some(model) {
        stale.push(Stale::ModelChanged);
    }
    if age.zip(older_than).is_some_and(|(age, limit)| age > limit) {
        stale.push(Stale::TooOld);
    }
    Entry {
        case: case.to_owned(),
        evidence: snapshot.evidence(),
        source: told("source").or_else(|| told("target")),
        date,
        age_days: age.map(|age| age.as_secs() / 86_400),
        stale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str, files: &[(&str, &str)]) -> Profile {
        let folder = std::env::temp_dir().join(format!("cogspec-status-{}", std::process::id())).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (case, info) in files {
            std::fs::write(folder.join(format!("{case}.snap")), format!("---\ninfo:\n{info}---\nstatus: 200\n"))
                .unwrap();
        }
        let profile = Profile::find(folder.to_str().unwrap()).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        profile
    }

    #[test]
    fn each_reason_is_told() {
        let files = [
            ("a.fresh", "  model: m\n  date: 2027-01-10\n  evidence: recorded\n"),
            ("a.gone", "  model: m\n"),
            ("a.no-model", "  target: x\n"),
            ("a.old", "  model: l\n  date: 2026-12-31\n  evidence: recorded\n"),
        ];
        let (cases, observed) = (HashSet::from(["a.fresh", "a.no-model", "a.old", "a.new"]), ["a.new", "a.old"]);
        let limit = Duration::from_secs(14 * 86_400);
        let found = |profile: &Profile, limit| {
            let status = status(profile, &cases, &observed, "m", day("2027-01-15").unwrap(), limit);
            status.cases.into_iter().map(|entry| (entry.case, entry.age_days, entry.stale)).collect::<Vec<_>>()
        };
        let want = |entries: &[(&str, Option<u64>, &[Stale])]| {
            entries.iter().map(|(case, age, stale)| ((*case).to_owned(), *age, stale.to_vec())).collect::<Vec<_>>()
        };
        assert_eq!(
            found(&profile("mine", &files), Some(limit)),
            want(&[
                ("a.fresh", Some(5), &[]),
                ("a.gone", None, &[Stale::NoCase]),
                ("a.new", None, &[Stale::NoSnapshot]),
                ("a.no-model", None, &[Stale::ModelChanged]),
                ("a.old", Some(15), &[Stale::ModelChanged, Stale::TooOld]),
            ])
        );
        assert_eq!(found(&profile("cognito", &files[..1]), None), want(&[("a.fresh", Some(5), &[])]));
    }
}
