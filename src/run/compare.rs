//! Two runs side by side: what fails anew, what no longer does, and what fails in another way.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bar::FailOn;
use super::event::{Outcome, Verdict};
use super::results::Results;
use crate::suite::Side;

/// The version of the form of a [`Comparison`].
const VERSION: u32 = 1;

/// How one run differs from an earlier one. Baselines do not count: the verdicts are those without them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The version of this form.
    pub version: u32,
    /// Which side both judged.
    #[serde(skip_serializing_if = "Side::is_server")]
    pub side: Side,
    /// The earlier run.
    pub old: Compared,
    /// The later run.
    pub new: Compared,
    /// Cases that fail and did not.
    pub new_failures: Vec<Difference>,
    /// Cases that failed and do not any more.
    pub fixed: Vec<Difference>,
    /// Cases that fail in another way, or more or less loudly.
    pub changed: Vec<Difference>,
    /// Cases that failed or were judged to hold, and are not judged any more.
    pub unjudged: Vec<Difference>,
    /// How many cases fail as before.
    pub same: usize,
}

/// Two runs that cannot be compared.
#[derive(Debug, thiserror::Error)]
#[error("one of the runs judged a server and the other a client; compare two runs of one side")]
pub struct OtherSide;

/// Which run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// What the target is called.
    pub target: String,
    /// The version of cogspec.
    pub cogspec: String,
    /// The digest of the set of cases.
    pub case_set: String,
    /// How many cases ended.
    pub cases: usize,
}

/// One case in both runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// Its verdict then; `None` where it was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Verdict>,
    /// Its verdict now; `None` where it was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Verdict>,
    /// How it failed then: what only that fingerprint has.
    pub was: Vec<String>,
    /// How it fails now: what only that fingerprint has.
    pub is: Vec<String>,
    /// Why it is not judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a verdict says of the target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Fails,
    Holds,
    Nothing,
}

impl Comparison {
    /// Compares two runs.
    ///
    /// # Errors
    /// When one judged a server and the other a client: they have nothing in common.
    pub fn of(old: &Results, new: &Results, fail_on: FailOn) -> Result<Self, OtherSide> {
        if old.run.side != new.run.side {
            return Err(OtherSide);
        }
        let says = |outcome: Option<&Outcome>| match outcome.map(Outcome::found) {
            Some(verdict @ (Verdict::Pass | Verdict::Note | Verdict::Warn | Verdict::Fail)) => {
                if fail_on.names(verdict) { Says::Fails } else { Says::Holds }
            }
            _ => Says::Nothing,
        };
        let mut cases: BTreeMap<_, (Option<&Outcome>, Option<&Outcome>)> = BTreeMap::new();
        for outcome in &old.cases {
            cases.entry((outcome.theme, outcome.id.as_str())).or_default().0 = Some(outcome);
        }
        for outcome in &new.cases {
            cases.entry((outcome.theme, outcome.id.as_str())).or_default().1 = Some(outcome);
        }
        let mut comparison = Comparison {
            version: VERSION,
            side: new.run.side,
            old: Compared::of(old),
            new: Compared::of(new),
            new_failures: Vec::new(),
            fixed: Vec::new(),
            changed: Vec::new(),
            unjudged: Vec::new(),
            same: 0,
        };
        for (then, now) in cases.into_values() {
            let Some(difference) = Difference::of(then, now) else { continue };
            match (says(then), says(now)) {
                (Says::Fails, Says::Fails) if difference.is_none() => comparison.same += 1,
                (Says::Fails, Says::Fails) => comparison.changed.push(difference),
                (_, Says::Fails) => comparison.new_failures.push(difference),
                (Says::Fails, Says::Holds) => comparison.fixed.push(difference),
                (Says::Fails | Says::Holds, Says::Nothing) => comparison.unjudged.push(difference),
                (Says::Holds | Says::Nothing, _) => {}
            }
        }
        Ok(comparison)
    }
}

impl Compared {
    fn of(results: &Results) -> Self {
        let run = &results.run;
        Compared {
            target: run.target.clone(),
            cogspec: run.cogspec.clone().into_owned(),
            case_set: run.case_set.clone(),
            cases: results.cases.len(),
        }
    }
}

impl Difference {
    fn of(then: Option<&Outcome>, now: Option<&Outcome>) -> Option<Self> {
        let any = now.or(then)?;
        let fingerprint = |of: Option<&Outcome>| of.map(|outcome| outcome.fingerprint.clone()).unwrap_or_default();
        let (was, is) = (fingerprint(then), fingerprint(now));
        Some(Difference {
            id: any.id.clone(),
            title: any.title.clone(),
            then: then.map(Outcome::found),
            now: now.map(Outcome::found),
            was: was.iter().filter(|line| !is.contains(line)).cloned().collect(),
            is: is.iter().filter(|line| !was.contains(line)).cloned().collect(),
            reason: now.and_then(|outcome| outcome.reason.clone()),
        })
    }

    fn is_none(&self) -> bool {
        self.then == self.now && self.was.is_empty() && self.is.is_empty()
    }
}
