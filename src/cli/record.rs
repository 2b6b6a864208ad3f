//! `cogspec record`.

use std::io::Write;
use std::time::Duration;

use super::drive::{drive, stopping};
use super::live::LiveArgs;
use super::snapshots::{Decision, review_all};
use super::target::{TargetArgs, seconds};
use super::{Exit, Failure, Out};
use crate::artefact::Guard;
use crate::cognito::model_digest;
use crate::run::{Event, Filter, Outcome, Plan, RunToken, case_set_digest, day};
use crate::snapshot::{Change, Live, Provenance, Recorder};
use crate::suite::{self, Case};

/// Record what a server answers as snapshots, to be reviewed
///
/// Observations that are new or differ become pending snapshots (`CASE.snap.new`) in the profile's folder below `snapshots/`,
/// which `cogspec snapshots review` and `cargo insta review` show one by one. Nothing is judged. The profile `cognito` states
/// what live Cognito answers, and takes recordings of live Cognito only.
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
    #[arg(long, conflicts_with = "review")]
    accept: bool,

    /// Show afterwards what is pending, and ask of each whether it is accepted.
    #[arg(long)]
    review: bool,

    /// How many cases run at once; 8 where the --implementation needs no other number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,

    /// Seconds that one case may take; 60 where the --implementation needs no more.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    case_timeout: Option<Duration>,
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
    let needs = args.target.needs();
    let plan = |cases| Plan {
        cases,
        jobs: args.jobs.or(needs.jobs).map_or(Plan::JOBS, usize::from),
        case_timeout: args.case_timeout.or(needs.case_timeout).unwrap_or(Plan::CASE_TIMEOUT),
        fail_fast: false,
        seed: token.seed,
        expectations: None,
        baseline: None,
    };
    let stopped = stopping()?;
    let rehearsed = || plan(chosen(suite::all()));
    let forecast = args.live.forecast(&args.target, args.dry_run, rehearsed, stopped.clone(), guard).await?;
    if let Some(forecast) = forecast.as_ref().filter(|_| args.dry_run) {
        return forecast.tell();
    }
    // Where the person vouches for the server it may be any.
    let is_live = args.live.is_live() && !args.target.connection.has_own_authorities();
    let recorder = Recorder::open(&args.profile, args.accept, is_live, guard);
    let recorder = recorder.map_err(|e| Failure::usage(e.to_string()))?;
    let plan = plan(cases);
    let reached = args.live.reach(&args.target, forecast.as_ref(), guard).await?;
    let mut outcomes = Vec::new();
    let take = |event: &Event| {
        if let Event::CaseFinished(outcome) = event {
            outcomes.push(outcome.clone());
        }
        Ok(())
    };
    let summary = drive(&reached, plan, &token, stopped, guard, take).await;
    let target = reached.fixtures.target();
    let live = is_live.then(|| Live {
        region: target.control.region().to_owned(),
        date: day(token.clock),
        requests: target.transport.tally().calls().values().sum(),
        case_set: token.case_set().to_owned(),
    });
    let provenance = Provenance { target: target.name.clone(), model: model_digest(), live };
    reached.leave(guard).await;
    let summary = summary?;
    record(&recorder, &provenance, &outcomes, guard)?;
    if !args.accept && args.review {
        review_all(&args.profile, None, Decision::Ask)?;
    }
    Ok(if summary.interrupted || summary.unreachable { Exit::Inconclusive } else { Exit::Held })
}

/// Writes what was observed, and tells how it compares. What could not be judged was not observed properly either.
fn record(
    recorder: &Recorder,
    provenance: &Provenance,
    outcomes: &[Box<Outcome>],
    guard: &Guard,
) -> Result<(), Failure> {
    let mut changes = Vec::new();
    let mut unjudged = Vec::new();
    for outcome in outcomes {
        match outcome.judged_observation() {
            Some(observation) => {
                changes.push(recorder.record(provenance, &outcome.id, &outcome.title, observation)?);
            }
            None if outcome.observation.is_some() => unjudged.push(outcome.id.as_str()),
            None => {}
        }
    }
    let [same, confirmed, changed, new] = [Change::Same, Change::Confirmed, Change::Changed, Change::New]
        .map(|wanted| changes.iter().filter(|change| **change == wanted).count());
    let mut out = Out::guarded(guard);
    let folder = recorder.folder().display();
    writeln!(out, "{same} as they were, {confirmed} confirmed, {changed} changed, {new} new in {folder}")?;
    if !unjudged.is_empty() {
        writeln!(out, "not recorded, because they could not be judged: {}", unjudged.join(", "))?;
    }
    if recorder.leaves_pending() && confirmed + changed + new > 0 {
        writeln!(
            out,
            "pending: review them with `cogspec snapshots review` or `cargo insta review`, or record again with --accept"
        )?;
    }
    out.flush()?;
    Ok(())
}
