//! What happens to an answer on its way: truncation, resets, slowness, framing, compression.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use serde_json::Value;

use super::build::{output, refused, served};
use super::{After, Demand, Framing, Layer, Outcome, Pieces, Reply, Scenario, What};
use crate::cognito::Rule;
use crate::cognito::rules::client as rules;
use crate::generate::options::Base;

pub(super) fn scenarios() -> Vec<Scenario> {
    [cuts(), no_http(), slow(), framings(), lengths(), heads(), codings()].concat()
}

fn options() -> &'static Value {
    Base::Cognito.document()
}

fn error() -> Reply {
    refused(400, "NotAuthorizedException", "Invalid Access Token")
}

fn ok(what: &str, title: &str, reply: Reply, rule: &'static Rule) -> Scenario {
    Scenario::success(format!("transport.{what}"), title, reply, rule, options())
}

/// Answers that end early, by the end of the connection and by a reset.
fn cuts() -> Vec<Scenario> {
    let mut all = Vec::new();
    let places = [
        ("nothing", "before the first byte", After::Nothing),
        ("status", "within the status line", After::Head(10)),
        ("head", "within the head", After::Head(60)),
        ("body", "before the body", After::Body(0)),
        ("one", "after one byte of the body", After::Body(1)),
        ("half", "in the middle of the body", After::Body(200)),
    ];
    for (what, words, after) in places {
        for (how, reset) in [("closed", false), ("reset", true)] {
            let id = format!("transport.cut.{what}.{how}");
            let title = format!("The connection is {how} {words}.");
            let reply = served().cut(after, reset);
            all.push(Scenario::no_success(id, title, reply, &rules::INCOMPLETE).without_options());
        }
    }
    let length = served().body.len();
    for (how, reset) in [("closed", false), ("reset", true)] {
        let last = served().cut(After::Body(length - 1), reset);
        let title = format!("The connection is {how} before the last byte of the body.");
        all.push(
            Scenario::no_success(format!("transport.cut.last.{how}"), title, last, &rules::INCOMPLETE)
                .without_options(),
        );
        // Each chunk of 64 bytes takes six more.
        let chunked = served().framed(Framing::Chunked(64));
        for (what, words, after) in [
            ("chunk", "within a chunk", 100),
            ("between-chunks", "between two chunks", 140),
            ("no-last-chunk", "before the last chunk, which is empty", chunked_length(length, 64) - 5),
        ] {
            let reply = chunked.clone().cut(After::Body(after), reset);
            let title = format!("The connection is {how} {words}.");
            let id = format!("transport.cut.{what}.{how}");
            all.push(Scenario::no_success(id, title, reply, &rules::INCOMPLETE).without_options());
        }
    }
    let reply = error().cut(After::Body(20), false);
    let title = "The connection is closed within the body of an error, which the header names.";
    all.push(Scenario::no_success("transport.cut.error", title, reply, &rules::INCOMPLETE));
    // By the end of the connection alone nobody can tell that it is not whole, but its JSON can.
    let open = served().framed(Framing::Close).cut(After::Body(200), false);
    let title = "A body that ends with the connection ends early.";
    all.push(Scenario::no_success("transport.cut.until-close", title, open, &rules::FAILURE).without_options());
    all
}

/// The length of a body in chunks of so many bytes, below 256 each.
fn chunked_length(body: usize, chunk: usize) -> usize {
    let digits = |n: usize| if n > 15 { 2 } else { 1 };
    let (whole, rest) = (body / chunk, body % chunk);
    let last = if rest == 0 { 0 } else { digits(rest) + 4 + rest };
    whole * (digits(chunk) + 4 + chunk) + last + 5
}

/// Bytes that are no HTTP.
fn no_http() -> Vec<Scenario> {
    let rows: [(&str, &[u8]); 6] = [
        ("text", b"hello\r\n\r\n"),
        ("ssh", b"SSH-2.0-OpenSSH_9.6\r\n"),
        ("tls-alert", b"\x15\x03\x01\x00\x02\x02\x46"),
        ("http-2", b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\x04\0\0\xff\xff\0\x06\0\0\x20\0"),
        ("status", b"HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\n{}"),
        ("json", br#"{"CredentialCreationOptions":{}}"#),
    ];
    let mut all: Vec<Scenario> = rows
        .into_iter()
        .map(|(what, bytes)| {
            let reply = Reply::new(0, bytes).framed(Framing::None);
            let title = format!("The answer is no HTTP: `{}`.", bytes[..bytes.len().min(30)].escape_ascii());
            Scenario::no_success(format!("transport.no-http.{what}"), title, reply, &rules::FAILURE).without_options()
        })
        .collect();
    let body = output(Base::Cognito.text());
    let old = format!("HTTP/1.0 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n\r\n{body}");
    let interim = format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    // A page of another origin may not read what has no header of CORS, so that browsers are only observed.
    for (what, title, bytes) in
        [("http-1.0", "The answer is HTTP 1.0.", old), ("interim", "Two interim answers come first.", interim)]
    {
        let reply = Reply::new(200, bytes).framed(Framing::None);
        let id = format!("transport.{what}");
        let scenario = Scenario::observed(id, title, reply, vec![options().clone()]);
        // RFC 9110, 15.2 of interim answers; RFC 9112, 2.3 of older versions.
        let read = Demand::new(&rules::SUCCESS_HTTP, What::Outcome(&[Outcome::Success])).of(Layer::Sdk);
        let served = Demand::new(&rules::OPTIONS_UNHARMED, What::Options(vec![options().clone()])).of(Layer::Sdk);
        all.push(scenario.demand(read).demand(served));
    }
    all
}

/// Answers that take their time, within what any client has.
fn slow() -> Vec<Scenario> {
    let piece = |length, millis| Some(Pieces { length, pause: Duration::from_millis(millis) });
    vec![
        ok(
            "slow.wait",
            "The answer begins after two seconds.",
            Reply { wait: Duration::from_secs(2), ..served() },
            &rules::SUCCESS_HTTP,
        ),
        ok(
            "slow.drip",
            "The answer comes in many pieces, for two seconds.",
            Reply { pieces: piece(16, 30), ..served() },
            &rules::SUCCESS_HTTP,
        ),
        ok(
            "slow.chunks",
            "Chunks of one byte come in many pieces.",
            Reply { pieces: piece(64, 20), ..served().framed(Framing::Chunked(1)) },
            &rules::SUCCESS_HTTP,
        ),
        Scenario::error(
            "transport.slow.error",
            "An error comes in many pieces.",
            Reply { pieces: piece(8, 20), ..error() },
            "NotAuthorizedException",
        ),
        Scenario::no_success(
            "transport.slow.cut",
            "The connection is closed after two seconds, without an answer.",
            Reply { wait: Duration::from_secs(2), ..served() }.cut(After::Nothing, false),
            &rules::INCOMPLETE,
        ),
    ]
}

/// The ways to tell a body's end.
fn framings() -> Vec<Scenario> {
    let extension = chunks(&[("a;cogspec=\"1\"", 10), ("00A", 10)], "0\r\nX-Cogspec: 1\r\n\r\n");
    vec![
        ok("framing.chunked", "The body is in chunks.", served().framed(Framing::Chunked(64)), &rules::SUCCESS_HTTP),
        ok(
            "framing.one-byte-chunks",
            "The body is in chunks of one byte.",
            served().framed(Framing::Chunked(1)),
            &rules::SUCCESS_HTTP,
        ),
        ok(
            "framing.until-close",
            "The body ends with the connection.",
            served().framed(Framing::Close),
            &rules::SUCCESS_HTTP,
        ),
        ok(
            "framing.chunk-extensions",
            "Chunks have extensions, and a trailer follows.",
            Reply { body: extension, ..served() }.framed(says(&[("Transfer-Encoding", "chunked")])),
            &rules::SUCCESS_HTTP,
        ),
        Scenario::error(
            "transport.framing.chunked.error",
            "The body of an error is in chunks.",
            error().framed(Framing::Chunked(16)),
            "NotAuthorizedException",
        ),
        Scenario::error(
            "transport.framing.until-close.error",
            "The body of an error ends with the connection.",
            error().framed(Framing::Close),
            "NotAuthorizedException",
        ),
    ]
}

/// The output in chunks with these size lines, then the rest in one, then the end.
fn chunks(sizes: &[(&str, usize)], end: &str) -> Vec<u8> {
    let whole = served().body;
    let (mut sent, mut rest) = (Vec::new(), whole.as_slice());
    for (size, length) in sizes {
        let (chunk, after) = rest.split_at(*length);
        sent.extend([size.as_bytes(), b"\r\n", chunk, b"\r\n"].concat());
        rest = after;
    }
    sent.extend([format!("{:x}", rest.len()).as_bytes(), b"\r\n", rest, b"\r\n", end.as_bytes()].concat());
    sent
}

fn says(fields: &[(&'static str, &str)]) -> Framing {
    Framing::Says(fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

/// Lengths that are not those of the body.
fn lengths() -> Vec<Scenario> {
    let length = served().body.len();
    let wrong = |what: &str, title: &str, framing: Framing, rule: &'static Rule| {
        Scenario::no_success(format!("transport.length.{what}"), title, served().framed(framing), rule)
            .without_options()
    };
    let open = |what: &str, title: &str, framing: Framing| {
        Scenario::observed(format!("transport.length.{what}"), title, served().framed(framing), vec![options().clone()])
    };
    vec![
        wrong(
            "longer",
            "The length is more than the body has.",
            says(&[("Content-Length", &(length + 10).to_string())]),
            &rules::INCOMPLETE,
        ),
        wrong(
            "huge",
            "The length is that of a terabyte.",
            says(&[("Content-Length", "1099511627776")]),
            &rules::INCOMPLETE,
        ),
        wrong(
            "shorter",
            "The length is less than the body has, so that its JSON ends early.",
            says(&[("Content-Length", "100")]),
            &rules::FAILURE,
        ),
        open(
            "too-large",
            "The length is a number that no computer counts.",
            says(&[("Content-Length", "99999999999999999999999")]),
        ),
        open("negative", "The length is negative.", says(&[("Content-Length", "-1")])),
        open("text", "The length is no number.", says(&[("Content-Length", "x")])),
        open("twice", "Two lengths differ.", says(&[("Content-Length", &length.to_string()), ("Content-Length", "3")])),
        open(
            "and-chunked",
            "A body that is not chunked is said to be, and has a length.",
            says(&[("Content-Length", &length.to_string()), ("Transfer-Encoding", "chunked")]),
        ),
        open("not-chunked", "A body that is not chunked is said to be.", says(&[("Transfer-Encoding", "chunked")])),
    ]
}

/// Heads that are large or odd.
fn heads() -> Vec<Scenario> {
    let many = (0..90).fold(served(), |reply, n| reply.header(&format!("X-Cogspec-{n}"), "1"));
    let upper = |reply: Reply| Reply {
        headers: reply.headers.into_iter().map(|(name, value)| (name.to_ascii_uppercase(), value)).collect(),
        ..reply
    };
    vec![
        ok("head.upper-case", "Header names are in upper case.", upper(served()), &rules::SUCCESS_HTTP),
        Scenario::error(
            "transport.head.upper-case.error",
            "The name of the header that names the error is in upper case.",
            upper(Reply::new(400, "").header("x-amzn-errortype", "NotAuthorizedException")),
            "NotAuthorizedException",
        ),
        ok("head.many", "There are 90 headers.", many, &rules::SUCCESS_HTTP),
        Scenario::observed(
            "transport.head.long",
            "A header has 64 KiB.",
            served().header("X-Cogspec", "x".repeat(64 * 1024)),
            vec![options().clone()],
        ),
        Scenario::observed(
            "transport.head.not-ascii",
            "A header has bytes that are not ASCII.",
            served().header("X-Cogspec", b"\xff\xe9".to_vec()),
            vec![options().clone()],
        ),
    ]
}

/// Content codings, those that a client asked for and others.
fn codings() -> Vec<Scenario> {
    let encoded = |reply: Reply, name: &str, body: Vec<u8>| Reply { body, ..reply.header("Content-Encoding", name) };
    let plain = || served().body;
    let mut all = Vec::new();
    for (what, name, body) in [
        ("gzip", "gzip", gzip(&plain())),
        ("deflate", "deflate", zlib(&plain())),
        ("raw-deflate", "deflate", deflate(&plain())),
    ] {
        let id = format!("transport.coding.{what}");
        let title = format!("The body is in the content coding {what}.");
        let scenario = Scenario::observed(id, title, encoded(served(), name, body), vec![options().clone()]);
        // Many services send the bare form of deflate, which RFC 9110, 8.4.1.2 calls wrong.
        all.push(if what == "raw-deflate" {
            scenario
        } else {
            scenario.demand(Demand::new(&rules::CODING, What::Outcome(&[Outcome::Success])).asked_for(name))
        });
    }
    let refusal = error();
    let body = gzip(&refusal.body);
    let scenario = Scenario::error(
        "transport.coding.gzip.error",
        "The body of an error, which the header names too, is in the content coding gzip.",
        encoded(refusal, "gzip", body),
        "NotAuthorizedException",
    );
    all.push(unless_asked(scenario));
    let cut = gzip(&plain());
    let cut = cut[..cut.len() / 2].to_vec();
    let mut wrong = gzip(&plain());
    if let Some(byte) = wrong.iter_mut().rev().nth(5) {
        *byte ^= 0x55;
    }
    for (what, words, body) in
        [("gzip-cut", "ends early", cut), ("gzip-not", "is none", plain()), ("gzip-of-nothing", "is empty", Vec::new())]
    {
        let reply = encoded(served(), "gzip", body);
        let scenario = Scenario::observed(
            format!("transport.coding.{what}"),
            format!("The body is said to be gzip, and {words}."),
            reply,
            // Who does not decode has what it did not ask for, and may read it as it is.
            vec![options().clone()],
        );
        let fails = What::Outcome(&[Outcome::Error, Outcome::Failure]);
        all.push(match what {
            "gzip-cut" => scenario.demand(Demand::new(&rules::INCOMPLETE, fails)),
            _ => scenario,
        });
    }
    let reply = encoded(served(), "gzip", wrong);
    let title = "The body is gzip with a wrong checksum.";
    all.push(Scenario::observed("transport.coding.gzip-checksum", title, reply, vec![options().clone()]));
    let bomb = gzip(&[b"{\"CredentialCreationOptions\":\"".as_slice(), &vec![b'a'; 8 << 20], b"\"}"].concat());
    let title = "The body is gzip of 8 KB, and 8 MiB when decoded.";
    let huge = Scenario::new("transport.coding.gzip-bomb", title, vec![encoded(served(), "gzip", bomb)]);
    all.push(huge);
    for (what, name) in [("identity", "identity"), ("unknown", "x-cogspec")] {
        let reply = encoded(served(), name, plain());
        let title = format!("The body is in the content coding `{name}`.");
        all.push(Scenario::observed(format!("transport.coding.{what}"), title, reply, vec![options().clone()]));
    }
    let twice = encoded(served(), "gzip, gzip", gzip(&gzip(&plain())));
    let title = "The body is in the content coding gzip, twice.";
    all.push(Scenario::observed("transport.coding.twice", title, twice, vec![options().clone()]));
    all
}

/// The same, demanded of clients only that asked for gzip.
fn unless_asked(scenario: Scenario) -> Scenario {
    let asked = |demand: Demand| match demand.what {
        What::Outcome(_) | What::Code(_) => Demand { rule: &rules::CODING, ..demand.asked_for("gzip") },
        _ => demand,
    };
    let demands = scenario.demands.into_iter().map(asked).collect();
    Scenario { demands, ..scenario }.ends(&rules::FAILURE, &[Outcome::Error, Outcome::Failure])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // A vector takes everything.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
