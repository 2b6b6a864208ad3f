//! Each reply as bytes: by our own reader of HTTP, and over a socket.

use std::sync::Arc;

use cogspec::client::Server;
use cogspec::scenario::{self, ACCESS_TOKEN, Framing, Reply, Scenario};
use cogspec::wire::{TransportErrorKind, read_response};
use data_encoding::HEXLOWER;
use ring::digest::{Context, SHA256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The largest body that is read, in bytes.
const LIMIT: usize = 1 << 20;

/// The one whose head is longer than our reader takes.
const LONG_HEAD: &str = "transport.head.long";

fn is_whole(reply: &Reply) -> bool {
    reply.cut.is_none() && matches!(reply.framing, Framing::Length | Framing::Chunked(_) | Framing::Close)
}

#[tokio::test]
async fn what_is_whole_is_read_with_its_status_headers_and_body() {
    let mut read = 0;
    for scenario in scenario::all() {
        for reply in scenario.replies.iter().filter(|reply| is_whole(reply)) {
            let sent = reply.bytes(&[("X-More", "1")]).concat();
            let response = read_response(&mut sent.as_slice(), LIMIT).await;
            if scenario.id == LONG_HEAD {
                assert_eq!(response.unwrap_err().kind, TransportErrorKind::TooLarge);
                continue;
            }
            let response = response.unwrap_or_else(|e| panic!("{}: {e}", scenario.id));
            assert_eq!((response.status, &response.body), (reply.status, &reply.body), "{}", scenario.id);
            let of_reply = reply.headers.len();
            // A field's value is sent without the white space around it (RFC 9110, 5.5).
            let trimmed = |value: &[u8]| value.trim_ascii().to_vec();
            for ((name, value), (read, got)) in reply.headers.iter().zip(&response.headers) {
                assert_eq!((name, trimmed(value)), (read, trimmed(got)), "{}", scenario.id);
            }
            assert_eq!(response.headers[of_reply].0, "X-More", "{}", scenario.id);
            read += 1;
        }
    }
    assert!(read > 700, "{read} were read");
}

#[tokio::test]
async fn what_is_not_whole_is_not_read() {
    let mut refused = 0;
    for scenario in scenario::all() {
        // What ends with the connection cannot be told from what is whole.
        for reply in scenario.replies.iter().filter(|reply| reply.cut.is_some() && reply.framing != Framing::Close) {
            let sent = reply.bytes(&[]).concat();
            let error = read_response(&mut sent.as_slice(), LIMIT).await.expect_err(&scenario.id);
            assert_eq!(error.kind, TransportErrorKind::Closed, "{}", scenario.id);
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused} were refused");
}

/// Another encoder, or another version of this one, may make other bytes: then the export is another one, and says so here.
#[test]
fn compressed_bodies_are_the_same_on_every_machine() {
    let mut digest = Context::new(&SHA256);
    for what in ["gzip", "deflate", "raw-deflate", "gzip-bomb", "twice"] {
        let scenario = scenario::find(&format!("transport.coding.{what}")).unwrap();
        let body = &scenario.replies[0].body;
        if what.starts_with("gzip") {
            // No time, and no operating system (RFC 1952, 2.3.1).
            assert_eq!((&body[..4], &body[4..8], body[9]), (&b"\x1f\x8b\x08\0"[..], &[0; 4][..], 255), "{what}");
        }
        digest.update(body);
    }
    assert_eq!(HEXLOWER.encode(&digest.finish().as_ref()[..8]), "222f54969b2be487");
}

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

/// All that comes for one request.
async fn answered(server: &Server) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let body = format!(r#"{{"AccessToken":"{TOKEN}"}}"#);
    let target = "X-Amz-Target: AWSCognitoIdentityProviderService.StartWebAuthnRegistration";
    let request = format!("POST / HTTP/1.1\r\nHost: a\r\n{target}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is an answer's end, too.
    while let Ok(1..) = stream.read_buf(&mut answer).await {}
    answer
}

async fn is_sent(scenario: &'static Scenario) {
    let server = Server::of(scenario).await.unwrap();
    for (n, reply) in scenario.replies.iter().chain(scenario.replies.last()).enumerate() {
        let mut reply = reply.clone();
        let filled = |bytes: &[u8]| match bytes.windows(ACCESS_TOKEN.len()).any(|part| part == ACCESS_TOKEN.as_bytes())
        {
            true => String::from_utf8_lossy(bytes).replace(ACCESS_TOKEN, TOKEN).into_bytes(),
            false => bytes.to_vec(),
        };
        reply.body = filled(&reply.body);
        reply.headers.iter_mut().for_each(|(_, value)| *value = filled(value));
        let sent = reply.bytes(&[]).concat();
        let got = answered(&server).await;
        assert!(got == sent, "{}, request {n}: {} bytes of {}", scenario.id, got.len(), sent.len());
        assert_eq!(server.attempts().len(), n + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_is_sent_as_it_stands_and_its_last_reply_again() {
    let places = Arc::new(Semaphore::new(64));
    let mut all = JoinSet::new();
    for scenario in scenario::all() {
        let places = Arc::clone(&places);
        all.spawn(async move {
            let _place = places.acquire().await.unwrap();
            is_sent(scenario).await;
        });
    }
    while let Some(done) = all.join_next().await {
        done.unwrap();
    }
}
