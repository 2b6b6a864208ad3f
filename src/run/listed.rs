//! Holding a run against a baseline: which failures are known, which fail otherwise, and which are fixed.

use std::collections::BTreeSet;

use super::day::today;
use super::event::{Listed, Outcome, Verdict};
use super::ids;
use crate::baseline::Baseline;

/// Compares the cases of one run with the baseline.
pub(super) struct Known {
    baseline: Baseline,
    /// The ids that there are.
    ids: BTreeSet<String>,
    /// The current day, `YYYY-MM-DD`.
    today: String,
    expired: Vec<String>,
    /// Listed cases that could not be judged.
    unjudged: Vec<String>,
    fixed: Vec<String>,
}

/// What a run shows of its baseline.
#[derive(Default)]
pub(super) struct KnownSummary {
    /// Entries whose day is past.
    pub(super) expired: usize,
    /// Entries that no case is judged by.
    pub(super) unmatched: usize,
    /// What a person should know.
    pub(super) notices: Vec<String>,
}

impl Known {
    /// The ids are those of everything that a run could judge, chosen or not.
    pub(super) fn new(baseline: Baseline, ids: BTreeSet<String>) -> Self {
        Known::on(baseline, ids, today())
    }

    fn on(baseline: Baseline, ids: BTreeSet<String>, today: String) -> Self {
        Known { baseline, ids, today, expired: Vec::new(), unjudged: Vec::new(), fixed: Vec::new() }
    }

    /// Compares one case: its verdict becomes `known` or `fixed` where the baseline says so.
    pub(super) fn compare(&mut self, outcome: &mut Outcome) {
        let Some(entry) = self.baseline.entry(&outcome.id) else { return };
        let found = outcome.verdict;
        let expired = entry.expires.as_ref().is_some_and(|day| *day < self.today);
        if expired {
            self.expired.push(outcome.id.clone());
        }
        let is_listed = found == Verdict::from(entry.severity) && outcome.fingerprint == entry.fingerprint;
        match found {
            _ if is_listed => outcome.verdict = Verdict::Known,
            // A failure that is now a warning is no longer the failure that is listed.
            Verdict::Pass | Verdict::Note | Verdict::Warn if found < Verdict::from(entry.severity) && !entry.flaky => {
                outcome.verdict = Verdict::Fixed;
                self.fixed.push(outcome.id.clone());
            }
            Verdict::Skip | Verdict::Inconclusive => self.unjudged.push(outcome.id.clone()),
            _ => {}
        }
        outcome.listed = Some(Listed {
            found,
            fingerprint: entry.fingerprint.clone(),
            reason: entry.reason.clone(),
            link: entry.link.clone(),
            expires: entry.expires.clone(),
            expired,
        });
    }

    pub(super) fn finish(self) -> KnownSummary {
        let without_case: Vec<String> =
            self.baseline.cases().filter(|case| !self.ids.contains(*case)).map(str::to_owned).collect();
        let name = self.baseline.name();
        let told = [
            (&self.fixed, "fixed", "remove what is listed with `cogspec baseline update`, or list it as `flaky`"),
            (&self.expired, "expired", "mend the failures, or list them for longer"),
            (&self.unjudged, "not judged", "whether what is listed still holds is not known"),
            (&without_case, "not in the suite", "remove what is listed with `cogspec baseline update`"),
        ];
        let notices = told.into_iter().filter(|(cases, ..)| !cases.is_empty());
        let notices = notices
            .map(|(cases, what, advice)| format!("{name}: {} {what}: {}; {advice}", cases.len(), ids::some(cases)));
        KnownSummary {
            expired: self.expired.len(),
            unmatched: self.unjudged.len() + without_case.len(),
            notices: notices.collect(),
        }
    }
}
