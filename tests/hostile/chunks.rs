//! Broken chunks, and transfer codings that contradict each other.

use crate::act::{Step, endless, send};
use crate::table::{Hostile, RIGHT, hold, hostile};

fn chunked(id: &str, class: &'static str, body: &str, then: Option<Step>) -> Hostile {
    coded(id, class, "Transfer-Encoding: chunked\r\n", body, then)
}

fn coded(id: &str, class: &'static str, lines: &str, body: &str, then: Option<Step>) -> Hostile {
    let head = format!("HTTP/1.1 400 Bad\r\nContent-Type: application/x-amz-json-1.1\r\n{lines}\r\n{body}");
    hostile(id, class, [send(head)].into_iter().chain(then).collect())
}

#[test]
fn chunks() {
    let right = format!("{:x}\r\n{RIGHT}\r\n0\r\n\r\n", RIGHT.len());
    let both = format!("Transfer-Encoding: chunked\r\nContent-Length: {}\r\n", right.len());
    hold(vec![
        chunked("chunks.size-not-hexadecimal", "transport:protocol", "many\r\n", None),
        chunked("chunks.size-negative", "transport:protocol", "-1\r\n{}\r\n0\r\n\r\n", None),
        chunked("chunks.size-overflow", "transport:protocol", "fffffffffffffffff\r\n{}", None),
        chunked("chunks.size-largest", "transport:too-large", "fffffffffffffff0\r\n", Some(endless([b'a'; 4096]))),
        chunked("chunks.size-two-gigabytes", "transport:too-large", "7fffffff\r\n", Some(endless([b'a'; 4096]))),
        // The library waits for the size to end.
        Hostile {
            classes: ["transport:timeout", "transport:protocol"],
            ..chunked("chunks.size-of-a-megabyte", "transport:protocol", &"0".repeat(1 << 20), Some(Step::Silence))
        },
        chunked("chunks.no-line-end", "transport:protocol", "2\r\n{}0\r\n\r\n", None),
        chunked("chunks.longer-than-said", "transport:protocol", "1\r\n{}\r\n0\r\n\r\n", None),
        chunked("chunks.extension-of-megabytes", "transport:too-large", "1;", Some(endless([b'a'; 4096]))),
        chunked("chunks.trailer-growing", "transport:too-large", "0\r\nX-A: ", Some(endless([b'a'; 4096]))),
        chunked("chunks.endless-trailers", "transport:too-large", "0\r\n", Some(endless("X-A: b\r\n".repeat(64)))),
        chunked("chunks.no-last-chunk", "transport:closed", &format!("{:x}\r\n{RIGHT}\r\n", RIGHT.len()), None),
        // Chunks count before a length (RFC 9112, 6.3).
        coded("coding.chunks-and-length", "InvalidParameterException", &both, &right, None),
        coded(
            "coding.chunked-twice",
            "transport:protocol",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            &right,
            None,
        ),
        coded(
            "coding.chunked-and-identity",
            "transport:protocol",
            "Transfer-Encoding: chunked, identity\r\n",
            &right,
            None,
        ),
        coded("coding.unknown", "transport:protocol", "Transfer-Encoding: cow\r\n", &right, None),
        coded("coding.empty", "transport:protocol", "Transfer-Encoding: \r\n", &right, None),
    ]);
}
