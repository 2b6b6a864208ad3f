//! What a request asks, told so that it is the same in a recorded run and in its replay.

use data_encoding::HEXLOWER;

use crate::snapshot::volatile_as_shapes;
use crate::tape::KEPT;
use crate::wire::{Framing, Request};

/// Headers that are made anew for each request (AWS Signature Version 4).
pub(super) const SIGNING: [&str; 3] = ["authorization", "x-amz-date", "x-amz-security-token"];

/// What a request asks: a digest of its method, path, headers and body, in which tokens, ids and times are their shapes.
///
/// Of a body that is not plain text nothing is in it, and of bytes on a socket the first line only: a token in them may be
/// in any encoding, and a replay has another signature. Of a long body only its beginning is in it: the rest is padding.
#[must_use]
pub fn asks(request: &Request) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, told(request).as_bytes());
    HEXLOWER.encode(&digest.as_ref()[..6])
}

fn told(request: &Request) -> String {
    if let Framing::Raw(bytes) = &request.framing {
        let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        return format!("socket {}", shape(&String::from_utf8_lossy(line)));
    }
    let mut text = format!("{} {}\n", request.method, shape(&request.path));
    for (name, value) in &request.headers {
        if !SIGNING.iter().any(|signing| name.eq_ignore_ascii_case(signing)) {
            text.push_str(&format!("{name}: {}\n", shape(&String::from_utf8_lossy(value))));
        }
    }
    let beginning = |body: &str| shape(&body[..body.floor_char_boundary(KEPT)]);
    text + &std::str::from_utf8(&request.body).map_or_else(|_| "bytes".to_owned(), beginning)
}

fn shape(text: &str) -> String {
    // Escapes, and base64 with signs that are no letters, cut a token where they happen to stand.
    let text = without_passwords(text);
    if ["\\u", "%", "+", "\0"].iter().any(|cuts| text.contains(cuts)) {
        return "escaped".to_owned();
    }
    volatile_as_shapes(&without_tokens(&text))
}

/// The text with its tokens told by how many segments they have: one that a case has made is cut, or has more signs in it.
/// Inside a word without segments the letters that a token begins with are chance.
fn without_tokens(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("eyJ") {
        let (before, from) = rest.split_at(start);
        let (token, after) = from.split_at(from.find('"').unwrap_or(from.len()));
        plain.push_str(before);
        if token.contains('.') || !plain.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
            plain.push_str(&format!("<token of {} segments>", token.split('.').count()));
        } else {
            plain.push_str(token);
        }
        rest = after;
    }
    plain + rest
}

/// The JSON without the values of members whose name ends with `password`.
fn without_passwords(text: &str) -> String {
    const MEMBER: &str = "password\":\"";
    let lower = text.to_ascii_lowercase();
    let (mut plain, mut from) = (String::with_capacity(text.len()), 0);
    while let Some(at) = lower[from..].find(MEMBER) {
        let value = from + at + MEMBER.len();
        plain.push_str(&text[from..value]);
        from = value + text[value..].find('"').unwrap_or(text.len() - value);
    }
    plain + &text[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiIzMjU3ZTc2MC03ZDBiIiwiZXhwIjoxfQ.c2lnbmF0dXJlLW9mLWEtdG9rZW4tdGhhdC1pcy1sb25n";

    #[test]
    fn what_a_replay_makes_anew_does_not_change_it() {
        let request = Request::start(TOKEN).header("X-Amz-Date", "20270115T080000Z");
        let again = Request::start(&TOKEN.replace("c2ln", "AAAA")).header("X-Amz-Date", "20270116T080000Z");
        assert_eq!(asks(&request), asks(&again));
        let key =
            |key: &str| Request::call("X", format!(r#"{{"publicKey":"{}{key}{}"}}"#, "A".repeat(40), "B".repeat(9)));
        assert_eq!(asks(&key("UAZ-deyJR3EmfYeyqSj1tCN")), asks(&key("EqSj1tCNUAZ-dR3EmfYey")));
        let password = |password: &str| Request::call("X", format!(r#"{{"PASSWORD":"{password}","a":1}}"#));
        assert_eq!(asks(&password("one")), asks(&password("another, longer")));
    }

    #[test]
    fn what_a_case_does_otherwise_changes_it() {
        let request = Request::start(TOKEN);
        for other in [
            Request::start(&format!("{TOKEN}.x")),
            Request::start(&format!(" {TOKEN}")),
            request.clone().method("PUT"),
            request.clone().path("/x"),
            request.clone().header("X-Amz-Target", "Other.StartWebAuthnRegistration"),
            request.clone().body(format!(r#"{{"accessToken":"{TOKEN}"}}"#)),
            request.clone().raw(),
        ] {
            assert_ne!(asks(&request), asks(&other), "{other:?}");
        }
    }
}
