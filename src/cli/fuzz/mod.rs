//! `cogspec fuzz`.

pub(super) mod findings;
pub(super) mod progress;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

use super::drive::{ready, stopping};
use super::io::{tell, tell_guarded};
use super::live::LiveArgs;
use super::target::TargetArgs;
use super::{Exit, Failure, Format, Out};
use crate::artefact::Guard;
use crate::cognito::Severity;
use crate::fuzz::{Ended, Event, Plan, Repeats, Summary, fuzz};
use crate::generate::call::Input;
use crate::report::FuzzReport;
use crate::run::{FailOn, RunToken};
use findings::Findings;
use progress::Progress;

/// The version of the JSON document's form; the schema in the repository describes it.
const VERSION: u32 = 1;

/// The inputs in `corpus/emulator`, `corpus/sessions` and `corpus/ceremony` that are drawn from.
static SEEDS: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/seeds.rs"));

/// Fuzz a server: calls with drawn defects, and every oracle on each answer
///
/// Draws tokens and requests with labelled defects, sends them, and holds each answer to what the labels allow. What is
/// found is seen again alone, between two plain requests that are served, and made as small as it goes. Throttling, limits and
/// outages are the server's own, and no finding.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    live: LiveArgs,

    /// How long to go on: 90s, 10m, 1h; a bare number is seconds.
    #[arg(help_heading = "Running", long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    time: Duration,

    /// Stop after so many calls, if the time is not over before.
    #[arg(help_heading = "Running", long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    requests: Option<u64>,

    /// How many calls are under way at once.
    #[arg(help_heading = "Running", long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,

    /// Put this load on a server that is not this machine, besides --allow-remote.
    #[arg(long, requires = "endpoint")]
    allow_load: bool,

    /// The seed of every random choice, or the token of a run. With --jobs 1, what is drawn depends on it and on the answers
    /// alone.
    #[arg(help_heading = "Running", long, value_name = "SEED|TOKEN")]
    seed: Option<RunToken>,

    /// A folder of inputs to begin with, besides those in the binary: findings of an earlier run, or a corpus.
    #[arg(help_heading = "Running", long, value_name = "DIR")]
    corpus: Option<PathBuf>,

    /// The quietest finding that fails the run.
    #[arg(help_heading = "Verdict", long, value_name = "VERDICT", default_value = "fail")]
    fail_on: FailOn,

    /// The folder that findings are written to; it is made when there is one.
    #[arg(help_heading = "Reports", long, value_name = "DIR", default_value = "cogspec-findings")]
    findings: PathBuf,

    /// How to print the result.
    #[arg(help_heading = "Reports", long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  cogspec fuzz --time 10m                                       the embedded emulator
  cogspec fuzz --endpoint http://127.0.0.1:9229 --time 120s     a server on this machine
  cogspec replay --endpoint http://127.0.0.1:9229 cogspec-findings/NAME
  cogspec case new cogspec-findings/NAME                        the beginning of a case for the suite

A finding is two files: NAME holds the bytes that it is drawn from, which `cogspec replay`,
`cargo fuzz run emulator` and (in corpus/emulator) `cargo test` take; NAME.json tells the story.
Ctrl-C ends a run early, with its report.";

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let seeds = seeds(args.corpus.as_deref())?;
    let token = RunToken::of_inputs(args.seed.as_ref(), &seeds);
    if let Some(other) = args.seed.as_ref().and_then(|given| given.other_corpus(&token)) {
        tell(&format!("warning: the run to repeat began with other inputs (corpus {other})"));
    }
    if !args.allow_load && (args.live.is_live() || !args.target.is_this_machine().await?) {
        let message = "the server is not this machine; if its owner agrees that you put load on it, add --allow-load, besides \
                       --allow-remote HOST or --live";
        return Err(Failure::usage(message));
    }
    let mut stopped = stopping()?;
    let reached = args.live.reach(&args.target, None, guard).await?;
    ready(&reached.fixtures, &mut stopped, guard).await?;
    let target = reached.fixtures.target();
    let is_text = matches!(args.format, Format::Text);
    let mut report = FuzzReport::new(Out::guarded(guard), args.live.named(&args.target).as_deref());
    if is_text {
        report.head(&target.name, &target.transport.endpoint().to_string(), &token.to_string())?;
    }
    let plan = Plan { time: Some(args.time), requests: args.requests, jobs: args.jobs.into(), seed: token.seed, seeds };
    let (events, mut told) = mpsc::unbounded_channel();
    let running = tokio::spawn(fuzz(Arc::clone(&reached.fixtures), plan, events, stopped));
    let mut progress = Progress::new(args.time);
    let mut findings = Findings::new(&args.findings, guard);
    let mut written = Ok(());
    while let Some(event) = told.recv().await {
        match event {
            Event::Progress(how_far) => progress.show(how_far),
            Event::Notice(text) => {
                progress.above(|| tell_guarded(guard, &format!("notice: {}", crate::run::printable(&text))));
            }
            Event::Found(mut found) => {
                found.redact_later(&guard.secrets());
                let file = findings.write(&found);
                if is_text {
                    // A report that cannot be written does not end the run: the fixtures are to be deleted.
                    let told = progress.above(|| report.found(&found, file.as_deref()));
                    written = written.and(told);
                }
            }
        }
    }
    progress.end();
    let summary = running.await.map_err(|e| Failure { exit: Exit::Bug, message: format!("the run ended early: {e}") });
    reached.leave(guard).await;
    let mut summary = summary?;
    written?;
    summary.found.iter_mut().for_each(|found| found.redact_later(&guard.secrets()));
    findings.write_suspects(&summary.suspects);
    match args.format {
        Format::Text => report.end(&summary)?,
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
        Exit::Held if summary.classes.is_empty() => Exit::NothingRan,
        exit => exit,
    }
}

/// How a run with these findings exits.
pub(super) fn exit_of(
    fail_on: FailOn,
    mut found: impl Iterator<Item = (Repeats, Severity)>,
    has_noted: bool,
    ended: &Ended,
) -> Exit {
    let quietest = match fail_on {
        FailOn::Fail => Severity::Fail,
        FailOn::Warn => Severity::Warn,
        FailOn::Note => Severity::Note,
    };
    let fails = found.any(|(repeats, severity)| repeats == Repeats::Always && severity >= quietest)
        || (quietest == Severity::Note && has_noted);
    match ended {
        Ended::Gone(_) | Ended::NotServed(_) => Exit::Inconclusive,
        _ if fails => Exit::Failed,
        _ => Exit::Held,
    }
}

/// The inputs in the binary, and those in the folder.
fn seeds(folder: Option<&Path>) -> Result<Vec<Input>, Failure> {
    let mut seeds: Vec<Input> = SEEDS.iter().filter_map(|seed| Input::of_file(seed).ok()).collect();
    if let Some(folder) = folder {
        seeds.extend(inputs(folder, |file| Input::of_file(file).ok())?);
    }
    Ok(seeds)
}

/// The inputs in the files of a folder, by name. Other files, such as the stories beside findings, are no inputs.
pub(super) fn inputs(folder: &Path, of_file: impl Fn(&[u8]) -> Option<Input>) -> Result<Vec<Input>, Failure> {
    let wrong = |e: std::io::Error| Failure::usage(format!("cannot read {}: {e}", folder.display()));
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        paths.push(entry.map_err(wrong)?.path());
    }
    paths.sort();
    let mut inputs = Vec::new();
    for path in paths.iter().filter(|path| path.is_file()) {
        inputs.extend(of_file(&super::read_input(path)?));
    }
    Ok(inputs)
}

/// Reads a time such as `90s` or `10m`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = "a time such as 90s, 10m or 1h, above 0 and at most 30 days".to_owned();
    let parsed = match text.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text).ok(),
    };
    let is_right = |time: &Duration| !time.is_zero() && *time <= Duration::from_secs(30 * 86_400);
    parsed.filter(is_right).ok_or(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(duration("120s"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h 5m"), Ok(Duration::from_secs(3900)));
        for wrong in ["", "0", "0s", "x", "-1s", "1y", "s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_binary_has_seeds() {
        assert!(seeds(None).unwrap().len() >= 4);
    }
}
