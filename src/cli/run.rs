//! `cogspec run`.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use super::cassette::{self, Comparison, Recording};
use super::drive::{drive, stopping};
use super::io::tell;
use super::live::LiveArgs;
use super::report::ReportArgs;
use super::reporters::{Reporters, with_exit};
use super::target::{Reached, TargetArgs, seconds};
use super::verdict::VerdictArgs;
use super::{Exit, Failure, Out};
use crate::artefact::Guard;
use crate::baseline::Baseline;
use crate::report::TerminalOptions;
use crate::run::{Event, Filter, Plan, RunToken, Shard, case_set_digest, not_implemented};
use crate::snapshot::Profile;
use crate::suite::{self, Case};

/// Judge a server: the embedded emulator, the one at `--endpoint`, or one that is started for it
///
/// Calls StartWebAuthnRegistration in several hundred right and wrong ways, on user pools and users of its own, which are
/// deleted at the end. Ctrl-C ends in a report of what was judged until then.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    live: LiveArgs,

    /// With --live: print every call that would be made, and what it costs at most; send nothing.
    #[arg(help_heading = "Live Cognito", long, requires = "live")]
    dry_run: bool,

    /// Only these cases: a glob on case ids, `level:MUST`, or `rule:` with a glob on rule ids; `!` in front excludes.
    #[arg(help_heading = "Cases", long, value_name = "FILTER")]
    filter: Vec<Filter>,

    /// Only this part of them: 2/3 is the second of three. Every machine splits them in the same way.
    #[arg(help_heading = "Cases", long, value_name = "I/N")]
    shard: Option<Shard>,

    /// List the chosen cases instead of running them.
    #[arg(help_heading = "Cases", long)]
    list: bool,

    /// How many cases run at once; 8 where the --implementation needs no other number.
    #[arg(help_heading = "Running", long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,

    /// Seconds that one case may take; 60 where the --implementation needs no more.
    #[arg(help_heading = "Running", long, value_name = "SECONDS", value_parser = seconds)]
    case_timeout: Option<Duration>,

    /// Stop at the first failure.
    #[arg(help_heading = "Running", long)]
    fail_fast: bool,

    #[command(flatten)]
    verdict: VerdictArgs,

    /// Take no baseline, where the --implementation has one of its own.
    #[arg(help_heading = "Verdict", long, conflicts_with = "baseline")]
    no_baseline: bool,

    /// Hold the answers against the snapshots of this profile: `cognito`, `emulator`, or a folder.
    #[arg(help_heading = "Verdict", long, value_name = "PROFILE", group = "expectations")]
    snapshots: Option<String>,

    #[command(flatten)]
    reports: ReportArgs,

    /// Record what is sent and answered into this file, without secrets, so that `--replay` can judge it again.
    #[arg(help_heading = "Reports", long, value_name = "FILE", conflicts_with = "replay")]
    cassette: Option<PathBuf>,

    /// List notes and skips one by one, and show answers.
    #[arg(help_heading = "Reports", long, short)]
    verbose: bool,

    /// Judge a recorded run again, without a network: the file of `--cassette`.
    #[arg(help_heading = "Target", long, value_name = "FILE", conflicts_with_all = [
        "server", "region", "signing_key", "seed", "timeout", "rate", "budget",
    ])]
    replay: Option<PathBuf>,

    /// The seed of every random choice, or the token of a run to repeat.
    #[arg(help_heading = "Running", long, value_name = "SEED|TOKEN")]
    seed: Option<RunToken>,
}

const EXAMPLES: &str = "\
Examples:
  cogspec run                                              the embedded emulator
  cogspec run --endpoint http://127.0.0.1:9229             a server on this machine
  cogspec run --implementation awsim                       installs, starts and stops it, too
  cogspec run --filter 'token.*' --filter '!token.time.*'  some cases
  cogspec run --endpoint URL --cassette run.cassette       keeps the answers, to judge them again:
  cogspec run --replay run.cassette --snapshots cognito
  cogspec run --snapshots cognito --report json=run.json   drift from live Cognito, and a report for programs
  cogspec run --live --region eu-west-1 --dry-run          what a run on live Cognito would send and cost";

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let all = suite::all();
    let case_set = case_set_digest(&all);
    let chosen = |all: Vec<Case>| -> Vec<Case> {
        let is_chosen =
            |case: &Case| Filter::choose(&args.filter, case) && args.shard.is_none_or(|shard| shard.holds(case));
        all.into_iter().filter(is_chosen).collect()
    };
    let replayed = args.replay.as_deref().map(|path| cassette::read(path, &all)).transpose()?;
    let mut cases = chosen(all.clone());
    cases.retain(|case| replayed.as_ref().is_none_or(|cassette| cassette.verdicts().contains_key(&case.id)));
    if cases.is_empty() {
        return Err(Failure { exit: Exit::NothingRan, message: nothing_chosen() });
    }
    if args.list {
        return list(&cases);
    }
    let token = match &replayed {
        Some(cassette) => {
            cassette.header().token.parse().map_err(|_| Failure::usage("the cassette has no run's token"))?
        }
        None => RunToken::new(args.seed.as_ref(), &case_set),
    };
    if let Some(other) = args.seed.as_ref().and_then(|given| given.other_case_set(&case_set)) {
        tell(&format!("warning: the run to repeat had another set of cases ({other}; this one is {case_set})"));
    }
    let expectations = args.snapshots.as_deref().map(Profile::find).transpose();
    let expectations = expectations.map_err(|e| Failure::usage(e.to_string()))?;
    let baseline = match (&args.verdict.baseline, &args.target.implementation) {
        (Some(path), _) => Baseline::read(path).map(Some),
        (None, Some(implementation)) if !args.no_baseline => implementation.baseline(),
        (None, _) => Ok(None),
    };
    let baseline = baseline.map_err(|e| Failure::usage(e.to_string()))?;
    let needs = args.target.needs();
    let plan = |cases, expectations| Plan {
        cases,
        jobs: args.jobs.or(needs.jobs).map_or(Plan::JOBS, usize::from),
        case_timeout: args.case_timeout.or(needs.case_timeout).unwrap_or(Plan::CASE_TIMEOUT),
        fail_fast: args.fail_fast,
        seed: token.seed,
        expectations,
        baseline: baseline.clone(),
    };
    let stopped = stopping()?;
    let rehearsed = || plan(chosen(suite::all()), None);
    let forecast = args.live.forecast(&args.target, args.dry_run, rehearsed, stopped.clone(), guard).await?;
    if let Some(forecast) = forecast.as_ref().filter(|_| args.dry_run) {
        return forecast.tell();
    }
    let plan = plan(cases, expectations);
    let number = plan.cases.len();
    let options = TerminalOptions { verbose: args.verbose, target: args.live.named(&args.target) };
    let mut reporters = Reporters::open(&args.reports, options, guard)?;
    let mut recording = args.cassette.as_deref().map(Recording::begin).transpose()?;
    let mut comparison = replayed.as_ref().map(Comparison::new);
    let reached = match replayed {
        Some(cassette) => Reached::replayed(cassette, guard).await?,
        None => {
            let tape = recording.as_ref().map(Recording::tape).unwrap_or_default();
            args.live.reach_on(tape, &args.target, forecast.as_ref(), guard).await?
        }
    };
    let bar = args.verdict.bar();
    let take = |event: &Event| {
        if let Some(recording) = &mut recording {
            recording.event(event);
        }
        if let Some(comparison) = &mut comparison {
            comparison.event(event);
            if let (Event::RunFinished(_), Some(notice)) = (event, comparison.notice()) {
                reporters.event(&notice);
            }
        }
        match event {
            Event::RunFinished(summary) => reporters.event(&with_exit(summary, bar.ending(summary).into())),
            event => reporters.event(event),
        }
        Ok(())
    };
    let summary = drive(&reached, plan, &token, stopped, guard, take).await;
    if let (Some(recording), Ok(_)) = (recording, &summary)
        && let Err(e) = recording.end(&reached.fixtures, &token, &all, guard)
    {
        reporters.fail(&e);
    }
    if let Err(failure) = &summary
        && failure.exit == Exit::NothingRan
    {
        reporters.not_implemented(&not_implemented(&reached.fixtures, number, &token, &failure.message));
    }
    reached.leave(guard).await;
    Ok(reporters.exit(bar.ending(&summary?).into()))
}

fn nothing_chosen() -> String {
    "no case matches the filters, so nothing ran; `cogspec run --list` shows the cases".to_owned()
}

fn list(cases: &[Case]) -> Result<Exit, Failure> {
    let mut out = Out::stdout();
    for case in cases {
        writeln!(out, "{:<44} {}", case.id, case.title)?;
    }
    writeln!(out, "{} cases", cases.len())?;
    Ok(Exit::Held)
}
