//! The kill matrix: every fault that was tried, what caught it, and the score.

use std::time::Duration;

use serde::Serialize;

use super::{Fate, SelfTest, Tried};
use crate::wire::millis;

/// The version of the matrix's form as JSON; `cogspec schema self-test` describes it.
pub const MATRIX_VERSION: u32 = 1;

/// The document of `cogspec self-test --format json`.
#[derive(Debug, Serialize)]
pub struct Matrix {
    version: u32,
    cogspec: &'static str,
    quick: bool,
    cases: usize,
    unsteady: Vec<String>,
    /// For how long the fuzzer tried each fault, in milliseconds, where it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuzz_ms: Option<u64>,
    /// Every fault that was tried, in the order of the catalogue.
    pub faults: Vec<Tried>,
    /// How many had which fate.
    pub summary: Counts,
}

/// How many faults had which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Faults that were tried.
    pub tried: usize,
    /// Faults that a case fails on.
    pub killed: usize,
    /// Faults that a case warns of, and none fails on.
    pub warned: usize,
    /// Faults that can only be noted, and are.
    pub noted: usize,
    /// Faults that no case caught.
    pub survived: usize,
    /// Faults that changed nothing on the wire.
    pub unseen: usize,
    /// Faults that the fuzzer found by itself; nothing where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuzzed: Option<usize>,
    /// Faults that were chosen and not tried, because the self-test was stopped.
    pub not_run: usize,
    /// Whether it was stopped from outside.
    pub interrupted: bool,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

impl Matrix {
    /// A matrix of what became of `chosen` faults. Where fewer were tried, the self-test was stopped.
    #[must_use]
    pub fn new(self_test: &SelfTest, faults: Vec<Tried>, chosen: usize, took: Duration) -> Self {
        let summary = Counts {
            not_run: chosen.saturating_sub(faults.len()),
            interrupted: faults.len() < chosen,
            duration_ms: millis(took),
            ..Counts::of(&faults)
        };
        Matrix {
            version: MATRIX_VERSION,
            cogspec: env!("CARGO_PKG_VERSION"),
            quick: self_test.quick,
            cases: self_test.case_count(),
            unsteady: self_test.unsteady.iter().cloned().collect(),
            fuzz_ms: self_test.fuzz.as_ref().map(|fuzzing| millis(fuzzing.time)),
            faults,
            summary,
        }
    }
}

impl Counts {
    /// Counts faults by their fate.
    pub fn of<'a>(faults: impl IntoIterator<Item = &'a Tried>) -> Self {
        let mut counts = Counts::default();
        for tried in faults {
            counts.tried += 1;
            *match tried.fate {
                Fate::Killed => &mut counts.killed,
                Fate::Warned => &mut counts.warned,
                Fate::Noted => &mut counts.noted,
                Fate::Survived => &mut counts.survived,
                Fate::Unseen => &mut counts.unseen,
            } += 1;
            if let Some(fuzz) = &tried.fuzz {
                *counts.fuzzed.get_or_insert(0) += usize::from(fuzz.is_found());
            }
        }
        counts
    }

    /// How many faults had that fate.
    #[must_use]
    pub fn with(&self, fate: Fate) -> usize {
        match fate {
            Fate::Killed => self.killed,
            Fate::Warned => self.warned,
            Fate::Noted => self.noted,
            Fate::Survived => self.survived,
            Fate::Unseen => self.unseen,
        }
    }

    /// Whether the suite said of every fault that was tried what can be said.
    #[must_use]
    pub fn all_caught(&self) -> bool {
        self.survived == 0 && self.unseen == 0
    }

    /// The faults that count for the score, and of them those that a case fails on or warns of. What can only be noted
    /// counts on neither side.
    #[must_use]
    pub fn score(&self) -> (usize, usize) {
        (self.tried - self.noted, self.killed + self.warned)
    }
}
