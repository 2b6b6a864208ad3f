//! The books of a run: each outcome is held against what is known and expected, and counted.

use super::drift::Drift;
use super::event::{Counts, Outcome, Summary};
use super::ids;
use super::listed::Known;
use crate::baseline::Baseline;
use crate::snapshot::Profile;
use crate::suite::Side;

/// What a run keeps of its outcomes.
pub struct Books {
    counts: Counts,
    drift: Option<Drift>,
    known: Option<Known>,
}

impl Books {
    /// Opens the books of a run that judges that side, with the failures that are known and the observations to expect.
    #[must_use]
    pub fn open(side: Side, baseline: Option<Baseline>, expectations: Option<Profile>) -> Self {
        Books {
            counts: Counts::default(),
            drift: expectations.map(Drift::new),
            known: baseline.map(|baseline| Known::new(baseline, ids::known(side))),
        }
    }

    /// Enters an outcome: its verdict becomes `known` or `fixed` where the baseline says so, and its drift is told.
    pub fn enter(&mut self, outcome: &mut Outcome) {
        if let Some(known) = &mut self.known {
            known.compare(outcome);
        }
        self.counts.add(outcome.verdict);
        if let Some(drift) = &mut self.drift {
            drift.compare(outcome);
        }
    }

    /// How many outcomes had each verdict until now.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Closes the books of a run for which so many cases were chosen: its summary, as far as outcomes make one, and what a person
    /// should know.
    #[must_use]
    pub fn close(self, chosen: usize) -> (Summary, Vec<String>) {
        let drift = self.drift.map(Drift::finish).unwrap_or_default();
        let known = self.known.map(Known::finish).unwrap_or_default();
        let summary = Summary {
            counts: self.counts,
            drifted: drift.drifted,
            drifted_inferred: drift.drifted_inferred,
            stale: drift.stale,
            expired: known.expired,
            unmatched: known.unmatched,
            not_run: chosen.saturating_sub(self.counts.total()),
            ..Summary::default()
        };
        (summary, [drift.notices, known.notices].concat())
    }
}
