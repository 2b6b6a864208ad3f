//! `cogspec clients run`.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::watch;

use crate::artefact::{self, Guard};
use crate::baseline::Baseline;
use crate::cli::drive::{failure, stopping};
use crate::cli::implementation::runnable;
use crate::cli::io::tell_guarded;
use crate::cli::report::ReportArgs;
use crate::cli::reporters::{Reporters, with_exit};
use crate::cli::scenario::{list, scenario};
use crate::cli::target::seconds;
use crate::cli::verdict::VerdictArgs;
use crate::cli::{Exit, Failure, Out};
use crate::client::{self, Plan};
use crate::implementation::{ClientRecipe, Implementation};
use crate::report::TerminalOptions;
use crate::run::{Collector, Event, Filter, RunToken, Shard, printable};
use crate::scenario::Scenario;

/// Judge clients: each is installed, and its adapter is asked about every scenario
///
/// A client gets each answer from a server of its own on 127.0.0.1, which counts what is sent. What it makes of the answer is held
/// against what a client must, should and may do. Without a name, every client that can be run here is judged.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(in crate::cli) struct Args {
    /// Names (`cogspec clients list`), or the folders of recipes, such as ./my-client.
    #[arg(value_name = "NAME|FOLDER", value_parser = runnable::<ClientRecipe>)]
    clients: Vec<Implementation<ClientRecipe>>,

    /// Only these scenarios: a glob on ids, `level:MUST`, or `rule:` with a glob on rule ids; `!` in front excludes.
    #[arg(help_heading = "Scenarios", long, value_name = "FILTER")]
    filter: Vec<Filter>,

    /// Only this scenario, by its id, or that of a file which `cogspec clients fuzz` has written; may be repeated.
    #[arg(help_heading = "Scenarios", long, value_name = "ID|FILE", value_parser = scenario, conflicts_with_all = ["filter", "shard"])]
    scenario: Vec<&'static Scenario>,

    /// Only this part of them: 2/3 is the second of three. Every machine splits them in the same way.
    #[arg(help_heading = "Scenarios", long, value_name = "I/N")]
    shard: Option<Shard>,

    /// List the chosen scenarios instead of running them.
    #[arg(help_heading = "Scenarios", long)]
    list: bool,

    /// How many adapters of a client run at once; 4 where its recipe needs no other number.
    #[arg(help_heading = "Running", long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,

    /// Seconds that one answer may take; 60 where the recipe needs no more.
    #[arg(help_heading = "Running", long, value_name = "SECONDS", value_parser = seconds)]
    case_timeout: Option<Duration>,

    /// Stop at the first failure.
    #[arg(help_heading = "Running", long)]
    fail_fast: bool,

    #[command(flatten)]
    verdict: VerdictArgs,

    /// Take no baseline, where a client has one of its own.
    #[arg(help_heading = "Verdict", long, conflicts_with = "baseline")]
    no_baseline: bool,

    #[command(flatten)]
    reports: ReportArgs,

    /// Keep the results of each client in this folder, as NAME.json, for `cogspec matrix --from`.
    #[arg(help_heading = "Reports", long, value_name = "FOLDER")]
    results: Option<PathBuf>,

    /// List notes and skips one by one, and show answers.
    #[arg(help_heading = "Reports", long, short)]
    verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  cogspec clients run boto3                                installs it, too
  cogspec clients run boto3 --filter 'retry.*'             some scenarios
  cogspec clients run boto3 --scenario cogspec-findings/NAME.json    what the fuzzer found
  cogspec clients run ./my-client --report html=run.html   a client of one's own (docs/adapters.md)
  cogspec clients run --results results                    every client, and the grid of them all:
  cogspec matrix --from results --report html=matrix.html";

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let scenarios = chosen(args);
    if scenarios.is_empty() {
        let message = "no scenario matches the filters, so nothing ran; `cogspec serve --list` shows them".to_owned();
        return Err(Failure { exit: Exit::NothingRan, message });
    }
    if args.list {
        list(&mut Out::stdout(), &scenarios)?;
        return Ok(Exit::Held);
    }
    let clients = match args.clients.as_slice() {
        [] => Implementation::<ClientRecipe>::all().filter(|client| client.refused().is_none()).collect(),
        given => given.to_vec(),
    };
    refuse_what_is_of_one(args, &clients)?;
    let stopped = stopping()?;
    let mut exits = Vec::new();
    for client in &clients {
        if *stopped.borrow() {
            exits.push(Exit::Inconclusive);
            break;
        }
        match one(args, client, scenarios.clone(), stopped.clone(), guard).await {
            Ok(exit) => exits.push(exit),
            Err(failure) if clients.len() == 1 => return Err(failure),
            Err(failure) => {
                let told = format!("error: {}: {failure}", client.recipe().name);
                tell_guarded(guard, &printable(&guard.secrets().clean(&told)));
                exits.push(failure.exit);
            }
        }
    }
    Ok(exits.into_iter().max_by_key(|exit| weight(*exit)).unwrap_or(Exit::NothingRan))
}

/// The scenarios that are given, each once, or those that the filters choose.
fn chosen(args: &Args) -> Vec<&'static Scenario> {
    if args.scenario.is_empty() {
        return client::choose(&args.filter, args.shard);
    }
    let mut ids = BTreeSet::new();
    args.scenario.iter().copied().filter(|scenario| ids.insert(&scenario.id)).collect()
}

/// Of several exit codes the heaviest is told.
fn weight(exit: Exit) -> u8 {
    match exit {
        Exit::Held => 0,
        Exit::NothingRan => 1,
        Exit::Stale => 2,
        Exit::Inconclusive => 3,
        Exit::Failed => 4,
        Exit::Usage => 5,
        Exit::Bug => 6,
    }
}

/// A report and a baseline are of one run; and two results of one name would be one file.
fn refuse_what_is_of_one(args: &Args, clients: &[Implementation<ClientRecipe>]) -> Result<(), Failure> {
    if let Some(name) = super::twin(clients) {
        return Err(Failure::usage(format!("there are two clients of the name {name}; each is judged once")));
    }
    if clients.len() > 1 && (!args.reports.is_empty() || args.verdict.baseline.is_some()) {
        return Err(Failure::usage(
            "--report and --baseline are of one client; for several there is --results FOLDER, and each has its own baseline",
        ));
    }
    Ok(())
}

async fn one(
    args: &Args,
    client: &Implementation<ClientRecipe>,
    scenarios: Vec<&'static Scenario>,
    stopped: watch::Receiver<bool>,
    guard: &Guard,
) -> Result<Exit, Failure> {
    let recipe = client.recipe();
    let baseline = match &args.verdict.baseline {
        Some(path) => Baseline::read(path).map(Some),
        None if args.no_baseline => Ok(None),
        None => client.baseline(),
    };
    let baseline = baseline.map_err(|e| Failure::usage(e.to_string()))?;
    if let Some(folder) = &args.results {
        artefact::make_folder(folder)?;
    }
    let options = TerminalOptions { verbose: args.verbose, target: None };
    let mut reporters = Reporters::open(&args.reports, options, guard)?;
    let tested = super::install(client, &mut stopped.clone()).await?;
    let plan = Plan {
        scenarios,
        jobs: args.jobs.or(recipe.needs.jobs).map_or(Plan::JOBS, usize::from),
        within: args.case_timeout.or(recipe.needs.case_timeout).unwrap_or(Plan::WITHIN),
        fail_fast: args.fail_fast,
        baseline,
    };
    let token = RunToken::new(None, &client::scenario_set());
    let bar = args.verdict.bar();
    let (mut collector, mut results) = (Collector::default(), None);
    let take = |event: &Event| {
        let event = match event {
            Event::RunFinished(summary) => &with_exit(summary, bar.ending(summary).into()),
            event => event,
        };
        results = collector.event(event);
        reporters.event(event);
        Ok(())
    };
    let summary = client::run(&tested, plan, &token, &guard.secrets(), stopped, take).await.map_err(failure)?;
    if let (Some(folder), Some(mut results)) = (&args.results, results) {
        results.cases.iter_mut().for_each(|outcome| outcome.redact_later(&guard.secrets()));
        let text = results.to_json().map_err(io::Error::other)?;
        if let Err(e) = guard.write_file(&folder.join(format!("{}.json", recipe.name)), &text) {
            reporters.fail(&e);
        }
    }
    Ok(reporters.exit(bar.ending(&summary).into()))
}
