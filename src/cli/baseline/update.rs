//! `cogspec baseline update`.

use std::io::Write;
use std::path::PathBuf;

use super::{List, entries, failing, results, runs, warn_of_a_part};
use crate::artefact::Guard;
use crate::baseline::{self, Baseline};
use crate::cli::target::read_text;
use crate::cli::{Exit, Failure, Out};
use crate::run::{Verdict, known_ids};

/// Bring a baseline up to date with the results of a run
///
/// What is fixed is removed, and so is what no case of the suite has. What fails otherwise gets its new fingerprint and keeps its
/// reason, and new failures are added, with --reason or an empty one. Comments stay. What was not judged in that run is left as it
/// is.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The baseline.
    baseline: PathBuf,

    /// The results: what `cogspec run --report json=FILE` wrote; `-` is standard input.
    results: PathBuf,

    /// Only remove what no longer holds; add and change nothing.
    #[arg(long, conflicts_with = "reason")]
    prune: bool,

    /// Why the new failures are known.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,

    /// The quietest verdict that is listed: that of `cogspec run --fail-on`.
    #[arg(long, value_enum, default_value_t = List::Fail, value_name = "VERDICT")]
    fail_on: List,
}

pub(super) fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let file = args.baseline.display();
    let text = read_text(&args.baseline)?;
    let baseline = Baseline::parse(&file.to_string(), &text).map_err(|e| Failure::usage(e.to_string()))?;
    let results = results(&args.results)?;
    warn_of_a_part(&results);
    let ids = known_ids(results.run.side);
    let results = results.against(baseline.clone());
    let is_gone = |case: &str| match results.case(case) {
        Some(outcome) => outcome.verdict == Verdict::Fixed,
        None => !ids.contains(case),
    };
    let reason = (!args.prune).then_some(args.reason.as_str());
    let failing = failing(&results, args.fail_on);
    let (text, changes) = baseline::update(&baseline, &text, &failing, is_gone, reason)
        .map_err(|e| Failure::usage(format!("{file} is not TOML: {e}")))?;
    let mut out = Out::stdout();
    if changes.is_empty() {
        writeln!(out, "{file} is up to date")?;
        out.flush()?;
        return Ok(Exit::Held);
    }
    guard.write_file(&args.baseline, text.as_bytes())?;
    for (cases, sign) in [(&changes.removed, '-'), (&changes.changed, '~'), (&changes.added, '+')] {
        for case in cases {
            writeln!(out, "{sign} {case}")?;
        }
    }
    let (removed, changed, added) = (changes.removed.len(), changes.changed.len(), changes.added.len());
    writeln!(out, "{file}: {} removed, {changed} changed, {added} added", entries(removed))?;
    if added > 0 && args.reason.trim().is_empty() {
        writeln!(
            out,
            "each new entry wants a `reason` before `cogspec {} --baseline {file}` takes the file",
            runs(&results)
        )?;
    }
    out.flush()?;
    Ok(Exit::Held)
}
