//! `rules.json`: what the ids of rules mean.

use serde::Serialize;

use crate::cognito::{Evidence, Level, Rule, Severity, rules};

#[derive(Serialize)]
pub(super) struct Rules {
    rules: Vec<RuleEntry>,
}

#[derive(Serialize)]
pub(super) struct RuleEntry {
    id: &'static str,
    level: Level,
    evidence: Evidence,
    severity: Severity,
    statement: &'static str,
    source: Source,
}

#[derive(Serialize)]
struct Source {
    document: &'static str,
    section: &'static str,
    url: &'static str,
}

pub(super) fn rules() -> Rules {
    Rules { rules: rules::all().map(entry).collect() }
}

pub(super) fn entry(rule: &'static Rule) -> RuleEntry {
    RuleEntry {
        id: rule.id,
        level: rule.level,
        evidence: rule.evidence,
        severity: rule.severity(),
        statement: rule.statement,
        source: Source {
            document: rule.source.document.title,
            section: rule.source.section,
            url: rule.source.document.url,
        },
    }
}
