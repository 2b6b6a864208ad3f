//! `cogspec snapshots status`.

use std::collections::HashSet;
use std::io::Write;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::cli::{Exit, Failure, Format, Out};
use crate::cognito::model_digest;
use crate::run::case_set_digest;
use crate::snapshot::{Entry, Profile, Status, status};
use crate::suite::{self, Case, Kind};

/// The version of the document's form; the schema describes it.
const VERSION: u32 = 1;

/// Tell of each snapshot how it is known, how old it is, and whether it is out of date
///
/// It is out of date where the service model's facts are others than when it was written, where it is older than
/// --older-than, and where no case has it or a case has none. The profile `cognito` states only what is known, so that
/// its cases may have none. A snapshot without a date has no age.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The profile: a name below `snapshots/`, or a folder; all that are at hand where none is given.
    profile: Option<String>,

    /// How old a recording may be: `90days`, `6months`.
    #[arg(long, value_name = "AGE", value_parser = humantime::parse_duration)]
    older_than: Option<Duration>,

    /// Only what is out of date.
    #[arg(long)]
    stale: bool,

    /// Fail when something is out of date.
    #[arg(long)]
    strict: bool,

    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let all = suite::all();
    let model = model_digest();
    let ids: HashSet<&str> = all.iter().map(|case| case.id.as_str()).collect();
    let observed: Vec<&str> = all.iter().filter(|case| is_observed(case)).map(|case| case.id.as_str()).collect();
    let names = args.profile.as_ref().map_or_else(Profile::names, |name| vec![name.clone()]);
    let state = |name: &String| {
        let profile = Profile::find(name).map_err(|e| Failure::usage(e.to_string()))?;
        let mut status = status(&profile, &ids, &observed, &model, SystemTime::now(), args.older_than);
        if args.stale {
            status.cases.retain(|entry| !entry.stale.is_empty());
        }
        Ok(status)
    };
    let profiles = names.iter().map(state).collect::<Result<Vec<Status>, Failure>>()?;
    let mut out = Out::stdout();
    match args.format {
        Format::Text => write!(out, "{}", profiles.iter().map(table).collect::<Vec<_>>().join("\n"))?,
        Format::Json => {
            let document = json!({
                "version": VERSION,
                "cogspec": env!("CARGO_PKG_VERSION"),
                "model": model,
                "case_set": case_set_digest(&all),
                "profiles": profiles,
            });
            writeln!(out, "{document:#}")?;
        }
    }
    let is_stale = profiles.iter().flat_map(|profile| &profile.cases).any(|entry| !entry.stale.is_empty());
    Ok(if args.strict && is_stale { Exit::Stale } else { Exit::Held })
}

/// Whether it judges the answer to a request of its own. Of several steps perhaps only their relation is judged, and audits
/// judge the exchanges of others: these may have no observation.
fn is_observed(case: &Case) -> bool {
    matches!(case.kind, Kind::Refused { .. } | Kind::Accepted | Kind::Observed)
}

fn table(status: &Status) -> String {
    let width = status.cases.iter().map(|entry| entry.case.len()).max().unwrap_or_default();
    let mut text = format!("{}\n", status.profile);
    for entry in &status.cases {
        text.push_str(format!("  {:<width$}  {}", entry.case, row(entry)).trim_end());
        text.push('\n');
    }
    let count = |has: &dyn Fn(&Entry) -> bool| status.cases.iter().filter(|entry| has(entry)).count();
    let of = |evidence| count(&|entry: &Entry| entry.evidence.is_some_and(|e| e.to_string() == evidence));
    let known = ["recorded", "documented", "inferred"].map(|evidence| format!("{} {evidence}", of(evidence)));
    let stale = count(&|entry| !entry.stale.is_empty());
    text.push_str(&format!("  {} in all: {}, {stale} out of date\n", status.cases.len(), known.join(", ")));
    text
}

/// Evidence, age, and what is wrong with it.
fn row(entry: &Entry) -> String {
    let evidence = entry.evidence.map_or_else(|| "-".to_owned(), |evidence| evidence.to_string());
    let age = match (&entry.date, entry.age_days) {
        (Some(date), Some(days)) => format!("{date} ({days} d)"),
        _ => "-".to_owned(),
    };
    let stale: Vec<&str> = entry.stale.iter().map(|stale| stale.in_words()).collect();
    format!("{evidence:<10}  {age:<18}  {}", stale.join(", "))
}
