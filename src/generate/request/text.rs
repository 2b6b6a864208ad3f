//! Defects of the body's JSON text: syntax, white space and escapes, size and depth.

use arbitrary::Unstructured;

use super::Layer::Body;
use super::Right::{Either, Refused, RefusedAs, Served};
use super::rows::json::{BROKEN, CHOICES, ESCAPES, LENIENT, NO_VALUES, WHITE_SPACE};
use super::rows::{fill, nested, with_unknown};
use super::{RequestDefect, Right, row};
use crate::cognito::rules::request as rules;
use crate::generate::count;

const UNREADABLE: Right = RefusedAs(&["SerializationException"], &rules::JSON_CLASS_OTHER);
const UNREADABLE_OR_INVALID: Right =
    RefusedAs(&["SerializationException", "InvalidParameterException"], &rules::JSON_CLASS_OTHER);

/// Bodies up to this size are served; see `request.size.served`.
const SERVED_SIZE: usize = 64 * 1024;

/// The opening and closing halves of deep values.
const HALVES: [(&str, &str); 3] = [("[", "]"), (r#"{"a":"#, "}"), (r#"[{"a":["#, "]}]")];

/// A text that is no JSON for want of quotation marks, say, can be some with a token such as `null`.
fn no_json(text: String) -> String {
    if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() { format!("{text}}}") } else { text }
}

pub(super) static DEFECTS: &[RequestDefect] = &[
    RequestDefect::new("json.cut", Body, &rules::JSON, UNREADABLE, |request, _, u| {
        let end = u.int_in_range(1..=request.body.len().saturating_sub(1).max(1))?;
        let body = request.body[..end].to_vec();
        Ok(request.body(body))
    }),
    RequestDefect::new("json.broken", Body, &rules::JSON, UNREADABLE, |request, token, u| {
        Ok(request.body(no_json(fill(row(u, BROKEN)?, token))))
    }),
    RequestDefect::new("json.lenient", Body, &rules::JSON_STRICT, UNREADABLE, |request, token, u| {
        Ok(request.body(no_json(fill(row(u, LENIENT)?, token))))
    }),
    RequestDefect::new("json.value", Body, &rules::JSON_STRICT, UNREADABLE, |request, token, u| {
        Ok(request.body(with_unknown(token, row(u, NO_VALUES)?)))
    }),
    RequestDefect::new("json.control-character", Body, &rules::JSON_STRICT, UNREADABLE, |mut request, _, u| {
        // Neither white space nor part of a string, wherever it stands.
        let character = *u.choose(&[0, 1, 8, 0xb, 0xc, 0x1b, 0x1f])?;
        let at = u.int_in_range(0..=request.body.len())?;
        request.body.insert(at, character);
        Ok(request)
    }),
    RequestDefect::new("json.choice", Body, &rules::JSON_CHOICE, Either, |request, token, u| {
        Ok(request.body(with_unknown(token, row(u, CHOICES)?)))
    }),
    RequestDefect::new("json.white-space", Body, &rules::JSON_WHITE_SPACE, Served, |request, token, u| {
        Ok(request.body(fill(row(u, WHITE_SPACE)?, token)))
    }),
    RequestDefect::new("json.white-space.around", Body, &rules::JSON_WHITE_SPACE, Served, |mut request, _, u| {
        let space = u.choose(&[" ", "\r\n", "\t"])?.repeat(u.int_in_range(1..=100)?);
        request.body.splice(0..0, space.bytes());
        request.body.extend(space.bytes());
        Ok(request)
    }),
    RequestDefect::new("json.escapes", Body, &rules::JSON_ESCAPES, Served, |request, token, u| {
        Ok(request.body(fill(row(u, ESCAPES)?, token)))
    }),
    RequestDefect::new("json.escapes.any", Body, &rules::JSON_ESCAPES, Served, |request, token, u| {
        // Not the signature: a report finds a secret only as it is written.
        let (header, rest) = match token.split_once('.') {
            Some((header, rest)) => (header, format!(r"\u002E{rest}")),
            None => (token, String::new()),
        };
        let (name, header) = (escaped("AccessToken", u)?, escaped(header, u)?);
        Ok(request.body(format!(r#"{{"{name}":"{header}{rest}"}}"#)))
    }),
    RequestDefect::new("depth.unknown-member", Body, &rules::DEPTH, Either, |request, token, u| {
        Ok(request.body(with_unknown(token, &deep(u)?)))
    }),
    RequestDefect::new("depth.token", Body, &rules::MEMBER_TYPE, UNREADABLE, |request, _, u| {
        Ok(request.body(format!(r#"{{"AccessToken":{}}}"#, deep(u)?)))
    }),
    // Where depth has no limit, objects are read as an input without its member.
    RequestDefect::new("depth.body", Body, &rules::JSON_OBJECT, UNREADABLE_OR_INVALID, |request, _, u| {
        Ok(request.body(deep(u)?))
    }),
    RequestDefect::new("size.white-space", Body, &rules::SIZE_SERVED, Served, |mut request, _, u| {
        let half = u.int_in_range(0..=SERVED_SIZE / 2 - request.body.len().min(SERVED_SIZE / 2))?;
        request.body.splice(0..0, std::iter::repeat_n(b' ', half));
        request.body.extend(std::iter::repeat_n(b' ', half));
        Ok(request)
    })
    .large(),
    RequestDefect::new("size.unknown-member", Body, &rules::SIZE_SERVED, Served, |request, token, u| {
        let size = u.int_in_range(0..=SERVED_SIZE - token.len().min(SERVED_SIZE / 2) - 100)?;
        Ok(request.body(with_unknown(token, &format!("\"{}\"", "a".repeat(size)))))
    })
    .large(),
    RequestDefect::new("size.large", Body, &rules::SIZE, Either, |request, token, u| {
        let size = u.int_in_range(SERVED_SIZE..=4 * SERVED_SIZE)?;
        Ok(request.body(with_unknown(token, &format!("\"{}\"", "a".repeat(size)))))
    })
    .large()
    .may_close(),
    RequestDefect::new("size.token", Body, &rules::SIZE, Refused, |request, token, u| {
        let size = 1 << u.int_in_range(10..=16)?;
        let text = match u.int_in_range(0..=3)? {
            0 => "a".repeat(size),
            1 => ".".repeat(size),
            2 => format!("{token}{}", "=".repeat(size)),
            // Patterns that backtrack take time that grows faster than the text.
            _ => format!("{}!", "a-_=.".repeat(size / 5)),
        };
        Ok(request.body(format!(r#"{{"AccessToken":"{text}"}}"#)))
    })
    .large()
    .may_close(),
];

/// The same JSON string in other words: the first character and some others as escapes. `text` stands between quotation marks.
fn escaped(text: &str, u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    // What is an escape already would fall into pieces.
    let plain: String = serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.to_owned());
    let mut escaped = String::new();
    for (n, c) in plain.chars().enumerate() {
        let units = c.encode_utf16(&mut [0; 2]).to_vec();
        match (n, u.int_in_range(0..=3)?) {
            (0, _) | (_, 1) => units.iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
            (_, 2) => units.iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04X}"))),
            _ if c.is_control() || matches!(c, '"' | '\\') => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => escaped.push(c),
        }
    }
    Ok(escaped)
}

/// A value of up to 10,000 levels, and at least a hundred.
fn deep(u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let (open, close) = *u.choose(&HALVES)?;
    Ok(nested(count(u, 100, 200, 3333)?, open, close))
}
