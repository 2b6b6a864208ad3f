//! The suite catches every fault of the catalogue, each by a case that is there for it.

use std::process::{Command, Output, Stdio};

fn cogspec(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(args).env("NO_COLOR", "1").stdin(Stdio::null()).output().expect("the command runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_fault_changes_the_wire_and_is_caught() {
    let output = cogspec(&["self-test", "--quick", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    let faults = report["faults"].as_array().unwrap();
    let with_fate = |fate: &str| -> Vec<&str> {
        faults.iter().filter(|f| f["fate"] == fate).map(|f| f["fault"].as_str().unwrap()).collect()
    };
    assert_eq!(with_fate("survived"), [""; 0], "faults that no case catches");
    assert_eq!(with_fate("unseen"), [""; 0], "faults that change no answer");
    assert!(with_fate("fail").len() >= 80, "{} faults are killed by a failure", with_fate("fail").len());
    assert!(faults.iter().all(|fault| fault["differs_in"].is_string()));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_caught_fault_is_told_with_case_and_rule() {
    let output = cogspec(&["self-test", "--quick", "--fault", "token.expiry.not-checked"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("killed   token.expiry.not-checked") && text.contains("(token.expiry)"), "{text}");
    assert!(text.contains("1 of 1 faults are killed"), "{text}");
}

#[test]
fn the_emulator_tells_its_faults_and_refuses_one_that_it_does_not_have() {
    let list = stdout(&cogspec(&["emulate", "--list-faults"]));
    assert!(list.lines().count() >= 80 && list.contains("state.sign-out.ignored"), "{list}");
    let output = cogspec(&["emulate", "--fault", "no.such"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--list-faults"));
}
