//! `cogspec classify` as a person uses it, and what must hold of the classification of any answer.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use cogspec::cognito::START;
use cogspec::oracle::{response::findings, secrecy};
use cogspec::wire::{Response, classify};
use proptest::prelude::*;

fn cogspec(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cogspec"))
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/responses"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn shown(output: &Output) -> String {
    format!(
        "{}{}exit {}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code().unwrap()
    )
}

fn run(args: &[&str]) -> String {
    shown(&cogspec(args, ""))
}

#[test]
fn a_modelled_error_is_explained() {
    insta::assert_snapshot!(run(&["classify", "not-authorized.http"]));
}

#[test]
fn a_success_is_explained() {
    insta::assert_snapshot!(run(&["classify", "success.http"]));
}

#[test]
fn an_answer_that_clients_read_differently_fails() {
    insta::assert_snapshot!(run(&["classify", "two-codes.http"]));
}

#[test]
fn a_gateways_page_is_no_aws_json() {
    insta::assert_snapshot!(run(&["classify", "gateway.http"]));
}

#[test]
fn a_chunked_capture_with_an_interim_response_is_read() {
    insta::assert_snapshot!(run(&["classify", "unknown-operation.http"]));
}

#[test]
fn json_has_all_that_text_has() {
    insta::assert_snapshot!(run(&["classify", "two-codes.http", "--format", "json"]));
}

#[test]
fn what_is_no_saved_response_is_refused_with_advice() {
    insta::assert_snapshot!(shown(&cogspec(&["classify"], r#"{"__type":"NotAuthorizedException"}"#)));
    insta::assert_snapshot!(run(&["classify", "no-such-file.http"]));
    insta::assert_snapshot!(run(&["classify", "success.http", "--operation", "GetUser"]));
}

#[test]
fn help_teaches() {
    insta::assert_snapshot!(run(&["classify", "--help"]));
}

/// Header fields and bodies that are near to real ones, and ones that are not.
fn responses() -> impl Strategy<Value = Response> {
    let header = prop_oneof![
        any::<(String, Vec<u8>)>(),
        ("(x-amzn-errortype|content-type|content-length|x-amzn-query-error|transfer-encoding)", "[ -~]{0,30}")
            .prop_map(|(name, value)| (name, value.into_bytes())),
    ];
    let body = prop_oneof![
        any::<Vec<u8>>(),
        r#"\{"(__type|code|message|Message|CredentialCreationOptions)": ?("[A-Za-z#:,\\u0-9]{0,12}"|null|1|\[\]|\{)\}?"#
            .prop_map(String::into_bytes),
    ];
    (any::<u16>(), proptest::collection::vec(header, 0..4), body).prop_map(|(status, headers, body)| Response {
        status,
        headers,
        body,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_answer_has_a_class(response in responses(), secret in ".{0,40}") {
        let classification = classify(&START, &response);
        prop_assert!(!classification.name().is_empty() && !classification.name().contains(char::is_control));
        let _ = findings(&START, &response, &classification);
        let _ = secrecy(&response, &[secret.as_str()].into_iter().collect());
    }

    #[test]
    fn any_bytes_are_parsed_or_refused(saved: Vec<u8>, text in "HTTP/(1.1|2) [0-9]{1,3}.{0,20}\r?\n(.{0,20}\r?\n){0,4}\\PC{0,40}") {
        let _ = Response::parse(&saved);
        let _ = Response::parse(text.as_bytes());
    }

    /// Member order, white space, and the case of header names mean nothing (RFC 8259, 2 and 4; RFC 9110, 5.1).
    #[test]
    fn what_means_nothing_changes_nothing(
        code in "[A-Za-z#:.]{0,20}",
        header in proptest::option::of("[A-Za-z#:.]{0,20}"),
        message in "[ -!#-\\[\\]-~]{0,20}",
        status in prop_oneof![Just(200u16), Just(400), Just(403), Just(500)],
        order in Just(vec![0, 1, 2]).prop_shuffle(),
        space in "[ \t\r\n]{0,3}",
        upper: bool,
    ) {
        let members = [format!("\"__type\":\"{code}\""), format!("\"message\":\"{message}\""), "\"x\":[1]".to_owned()];
        let with = |order: &[usize], space: &str, upper: bool| {
            let body: Vec<String> = order.iter().map(|&i| members[i].replacen(':', &format!("{space}:{space}"), 1)).collect();
            let body = format!("{space}{{{space}{}{space}}}{space}", body.join(&format!("{space},{space}")));
            let name = |name: &str| if upper { name.to_uppercase() } else { name.to_owned() };
            let mut headers = vec![(name("x-amzn-requestid"), b"1".to_vec())];
            headers.extend(header.iter().map(|value| (name("x-amzn-errortype"), value.clone().into_bytes())));
            let response = Response { status, headers, body: body.into_bytes() };
            let classification = classify(&START, &response);
            let findings = findings(&START, &response, &classification);
            (classification, findings)
        };
        prop_assert_eq!(with(&[0, 1, 2], "", false), with(&order, &space, upper));
    }
}
