//! `cogspec replay`.

use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use serde_json::json;

use super::drive::{clean_up, ready, stopping};
use super::live::LiveArgs;
use super::target::TargetArgs;
use super::{Exit, Failure, Format, Out, read_input};
use crate::artefact::Guard;
use crate::cognito::Severity;
use crate::fuzz::{Replayed, replay};
use crate::fuzz_targets::TARGETS;
use crate::generate::call::Input;
use crate::report::write_replayed;

/// Send one input of the fuzzer again, and judge the answer
///
/// Takes what `cogspec fuzz` writes, and what `cargo fuzz run emulator` does. The inputs of other fuzz targets are replayed in
/// this process, with --fuzz-target.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  cogspec replay --endpoint http://127.0.0.1:9229 cogspec-findings/NAME
  cogspec replay --fuzz-target creation_options fuzz/artifacts/creation_options/crash-1234

The exit code is 1 where the answer breaks a MUST, or the fuzz target fails.")]
pub(super) struct Args {
    /// The file; `-` is standard input.
    file: PathBuf,

    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    live: LiveArgs,

    /// Run this fuzz target on the file instead, in this process: access_token, request_body, response_payload, ….
    #[arg(long, value_name = "NAME", conflicts_with = "server", value_parser = fuzz_target)]
    fuzz_target: Option<&'static str>,

    /// How to print the result.
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "fuzz_target")]
    format: Format,
}

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let file = read_input(&args.file)?;
    if let Some(name) = args.fuzz_target {
        return in_process(name, &file);
    }
    let input = Input::of_file(&file).map_err(|e| {
        Failure::usage(format!(
            "{}: {e}; inputs of other fuzz targets, and raw ones, are replayed with --fuzz-target NAME",
            args.file.display()
        ))
    })?;
    let mut stopped = stopping()?;
    let reached = args.live.reach(&args.target, None, guard).await?;
    ready(&reached.fixtures, &mut stopped, guard).await?;
    let replayed = replay(&reached.fixtures, &input).await;
    clean_up(&reached.fixtures, guard).await;
    reached.leave(guard).await;
    let replayed = replayed.map_err(|e| Failure::unreachable(guard.secrets().clean(&e.to_string())))?;
    let mut out = Out::guarded(guard);
    match args.format {
        Format::Text => write_replayed(&mut out, &replayed)?,
        Format::Json => writeln!(out, "{:#}", json!(replayed))?,
    }
    out.flush()?;
    Ok(exit(&replayed))
}

fn exit(replayed: &Replayed) -> Exit {
    let fails = replayed.findings.iter().any(|finding| finding.severity == Severity::Fail);
    match (&replayed.witness, fails) {
        (Some(_), _) => Exit::Inconclusive,
        (None, true) => Exit::Failed,
        (None, false) => Exit::Held,
    }
}

fn in_process(name: &str, file: &[u8]) -> Result<Exit, Failure> {
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    let Some((_, target)) = target else { return Err(Failure::usage(format!("there is no fuzz target {name}"))) };
    // The message of a panic is on standard error already.
    let held = panic::catch_unwind(AssertUnwindSafe(|| target(file))).is_ok();
    writeln!(Out::stdout(), "{name} {} on {} bytes", if held { "holds" } else { "fails" }, file.len())?;
    Ok(if held { Exit::Held } else { Exit::Failed })
}

fn fuzz_target(name: &str) -> Result<&'static str, String> {
    let names = || TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    target.map(|(name, _)| *name).ok_or_else(|| format!("the fuzz targets are {}", names()))
}
