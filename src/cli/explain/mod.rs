//! `cogspec explain`.

mod error;

use std::io::Write;

use serde_json::{Value, json};

use super::near::near;
use super::rules::{BOLD, DIM, of_severity, proving, to_json};
use super::scenario::tell;
use super::{Exit, Failure, Format, Out};
use crate::cognito::{Rule, Severity, rules};
use crate::scenario::{self, Scenario};
use crate::suite::{Case, Kind};
use crate::wire::printable;

/// Tell one rule, one case, one scenario or one error in full
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cogspec explain token.signature\n  cogspec explain token.signature --format json\n  cogspec explain NotAuthorizedException"
)]
pub(super) struct Args {
    /// The id of a rule (`cogspec rules`), a case (`cogspec run --list`) or a scenario (`cogspec serve --list`), or the name of an error
    id: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let cases = crate::suite::all();
    let rule = rules::rule(&args.id);
    let case = cases.iter().find(|case| case.id == args.id);
    let scenario = scenario::find(&args.id);
    let error = error::named(&args.id);
    if rule.is_none() && case.is_none() && scenario.is_none() && error.is_none() {
        return Err(unknown(&args.id, &cases));
    }
    let mut out = Out::stdout();
    match args.format {
        Format::Text => {
            let error = error.map(|error| error.explain());
            let mut told = Vec::new();
            scenario.map_or(Ok(()), |scenario| tell(&mut told, scenario))?;
            let parts = [rule.map(|rule| explain_rule(rule, &cases)), case.map(explain_case), error];
            out.write_all(parts.into_iter().flatten().collect::<Vec<_>>().join("\n").as_bytes())?;
            out.write_all(&told)?;
        }
        Format::Json => {
            let told = json!({
                "rule": rule.map(|rule| to_json(rule, &cases)),
                "case": case.map(case_to_json),
                "scenario": scenario.map(Scenario::entry),
                "error": error.map(|error| error.to_json()),
            });
            writeln!(out, "{told:#}")?;
        }
    }
    Ok(Exit::Held)
}

fn explain_rule(rule: &Rule, cases: &[Case]) -> String {
    let loud = of_severity(rule.severity());
    let mut text = format!("{BOLD}{}{BOLD:#}\n{}\n\n", rule.id, rule.statement);
    text.push_str(&entry("level", &format!("{loud}{}{loud:#}", rule.level)));
    text.push_str(&entry("evidence", &format!("{}: {}", rule.evidence, rule.evidence.meaning())));
    text.push_str(&entry("broken", if_broken(rule.severity())));
    text.push_str(&entry("source", &rule.source.to_string()));
    text.push_str(&entry("", rule.source.document.url));
    let proving: Vec<&Case> = proving(rule, cases).collect();
    let demanding: Vec<&Scenario> = demanding(rule).collect();
    match proving.as_slice() {
        [] if !demanding.is_empty() => text.push_str(&in_scenarios(rule, &demanding)),
        [] if rule.id.starts_with("client.") => text.push_str(&entry("demanded", "of each call, whatever is answered")),
        [] => text.push_str(&entry("proved by", "no case")),
        [first, others @ ..] => {
            text.push_str(&entry("proved by", &in_short(first)));
            for case in others {
                text.push_str(&entry("", &in_short(case)));
            }
            text.push_str(&entry("run them", &format!("cogspec run --filter 'rule:{}'", rule.id)));
        }
    }
    text
}

/// The scenarios that demand it.
fn demanding(rule: &Rule) -> impl Iterator<Item = &'static Scenario> {
    scenario::all().iter().filter(|scenario| scenario.demands.iter().any(|demand| demand.rule.id == rule.id))
}

/// The most scenarios that are told of one rule: some are demanded in hundreds.
const SCENARIOS: usize = 8;

fn in_scenarios(rule: &Rule, demanding: &[&Scenario]) -> String {
    let mut text = String::new();
    for (n, scenario) in demanding.iter().take(SCENARIOS).enumerate() {
        let label = if n == 0 { "demanded in" } else { "" };
        text.push_str(&entry(label, &format!("{}: {}", scenario.id, printable(&scenario.title, 150))));
    }
    if demanding.len() > SCENARIOS {
        text.push_str(&entry("", &format!("and {} more", demanding.len() - SCENARIOS)));
    }
    text + &entry("list them", &format!("cogspec serve --list --filter 'rule:{}'", rule.id))
}

fn explain_case(case: &Case) -> String {
    let mut text = format!("{BOLD}{}{BOLD:#}\n{}\n\n", case.id, case.title);
    text.push_str(&entry("expects", &expectation(&case.kind)));
    let mut label = "proves";
    for rule in &case.rules {
        let loud = of_severity(rule.severity());
        let weight = format!("{loud}{}{loud:#} {DIM}({}){DIM:#}", rule.level, rule.evidence);
        text.push_str(&entry(label, &format!("{weight} {}: {}", rule.id, rule.statement)));
        label = "";
    }
    text.push_str(&entry("run it", &format!("cogspec run --filter {}", case.id)));
    text
}

fn case_to_json(case: &Case) -> Value {
    json!({
        "id": case.id,
        "title": case.title,
        "theme": case.theme,
        "kind": case.kind,
        "rules": case.rules.iter().map(|rule| rule.id).collect::<Vec<_>>(),
    })
}

fn entry(label: &str, value: &str) -> String {
    format!("{DIM}{label:<10}{DIM:#}  {value}\n")
}

fn in_short(case: &Case) -> String {
    format!("{}: {}", case.id, case.title)
}

fn if_broken(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "noted; the run does not fail",
        Severity::Warn => "a warning; the run does not fail",
        Severity::Fail => "the run fails",
    }
}

fn expectation(kind: &Kind) -> String {
    match kind {
        Kind::Refused { classes } => {
            let answer = if classes.is_empty() { "any client error".to_owned() } else { classes.join(" or ") };
            format!("a refusal ({answer}), while the witness, the same request without its defect, is served")
        }
        Kind::Accepted => "creation options".to_owned(),
        Kind::Observed => "nothing: nobody knows what is right, so the answer is observed and told".to_owned(),
        Kind::Steps => "what its rules say, across several exchanges".to_owned(),
        Kind::Audit => "what its rules say, of every answer of the run".to_owned(),
        Kind::Client { outcomes } if outcomes.is_empty() => "what its rules say, whatever the outcome".to_owned(),
        Kind::Client { outcomes } => format!("the outcome {} of the client", outcomes.join(" or ")),
    }
}

/// Names the ids that look most like the one that there is not.
fn unknown(id: &str, cases: &[Case]) -> Failure {
    let ids = rules::all().map(|rule| rule.id).chain(cases.iter().map(|case| case.id.as_str()));
    let ids = ids.chain(scenario::all().iter().map(|scenario| scenario.id.as_str()));
    let names: Vec<String> = near(id, ids).into_iter().map(|id| format!("`{id}`")).collect();
    let hint = if names.is_empty() {
        "`cogspec rules` lists the rules, `cogspec run --list` the cases".to_owned()
    } else {
        format!("there is {}", names.join(", "))
    };
    Failure::usage(format!("there is no rule, case, scenario or error `{id}`; {hint}"))
}
