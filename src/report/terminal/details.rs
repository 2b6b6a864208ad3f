//! Failures and warnings one by one, and the rest by groups.

use super::super::terminal::TerminalOptions;
use super::super::{groups, story};
use super::style::{BOLD, DIM, diff, line, of_verdict, paint, short};
use crate::cognito::Severity;
use crate::run::{FindingReport, Outcome, Verdict};

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
        self.fixed(text);
        self.stories(Verdict::Warn, Severity::Warn, text);
        self.known(text);
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
        let stories = groups::by_way(self.of(verdict), severity);
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
        if verdict == Verdict::Fail
            && self.of(verdict).any(|outcome| story::judged(outcome).is_some_and(story::uses_token))
        {
            self.how_to_get_a_token(text);
        }
    }

    fn story(&self, verdict: Verdict, severity: Severity, story: &[&Outcome], text: &mut String) {
        let Some(outcome) = story.first() else { return };
        let word = paint(of_verdict(verdict), &verdict.name().to_uppercase());
        text.push_str(&format!("{word} {}  {}\n", paint(BOLD, &line(&outcome.id)), line(&outcome.title)));
        if let Some((listed, now)) = story::otherwise(outcome) {
            let (listed, now) = (short(&listed, VALUE), short(&now, VALUE));
            text.push_str(&format!("  listed to fail as: {listed}\n  fails as:          {now}\n"));
        }
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
        if let Some(exchange) = story::judged(outcome) {
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

    /// What the baseline lists and is gone: that fails a run, so that it is told like a failure.
    fn fixed(&self, text: &mut String) {
        let outcomes: Vec<&Outcome> = self.of(Verdict::Fixed).collect();
        if outcomes.is_empty() {
            return;
        }
        let word = paint(of_verdict(Verdict::Fixed).bold(), &format!("{} FIXED", outcomes.len()));
        text.push_str(&format!("{word} {}\n", story::FIXED));
        let limit = if self.options.verbose { outcomes.len() } else { IN_FULL };
        for outcome in outcomes.iter().take(limit) {
            let listed = outcome.listed.as_ref().map_or_else(String::new, |listed| listed.fingerprint.join("; "));
            let (id, now) = (paint(BOLD, &line(&outcome.id)), story::verb(outcome.found()));
            text.push_str(&format!("  {id} {now} now; listed to fail as: {}\n", short(&listed, VALUE)));
        }
        if outcomes.len() > limit {
            text.push_str(&format!("  {}\n", paint(DIM, &format!("and {} more (--verbose)", outcomes.len() - limit))));
        }
        text.push('\n');
    }

    /// What fails as the baseline lists it, by reason.
    fn known(&self, text: &mut String) {
        let outcomes: Vec<&Outcome> = self.of(Verdict::Known).collect();
        if outcomes.is_empty() {
            return;
        }
        let more = if self.options.verbose { "" } else { " (--verbose lists them)" };
        let head = paint(of_verdict(Verdict::Known), &format!("{} known", outcomes.len()));
        text.push_str(&format!("{head}: they fail as the baseline lists them{more}\n"));
        for (why, group) in story::known(&outcomes) {
            text.push_str(&format!("  {:>3} × {}\n", group.len(), short(&why.text(), VALUE)));
            if self.options.verbose {
                let ids = groups::ids(group.iter().map(|outcome| outcome.id.as_str()), true);
                text.push_str(&format!("        {}\n", paint(DIM, &line(&ids))));
            }
        }
        text.push('\n');
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
        line(&story::replay(self.options.target.as_deref(), id))
    }

    fn how_to_get_a_token(&self, text: &mut String) {
        text.push_str(&format!("{}\n", paint(DIM, "before a curl line, in bash:")));
        for command in story::token_commands(self.options.target.as_deref(), self.endpoint) {
            text.push_str(&format!("  {}\n", line(&command)));
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
    if let Some(changes) = story::difference(finding) {
        text.push_str(&format!("    {}\n", paint(DIM, "- wanted, + got")));
        text.push_str(&diff(&changes, "    "));
    } else {
        let limit = if verbose { usize::MAX } else { VALUE };
        text.push_str(&format!("    wanted {}\n", short(&finding.wanted, limit)));
        text.push_str(&format!("    got    {}\n", short(&finding.got, limit)));
    }
}
