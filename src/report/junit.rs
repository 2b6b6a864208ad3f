//! JUnit's XML, as Jenkins, GitLab and most others read it.
//!
//! A reader of it knows failures, errors and skips, and everything else passed. So what fails a run is a failure (a `fixed`
//! case and drift that fails, too), what says nothing of the target (`skip`, `inconclusive`) or is `known` is skipped, with the
//! reason, and warnings and notes passed, with what was found as output. A run that is not whole has an error, for a reader
//! that saw only the cases would take it for a good one.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event as Xml};

use super::story;
use super::terminal::style::short;
use crate::run::{FindingReport, Outcome, Results, RunInfo, Verdict, printable};
use crate::suite::{Side, Theme};

type Out = Writer<Vec<u8>>;

/// What stands in a test case: nothing for one that just passed.
enum Child {
    Told(Told),
    Output(String),
}

struct Told {
    /// `failure`, `error` or `skipped`.
    element: &'static str,
    kind: String,
    message: String,
    body: String,
}

/// How many cases of a suite are what.
#[derive(Default)]
struct Tally {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    millis: u64,
}

/// A suite for each theme, and one for the run where there is something to tell of it.
pub(super) fn junit(run: &Results) -> io::Result<String> {
    let mut themes = Vec::new();
    for theme in Theme::of(run.run.side) {
        let cases: Vec<&Outcome> = run.cases.iter().filter(|outcome| outcome.theme == *theme).collect();
        if !cases.is_empty() {
            let children: Vec<Option<Child>> = cases.iter().map(|outcome| child(outcome, &run.run)).collect();
            themes.push((theme, cases, children));
        }
    }
    let incomplete = story::incomplete(run);
    let mut all = Tally::default();
    for (_, cases, children) in &themes {
        let Tally { tests, failures, errors, skipped, .. } = tally(cases, children);
        all.tests += tests;
        all.failures += failures;
        all.errors += errors;
        all.skipped += skipped;
    }
    if incomplete.is_some() {
        all.tests += 1;
        all.errors += 1;
    }

    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    out.write_event(Xml::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = out.create_element("testsuites").with_attributes([
        ("name", "cogspec"),
        ("tests", all.tests.to_string().as_str()),
        ("failures", all.failures.to_string().as_str()),
        ("errors", all.errors.to_string().as_str()),
        ("time", seconds(run.summary.duration_ms).as_str()),
    ]);
    suites.write_inner_content(|out| {
        for (theme, cases, children) in &themes {
            suite(out, theme.name(), &tally(cases, children), &run.run, |out| {
                cases.iter().zip(children).try_for_each(|(outcome, child)| {
                    case(out, theme.name(), &outcome.id, outcome.duration_ms, child.as_ref())
                })
            })?;
        }
        if incomplete.is_none() && run.notices.is_empty() {
            return Ok(());
        }
        let errors = usize::from(incomplete.is_some());
        let tally = Tally { tests: errors, errors, ..Tally::default() };
        suite(out, "run", &tally, &run.run, |out| {
            if let Some(why) = incomplete {
                let told = Told { element: "error", kind: "incomplete".to_owned(), body: why.clone(), message: why };
                case(out, "run", "complete", 0, Some(&Child::Told(told)))?;
            }
            if !run.notices.is_empty() {
                text(out, "system-out", &run.notices.join("\n"))?;
            }
            Ok(())
        })
    })?;
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn tally(cases: &[&Outcome], children: &[Option<Child>]) -> Tally {
    let is = |child: &&Child, name| matches!(child, Child::Told(told) if told.element == name);
    let count = |name| children.iter().flatten().filter(|child| is(child, name)).count();
    Tally {
        tests: cases.len(),
        failures: count("failure"),
        errors: count("error"),
        skipped: count("skipped"),
        millis: cases.iter().map(|outcome| outcome.duration_ms).fold(0, u64::saturating_add),
    }
}

/// A suite with the facts of the run, for it is the only element that every reader lets have properties.
fn suite(
    out: &mut Out,
    name: &str,
    tally: &Tally,
    run: &RunInfo,
    content: impl FnOnce(&mut Out) -> io::Result<()>,
) -> io::Result<()> {
    // In UTC and without the zone, for the older schemas do not know one.
    let started =
        story::utc(run.started.saturating_mul(1000)).chars().take("2026-01-01T00:00:00".len()).collect::<String>();
    let suite = out.create_element("testsuite").with_attributes([
        ("name", format!("cogspec.{name}").as_str()),
        ("tests", tally.tests.to_string().as_str()),
        ("failures", tally.failures.to_string().as_str()),
        ("errors", tally.errors.to_string().as_str()),
        ("skipped", tally.skipped.to_string().as_str()),
        ("time", seconds(tally.millis).as_str()),
        ("timestamp", started.as_str()),
    ]);
    suite.write_inner_content(|out| {
        out.create_element("properties").write_inner_content(|out| {
            let facts = [
                ("cogspec", &*run.cogspec),
                ("target", &run.target),
                ("endpoint", &run.endpoint),
                ("token", &run.token),
                ("case_set", &run.case_set),
            ];
            facts.into_iter().try_for_each(|(name, value)| {
                let property = out.create_element("property");
                property.with_attributes([("name", name), ("value", line(value).as_str())]).write_empty().map(drop)
            })
        })?;
        content(out)
    })?;
    Ok(())
}

fn case(out: &mut Out, theme: &str, id: &str, millis: u64, child: Option<&Child>) -> io::Result<()> {
    let element = out.create_element("testcase").with_attributes([
        ("classname", format!("cogspec.{theme}").as_str()),
        ("name", line(id).as_str()),
        ("time", seconds(millis).as_str()),
    ]);
    match child {
        None => element.write_empty().map(drop),
        Some(child) => element
            .write_inner_content(|out| match child {
                Child::Told(told) => telling(out, told),
                Child::Output(output) => text(out, "system-out", output),
            })
            .map(drop),
    }
}

fn telling(out: &mut Out, told: &Told) -> io::Result<()> {
    let element = out.create_element(told.element);
    let attributes = [("type", line(&told.kind)), ("message", line(&told.message))];
    let attributes = attributes.iter().map(|(name, value)| (*name, value.as_str()));
    element.with_attributes(attributes).write_text_content(BytesText::new(&xml(&told.body))).map(drop)
}

fn text(out: &mut Out, name: &str, text: &str) -> io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(&xml(text))).map(drop)
}

fn child(outcome: &Outcome, run: &RunInfo) -> Option<Child> {
    let told = |element, kind: &str, message: &str| {
        let (kind, message) = (kind.to_owned(), message.to_owned());
        Some(Child::Told(Told { element, kind, message, body: body(outcome, run) }))
    };
    let reason = outcome.reason.as_deref().unwrap_or("no reason is known");
    match outcome.verdict {
        Verdict::Error => told("error", "cogspec", reason),
        Verdict::Fail => match outcome.findings.first() {
            Some(loudest) => told("failure", &loudest.rule, &summary(loudest)),
            None => told("failure", "fail", &outcome.title),
        },
        Verdict::Fixed => told("failure", "fixed", story::FIXED),
        _ if story::fails_by_drift(outcome) => {
            let expected = outcome.drift.as_ref().map_or_else(String::new, story::expectation);
            told("failure", "drift", &format!("differs from {expected}"))
        }
        Verdict::Known => {
            let why = story::why(outcome).map_or_else(String::new, |why| why.text());
            told("skipped", "known", &format!("known: {why}"))
        }
        Verdict::Skip => told("skipped", "skip", reason),
        Verdict::Inconclusive => told("skipped", "inconclusive", &format!("inconclusive: {reason}")),
        Verdict::Pass if outcome.drift.is_none() => None,
        Verdict::Pass | Verdict::Warn | Verdict::Note => Some(Child::Output(body(outcome, run))),
    }
}

/// The most of a message that an attribute has, in characters; the whole stands in the body.
const MESSAGE: usize = 500;

fn summary(finding: &FindingReport) -> String {
    let place = finding.pointer.as_ref().map(|pointer| format!(" at {pointer}")).unwrap_or_default();
    format!("{} {}{place}: wanted {}, got {}", finding.level, finding.rule, finding.wanted, finding.got)
}

/// All that a person needs to believe the verdict and to see it again.
fn body(outcome: &Outcome, run: &RunInfo) -> String {
    let mut text = format!("{} {}: {}\n", outcome.verdict, outcome.id, outcome.title);
    let mut fact = |name: &str, value: &str| {
        let space = if value.starts_with('\n') { "" } else { " " };
        text.push_str(&format!("{name}:{space}{value}\n"));
    };
    if let Some(reason) = &outcome.reason {
        fact("reason", reason);
    }
    if let Some(listed) = &outcome.listed {
        fact("listed to fail as", &listed.fingerprint.join("; "));
        fact("listed because", &story::why(outcome).map_or_else(String::new, |why| why.text()));
    }
    if let Some((_, now)) = story::otherwise(outcome) {
        fact("fails as", &now);
    }
    for finding in &outcome.findings {
        fact("\nrule", &format!("{} ({}, {})", finding.rule, finding.level, finding.evidence));
        fact("why", &finding.statement);
        fact("source", &format!("{} <{}>", finding.source, finding.url));
        if let Some(pointer) = &finding.pointer {
            fact("at", pointer);
        }
        match story::difference(finding) {
            Some(changes) => fact("wanted (-) and got (+)", &format!("\n{changes}")),
            None => {
                fact("wanted", &finding.wanted);
                fact("got", &finding.got);
            }
        }
    }
    if let Some(drift) = &outcome.drift {
        fact("\ndiffers from", &format!("{}\n{}", story::expectation(drift), drift.diff));
    }
    let again = story::Again::of(run);
    match (story::judged(outcome), run.side) {
        (None, _) => {}
        (Some(exchange), Side::Server) => {
            fact("\ncurl", &exchange.curl);
            if let Some(commands) = again.before_curl(std::iter::once(exchange), &run.endpoint) {
                fact("before it", &commands.join("; "));
            }
        }
        (Some(exchange), Side::Client) => {
            fact("\nthe client sent", &exchange.curl);
            fact("it was answered", &format!("\n{}", exchange.answer));
            fact("answered so by", &story::Again::serve(&outcome.id));
        }
    }
    if let (Some(made), Side::Client) = (&outcome.observation, run.side) {
        fact("it made of that", &format!("\n{made}"));
    }
    fact("replay", &again.replay(&outcome.id));
    text
}

/// Seconds with three digits behind the point.
fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// The text without the characters that XML 1.0 cannot have: control characters are shown as escapes, as everywhere, and the
/// two that are no characters at all are replaced.
fn xml(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// The same on one line, for attributes: a reader makes spaces of their line breaks.
fn line(text: &str) -> String {
    xml(&short(text, MESSAGE))
}
