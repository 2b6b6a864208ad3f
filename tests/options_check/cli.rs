//! `cogspec options check`, as a person uses it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Holds what was printed to the snapshot of that name in `tests/snapshots`.
fn hold(name: &str, told: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, told));
}

fn cogspec(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cogspec"))
        .args(["options", "check"])
        .args(arguments)
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/options"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads a file instead may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The exit code and what was printed.
fn told(arguments: &[&str], input: &[u8]) -> String {
    let output = cogspec(arguments, input);
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    format!("exit {}\n--- stdout\n{stdout}--- stderr\n{stderr}", output.status.code().unwrap())
}

#[test]
fn tells_of_the_published_capture() {
    hold("options_capture", &told(&["amplify-capture.json", "--profile", "cognito"], b""));
}

#[test]
fn tells_of_the_documentation_sample() {
    hold("options_sample", &told(&["aws-documentation-sample.json"], b""));
}

#[test]
fn tells_of_pascal_case_on_an_origin() {
    let arguments = ["pascal-case.json", "--profile", "cognito", "--origin", "http://app.example.com"];
    hold("options_pascal_case", &told(&arguments, b""));
}

#[test]
fn prints_json() {
    hold("options_json", &told(&["user-id-empty.json", "--format", "json"], b""));
}

#[test]
fn reads_standard_input_and_makes_it_printable() {
    let hostile = b"{\"\\u001b[31m\": 1, \"timeout\": \"\\u202e\xC2\x9b31m\"}";
    hold("options_hostile", &told(&["-"], hostile));
}

#[test]
fn tells_of_text_that_is_not_json() {
    hold("options_not_json", &told(&[], b"{\n  \"rp\": {,}\n}"));
}

#[test]
fn tells_an_error_answer_from_options() {
    let output = cogspec(&[], br#"{"__type": "NotAuthorizedException", "message": "Invalid Access Token"}"#);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cogspec classify"));
}

#[test]
fn refuses_what_it_cannot_use() {
    hold("options_no_file", &told(&["none.json"], b""));
    hold("options_no_origin", &told(&["--origin", "app.example.com"], b"{}"));
}

#[test]
fn teaches() {
    hold("options_help", &told(&["--help"], b""));
}
