//! `cogspec baseline check`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use super::{entries, results};
use crate::baseline::Baseline;
use crate::cli::{Exit, Failure, Out};
use crate::run::{Side, Verdict, known_ids, printable, today};

/// Read a baseline strictly, and hold the results of a run against it
///
/// Every place that is wrong is told. With results, it tells what a run with --baseline would: which failures are known, new or
/// otherwise, and which entries are fixed.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The baseline.
    baseline: PathBuf,

    /// Results of a run: what `cogspec run --report json=FILE` wrote; `-` is standard input.
    results: Option<PathBuf>,

    /// Fail when an entry has expired, when no case has it, and when its case could not be judged.
    #[arg(long)]
    strict: bool,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let baseline = Baseline::read(&args.baseline).map_err(|e| Failure::usage(e.to_string()))?;
    match &args.results {
        None => alone(&baseline, args.strict),
        Some(path) => held(baseline, results(path)?, args.strict),
    }
}

/// The baseline by itself.
fn alone(baseline: &Baseline, strict: bool) -> Result<Exit, Failure> {
    let today = today();
    // The file does not say which side it is of.
    let (cases, scenarios) = (known_ids(Side::Server), known_ids(Side::Client));
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut stale, mut count) = (Vec::new(), 0);
    for (case, entry) in baseline.entries() {
        count += 1;
        *reasons.entry(entry.reason.as_str()).or_default() += 1;
        if !cases.contains(case) && !scenarios.contains(case) {
            stale.push(format!("{case} is no case of the suite"));
        }
        if let Some(day) = entry.expires.as_ref().filter(|day| **day < today) {
            stale.push(format!("{case} expired on {day}"));
        }
    }
    let mut out = Out::stdout();
    writeln!(out, "{}: {}", baseline.name(), entries(count))?;
    for (reason, cases) in reasons {
        writeln!(out, "  {cases:>4} × {}", printable(reason).replace('\n', " "))?;
    }
    for stale in &stale {
        writeln!(out, "  {stale}")?;
    }
    out.flush()?;
    Ok(if strict && !stale.is_empty() { Exit::Stale } else { Exit::Held })
}

/// The results of a run against it.
fn held(baseline: Baseline, results: crate::run::Results, strict: bool) -> Result<Exit, Failure> {
    let name = baseline.name().to_owned();
    let results = results.against(baseline);
    let mut out = Out::stdout();
    for outcome in &results.cases {
        match (outcome.verdict, &outcome.listed) {
            (Verdict::Fail, None) => writeln!(out, "new    {}: {}", outcome.id, outcome.fingerprint.join("; "))?,
            (Verdict::Fail, Some(listed)) => {
                writeln!(out, "other  {}: {}", outcome.id, outcome.fingerprint.join("; "))?;
                writeln!(out, "       is listed as: {}", listed.fingerprint.join("; "))?;
            }
            (Verdict::Fixed, _) => writeln!(out, "fixed  {}", outcome.id)?,
            _ => {}
        }
    }
    for notice in &results.notices {
        writeln!(out, "notice {}", printable(notice))?;
    }
    let counts = results.summary.counts;
    writeln!(out, "{name}: {} known, {} new or otherwise, {} fixed", counts.known, counts.fail, counts.fixed)?;
    out.flush()?;
    let stale = results.summary.expired + results.summary.unmatched;
    Ok(match () {
        () if counts.fail > 0 => Exit::Failed,
        () if counts.fixed > 0 || strict && stale > 0 => Exit::Stale,
        () => Exit::Held,
    })
}
