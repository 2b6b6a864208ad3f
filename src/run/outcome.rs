//! From a case's findings to its outcome, redacted.

use std::time::Duration;

use super::event::{FindingReport, Outcome, Verdict};
use super::select::Subject;
use super::{fingerprint, transcript};
use crate::cognito::Finding;
use crate::snapshot;
use crate::suite::{Case, Check, Kind, Recorded, Role, Stop, Theme};
use crate::target::{Secrets, Target};
use crate::wire::millis;

/// How a case ended.
pub enum End {
    /// With findings, or none.
    Judged(Vec<Finding>),
    /// Without a verdict.
    Stopped(Stop),
    /// With a panic, or in another way that only a bug in the harness explains.
    Bug(String),
}

/// What a case leaves.
pub(super) struct Ended<'a> {
    /// How it ended.
    pub(super) end: End,
    /// Its exchanges, or those that show what an audit found.
    pub(super) recorded: &'a [Recorded],
    /// The calls that made the state which it needs.
    pub(super) prepared: &'a [String],
    /// How long it took.
    pub(super) duration: Duration,
}

impl Outcome {
    /// The outcome of a case or a scenario that ended so, redacted, without exchanges, observation and duration.
    #[must_use]
    pub fn of(subject: Subject<'_>, theme: Theme, kind: &Kind, end: End, secrets: &Secrets) -> Self {
        let secrets_known = secrets.count();
        let (verdict, reason, findings) = match end {
            End::Judged(mut findings) => {
                findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
                let verdict = findings.first().map_or(Verdict::Pass, |finding| finding.severity().into());
                (verdict, None, findings)
            }
            End::Stopped(Stop::Skip(why)) => (Verdict::Skip, Some(why), Vec::new()),
            End::Stopped(Stop::Inconclusive(why)) => (Verdict::Inconclusive, Some(why), Vec::new()),
            End::Bug(what) => (Verdict::Error, Some(what), Vec::new()),
        };
        let findings: Vec<FindingReport> = findings.iter().map(|finding| finding_report(finding, secrets)).collect();
        Outcome {
            id: subject.id.to_owned(),
            theme,
            title: subject.title.to_owned(),
            rules: subject.rules.iter().map(|rule| rule.id.into()).collect(),
            kind: kind.clone(),
            verdict,
            listed: None,
            fingerprint: fingerprint::of(kind, verdict, &findings),
            reason: reason.map(|reason| transcript::printable(&secrets.clean(&reason))),
            findings,
            prepared: Vec::new(),
            exchanges: Vec::new(),
            observation: None,
            drift: None,
            duration_ms: 0,
            secrets_known,
        }
    }
}

/// Makes the outcome of a case. Nothing unredacted gets past here.
pub(super) fn outcome(case: &Case, ended: Ended<'_>, target: &Target) -> Outcome {
    let Ended { end, recorded, prepared, duration } = ended;
    let secrets = &target.secrets;
    let outcome = Outcome::of(case.into(), case.theme, &case.kind, end, secrets);
    let tests = recorded.iter().filter(|recorded| recorded.role == Role::Test);
    let observation = match case.check {
        Check::Steps(_) => {
            snapshot::observe(tests).map(|observation| transcript::printable(&clean_lines(&observation, secrets)))
        }
        // Its exchanges are examples out of other cases.
        Check::Audit(_) => None,
    };
    Outcome {
        prepared: prepared.iter().map(|call| transcript::printable(&secrets.clean(call))).collect(),
        exchanges: transcript::exchanges(recorded, target.transport.endpoint(), secrets),
        observation,
        duration_ms: millis(duration),
        ..outcome
    }
}

/// The observation without secrets, line by line: what is told of a field stands on one, behind its key.
fn clean_lines(observation: &str, secrets: &Secrets) -> String {
    observation.lines().map(|line| secrets.clean(line)).collect::<Vec<_>>().join("\n")
}

/// A finding for reports, redacted.
pub(crate) fn finding_report(finding: &Finding, secrets: &Secrets) -> FindingReport {
    let rule = finding.rule;
    let shown = |text: &str| transcript::printable(&secrets.clean(text));
    FindingReport {
        rule: rule.id.into(),
        severity: finding.severity(),
        level: rule.level,
        evidence: rule.evidence,
        statement: rule.statement.into(),
        source: rule.source.to_string(),
        url: rule.source.document.url.into(),
        pointer: finding.pointer.as_deref().map(shown),
        got: shown(&finding.got),
        wanted: shown(&finding.wanted),
    }
}
