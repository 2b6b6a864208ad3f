//! Values that differ from run to run, told by their shape.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};

/// Words before a number that counts characters of what was sent; tokens are not of one length.
const COUNTERS: [&str; 5] = ["column ", "position ", "offset ", "char ", "byte "];

/// The shape of a random value: a challenge, a handle, a credential's id.
///
/// Of values that are readable text inside, that is told too: then they are names, and not random.
pub(crate) fn of_random(text: &str) -> String {
    if text.is_empty() {
        return "<empty>".to_owned();
    }
    if is_uuid(text) {
        return "<uuid>".to_owned();
    }
    let forms = [
        (BASE64URL_NOPAD, "base64url"),
        (BASE64URL, "padded base64"),
        (BASE64, "padded base64"),
        (BASE64_NOPAD, "base64"),
    ];
    for (encoding, name) in forms {
        if let Ok(bytes) = encoding.decode(text.as_bytes()) {
            let n = bytes.len();
            return if bytes.iter().all(|byte| byte.is_ascii_graphic()) {
                format!("<{name} of {n} bytes of ASCII>")
            } else {
                format!("<{name}, {n} bytes>")
            };
        }
    }
    format!("<text, {} characters>", text.chars().count())
}

/// The shape of a time in seconds since 1970.
pub(super) fn of_seconds(number: &str) -> &'static str {
    match number.parse::<f64>() {
        Ok(seconds) if seconds >= 1e12 => "<milliseconds since 1970>",
        Ok(_) if number.contains(['.', 'e', 'E']) => "<seconds since 1970, with a fraction>",
        Ok(_) => "<seconds since 1970>",
        Err(_) => "<no number>",
    }
}

/// The shape of a request id.
pub(super) fn of_request_id(text: &str) -> String {
    let n = text.len();
    match text {
        _ if is_uuid(text) => "<uuid>".to_owned(),
        "" => "<empty>".to_owned(),
        _ if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => format!("<hex, {n} characters>"),
        _ => format!("<text, {} characters>", text.chars().count()),
    }
}

/// The text with its volatile words replaced: UUIDs, ids, names that the harness made up, times, ports.
pub(crate) fn in_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word_end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if word_end == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(word_end);
        rest = match clock(word, after) {
            Some(after_clock) => {
                out.push_str("<time>");
                after_clock
            }
            None => {
                let shown = in_word(word, &out, after).unwrap_or(word);
                out.push_str(shown);
                after
            }
        };
    }
    out
}

fn in_word(word: &str, before: &str, after: &str) -> Option<&'static str> {
    if is_uuid(word) {
        return Some("<uuid>");
    }
    if is_pool_id(word) {
        return Some("<pool id>");
    }
    if word.len() > "cogspec-".len() && word.starts_with("cogspec-") {
        let domain_follows =
            after.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        return Some(if domain_follows { "<prefix>" } else { "<username>" });
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        let is_epoch = (word.len() == 10 || word.len() == 13) && word.starts_with(['1', '2']);
        return match () {
            () if COUNTERS.iter().any(|counter| before.ends_with(counter)) => Some("<n>"),
            () if before.ends_with("localhost:") || before.ends_with("127.0.0.1:") => Some("<port>"),
            () if is_epoch => Some("<time>"),
            () => None,
        };
    }
    // Segments of tokens; names that long have no digits.
    match word.len() {
        40.. => Some("<long word>"),
        20.. if word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic()) => {
            Some("<id>")
        }
        _ => None,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn is_uuid(text: &str) -> bool {
    // The library also takes forms without hyphens and with braces, which are other shapes.
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

/// `us-east-1_AbCdEfGhI`, or with `local` in place of a region as some emulators make it.
fn is_pool_id(word: &str) -> bool {
    let Some((region, id)) = word.split_once('_') else { return false };
    let is_region = region.matches('-').count() >= 2
        && region.ends_with(|c: char| c.is_ascii_digit())
        && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (is_region || region == "local") && id.len() >= 5 && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What follows a time such as `2026-08-04T10:11:12.345Z` or `10:11:12`, of which `word` is what is before the first colon.
fn clock<'a>(word: &str, after: &'a str) -> Option<&'a str> {
    let hour = word.get(word.len().checked_sub(2)?..)?;
    let is_date = |date: &str| date.len() == 11 && date.ends_with('T') && date.matches('-').count() == 2;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    let minutes = |at: usize| after.get(at..at + 1) == Some(":") && after.get(at + 1..at + 3).is_some_and(two_digits);
    if !(two_digits(hour) && (word.len() == 2 || is_date(&word[..word.len() - 2])) && minutes(0) && minutes(3)) {
        return None;
    }
    let after = &after[6..];
    Some(after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'Z' | '+')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatile_words_become_their_shape() {
        for (text, want) in [
            ("Access Token has expired", "Access Token has expired"),
            ("User pool us-east-1_Ab3dEfGhI does not exist.", "User pool <pool id> does not exist."),
            ("pool local_2abcDEF9", "pool <pool id>"),
            ("client 4k2j1h5g6f7d8s9a0q1w2e3r4t is gone", "client <id> is gone"),
            ("user cogspec-a1b2-3: no", "user <username>: no"),
            ("cogspec-a1b2-3@example.com", "<username>@example.com"),
            ("cogspec-a1b2-3.auth.us-east-1.amazoncognito.com", "<prefix>.auth.us-east-1.amazoncognito.com"),
            ("id 3257e760-7d0b-4e2b-bf1a-f742bf98221c.", "id <uuid>."),
            ("expired at 1767225600", "expired at <time>"),
            ("since 2026-01-01T10:11:12.345Z!", "since <time>!"),
            ("at 10:11:12", "at <time>"),
            ("a:10:1", "a:10:1"),
            ("at line 1 column 1071", "at line 1 column <n>"),
            ("http://127.0.0.1:40123/x", "http://127.0.0.1:<port>/x"),
            ("InvalidParameterException", "InvalidParameterException"),
            ("eyJraWQiOiJhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eiJ9.x", "<long word>.x"),
            ("9007199254740991 and 60000", "9007199254740991 and 60000"),
            ("é\u{0}ü", "é\u{0}ü"),
            ("", ""),
        ] {
            assert_eq!(in_text(text), want);
        }
    }

    #[test]
    fn random_values_have_shapes() {
        for (text, want) in [
            ("f3Tq_wABAgMEBQYHCAkKCw", "<base64url, 16 bytes>"),
            ("f3Tq/wABAgMEBQYHCAkKCw", "<base64, 16 bytes>"),
            ("f3Tq_wABAgMEBQYHCAkKCw==", "<padded base64, 16 bytes>"),
            ("f3Tq/wABAgMEBQYHCAkKCw==", "<padded base64, 16 bytes>"),
            ("dXNlci0x", "<base64url of 6 bytes of ASCII>"),
            ("3257e760-7d0b-4e2b-bf1a-f742bf98221c", "<uuid>"),
            ("not base64!", "<text, 11 characters>"),
            ("", "<empty>"),
        ] {
            assert_eq!(of_random(text), want);
        }
    }
}
