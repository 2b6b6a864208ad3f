//! The report of a fuzzing run for people.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::terminal::details::write_finding;
use super::terminal::style::{BOLD, DIM, line, of_verdict, paint};
use crate::cognito::Severity;
use crate::fuzz::{Ended, Found, Repeats, Replayed, Summary};
use crate::run::Verdict;

/// The most labels that are named as missed.
const MISSED: usize = 8;

/// Writes findings as they come, and the summary at the end.
pub struct FuzzReport<W> {
    pub(super) writer: W,
    /// The options by which a replay names the same target, or the clients.
    pub(super) target: String,
}

impl<W: Write> FuzzReport<W> {
    /// A report to that writer, in colour: give one that strips it where it is not wanted. `target` holds the
    /// options that name the target on the command line, or the clients.
    pub fn new(writer: W, target: Option<&str>) -> Self {
        let target = target.map(|target| format!("{} ", line(target))).unwrap_or_default();
        FuzzReport { writer, target }
    }

    /// Tells what is fuzzed, and how to repeat it.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn head(&mut self, target: &str, endpoint: &str, token: &str) -> io::Result<()> {
        let at = if target == endpoint { String::new() } else { format!(" at {}", line(endpoint)) };
        writeln!(self.writer, "{} fuzz: {}{at}", paint(BOLD, "cogspec"), line(target))?;
        writeln!(self.writer, "{}\n", paint(DIM, &format!("--seed {} makes the same random choices", line(token))))?;
        self.writer.flush()
    }

    /// Tells a finding; `file` is where its input was written.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn found(&mut self, found: &Found, file: Option<&Path>) -> io::Result<()> {
        let mut text = heading(&found.name, found.severity, found.repeats);
        write_finding(&found.finding, false, &mut text);
        let defects = if found.labels.is_empty() { "none: a plain call".to_owned() } else { found.labels.join(", ") };
        text.push_str(&format!("    drawn  {defects}\n"));
        text.push_str(&flaky(found.repeats));
        text.push_str(&format!("  {}\n", line(&found.exchange.curl)));
        if let Some(file) = file {
            text.push_str(&format!("  cogspec replay {}{}\n", self.target, line(&file.display().to_string())));
        }
        text.push('\n');
        self.writer.write_all(text.as_bytes())?;
        self.writer.flush()
    }

    /// Tells the end.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.writer.write_all(end(summary).as_bytes())?;
        self.writer.flush()
    }
}

/// The line above a finding.
pub(super) fn heading(name: &str, severity: Severity, repeats: Repeats) -> String {
    let (word, style) = match repeats {
        Repeats::Always => {
            let verdict = Verdict::from(severity);
            (verdict.name().to_uppercase(), of_verdict(verdict))
        }
        Repeats::Flaky => ("FLAKY".to_owned(), of_verdict(Verdict::Inconclusive)),
    };
    format!("{} {}\n", paint(style, &word), paint(BOLD, name))
}

/// What is to be known of a finding that did not come again.
pub(super) fn flaky(repeats: Repeats) -> String {
    match repeats {
        Repeats::Always => String::new(),
        Repeats::Flaky => format!("  {}\n", paint(DIM, "it did not come again, and does not count")),
    }
}

/// Why a run ended early, where it did.
pub(super) fn ended(why: Option<String>) -> String {
    why.map_or_else(String::new, |why| format!("{} {why}\n", paint(of_verdict(Verdict::Error), "ended")))
}

/// How often each class came, the most frequent first.
pub(super) fn classes<'a>(classes: impl Iterator<Item = (&'a str, u64)>) -> String {
    let mut classes: Vec<_> = classes.collect();
    classes.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    classes.into_iter().map(|(class, times)| format!("{times:>10}  {}\n", line(class))).collect()
}

/// The labels that were not drawn.
pub(super) fn missed(labels: &[&str]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let more = labels.len().saturating_sub(MISSED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let missed = labels.iter().take(MISSED).copied().collect::<Vec<_>>().join(", ");
    format!("{}\n", paint(DIM, &format!("not drawn: {missed}{more}; more time reaches more")))
}

/// The rules that were found broken and are only worth a note.
pub(super) fn noted(noted: &BTreeMap<Cow<'static, str>, u64>) -> String {
    if noted.is_empty() {
        return String::new();
    }
    let rules = noted.iter().map(|(rule, times)| format!("{rule} ({times})")).collect::<Vec<_>>().join(", ");
    format!("{} {rules}\n", paint(of_verdict(Verdict::Note), "noted"))
}

/// How many findings there are of each weight.
pub(super) fn tally(found: &[(Repeats, Severity)]) -> String {
    let of = |severity: Severity| found.iter().filter(|found| **found == (Repeats::Always, severity)).count();
    let flaky = found.iter().filter(|(repeats, _)| *repeats == Repeats::Flaky).count();
    let mut parts: Vec<String> = [Severity::Fail, Severity::Warn, Severity::Note]
        .into_iter()
        .filter(|severity| of(*severity) > 0)
        .map(|severity| {
            let verdict = Verdict::from(severity);
            paint(of_verdict(verdict), &format!("{} {verdict}", of(severity)))
        })
        .collect();
    parts.extend((flaky > 0).then(|| paint(of_verdict(Verdict::Inconclusive), &format!("{flaky} flaky"))));
    match found.len() - flaky {
        0 if parts.is_empty() => "nothing found\n".to_owned(),
        1 => format!("1 finding: {}\n", parts.join(", ")),
        n => format!("{n} findings: {}\n", parts.join(", ")),
    }
}

fn end(summary: &Summary) -> String {
    let seconds = std::time::Duration::from_millis(summary.duration_ms).as_secs_f64().max(0.001);
    let calls = summary.progress.requests;
    let rate = calls as f64 / seconds;
    let mut text = ended(match &summary.ended {
        Ended::Time | Ended::Requests => None,
        Ended::Stopped => Some("stopped by a signal".to_owned()),
        Ended::Gone(why) => Some(format!("the target stopped answering: {}", line(why))),
        Ended::NotServed(why) => Some(format!("plain requests are not served, so nothing can be told: {}", line(why))),
    });
    text.push_str(&classes(summary.classes.iter().map(|(class, times)| (class.as_str(), *times))));
    let users = if summary.users == 1 { "one user".to_owned() } else { format!("{} users", summary.users) };
    text.push_str(&format!(
        "{} in {seconds:.1} s ({rate:.0} a second) as {users}; {} kinds of answer; {} of {} labels drawn\n",
        paint(BOLD, &format!("{calls} calls")),
        summary.progress.answers,
        summary.labels_known - summary.labels_missed.len(),
        summary.labels_known,
    ));
    text.push_str(&missed(&summary.labels_missed));
    if !summary.signs {
        text.push_str(&format!("{}\n", paint(DIM, "no signing key is at hand: a changed token keeps its signature")));
    }
    if summary.throttled > 0 {
        text.push_str(&format!(
            "{} answers throttled, and told nothing (--rate calls less often)\n",
            summary.throttled
        ));
    }
    text.push_str(&noted(&summary.noted));
    let found: Vec<_> = summary.found.iter().map(|found| (found.repeats, found.severity)).collect();
    text.push_str(&tally(&found));
    text
}

/// Tells what one input shows.
///
/// # Errors
/// When it cannot be written.
pub fn write_replayed(out: &mut impl Write, replayed: &Replayed) -> io::Result<()> {
    let labels = replayed.labels.join(", ");
    let mut text = format!("drawn   {}\n", if labels.is_empty() { "no defect: a plain call" } else { &labels });
    text.push_str(&format!("wanted  {}\n", replayed.wanted.join(", ")));
    let status = replayed.exchange.status.map(|status| format!(" ({status})")).unwrap_or_default();
    text.push_str(&format!(
        "got     {}{status}\n\n{}\n\n",
        line(&replayed.exchange.class),
        line(&replayed.exchange.curl)
    ));
    for answer_line in replayed.exchange.answer.lines() {
        text.push_str(&format!("  {}\n", paint(DIM, &line(answer_line))));
    }
    text.push('\n');
    for finding in &replayed.findings {
        let verdict = Verdict::from(finding.severity);
        text.push_str(&format!("{}\n", paint(of_verdict(verdict), &verdict.name().to_uppercase())));
        write_finding(finding, false, &mut text);
    }
    match &replayed.witness {
        Some(why) => text.push_str(&format!("inconclusive: a plain call is not served either: {}\n", line(why))),
        None if replayed.findings.is_empty() => text.push_str("nothing is wrong with the answer\n"),
        None => {}
    }
    out.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::{Finding, rules};
    use crate::fuzz::Progress;
    use crate::generate::call::Input;
    use crate::run::{ExchangeReport, finding_report};
    use crate::suite::Role;
    use crate::target::Secrets;

    fn found(repeats: Repeats) -> Found {
        let finding = Finding::new(&rules::token::EXPIRY, "success (200)\u{1b}[31m", "NotAuthorizedException");
        let exchange = ExchangeReport {
            role: Role::Test,
            curl: "curl -sS -i 'http://127.0.0.1:9229/' --data-binary '{}'".to_owned(),
            status: Some(200),
            class: "success".to_owned(),
            message: None,
            answer: "HTTP 200\n\n{}".to_owned(),
            elapsed_ms: 2,
        };
        Found {
            name: "token.expiry-b74eaf28".to_owned(),
            severity: Severity::Fail,
            repeats,
            finding: finding_report(&finding, &Secrets::default()),
            labels: vec!["times.expired"],
            user: "cogspec-1-2".to_owned(),
            exchange,
            times: 12,
            spent: 40,
            input: Input::default(),
            secrets_known: 0,
        }
    }

    fn summary(ended: Ended, found: Vec<Found>) -> Summary {
        let findings = found.iter().filter(|found| found.repeats == Repeats::Always).count();
        Summary {
            progress: Progress { requests: 12_000, labels: 3, answers: 7, findings },
            labels_known: 5,
            labels_missed: vec!["json.cut", "json.value"],
            signs: false,
            classes: BTreeMap::from([("NotAuthorizedException".to_owned(), 8000), ("success".to_owned(), 4000)]),
            found,
            noted: BTreeMap::from([("token.base64url.canonical".into(), 9)]),
            throttled: 4,
            users: 2,
            outages: 0,
            suspects: Vec::new(),
            ended,
            duration_ms: 4000,
        }
    }

    fn text(target: Option<&str>, summary: &Summary) -> String {
        let mut report = FuzzReport::new(Vec::new(), target);
        report.head("embedded emulator", "http://127.0.0.1:9", "cogspec1.7.0.1.2").unwrap();
        for found in &summary.found {
            report.found(found, Some(Path::new("cogspec-findings/NAME"))).unwrap();
        }
        report.end(summary).unwrap();
        anstream::adapter::strip_bytes(&report.writer).into_vec().try_into().unwrap()
    }

    #[test]
    fn a_run_with_findings() {
        let summary = summary(Ended::Time, vec![found(Repeats::Always), found(Repeats::Flaky)]);
        insta::assert_snapshot!(text(Some("--endpoint http://127.0.0.1:9229"), &summary));
    }

    #[test]
    fn a_run_that_nothing_could_be_told_from() {
        let why = "InternalErrorException (500)\nno".to_owned();
        insta::assert_snapshot!(text(None, &summary(Ended::NotServed(why), Vec::new())));
    }
}
