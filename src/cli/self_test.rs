//! `cogspec self-test`.

use std::io::Write;

use futures::StreamExt;
use serde_json::json;

use super::{Exit, Failure, Format, Out, emulate};
use crate::emulator::Fault;
use crate::self_test::{Catch, Fate, SelfTest, SelfTestError, Tried};

/// The version of the JSON document's form.
const VERSION: u32 = 1;

/// The most cases that are named for one fault.
const SHOWN: usize = 3;

/// Proves the suite: runs it against the embedded emulator with each of its faults, and tells which case catches it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
For each fault the cases are told that passed without it and fail with it, and the
rule that they say is broken; `warn` where only a SHOULD or an inferred rule covers it.

  killed    a case that is there for the fault fails or warns
  noted     a case notes it; rules leave a server that choice, so nothing louder can be said
  survived  no case that is there for the fault caught it: a gap in the suite
  unseen    the fault changed no answer: a defect of the catalogue

The exit code is 0 when every fault is caught, else 1. `cogspec emulate --list-faults`
tells the faults, `cogspec emulate --fault NAME` runs the emulator with one.")]
pub(super) struct Args {
    /// Only this fault; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = emulate::fault)]
    fault: Vec<&'static Fault>,

    /// Run only the cases that are there for each fault, not the whole suite.
    #[arg(long)]
    quick: bool,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// How many faults are tried at once.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
}

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    let faults: Vec<&'static Fault> = if args.fault.is_empty() { Fault::all().collect() } else { args.fault.clone() };
    let self_test = SelfTest::new(&faults, args.quick).await.map_err(|e| failure(&e))?;
    let mut out = Out::stdout();
    let mut all = Vec::with_capacity(faults.len());
    let mut tries = futures::stream::iter(faults).map(|fault| self_test.run(fault)).buffered(args.jobs.into());
    while let Some(tried) = tries.next().await {
        let tried = tried.map_err(|e| failure(&e))?;
        if matches!(args.format, Format::Text) {
            writeln!(out, "{}", line(&tried))?;
        }
        all.push(tried);
    }
    let caught = all.iter().filter(|tried| tried.fate.is_caught()).count();
    let of = |fate: Fate| all.iter().filter(|tried| tried.fate == fate).count();
    match args.format {
        Format::Text => writeln!(
            out,
            "\n{} of {} faults are killed, {} of them by warnings only; {} are noted, {} survived, {} changed nothing",
            of(Fate::Fail) + of(Fate::Warn),
            all.len(),
            of(Fate::Warn),
            of(Fate::Note),
            of(Fate::Survived),
            of(Fate::Unseen)
        )?,
        Format::Json => {
            let document = json!({
                "version": VERSION,
                "cases": self_test.case_count(),
                "quick": args.quick,
                "killed": of(Fate::Fail) + of(Fate::Warn),
                "noted": of(Fate::Note),
                "survived": of(Fate::Survived),
                "unseen": of(Fate::Unseen),
                "faults": all,
            });
            writeln!(out, "{document:#}")?;
        }
    }
    Ok(if caught == all.len() { Exit::Held } else { Exit::Failed })
}

fn line(tried: &Tried) -> String {
    let fate = match tried.fate {
        Fate::Fail => "killed",
        Fate::Warn => "killed",
        Fate::Note => "noted",
        Fate::Survived => "SURVIVED",
        Fate::Unseen => "UNSEEN",
    };
    let shown = |catch: &Catch| {
        let elsewhere = if catch.named { "" } else { ", not there for it" };
        format!("{} {} ({}{elsewhere})", catch.verdict, catch.case, catch.rule)
    };
    let mut cases: Vec<String> = tried.caught_by.iter().take(SHOWN).map(shown).collect();
    match tried.caught_by.len().saturating_sub(SHOWN) {
        0 => {}
        more => cases.push(format!("{more} more")),
    }
    format!("{fate:<8} {:<44} {}", tried.fault, cases.join("; "))
}

fn failure(error: &SelfTestError) -> Failure {
    let exit = match error {
        SelfTestError::Emulator(_) | SelfTestError::Target(_) => Exit::Usage,
        SelfTestError::Baseline(_) | SelfTestError::NoCase { .. } => Exit::Bug,
    };
    Failure { exit, message: error.to_string() }
}
