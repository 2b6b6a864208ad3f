//! `cogspec serve`, over sockets: what is sent is what the scenario says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The command, until it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cogspec"))
            .args(["serve", "--port", "0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (_, address) = line.split_once("http://").unwrap();
        let address = address.split([';', '/', ' ']).next().unwrap().to_owned();
        Served { child, address }
    }

    /// What is answered to these bytes, until the end of the connection.
    fn answer(&self, request: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    fn call(&self, path: &str, more: &str) -> String {
        self.answer(&call(path, more)).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn call(path: &str, more: &str) -> String {
    let body = r#"{"AccessToken":"eyJ0b2tlbg"}"#;
    format!("POST {path} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn one_scenario_answers_every_request() {
    let served = Served::start(&["--scenario", "envelope.header-alone.forbidden"]);
    for path in ["/", "/document.form.plain"] {
        let answer = served.call(path, "");
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
        assert!(answer.contains("\r\nX-Amzn-Errortype: ForbiddenException\r\n"), "{answer}");
        assert!(!answer.contains("Access-Control"), "no page has asked: {answer}");
    }
    let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    assert!(served.answer(chunked).unwrap().starts_with("HTTP/1.1 400"));
}

#[test]
fn the_path_names_a_scenario_and_its_answers_follow_one_another() {
    let served = Served::start(&[]);
    let id = "/retry.once.too-many-requests";
    let statuses: Vec<String> = (0..4).map(|_| served.call(id, "").split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(statuses, ["400", "200", "400", "200"]);
    let none = served.call("/none", "");
    assert!(none.starts_with("HTTP/1.1 404") && none.contains("cogspec serve --list"), "{none}");
    let other = served.call(id, "X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth\r\n");
    assert!(other.contains("UnknownOperationException"), "{other}");
}

#[test]
fn pages_may_call_from_anywhere() {
    let served = Served::start(&[]);
    let asked = "OPTIONS /document.form.plain HTTP/1.1\r\nHost: x\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: POST\r\n\r\n";
    let preflight = served.answer(asked).unwrap();
    assert!(preflight.starts_with("HTTP/1.1 200") && preflight.contains("x-amz-target"), "{preflight}");
    let answer = served.call("/document.form.plain", "Origin: https://a.example\r\n");
    assert!(answer.contains("Access-Control-Allow-Origin: *") && answer.contains("x-amzn-ErrorType"), "{answer}");
}

#[test]
fn the_token_is_echoed_where_the_scenario_says_so() {
    let served = Served::start(&[]);
    let answer = served.call("/envelope.token.in-message", "");
    assert!(answer.contains("Invalid Access Token: eyJ0b2tlbg"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{answer}");
    assert!(served.call("/envelope.token.in-header", "").contains("x-amzn-token: eyJ0b2tlbg"));
}

#[test]
fn answers_end_where_they_are_cut() {
    let served = Served::start(&[]);
    let closed = served.answer(&call("/transport.cut.half.closed", "")).unwrap();
    let (head, body) = closed.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Content-Length: ") && body.len() == 200, "{closed}");
    assert_eq!(served.answer(&call("/transport.cut.nothing.closed", "")).unwrap(), "");
    let reset = served.answer(&call("/transport.cut.nothing.reset", "")).unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn slow_answers_take_their_time() {
    let served = Served::start(&[]);
    let began = std::time::Instant::now();
    assert!(served.call("/transport.slow.wait", "").starts_with("HTTP/1.1 200"));
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[test]
fn requests_that_are_none_are_not_answered() {
    let served = Served::start(&["--scenario", "document.form.plain"]);
    for request in ["hello\r\n\r\n", &format!("POST / HTTP/1.1\r\nA: {}", "x".repeat(70_000))] {
        assert!(served.answer(request).map_or(true, |answer| answer.is_empty()));
    }
    assert!(served.call("/", "").starts_with("HTTP/1.1 200"));
}
