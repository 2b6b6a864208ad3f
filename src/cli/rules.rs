//! `cogspec rules`.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::Format;
use super::{Exit, Failure, Out};
use crate::cognito::{Rule, Severity, rules};
use crate::suite::Case;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();

/// List the rules that implementations are held to.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cogspec rules 'token.scope*'\n  cogspec rules base64url\n  cogspec rules --format json"
)]
pub(super) struct Args {
    /// A glob on rule ids (`token.*`), or words that the id or the statement has
    filter: Option<String>,
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let found = choose(args.filter.as_deref())?;
    let mut out = Out::stdout();
    match args.format {
        Format::Text => out.write_all(listing(&found).as_bytes())?,
        Format::Json => {
            let cases = crate::suite::all();
            let all: Vec<Value> = found.iter().map(|rule| to_json(rule, &cases)).collect();
            writeln!(out, "{:#}", Value::from(all))?;
        }
    }
    Ok(Exit::Held)
}

fn choose(filter: Option<&str>) -> Result<Vec<&'static Rule>, Failure> {
    let Some(filter) = filter else { return Ok(rules::all().collect()) };
    // What is no glob can be words all the same.
    if let Ok(pattern) = glob::Pattern::new(filter) {
        let by_id: Vec<_> = rules::all().filter(|rule| pattern.matches(rule.id)).collect();
        if !by_id.is_empty() {
            return Ok(by_id);
        }
    }
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let has_words = |rule: &&Rule| {
        let text = format!("{} {}", rule.id, rule.statement).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let by_words: Vec<_> = rules::all().filter(has_words).collect();
    if by_words.is_empty() || words.is_empty() {
        let message = format!("no rule has the id or the words `{filter}`; `cogspec rules` lists them all");
        return Err(Failure { exit: Exit::NothingRan, message });
    }
    Ok(by_words)
}

/// The rules by group, the first part of the id.
fn listing(rules: &[&Rule]) -> String {
    let mut text = String::new();
    let mut group = "";
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        let of = rule.id.split('.').next().unwrap_or_default();
        if of != group {
            text.push_str(&format!("{}{BOLD}{of}{BOLD:#}\n", if group.is_empty() { "" } else { "\n" }));
            group = of;
        }
        let loud = of_severity(rule.severity());
        text.push_str(&format!(
            "  {loud}{:<6}{loud:#} {DIM}{:<10}{DIM:#} {:<width$}  {}\n",
            rule.level, rule.evidence, rule.id, rule.statement
        ));
    }
    text
}

/// A rule with the cases that prove it.
pub(super) fn to_json(rule: &Rule, cases: &[Case]) -> Value {
    json!({
        "id": rule.id,
        "level": rule.level,
        "evidence": rule.evidence,
        "severity": rule.severity(),
        "statement": rule.statement,
        "source": {
            "title": rule.source.document.title,
            "section": rule.source.section,
            "url": rule.source.document.url,
        },
        "cases": proving(rule, cases).map(|case| case.id.as_str()).collect::<Vec<_>>(),
    })
}

/// The cases that prove a rule.
pub(super) fn proving<'a>(rule: &'a Rule, cases: &'a [Case]) -> impl Iterator<Item = &'a Case> {
    cases.iter().filter(|case| case.rules.iter().any(|of| of.id == rule.id))
}

pub(super) fn of_severity(severity: Severity) -> Style {
    match severity {
        Severity::Note => AnsiColor::Cyan.on_default(),
        Severity::Warn => AnsiColor::Yellow.on_default(),
        Severity::Fail => AnsiColor::Red.on_default(),
    }
}
