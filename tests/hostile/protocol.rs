//! Other protocols, other versions, and more answers than requests.

use std::time::Duration;

use crate::act::{Step, endless, send};
use crate::table::{Hostile, RIGHT, answer, hold, hostile, with_headers};

#[test]
fn protocols() {
    // A fixed seed: the same bytes in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    })
    .take(64 * 1024)
    .collect();
    let settings = b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01";
    hold(vec![
        hostile("protocol.http-0.9", "transport:protocol", vec![send(RIGHT)]),
        hostile("protocol.random-bytes", "transport:protocol", vec![send(&random)]),
        hostile("protocol.endless-random-bytes", "transport:protocol", vec![endless(&random)]),
        hostile("protocol.ssh", "transport:protocol", vec![send("SSH-2.0-OpenSSH_9.6\r\n"), Step::Silence]),
        hostile("protocol.http-2-frames", "transport:protocol", vec![send(settings), Step::Silence]),
        hostile(
            "protocol.http-2-status-line",
            "transport:protocol",
            vec![with_headers(400, "", RIGHT).replaced("HTTP/1.1", "HTTP/2")],
        ),
        hostile(
            "protocol.http-1.2",
            "transport:protocol",
            vec![with_headers(400, "", RIGHT).replaced("HTTP/1.1", "HTTP/1.2")],
        ),
        hostile("protocol.icy", "transport:protocol", vec![with_headers(400, "", RIGHT).replaced("HTTP/1.1", "ICY")]),
        hostile(
            "protocol.http-1.0",
            "InvalidParameterException",
            vec![with_headers(400, "", RIGHT).replaced("HTTP/1.1", "HTTP/1.0")],
        ),
        hostile("protocol.tls-alert", "transport:protocol", vec![send(b"\x15\x03\x03\0\x02\x02\x28")]),
    ]);
}

/// What a server sends besides its answer poisons no other case. That it is an answer to the next request on the connection
/// only its place would tell, so that the cases are run one by one, and the next request is the victim's own witness.
#[test]
fn more_answers_than_requests() {
    let forged = || answer(500, r#"{"__type":"InternalErrorException","message":"forged"}"#);
    let pause = || Step::Pause(Duration::from_millis(300));
    // In one write, so that the client cannot but read them together.
    let at_once = |first: Step, second: Step| match (first, second) {
        (Step::Send(first), Step::Send(second)) => Step::Send([first, second].concat()),
        _ => unreachable!("both send"),
    };
    let empty = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".repeat(64);
    let kept = |lines: &str| with_headers(400, &format!("Connection: keep-alive\r\n{lines}"), RIGHT);
    let row = |id: &str, steps| Hostile { jobs: "1", ..hostile(id, "InvalidParameterException", steps) };
    // The witness gets the lie.
    let unproved = |id: &str, steps| Hostile { verdicts: ["inconclusive", "note"], ..row(id, steps) };
    hold(vec![
        row("splitting.second-answer", vec![at_once(answer(400, RIGHT), forged())]),
        unproved("splitting.second-answer-later", vec![answer(400, RIGHT), pause(), forged()]),
        row("splitting.endless-answers", vec![at_once(answer(400, RIGHT), send(&empty)), endless(&empty)]),
        row("splitting.bytes-behind", vec![at_once(answer(400, RIGHT), send("aaaa")), endless([b'a'; 4096])]),
        row("splitting.keep-alive-and-closed", vec![kept("Keep-Alive: timeout=600\r\n")]),
        row("splitting.keep-alive-and-reset", vec![kept(""), pause(), Step::Reset]),
        unproved("splitting.keep-alive-and-silence", vec![kept(""), Step::Silence]),
        row("splitting.half-closed", vec![answer(400, RIGHT), Step::HalfClose, Step::Silence]),
    ]);
}
