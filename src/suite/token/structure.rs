//! Three segments with a period between each two, and nothing around them (RFC 7515, 7.1).

use super::edit::{Broken, TextEdit};
use crate::cognito::rules::token;
use crate::suite::Case;
use crate::token::Segments;

pub(super) fn cases() -> Vec<Case> {
    let broken = Broken::new("structure", &token::STRUCTURE, &token::CLASS);
    let malformed = MALFORMED.iter().map(|edit| broken.text(*edit));
    let outside = OUTSIDE_PATTERN.iter().map(|edit| Broken::pattern("structure").text(*edit));
    malformed.chain(outside).collect()
}

/// Texts of allowed characters that are no three segments, or not in their order.
const MALFORMED: &[TextEdit] = &[
    ("garbage", "that is a plain word", |_| "THIS_IS_NOT_VALID_TOKEN".to_owned()),
    ("equals-sign", "that is an equals sign", |_| "=".to_owned()),
    ("hyphen", "that is a hyphen", |_| "-".to_owned()),
    ("two-dots", "of three empty segments", |_| "..".to_owned()),
    ("one-segment", "of its header alone", |s| s.header.clone()),
    ("two-segments", "without its third segment", Segments::message),
    ("four-segments", "with its signature twice", |s| format!("{}.{}", s.join(), s.signature)),
    ("five-segments", "of five segments", |s| format!("{}.{}.{}", s.join(), s.claims, s.signature)),
    ("encrypted", "in the shape of an encrypted one", encrypted),
    ("no-dots", "without its periods", |s| format!("{}{}{}", s.header, s.claims, s.signature)),
    ("leading-dot", "with a period in front", |s| format!(".{}", s.join())),
    ("trailing-dot", "with a period at its end", |s| format!("{}.", s.join())),
    ("doubled-dot", "with two periods behind its header", |s| format!("{}..{}.{}", s.header, s.claims, s.signature)),
    ("header-empty", "with an empty header segment", |s| format!(".{}.{}", s.claims, s.signature)),
    ("detached-payload", "with an empty claims segment", |s| format!("{}..{}", s.header, s.signature)),
    ("header-and-claims-swapped", "with its header and claims swapped", |s| {
        format!("{}.{}.{}", s.claims, s.header, s.signature)
    }),
    ("reversed", "with its segments in reverse order", |s| format!("{}.{}.{}", s.signature, s.claims, s.header)),
    ("rotated", "with its signature in front", |s| format!("{}.{}.{}", s.signature, s.header, s.claims)),
    ("header-twice", "with its header in place of its claims", |s| {
        format!("{}.{}.{}", s.header, s.header, s.signature)
    }),
    ("twice", "that stands there twice", |s| format!("{0}{0}", s.join())),
    ("first-character-missing", "without its first character", |s| s.join().split_off(1)),
    ("truncated-in-header", "that ends within its header", |s| first_half(&s.header).to_owned()),
    ("truncated-in-claims", "that ends within its claims", |s| format!("{}.{}", s.header, first_half(&s.claims))),
];

/// Texts with a character that `[A-Za-z0-9-_=.]+` does not have.
const OUTSIDE_PATTERN: &[TextEdit] = &[
    ("bearer-prefix", "with `Bearer ` in front", |s| format!("Bearer {}", s.join())),
    ("leading-space", "with a space in front", |s| format!(" {}", s.join())),
    ("trailing-space", "with a space at its end", |s| format!("{} ", s.join())),
    ("trailing-newline", "with a line feed at its end", |s| format!("{}\n", s.join())),
    ("trailing-crlf", "with a line break of two characters at its end", |s| format!("{}\r\n", s.join())),
    ("trailing-tab", "with a tab at its end", |s| format!("{}\t", s.join())),
    ("trailing-no-break-space", "with a no-break space at its end", |s| format!("{}\u{a0}", s.join())),
    ("leading-byte-order-mark", "with a byte order mark in front", |s| format!("\u{feff}{}", s.join())),
    ("space-inside", "with a space behind its first period", |s| s.join().replacen('.', ". ", 1)),
    ("folded", "that is folded into lines", |s| folded(&s.join())),
    ("dots-escaped", "with its periods percent-encoded", |s| s.join().replace('.', "%2E")),
    ("other-full-stops", "with full-width full stops for its periods", |s| s.join().replace('.', "\u{ff0e}")),
    ("quoted", "in quotation marks", |s| format!("\"{}\"", s.join())),
    ("json-serialization", "in JWS JSON serialisation", |s| {
        let Segments { header, claims, signature } = s;
        serde_json::json!({ "protected": header, "payload": claims, "signature": signature }).to_string()
    }),
];

/// A compact JWE (RFC 7516, 7.1) of which only the header can be read; Cognito's refresh tokens look like it.
fn encrypted(_: &Segments) -> String {
    let header = data_encoding::BASE64URL_NOPAD.encode(br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#);
    format!("{header}.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA")
}

/// A half of the segment, cut where base64url can be cut.
fn first_half(segment: &str) -> &str {
    segment.get(..segment.len() / 8 * 4).unwrap_or_default()
}

/// Lines of 64 characters.
fn folded(text: &str) -> String {
    let mut folded = String::new();
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            folded.push('\n');
        }
        folded.push(c);
    }
    folded
}
