//! SARIF 2.1.0 (OASIS), for code scanning.
//!
//! There is a result for each way in which a case breaks a rule, for drift, and for an entry of the baseline whose failure is
//! gone. What held, was skipped or was inconclusive has none, for code scanning makes an alert of every result; the counts are
//! properties of the run. Known failures are suppressed, with the baseline's reason. What was judged has no source file to point to:
//! the place is `cogspec/THEME/CASE`, which is a file nowhere, and the same for a case in every run.
//!
//! The document is put together as JSON values: types for the whole format take longer to build than all other reports.

use std::collections::BTreeMap;
use std::io;

use data_encoding::HEXLOWER;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::story::Again;
use super::{groups, story};
use crate::cognito::Severity;
use crate::run::{FindingReport, Outcome, Results, Verdict, fingerprint_line, printable};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The ids of what is told by no rule.
const DRIFT: &str = "cogspec.drift";
const FIXED: &str = "cogspec.baseline.fixed";

/// The log of one run.
pub(super) fn sarif(run: &Results) -> io::Result<String> {
    let again = Again::of(&run.run);
    let mut rules = BTreeMap::new();
    let mut results: Vec<Value> = run.cases.iter().flat_map(|outcome| results(outcome, &again, &mut rules)).collect();
    for result in &mut results {
        result["ruleIndex"] = json!(rules.keys().position(|id| result["ruleId"] == **id));
    }
    let bugs = run.cases.iter().filter(|outcome| outcome.verdict == Verdict::Error).map(|outcome| {
        let reason = outcome.reason.as_deref().unwrap_or("cogspec could not judge");
        notification("error", &format!("{}: {reason}", outcome.id))
    });
    let incomplete = story::incomplete(run).map(|why| notification("error", &why));
    let notices = run.notices.iter().map(|notice| notification("note", notice));
    let notifications: Vec<Value> = incomplete.into_iter().chain(bugs).chain(notices).collect();
    let summary = &run.summary;
    let started = run.run.started.saturating_mul(1000);
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cogspec",
                "semanticVersion": run.run.cogspec,
                "rules": rules.into_values().collect::<Vec<_>>(),
            } },
            // What stands before the last slash is the category of code scanning.
            "automationDetails": { "id": format!("cogspec/{}", run.run.token) },
            "invocations": [{
                "executionSuccessful": summary.counts.error == 0 && !summary.unreachable && !summary.interrupted,
                "startTimeUtc": story::utc(started),
                "endTimeUtc": story::utc(started.saturating_add(summary.duration_ms)),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
            "properties": {
                "target": run.run.target,
                "endpoint": run.run.endpoint,
                "token": run.run.token,
                "caseSet": run.run.case_set,
                "counts": summary.counts,
                "notRun": summary.not_run,
            },
        }],
    });
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// What a case has to tell. The rules that it needs are added to the others, by their ids.
fn results(outcome: &Outcome, again: &Again, rules: &mut BTreeMap<String, Value>) -> Vec<Value> {
    let mut results = Vec::new();
    // Findings with one line are one way of failing: code scanning could not tell them apart from run to run.
    for group in groups::by_key(&outcome.findings, |finding| fingerprint_line(&outcome.kind, finding)) {
        let Some(finding) = group.first() else { continue };
        rules.entry(finding.rule.to_string()).or_insert_with(|| descriptor(finding));
        let line = fingerprint_line(&outcome.kind, finding);
        let text = format!("{}: wanted {}, got {}", outcome.title, finding.wanted, finding.got);
        let mut result = result(outcome, &finding.rule, level(finding.severity), &line, &text, again);
        result["occurrenceCount"] = json!(group.len());
        result["properties"]["wanted"] = json!(finding.wanted);
        result["properties"]["got"] = json!(finding.got);
        if let Some(pointer) = &finding.pointer {
            result["properties"]["pointer"] = json!(pointer);
        }
        results.push(result);
    }
    if let Some(drift) = &outcome.drift {
        let statement = "An answer is the one that the snapshot of its case holds.";
        rules.entry(DRIFT.to_owned()).or_insert_with(|| own_descriptor(DRIFT, statement));
        let text = format!("{} differs from {}:\n{}", outcome.id, story::expectation(drift), drift.diff);
        let level = if drift.fails() { "error" } else { "warning" };
        let mut result = result(outcome, DRIFT, level, &drift.diff, &text, again);
        // A baseline lists what breaks rules, and not drift.
        result.as_object_mut().map(|result| result.remove("suppressions"));
        results.push(result);
    }
    if outcome.verdict == Verdict::Fixed {
        let statement = "A baseline lists only what still fails.";
        rules.entry(FIXED.to_owned()).or_insert_with(|| own_descriptor(FIXED, statement));
        results.push(result(outcome, FIXED, "error", "fixed", &format!("{}: {}", outcome.id, story::FIXED), again));
    }
    results
}

fn result(outcome: &Outcome, rule: &str, level: &str, way: &str, text: &str, again: &Again) -> Value {
    let hash = HEXLOWER.encode(digest(&SHA256, format!("{}\n{rule}\n{way}", outcome.id).as_bytes()).as_ref());
    let mut result = json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": message(text) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": format!("cogspec/{}/{}", outcome.theme.name(), uri(&outcome.id)) },
                "region": { "startLine": 1 },
            },
            "logicalLocations": [{ "fullyQualifiedName": outcome.id }],
        }],
        "partialFingerprints": {
            "cogspecWay/v1": hash,
            // The only one that GitHub looks at.
            "primaryLocationLineHash": format!("{}:1", &hash[..16]),
        },
        "properties": {
            "case": outcome.id,
            "title": outcome.title,
            "verdict": outcome.verdict,
            "replay": again.replay(&outcome.id),
        },
    });
    if let Some(exchange) = story::judged(outcome) {
        result["properties"]["curl"] = json!(exchange.curl);
    }
    if let Some(listed) = &outcome.listed {
        result["properties"]["listed"] = json!(listed);
    }
    if let Some(listed) = outcome.listed.as_ref().filter(|_| outcome.verdict == Verdict::Known) {
        let link = listed.link.as_ref().map(|link| format!(" ({link})")).unwrap_or_default();
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": format!("{}{link}", listed.reason),
        }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Fail => "error",
        Severity::Warn => "warning",
        Severity::Note => "note",
    }
}

fn descriptor(finding: &FindingReport) -> Value {
    let about = format!("{} ({}, {})", finding.statement, finding.level, finding.evidence);
    let mut descriptor = json!({
        "id": finding.rule,
        "shortDescription": { "text": message(&finding.statement) },
        "fullDescription": { "text": message(&about) },
        "help": { "text": message(&format!("{about}\nSource: {}", finding.source)) },
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": { "level": finding.level, "evidence": finding.evidence, "source": finding.source },
    });
    if ["https://", "http://"].iter().any(|scheme| finding.url.starts_with(scheme)) {
        descriptor["helpUri"] = json!(finding.url);
    }
    descriptor
}

fn own_descriptor(id: &str, statement: &str) -> Value {
    let statement = json!({ "text": statement });
    json!({ "id": id, "shortDescription": statement, "fullDescription": statement, "help": statement })
}

fn notification(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": message(text) } })
}

/// The most of a message, in characters.
const MESSAGE: usize = 2000;

/// A message without what is not to be seen, cut where it is long. In SARIF `[text](place)` is a link, unless the brackets are
/// escaped.
fn message(text: &str) -> String {
    let mut text = printable(text);
    if let Some((end, _)) = text.char_indices().nth(MESSAGE) {
        text.truncate(end);
        text.push('…');
    }
    if text.contains("](") {
        text = text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    text
}

/// Letters, digits and what else may stand in a path as it is; the rest percent-encoded.
fn uri(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
