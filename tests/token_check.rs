//! `cogspec token check` as a person uses it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cogspec::cognito::SCOPE;
use cogspec::token::{Draft, Key, Segments};
use serde_json::{Map, Value, json};

const NOW: &str = "1800000000";

fn key() -> Key {
    Key::from_pem("k1/+=", include_str!("data/test-key.pem")).unwrap()
}

fn draft() -> Draft {
    let map = |value: Value| -> Map<String, Value> { value.as_object().cloned().unwrap() };
    Draft {
        header: map(json!({ "kid": "k1/+=", "alg": "RS256" })),
        claims: map(json!({
            "sub": "3c46320b-c60e-4a21-9d64-5829bfede1c4",
            "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dEfGh9",
            "client_id": "1example23456789abcdefghij",
            "origin_jti": "a1b2c3d4-0000-4000-8000-000000000001",
            "event_id": "a1b2c3d4-0000-4000-8000-000000000002",
            "token_use": "access",
            "scope": SCOPE,
            "auth_time": 1_799_999_000,
            "exp": 1_800_003_540,
            "iat": 1_799_999_940,
            "jti": "a1b2c3d4-0000-4000-8000-000000000003",
            "username": "james",
        })),
    }
}

fn check(args: &[&str], token: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cogspec"))
        .args(["token", "check"])
        .args(args)
        .env("TEST_TOKEN", token)
        .env_remove("NO_SUCH_VARIABLE")
        .current_dir(scratch())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes it.
    let _ = child.stdin.take().unwrap().write_all(format!("{token}\n").as_bytes());
    child.wait_with_output().unwrap()
}

fn shown(output: &Output) -> String {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{stdout}{stderr}exit {}", output.status.code().unwrap())
}

/// What is printed for a token, held against the one thing that must never be in it.
fn run(args: &[&str], token: &str) -> String {
    let shown = shown(&check(&[args, &["--now", NOW]].concat(), token));
    for segment in token.split('.').filter(|segment| segment.len() > 20) {
        assert!(!shown.contains(&segment[..20]), "a segment is shown: {shown}");
    }
    shown
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = scratch().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn jwks() -> String {
    json!({ "keys": [key().jwk()] }).to_string()
}

#[test]
fn a_good_token_is_explained() {
    insta::assert_snapshot!(run(&[], &draft().sign(&key())));
}

#[test]
fn an_expired_hosted_ui_token_fails_twice() {
    let draft = draft().claim("exp", 1_799_999_700).claim("scope", "openid email").claim("version", 2);
    insta::assert_snapshot!(run(&["-"], &draft.sign(&key())));
}

#[test]
fn a_token_of_client_credentials_is_told() {
    let draft = draft().claim("sub", "c1").claim("client_id", "c1").without_claim("username");
    insta::assert_snapshot!(run(&["--env", "TEST_TOKEN"], &draft.sign(&key())));
}

#[test]
fn json_has_all_that_text_has() {
    let inner = draft().sign(&key());
    let draft = draft().claim("token_use", "id").claim("custom:token", inner.as_str());
    insta::assert_snapshot!(run(&["--format", "json"], &draft.sign(&key())));
}

#[test]
fn what_is_no_token_is_explained() {
    insta::assert_snapshot!(run(&[], "Bearer x"));
}

#[test]
fn a_key_set_from_a_file_verifies() {
    let path = file("jwks.json", &jwks());
    let path = path.to_str().unwrap();
    let line = |token: &str| {
        let shown = run(&["--jwks", path], token);
        let exit = shown.lines().last().unwrap().to_owned();
        format!("{}; {exit}", shown.lines().find(|line| line.starts_with("Signature")).unwrap())
    };
    assert_eq!(line(&draft().sign(&key())), "Signature: verified; exit 0");
    let forged =
        draft().claim("username", "eve").with_signature(&Segments::split(&draft().sign(&key())).unwrap().signature);
    assert_eq!(line(&forged), "Signature: not verified: the signature does not match the key; exit 1");
    assert_eq!(
        line(&draft().header("kid", "other").sign(&key())),
        "Signature: not verified: the key set has no RSA signature key with the token's `kid`; exit 1"
    );
}

#[test]
fn a_key_set_from_this_machine_verifies() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let length = stream.read(&mut request).unwrap();
        let body = jwks();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    assert!(run(&["--jwks", &address], &draft().sign(&key())).contains("Signature: verified"));
    assert!(!server.join().unwrap().contains("eyJ"), "the token stays here");
}

#[test]
fn what_cannot_be_read_is_refused_with_advice() {
    let token = draft().sign(&key());
    insta::assert_snapshot!("a_token_on_the_command_line", run(&[&token], &token));
    insta::assert_snapshot!("an_unset_variable", run(&["--env", "NO_SUCH_VARIABLE"], &token));
    insta::assert_snapshot!("a_missing_file", run(&["no-such-file"], &token));
    file("not-jwks.json", "{}");
    insta::assert_snapshot!("a_file_that_is_no_key_set", run(&["--jwks", "not-jwks.json"], &token));
    insta::assert_snapshot!("a_key_set_over_plain_http", run(&["--jwks", "http://example.com/jwks.json"], &token));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let shown = run(&["--jwks", &format!("http://{closed}/")], &token);
    insta::assert_snapshot!("an_unreachable_key_set", shown.replace(&closed.to_string(), "HOST:PORT"));
}

#[test]
fn help_teaches() {
    insta::assert_snapshot!(run(&["--help"], ""));
}
