//! Exchanges for readers: a curl line that repeats the request, and the answer, both without secrets.

use super::event::ExchangeReport;
use crate::suite::Recorded;
use crate::target::{Endpoint, Secrets};
use crate::wire::millis;
use crate::wire::{Framing, Request, Response, beginning, is_invisible};

/// The most of an answer that is shown, in characters.
const ANSWER_LIMIT: usize = 4 * 1024;

/// The most of an answer's body that is redacted to be shown, in bytes. Secrets are much shorter than what is left over.
const REDACTED_LIMIT: usize = 16 * ANSWER_LIMIT;

/// The most of a request's body that a command line holds, in bytes.
const BODY_LIMIT: usize = 8 * 1024;

/// The most exchanges of one case that are shown; what follows is more of the same.
const EXCHANGES: usize = 8;

/// The first exchanges of a case, as reports show them.
pub(super) fn exchanges(recorded: &[Recorded], endpoint: &Endpoint, secrets: &Secrets) -> Vec<ExchangeReport> {
    recorded.iter().take(EXCHANGES).map(|recorded| exchange(recorded, endpoint, secrets)).collect()
}

/// One exchange for reports, redacted.
pub(crate) fn exchange(recorded: &Recorded, endpoint: &Endpoint, secrets: &Secrets) -> ExchangeReport {
    let (status, answer) = match &recorded.exchange.result {
        Ok(response) => (Some(response.status), answer(response, secrets)),
        Err(e) => (None, printable(&secrets.clean(&e.to_string()))),
    };
    ExchangeReport {
        role: recorded.role,
        curl: redacted(curl(&recorded.exchange.request, endpoint, recorded.token.as_deref()), secrets),
        status,
        class: printable(&secrets.clean(&recorded.classification.name())),
        message: recorded.classification.message.as_ref().map(|message| printable(&secrets.clean(beginning(message)))),
        answer,
        elapsed_ms: millis(recorded.exchange.elapsed),
    }
}

/// A line that holds a secret in part, or in an encoding of its own, cannot be shown at all.
fn redacted(line: String, secrets: &Secrets) -> String {
    let line = secrets.redact(&line);
    if secrets.are_hidden_in(&line) {
        "# the token stands in it in part or in another encoding; cogspec itself repeats it".to_owned()
    } else {
        line
    }
}

fn answer(response: &Response, secrets: &Secrets) -> String {
    let mut text = format!("HTTP {}\n", response.status);
    for (name, value) in &response.headers {
        text.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value)));
    }
    text.push('\n');
    text.push_str(&String::from_utf8_lossy(&response.body[..response.body.len().min(REDACTED_LIMIT)]));
    // A secret that is cut would not be found, so that it is redacted before.
    let text = printable(&secrets.redact(&text));
    if secrets.are_hidden_in(&text) {
        return format!("HTTP {} (the token stands in the answer, in part or in another encoding)", response.status);
    }
    match text.char_indices().nth(ANSWER_LIMIT) {
        Some((limit, _)) => format!("{}… ({} bytes in all)", &text[..limit], response.body.len()),
        None => text,
    }
}

/// The text without what could steer a terminal, reorder a line or hide in it: such characters are written as escapes; line
/// breaks stay.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) && c != '\n' {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A command line that sends the request. The access token is the shell variable `ACCESS_TOKEN`; a token that was derived
/// from it is put together from parts of that variable.
fn curl(request: &Request, endpoint: &Endpoint, token: Option<&str>) -> String {
    if let Framing::Raw(bytes) = &request.framing {
        return raw_socket(bytes, endpoint, token);
    }
    let mut line = format!("curl -sS -i '{endpoint}{}'", request.path.replace('\'', "%27"));
    if request.method != "POST" {
        line.push_str(&format!(" -X {}", quoted(request.method.as_bytes(), token)));
    }
    for name in ["Content-Type"] {
        if request.header_value(name).is_none() {
            // curl adds one by itself.
            line.push_str(&format!(" -H '{name}:'"));
        }
    }
    for (name, value) in &request.headers {
        let header =
            if value.is_empty() { format!("{name};").into_bytes() } else { [name.as_bytes(), b": ", value].concat() };
        line.push_str(&format!(" -H {}", quoted(&header, token)));
    }
    if request.body.len() > BODY_LIMIT {
        line.push_str(&format!(" --data-binary @BODY  # a body of {} bytes", request.body.len()));
    } else {
        line.push_str(&format!(" --data-binary {}", quoted(&request.body, token)));
    }
    line
}

/// What curl would repair goes out by bash itself, which has sockets.
fn raw_socket(bytes: &[u8], endpoint: &Endpoint, token: Option<&str>) -> String {
    let authority = endpoint.to_string();
    let (host, port) = (endpoint.host(), endpoint.port());
    let host_header = authority.split_once("//").map_or(authority.as_str(), |(_, authority)| authority);
    let bytes = String::from_utf8_lossy(bytes).replace("{host}", host_header);
    let scheme = if endpoint.is_tls() { "https" } else { "http" };
    let bytes = bytes.replace("{scheme}", scheme).into_bytes();
    if bytes.len() > BODY_LIMIT {
        return format!("# a request of {} bytes on a socket; cogspec itself repeats it", bytes.len());
    }
    let bytes = quoted(&bytes, token);
    if endpoint.is_tls() {
        format!("printf %s {bytes} | openssl s_client -quiet -connect {host}:{port}")
    } else {
        format!("(exec 3<>/dev/tcp/{host}/{port}; printf %s {bytes} >&3; timeout 5 cat <&3)")
    }
}

/// The bytes as one word of bash, in which the token and what was derived from it are the variable `ACCESS_TOKEN`.
fn quoted(bytes: &[u8], token: Option<&str>) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else { return quoted_bytes(bytes, token) };
    match token.and_then(|token| derived(text, token)) {
        Some((before, middle, after)) => format!("{}{middle}{}", literal(before), literal(after)),
        None => literal(text),
    }
}

/// The same for bytes that are no text. A token is ASCII, so it is found where each byte stands for a character.
fn quoted_bytes(bytes: &[u8], token: Option<&str>) -> String {
    let text: String = bytes.iter().copied().map(char::from).collect();
    // Characters up to U+00FF, each of which was a byte.
    let bytes_of = |part: &str| -> Vec<u8> { part.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect() };
    match token.and_then(|token| derived(&text, token)) {
        Some((before, middle, after)) => format!("{}{middle}{}", ansi_c(&bytes_of(before)), ansi_c(&bytes_of(after))),
        None => ansi_c(bytes),
    }
}

fn literal(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else if text.chars().any(|c| is_invisible(c) || c == '\'') {
        ansi_c(text.as_bytes())
    } else {
        format!("'{text}'")
    }
}

/// Bash's `$'…'`.
fn ansi_c(bytes: &[u8]) -> String {
    let escaped: String = bytes
        .iter()
        .map(|byte| match byte {
            b'\'' => "\\'".to_owned(),
            b'\\' => "\\\\".to_owned(),
            b'\r' => "\\r".to_owned(),
            b'\n' => "\\n".to_owned(),
            0x20..=0x7e => char::from(*byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        })
        .collect();
    format!("$'{escaped}'")
}

/// Splits a text into what stands before the token, the token put together from the variable, and what stands after it.
///
/// A derived token shares a beginning and an end with the real one. What lies between is written out, which tells nothing
/// that the valid token's signature would be needed for.
fn derived<'a>(text: &'a str, token: &str) -> Option<(&'a str, String, &'a str)> {
    const SHARED: usize = 16;
    if let Some(at) = text.find(token) {
        return Some((&text[..at], "\"$ACCESS_TOKEN\"".to_owned(), &text[at + token.len()..]));
    }
    let start = text.find(token.get(..SHARED)?)?;
    let tail = token.get(token.len().checked_sub(SHARED)?..)?;
    let body = &text[start..];
    let head = body.bytes().zip(token.bytes()).take_while(|(a, b)| a == b).count();
    let prefix = format!("\"${{ACCESS_TOKEN:0:{head}}}\"");
    let Some(end) = body.rfind(tail).map(|at| at + SHARED).filter(|end| *end > head) else {
        return Some((&text[..start], prefix, &body[head..]));
    };
    let shared = body[..end].bytes().rev().zip(token.bytes().rev()).take_while(|(a, b)| a == b).count();
    let shared = shared.min(end - head).min(token.len());
    let middle = literal(&body[head..end - shared]);
    let suffix = format!("\"${{ACCESS_TOKEN:{}}}\"", token.len() - shared);
    Some((&text[..start], format!("{prefix}{middle}{suffix}"), &body[end..]))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;
    use std::time::Duration;

    use arbitrary::Unstructured;
    use proptest::prelude::*;

    use super::*;
    use crate::cognito::START;
    use crate::generate::{request, token};
    use crate::suite::Role;
    use crate::token::Key;
    use crate::wire::{Exchange, classify};

    const TOKEN: &str = "eyJraWQiOiJhIiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLWJ5dGVz";

    fn in_bash(word: &str) -> String {
        let output = std::process::Command::new("bash")
            .args(["-c", &format!("printf %s {word}")])
            .env("ACCESS_TOKEN", TOKEN)
            .output()
            .unwrap();
        assert!(output.status.success(), "{word}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn a_quoted_word_is_the_text_again_in_bash() {
        let tampered = TOKEN.replace("ODkw", "ODkx");
        let bodies = [
            format!(r#"{{"AccessToken":"{TOKEN}"}}"#),
            format!(r#"{{"AccessToken":"{tampered}"}}"#),
            format!(r#"{{"AccessToken":"{}"}}"#, &TOKEN[..40]),
            format!("{TOKEN}{TOKEN}"),
            format!(" {TOKEN}\t'\\\r\n"),
            TOKEN.replace('.', ".."),
            TOKEN.replacen('.', "", 1),
            format!("{}.{}", TOKEN, "c2lnbmF0dXJlLWJ5dGVz"),
            "it's \u{e9}".to_owned(),
        ];
        for body in bodies {
            let word = quoted(body.as_bytes(), Some(TOKEN));
            assert_eq!(in_bash(&word), body, "{word}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_the_same_again_in_bash() {
        let body = [b"\x1f\x8b\xff'\\", TOKEN.as_bytes(), b"\xe2\x82"].concat();
        let word = quoted(&body, Some(TOKEN));
        let printed = std::process::Command::new("bash")
            .args(["-c", &format!("printf %s {word}")])
            .env("ACCESS_TOKEN", TOKEN)
            .output()
            .unwrap();
        assert_eq!(printed.stdout, body, "{word}");
        assert!(word.contains("$ACCESS_TOKEN") && !word.contains(TOKEN), "{word}");
    }

    #[test]
    fn a_whole_token_is_never_written_out() {
        let tampered = TOKEN.replace("ODkw", "ODkx");
        for text in [TOKEN.to_owned(), tampered, format!("{TOKEN}x")] {
            assert!(!quoted(text.as_bytes(), Some(TOKEN)).contains("c2lnbmF0dXJl"));
        }
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\nd");
    }

    /// A token with a real signature.
    fn signed() -> &'static str {
        static SIGNED: LazyLock<String> = LazyLock::new(|| {
            let key = Key::from_pem("a", include_str!("../../tests/data/test-key.pem")).unwrap();
            let base = token::Base::example(token::Signer::key(key));
            token::with(&mut Unstructured::new(&[]), &base, Vec::new()).unwrap().text
        });
        &SIGNED
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is sent, and though the server echoes all of it.
        #[test]
        fn a_report_never_holds_the_tokens_signature(
            bytes in prop::collection::vec(any::<u8>(), 0..300), before in 0..2 * ANSWER_LIMIT,
        ) {
            let token = signed();
            let request::Drawn { request, defects } =
                request::draw_for_socket(&mut Unstructured::new(&bytes), token).unwrap();
            let sent = match &request.framing {
                Framing::Raw(bytes) => bytes,
                Framing::Length => &request.body,
            };
            // A parser's words are often its input.
            let said = serde_json::json!({ "message": String::from_utf8_lossy(sent) }).to_string().into_bytes();
            let body = [vec![b' '; before].as_slice(), if before % 2 == 0 { sent } else { &said }].concat();
            let response = Response { status: 400, headers: vec![("x-echo".to_owned(), token.into())], body };
            let classification = classify(&START, &response);
            let exchange = Exchange { request: request.into(), result: Ok(response), elapsed: Duration::ZERO };
            let recorded = Recorded {
                case: "a".into(), role: Role::Test, exchange, classification, findings: Vec::new(), token: Some(token.into()),
            };
            let secrets = Secrets::default();
            secrets.add(token);
            let report = super::exchange(&recorded, &Endpoint::parse("http://127.0.0.1:1").unwrap(), &secrets);
            let (_, signature) = token.rsplit_once('.').unwrap();
            for text in [serde_json::to_string(&report).unwrap(), report.curl, report.answer] {
                // Any run of it that is too long to be guessed.
                let part = (0..signature.len() - 47).find(|at| text.contains(&signature[*at..*at + 47]));
                prop_assert_eq!(part, None, "{:?}: {}", defects, text);
                prop_assert!(!secrets.are_hidden_in(&text), "{:?}: {}", defects, text);
            }
        }
    }
}
