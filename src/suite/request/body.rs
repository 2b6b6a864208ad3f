//! The body's value: other values than an object, unknown members, duplicates, depth.

use super::{
    Case, INVALID_PARAMETER, Request, Rows, SERIALIZATION, UNREADABLE_OR_INVALID, body, survived, with_unknown,
};
use crate::cognito::rules::request as rules;

pub(super) fn cases() -> Vec<Case> {
    [empty(), other_values(), other_names(), unknown_members(), duplicates(), depth()].concat()
}

fn empty() -> Vec<Case> {
    // An empty body stands for `{}` where an operation needs no input, so both refusals are right.
    const EMPTY: Rows<&'static str> = &[
        ("empty", "an empty body", ""),
        ("white-space", "a body of white space", " \r\n\t "),
        ("null", "null for the input", "null"),
    ];
    EMPTY
        .iter()
        .map(|(id, what, text)| {
            Case::refused(format!("request.body.{id}"), format!("refuses {what}"), &rules::REQUIRED)
                .class(UNREADABLE_OR_INVALID, &rules::JSON_CLASS_OTHER)
                .sends(body(text))
        })
        .collect()
}

fn other_values() -> Vec<Case> {
    const OTHER: Rows<&'static str> = &[
        ("true", "true for the input", "true"),
        ("false", "false for the input", "false"),
        ("number", "a number for the input", "0"),
        ("string", "the token as a string for the input", r#""$T""#),
        ("string-of-json", "the input's text in a string", r#""{\"AccessToken\":\"$T\"}""#),
        ("array-empty", "an empty array", "[]"),
        ("array-of-token", "an array that holds the token", r#"["$T"]"#),
        ("array-of-object", "an array that holds the input", r#"[{"AccessToken":"$T"}]"#),
        ("array-of-array", "an array in an array that holds the token", r#"[["$T"]]"#),
        ("array-of-pair", "an array of name and token", r#"["AccessToken","$T"]"#),
        ("array-of-pairs", "an array of pairs", r#"[["AccessToken","$T"]]"#),
    ];
    OTHER
        .iter()
        .map(|(id, what, text)| {
            Case::refused(format!("request.body.{id}"), format!("refuses {what}"), &rules::JSON_OBJECT)
                .class(SERIALIZATION, &rules::JSON_CLASS_OTHER)
                .sends(body(text))
        })
        .collect()
}

/// Other names, and other places, for the token: the member is missing.
fn other_names() -> Vec<Case> {
    const NAMES: Rows<&'static str> = &[
        ("camel-case", "accessToken", r#"{"accessToken":"$T"}"#),
        ("lower-case", "accesstoken", r#"{"accesstoken":"$T"}"#),
        ("upper-case", "ACCESSTOKEN", r#"{"ACCESSTOKEN":"$T"}"#),
        ("snake-case", "access_token", r#"{"access_token":"$T"}"#),
        ("kebab-case", "Access-Token", r#"{"Access-Token":"$T"}"#),
        ("case-folding", "AccessToken with the Kelvin sign for its k", "{\"AccessTo\u{212a}en\":\"$T\"}"),
        ("plural", "AccessTokens", r#"{"AccessTokens":"$T"}"#),
        ("short", "Token", r#"{"Token":"$T"}"#),
        ("space-in-front", "AccessToken with a space in front", r#"{" AccessToken":"$T"}"#),
        ("space-behind", "AccessToken with a space behind", r#"{"AccessToken ":"$T"}"#),
        ("nul-behind", "AccessToken with NUL behind", r#"{"AccessToken\u0000":"$T"}"#),
        ("empty", "nothing", r#"{"":"$T"}"#),
        ("path", "a path", r#"{"$.AccessToken":"$T"}"#),
    ];
    const PLACES: Rows<&'static str> = &[
        (
            "wrapped",
            "an object named like the input's shape",
            r#"{"StartWebAuthnRegistrationRequest":{"AccessToken":"$T"}}"#,
        ),
        ("input", "an object named input", r#"{"input":{"AccessToken":"$T"}}"#),
        ("prototype", "the prototype", r#"{"__proto__":{"AccessToken":"$T"}}"#),
    ];
    let names = NAMES.iter().map(|(id, name, text)| {
        Case::refused(
            format!("request.member-name.{id}"),
            format!("refuses the token in a member named {name}"),
            &rules::MEMBER_NAME,
        )
        .class(INVALID_PARAMETER, &rules::REQUIRED_CLASS)
        .sends(body(text))
    });
    let places = PLACES.iter().map(|(id, place, text)| {
        Case::refused(
            format!("request.member-name.{id}"),
            format!("refuses the token within {place}"),
            &rules::MEMBER_NAME,
        )
        .class(INVALID_PARAMETER, &rules::REQUIRED_CLASS)
        .sends(body(text))
    });
    names.chain(places).collect()
}

fn unknown_members() -> Vec<Case> {
    const VALUES: Rows<&'static str> = &[
        ("null", "null", "null"),
        ("string", "a string", r#""none""#),
        ("empty-object", "an empty object", "{}"),
        ("nested", "nested values", r#"{"a":[{"b":[[],{"AccessToken":null}]}],"c":-0.5e-7}"#),
    ];
    const BODIES: Rows<&'static str> = &[
        ("in-front", "a member in front of the token", r#"{"Unknown":0,"AccessToken":"$T"}"#),
        ("type", "a member named __type", r#"{"__type":"StartWebAuthnRegistrationRequest","AccessToken":"$T"}"#),
        ("sibling", "a member of a sibling operation", r#"{"AccessToken":"$T","MaxResults":"many"}"#),
        ("metadata", "ClientMetadata", r#"{"AccessToken":"$T","ClientMetadata":{"a":"b"}}"#),
        ("prototype", "a member named __proto__", r#"{"__proto__":{"AccessToken":0},"AccessToken":"$T"}"#),
        ("constructor", "a member named constructor", r#"{"constructor":{"prototype":null},"AccessToken":"$T"}"#),
        (
            "other-case",
            "a member that differs from AccessToken in case",
            r#"{"AccessToken":"$T","accesstoken":"none"}"#,
        ),
        ("empty-name", "a member with an empty name", r#"{"":0,"AccessToken":"$T"}"#),
        ("unicode-name", "a member with a name beyond ASCII", r#"{"Zugriffsschlüssel🔑":0,"AccessToken":"$T"}"#),
    ];
    let values = VALUES.iter().map(|(id, what, value)| {
        Case::accepted(
            format!("request.unknown-member.{id}"),
            format!("ignores {what} in an unknown member"),
            &rules::UNKNOWN_MEMBER,
        )
        .sends(|token| Request::start_with_body(with_unknown(token, value)))
    });
    let bodies = BODIES.iter().map(|(id, what, text)| {
        Case::accepted(format!("request.unknown-member.{id}"), format!("ignores {what}"), &rules::UNKNOWN_MEMBER)
            .sends(body(text))
    });
    let many = Case::accepted("request.unknown-member.many", "ignores 1,000 unknown members", &rules::UNKNOWN_MEMBER)
        .sends(|token| {
            let members: String = (0..1000).map(|n| format!(r#""Unknown{n}":{n},"#)).collect();
            Request::start_with_body(format!(r#"{{{members}"AccessToken":"{token}"}}"#))
        });
    values.chain(bodies).chain([many]).collect()
}

fn duplicates() -> Vec<Case> {
    const DUPLICATES: Rows<&'static str> = &[
        ("equal", "AccessToken twice, the same", r#"{"AccessToken":"$T","AccessToken":"$T"}"#),
        ("valid-first", "a valid AccessToken and then another", r#"{"AccessToken":"$T","AccessToken":"none"}"#),
        ("valid-last", "an AccessToken and then a valid one", r#"{"AccessToken":"none","AccessToken":"$T"}"#),
        ("null-last", "a valid AccessToken and then null", r#"{"AccessToken":"$T","AccessToken":null}"#),
        (
            "escaped",
            "an AccessToken and then a valid one under an escaped name",
            r#"{"AccessToken":"none","\u0041ccessToken":"$T"}"#,
        ),
        ("unknown", "an unknown member twice", r#"{"Unknown":0,"Unknown":1,"AccessToken":"$T"}"#),
    ];
    DUPLICATES
        .iter()
        .map(|(id, what, text)| {
            Case::observed(format!("request.duplicate.{id}"), format!("observes {what}"), &rules::DUPLICATE_MEMBER)
                .sends(body(text))
        })
        .collect()
}

/// Opening and closing halves, repeated.
fn nested(depth: usize, open: &str, close: &str) -> String {
    open.repeat(depth) + "0" + &close.repeat(depth)
}

fn depth() -> Vec<Case> {
    const DEPTHS: [(usize, &str); 4] = [(100, "100"), (1_000, "1,000"), (10_000, "10,000"), (100_000, "100,000")];
    const KINDS: [(&str, &str, &str); 2] = [("arrays", "[", "]"), ("objects", r#"{"a":"#, "}")];
    let shapes = || KINDS.into_iter().flat_map(|kind| DEPTHS.map(|depth| (kind, depth)));
    let unknown = shapes().map(|((kind, open, close), (depth, words))| {
        let id = format!("request.depth.unknown-member.{kind}-{depth}");
        survived(
            id,
            format!("survives {words} nested {kind} in an unknown member"),
            &rules::DEPTH,
            false,
            move |token| Request::start_with_body(with_unknown(token, &nested(depth, open, close))),
        )
    });
    let as_token = shapes().map(|((kind, open, close), (depth, words))| {
        let id = format!("request.depth.access-token.{kind}-{depth}");
        Case::refused(id, format!("refuses {words} nested {kind} for the token"), &rules::MEMBER_TYPE)
            .class(SERIALIZATION, &rules::JSON_CLASS_OTHER)
            .sends(move |_| Request::start_with_body(format!(r#"{{"AccessToken":{}}}"#, nested(depth, open, close))))
    });
    let as_body = shapes().map(|((kind, open, close), (depth, words))| {
        let id = format!("request.depth.body.{kind}-{depth}");
        let refused = Case::refused(id, format!("refuses a body of {words} nested {kind}"), &rules::JSON_OBJECT);
        let refused = match kind {
            // Where depth has no limit, objects are read as an input without its member.
            "objects" => refused.class(UNREADABLE_OR_INVALID, &rules::JSON_CLASS_OTHER),
            _ => refused.class(SERIALIZATION, &rules::JSON_CLASS_OTHER),
        };
        refused.sends(move |_| Request::start_with_body(nested(depth, open, close)))
    });
    unknown.chain(as_token).chain(as_body).collect()
}
