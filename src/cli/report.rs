//! `cogspec report`, and opening the reports that a command was asked for.

use std::io;
use std::path::PathBuf;

use super::{Exit, Failure, Out, read_input};
use crate::artefact::Guard;
use crate::baseline::Baseline;
use crate::report::{Asked, Format, Reporter, RunFormat, Terminal, TerminalOptions};
use crate::run::{Event, Results};

/// Make reports of a run that has ended
///
/// Reads the results that `cogspec run --report json=FILE` has written, so that one file has to be kept. Without --report the
/// report for people is printed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  cogspec report run.json
  cogspec report run.json --report junit=junit.xml --report sarif=cogspec.sarif
  cogspec report run.json --baseline cogspec-baseline.toml --report json=held.json

The exit code is 0 when the reports are written, whatever the run found.")]
pub(super) struct Args {
    /// The results; `-` is standard input.
    results: PathBuf,

    /// Hold the results against this baseline first, in place of the one that they were made with.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    #[command(flatten)]
    reports: ReportArgs,

    /// List notes and skips one by one, and show answers.
    #[arg(long, short, conflicts_with = "report")]
    verbose: bool,
}

/// The reports that are to be written.
#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// Write a report, too: html, json, ndjson, junit, sarif, markdown or github; `-` is standard output. `github` writes
    /// annotations, and the Markdown into the job's summary, where GITHUB_STEP_SUMMARY names one.
    #[arg(help_heading = "Reports", long, value_name = "FORMAT=FILE")]
    report: Vec<Asked<RunFormat>>,
}

impl ReportArgs {
    /// Begins each report.
    ///
    /// # Errors
    /// When two are to be written to one place, or one cannot be written.
    pub(super) fn open(&self, guard: &Guard) -> Result<Vec<Box<dyn Reporter + Send>>, Failure> {
        refuse_twice(&self.report)?;
        let opened = self.report.iter().map(|report| report.open(guard)).collect::<io::Result<_>>();
        opened.map_err(|e| Failure::usage(e.to_string()))
    }

    /// Whether none is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.report.is_empty()
    }

    /// Whether one takes standard output for itself.
    pub(super) fn take_stdout(&self) -> bool {
        self.report.iter().any(Asked::takes_stdout)
    }
}

/// Refuses two reports to one place.
pub(super) fn refuse_twice<F: Format>(asked: &[Asked<F>]) -> Result<(), Failure> {
    match Asked::twice(asked) {
        Some(twice) => {
            Err(Failure::usage(format!("{twice} is written where another report is; give each a file of its own")))
        }
        None => Ok(()),
    }
}

pub(super) fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let document = read_input(&args.results)?;
    let mut run = Results::parse(&args.results, &document).map_err(|e| Failure::usage(e.to_string()))?;
    if let Some(path) = &args.baseline {
        run = run.against(Baseline::read(path).map_err(|e| Failure::usage(e.to_string()))?);
        // How the command of the run ended was decided by another one.
        run.summary.exit = None;
    }
    let mut reporters = args.reports.open(guard)?;
    if reporters.is_empty() {
        let options = TerminalOptions::of(&run.run, args.verbose);
        reporters.push(Box::new(Terminal::new(Out::guarded(guard), options)));
    }
    let events: Vec<Event> = run.into_events().collect();
    // One that cannot be written takes none of the others with it.
    let written = reporters.iter_mut().map(|report| events.iter().try_for_each(|event| report.event(event)));
    let errors: Vec<io::Error> = written.filter_map(Result::err).collect();
    match errors.into_iter().next() {
        Some(e) => Err(e.into()),
        None => Ok(Exit::Held),
    }
}
