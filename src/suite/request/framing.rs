//! Where the body ends: `Content-Length`, chunks, transfer codings, and bodies that never end.

use std::time::Duration;

use super::{Case, Ctx, Finding, Request, Stop, in_short, is_served};
use crate::cognito::rules::{request as rules, response};
use crate::generate::request::rows::framing::{
    BROKEN_CHUNKS, CHUNKED, CHUNKED_LINE, CODINGS, END, EQUAL_LENGTHS, INCOMPLETE, WRONG_LENGTHS, hex, one_chunk,
};

/// How long a server gets to run a request that is not whole. One that waits for the rest does right.
const PATIENCE: Duration = Duration::from_millis(1500);

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

fn chunked(token: &str) -> Request {
    framed(token, CHUNKED_LINE, one_chunk(&input(token), hex, END))
}

fn lengths() -> Vec<Case> {
    let refused = WRONG_LENGTHS.iter().map(|(id, what, lines)| {
        Case::refused(format!("request.content-length.{id}"), format!("refuses {what}"), &rules::FRAMING)
            .may_close()
            .sends(|token| framed(token, &lines(input(token).len()), input(token)))
    });
    let observed = EQUAL_LENGTHS.iter().map(|(id, what, lines)| {
        Case::observed(format!("request.content-length.{id}"), format!("observes {what}"), &rules::HTTP_CHOICE)
            .sends(|token| framed(token, &lines(input(token).len()), input(token)))
    });
    refused.chain(observed).collect()
}

fn chunks_accepted() -> Vec<Case> {
    CHUNKED
        .iter()
        .map(|(id, what, body)| {
            Case::accepted(format!("request.chunked.{id}"), format!("serves {what}"), &rules::CHUNKED)
                .sends(|token| framed(token, CHUNKED_LINE, body(&input(token))))
        })
        .collect()
}

fn chunks_refused() -> Vec<Case> {
    BROKEN_CHUNKS
        .iter()
        .map(|(id, what, body)| {
            Case::refused(format!("request.chunked.{id}"), format!("refuses {what}"), &rules::HTTP_GRAMMAR)
                .may_close()
                .witness(chunked)
                .sends(|token| framed(token, CHUNKED_LINE, body(&input(token))))
        })
        .collect()
}

fn codings() -> Vec<Case> {
    let both = |length: usize| format!("{CHUNKED_LINE}Content-Length: {length}\r\n");
    let cases = [
        Case::accepted(
            "request.transfer-encoding.case",
            "serves a transfer coding whose name is in upper case",
            &rules::CHUNKED,
        )
        .sends(|token| framed(token, "Transfer-Encoding: CHUNKED\r\n", one_chunk(&input(token), hex, END))),
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
            let body = one_chunk(&input(token), hex, END);
            framed(token, &both(body.len()), body)
        }),
    ];
    let refused = CODINGS.iter().map(|(id, what, lines, rule)| {
        Case::refused(format!("request.transfer-encoding.{id}"), format!("refuses {what}"), rule)
            .may_close()
            .witness(chunked)
            .sends(|token| framed(token, lines, one_chunk(&input(token), hex, END)))
    });
    cases.into_iter().chain(refused).collect()
}

fn incomplete() -> Vec<Case> {
    INCOMPLETE
        .iter()
        .map(|(id, what, parts)| {
            let rules = &[&rules::INCOMPLETE, &response::NO_SERVER_ERROR];
            let title = format!("does not run {what}");
            let make = move |token: &str| {
                let (lines, body) = parts(&input(token));
                framed(token, &lines, body)
            };
            let case = Case::steps(format!("request.incomplete.{id}"), title, rules, move |ctx| not_run(ctx, make));
            case.sending(make)
        })
        .collect()
}

/// Waits for as long as patience lasts whether the server runs a request that it has only a part of.
async fn not_run(ctx: Ctx, make: impl Fn(&str) -> Request) -> Result<Vec<Finding>, Stop> {
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
