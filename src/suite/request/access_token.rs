//! The input's one member: its presence, type and pattern, and texts of the pattern that are no token. White space and
//! prefixes around a token are the token theme's.

use super::{Case, INVALID_PARAMETER, NOT_AUTHORIZED, Request, Rows, SERIALIZATION, UNREADABLE_OR_INVALID, body};
use crate::cognito::Rule;
use crate::cognito::rules::{request as rules, token as token_rules};

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
    const OBJECT_OR_BOOLEAN: &Rule = &rules::JSON_CLASS;
    const OTHER: &Rule = &rules::JSON_CLASS_OTHER;
    const TYPES: &[(&str, &str, &str, &Rule)] = &[
        ("zero", "0", "0", OTHER),
        ("integer", "an integer", "1", OTHER),
        ("fraction", "a fraction", "1.5", OTHER),
        ("true", "true", "true", OBJECT_OR_BOOLEAN),
        ("false", "false", "false", OBJECT_OR_BOOLEAN),
        ("array-empty", "an empty array", "[]", OTHER),
        ("array", "an array that holds the token", r#"["$T"]"#, OTHER),
        ("array-of-two", "an array that holds the token twice", r#"["$T","$T"]"#, OTHER),
        ("array-of-characters", "an array of strings", r#"["a","b"]"#, OTHER),
        ("object-empty", "an empty object", "{}", OBJECT_OR_BOOLEAN),
        ("object", "an object that holds the token", r#"{"AccessToken":"$T"}"#, OBJECT_OR_BOOLEAN),
        ("typed", "a typed value of the token", r#"{"S":"$T"}"#, OBJECT_OR_BOOLEAN),
        ("to-string", "an object with a toString member", r#"{"toString":"$T","length":1}"#, OBJECT_OR_BOOLEAN),
        ("operator", "a query operator", r#"{"$ne":null}"#, OBJECT_OR_BOOLEAN),
        ("bytes", "an array of bytes", "[101,121,74]", OTHER),
    ];
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
    /// Id, what it is, the text with `$T` for the token.
    const OUTSIDE: Rows<&'static str> = &[
        ("empty", "an empty token", ""),
        ("space", "a token that is one space", " "),
        ("line-end-in-front", "a token with a line end in front", "\n$T"),
        ("two", "two tokens with a comma between", "$T,$T"),
        ("angle-brackets", "a token in angle brackets", "<$T>"),
        ("plus", "a token with a plus sign", "$T+"),
        ("slash", "a token with a slash", "$T/"),
        ("tilde", "a token with a tilde", "$T~"),
        ("colon", "a token with a colon", "$T:"),
        ("backslash", "a token with a backslash", "$T\\"),
        ("percent", "a token with a percent-encoded character", "$T%2E"),
        ("nul-behind", "a token with NUL behind", "$T\0"),
        ("nul-and-more", "a token with NUL and more behind", "$T\0x"),
        ("delete", "a token with a control character", "$T\u{7f}"),
        ("latin", "a token with a letter beyond ASCII", "$T\u{e9}"),
        ("look-alike", "a token with a letter that looks the same", "\u{435}$T"),
        ("full-width", "a token with a full-width dot", "$T\u{ff0e}"),
        ("digit", "a token with a digit of another script", "$T\u{661}"),
        ("emoji", "a token with an emoji", "$T\u{1f511}"),
        ("zero-width", "a token with a zero-width space", "$T\u{200b}"),
        ("line-separator", "a token with a line separator behind", "$T\u{2028}"),
        ("combining", "a token with a combining accent", "$T\u{301}"),
        ("direction", "a token with a change of direction", "\u{202e}$T"),
        ("header-injection", "a token with a header behind a line end", "$T\r\nX-Injected: 1"),
        ("sql", "SQL", "' OR '1'='1"),
        ("lookup", "a lookup expression", "${jndi:ldap://127.0.0.1/a}"),
        ("template", "a template expression", "{{7*7}}"),
        ("script", "a script element", "<script>alert(1)</script>"),
        ("parent-path", "a path", "../../../../etc/passwd"),
        ("command", "a shell command", "$(id)"),
        ("format", "format directives", "%s%n%p"),
    ];
    OUTSIDE
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
    const INSIDE: Rows<&'static str> = &[
        ("letter", "one letter", "a"),
        ("underscores", "underscores", "___"),
        ("dot", "a dot", "."),
        ("three-dots", "three dots", "..."),
        ("null", "the word null", "null"),
        ("undefined", "the word undefined", "undefined"),
        ("number", "a number in a string", "0"),
        ("uuid", "a UUID", "00000000-0000-4000-8000-000000000000"),
    ];
    INSIDE
        .iter()
        .map(|(id, what, text)| {
            let id = format!("request.access-token.no-token.{id}");
            Case::refused(id, format!("refuses {what}"), &token_rules::STRUCTURE)
                .class(NOT_AUTHORIZED, &token_rules::CLASS)
                .sends(|token| Request::start(&super::fill(text, token)))
        })
        .collect()
}
