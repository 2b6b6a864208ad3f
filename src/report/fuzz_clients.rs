//! The report of a fuzzing run of clients for people.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use super::fuzz::{FuzzReport, classes, ended, flaky, heading, missed, noted, tally};
use super::terminal::details::write_finding;
use super::terminal::style::{BOLD, DIM, line, of_verdict, paint, short};
use crate::client::fuzz::{Differing, Found, OfClient, Replayed, Summary};
use crate::fuzz::Ended;
use crate::run::Verdict;

/// The most of a line of what a client told, in characters.
const TOLD: usize = 200;

impl<W: Write> FuzzReport<W> {
    /// Tells a finding; `file` is where it was kept.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn found_of_client(&mut self, found: &Found, file: Option<&Path>) -> io::Result<()> {
        let mut text = heading(&found.name, found.severity, found.repeats);
        if let Some(finding) = &found.finding {
            write_finding(finding, false, &mut text);
        }
        if let Some(differing) = &found.differing {
            differ(differing, &mut text);
        }
        let labels = if found.labels.is_empty() { "none".to_owned() } else { found.labels.join(", ") };
        text.push_str(&format!("    drawn  {}, defects: {}\n", found.class, line(&labels)));
        if found.differing.is_none() {
            for (client, told) in &found.told {
                observed(client, told, &mut text);
            }
        }
        text.push_str(&flaky(found.repeats));
        if let Some(file) = file {
            let file = line(&file.display().to_string());
            text.push_str(&format!("  cogspec clients fuzz {}--replay {file}\n", self.target));
        }
        text.push('\n');
        self.writer.write_all(text.as_bytes())?;
        self.writer.flush()
    }

    /// Tells the end.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn end_of_clients(&mut self, summary: &Summary) -> io::Result<()> {
        self.writer.write_all(end(summary).as_bytes())?;
        self.writer.flush()
    }
}

/// What each client told, where they differ.
fn differ(differing: &Differing, text: &mut String) {
    let at = differing.pointer.as_deref().map(|pointer| format!(" at {}", short(pointer, TOLD))).unwrap_or_default();
    text.push_str(&format!("  the clients differ in the {}{at}\n", differing.what));
    for (client, told) in &differing.told {
        text.push_str(&format!("    {client:<20} {}\n", short(told, TOLD)));
    }
}

fn observed(client: &str, told: &str, text: &mut String) {
    let lines = told.lines().map(|told| short(told, TOLD)).collect::<Vec<_>>().join(", ");
    text.push_str(&format!("    {}\n", paint(DIM, &format!("{client}: {lines}"))));
}

fn end(summary: &Summary) -> String {
    let seconds = Duration::from_millis(summary.duration_ms).as_secs_f64().max(0.001);
    let mut text = ended(match &summary.ended {
        Ended::Time | Ended::Requests => None,
        Ended::Stopped => Some("stopped by a signal".to_owned()),
        Ended::Gone(why) | Ended::NotServed(why) => Some(format!("nothing can be told any more: {}", line(why))),
    });
    text.push_str(&classes(summary.classes.iter().map(|(class, times)| (*class, *times))));
    text.push_str(&format!(
        "{} in {seconds:.1} s ({:.0} a second), {} calls; {} kinds of answer; {} of {} labels drawn\n",
        paint(BOLD, &format!("{} answers", summary.drawn)),
        summary.drawn as f64 / seconds,
        summary.progress.requests,
        summary.progress.answers,
        summary.labels_known - summary.labels_missed.len(),
        summary.labels_known,
    ));
    text.push_str(&missed(&summary.labels_missed));
    summary.clients.iter().for_each(|client| text.push_str(&of_client(client)));
    text.push_str(&noted(&summary.noted));
    let found: Vec<_> = summary.found.iter().map(|found| (found.repeats, found.severity)).collect();
    text.push_str(&tally(&found));
    text
}

fn of_client(client: &OfClient) -> String {
    let outcomes = client.outcomes.iter().map(|(outcome, times)| format!("{times} {outcome}"));
    let outcomes = outcomes.collect::<Vec<_>>().join(", ");
    format!("{:<20} {}\n", line(&client.name), if outcomes.is_empty() { "not asked" } else { &outcomes })
}

/// Tells what each client makes of one answer.
///
/// # Errors
/// When it cannot be written.
pub fn write_replayed_clients(out: &mut impl Write, replayed: &Replayed) -> io::Result<()> {
    let mut text = format!("{}  {}\n\n", paint(BOLD, &line(&replayed.scenario)), line(&replayed.title));
    for asked in &replayed.clients {
        text.push_str(&format!("{}\n", paint(BOLD, &line(&asked.client))));
        let told = asked.told.as_deref().unwrap_or_default();
        told.lines().for_each(|told| text.push_str(&format!("  {}\n", paint(DIM, &short(told, TOLD)))));
        for finding in &asked.findings {
            let verdict = Verdict::from(finding.severity);
            text.push_str(&format!("{}\n", paint(of_verdict(verdict), &verdict.name().to_uppercase())));
            write_finding(finding, false, &mut text);
        }
        match &asked.nothing {
            Some(why) => text.push_str(&format!("inconclusive: {}\n", line(why))),
            None if asked.findings.is_empty() => text.push_str("nothing is wrong with that\n"),
            None => {}
        }
        text.push('\n');
    }
    for differing in &replayed.differing {
        text.push_str(&format!("{}\n", paint(of_verdict(Verdict::Note), "NOTE")));
        differ(differing, &mut text);
    }
    out.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::client::fuzz::Asked;
    use crate::cognito::rules::client as rules;
    use crate::cognito::{Finding, Severity};
    use crate::fuzz::{Progress, Repeats};
    use crate::run::{FindingReport, finding_report};
    use crate::scenario::{Layer, all};
    use crate::target::Secrets;

    fn finding() -> FindingReport {
        finding_report(&Finding::new(&rules::FAILURE, "success\u{1b}[31m", "error or failure"), &Secrets::default())
    }

    fn differing() -> Differing {
        let told = [("boto3", "success"), ("aws-sdk-js", "failure\n\u{1b}[2J")];
        let told = told.map(|(client, told)| (client.to_owned(), told.to_owned())).into();
        Differing { layer: Layer::Sdk, what: "outcome", pointer: None, told }
    }

    fn found(repeats: Repeats, is_difference: bool) -> Found {
        Found {
            name: "client.failure-boto3-b74eaf28".to_owned(),
            severity: if is_difference { Severity::Note } else { Severity::Warn },
            repeats,
            clients: vec!["boto3".to_owned()],
            finding: (!is_difference).then(finding),
            differing: is_difference.then(differing),
            labels: vec!["body.truncated".to_owned()],
            class: "not-aws-json:truncated",
            told: BTreeMap::from([("boto3".to_owned(), "outcome: success\nstatus: 200".to_owned())]),
            exchange: None,
            times: 3,
            spent: 12,
            scenario: std::sync::Arc::new(all()[0].clone()),
            input: crate::generate::call::Input::default(),
            secrets_known: 0,
        }
    }

    fn summary(ended: Ended, found: Vec<Found>) -> Summary {
        let outcomes = BTreeMap::from([("success", 200), ("lost", 3)]);
        let client = |name: &str, outcomes| OfClient {
            name: name.to_owned(),
            title: format!("{name} 1.0"),
            layer: Layer::Sdk,
            outcomes,
        };
        Summary {
            progress: Progress { requests: 420, labels: 46, answers: 9, findings: found.len() },
            drawn: 203,
            clients: vec![client("boto3", outcomes), client("aws-sdk-js", BTreeMap::new())],
            labels_known: 47,
            labels_missed: vec!["options.null"],
            classes: BTreeMap::from([("success", 150), ("AccessDenied", 53)]),
            found,
            noted: BTreeMap::from([("client.token.echoed".into(), 2)]),
            ended,
            duration_ms: 2000,
        }
    }

    fn text(summary: &Summary) -> String {
        let mut report = FuzzReport::new(Vec::new(), Some("boto3 aws-sdk-js"));
        for found in &summary.found {
            report.found_of_client(found, Some(Path::new("cogspec-findings/NAME.json"))).unwrap();
        }
        report.end_of_clients(summary).unwrap();
        anstream::adapter::strip_bytes(&report.writer).into_vec().try_into().unwrap()
    }

    #[test]
    fn a_run_with_findings() {
        let found = vec![found(Repeats::Always, false), found(Repeats::Always, true), found(Repeats::Flaky, false)];
        insta::assert_snapshot!(text(&summary(Ended::Time, found)));
    }

    #[test]
    fn a_run_that_nothing_could_be_told_from() {
        insta::assert_snapshot!(text(&summary(Ended::Gone("boto3: exit code 3\nno".to_owned()), Vec::new())));
    }

    #[test]
    fn one_answer_again() {
        let asked = |client: &str, told: Option<&str>, findings, nothing: Option<&str>| Asked {
            client: client.to_owned(),
            told: told.map(str::to_owned),
            findings,
            nothing: nothing.map(str::to_owned),
        };
        let replayed = Replayed {
            scenario: "found.b74eaf28".to_owned(),
            title: "AccessDenied (403) of the generator.".to_owned(),
            clients: vec![
                asked("a", Some("outcome: error\ncode: AccessDenied"), Vec::new(), None),
                asked("b", Some("outcome: success"), vec![finding()], None),
                asked("c", None, Vec::new(), Some("the adapter closed its output")),
            ],
            differing: vec![differing()],
        };
        let mut out = Vec::new();
        write_replayed_clients(&mut out, &replayed).unwrap();
        let text: String = anstream::adapter::strip_bytes(&out).into_vec().try_into().unwrap();
        insta::assert_snapshot!(text);
    }
}
