//! Heads that do not end, are too large, or say what cannot be.

use crate::act::{endless, send};
use crate::table::{Hostile, RIGHT, hold, hostile, with_headers};

#[test]
fn heads() {
    hold(vec![
        hostile(
            "head.one-header-growing",
            "transport:too-large",
            vec![send("HTTP/1.1 200 OK\r\nX-A: "), endless([b'a'; 4096])],
        ),
        hostile(
            "head.endless-headers",
            "transport:too-large",
            vec![send("HTTP/1.1 200 OK\r\n"), endless("X-A: b\r\n".repeat(64))],
        ),
        hostile(
            "head.thousands-of-headers",
            "transport:too-large",
            vec![with_headers(400, &"X-A: b\r\n".repeat(5000), RIGHT)],
        ),
        hostile(
            "head.thousands-of-cookies",
            "transport:too-large",
            vec![with_headers(400, &"Set-Cookie: a=b; Path=/\r\n".repeat(5000), RIGHT)],
        ),
        hostile(
            "head.huge-cookie",
            "transport:too-large",
            vec![with_headers(400, &format!("Set-Cookie: a={}\r\n", "b".repeat(1 << 20)), RIGHT)],
        ),
        hostile(
            "head.large-cookie",
            "InvalidParameterException",
            vec![with_headers(400, &format!("Set-Cookie: a={}\r\n", "b".repeat(32 << 10)), RIGHT)],
        ),
        hostile("head.endless-status-line", "transport:too-large", vec![send("HTTP/1.1 400 "), endless([b'a'; 4096])]),
        hostile("head.endless-spaces", "transport:protocol", vec![send("HTTP/1.1 "), endless([b' '; 4096])]),
        hostile("head.nul", "transport:protocol", vec![with_headers(400, "X-A: a\0b\r\n", RIGHT)]),
        hostile("head.nul-in-name", "transport:protocol", vec![with_headers(400, "X-\0A: b\r\n", RIGHT)]),
        hostile("head.folded", "transport:protocol", vec![with_headers(400, "X-A: b\r\n c\r\n", RIGHT)]),
        hostile("head.no-colon", "transport:protocol", vec![with_headers(400, "X-A\r\n", RIGHT)]),
        hostile(
            "head.status-000",
            "transport:protocol",
            vec![with_headers(0, "", RIGHT).replaced("HTTP/1.1 0 ", "HTTP/1.1 000 ")],
        ),
        // A class that HTTP does not have counts as the server's error.
        Hostile {
            verdicts: ["fail", "fail"],
            ..hostile("head.status-999", "InvalidParameterException", vec![with_headers(999, "", RIGHT)])
        },
        hostile("head.status-1000", "transport:protocol", vec![with_headers(1000, "", RIGHT)]),
        hostile(
            "head.status-negative",
            "transport:protocol",
            vec![with_headers(400, "", RIGHT).replaced(" 400 ", " -40 ")],
        ),
        hostile(
            "head.endless-100-continue",
            "transport:timeout",
            vec![endless("HTTP/1.1 100 Continue\r\n\r\n".repeat(64))],
        ),
        hostile(
            "head.endless-103-early-hints",
            "transport:timeout",
            vec![endless("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(64))],
        ),
        hostile(
            "head.101-switching",
            "not-aws-json:empty",
            vec![
                send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
                endless([0x81; 512]),
            ],
        ),
        // A recipient may take a line feed alone for a line's end (RFC 9112, 2.2).
        hostile(
            "head.lone-line-feeds",
            "InvalidParameterException",
            vec![with_headers(400, "", RIGHT).replaced("\r\n", "\n")],
        ),
        hostile(
            "head.lone-carriage-returns",
            "transport:protocol",
            vec![with_headers(400, "", RIGHT).replaced("\r\n", "\r")],
        ),
    ]);
}
