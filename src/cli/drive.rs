//! What `run` and `record` share: a first look at the target, the run, and its events as they come.

use std::io;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::io::{tell, tell_guarded};
use super::signal::stop_signal;
use super::target::Reached;
use super::{Exit, Failure};
use crate::artefact::Guard;
use crate::run::{EVENTS_VERSION, Event, Plan, Preflight, RunInfo, RunToken, Summary, preflight, printable, run};
use crate::target::Fixtures;

/// Turns true at the first signal that asks to stop.
pub(super) fn stopping() -> Result<watch::Receiver<bool>, Failure> {
    let stop = stop_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?;
    let (sender, stopped) = watch::channel(false);
    tokio::spawn(async move {
        stop.await;
        tell("stopping: the fixtures are deleted, then what was judged is reported; a second signal ends at once");
        // The receiver is gone where the run has ended by itself.
        let _ = sender.send(true);
    });
    Ok(stopped)
}

/// Runs the plan on the target and hands over each event, the first being `RunStarted`.
///
/// # Errors
/// When the target is not ready, or with the first error of what takes the events. It gets them all, for the fixtures are to be
/// deleted, and what is wrong with one event need not be with the next.
pub(super) async fn drive(
    reached: &Reached,
    plan: Plan,
    token: &RunToken,
    mut stopped: watch::Receiver<bool>,
    guard: &Guard,
    mut take: impl FnMut(&Event) -> io::Result<()>,
) -> Result<Summary, Failure> {
    let fixtures = &reached.fixtures;
    ready(fixtures, &mut stopped, guard).await?;
    let target = fixtures.target();
    let info = RunInfo {
        version: EVENTS_VERSION,
        cogspec: env!("CARGO_PKG_VERSION").into(),
        target: target.name.clone(),
        endpoint: target.transport.endpoint().to_string(),
        cases: plan.cases.len(),
        seed: token.seed,
        case_set: token.case_set().to_owned(),
        started: token.clock,
        token: token.to_string(),
    };
    let mut failed = take(&Event::RunStarted(info));
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
    summary.map_err(|e| Failure { exit: Exit::Bug, message: format!("the run ended early: {e}") })
}

/// Takes a first look at the target; the fixtures are deleted where it is not ready.
pub(super) async fn ready(
    fixtures: &Fixtures,
    stopped: &mut watch::Receiver<bool>,
    guard: &Guard,
) -> Result<(), Failure> {
    let first_look = tokio::select! {
        first_look = preflight(fixtures) => first_look,
        _ = stopped.wait_for(|stop| *stop) => Preflight::Unreachable("stopped before it answered".to_owned()),
    };
    if first_look == Preflight::Ready {
        return Ok(());
    }
    clean_up(fixtures, guard).await;
    let target = fixtures.target();
    let mut failure = not_ready(&target.name, first_look);
    failure.message = target.secrets.clean(&failure.message);
    Err(failure)
}

/// Deletes the fixtures, and tells which are left.
pub(super) async fn clean_up(fixtures: &Fixtures, guard: &Guard) {
    for left in fixtures.clean_up().await {
        let left = printable(&fixtures.target().secrets.clean(&left));
        tell_guarded(guard, &format!("warning: could not be deleted: {left}"));
    }
}

fn not_ready(target: &str, first_look: Preflight) -> Failure {
    match first_look {
        Preflight::NotImplemented(how) => Failure {
            exit: Exit::NothingRan,
            message: format!("{target} does not implement the operation, so nothing was judged: {how}"),
        },
        Preflight::NoUser(why) => Failure::unreachable(format!(
            "no user can be made at {target}: {why}; where the control plane is closed, give a signed-in user's token with \
             --access-token-env VAR"
        )),
        Preflight::Unreachable(why) => Failure::unreachable(format!(
            "{target} does not answer: {why}; is the server running, and is this its address?"
        )),
        Preflight::Ready => Failure { exit: Exit::Bug, message: "a target that is ready was refused".to_owned() },
    }
}
