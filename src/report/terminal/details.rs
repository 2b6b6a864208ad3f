//! Failures and warnings one by one, and the rest by groups.

use super::super::story::Again;
use super::super::{groups, story};
use super::style::{BOLD, DIM, diff, line, of_verdict, paint, short};
use crate::cognito::Severity;
use crate::run::{ExchangeReport, FindingReport, Outcome, Verdict, Words, printable};
use crate::suite::Side;

/// After so many stories told in full, the others get a line each.
const IN_FULL: usize = 15;

/// The most of what came or was wanted that is shown, in characters.
const VALUE: usize = 300;

/// What is told of the cases that did not just pass.
pub(super) struct Page<'a> {
    /// Whether what is otherwise only counted is told one by one, with answers.
    pub(super) verbose: bool,
    /// The side that was judged.
    pub(super) side: Side,
    pub(super) again: Again,
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
        self.reasons(Verdict::Skip, "skipped", Words::of(self.side).skipped, text);
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
        let in_full = if self.verbose { stories.len() } else { IN_FULL };
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
        let exchanges = self.of(verdict).filter_map(story::judged);
        if verdict == Verdict::Fail
            && let Some(commands) = self.again.before_curl(exchanges, self.endpoint)
        {
            text.push_str(&format!("{}\n", paint(DIM, "before a curl line, in bash:")));
            for command in commands {
                text.push_str(&format!("  {}\n", line(&command)));
            }
            text.push('\n');
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
            if finding.severity == severity || self.verbose {
                write_finding(finding, self.verbose, text);
            } else {
                softer += 1;
            }
        }
        if softer > 0 {
            text.push_str(&format!("  {}\n", paint(DIM, &format!("and {softer} of less weight (--verbose)"))));
        }
        if story.len() > 1 {
            let others = groups::ids(story[1..].iter().map(|outcome| outcome.id.as_str()), self.verbose);
            text.push_str(&format!("  the same in {} more: {}\n", story.len() - 1, line(&others)));
        }
        if !outcome.prepared.is_empty() {
            text.push_str(&format!("  after {}\n", line(&self.prepared(&outcome.prepared))));
        }
        match (self.side, story::judged(outcome)) {
            (Side::Server, Some(exchange)) => {
                if verdict == Verdict::Fail || self.verbose {
                    text.push_str(&format!("  {}\n", line(&exchange.curl)));
                }
                if self.verbose {
                    write_dim(&exchange.answer, text);
                }
            }
            (Side::Client, exchange) if self.verbose => write_of_client(exchange, outcome, text),
            _ => {}
        }
        text.push_str(&format!("  {}\n\n", self.replay(&outcome.id)));
    }

    /// The calls that made the state, by name; with their input where all is wanted.
    fn prepared(&self, calls: &[String]) -> String {
        let name = |call: &String| call.split(' ').next().unwrap_or_default().to_owned();
        let calls: Vec<String> = if self.verbose { calls.to_vec() } else { calls.iter().map(name).collect() };
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
        let limit = if self.verbose { outcomes.len() } else { IN_FULL };
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
        let more = if self.verbose { "" } else { " (--verbose lists them)" };
        let head = paint(of_verdict(Verdict::Known), &format!("{} known", outcomes.len()));
        text.push_str(&format!("{head}: they fail as the baseline lists them{more}\n"));
        for (why, group) in story::known(&outcomes) {
            text.push_str(&format!("  {:>3} × {}\n", group.len(), short(&why.text(), VALUE)));
            if self.verbose {
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
        let more = if self.verbose { "" } else { " (--verbose lists them)" };
        let head = paint(of_verdict(Verdict::Note), &format!("{} noted", outcomes.len()));
        text.push_str(&format!("{head}: a MAY, or what nobody knows and was observed{more}\n"));
        let findings = outcomes.iter().flat_map(|outcome| outcome.findings.iter().map(move |f| (*outcome, f)));
        for group in groups::by_key(findings, |(_, finding)| &finding.rule) {
            let Some((_, first)) = group.first() else { continue };
            text.push_str(&format!("  {:>3} × {}: {}\n", group.len(), first.rule, line(&first.statement)));
            for (outcome, finding) in group.iter().filter(|_| self.verbose) {
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
            if verdict != Verdict::Skip || self.verbose {
                let ids = groups::ids(group.iter().map(|outcome| outcome.id.as_str()), self.verbose);
                text.push_str(&format!("        {}\n", paint(DIM, &line(&ids))));
            }
        }
        text.push('\n');
    }

    fn replay(&self, id: &str) -> String {
        line(&self.again.replay(id))
    }
}

/// What a client sent, what it was answered, and what it made of that.
fn write_of_client(exchange: Option<&ExchangeReport>, outcome: &Outcome, text: &mut String) {
    if let Some(exchange) = exchange {
        let serve = line(&Again::serve(&outcome.id));
        text.push_str(&format!("  sent: {}\n  was answered, as by `{serve}`:\n", line(&exchange.curl)));
        write_dim(&exchange.answer, text);
    }
    if let Some(made) = &outcome.observation {
        text.push_str("  made of that:\n");
        write_dim(made, text);
    }
}

fn write_dim(lines: &str, text: &mut String) {
    for line in printable(lines).lines() {
        text.push_str(&format!("    {}\n", paint(DIM, line)));
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
