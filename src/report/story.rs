//! What every report tells of a case in the same words.

use std::time::{Duration, UNIX_EPOCH};

use similar::TextDiff;

use super::groups;
use crate::run::{ExchangeReport, FindingReport, Outcome, Results, RunInfo, Verdict, Words};
use crate::scenario::FOUND;
use crate::snapshot::DriftReport;
use crate::suite::{Role, Side};
use crate::target::EMBEDDED;

/// What to do with an entry of the baseline whose failure is gone.
pub(super) const FIXED: &str = "the baseline lists a failure that is gone: remove it with `cogspec baseline update`";

/// How a run ended, in a few words.
pub(super) fn headline(run: &Results) -> &'static str {
    let summary = &run.summary;
    let counts = &summary.counts;
    if counts.error > 0 {
        "a bug in cogspec"
    } else if summary.unreachable {
        match run.run.side {
            Side::Server => "the target stopped answering",
            Side::Client => "the client stopped answering",
        }
    } else if counts.fail > 0 || summary.drifted > 0 {
        "failed"
    } else if summary.interrupted {
        "stopped early"
    } else if counts.judged() == 0 {
        "nothing was judged"
    } else if counts.fixed > 0 {
        "the baseline lists what is fixed"
    } else if counts.warn > 0 || summary.drifted_inferred > 0 {
        "held, with warnings"
    } else {
        "held"
    }
}

/// Why the run is not whole, where it is not.
pub(super) fn incomplete(run: &Results) -> Option<String> {
    let (summary, words) = (&run.summary, Words::of(run.run.side));
    let was = if summary.not_run == 1 { "was" } else { "were" };
    let not_run = format!("{} {was} not run", cases(words, summary.not_run));
    let judged = words.judged;
    match (summary.unreachable, summary.not_run) {
        (true, 0) => Some(format!("the {judged} stopped answering")),
        (true, _) => Some(format!("the {judged} stopped answering, and {not_run}")),
        (false, 0) => None,
        (false, _) if summary.interrupted => Some(format!("the run was stopped, and {not_run}")),
        (false, _) => Some(not_run),
    }
}

/// How many cases had each verdict that occurs, and how long it took.
pub(super) fn counts(run: &Results) -> String {
    let summary = &run.summary;
    let mut parts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| summary.counts.of(*verdict) > 0)
        .map(|verdict| format!("{} {verdict}", summary.counts.of(verdict)))
        .collect();
    let drifted = summary.drifted.saturating_add(summary.drifted_inferred);
    if drifted > 0 {
        parts.push(format!("{drifted} drifted"));
    }
    let verdicts = if parts.is_empty() { "nothing was judged".to_owned() } else { parts.join(", ") };
    let seconds = Duration::from_millis(summary.duration_ms).as_secs_f64();
    format!("{}: {verdicts}, in {seconds:.1} s", cases(Words::of(run.run.side), summary.counts.total()))
}

/// So many cases, in words.
pub(super) fn cases(words: &Words, n: usize) -> String {
    format!("{n} {}", words.plural(n))
}

/// How a case is listed to fail and how it fails instead, where the baseline lists it otherwise than it fails.
pub(super) fn otherwise(outcome: &Outcome) -> Option<(String, String)> {
    let listed = outcome.listed.as_ref()?;
    let fails = matches!(outcome.verdict, Verdict::Fail | Verdict::Warn);
    fails.then(|| (listed.fingerprint.join("; "), outcome.fingerprint.join("; ")))
}

/// What a case does that has this verdict without the baseline.
pub(super) fn verb(found: Verdict) -> &'static str {
    match found {
        Verdict::Warn => "only warns",
        Verdict::Note => "only notes",
        _ => "passes",
    }
}

/// Why failures are known.
#[derive(PartialEq)]
pub(super) struct Why<'a> {
    pub(super) reason: &'a str,
    pub(super) link: Option<&'a str>,
    /// The last day, where it is past.
    pub(super) expired: Option<&'a str>,
}

impl Why<'_> {
    /// The reason, the link, and whether it has expired.
    pub(super) fn text(&self) -> String {
        let link = self.link.map(|link| format!(" ({link})")).unwrap_or_default();
        let expired = self.expired.map(|day| format!("; expired on {day}")).unwrap_or_default();
        format!("{}{link}{expired}", self.reason)
    }
}

/// Why a case's failure is known, where the baseline lists it.
pub(super) fn why(outcome: &Outcome) -> Option<Why<'_>> {
    outcome.listed.as_ref().map(|listed| Why {
        reason: &listed.reason,
        link: listed.link.as_deref(),
        expired: listed.expires.as_deref().filter(|_| listed.expired),
    })
}

/// Known failures by the reason for which they are known.
pub(super) fn known<'a>(outcomes: &[&'a Outcome]) -> Vec<(Why<'a>, Vec<&'a Outcome>)> {
    let groups = groups::by_key(outcomes.iter().copied(), |outcome| why(outcome));
    groups.into_iter().filter_map(|group| Some((why(group.first()?)?, group))).collect()
}

/// The exchange that the verdict is about: of several, what was asked last. What an audit found may stand in a witness.
pub(super) fn judged(outcome: &Outcome) -> Option<&ExchangeReport> {
    outcome.exchanges.iter().rfind(|exchange| exchange.role == Role::Test).or(outcome.exchanges.last())
}

/// What differs between what was wanted and what came, line by line, where one of them has several lines.
pub(super) fn difference(finding: &FindingReport) -> Option<String> {
    if !finding.wanted.contains('\n') && !finding.got.contains('\n') {
        return None;
    }
    let changes = TextDiff::from_lines(&finding.wanted, &finding.got);
    let changes = changes.unified_diff().context_radius(2).missing_newline_hint(false).to_string();
    let changes: Vec<&str> = changes.lines().filter(|change| !change.starts_with("@@")).collect();
    Some(changes.join("\n"))
}

/// Whether its observation alone fails the run.
pub(super) fn fails_by_drift(outcome: &Outcome) -> bool {
    outcome.drift.as_ref().is_some_and(DriftReport::fails)
}

/// What a drifted observation differs from.
pub(super) fn expectation(drift: &DriftReport) -> String {
    match drift.evidence {
        Some(evidence) => format!("the {evidence} answer in {}", drift.profile),
        None => format!("what was recorded in {}", drift.profile),
    }
}

/// A time of the Unix epoch, in milliseconds, as `2026-01-01T00:00:00.000Z`.
pub(super) fn utc(millis: u64) -> String {
    /// The last moment of the year 9999: later ones have no such form.
    const LAST: u64 = 253_402_300_799_999;
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(millis.min(LAST))).to_string()
}

/// How the same is judged again from the command line.
#[derive(Clone, Debug)]
pub(super) enum Again {
    /// A server, by the options that name it; `None` for the embedded emulator, which a replay starts by itself.
    Server(Option<String>),
    /// A client, by its name.
    Client(String),
}

impl Again {
    /// By what the run tells of what was judged.
    pub(super) fn of(run: &RunInfo) -> Self {
        if run.side == Side::Client {
            return Again::Client(run.name.clone().unwrap_or_else(|| "NAME".to_owned()));
        }
        if run.target == EMBEDDED {
            return Again::Server(None);
        }
        let live = run.target.strip_prefix("Amazon Cognito in ").and_then(|rest| rest.split(' ').next());
        Again::Server(Some(match live {
            Some(region) => format!("--live --region {region}"),
            None => format!("--endpoint {}", run.endpoint),
        }))
    }

    fn command(&self) -> String {
        match self {
            Again::Server(Some(target)) => format!("cogspec run {target}"),
            Again::Server(None) => "cogspec run".to_owned(),
            Again::Client(name) => format!("cogspec clients run {name}"),
        }
    }

    /// The command that repeats the whole run.
    pub(super) fn repeat(&self, run: &RunInfo) -> String {
        match self {
            Again::Server(_) => format!("{} --seed {}", self.command(), run.token),
            // Scenarios draw nothing by chance.
            Again::Client(_) => self.command(),
        }
    }

    /// The command that gives a client the answers of a scenario again.
    pub(super) fn serve(id: &str) -> String {
        // What is not one of cogspec's own was read from a file, whose name is not known here.
        let given = if id.starts_with(FOUND) { "FILE" } else { id };
        format!("cogspec serve --scenario {given}")
    }

    /// The command that runs a case again.
    pub(super) fn replay(&self, id: &str) -> String {
        if id.starts_with(FOUND) {
            return format!("{} --scenario FILE", self.command());
        }
        format!("{} --filter {id}", self.command())
    }

    /// The commands that give the curl lines of these exchanges their token, in bash, where any of them needs one.
    pub(super) fn before_curl<'a>(
        &self,
        mut exchanges: impl Iterator<Item = &'a ExchangeReport>,
        endpoint: &str,
    ) -> Option<Vec<String>> {
        let Again::Server(target) = self else { return None };
        if !exchanges.any(|exchange| exchange.curl.contains("ACCESS_TOKEN")) {
            return None;
        }
        let mut lines = Vec::new();
        let target = target.clone().unwrap_or_else(|| {
            let port = endpoint.rsplit(':').next().unwrap_or_default();
            lines.push(format!("cogspec emulate --port {port}  # the emulator of this run has ended"));
            format!("--endpoint {endpoint}")
        });
        lines.push(format!("export ACCESS_TOKEN=$(cogspec token new {target})"));
        Some(lines)
    }
}
