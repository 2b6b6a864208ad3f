//! How every sub-command prints findings, and what they make of the exit code.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::Exit;
use crate::cognito::{Finding, Severity};

/// Failed where a finding fails, else held.
pub(super) fn exit(findings: &[Finding]) -> Exit {
    if findings.iter().any(|finding| finding.severity() == Severity::Fail) { Exit::Failed } else { Exit::Held }
}

/// Writes each finding with its rule, what came, what was wanted, and where the rule is written; the loudest first.
pub(super) fn write(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    for finding in sorted(findings) {
        let rule = finding.rule;
        let (word, style) = match finding.severity() {
            Severity::Fail => ("FAIL", AnsiColor::Red.on_default().bold()),
            Severity::Warn => ("WARN", AnsiColor::Yellow.on_default().bold()),
            Severity::Note => ("NOTE", Style::new().bold()),
        };
        let place = finding.pointer.as_deref().map(|pointer| format!(" at {pointer}")).unwrap_or_default();
        writeln!(out)?;
        writeln!(out, "{style}{word}{style:#}  {}{place}  ({}, {})", rule.id, rule.level, rule.evidence)?;
        writeln!(out, "      {}", rule.statement)?;
        writeln!(out, "      got     {}", finding.got)?;
        writeln!(out, "      wanted  {}", finding.wanted)?;
        writeln!(out, "      source  {}", rule.source)?;
    }
    Ok(())
}

/// The findings in JSON, the loudest first.
pub(super) fn to_json(findings: &[Finding]) -> Value {
    let one = |finding: &Finding| {
        let rule = finding.rule;
        json!({
            "rule": rule.id,
            "severity": finding.severity(),
            "level": rule.level,
            "evidence": rule.evidence,
            "statement": rule.statement,
            "source": { "title": rule.source.document.title, "url": rule.source.document.url, "section": rule.source.section },
            "pointer": finding.pointer,
            "got": finding.got,
            "wanted": finding.wanted,
        })
    };
    sorted(findings).into_iter().map(one).collect()
}

/// `2 fail, 1 warn, 0 note`.
pub(super) fn summary(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity() == severity).count();
    format!("{} fail, {} warn, {} note", count(Severity::Fail), count(Severity::Warn), count(Severity::Note))
}

fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
    sorted
}
