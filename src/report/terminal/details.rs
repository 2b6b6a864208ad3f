//! Failures and warnings one by one, and the rest by groups.

use similar::TextDiff;

use super::super::terminal::TerminalOptions;
use super::groups;
use super::style::{BOLD, DIM, diff, line, of_verdict, paint, short};
use crate::cognito::Severity;
use crate::run::{ExchangeReport, FindingReport, Outcome, Verdict};
use crate::suite::Role;

/// After so many stories told in full, the others get a line each.
const IN_FULL: usize = 15;

/// The most of what came or was wanted that is shown, in characters.
const VALUE: usize = 300;

/// What is told of the cases that did not just pass.
pub(super) struct Page<'a> {
    pub(super) options: &'a TerminalOptions,
    /// By theme and id.
    pub(super) outcomes: &'a [Outcome],
    /// Where the target is.
    pub(super) endpoint: &'a str,
}

impl<'a> Page<'a> {
    pub(super) fn write(&self, text: &mut String) {
        self.stories(Verdict::Fail, Severity::Fail, text);
        self.stories(Verdict::Warn, Severity::Warn, text);
        self.notes(text);
        self.reasons(Verdict::Skip, "skipped", "the target cannot give what they need", text);
        self.reasons(Verdict::Inconclusive, "inconclusive", "what came proves nothing", text);
        self.reasons(Verdict::Error, "in error", "cogspec could not judge: a bug in it, please report", text);
    }

    fn of(&self, verdict: Verdict) -> impl Iterator<Item = &'a Outcome> {
        self.outcomes.iter().filter(move |outcome| outcome.verdict == verdict)
    }

    /// One story for each way to break rules, with the cases that show it.
    fn stories(&self, verdict: Verdict, severity: Severity, text: &mut String) {
        let loud = |outcome: &'a Outcome| outcome.findings.iter().filter(move |finding| finding.severity == severity);
        let way = |outcome: &&'a Outcome| -> Vec<_> {
            loud(outcome).map(|finding| (&finding.rule, &finding.pointer, groups::likeness(&finding.got))).collect()
        };
        let stories = groups::by_key(self.of(verdict), way);
        let in_full = if self.options.verbose { stories.len() } else { IN_FULL };
        for story in stories.iter().take(in_full) {
            self.story(verdict, severity, story, text);
        }
        for outcome in stories.iter().skip(in_full).flatten() {
            let findings: Vec<String> =
                loud(outcome).map(|finding| format!("{}: {}", finding.rule, short(&finding.got, 80))).collect();
            let word = paint(of_verdict(verdict), &verdict.name().to_uppercase());
            text.push_str(&format!("{word} {}  {}\n", paint(BOLD, &line(&outcome.id)), findings.join("; ")));
        }
        if stories.len() > in_full {
            text.push_str(&format!("{}\n\n", paint(DIM, "--verbose tells these in full")));
        }
        if verdict == Verdict::Fail && self.of(verdict).any(|outcome| judged(outcome).is_some_and(uses_token)) {
            self.how_to_get_a_token(text);
        }
    }

    fn story(&self, verdict: Verdict, severity: Severity, story: &[&Outcome], text: &mut String) {
        let Some(outcome) = story.first() else { return };
        let word = paint(of_verdict(verdict), &verdict.name().to_uppercase());
        text.push_str(&format!("{word} {}  {}\n", paint(BOLD, &line(&outcome.id)), line(&outcome.title)));
        let mut softer = 0;
        for finding in &outcome.findings {
            if finding.severity == severity || self.options.verbose {
                write_finding(finding, self.options.verbose, text);
            } else {
                softer += 1;
            }
        }
        if softer > 0 {
            text.push_str(&format!("  {}\n", paint(DIM, &format!("and {softer} of less weight (--verbose)"))));
        }
        if story.len() > 1 {
            let others = groups::ids(story[1..].iter().map(|outcome| outcome.id.as_str()), self.options.verbose);
            text.push_str(&format!("  the same in {} more: {}\n", story.len() - 1, line(&others)));
        }
        if !outcome.prepared.is_empty() {
            text.push_str(&format!("  after {}\n", line(&self.prepared(&outcome.prepared))));
        }
        if let Some(exchange) = judged(outcome) {
            if verdict == Verdict::Fail || self.options.verbose {
                text.push_str(&format!("  {}\n", line(&exchange.curl)));
            }
            if self.options.verbose {
                for answer_line in crate::run::printable(&exchange.answer).lines() {
                    text.push_str(&format!("    {}\n", paint(DIM, answer_line)));
                }
            }
        }
        text.push_str(&format!("  {}\n\n", self.replay(&outcome.id)));
    }

    /// The calls that made the state, by name; with their input where all is wanted.
    fn prepared(&self, calls: &[String]) -> String {
        let name = |call: &String| call.split(' ').next().unwrap_or_default().to_owned();
        let calls: Vec<String> = if self.options.verbose { calls.to_vec() } else { calls.iter().map(name).collect() };
        calls.join(", ")
    }

    /// Notes, by rule.
    fn notes(&self, text: &mut String) {
        let outcomes: Vec<&Outcome> = self.of(Verdict::Note).collect();
        if outcomes.is_empty() {
            return;
        }
        let more = if self.options.verbose { "" } else { " (--verbose lists them)" };
        let head = paint(of_verdict(Verdict::Note), &format!("{} noted", outcomes.len()));
        text.push_str(&format!("{head}: a MAY, or what nobody knows and was observed{more}\n"));
        let findings = outcomes.iter().flat_map(|outcome| outcome.findings.iter().map(move |f| (*outcome, f)));
        for group in groups::by_key(findings, |(_, finding)| &finding.rule) {
            let Some((_, first)) = group.first() else { continue };
            text.push_str(&format!("  {:>3} × {}: {}\n", group.len(), first.rule, line(&first.statement)));
            for (outcome, finding) in group.iter().filter(|_| self.options.verbose) {
                let place = finding.pointer.as_ref().map(|p| format!(" at {}", line(p))).unwrap_or_default();
                text.push_str(&format!("          {}{place}: {}\n", line(&outcome.id), short(&finding.got, VALUE)));
            }
        }
        text.push('\n');
    }

    /// Cases without a verdict of the target, by reason.
    fn reasons(&self, verdict: Verdict, word: &str, meaning: &str, text: &mut String) {
        let outcomes: Vec<&Outcome> = self.of(verdict).collect();
        if outcomes.is_empty() {
            return;
        }
        let head = paint(of_verdict(verdict), &format!("{} {word}", outcomes.len()));
        text.push_str(&format!("{head}: {meaning}\n"));
        for group in groups::by_key(outcomes, |outcome| outcome.reason.clone()) {
            let reason = group.first().and_then(|outcome| outcome.reason.as_deref()).unwrap_or("no reason is known");
            text.push_str(&format!("  {:>3} × {}\n", group.len(), short(reason, VALUE)));
            if verdict != Verdict::Skip || self.options.verbose {
                let ids = groups::ids(group.iter().map(|outcome| outcome.id.as_str()), self.options.verbose);
                text.push_str(&format!("        {}\n", paint(DIM, &line(&ids))));
            }
        }
        text.push('\n');
    }

    fn replay(&self, id: &str) -> String {
        match &self.options.target {
            Some(target) => format!("cogspec run {} --filter {}", line(target), line(id)),
            None => format!("cogspec run --filter {}", line(id)),
        }
    }

    fn how_to_get_a_token(&self, text: &mut String) {
        let mut lines = Vec::new();
        let target = self.options.target.clone().unwrap_or_else(|| {
            let port = self.endpoint.rsplit(':').next().unwrap_or_default();
            lines.push(format!("cogspec emulate --port {}  # the emulator of this run has ended", line(port)));
            format!("--endpoint {}", self.endpoint)
        });
        lines.push(format!("export ACCESS_TOKEN=$(cogspec token new {})", line(&target)));
        text.push_str(&format!("{}\n", paint(DIM, "before a curl line, in bash:")));
        for command in lines {
            text.push_str(&format!("  {command}\n"));
        }
        text.push('\n');
    }
}

/// The rule, where it is written, what was wanted and what came.
pub(in crate::report) fn write_finding(finding: &FindingReport, verbose: bool, text: &mut String) {
    let weight = paint(of_verdict(finding.severity.into()), &finding.level.to_string());
    let trust = paint(DIM, &format!("({})", finding.evidence));
    text.push_str(&format!("  {weight} {} {trust}: {}\n", finding.rule, line(&finding.statement)));
    for source in [&*line(&finding.source), &finding.url] {
        text.push_str(&format!("    {}\n", paint(DIM, source)));
    }
    if let Some(pointer) = &finding.pointer {
        text.push_str(&format!("    at     {}\n", short(pointer, VALUE)));
    }
    if finding.wanted.contains('\n') || finding.got.contains('\n') {
        let changes = TextDiff::from_lines(&finding.wanted, &finding.got);
        let changes = changes.unified_diff().context_radius(2).missing_newline_hint(false).to_string();
        text.push_str(&format!("    {}\n", paint(DIM, "- wanted, + got")));
        let changes: Vec<&str> = changes.lines().filter(|change| !change.starts_with("@@")).collect();
        text.push_str(&diff(&changes.join("\n"), "    "));
    } else {
        let limit = if verbose { usize::MAX } else { VALUE };
        text.push_str(&format!("    wanted {}\n", short(&finding.wanted, limit)));
        text.push_str(&format!("    got    {}\n", short(&finding.got, limit)));
    }
}

/// The exchange that the verdict is about: of several, what was asked last. What an audit found may stand in a witness.
fn judged(outcome: &Outcome) -> Option<&ExchangeReport> {
    outcome.exchanges.iter().rfind(|exchange| exchange.role == Role::Test).or(outcome.exchanges.last())
}

fn uses_token(exchange: &ExchangeReport) -> bool {
    exchange.curl.contains("ACCESS_TOKEN")
}
