//! `cogspec baseline`.

mod check;
mod init;
mod update;

use std::collections::BTreeMap;
use std::path::Path;

use clap::Subcommand;

use super::{Exit, Failure, read_input};
use crate::artefact::Guard;
use crate::baseline::Failing;
use crate::cognito::Severity;
use crate::run::{Results, Side, Verdict};

/// Keep the known failures of one implementation, so that only new ones fail a run
///
/// A baseline is a file of TOML: a case, how it fails (its fingerprint), and the reason why that is known. `cogspec run
/// --baseline FILE` tells such a failure as `known`. A case that fails in another way is a failure; one that does not fail any more
/// is `fixed`, and is to be removed.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Init(init::Args),
    Update(update::Args),
    Check(check::Args),
}

pub(super) fn execute(command: &Command, guard: &Guard) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => init::execute(args, guard),
        Command::Update(args) => update::execute(args, guard),
        Command::Check(args) => check::execute(args),
    }
}

/// What is listed as known.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum List {
    /// Broken MUSTs
    Fail,
    /// SHOULDs that are not followed, too
    Warn,
}

/// The results in that file. Those of a server that does not know the operation say nothing: no failure in them is no good sign.
pub(super) fn results(path: &Path) -> Result<Results, Failure> {
    let results = Results::parse(path, &read_input(path)?).map_err(|e| Failure::usage(e.to_string()))?;
    match results.not_implemented() {
        Some(why) => Err(Failure { exit: Exit::NothingRan, message: format!("{}: {why}", path.display()) }),
        None => Ok(results),
    }
}

/// The cases that fail, each with its fingerprint.
fn failing(results: &Results, list: List) -> BTreeMap<String, Failing> {
    let severity = |verdict| match (verdict, list) {
        (Verdict::Fail, _) => Some(Severity::Fail),
        (Verdict::Warn, List::Warn) => Some(Severity::Warn),
        _ => None,
    };
    let failing = results.cases.iter().filter_map(|outcome| {
        let severity = severity(outcome.found())?;
        let failing = Failing { severity, fingerprint: outcome.fingerprint.clone(), title: outcome.title.clone() };
        Some((outcome.id.clone(), failing))
    });
    failing.collect()
}

/// A run that did not come to its end does not know all failures.
fn warn_of_a_part(results: &Results) {
    let not_run = results.summary.not_run;
    if not_run > 0 {
        super::io::tell(&format!(
            "warning: {not_run} cases of that run were not run, so that their failures are not known"
        ));
    }
}

/// The sub-command that makes such results.
fn runs(results: &Results) -> &'static str {
    match results.run.side {
        Side::Server => "run",
        Side::Client => "clients run",
    }
}

/// `1 entry`, `3 entries`.
fn entries(n: usize) -> String {
    if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") }
}
