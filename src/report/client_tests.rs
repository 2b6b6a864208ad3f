//! The same reports of a run that judged a client.

use serde_json::Value;

use super::tests::{because, closed, errors, finding, listed, outcome, results, schema, terminal_text, with};
use super::*;
use crate::cognito::rules;
use crate::run::{
    Comparison, Counts, EVENTS_VERSION, ExchangeReport, ExitReport, FailOn, Outcome, RunInfo, Summary, Verdict,
};
use crate::suite::{Kind, Role, Side};

/// A scenario in which the client was answered by an error, and what it made of that.
fn scenario(id: &str, verdict: Verdict, made: &str) -> Outcome {
    Outcome {
        kind: Kind::Client { outcomes: vec!["error".into(), "failure".into()] },
        title: "names the error in the header alone".to_owned(),
        exchanges: vec![ExchangeReport {
            role: Role::Test,
            curl: r#"curl -sS -i 'http://127.0.0.1:9230/' --data-binary '{"AccessToken":"'"$ACCESS_TOKEN"'"}'"#
                .to_owned(),
            status: Some(400),
            class: "ForbiddenException".to_owned(),
            message: None,
            answer: "HTTP 400\nx-amzn-errortype: ForbiddenException\n\n{}".to_owned(),
            elapsed_ms: 2,
        }],
        observation: Some(made.to_owned()),
        ..outcome(id, verdict)
    }
}

const UNNAMED: &str = "outcome: error\nstatus: 400\nattempts: 3";

/// A run of a client in which everything happens.
fn eventful(verdict_of_one: Verdict) -> Vec<Event> {
    let unnamed = || finding(&rules::token::SIGNATURE, "nothing", "`ForbiddenException`");
    let otherwise = finding(&rules::request::JSON, "\"a\"\nstatus: 1", "\"b\"");
    let mut outcomes = vec![
        with(scenario("envelope.header-alone.forbidden", Verdict::Fail, UNNAMED), vec![unnamed()]),
        with(scenario("envelope.header-alone.internal", Verdict::Fail, UNNAMED), vec![unnamed()]),
        scenario("envelope.type-alone.forbidden", verdict_of_one, "outcome: error\ncode: ForbiddenException"),
        with(scenario("gateway.page.html", Verdict::Warn, "outcome: success\noptions: {}"), vec![otherwise]),
        scenario("transport.reset", Verdict::Pass, "outcome: failure\ncode: ConnectionReset\nattempts: 1"),
        because("retry.after.seconds", Verdict::Skip, "it has no notion of the operation"),
        because("retry.after.date", Verdict::Inconclusive, "the adapter was lost: | `it` <b>exited</b>"),
        because("document.panics", Verdict::Error, "the judge panicked"),
        Outcome {
            listed: listed(Verdict::Fail, "token.signature: nothing", "upstream knows it"),
            ..with(scenario("document.known", Verdict::Known, UNNAMED), vec![unnamed()])
        },
    ];
    outcomes.push(Outcome {
        kind: Kind::Client { outcomes: Vec::new() },
        ..with(
            scenario("document.extra", Verdict::Note, "outcome: success\noptions: {\"a\":1}"),
            vec![finding(&rules::request::PATH, "x", "y")],
        )
    });
    let mut counts = Counts::default();
    let mut events = vec![Event::RunStarted(RunInfo {
        version: EVENTS_VERSION,
        cogspec: "0.1.0".into(),
        target: "boto3 1.44.5".to_owned(),
        endpoint: "http://127.0.0.1:9230".to_owned(),
        cases: outcomes.len() + 1,
        seed: 7,
        case_set: "9f2c".to_owned(),
        started: 1_767_225_600,
        token: "cogspec1.7.9f2c.0.1767225600".to_owned(),
        side: Side::Client,
        name: Some("boto3".to_owned()),
    })];
    for outcome in outcomes {
        counts.add(outcome.verdict);
        events.push(Event::CaseStarted { id: outcome.id.clone() });
        events.push(Event::CaseFinished(Box::new(outcome)));
    }
    events.push(Event::RunFinished(Summary {
        counts,
        not_run: 1,
        unreachable: true,
        duration_ms: 4_210,
        exit: Some(ExitReport { code: 70, meaning: "a bug in cogspec".into() }),
        ..Summary::default()
    }));
    events
}

/// The words of a page, a line for each piece.
pub(in crate::report) fn words(page: &str) -> String {
    let body = page.split_once("</style>").unwrap().1.split_once("<script>").unwrap().0;
    let pieces = body.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, words)| words.trim());
    pieces.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_report_of_a_client_reads_right() {
    let events = eventful(Verdict::Pass);
    let run = results(events.clone());
    insta::assert_snapshot!("terminal", terminal_text(TerminalOptions::default(), &events));
    let verbose = TerminalOptions { verbose: true, target: None };
    insta::assert_snapshot!("terminal_verbose", terminal_text(verbose, &events));
    insta::assert_snapshot!("markdown", markdown::markdown(&run).unwrap());
    insta::assert_snapshot!("junit", junit::junit(&run).unwrap());
    insta::assert_snapshot!("github", github::commands(&run));
    insta::assert_snapshot!("html", words(&html::html(&run).unwrap()));
}

#[test]
fn no_report_of_a_client_speaks_of_a_server_that_was_judged() {
    let run = results(eventful(Verdict::Pass));
    let reports = [
        terminal_text(TerminalOptions::default(), &eventful(Verdict::Pass)),
        markdown::markdown(&run).unwrap(),
        junit::junit(&run).unwrap(),
        sarif::sarif(&run).unwrap(),
        github::commands(&run),
        words(&html::html(&run).unwrap()),
    ];
    for report in reports {
        assert!(report.contains("cogspec clients run boto3 --filter envelope.header-alone.forbidden"), "{report}");
        for wrong in ["export ACCESS_TOKEN", "cogspec run", "emulate", "the target", "the server", " case"] {
            let found: Vec<&str> = report.lines().filter(|line| line.contains(wrong)).collect();
            // The log of SARIF and of JUnit has names of its own for what a case is.
            assert!(
                found.iter().all(|line| line.contains("case_set") || line.contains("testcase")),
                "{wrong}: {found:?}"
            );
        }
    }
}

#[test]
fn results_of_a_client_are_what_the_schemas_say_and_are_read_back() {
    let run = results(eventful(Verdict::Pass));
    let bytes = run.to_json().unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!((&document["run"]["side"], &document["run"]["name"]), (&"client".into(), &"boto3".into()));
    assert_eq!(errors(&closed(schema(Schema::Run)), &document), [""; 0]);
    for event in eventful(Verdict::Pass) {
        assert_eq!(errors(&schema(Schema::Events), &serde_json::to_value(event).unwrap()), [""; 0]);
    }
    let back = crate::run::Results::parse(Path::new("x"), &bytes).unwrap();
    assert_eq!(back.to_json().unwrap(), bytes);
    let mut without_outcomes = document;
    without_outcomes["cases"][0].as_object_mut().unwrap().remove("outcomes");
    assert_eq!(errors(&schema(Schema::Run), &without_outcomes).len(), 1);
}

#[test]
fn two_runs_of_clients_are_compared_and_never_one_with_that_of_a_server() {
    let (old, new) = (results(eventful(Verdict::Pass)), results(eventful(Verdict::Fail)));
    let comparison = Comparison::of(&old, &new, FailOn::Fail).unwrap();
    assert_eq!(errors(&closed(schema(Schema::Diff)), &serde_json::to_value(&comparison).unwrap()), [""; 0]);
    insta::assert_snapshot!("comparison", comparison_markdown(&comparison));
    let text = comparison_text(&comparison);
    assert!(text.contains("10 scenarios, cogspec") && text.contains("1 new failures"), "{text}");
    let of_a_server = results(super::tests::eventful());
    let refused = Comparison::of(&of_a_server, &new, FailOn::Fail).unwrap_err().to_string();
    assert!(refused.contains("two runs of one side"), "{refused}");
}
