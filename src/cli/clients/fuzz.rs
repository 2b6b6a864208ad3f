//! `cogspec clients fuzz`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use tokio::sync::{mpsc, watch};

use crate::artefact::Guard;
use crate::cli::drive::stopping;
use crate::cli::fuzz::findings::{Findings, name};
use crate::cli::fuzz::progress::Progress;
use crate::cli::fuzz::{duration, exit_of, inputs};
use crate::cli::implementation::runnable;
use crate::cli::io::tell_guarded;
use crate::cli::target::seconds;
use crate::cli::{Exit, Failure, Format, Out, read_input};
use crate::client::Tested;
use crate::client::fuzz::{Event, Found, Plan, Replayed, Summary, drawn, fuzz, replay};
use crate::cognito::Severity;
use crate::generate::call::Input;
use crate::implementation::{ClientRecipe, Implementation};
use crate::report::{FuzzReport, write_replayed_clients};
use crate::run::{FailOn, Filter, RunToken, printable};
use crate::scenario::Scenario;

/// The version of the JSON document's form.
const VERSION: u32 = 1;

/// How many answers are under way at once, where nothing else is said.
const JOBS: u16 = 4;

/// How long a client may take to come back from an answer, where nothing else is said: none of these is slow, so that it is several
/// tries with what SDKs wait between them.
const WITHIN: Duration = Duration::from_secs(30);

/// Fuzz clients: drawn answers, and the judge on what each client makes of them
///
/// Draws answers with labelled defects, good and bad creation options among them, asks the adapter of each client about the same
/// answer, and holds what comes of it to what the labels allow. Where clients of one layer differ that is told, too, and fails
/// nobody. What is found is seen again, made as small as it goes, and kept as a scenario.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(in crate::cli) struct Args {
    /// Names (`cogspec clients list`), or the folders of recipes, such as ./my-client.
    #[arg(value_name = "NAME|FOLDER", required = true, value_parser = runnable::<ClientRecipe>)]
    clients: Vec<Implementation<ClientRecipe>>,

    /// How long to go on: 90s, 10m, 1h; a bare number is seconds.
    #[arg(help_heading = "Running", long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    time: Duration,

    /// Stop after so many answers, if the time is not over before.
    #[arg(help_heading = "Running", long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max: Option<u64>,

    /// How many answers are under way at once, each with an adapter of each client; 4 where no recipe needs another number.
    #[arg(help_heading = "Running", long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,

    /// Seconds that a client may take to come back from one answer; 30, if not given.
    #[arg(help_heading = "Running", long, value_name = "SECONDS", value_parser = seconds)]
    case_timeout: Option<Duration>,

    /// The seed of every random choice, or the token of a run. It alone decides which answers are drawn, and in which order.
    #[arg(help_heading = "Running", long, value_name = "SEED|TOKEN")]
    seed: Option<RunToken>,

    /// A folder of inputs to begin with: findings of an earlier run, or corpus/error_classification of the repository.
    #[arg(help_heading = "Running", long, value_name = "DIR")]
    corpus: Option<PathBuf>,

    /// Look only for these: a glob on rule ids, or on differ.LAYER.WHAT; `level:MUST`; `!` in front excludes.
    #[arg(help_heading = "Running", long, value_name = "FILTER")]
    filter: Vec<Filter>,

    /// Ask about the answer in this file instead: a finding, or an input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["time", "max", "jobs", "seed", "corpus", "filter", "findings"])]
    replay: Option<PathBuf>,

    /// The quietest finding that fails the run.
    #[arg(help_heading = "Verdict", long, value_name = "VERDICT", default_value = "fail")]
    fail_on: FailOn,

    /// The folder that findings are written to; it is made when there is one.
    #[arg(
        help_heading = "Reports",
        long,
        visible_alias = "out",
        value_name = "DIR",
        default_value = "cogspec-findings"
    )]
    findings: PathBuf,

    /// How to print the result.
    #[arg(help_heading = "Reports", long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  cogspec clients fuzz boto3 --time 5m                          one client
  cogspec clients fuzz boto3 aws-sdk-js aws-sdk-rust            several, and where they differ
  cogspec clients fuzz boto3 --replay cogspec-findings/NAME.json
  cogspec clients run boto3 --scenario cogspec-findings/NAME.json
  cogspec serve --scenario cogspec-findings/NAME.json           for any other client

A finding is one file, NAME.json: the scenario, with its answer and all that is demanded of clients, the bytes that it is
drawn from (`input`), and what was found (`found`). Ctrl-C ends a run early, with its report.";

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    refuse_twins(&args.clients)?;
    let scenario = args.replay.as_deref().map(of_file).transpose()?;
    let seeds = args.corpus.as_deref().map(|folder| inputs(folder, input)).transpose()?.unwrap_or_default();
    let mut stopped = stopping()?;
    let mut tested = Vec::new();
    for client in &args.clients {
        tested.push(super::install(client, &mut stopped).await?);
    }
    match scenario {
        Some(scenario) => again(args, tested, &scenario, stopped, guard).await,
        None => run(args, tested, seeds, stopped, guard).await,
    }
}

/// Findings are told by the names of clients.
fn refuse_twins(clients: &[Implementation<ClientRecipe>]) -> Result<(), Failure> {
    match super::twin(clients) {
        Some(name) => Err(Failure::usage(format!("there are two clients of the name {name}"))),
        None => Ok(()),
    }
}

async fn run(
    args: &Args,
    tested: Vec<Tested>,
    seeds: Vec<Input>,
    stopped: watch::Receiver<bool>,
    guard: &Guard,
) -> Result<Exit, Failure> {
    let token = RunToken::of_inputs(args.seed.as_ref(), &seeds);
    if let Some(other) = args.seed.as_ref().and_then(|given| given.other_corpus(&token)) {
        tell_guarded(guard, &format!("warning: the run to repeat began with other inputs (corpus {other})"));
    }
    let is_text = matches!(args.format, Format::Text);
    let titles: Vec<String> = tested.iter().map(|tested| tested.title()).collect();
    let given: Vec<String> = args.clients.iter().map(Implementation::given).collect();
    let mut report = FuzzReport::new(Out::guarded(guard), Some(&given.join(" ")));
    if is_text {
        let all = titles.join(", ");
        report.head(&all, &all, &token.to_string())?;
    }
    let jobs = args.jobs.or(args.clients.iter().filter_map(|client| client.recipe().needs.jobs).min());
    let plan = Plan {
        time: Some(args.time),
        answers: args.max,
        jobs: jobs.unwrap_or(JOBS).into(),
        within: args.case_timeout.unwrap_or(WITHIN),
        seed: token.seed,
        seeds,
        filters: args.filter.clone(),
    };
    let (events, mut told) = mpsc::unbounded_channel();
    let secrets = guard.secrets();
    let clock = token.clock;
    let running = tokio::spawn(async move { fuzz(tested, plan, clock, &secrets, events, stopped).await });
    let mut progress = Progress::new(args.time);
    let mut findings = Findings::new(&args.findings, guard);
    let mut written = Ok(());
    while let Some(event) = told.recv().await {
        match event {
            Event::Progress(how_far) => progress.show(how_far),
            Event::Notice(text) => {
                progress.above(|| tell_guarded(guard, &format!("notice: {}", printable(&text))));
            }
            Event::Found(mut found) => {
                found.redact_later(&guard.secrets());
                let name = name(&found.name, found.repeats) + ".json";
                let file = findings.put(&name, format!("{:#}\n", found.to_file()).as_bytes());
                if is_text {
                    // A report that cannot be written does not end the run: the findings are to be kept.
                    let told = progress.above(|| report.found_of_client(&found, file.as_deref()));
                    written = written.and(told);
                }
            }
        }
    }
    progress.end();
    let summary = running.await.map_err(|e| Failure { exit: Exit::Bug, message: format!("the run ended early: {e}") });
    let mut summary = summary?;
    written?;
    summary.found.iter_mut().for_each(|found| found.redact_later(&guard.secrets()));
    match args.format {
        Format::Text => report.end_of_clients(&summary)?,
        Format::Json => {
            let document = json!({ "version": VERSION, "cogspec": env!("CARGO_PKG_VERSION"), "token": token.to_string(), "run": summary });
            let mut out = Out::guarded(guard);
            writeln!(out, "{document:#}")?;
            out.flush()?;
        }
    }
    Ok(exit(args, &summary))
}

fn exit(args: &Args, summary: &Summary) -> Exit {
    let found = summary.found.iter().map(|found| (found.repeats, found.severity));
    match exit_of(args.fail_on, found, !summary.noted.is_empty(), &summary.ended) {
        Exit::Held if summary.drawn == 0 => Exit::NothingRan,
        exit => exit,
    }
}

/// Asks about one answer.
async fn again(
    args: &Args,
    tested: Vec<Tested>,
    scenario: &Scenario,
    mut stopped: watch::Receiver<bool>,
    guard: &Guard,
) -> Result<Exit, Failure> {
    let within = args.case_timeout.unwrap_or(WITHIN);
    let secrets = guard.secrets();
    let clock = RunToken::of_inputs(None, &[]).clock;
    let replayed = tokio::select! {
        replayed = replay(tested, within, clock, &secrets, scenario) => replayed,
        _ = stopped.wait_for(|stop| *stop) => return Err(Failure::unreachable("stopped before the clients came back")),
    };
    let mut out = Out::guarded(guard);
    match args.format {
        Format::Text => write_replayed_clients(&mut out, &replayed)?,
        Format::Json => writeln!(out, "{:#}", json!(replayed))?,
    }
    out.flush()?;
    Ok(exit_again(args, &replayed))
}

fn exit_again(args: &Args, replayed: &Replayed) -> Exit {
    let findings = replayed.clients.iter().flat_map(|asked| &asked.findings);
    let found = findings.map(|finding| finding.severity).chain(replayed.differing.iter().map(|_| Severity::Note));
    let found = found.map(|severity| (crate::fuzz::Repeats::Always, severity));
    match exit_of(args.fail_on, found, false, &crate::fuzz::Ended::Requests) {
        Exit::Held if replayed.clients.iter().any(|asked| asked.nothing.is_some()) => Exit::Inconclusive,
        exit => exit,
    }
}

/// The input in a file of a corpus, or in a finding.
fn input(file: &[u8]) -> Option<Input> {
    Input::of_file(file).ok().or_else(|| Found::input_of_file(file))
}

/// The scenario of a finding, or the one that is drawn from an input.
fn of_file(path: &Path) -> Result<Scenario, Failure> {
    let file = read_input(path)?;
    if let Ok(input) = Input::of_file(&file) {
        let scenario = drawn(&input);
        return scenario.ok_or_else(|| Failure::usage(format!("{}: no answer is drawn from it", path.display())));
    }
    let scenario = Scenario::read(&file).map_err(|e| {
        let why = "neither a finding nor an input of the fuzzer";
        Failure::usage(format!("{} is {why}: {e}", path.display()))
    })?;
    Ok(scenario.clone())
}
