//! Header and claims as JSON text: one object each, in UTF-8 (RFC 7519, 7.2), under a valid signature.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use super::edit::{Broken, accepted, message, observed};
use crate::cognito::Rule;
use crate::cognito::rules::{request, token};
use crate::suite::Case;
use crate::token::Draft;

pub(super) fn cases() -> Vec<Case> {
    [malformed(), empty_objects(), duplicates(), encodings(), unusual()].concat()
}

/// A labelled edit of JSON text, into bytes that are no JSON object.
type JsonEdit = (&'static str, &'static str, fn(&str) -> Vec<u8>);

const MALFORMED: &[JsonEdit] = &[
    ("not-json", "not JSON", |_| b"not JSON".to_vec()),
    ("array", "an array that holds the object", |text| format!("[{text}]").into()),
    ("string", "a string that holds the object", |text| Value::from(text).to_string().into()),
    ("number", "a number", |_| b"1".to_vec()),
    ("true", "`true`", |_| b"true".to_vec()),
    ("null", "`null`", |_| b"null".to_vec()),
    ("encoded-twice", "encoded twice", |text| BASE64URL_NOPAD.encode(text.as_bytes()).into()),
    ("trailing-text", "followed by other text", |text| format!("{text}x").into()),
    ("two-documents", "followed by an empty object", |text| format!("{text}{{}}").into()),
    ("trailing-comma", "an object with a trailing comma", |text| with_member(text, "", "").into()),
    ("truncated", "an object that is not closed", |text| text.get(..text.len() - 1).unwrap_or_default().into()),
    ("comment", "an object with a comment", |text| format!("{text}/* cogspec */").into()),
    ("single-quotes", "an object with single quotes", |text| text.replace('"', "'").into()),
    ("line-break-in-string", "an object with a line feed in a string", |text| with_member(text, "\n", "1").into()),
    ("not-a-number", "an object with the number NaN", |text| with_member(text, "cogspec", "NaN").into()),
    ("invalid-utf8", "an object that is not UTF-8", |text| not_utf8(&with_member(text, "\u{1a}", "1"))),
    ("utf16", "in UTF-16", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
];

fn malformed() -> Vec<Case> {
    let malformed = |(name, what, edit): &JsonEdit| {
        let (name, what, edit) = (*name, *what, *edit);
        [
            Broken::new("json", &token::HEADER, &token::CLASS).signed_message(
                &format!("header-{name}"),
                &format!("whose header is {what}"),
                move |draft| raw(&edit(&draft.header_text()), draft.claims_text().as_bytes()),
            ),
            Broken::new("json", &token::CLAIMS, &token::CLASS).signed_message(
                &format!("claims-{name}"),
                &format!("whose claims are {what}"),
                move |draft| raw(draft.header_text().as_bytes(), &edit(&draft.claims_text())),
            ),
        ]
    };
    MALFORMED.iter().flat_map(malformed).collect()
}

fn empty_objects() -> Vec<Case> {
    vec![
        Broken::new("json", &token::ALGORITHM, &token::CLASS).signed(
            "header-empty-object",
            "whose header is an empty object",
            |draft| Draft { header: Map::new(), ..draft },
        ),
        Broken::new("json", &token::TOKEN_USE, &token::CLASS).signed(
            "claims-empty-object",
            "whose claims are an empty object",
            |draft| Draft { claims: Map::new(), ..draft },
        ),
    ]
}

/// Members that stand there twice, the right value first: whether a server refuses the token or takes the last value,
/// the token is refused (RFC 7515, 4; RFC 7519, 4).
fn duplicates() -> Vec<Case> {
    let broken = Broken::new("json", &token::DUPLICATE_CLAIM, &token::CLAIMS_CLASS);
    let claims: &[(&str, Value)] = &[
        ("token_use", json!("id")),
        ("scope", json!("openid")),
        ("exp", json!(1)),
        ("iss", json!("https://issuer.example")),
    ];
    let claims = claims.iter().map(|(claim, value)| {
        let (name, what) = (claim.replace('_', "-"), format!("with a second `{claim}` that is wrong"));
        let (claim, value) = (*claim, value.to_string());
        broken.signed_message(&format!("duplicate-{name}"), &what, move |draft| {
            raw(draft.header_text().as_bytes(), with_member(&draft.claims_text(), claim, &value).as_bytes())
        })
    });
    let header = broken.signed_message("duplicate-alg", "with a second `alg` that is `none`", |draft| {
        raw(with_member(&draft.header_text(), "alg", r#""none""#).as_bytes(), draft.claims_text().as_bytes())
    });
    claims.chain([header]).collect()
}

fn encodings() -> Vec<Case> {
    vec![
        observed(
            "json",
            "header-byte-order-mark",
            "whose header begins with a byte order mark",
            &token::BYTE_ORDER_MARK,
            |draft| raw(format!("\u{feff}{}", draft.header_text()).as_bytes(), draft.claims_text().as_bytes()),
        ),
        observed(
            "json",
            "claims-byte-order-mark",
            "whose claims begin with a byte order mark",
            &token::BYTE_ORDER_MARK,
            |draft| raw(draft.header_text().as_bytes(), format!("\u{feff}{}", draft.claims_text()).as_bytes()),
        ),
        observed("json", "deep", "with a claim that is nested 10,000 deep", &token::DEPTH, |draft| {
            let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
            raw(draft.header_text().as_bytes(), with_member(&draft.claims_text(), "cogspec", &deep).as_bytes())
        }),
    ]
}

/// Other spellings of the same JSON.
fn unusual() -> Vec<Case> {
    let spelled = |name: &str, what: &str, rule: &'static Rule, edit: fn(&str) -> String| {
        accepted("json", name, what, rule, move |draft| {
            raw(edit(&draft.header_text()).as_bytes(), edit(&draft.claims_text()).as_bytes())
        })
    };
    vec![
        spelled("white-space", "with white space around its JSON tokens", &request::JSON_WHITE_SPACE, |text| {
            format!(" {}\r\n\t", text.replace("\":", "\" :\n"))
        }),
        spelled("escaped-slashes", "whose slashes are escaped, as Cognito does", &request::JSON_ESCAPES, |text| {
            text.replace('/', "\\/")
        }),
        spelled("escaped-names", "with escaped letters in its names", &request::JSON_ESCAPES, |text| {
            text.replace("\"alg\"", "\"\\u0061lg\"").replace("\"token_use\"", "\"token\\u005Fuse\"")
        }),
        accepted("json", "members-reversed", "whose members are in another order", &token::MEMBER_ORDER, |draft| {
            let reversed = |members: Map<String, Value>| members.into_iter().rev().collect();
            message(&Draft { header: reversed(draft.header), claims: reversed(draft.claims) })
        }),
    ]
}

/// What is signed, of header and claims as bytes.
fn raw(header: &[u8], claims: &[u8]) -> String {
    format!("{}.{}", BASE64URL_NOPAD.encode(header), BASE64URL_NOPAD.encode(claims))
}

/// A JSON object's text with one more member at its end; without a name, with a comma only.
fn with_member(object: &str, name: &str, value: &str) -> String {
    let members = object.trim_end().strip_suffix('}').unwrap_or(object);
    if name.is_empty() { format!("{members},}}") } else { format!("{members},\"{name}\":{value}}}") }
}

/// The text with a byte that is never in UTF-8 in place of the placeholder.
fn not_utf8(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte == 0x1a { 0xff } else { byte }).collect()
}
