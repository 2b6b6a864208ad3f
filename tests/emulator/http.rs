//! The front end: HTTP, AWS JSON 1.1, and the affordances for tests.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::support::{Fixture, Server};

#[tokio::test]
async fn a_malformed_body_is_told_as_the_live_front_end_tells_it() {
    let server = Server::start().await;
    let deep = "[".repeat(100_000);
    let mut told = String::new();
    for (name, body) in [
        ("empty", &b""[..]),
        ("truncated", b"{"),
        ("null", b"null"),
        ("text", br#""x""#),
        ("list", b"[]"),
        ("list with a token", br#"["token"]"#),
        ("trailing comma", br#"{"AccessToken":"a",}"#),
        ("two documents", br#"{"AccessToken":"a"}{}"#),
        ("comment", br#"{"AccessToken":"a"/**/}"#),
        ("not a number", br#"{"AccessToken":"a","x":NaN}"#),
        ("byte order mark", b"\xef\xbb\xbf{\"AccessToken\":\"a\"}"),
        ("bad UTF-8", b"{\"AccessToken\":\"\xff\"}"),
        ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00"),
        ("nested 100,000 deep", deep.as_bytes()),
        ("number", br#"{"AccessToken":1}"#),
        ("true", br#"{"AccessToken":true}"#),
        ("false", br#"{"AccessToken":false}"#),
        ("list for text", br#"{"AccessToken":["a"]}"#),
        ("structure for text", br#"{"AccessToken":{}}"#),
        ("null for text", br#"{"AccessToken":null}"#),
        ("no member", b"{}"),
        ("other case", br#"{"accessToken":"a"}"#),
        ("empty text", br#"{"AccessToken":""}"#),
        ("prefixed", br#"{"AccessToken":"Bearer a"}"#),
        ("newline", br#"{"AccessToken":"a\n"}"#),
        ("last of two", br#"{"AccessToken":"","AccessToken":"a"}"#),
        ("unknown member", br#"{"AccessToken":"a","Other":{"x":[1]}}"#),
    ] {
        let reply = server.send(server.request("StartWebAuthnRegistration", body.to_vec())).await;
        writeln!(told, "{name}\n  {} {}", reply.status, reply.body).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn what_reaches_no_operation_is_an_unknown_operation() {
    let server = Server::start().await;
    let endpoint = server.emulator.endpoint();
    let post = |target: Option<&str>, content_type: Option<&str>| {
        let request = server.http.post(&endpoint).body("{}");
        let request = target.into_iter().fold(request, |request, target| request.header("X-Amz-Target", target));
        content_type.into_iter().fold(request, |request, value| request.header("Content-Type", value))
    };
    let aws_json = Some("application/x-amz-json-1.1");
    let start = "AWSCognitoIdentityProviderService.StartWebAuthnRegistration";
    let mut told = String::new();
    for (name, request) in [
        ("charset", post(Some(start), Some("Application/X-Amz-JSON-1.1; charset=utf-8"))),
        ("no target", post(None, aws_json)),
        ("no prefix", post(Some("StartWebAuthnRegistration"), aws_json)),
        ("lower case", post(Some(&start.to_lowercase()), aws_json)),
        ("old name", post(Some("AWSCognitoIdentityProviderService.GetWebAuthnRegistrationOptions"), aws_json)),
        ("suffix", post(Some(&format!("{start}2")), aws_json)),
        ("two targets", post(Some(start), aws_json).header("X-Amz-Target", start)),
        ("application/json", post(Some(start), Some("application/json"))),
        ("application/json, no target", post(None, Some("application/json"))),
        ("no content type", post(Some(start), None)),
        ("version 1.0", post(Some(start), Some("application/x-amz-json-1.0"))),
        ("other path", server.http.post(format!("{endpoint}/a")).header("Content-Type", "application/x-amz-json-1.1")),
        ("GET", server.http.get(&endpoint)),
        ("PUT", server.http.put(&endpoint).header("Content-Type", "application/x-amz-json-1.1")),
    ] {
        writeln!(told, "## {name}\n{}", server.send(request).await.wire()).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn the_older_wrapper_answers_application_json() {
    let fixture = Fixture::new().await;
    let request = fixture
        .server
        .http
        .post(fixture.server.emulator.endpoint())
        .header("Content-Type", "application/json")
        .header("X-Amz-Target", "AWSCognitoIdentityProviderService.StartWebAuthnRegistration")
        .body(request_body(&fixture));
    let output = fixture.server.send(request).await.output();
    assert_eq!(output["Version"], "1.0");
    assert_eq!(output.pointer("/Output/CredentialCreationOptions/timeout").unwrap(), 60000);
}

fn request_body(fixture: &Fixture) -> String {
    json!({ "AccessToken": fixture.access_token }).to_string()
}

#[tokio::test]
async fn ten_megabytes_are_refused_without_a_reset() {
    let server = Server::start().await;
    let body = format!(r#"{{"AccessToken":"{}"}}"#, "a".repeat(10 << 20));
    let reply = server.send(server.request("StartWebAuthnRegistration", body)).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.body, r#"{"__type":"RequestEntityTooLargeException"}"#);
    let body = format!(r#"{{"AccessToken":"{}"}}"#, "a".repeat(1 << 20));
    let reply = server.send(server.request("StartWebAuthnRegistration", body)).await;
    assert_eq!(reply.message(), "Invalid Access Token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn http_1_1_needs_one_host() {
    let server = Server::start().await;
    for (hosts, status) in [("", 400), ("Host: a\r\n", 200), ("Host: a\r\nHost: a\r\n", 400)] {
        let endpoint = server.emulator.endpoint();
        let mut socket = TcpStream::connect(endpoint.trim_start_matches("http://")).unwrap();
        write!(socket, "GET /health HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{hosts:?}: {answer}");
    }
}

#[tokio::test]
async fn a_modelled_error_can_be_ordered() {
    let fixture = Fixture::new().await;
    let ordered = async |operation: &str, name: &str| {
        let request = fixture.server.request(operation, request_body(&fixture)).header("Authorization", "any");
        fixture.server.send(request.header("X-Cogspec-Answer", name)).await
    };
    let mut told = String::new();
    for name in cogspec::cognito::START.errors.iter().chain(&["Unheard-of"]) {
        writeln!(told, "## {name}\n{}", ordered("StartWebAuthnRegistration", name).await.wire()).unwrap();
    }
    insta::assert_snapshot!(told);
    assert_eq!(ordered("Unknown", "ForbiddenException").await.json()["__type"], "UnknownOperationException");
    assert_eq!(ordered("ListUserPools", "ForbiddenException").await.json()["__type"], "InvalidParameterException");
    assert_eq!(fixture.start().await.status, 200);
}

#[tokio::test]
async fn a_harness_finds_its_affordances() {
    let server = Server::start().await;
    let about = server.get("/_cogspec").await.output();
    assert_eq!(about["name"], "cogspec");
    assert_eq!(about["capabilities"], json!(["answer", "signing-key", "age"]));
    assert_eq!(server.get("/health").await.status, 200);
    assert_eq!(server.get("/_cogspec/signing-key?pool=unknown").await.status, 404);
    assert_eq!(server.get("/unknown/.well-known/jwks.json").await.status, 404);
}

#[tokio::test]
async fn emulators_share_nothing_and_free_their_port() {
    let (one, two) = (Fixture::new().await, Fixture::new().await);
    assert_eq!(two.server.start_registration(&one.access_token).await.message(), "Invalid Access Token");
    let endpoint = one.server.emulator.endpoint();
    let port = endpoint.rsplit_once(':').unwrap().1.parse().unwrap();
    one.server.emulator.shutdown().await;
    let config = cogspec::emulator::Config { port, ..Default::default() };
    let again = cogspec::emulator::Emulator::start(config.clone()).await.unwrap();
    assert_eq!(again.endpoint(), endpoint);
    assert_eq!(cogspec::emulator::Emulator::start(config).await.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}
