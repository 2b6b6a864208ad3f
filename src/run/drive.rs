//! A run whose events are taken one by one, as they come.

use std::io;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::event::{EVENTS_VERSION, Event, RunInfo, Summary};
use super::schedule::{Plan, run};
use super::token::RunToken;
use super::transcript::printable;
use crate::suite::Side;
use crate::target::{Fixtures, Target};

/// Why a run has no summary.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// What took the events failed.
    #[error("{0}")]
    Taking(#[from] io::Error),
    /// A bug in cogspec.
    #[error("the run ended early: {0}")]
    Ended(#[from] tokio::task::JoinError),
}

/// Runs the plan on a target that is ready, and hands over each event, the first being `RunStarted`.
///
/// # Errors
/// With the first error of what takes the events. It gets them all, for the fixtures are to be deleted, and what is wrong with
/// one event need not be with the next.
pub async fn drive(
    fixtures: &Arc<Fixtures>,
    plan: Plan,
    token: &RunToken,
    stopped: watch::Receiver<bool>,
    mut take: impl FnMut(&Event) -> io::Result<()>,
) -> Result<Summary, DriveError> {
    let target = fixtures.target();
    let mut failed = take(&Event::RunStarted(info(target, plan.cases.len(), token)));
    let (events, mut told) = mpsc::unbounded_channel();
    let running = tokio::spawn(run(Arc::clone(fixtures), plan, events, stopped));
    while let Some(mut event) = told.recv().await {
        if let Event::CaseFinished(outcome) = &mut event {
            outcome.redact_later(&target.secrets);
        }
        let taken = take(&event);
        failed = failed.and(taken);
    }
    let summary = running.await;
    failed?;
    Ok(summary?)
}

/// The events of a run of so many cases none of which began, because the target does not know the operation: for the reports of
/// programs, which must not miss that it was asked. [`Results::not_implemented`](super::Results::not_implemented) knows them
/// again.
#[must_use]
pub fn not_implemented(fixtures: &Fixtures, cases: usize, token: &RunToken, how: &str) -> [Event; 3] {
    let summary = Summary { not_run: cases, ..Summary::default() };
    [
        Event::RunStarted(info(fixtures.target(), cases, token)),
        Event::Notice { text: printable(how) },
        Event::RunFinished(summary),
    ]
}

fn info(target: &Target, cases: usize, token: &RunToken) -> RunInfo {
    RunInfo {
        version: EVENTS_VERSION,
        cogspec: env!("CARGO_PKG_VERSION").into(),
        target: target.name.clone(),
        endpoint: target.transport.endpoint().to_string(),
        cases,
        seed: token.seed,
        case_set: token.case_set().to_owned(),
        started: token.clock,
        token: token.to_string(),
        side: Side::Server,
        name: None,
    }
}
