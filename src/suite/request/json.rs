//! JSON text: what is no JSON, what only lenient readers take for it, and what is JSON though it looks odd.

use super::{Case, Request, Rows, SERIALIZATION, body, with_unknown};
use crate::cognito::Rule;
use crate::cognito::rules::request as rules;
use crate::generate::request::rows::json::{BROKEN, CHOICES, ESCAPES, LENIENT, NO_VALUES, WHITE_SPACE};

pub(super) fn cases() -> Vec<Case> {
    [texts(BROKEN, &rules::JSON), texts(LENIENT, &rules::JSON_STRICT), values(), choices(), accepted()].concat()
}

type Texts = Rows<&'static str>;

fn texts(texts: Texts, rule: &'static Rule) -> Vec<Case> {
    texts
        .iter()
        .map(|(id, what, text)| {
            Case::refused(format!("request.json.{id}"), format!("refuses {what}"), rule)
                .class(SERIALIZATION, &rules::JSON_CLASS_OTHER)
                .sends(body(text))
        })
        .collect()
}

fn values() -> Vec<Case> {
    NO_VALUES
        .iter()
        .map(|(id, what, value)| {
            let title = format!("refuses {what} as the value of an unknown member");
            Case::refused(format!("request.json.value.{id}"), title, &rules::JSON_STRICT)
                .class(SERIALIZATION, &rules::JSON_CLASS_OTHER)
                .witness(|token| Request::start_with_body(with_unknown(token, "0")))
                .sends(|token| Request::start_with_body(with_unknown(token, value)))
        })
        .collect()
}

fn choices() -> Vec<Case> {
    CHOICES
        .iter()
        .map(|(id, what, value)| {
            let title = format!("observes {what} in an unknown member");
            Case::observed(format!("request.json.choice.{id}"), title, &rules::JSON_CHOICE)
                .sends(|token| Request::start_with_body(with_unknown(token, value)))
        })
        .collect()
}

fn accepted() -> Vec<Case> {
    let texts = |group: &'static str, texts: Texts, rule| {
        texts.iter().map(move |(id, what, text)| {
            Case::accepted(format!("request.json.{group}.{id}"), format!("serves {what}"), rule).sends(body(text))
        })
    };
    let token = Case::accepted(
        "request.json.escapes.token",
        "serves a token whose header is written in escapes",
        &rules::JSON_ESCAPES,
    )
    .sends(|token| {
        // Not the signature: a report finds a secret only as it is written.
        let (header, rest) = token.split_once('.').unwrap_or((token, ""));
        let header: String = header.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        Request::start_with_body(format!(r#"{{"AccessToken":"{header}\u002e{rest}"}}"#))
    });
    texts("white-space", WHITE_SPACE, &rules::JSON_WHITE_SPACE)
        .chain(texts("escapes", ESCAPES, &rules::JSON_ESCAPES))
        .chain([token])
        .collect()
}
