//! Silence, a reset and an early end at each stage of an answer.

use crate::act::{Step, send};
use crate::table::{RIGHT, hold, hostile};

#[test]
fn stages() {
    let length = format!("HTTP/1.1 400 Bad\r\nContent-Length: {}\r\n\r\n", RIGHT.len());
    let chunked = "HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n";
    let stages = [
        ("before-a-byte", String::new()),
        ("in-the-status-line", "HTTP/1.1 40".to_owned()),
        ("after-the-status-line", "HTTP/1.1 400 Bad\r\n".to_owned()),
        ("in-a-header", "HTTP/1.1 400 Bad\r\nContent-Le".to_owned()),
        ("after-the-head", length.clone()),
        ("in-the-body", format!("{length}{}", &RIGHT[..20])),
        ("in-a-chunk", format!("{chunked}{:x}\r\n{}", RIGHT.len(), &RIGHT[..20])),
        ("before-the-last-chunk", format!("{chunked}{:x}\r\n{RIGHT}\r\n", RIGHT.len())),
        ("in-the-trailer", format!("{chunked}{:x}\r\n{RIGHT}\r\n0\r\nX-A", RIGHT.len())),
    ];
    let ends = [
        ("silence", "transport:timeout", Some(Step::Silence)),
        ("reset", "transport:closed", Some(Step::Reset)),
        ("half-closed", "transport:closed", Some(Step::HalfClose)),
        ("closed", "transport:closed", None),
    ];
    let rows = stages.iter().flat_map(|(stage, sent)| {
        ends.iter().map(move |(end, class, step)| {
            let steps = [send(sent)].into_iter().chain(step.clone()).collect();
            hostile(format!("stage.{end}-{stage}"), class, steps)
        })
    });
    hold(rows.collect());
}
