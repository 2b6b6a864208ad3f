//! `cogspec baseline init`.

use std::io::Write;
use std::path::PathBuf;

use super::{List, entries, failing, results, runs, warn_of_a_part};
use crate::artefact::Guard;
use crate::baseline;
use crate::cli::{Exit, Failure, Out};

/// Write a first baseline of the failures in the results of a run
///
/// Each entry wants a reason: with --reason all get the same one, else they are empty, and no run takes the file before somebody
/// has filled them in.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The results: what `cogspec run --report json=FILE` wrote; `-` is standard input.
    results: PathBuf,

    /// The file to write. It must not be there yet.
    #[arg(long, short, value_name = "FILE", default_value = "cogspec-baseline.toml")]
    output: PathBuf,

    /// Why these failures are known.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,

    /// The quietest verdict that is listed: that of `cogspec run --fail-on`.
    #[arg(long, value_enum, default_value_t = List::Fail, value_name = "VERDICT")]
    fail_on: List,
}

pub(super) fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let file = args.output.display();
    if args.output.exists() {
        return Err(Failure::usage(format!(
            "{file} is there already; `cogspec baseline update {file} RESULTS` changes it"
        )));
    }
    let results = results(&args.results)?;
    warn_of_a_part(&results);
    let failing = failing(&results, args.fail_on);
    guard.write_file(
        &args.output,
        baseline::init(&results.run.target, results.run.side, &failing, &args.reason).as_bytes(),
    )?;
    let mut out = Out::stdout();
    writeln!(out, "{file}: {}", entries(failing.len()))?;
    if args.reason.trim().is_empty() && !failing.is_empty() {
        writeln!(out, "each wants a `reason` before `cogspec {} --baseline {file}` takes the file", runs(&results))?;
    }
    out.flush()?;
    Ok(Exit::Held)
}
