//! `cogspec record`.

use std::io::Write;
use std::time::Duration;

use super::drive::{drive, stopping};
use super::live::LiveArgs;
use super::target::{TargetArgs, seconds};
use super::{Exit, Failure, Out};
use crate::artefact::Guard;
use crate::run::{Event, Filter, Plan, RunToken, case_set_digest};
use crate::snapshot::{Change, Recorder};
use crate::suite::{self, Case};

/// Record what a server answers as snapshots, to be reviewed
///
/// Observations that are new or differ become pending snapshots (`CASE.snap.new`) in the profile's folder below `snapshots/`,
/// which `cargo insta review` shows one by one. Nothing is judged.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The profile: a name below `snapshots/`, or a folder.
    profile: String,

    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    live: LiveArgs,

    /// With --live: print every call that would be made, and what it costs at most; send nothing.
    #[arg(help_heading = "Live Cognito", long, requires = "live")]
    dry_run: bool,

    /// Only these cases, as for `cogspec run`.
    #[arg(long, value_name = "FILTER")]
    filter: Vec<Filter>,

    /// Write the snapshots themselves, without a review.
    #[arg(long)]
    accept: bool,

    /// How many cases run at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,

    /// Seconds that one case may take.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    case_timeout: Duration,
}

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let all = suite::all();
    let token = RunToken::new(None, &case_set_digest(&all));
    let chosen =
        |all: Vec<Case>| all.into_iter().filter(|case| Filter::choose(&args.filter, case)).collect::<Vec<Case>>();
    let cases = chosen(all);
    if cases.is_empty() {
        return Err(Failure { exit: Exit::NothingRan, message: "no case matches the filters".to_owned() });
    }
    let plan = |cases| Plan {
        cases,
        jobs: args.jobs.into(),
        case_timeout: args.case_timeout,
        fail_fast: false,
        seed: token.seed,
        expectations: None,
    };
    let stopped = stopping()?;
    let rehearsed = || plan(chosen(suite::all()));
    let forecast = args.live.forecast(&args.target, args.dry_run, rehearsed, stopped.clone(), guard).await?;
    if let Some(forecast) = forecast.as_ref().filter(|_| args.dry_run) {
        return forecast.tell();
    }
    let plan = plan(cases);
    let reached = args.live.reach(&args.target, forecast.as_ref(), guard).await?;
    let info = vec![("target".to_owned(), reached.fixtures.target().name.clone())];
    let recorder = Recorder::new(&args.profile, args.accept, info, guard).map_err(|e| Failure::usage(e.to_string()))?;
    let (mut same, mut changed, mut new, mut unjudged) = (0, 0, 0, Vec::new());
    let take = |event: &Event| {
        let Event::CaseFinished(outcome) = event else { return Ok(()) };
        match outcome.judged_observation() {
            Some(observation) => match recorder.record(&outcome.id, &outcome.title, observation)? {
                Change::Same => same += 1,
                Change::Changed => changed += 1,
                Change::New => new += 1,
            },
            None if outcome.observation.is_some() => unjudged.push(outcome.id.clone()),
            None => {}
        }
        Ok(())
    };
    let summary = drive(&reached, plan, &token, stopped, guard, take).await;
    reached.leave().await;
    let summary = summary?;

    let mut out = Out::guarded(guard);
    let folder = recorder.folder().display();
    writeln!(out, "{same} as they were, {changed} changed, {new} new in {folder}")?;
    if !unjudged.is_empty() {
        writeln!(out, "not recorded, because they could not be judged: {}", unjudged.join(", "))?;
    }
    if changed + new > 0 && !args.accept {
        writeln!(out, "pending: review them with `cargo insta review`, or record again with --accept")?;
    }
    out.flush()?;
    Ok(if summary.interrupted || summary.unreachable { Exit::Inconclusive } else { Exit::Held })
}
