//! Exchanges for readers: a curl line that repeats the request, and the answer, both without secrets.

use super::event::ExchangeReport;
use super::outcome::millis;
use crate::suite::Recorded;
use crate::target::{Endpoint, Secrets};
use crate::wire::{Framing, Request, Response};

/// The most of an answer that is shown, in bytes.
const ANSWER_LIMIT: usize = 4 * 1024;

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
        Ok(response) => (Some(response.status), answer(response)),
        Err(e) => (None, e.to_string()),
    };
    ExchangeReport {
        role: recorded.role,
        curl: redacted(curl(&recorded.exchange.request, endpoint, recorded.token.as_deref()), secrets),
        status,
        class: recorded.classification.name().into_owned(),
        message: recorded.classification.message.as_ref().map(|message| printable(&secrets.redact(message))),
        answer: printable(&secrets.redact(&answer)),
        elapsed_ms: millis(recorded.exchange.elapsed),
    }
}

/// A line that holds a secret in an encoding of its own cannot be shown at all.
fn redacted(line: String, secrets: &Secrets) -> String {
    let line = secrets.redact(&line);
    if secrets.are_hidden_in(&line) {
        "# the token stands in it in another encoding; `cogspec run --filter` repeats it".to_owned()
    } else {
        line
    }
}

fn answer(response: &Response) -> String {
    let mut text = format!("HTTP {}\n", response.status);
    for (name, value) in &response.headers {
        text.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value)));
    }
    text.push('\n');
    text.push_str(&cut(&response.body, ANSWER_LIMIT));
    text
}

fn cut(bytes: &[u8], limit: usize) -> String {
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(limit)]).into_owned();
    if bytes.len() > limit { format!("{shown}… ({} bytes in all)", bytes.len()) } else { shown }
}

/// The text without what could steer a terminal or reorder a line: control characters and bidirectional overrides are
/// written as escapes; line breaks stay.
pub(crate) fn printable(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars().flat_map(|c| if steers(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
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
    let bytes = String::from_utf8_lossy(bytes).replace("{host}", host_header).into_bytes();
    if bytes.len() > BODY_LIMIT {
        return format!("# a request of {} bytes on a socket; `cogspec run --filter` repeats it", bytes.len());
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
    let text = String::from_utf8_lossy(bytes);
    if let Some((before, middle, after)) = token.and_then(|token| derived(&text, token)) {
        return format!("{}{middle}{}", literal(before), literal(after));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => literal(text),
        Err(_) => ansi_c(bytes),
    }
}

fn literal(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else if text.chars().any(|c| c.is_control() || c == '\'') {
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
    use super::*;

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
}
