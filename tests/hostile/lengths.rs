//! Bodies of another length than they say, and lengths that are none.

use crate::act::{Step, send};
use crate::table::{Hostile, RIGHT, hold, hostile};

fn lengths(id: &str, class: &'static str, lines: &str, then: Option<Step>) -> Hostile {
    let head = format!("HTTP/1.1 400 Bad\r\nContent-Type: application/x-amz-json-1.1\r\n{lines}\r\n{RIGHT}");
    hostile(id, class, [send(head)].into_iter().chain(then).collect())
}

#[test]
fn content_lengths() {
    let right = RIGHT.len();
    hold(vec![
        lengths("length.too-small", "not-aws-json:truncated", "Content-Length: 20\r\n", None),
        lengths("length.zero", "not-aws-json:empty", "Content-Length: 0\r\n", None),
        lengths("length.too-large-then-silence", "transport:timeout", "Content-Length: 5000\r\n", Some(Step::Silence)),
        lengths("length.too-large-then-closed", "transport:closed", "Content-Length: 5000\r\n", None),
        lengths("length.negative", "transport:protocol", "Content-Length: -1\r\n", None),
        lengths("length.signed", "transport:protocol", &format!("Content-Length: +{right}\r\n"), None),
        lengths("length.no-number", "transport:protocol", "Content-Length: many\r\n", None),
        lengths("length.hexadecimal", "transport:protocol", "Content-Length: 0x4c\r\n", None),
        lengths("length.empty", "transport:protocol", "Content-Length: \r\n", None),
        lengths("length.overflow", "transport:protocol", "Content-Length: 18446744073709551617\r\n", None),
        lengths("length.largest", "transport:too-large", "Content-Length: 18446744073709551615\r\n", None),
        lengths(
            "length.equal-twice",
            "InvalidParameterException",
            &format!("Content-Length: {right}\r\n").repeat(2),
            None,
        ),
        lengths(
            "length.different-twice",
            "transport:protocol",
            &format!("Content-Length: {right}\r\nContent-Length: 3\r\n"),
            None,
        ),
        lengths("length.different-in-a-list", "transport:protocol", &format!("Content-Length: {right}, 3\r\n"), None),
    ]);
}
