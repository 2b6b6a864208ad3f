//! Adapters that lie, hang, end and talk nonsense: each is a result of its own, never a failure of the harness.

use std::path::Path;
use std::process::Output;

use cogspec::run::{Outcome, Results, Verdict};

use crate::support::Folder;

/// Two scenarios of each kind: errors, and options.
const SOME: &[&str] =
    &["envelope.cognito.not-authorized", "envelope.type.forbidden", "document.form.plain", "document.form.pretty"];

/// A folder with a client whose adapter does this odd thing.
fn odd(name: &str, what: &str) -> Folder {
    let folder = Folder::new(name);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/odd.py");
    folder.recipe(&["python3", &script.display().to_string(), what]);
    folder
}

fn run(folder: &Folder, args: &[&str]) -> (Output, Results) {
    let filters = SOME.iter().flat_map(|id| ["--filter", id]);
    let args: Vec<&str> =
        ["clients", "run", "./stub", "--report", "json=run.json"].iter().chain(args).copied().collect();
    let args = if args.contains(&"--filter") { args } else { args.into_iter().chain(filters).collect() };
    let output = folder.output(&args);
    let file = folder.path("run.json");
    let results = Results::parse(&file, &std::fs::read(&file).unwrap()).unwrap();
    (output, results)
}

/// What an odd adapter makes of some scenarios: the exit code, and each outcome.
fn judged(what: &str, args: &[&str]) -> (i32, Vec<Outcome>) {
    let folder = odd(what, what);
    let (output, results) = run(&folder, args);
    (output.status.code().unwrap(), results.cases)
}

fn rules(outcome: &Outcome) -> Vec<&str> {
    outcome.findings.iter().map(|finding| finding.rule.as_ref()).collect()
}

#[test]
fn success_without_a_call_is_a_lie() {
    let (exit, outcomes) = judged("success", &[]);
    assert_eq!((exit, outcomes.len()), (1, 4));
    for outcome in &outcomes {
        assert_eq!((outcome.verdict, rules(outcome)), (Verdict::Fail, vec!["client.calls"]), "{}", outcome.id);
    }
}

#[test]
fn success_whatever_is_answered_is_held_against_the_answer() {
    let (exit, outcomes) = judged("call-success", &[]);
    assert_eq!((exit, outcomes.len()), (1, 4));
    for outcome in &outcomes {
        let rule = if outcome.id.starts_with("envelope.") { "client.error" } else { "client.options.unharmed" };
        assert_eq!((outcome.verdict, rules(outcome)), (Verdict::Fail, vec![rule]), "{}", outcome.id);
    }
}

#[test]
fn every_scenario_is_told_from_another_by_a_client_that_always_succeeds() {
    let (_, outcomes) = judged("call-success", &["--filter", "envelope.cognito.*", "--filter", "transport.cut.*"]);
    assert!(outcomes.len() > 20);
    let passed: Vec<&str> =
        outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Pass).map(|o| o.id.as_str()).collect();
    assert!(passed.is_empty(), "{passed:?}");
}

#[test]
fn a_hang_after_the_call_is_the_clients() {
    let (exit, outcomes) = judged("call-hang", &["--case-timeout", "12"]);
    assert_eq!((exit, outcomes.len()), (1, 4));
    for outcome in &outcomes {
        assert_eq!((outcome.verdict, rules(outcome)), (Verdict::Fail, vec!["client.ends"]));
        assert_eq!(outcome.findings[0].got, "no answer within 12 s");
    }
}

#[test]
fn an_end_after_the_call_is_the_clients() {
    let (exit, outcomes) = judged("call-exit", &[]);
    assert_eq!((exit, outcomes.len()), (1, 4));
    for outcome in &outcomes {
        assert_eq!((outcome.verdict, rules(outcome)), (Verdict::Fail, vec!["client.ends"]));
        assert_eq!(outcome.findings[0].got, "the adapter ended with exit code 3");
    }
}

#[test]
fn what_happens_before_a_call_proves_nothing_and_ends_the_run_soon() {
    for (what, reason, within) in [("hang", "no answer within 1 s", "1"), ("exit", "exit code 3", "60")] {
        let folder = odd(&format!("before-{what}"), what);
        let args = ["--case-timeout", within, "--jobs", "1", "--filter", "envelope.cognito.*"];
        let (output, results) = run(&folder, &args);
        assert_eq!(output.status.code(), Some(3), "{what}");
        assert!(results.summary.unreachable && results.summary.not_run > 0, "{what}");
        assert_eq!(results.cases.len(), 4, "{what}");
        for outcome in &results.cases {
            let why = outcome.reason.as_deref().unwrap_or_default();
            assert!(outcome.verdict == Verdict::Inconclusive && why.contains(reason), "{what}: {why}");
        }
    }
}

#[test]
fn a_signal_ends_the_run_in_a_report_though_the_client_hangs() {
    let folder = odd("stopped", "call-hang");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cogspec"))
        .args(["clients", "run", "./stub", "--report", "json=run.json", "--filter", "envelope.cognito.*"])
        .current_dir(folder.path("."))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(3));
    let id = rustix::process::Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let began = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert!(began.elapsed() < std::time::Duration::from_secs(40), "it waits for the client");
    let file = folder.path("run.json");
    let results = Results::parse(&file, &std::fs::read(&file).unwrap()).unwrap();
    assert!(results.summary.interrupted && results.summary.not_run > 0);
}

#[test]
fn nonsense_is_the_adapters_and_says_nothing_of_the_client() {
    for (what, reason) in [("call-garbage", "Traceback"), ("garbage", "Traceback"), ("call-other", "another")] {
        let (exit, outcomes) = judged(what, &[]);
        assert_eq!((exit, outcomes.len()), (3, 4), "{what}");
        for outcome in &outcomes {
            let why = outcome.reason.as_deref().unwrap_or_default();
            assert!(outcome.verdict == Verdict::Inconclusive && why.contains(reason), "{what}: {why}");
        }
    }
}

#[test]
fn a_client_without_the_operation_is_not_judged() {
    let (exit, outcomes) = judged("unimplemented", &[]);
    assert_eq!(exit, 4);
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Skip), "{outcomes:?}");
}

#[test]
fn what_a_client_tells_of_the_exchange_is_to_be_true() {
    let (_, outcomes) = judged("call-untrue", &["--filter", "envelope.cognito.not-authorized"]);
    let [outcome] = outcomes.as_slice() else { panic!("{outcomes:?}") };
    let mut rules = rules(outcome);
    rules.sort_unstable();
    assert_eq!(rules, ["client.attempts", "client.error.message", "client.request-id", "client.status"]);
    let shown: Vec<&str> = outcome.exchanges.iter().map(|exchange| exchange.curl.as_str()).collect();
    assert!(shown.len() == 1 && shown[0].contains("http://127.0.0.1:9230/") && shown[0].contains("$ACCESS_TOKEN"));
}

#[test]
fn a_token_in_an_error_is_seen_and_told_nowhere() {
    let folder = odd("token", "call-token");
    let (output, results) =
        run(&folder, &["--filter", "envelope.token.in-message", "--filter", "envelope.cognito.forbidden"]);
    let of = |id: &str| results.cases.iter().find(|outcome| outcome.id == id).unwrap();
    assert!(rules(of("envelope.cognito.forbidden")).contains(&"client.token.secret"));
    // There the server has told it first.
    assert!(rules(of("envelope.token.in-message")).contains(&"client.token.echoed"));
    for text in [&output.stdout, &output.stderr, &std::fs::read(folder.path("run.json")).unwrap()] {
        assert!(!String::from_utf8_lossy(text).contains("eyJ"), "a token is told");
    }
}

#[test]
fn a_wrong_request_is_seen() {
    let (exit, outcomes) = judged("wrong-request", &["--filter", "envelope.cognito.forbidden"]);
    assert_eq!(exit, 1);
    assert!(rules(&outcomes[0]).contains(&"client.request"), "{outcomes:?}");
}

#[test]
fn names_reports_and_filters_are_checked_before_anything_runs() {
    let folder = odd("usage", "success");
    for (args, words) in [
        (&["clients", "run", "boto"][..], "near it: boto3"),
        (&["clients", "run", "emulator"], "it is a server"),
        (&["clients", "run", "./stub", "./stub"], "two clients of the name stub"),
        (&["clients", "run", "./stub", "boto3", "--report", "json=x"], "of one client"),
        (&["clients", "run", "aws-sdk-dotnet"], "was not run"),
        (&["serve", "--scenario", "document.form.plane"], "document.form.plain"),
    ] {
        let output = folder.output(args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(words), "{args:?}: {told}");
    }
    let nothing = folder.output(&["clients", "run", "./stub", "--filter", "none.*"]);
    assert_eq!(nothing.status.code(), Some(4));
}
