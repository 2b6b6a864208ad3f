//! Large requests: up to 10 MiB.

use super::{Case, Request, survived, with_unknown};
use crate::cognito::rules::request as rules;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

pub(super) fn cases() -> Vec<Case> {
    [served(), refused(), either()].concat()
}

fn served() -> Vec<Case> {
    vec![
        Case::accepted(
            "request.size.white-space.64-kib",
            "serves a valid input in 64 KiB of white space",
            &rules::SIZE_SERVED,
        )
        .sends(|token| padded(token, 64 * KIB)),
        Case::accepted(
            "request.size.unknown-member.64-kib",
            "ignores an unknown member of 64 KiB",
            &rules::SIZE_SERVED,
        )
        .sends(|token| large_member(token, 64 * KIB)),
    ]
}

fn refused() -> Vec<Case> {
    const SIZES: [(&str, &str, usize); 3] =
        [("64-kib", "64 KiB", 64 * KIB), ("1-mib", "1 MiB", MIB), ("10-mib", "10 MiB", 10 * MIB)];
    let tokens = SIZES.into_iter().map(|(id, words, size)| {
        let case =
            Case::refused(format!("request.size.token.{id}"), format!("refuses a token of {words}"), &rules::SIZE)
                .may_close()
                .sends(move |_| Request::start(&"a".repeat(size)));
        if size > MIB { case.large() } else { case }
    });
    let behind = Case::refused(
        "request.size.token.behind",
        "refuses a token with 1 MiB of the pattern's characters behind",
        &rules::SIZE,
    )
    .may_close()
    .sends(|token| Request::start(&(token.to_owned() + &"=".repeat(MIB))));
    // Patterns that backtrack take time that grows faster than the text.
    let pattern = Case::refused(
        "request.size.token.pattern",
        "refuses 64 KiB within the pattern and one character outside it",
        &rules::SIZE,
    )
    .may_close()
    .sends(|_| Request::start(&("a-_=.".repeat(64 * KIB / 5) + "!")));
    let dots = Case::refused("request.size.token.dots", "refuses a token of 64 KiB of dots", &rules::SIZE)
        .may_close()
        .sends(|_| Request::start(&".".repeat(64 * KIB)));
    tokens.chain([behind, pattern, dots]).collect()
}

fn either() -> Vec<Case> {
    type Make = fn(&str, usize) -> Request;
    const KINDS: [(&str, &str, Make); 2] = [
        ("white-space", "of white space around a valid input", padded),
        ("unknown-member", "in an unknown member", large_member),
    ];
    KINDS
        .into_iter()
        .flat_map(|(kind, what, make)| {
            [("1-mib", "1 MiB", MIB), ("10-mib", "10 MiB", 10 * MIB)].map(|(id, words, size)| {
                let id = format!("request.size.{kind}.{id}");
                let title = format!("survives {words} {what}");
                let case = survived(id, title, &rules::SIZE, true, move |token| make(token, size));
                if size > MIB { case.large() } else { case }
            })
        })
        .collect()
}

/// Half of the white space in front, half behind.
fn padded(token: &str, size: usize) -> Request {
    let half = " ".repeat(size / 2);
    Request::start_with_body(format!(r#"{half}{{"AccessToken":"{token}"}}{half}"#))
}

fn large_member(token: &str, size: usize) -> Request {
    // In place: each copy more of ten mebibytes would count in the memory of the whole run.
    let mut value = "a".repeat(size);
    value.insert(0, '"');
    value.push('"');
    Request::start_with_body(with_unknown(token, &value))
}
