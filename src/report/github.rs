//! GitHub Actions: annotations by workflow commands, and the job's summary.
//!
//! GitHub shows ten errors and ten warnings of a step. So cases that fail in one way are one annotation, and what is beyond
//! ten is counted in a notice.

use std::io::{self, Write};

use super::terminal::style::short;
use super::{Reporter, groups, markdown, story, unless_closed};
use crate::cognito::Severity;
use crate::run::{Collector, Event, FindingReport, Outcome, Results, Verdict};
use crate::wire::cut;

/// The most annotations of a level that GitHub shows of one step.
const SHOWN: usize = 10;

/// The most of an annotation that GitHub takes, in characters, with some to spare for what is escaped.
const MESSAGE: usize = 3000;

/// The most of a value that is told, in characters.
const VALUE: usize = 300;

/// The most that GitHub takes for the summary of a step, in bytes.
pub(super) const SUMMARY_LIMIT: usize = 1024 * 1024;

/// Writes workflow commands when a run has ended, and the Markdown report into the job's summary where there is one.
pub(super) struct Github {
    commands: Box<dyn Write + Send>,
    /// The summary, and how many bytes it may still take.
    summary: Option<(Box<dyn Write + Send>, usize)>,
    /// The word that lets commands be read again, where others write between them.
    pause: Option<String>,
    collected: Collector,
}

impl Github {
    /// Writes commands to a file or a stream of their own.
    pub(super) fn new(commands: impl Write + Send + 'static) -> Self {
        Github { commands: Box::new(commands), summary: None, pause: None, collected: Collector::default() }
    }

    /// Appends the report to a summary, which may take so many bytes more.
    pub(super) fn with_summary(self, summary: impl Write + Send + 'static, limit: usize) -> Self {
        Github { summary: Some((Box::new(summary), limit)), ..self }
    }

    /// Writes to a log that the report for people goes to as well. What a server says in it is not to be read as a command,
    /// so that none is read from the first event to the last; nobody can guess the word that ends this.
    pub(super) fn amid_others(self) -> Self {
        Github { pause: Some(uuid::Uuid::new_v4().to_string()), ..self }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        unless_closed(self.commands.write_all(text.as_bytes()).and_then(|()| self.commands.flush()))
    }
}

impl Reporter for Github {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if let (Event::RunStarted(_), Some(word)) = (event, &self.pause) {
            let pause = format!("::stop-commands::{word}\n");
            self.write(&pause)?;
        }
        let Some(run) = self.collected.event(event) else { return Ok(()) };
        let resume = self.pause.as_ref().map(|word| format!("::{word}::\n")).unwrap_or_default();
        self.write(&format!("{resume}{}", commands(&run)))?;
        match &mut self.summary {
            Some((summary, limit)) => {
                let text = markdown::within(&run, *limit);
                summary.write_all(text.as_bytes()).and_then(|()| summary.flush())
            }
            None => Ok(()),
        }
    }
}

struct Annotation {
    title: String,
    message: String,
}

/// The commands for what a run found.
pub(super) fn commands(run: &Results) -> String {
    let mut text = String::new();
    let mut beyond = Vec::new();
    for (command, annotations) in [("error", errors(run)), ("warning", warnings(run))] {
        for Annotation { title, message } in annotations.iter().take(SHOWN) {
            text.push_str(&format!("::{command} title={}::{}\n", property(title), data(&cut(message, MESSAGE))));
        }
        if annotations.len() > SHOWN {
            beyond.push(format!("{} more {command}s", annotations.len() - SHOWN));
        }
    }
    let told = match beyond.is_empty() {
        true => story::counts(run),
        false => format!("{}; not shown here: {}", story::counts(run), beyond.join(" and ")),
    };
    let title = format!("cogspec: {}", story::headline(run));
    text.push_str(&format!("::notice title={}::{}\n", property(&title), data(&told)));
    text
}

/// What fails the run: bugs and stale entries first, for they are few.
fn errors(run: &Results) -> Vec<Annotation> {
    let of = |verdict| run.cases.iter().filter(move |outcome| outcome.verdict == verdict);
    let mut errors = Vec::new();
    if let Some(message) = story::incomplete(run) {
        errors.push(Annotation { title: "This is not the whole run".to_owned(), message });
    }
    for group in groups::by_key(of(Verdict::Error), |outcome| &outcome.reason) {
        let reason = group.first().and_then(|outcome| outcome.reason.as_deref()).unwrap_or_default();
        let message = format!("a bug in cogspec, please report: {}", short(reason, VALUE));
        errors.push(Annotation { title: title("ERROR", &group), message: with_others(message, &group) });
    }
    let fixed: Vec<&Outcome> = of(Verdict::Fixed).collect();
    if !fixed.is_empty() {
        errors
            .push(Annotation { title: title("FIXED", &fixed), message: with_others(story::FIXED.to_owned(), &fixed) });
    }
    errors.extend(stories(run, Verdict::Fail, Severity::Fail));
    errors.extend(drift(run, true));
    errors
}

fn warnings(run: &Results) -> Vec<Annotation> {
    stories(run, Verdict::Warn, Severity::Warn).into_iter().chain(drift(run, false)).collect()
}

fn stories(run: &Results, verdict: Verdict, severity: Severity) -> Vec<Annotation> {
    let again = story::Again::of(&run.run);
    let outcomes = run.cases.iter().filter(|outcome| outcome.verdict == verdict);
    let told = groups::by_way(outcomes, severity).into_iter().filter_map(|group| {
        let outcome = group.first()?;
        let mut lines = vec![short(&outcome.title, VALUE)];
        let loud = outcome.findings.iter().filter(|finding| finding.severity == severity);
        lines.extend(loud.flat_map(of_finding));
        if let Some((listed, now)) = story::otherwise(outcome) {
            lines.push(format!("listed to fail as: {}", short(&listed, VALUE)));
            lines.push(format!("fails as: {}", short(&now, VALUE)));
        }
        lines.push(again.replay(&outcome.id));
        let title = title(&verdict.name().to_uppercase(), &group);
        Some(Annotation { title, message: with_others(lines.join("\n"), &group) })
    });
    told.collect()
}

fn of_finding(finding: &FindingReport) -> [String; 3] {
    let place = finding.pointer.as_ref().map(|pointer| format!(" at {}", short(pointer, VALUE))).unwrap_or_default();
    [
        format!("{} {} ({}){place}: {}", finding.level, finding.rule, finding.evidence, finding.statement),
        format!("wanted {}", short(&finding.wanted, VALUE)),
        format!("got {}", short(&finding.got, VALUE)),
    ]
}

fn drift(run: &Results, fails: bool) -> Vec<Annotation> {
    let drifted = run.cases.iter().filter_map(|outcome| Some((outcome, outcome.drift.as_ref()?)));
    let groups = groups::by_key(drifted.filter(|(_, drift)| drift.fails() == fails), |(_, drift)| (*drift).clone());
    let told = groups.into_iter().filter_map(|group| {
        let (_, drift) = group.first()?;
        let cases: Vec<&Outcome> = group.iter().map(|(outcome, _)| *outcome).collect();
        let message = format!("differs from {}\n{}", story::expectation(drift), drift.diff);
        Some(Annotation { title: title("DRIFT", &cases), message: with_others(message, &cases) })
    });
    told.collect()
}

fn title(word: &str, group: &[&Outcome]) -> String {
    let id = group.first().map_or("", |outcome| &outcome.id);
    match group.len() {
        0 | 1 => format!("{word} {id}"),
        n => format!("{word} {id} and {} more", n - 1),
    }
}

fn with_others(message: String, group: &[&Outcome]) -> String {
    if group.len() < 2 {
        return message;
    }
    let others = groups::ids(group[1..].iter().map(|outcome| outcome.id.as_str()), false);
    format!("{message}\nthe same in {} more: {others}", group.len() - 1)
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    crate::run::printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties, which colons and commas end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
