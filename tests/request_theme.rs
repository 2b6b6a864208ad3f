//! The request theme of the suite: what it puts on the wire, and that the embedded emulator holds to it.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cogspec::cognito::rules;
use cogspec::emulator::{Config, Emulator};
use cogspec::run::{Event, Plan, Verdict, run};
use cogspec::suite::{self, Case, Check, Ctx, Kind, Theme};
use cogspec::target::{Fixtures, Target};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

const LIMIT: Duration = Duration::from_secs(10);
const TOKEN: &str = "eyJraWQiOiJhIiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLWJ5dGVz";

fn theme() -> Vec<Case> {
    let is_check = |case: &Case| matches!(case.check, Check::Steps(_));
    suite::all().into_iter().filter(|case| case.theme == Theme::Request && is_check(case)).collect()
}

#[test]
fn ids_are_unique_and_titles_are_sentences() {
    let cases = theme();
    let ids: BTreeSet<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len());
    for case in &cases {
        let verb = case.title.split(' ').next().unwrap();
        assert!(
            ["refuses", "serves", "ignores", "observes", "survives", "does"].contains(&verb),
            "{}: {}",
            case.id,
            case.title
        );
        let observed = case.kind == Kind::Observed;
        assert_eq!(verb == "observes", observed, "{}", case.id);
        // What is observed is told, and is never louder than a note.
        let loudest = case.rules.iter().map(|rule| rule.severity()).max().unwrap();
        assert!(!observed || loudest == cogspec::cognito::Severity::Note, "{}", case.id);
    }
}

#[test]
fn every_rule_on_requests_is_proved() {
    let proved: BTreeSet<_> = theme().iter().flat_map(|case| case.rules.iter().map(|rule| rule.id)).collect();
    let unproved: Vec<_> = rules::request::ALL.iter().map(|rule| rule.id).filter(|id| !proved.contains(id)).collect();
    assert!(unproved.is_empty(), "{unproved:?}");
}

/// Runs the cases against a server that refuses everything, and gives the first bytes that each put on the wire.
async fn on_the_wire(cases: Vec<Case>) -> HashMap<String, Vec<u8>> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let seen: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let log = Arc::clone(&seen);
    let server = tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                let place = {
                    let mut log = log.lock().unwrap();
                    log.push(Vec::new());
                    log.len() - 1
                };
                refuse(socket, |bytes| log.lock().unwrap()[place].extend(bytes)).await;
            });
        }
    });
    let target = Target::endpoint(&endpoint, "us-east-1", LIMIT).unwrap();
    let fixtures = Arc::new(Fixtures::new(target, "run", Some(TOKEN.to_owned())));
    let mut first = HashMap::new();
    for case in cases {
        seen.lock().unwrap().clear();
        let Check::Steps(steps) = &case.check else { unreachable!() };
        let _ = steps(Ctx::new(&case.id, Arc::clone(&fixtures), 1)).await;
        let bytes = seen.lock().unwrap().first().cloned().unwrap_or_default();
        first.insert(case.id, bytes);
    }
    server.abort();
    first
}

/// Reads one request (until its `Content-Length` is reached, else as long as more of it comes at once) and refuses it.
async fn refuse(mut socket: TcpStream, mut log: impl FnMut(&[u8])) {
    const PAUSE: Duration = Duration::from_millis(30);
    let mut buffer = vec![0; 256 * 1024];
    let mut seen = 0;
    let mut end = None;
    while end != Some(seen)
        && let Ok(Ok(read @ 1..)) = tokio::time::timeout(PAUSE, socket.read(&mut buffer)).await
    {
        log(&buffer[..read]);
        if seen == 0 {
            end = end_by_length(&buffer[..read]);
        }
        seen += read;
    }
    if seen > 0 {
        let answer = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        let _ = socket.write_all(answer).await;
    }
}

fn end_by_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?.to_ascii_lowercase();
    let (_, rest) = text.split_once("content-length: ")?;
    Some(head + rest.lines().next()?.parse::<usize>().ok()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_case_puts_its_own_defect_on_the_wire() {
    let wire = on_the_wire(theme()).await;
    let mut by_bytes: HashMap<&[u8], &str> = HashMap::new();
    for (id, bytes) in &wire {
        // Those that send a witness first show it here.
        if id.starts_with("request.target.other-operation.") {
            continue;
        }
        assert!(!bytes.is_empty(), "{id} sent nothing");
        if let Some(other) = by_bytes.insert(bytes, id) {
            panic!("{id} and {other} send the same");
        }
    }
    let claims: &[(&str, &[u8])] = &[
        ("request.method.lower-case", b"post / HTTP/1.1\r\n"),
        ("request.path.asterisk", b"POST * HTTP/1.1\r\n"),
        ("request.version.0.9", b"POST /\r\n"),
        ("request.field.space-before-colon", b"\r\nX-Unknown : 1\r\n"),
        ("request.field.folded-target", b"Service.\r\n StartWebAuthnRegistration\r\n"),
        ("request.field.nul", b"X-Unknown: a\0b\r\n"),
        ("request.content-length.two-different", b"\r\nContent-Length: 101\r\nContent-Length: 99\r\n\r\n"),
        ("request.incomplete.content-length-wraps", b"Content-Length: 18446744073709551717\r\n"),
        ("request.incomplete.chunk-size-wraps", b"\r\n\r\n10000000000000065\r\n{"),
        ("request.chunked.bytes", b"chunked\r\n\r\n1\r\n{\r\n1\r\n\"\r\n1\r\nA\r\n"),
        ("request.chunked.trailers", b"\r\n0\r\nX-Checksum: none\r\n"),
        ("request.target.not-ascii", "St\u{430}rt".as_bytes()),
        ("request.encoding.utf-16-le-mark", b"\xff\xfe \0"),
        ("request.encoding.utf-32-be-mark", b"\0\0\xfe\xff\0\0\0 "),
        ("request.gzip.declared", b"\x1f\x8b\x08"),
        ("request.utf-8.overlong", b"fQ\xc0\xaeeyJ"),
        ("request.utf-8.unknown-member.latin-1", b"\"Unknown\":\"caf\xe9\"}"),
        ("request.json.choice.lone-surrogate", br#""Unknown":"\ud800"}"#),
        ("request.json.escapes.token", br#"{"AccessToken":"\u0065\u0079\u004a"#),
    ];
    for (id, needle) in claims {
        let bytes = &wire[*id];
        assert!(bytes.windows(needle.len()).any(|window| window == *needle), "{id}: {}", bytes.escape_ascii());
    }
    assert!(wire["request.access-token.pattern.nul-behind"].ends_with(br#"\u0000"}"#));
    assert!(wire["request.depth.body.arrays-100000"].ends_with(&[b']'; 100_000]));
    assert!(wire["request.size.white-space.10-mib"].len() > 10 * 1024 * 1024);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_emulator_holds_to_every_case() {
    let emulator = Emulator::start(Config::default()).await.unwrap();
    let target = Target::embedded(&emulator.endpoint(), "us-east-1", LIMIT).unwrap();
    let fixtures = Arc::new(Fixtures::new(target, "run", None));
    let (events, mut seen) = mpsc::unbounded_channel();
    let (_stop, stopped) = watch::channel(false);
    let plan = Plan {
        cases: theme(),
        jobs: 8,
        case_timeout: 6 * LIMIT,
        fail_fast: false,
        seed: 1,
        expectations: None,
        baseline: None,
    };
    let summary = run(fixtures, plan, events, stopped).await;
    let mut broken = Vec::new();
    while let Some(event) = seen.recv().await {
        let Event::CaseFinished(outcome) = event else { continue };
        if !matches!(outcome.verdict, Verdict::Pass | Verdict::Note) {
            let found = outcome.findings.first().map(|finding| format!("{}: {}", finding.rule, finding.got));
            broken.push(format!(
                "{} {}: {}",
                outcome.verdict,
                outcome.id,
                found.or(outcome.reason).unwrap_or_default()
            ));
        }
        for exchange in &outcome.exchanges {
            // What is not plain bytes escapes the redaction: as UTF-16 the token would begin so.
            assert!(!exchange.curl.contains(r"e\x00y"), "{} writes its token out", outcome.id);
        }
    }
    assert!(broken.is_empty(), "{broken:#?}\n{:?}", summary.counts);
}
