//! The input's one member: its presence, type and pattern, and texts of the pattern that are no token. White space and
//! prefixes around a token are the token theme's.

use super::{Case, INVALID_PARAMETER, NOT_AUTHORIZED, Request, Rows, SERIALIZATION, UNREADABLE_OR_INVALID, body};
use crate::cognito::rules::{request as rules, token as token_rules};
use crate::generate::request::rows::input::{NO_TOKENS, OUTSIDE_PATTERN, TYPES};

pub(super) fn cases() -> Vec<Case> {
    [missing(), types(), pattern(), pattern_in_json(), no_token()].concat()
}

fn missing() -> Vec<Case> {
    const MISSING: Rows<fn(&str) -> Request> = &[
        ("absent", "an input without a token", |_| Request::start_with_body("{}")),
        ("null", "null for the token", |_| Request::start_with_body(r#"{"AccessToken":null}"#)),
        ("other-member", "an input with another member only", |_| Request::start_with_body(r#"{"Unknown":0}"#)),
        ("in-header", "a token in a Bearer header only", |token| {
            Request::start_with_body("{}").header("Authorization", format!("Bearer {token}"))
        }),
        ("in-own-header", "a token in a header named AccessToken only", |token| {
            Request::start_with_body("{}").header("AccessToken", token)
        }),
        ("in-cookie", "a token in a cookie only", |token| {
            Request::start_with_body("{}").header("Cookie", format!("AccessToken={token}"))
        }),
    ];
    let required = MISSING.iter().map(|(id, what, make)| {
        Case::refused(format!("request.access-token.{id}"), format!("refuses {what}"), &rules::REQUIRED)
            .class(INVALID_PARAMETER, &rules::REQUIRED_CLASS)
            .sends(make)
    });
    // A server may refuse the query as such.
    let in_query =
        Case::refused("request.access-token.in-query", "refuses a token in the query only", &rules::REQUIRED)
            .sends(|token| Request::start_with_body("{}").path(&format!("/?AccessToken={token}")));
    required.chain([in_query]).collect()
}

fn types() -> Vec<Case> {
    TYPES
        .iter()
        .map(|(id, what, value, class_rule)| {
            Case::refused(
                format!("request.access-token.type.{id}"),
                format!("refuses {what} for the token"),
                &rules::MEMBER_TYPE,
            )
            .class(SERIALIZATION, class_rule)
            .sends(|token| Request::start_with_body(format!(r#"{{"AccessToken":{}}}"#, super::fill(value, token))))
        })
        .collect()
}

fn pattern() -> Vec<Case> {
    OUTSIDE_PATTERN
        .iter()
        .map(|(id, what, text)| {
            Case::refused(format!("request.access-token.pattern.{id}"), format!("refuses {what}"), &rules::PATTERN)
                .class(INVALID_PARAMETER, &rules::PATTERN_CLASS)
                .sends(|token| Request::start(&super::fill(text, token)))
        })
        .collect()
}

/// Characters outside the pattern that only JSON's escapes can write.
fn pattern_in_json() -> Vec<Case> {
    vec![
        Case::refused(
            "request.access-token.pattern.lone-surrogate",
            "refuses a token with a lone surrogate behind",
            &rules::PATTERN,
        )
        .class(UNREADABLE_OR_INVALID, &rules::JSON_CLASS_OTHER)
        .sends(body(r#"{"AccessToken":"$T\ud800"}"#)),
        Case::refused(
            "request.access-token.pattern.escaped-nul-in-front",
            "refuses a token with an escaped NUL in front",
            &rules::PATTERN,
        )
        .class(INVALID_PARAMETER, &rules::PATTERN_CLASS)
        .sends(body(r#"{"AccessToken":"\u0000$T"}"#)),
    ]
}

fn no_token() -> Vec<Case> {
    NO_TOKENS
        .iter()
        .map(|(id, what, text)| {
            let id = format!("request.access-token.no-token.{id}");
            Case::refused(id, format!("refuses {what}"), &token_rules::STRUCTURE)
                .class(NOT_AUTHORIZED, &token_rules::CLASS)
                .sends(|token| Request::start(&super::fill(text, token)))
        })
        .collect()
}
