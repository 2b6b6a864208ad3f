//! `cogspec self-test`.

mod text;

use std::io::{self, Write};
use std::pin::pin;
use std::time::{Duration, Instant};

use futures::StreamExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::fault::{self, Chosen};
use super::io::tell;
use super::signal::stop_signal;
use super::target::seconds;
use super::{Exit, Failure, Format, Out};
use crate::emulator::Fault;
use crate::self_test::{Matrix, SelfTest, SelfTestError};

/// Prove the suite: run it against the embedded emulator with each of its faults, and tell which case catches it
///
/// A fault is one small deviation that somebody could really make. Each is tried on an emulator of its own. A case
/// catches it that holds without the fault and does not with it. Ctrl-C ends in the matrix of what was tried until then.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
What became of a fault:
  killed    a case that is there for it fails: a MUST is broken
  warned    a case that is there for it warns: a SHOULD, or a MUST that is only inferred
  noted     a case notes it: rules leave a server that choice, so nothing louder can be said
  survived  no case that is there for it caught it: a gap in the suite
  unseen    it changed no answer: a defect of the catalogue

Exit codes:
  0   every fault is caught
  1   one survived, or was unseen
  3   stopped before all were tried, and no gap was found until then

Examples:
  cogspec self-test                                        every fault, the whole suite
  cogspec self-test --quick                                only the cases that are there for each
  cogspec self-test --fault 'token.*' --fault state.user-oracle
  cogspec self-test --quick --fuzz 5                       what the fuzzer finds by itself, too
  cogspec self-test --format json                          for programs; `cogspec schema self-test`
  cogspec emulate --list-faults                            every fault and what it does
  cogspec emulate --fault NAME                             the emulator with that fault, to look at")]
pub(super) struct Args {
    /// Only these faults: a name, or a glob on names; may be given several times.
    #[arg(long, value_name = "NAME|GLOB", value_parser = fault::some)]
    fault: Vec<Chosen>,

    /// Run only the cases that are there for each fault, not the whole suite.
    #[arg(long)]
    quick: bool,

    /// Let the fuzzer try each fault for so long, too, and tell which it finds by itself. It decides no fate.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    fuzz: Option<Duration>,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// How many faults are tried at once; one for each core where it is not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: Option<u8>,
}

impl Args {
    /// The chosen faults, each once, in the order of the catalogue.
    fn faults(&self) -> Vec<&'static Fault> {
        let is_chosen = |fault: &&'static Fault| {
            self.fault.is_empty() || self.fault.iter().any(|some| some.0.iter().any(|one| std::ptr::eq(*one, *fault)))
        };
        Fault::all().filter(is_chosen).collect()
    }

    fn jobs(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(cores, usize::from)
    }
}

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    let mut stop = pin!(stop_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?);
    let began = Instant::now();
    let faults = args.faults();
    let chosen = faults.len();
    let self_test = tokio::select! {
        made = SelfTest::new(&faults, args.quick, args.fuzz) => made.map_err(|e| failure(&e))?,
        () = &mut stop => return Err(stopped_early()),
    };
    let mut view = View::new(args.format, chosen)?;
    view.head(&self_test, args.quick)?;
    let mut all = Vec::with_capacity(chosen);
    let mut tries = futures::stream::iter(faults).map(|fault| self_test.run(fault)).buffered(args.jobs());
    loop {
        let tried = tokio::select! {
            tried = tries.next() => tried,
            // What is being tried has shown only a part of itself, and is left out.
            () = &mut stop => None,
        };
        let Some(tried) = tried else { break };
        all.push(tried.map_err(|e| failure(&e))?);
        view.tried(&all)?;
    }
    let matrix = Matrix::new(&self_test, all, chosen, began.elapsed());
    view.end(&matrix)?;
    Ok(if !matrix.summary.all_caught() {
        Exit::Failed
    } else if matrix.summary.interrupted {
        Exit::Inconclusive
    } else {
        Exit::Held
    })
}

/// The matrix on standard output as it grows, and a bar on standard error where that is a terminal.
struct View {
    out: Out,
    format: Format,
    bar: ProgressBar,
}

impl View {
    fn new(format: Format, faults: usize) -> io::Result<Self> {
        // indicatif draws nothing where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(Some(faults as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:24.green} {pos}/{len} faults {elapsed}");
        bar.set_style(style.map_err(io::Error::other)?.progress_chars("━╸─"));
        bar.enable_steady_tick(Duration::from_millis(200));
        Ok(View { out: Out::stdout(), format, bar })
    }

    fn head(&mut self, self_test: &SelfTest, quick: bool) -> io::Result<()> {
        let unsteady = self_test.unsteady();
        if !unsteady.is_empty() {
            let names = unsteady.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            let told = format!("warning: left out, for they differ between two runs without any fault: {names}");
            self.bar.suspend(|| tell(&told));
        }
        let noise: Vec<&str> = self_test.fuzz_baseline().collect();
        if !noise.is_empty() {
            let told = format!("warning: the fuzzer finds broken without any fault: {}", noise.join(", "));
            self.bar.suspend(|| tell(&told));
        }
        let faults = usize::try_from(self.bar.length().unwrap_or_default()).unwrap_or_default();
        self.print(&(text::head(faults, self_test.case_count(), quick) + "\n"))
    }

    /// Tells the last of those that were tried.
    fn tried(&mut self, all: &[crate::self_test::Tried]) -> io::Result<()> {
        self.bar.set_position(all.len() as u64);
        all.last().map_or(Ok(()), |last| self.print(&text::tried(last)))
    }

    fn end(&mut self, matrix: &Matrix) -> io::Result<()> {
        self.bar.finish_and_clear();
        match self.format {
            Format::Text => self.print(&format!("\n{}", text::summary(matrix))),
            Format::Json => {
                serde_json::to_writer_pretty(&mut self.out, matrix)?;
                writeln!(self.out)
            }
        }
    }

    /// Prints, where the output is for people.
    fn print(&mut self, text: &str) -> io::Result<()> {
        match self.format {
            Format::Text => self.bar.suspend(|| self.out.write_all(text.as_bytes())),
            Format::Json => Ok(()),
        }
    }
}

fn stopped_early() -> Failure {
    Failure { exit: Exit::Inconclusive, message: "stopped before any fault was tried".to_owned() }
}

fn failure(error: &SelfTestError) -> Failure {
    let exit = match error {
        SelfTestError::Emulator(_) | SelfTestError::Target(_) => Exit::Usage,
        SelfTestError::Leak(_) | SelfTestError::Baseline(_) | SelfTestError::NoCase { .. } => Exit::Bug,
    };
    Failure { exit, message: error.to_string() }
}
