//! `cogspec run`.

use std::io::{self, Write};
use std::time::Duration;

use super::drive::{drive, stopping};
use super::live::LiveArgs;
use super::target::{TargetArgs, seconds};
use super::{Exit, Failure, Out};
use crate::report::{Progress, ReportSpec, Reporter, Terminal, TerminalOptions};
use crate::run::{Counts, Event, Filter, Plan, RunToken, Shard, Summary, case_set_digest};
use crate::snapshot::Profile;
use crate::suite::{self, Case};

/// Judge a server: the embedded emulator, or the one at `--endpoint`
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

    /// How many cases run at once.
    #[arg(help_heading = "Running", long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,

    /// Seconds that one case may take.
    #[arg(help_heading = "Running", long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    case_timeout: Duration,

    /// Stop at the first failure.
    #[arg(help_heading = "Running", long)]
    fail_fast: bool,

    /// The quietest verdict that fails the run.
    #[arg(help_heading = "Verdict", long, value_name = "VERDICT", default_value = "fail")]
    fail_on: FailOn,

    /// The most cases, in percent, that may be inconclusive before the run is.
    #[arg(help_heading = "Verdict", long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    max_inconclusive: u8,

    /// Hold the answers against the snapshots of this profile: `cognito`, `emulator`, or a folder.
    #[arg(help_heading = "Verdict", long, value_name = "PROFILE")]
    snapshots: Option<String>,

    /// Fail when a snapshot has no case.
    #[arg(help_heading = "Verdict", long, requires = "snapshots")]
    strict: bool,

    /// Write a report, too: `json=FILE` or `ndjson=FILE`; `-` is standard output.
    #[arg(help_heading = "Reports", long, value_name = "FORMAT=FILE")]
    report: Vec<ReportSpec>,

    /// List notes and skips one by one, and show answers.
    #[arg(help_heading = "Reports", long, short)]
    verbose: bool,

    /// The seed of every random choice, or the token of a run to repeat.
    #[arg(help_heading = "Running", long, value_name = "SEED|TOKEN")]
    seed: Option<RunToken>,
}

const EXAMPLES: &str = "\
Examples:
  cogspec run                                              the embedded emulator
  cogspec run --endpoint http://127.0.0.1:9229             a server on this machine
  cogspec run --filter 'token.*' --filter '!token.time.*'  some cases
  cogspec run --snapshots cognito --report json=run.json   drift from live Cognito, and a report for programs
  cogspec run --live --region eu-west-1 --dry-run          what a run on live Cognito would send and cost";

/// The quietest verdict that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FailOn {
    /// A broken MUST.
    Fail,
    /// A SHOULD that is not followed, too.
    Warn,
    /// Any deviation.
    Note,
}

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    let all = suite::all();
    let case_set = case_set_digest(&all);
    let chosen = |all: Vec<Case>| -> Vec<Case> {
        let is_chosen =
            |case: &Case| Filter::choose(&args.filter, case) && args.shard.is_none_or(|shard| shard.holds(case));
        all.into_iter().filter(is_chosen).collect()
    };
    let cases = chosen(all);
    if cases.is_empty() {
        return Err(Failure { exit: Exit::NothingRan, message: nothing_chosen() });
    }
    if args.list {
        return list(&cases);
    }
    let token = RunToken::new(args.seed.as_ref(), &case_set);
    if let Some(other) = args.seed.as_ref().and_then(|given| given.other_case_set(&case_set)) {
        anstream::eprintln!("warning: the run to repeat had another set of cases ({other}; this one is {case_set})");
    }
    let expectations = args.snapshots.as_deref().map(Profile::find).transpose();
    let expectations = expectations.map_err(|e| Failure::usage(e.to_string()))?;
    let plan = |cases, expectations| Plan {
        cases,
        jobs: args.jobs.into(),
        case_timeout: args.case_timeout,
        fail_fast: args.fail_fast,
        seed: token.seed,
        expectations,
    };
    let stopped = stopping()?;
    let rehearsed = || plan(chosen(suite::all()), None);
    let forecast = args.live.forecast(&args.target, args.dry_run, rehearsed, stopped.clone()).await?;
    if let Some(forecast) = forecast.as_ref().filter(|_| args.dry_run) {
        return forecast.tell();
    }
    let plan = plan(cases, expectations);
    let mut reporters = Reporters::open(args)?;
    let reached = args.live.reach(&args.target, forecast.as_ref()).await?;
    let summary = drive(&reached, plan, &token, stopped, |event| reporters.event(event)).await;
    reached.leave().await;
    let exit = exit(args, &summary?);
    reporters.exit(exit)?;
    Ok(exit)
}

/// Every report of the run.
struct Reporters {
    terminal: Option<Terminal<Out>>,
    progress: Progress,
    asked: Vec<Box<dyn Reporter + Send>>,
}

impl Reporters {
    fn open(args: &Args) -> Result<Self, Failure> {
        let asked = args.report.iter().map(ReportSpec::open).collect::<io::Result<Vec<_>>>();
        let asked = asked.map_err(|e| Failure::usage(e.to_string()))?;
        let options = TerminalOptions { verbose: args.verbose, target: args.live.named(&args.target) };
        let is_taken = args.report.iter().any(ReportSpec::is_stdout);
        let terminal = (!is_taken).then(|| Terminal::new(Out::stdout(), options));
        Ok(Reporters { terminal, progress: Progress::new(), asked })
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        // The terminal's head is to stand above the bar.
        if let Some(terminal) = &mut self.terminal {
            terminal.event(event)?;
        }
        self.progress.event(event)?;
        self.asked.iter_mut().try_for_each(|report| report.event(event))
    }

    fn exit(&mut self, exit: Exit) -> io::Result<()> {
        self.terminal.as_mut().map_or(Ok(()), |terminal| terminal.exit(exit as u8, exit.meaning()))
    }
}

fn nothing_chosen() -> String {
    "no case matches the filters, so nothing ran; `cogspec run --list` shows the cases".to_owned()
}

/// The exit code of a run that came to its end.
fn exit(args: &Args, summary: &Summary) -> Exit {
    let Counts { fail, warn, note, inconclusive, error, .. } = summary.counts;
    let failed = summary.drifted
        + match args.fail_on {
            FailOn::Fail => fail,
            FailOn::Warn => fail + warn,
            FailOn::Note => fail + warn + note,
        };
    let too_much = inconclusive * 100 > usize::from(args.max_inconclusive) * summary.counts.total();
    if error > 0 {
        Exit::Bug
    } else if summary.unreachable {
        Exit::Inconclusive
    } else if failed > 0 {
        Exit::Failed
    } else if too_much || summary.interrupted {
        Exit::Inconclusive
    } else if summary.counts.judged() == 0 {
        Exit::NothingRan
    } else if args.strict && summary.stale > 0 {
        Exit::Stale
    } else {
        Exit::Held
    }
}

fn list(cases: &[Case]) -> Result<Exit, Failure> {
    let mut out = Out::stdout();
    for case in cases {
        writeln!(out, "{:<44} {}", case.id, case.title)?;
    }
    writeln!(out, "{} cases", cases.len())?;
    Ok(Exit::Held)
}
