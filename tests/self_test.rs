//! The suite catches every fault of the catalogue, each by a case that is there for it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use cogspec::emulator::Fault;
use cogspec::report::Schema;
use serde_json::{Value, json};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(args).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn cogspec(args: &[&str]) -> Output {
    command(args).output().expect("the command runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The schema, in which no member may be that it does not describe.
fn schema() -> Value {
    fn close(value: &mut Value) {
        if let Value::Object(object) = value {
            if object.get("type") == Some(&json!("object")) {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
    }
    let mut schema = serde_json::from_str(Schema::SelfTest.text()).unwrap();
    close(&mut schema);
    schema
}

fn errors(document: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn matrix(output: &Output) -> Value {
    let matrix = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", stderr(output)));
    assert_eq!(errors(&matrix), [""; 0]);
    matrix
}

#[test]
fn every_fault_changes_the_wire_and_is_caught_as_loudly_as_can_be() {
    let output = cogspec(&["self-test", "--quick", "--format", "json"]);
    let report = matrix(&output);
    let faults = report["faults"].as_array().unwrap();
    let with_fate = |fate: &str| -> BTreeSet<&str> {
        faults.iter().filter(|f| f["fate"] == fate).map(|f| f["fault"].as_str().unwrap()).collect()
    };
    assert_eq!(faults.len(), Fault::all().count());
    assert_eq!(with_fate("survived"), BTreeSet::new(), "faults that no case catches");
    assert_eq!(with_fate("unseen"), BTreeSet::new(), "faults that change no answer");
    assert!(with_fate("killed").len() >= 80, "{} faults are killed by a failure", with_fate("killed").len());
    let can_only_be_noted = Fault::all().filter(|fault| fault.is_noted).map(|fault| fault.name).collect();
    assert_eq!(with_fate("noted"), can_only_be_noted);
    assert!(faults.iter().all(|fault| fault["differs_in"].is_string()));
    assert_eq!(report["unsteady"], json!([]), "cases that differ between two runs without any fault");
    assert_eq!(report["summary"]["tried"], faults.len());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_schema_refuses_what_is_no_matrix() {
    let output = cogspec(&["self-test", "--quick", "--fault", "state.sign-out.ignored", "--format", "json"]);
    let right = matrix(&output);
    for (pointer, wrong) in [
        ("/version", json!(2)),
        ("/faults/0/fate", json!("dead")),
        ("/faults/0/caught_by/0/level", json!("must")),
        ("/faults/0/differs_in", Value::Null),
        ("/summary/survived", json!(-1)),
    ] {
        let mut document = right.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        assert!(!errors(&document).is_empty(), "{pointer}");
    }
}

#[test]
fn a_caught_fault_is_told_with_what_it_does_and_with_case_and_rule() {
    let output = cogspec(&["self-test", "--quick", "--fault", "token.expiry.not-checked"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let fault = Fault::find("token.expiry.not-checked").unwrap();
    assert!(text.contains(&format!("killed   {}: {}\n", fault.name, fault.description)), "{text}");
    assert!(text.contains(" fails: token.expiry (MUST, "), "{text}");
    assert!(text.ends_with("score: 100%, 1 of 1 faults caught\n"), "{text}");
}

#[test]
fn a_glob_chooses_faults_and_each_is_tried_once() {
    let args = ["self-test", "--quick", "--fault", "state.sign-out.*", "--fault", "state.sign-out.ignored"];
    let report = matrix(&cogspec(&[&args[..], &["--format", "json"]].concat()));
    let tried: Vec<&str> = report["faults"].as_array().unwrap().iter().map(|f| f["fault"].as_str().unwrap()).collect();
    let wanted = |name: &&str| name.starts_with("state.sign-out.");
    assert_eq!(tried, Fault::all().map(|fault| fault.name).filter(wanted).collect::<Vec<_>>());
}

#[test]
fn what_can_only_be_noted_has_no_part_in_the_score() {
    let text = stdout(&cogspec(&["self-test", "--quick", "--fault", "response.error.status-401"]));
    assert!(
        text.contains("noted    response.error.status-401: ") && text.contains("error.status (MAY, recorded)"),
        "{text}"
    );
    assert!(text.contains("score: none") && text.contains("1 besides"), "{text}");
}

#[test]
fn the_fuzzer_finds_a_fault_of_every_answer_by_itself_and_nothing_without_one() {
    let args = ["self-test", "--quick", "--fuzz", "2", "--fault", "options.challenge.padded", "--format", "json"];
    let output = cogspec(&args);
    let report = matrix(&output);
    let fuzz = &report["faults"][0]["fuzz"];
    assert!(fuzz["requests"].as_u64().unwrap() > 0, "{fuzz}");
    assert!(fuzz["found"].as_array().unwrap().contains(&json!("options.base64url.padding")), "{fuzz}");
    assert_eq!((&report["summary"]["fuzzed"], &report["fuzz_ms"]), (&json!(1), &json!(2000)));
    assert!(!stderr(&output).contains("without any fault"), "{}", stderr(&output));
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_in_the_matrix_of_what_was_tried() {
    let args = ["self-test", "--quick", "--jobs", "1"];
    let mut child = command(&args).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("killed "));
    assert!(first.is_some());
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert!(rest.iter().any(|line| line.starts_with("score: 100%, ")), "{rest:?}");
    let stopped = rest.last().unwrap();
    assert!(stopped.starts_with("stopped: ") && stopped.ends_with(" faults not tried"), "{stopped}");
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn the_emulator_tells_its_faults_and_an_unknown_one_is_told_with_those_near_it() {
    let list = stdout(&cogspec(&["emulate", "--list-faults"]));
    assert!(list.lines().count() >= 80 && list.contains("state.sign-out.ignored"), "{list}");
    for command in ["emulate", "self-test"] {
        let output = cogspec(&[command, "--fault", "state.sign-out.ignord"]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains("state.sign-out.ignored") && told.contains("--list-faults"), "{told}");
    }
}
