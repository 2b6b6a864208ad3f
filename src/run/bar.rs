//! How high the bar is: what of a run that came to its end makes it fail.

use super::event::{Counts, Summary, Verdict};

/// The quietest verdict that fails a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum FailOn {
    /// A broken MUST.
    #[default]
    Fail,
    /// A SHOULD that is not followed, too.
    Warn,
    /// Any deviation.
    Note,
}

impl FailOn {
    /// Whether a case of that verdict fails the run. A bug in cogspec always does.
    #[must_use]
    pub fn names(self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Fail | Verdict::Error => true,
            Verdict::Warn => self != FailOn::Fail,
            Verdict::Note => self == FailOn::Note,
            Verdict::Pass | Verdict::Known | Verdict::Fixed | Verdict::Skip | Verdict::Inconclusive => false,
        }
    }
}

/// What fails a run.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// The quietest verdict that does.
    pub fail_on: FailOn,
    /// The most cases, in percent, that may be inconclusive.
    pub max_inconclusive: u8,
    /// Whether a snapshot without a case does, and an entry of the baseline that has expired or that no case is judged by.
    pub strict: bool,
}

impl Default for Bar {
    fn default() -> Self {
        Bar { fail_on: FailOn::default(), max_inconclusive: 10, strict: false }
    }
}

/// What is to be thought of a run that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything that was judged held.
    Held,
    /// A MUST was broken, or what [`FailOn`] names.
    Failed,
    /// The target stopped answering, the run was stopped, or too much was inconclusive.
    Inconclusive,
    /// Nothing was judged.
    NothingRan,
    /// The baseline lists what is fixed, or something else is stale under [`Bar::strict`].
    Stale,
    /// A bug in cogspec.
    Bug,
}

impl Ending {
    /// What it means, in words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Ending::Held => "everything that was judged held",
            Ending::Failed => "a MUST was broken, or what was said to fail the run besides",
            Ending::Inconclusive => "the target stopped answering, the run was stopped, or too much was inconclusive",
            Ending::NothingRan => "nothing was judged",
            Ending::Stale => {
                "expectations are stale: the baseline lists what is fixed, or something else in a strict run"
            }
            Ending::Bug => "a bug in cogspec",
        }
    }
}

impl Bar {
    /// How the run ends.
    #[must_use]
    pub fn ending(&self, summary: &Summary) -> Ending {
        let Counts { inconclusive, error, fixed, .. } = summary.counts;
        let fails = Verdict::ALL.into_iter().filter(|verdict| self.fail_on.names(*verdict));
        let failed = summary.drifted + fails.map(|verdict| summary.counts.of(verdict)).sum::<usize>();
        let too_much = inconclusive * 100 > usize::from(self.max_inconclusive) * summary.counts.total();
        if error > 0 {
            Ending::Bug
        } else if summary.unreachable {
            Ending::Inconclusive
        } else if failed > 0 {
            Ending::Failed
        } else if too_much || summary.interrupted {
            Ending::Inconclusive
        } else if summary.counts.judged() == 0 {
            Ending::NothingRan
        } else if fixed > 0 || self.strict && summary.stale + summary.expired + summary.unmatched > 0 {
            Ending::Stale
        } else {
            Ending::Held
        }
    }
}
