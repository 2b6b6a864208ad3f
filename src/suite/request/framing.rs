//! Where the body ends: `Content-Length`, chunks, transfer codings, and bodies that never end.

use std::time::Duration;

use super::{Case, Ctx, Finding, Request, Rows, Stop, in_short, is_served};
use crate::cognito::rules::{request as rules, response};

/// How long a server gets to run a request that is not whole. One that waits for the rest does right.
const PATIENCE: Duration = Duration::from_millis(1500);

/// 2 to the power of 64, less one: a length beyond it wraps around in 64 bits.
const WRAP: u128 = 1 << 64;

pub(super) fn cases() -> Vec<Case> {
    [lengths(), chunks_accepted(), chunks_refused(), codings(), incomplete()].concat()
}

/// A call on a socket with these header lines in place of a correct `Content-Length`, and these bytes behind them.
fn framed(token: &str, headers: &str, body: impl AsRef<[u8]>) -> Request {
    let request = Request::start(token);
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: {}\r\nX-Amz-Target: {}.StartWebAuthnRegistration\r\n{headers}\r\n",
        crate::cognito::CONTENT_TYPE,
        crate::cognito::TARGET_PREFIX,
    );
    request.raw_bytes([head.as_bytes(), body.as_ref()].concat())
}

fn input(token: &str) -> Vec<u8> {
    Request::start(token).body
}

/// The input in one chunk, its size written by `size`, and what follows the last chunk.
fn one_chunk(token: &str, size: impl Fn(usize) -> String, end: &str) -> Vec<u8> {
    let input = input(token);
    [size(input.len()).as_bytes(), b"\r\n", &input, b"\r\n", end.as_bytes()].concat()
}

const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
const END: &str = "0\r\n\r\n";

fn hex(length: usize) -> String {
    format!("{length:x}")
}

fn chunked(token: &str) -> Request {
    framed(token, CHUNKED, one_chunk(token, hex, END))
}

fn lengths() -> Vec<Case> {
    type Lines = fn(usize) -> String;
    const REFUSED: Rows<Lines> = &[
        ("missing", "a body that no header tells the length of", |_| String::new()),
        ("too-short", "a body that its Content-Length cuts off", |n| format!("Content-Length: {}\r\n", n - 2)),
        ("two-different", "two different Content-Length headers", |n| {
            format!("Content-Length: {n}\r\nContent-Length: {}\r\n", n - 2)
        }),
        ("list-different", "a Content-Length that lists two lengths", |n| {
            format!("Content-Length: {n}, {}\r\n", n - 2)
        }),
        ("negative", "a negative Content-Length", |n| format!("Content-Length: -{n}\r\n")),
        ("not-a-number", "a Content-Length that is no number", |_| "Content-Length: all\r\n".to_owned()),
        ("plus-sign", "a Content-Length with a plus sign", |n| format!("Content-Length: +{n}\r\n")),
        ("hexadecimal", "a hexadecimal Content-Length", |n| format!("Content-Length: 0x{n:x}\r\n")),
        ("fraction", "a Content-Length with a fraction", |n| format!("Content-Length: {n}.0\r\n")),
        ("empty", "an empty Content-Length", |_| "Content-Length: \r\n".to_owned()),
    ];
    let refused = REFUSED.iter().map(|(id, what, lines)| {
        Case::refused(format!("request.content-length.{id}"), format!("refuses {what}"), &rules::FRAMING)
            .may_close()
            .sends(|token| framed(token, &lines(input(token).len()), input(token)))
    });
    const OBSERVED: Rows<Lines> = &[
        ("two-equal", "two equal Content-Length headers", |n| {
            format!("Content-Length: {n}\r\nContent-Length: {n}\r\n")
        }),
        ("list-equal", "a Content-Length that lists one length twice", |n| format!("Content-Length: {n}, {n}\r\n")),
    ];
    let observed = OBSERVED.iter().map(|(id, what, lines)| {
        Case::observed(format!("request.content-length.{id}"), format!("observes {what}"), &rules::HTTP_CHOICE)
            .sends(|token| framed(token, &lines(input(token).len()), input(token)))
    });
    refused.chain(observed).collect()
}

fn chunks_accepted() -> Vec<Case> {
    const ACCEPTED: Rows<fn(&str) -> Vec<u8>> = &[
        ("one", "a body in one chunk", |token| one_chunk(token, hex, END)),
        ("bytes", "a body in chunks of one byte", |token| {
            // The signature stays whole: a report finds a secret only as it is written.
            let input = input(token);
            let whole = input.iter().rposition(|byte| *byte == b'.').unwrap_or_default();
            let single = input[..whole].iter().flat_map(|byte| [b"1\r\n", &[*byte][..], b"\r\n"].concat());
            let rest = &input[whole..];
            [single.collect(), format!("{:x}\r\n", rest.len()).into_bytes(), rest.to_vec(), b"\r\n0\r\n\r\n".to_vec()]
                .concat()
        }),
        ("extensions", "chunk extensions", |token| {
            one_chunk(token, |length| format!("{length:x};name=value;flag;quoted=\"a;b\""), END)
        }),
        ("trailers", "trailer fields behind the last chunk", |token| {
            one_chunk(token, hex, "0\r\nX-Checksum: none\r\nX-Amz-Target: none\r\n\r\n")
        }),
        ("leading-zeros", "a chunk size in upper case with leading zeros", |token| {
            one_chunk(token, |length| format!("000{length:X}"), "000\r\n\r\n")
        }),
    ];
    ACCEPTED
        .iter()
        .map(|(id, what, body)| {
            Case::accepted(format!("request.chunked.{id}"), format!("serves {what}"), &rules::CHUNKED)
                .sends(|token| framed(token, CHUNKED, body(token)))
        })
        .collect()
}

fn chunks_refused() -> Vec<Case> {
    const REFUSED: Rows<fn(&str) -> Vec<u8>> = &[
        ("size-prefix", "a chunk size with 0x in front", |token| one_chunk(token, |n| format!("0x{n:x}"), END)),
        ("size-sign", "a chunk size with a sign", |token| one_chunk(token, |n| format!("+{n:x}"), END)),
        ("size-text", "a chunk size that is no number", |token| one_chunk(token, |_| "all".to_owned(), END)),
        ("size-empty", "an empty chunk size", |token| one_chunk(token, |_| String::new(), END)),
        ("too-long", "a chunk that is longer than its size", |token| one_chunk(token, |n| hex(n - 2), END)),
    ];
    REFUSED
        .iter()
        .map(|(id, what, body)| {
            Case::refused(format!("request.chunked.{id}"), format!("refuses {what}"), &rules::HTTP_GRAMMAR)
                .may_close()
                .witness(chunked)
                .sends(|token| framed(token, CHUNKED, body(token)))
        })
        .collect()
}

fn codings() -> Vec<Case> {
    let both = |length: usize| format!("{CHUNKED}Content-Length: {length}\r\n");
    vec![
        Case::accepted(
            "request.transfer-encoding.case",
            "serves a transfer coding whose name is in upper case",
            &rules::CHUNKED,
        )
        .sends(|token| framed(token, "Transfer-Encoding: CHUNKED\r\n", one_chunk(token, hex, END))),
        Case::refused(
            "request.transfer-encoding.over-length",
            "refuses a body that is whole by its Content-Length but no chunks by its Transfer-Encoding",
            &rules::FRAMING,
        )
        .may_close()
        .witness(chunked)
        .sends(move |token| framed(token, &both(input(token).len()), input(token))),
        Case::observed(
            "request.transfer-encoding.and-length",
            "observes a chunked body with a Content-Length too",
            &rules::HTTP_CHOICE,
        )
        .sends(move |token| {
            let body = one_chunk(token, hex, END);
            framed(token, &both(body.len()), body)
        }),
        Case::refused("request.transfer-encoding.not-last", "refuses a transfer coding after chunked", &rules::FRAMING)
            .may_close()
            .witness(chunked)
            .sends(|token| framed(token, "Transfer-Encoding: chunked, identity\r\n", one_chunk(token, hex, END))),
        Case::refused("request.transfer-encoding.unknown", "refuses an unknown transfer coding", &rules::FRAMING)
            .may_close()
            .witness(chunked)
            .sends(|token| framed(token, "Transfer-Encoding: xchunked\r\n", one_chunk(token, hex, END))),
        Case::refused(
            "request.transfer-encoding.gzip",
            "refuses a plain body that its Transfer-Encoding calls gzip and chunked",
            &rules::TRANSFER_CODING,
        )
        .may_close()
        .witness(chunked)
        .sends(|token| framed(token, "Transfer-Encoding: gzip, chunked\r\n", one_chunk(token, hex, END))),
    ]
}

fn incomplete() -> Vec<Case> {
    const INCOMPLETE: Rows<fn(&str) -> Request> = &[
        ("content-length", "a body shorter than its Content-Length", |token| {
            framed(token, &format!("Content-Length: {}\r\n", input(token).len() + 16), input(token))
        }),
        ("content-length-wraps", "a Content-Length that is right only modulo 2^64", |token| {
            framed(token, &format!("Content-Length: {}\r\n", WRAP + input(token).len() as u128), input(token))
        }),
        ("last-chunk", "a chunked body without its last chunk", |token| {
            framed(token, CHUNKED, one_chunk(token, hex, ""))
        }),
        ("chunk-size-wraps", "a chunk size that is right only modulo 2^64", |token| {
            framed(token, CHUNKED, one_chunk(token, |length| format!("{:x}", WRAP + length as u128), END))
        }),
    ];
    INCOMPLETE
        .iter()
        .map(|(id, what, make)| {
            let rules = &[&rules::INCOMPLETE, &response::NO_SERVER_ERROR];
            let title = format!("does not run {what}");
            Case::steps(format!("request.incomplete.{id}"), title, rules, move |ctx| not_run(ctx, *make))
        })
        .collect()
}

/// Waits for as long as patience lasts whether the server runs a request that it has only a part of.
async fn not_run(ctx: Ctx, make: fn(&str) -> Request) -> Result<Vec<Finding>, Stop> {
    const WANTED: &str = "waiting for the rest, a client error, or a closed connection";
    let token = ctx.user().await?.tokens.access.clone();
    if let Ok(recorded) = tokio::time::timeout(PATIENCE, ctx.send(make(&token))).await {
        let recorded = recorded?;
        let rule = match &recorded.exchange.result {
            _ if is_served(&recorded) => Some(&rules::INCOMPLETE),
            Ok(response) if response.status >= 500 && response.status != 501 => Some(&response::NO_SERVER_ERROR),
            _ => None,
        };
        if let Some(rule) = rule {
            return Ok(vec![Finding::new(rule, in_short(&recorded), WANTED)]);
        }
    }
    let witness = ctx.send_witness(chunked(&token)).await?;
    if is_served(&witness) {
        Ok(Vec::new())
    } else {
        Err(Stop::Inconclusive(format!("the whole request is refused too: {}", in_short(&witness))))
    }
}
