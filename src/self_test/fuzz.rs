//! The fuzzer over the network against an emulator with a fault: what it finds by itself, knowing no case.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{mpsc, watch};

use super::{SelfTestError, emulator_with};
use crate::artefact::Guard;
use crate::emulator::Fault;
use crate::fuzz::{Ended, Plan, Repeats, Summary, fuzz};

/// How many calls are under way at once.
const JOBS: usize = 4;

/// What the fuzzer found at an emulator with a fault.
#[derive(Clone, Debug, Serialize)]
pub struct Fuzzed {
    /// Calls that were sent and answered.
    pub requests: u64,
    /// The rules that it found broken each time, and does not without the fault; notes are among them.
    pub found: Vec<Cow<'static, str>>,
    /// Why it ended before its time: plain requests are not served, or the emulator does not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_early: Option<String>,
}

impl Fuzzed {
    /// Whether the fuzzer found the fault by itself. A server that it cannot fuzz is told as such, and is no find.
    #[must_use]
    pub fn is_found(&self) -> bool {
        !self.found.is_empty()
    }

    /// What is left without the rules that are found broken without any fault, too.
    pub(super) fn without(mut self, others: &BTreeSet<Cow<'static, str>>) -> Self {
        self.found.retain(|rule| !others.contains(rule));
        self
    }

    fn of(summary: Summary) -> Self {
        let sure = summary
            .found
            .iter()
            .filter(|found| found.repeats == Repeats::Always)
            .map(|found| found.finding.rule.clone());
        let mut found: Vec<Cow<'static, str>> = Vec::new();
        for rule in sure.chain(summary.noted.into_keys()) {
            if !found.contains(&rule) {
                found.push(rule);
            }
        }
        let ended_early = match summary.ended {
            Ended::Gone(why) => Some(format!("the emulator does not answer: {why}")),
            Ended::NotServed(why) => Some(format!("plain requests are not served: {why}")),
            Ended::Time | Ended::Requests | Ended::Stopped => None,
        };
        Fuzzed { requests: summary.progress.requests, found, ended_early }
    }
}

/// Fuzzes an emulator with that fault, or without any, for so long.
///
/// # Errors
/// When the emulator cannot be started.
pub(super) async fn fuzz_with(fault: Option<&'static Fault>, time: Duration) -> Result<Fuzzed, SelfTestError> {
    let guard = Guard::default();
    let (emulator, fixtures) = emulator_with(fault, &guard).await?;
    let plan = Plan { time: Some(time), requests: None, jobs: JOBS, seed: 0, seeds: Vec::new() };
    // Nobody looks at the events: the summary has the findings.
    let (events, told) = mpsc::unbounded_channel();
    drop(told);
    let (_never, stop) = watch::channel(false);
    let summary = fuzz(Arc::new(fixtures), plan, events, stop).await;
    emulator.shutdown().await;
    let fuzzed = Fuzzed::of(summary);
    // The words of an emulator go into the matrix here alone.
    let words = fuzzed.ended_early.as_deref().unwrap_or_default();
    guard.check("the self-test's matrix", words.as_bytes()).map_err(SelfTestError::Leak)?;
    Ok(fuzzed)
}
