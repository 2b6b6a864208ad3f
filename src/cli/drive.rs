//! What `run` and `record` share: a first look at the target, the run, and its events as they come.

use std::io;

use tokio::sync::watch;

use super::io::{tell, tell_guarded};
use super::signal::stop_signal;
use super::target::Reached;
use super::{Exit, Failure};
use crate::artefact::Guard;
use crate::run::{self, DriveError, Event, Plan, Preflight, RunToken, Summary, preflight, printable};
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
/// When the target is not ready, and as for [`run::drive`].
pub(super) async fn drive(
    reached: &Reached,
    plan: Plan,
    token: &RunToken,
    mut stopped: watch::Receiver<bool>,
    guard: &Guard,
    take: impl FnMut(&Event) -> io::Result<()>,
) -> Result<Summary, Failure> {
    let fixtures = &reached.fixtures;
    ready(fixtures, &mut stopped, guard).await?;
    run::drive(fixtures, plan, token, stopped, take).await.map_err(failure)
}

/// What a run without a summary ends in.
pub(super) fn failure(error: DriveError) -> Failure {
    match error {
        DriveError::Taking(e) => e.into(),
        DriveError::Ended(_) => Failure { exit: Exit::Bug, message: error.to_string() },
    }
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
    let target = fixtures.target();
    let Some(message) = first_look.problem(&target.name, "--access-token-env VAR") else { return Ok(()) };
    clean_up(fixtures, guard).await;
    let exit = match first_look {
        Preflight::NotImplemented(_) => Exit::NothingRan,
        _ => Exit::Inconclusive,
    };
    Err(Failure { exit, message: target.secrets.clean(&message) })
}

/// Deletes the fixtures, and tells which are left.
pub(super) async fn clean_up(fixtures: &Fixtures, guard: &Guard) {
    for left in fixtures.clean_up().await {
        let left = printable(&fixtures.target().secrets.clean(&left));
        tell_guarded(guard, &format!("warning: could not be deleted: {left}"));
    }
}
