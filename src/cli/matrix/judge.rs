//! Running implementations one after another, for their results.

use tokio::sync::watch;

use super::sources::Source;
use crate::artefact::Guard;
use crate::cli::drive::drive;
use crate::cli::io::{tell, tell_guarded};
use crate::cli::target::TargetArgs;
use crate::cli::{Exit, Failure};
use crate::implementation::{Implementation, ServerRecipe};
use crate::report::{Progress, Reporter};
use crate::run::{Collector, Event, Filter, Plan, Results, RunToken, case_set_digest, not_implemented, printable};
use crate::suite::{self, Case};

/// The results of those that could be run, and the exit code of the first that could not. What is wrong with one is told, and
/// the others are run all the same.
pub(super) async fn all(
    implementations: &[Implementation<ServerRecipe>],
    filters: &[Filter],
    stopped: &watch::Receiver<bool>,
    guard: &Guard,
) -> (Vec<Source>, Option<Exit>) {
    let mut judged = Vec::new();
    let mut failed = None;
    for implementation in implementations {
        if *stopped.borrow() {
            failed.get_or_insert(Exit::Inconclusive);
            break;
        }
        match one(implementation, filters, stopped.clone(), guard).await {
            Ok(results) => {
                if results.summary.interrupted || results.summary.unreachable {
                    failed.get_or_insert(Exit::Inconclusive);
                }
                judged.push(Source::of(implementation, results));
            }
            Err(failure) => {
                let told = format!("error: {}: {failure}", implementation.recipe().name);
                tell_guarded(guard, &printable(&guard.secrets().clean(&told)));
                failed.get_or_insert(failure.exit);
            }
        }
    }
    // A server can have told in its answers what another takes for a secret.
    for outcome in judged.iter_mut().flat_map(|source| &mut source.results.cases) {
        outcome.redact_later(&guard.secrets());
    }
    (judged, failed)
}

async fn one(
    implementation: &Implementation<ServerRecipe>,
    filters: &[Filter],
    stopped: watch::Receiver<bool>,
    guard: &Guard,
) -> Result<Results, Failure> {
    let all = suite::all();
    let token = RunToken::new(None, &case_set_digest(&all));
    let cases: Vec<Case> = all.into_iter().filter(|case| Filter::choose(filters, case)).collect();
    if cases.is_empty() {
        let message = "no case matches the filters; `cogspec run --list` shows the cases".to_owned();
        return Err(Failure { exit: Exit::NothingRan, message });
    }
    let number = cases.len();
    let needs = implementation.recipe().needs;
    let plan = Plan {
        cases,
        jobs: needs.jobs.map_or(Plan::JOBS, usize::from),
        case_timeout: needs.case_timeout.unwrap_or(Plan::CASE_TIMEOUT),
        fail_fast: false,
        seed: token.seed,
        expectations: None,
        baseline: implementation.baseline().map_err(|e| Failure::usage(e.to_string()))?,
    };
    let reached = TargetArgs::of(implementation.clone()).reach(guard).await?;
    tell(&format!("judging {}", printable(&reached.fixtures.target().name)));
    let mut progress = Progress::new();
    let mut collector = Collector::default();
    let mut results = None;
    let take = |event: &Event| {
        // A bar that cannot be drawn is nothing that anyone misses.
        let _ = progress.event(event);
        results = collector.event(event);
        Ok(())
    };
    let summary = drive(&reached, plan, &token, stopped, guard, take).await;
    if let Err(failure) = &summary
        && failure.exit == Exit::NothingRan
    {
        results = not_implemented(&reached.fixtures, number, &token, &failure.message)
            .iter()
            .find_map(|event| collector.event(event));
    }
    reached.leave(guard).await;
    match (results, summary) {
        (Some(results), _) => Ok(results),
        (None, Err(failure)) => Err(failure),
        (None, Ok(_)) => Err(Failure { exit: Exit::Bug, message: "the run ended without an end".to_owned() }),
    }
}
