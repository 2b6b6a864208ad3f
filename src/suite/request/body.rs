//! The body's value: other values than an object, unknown members, duplicates, depth.

use super::{Case, INVALID_PARAMETER, Request, SERIALIZATION, UNREADABLE_OR_INVALID, body, survived, with_unknown};
use crate::cognito::rules::request as rules;
use crate::generate::request::rows::input::{
    DUPLICATES, EMPTY, NAMES, NO_OBJECTS, PLACES, UNKNOWN_MEMBERS, UNKNOWN_VALUES,
};
use crate::generate::request::rows::nested;

pub(super) fn cases() -> Vec<Case> {
    [empty(), other_values(), other_names(), unknown_members(), duplicates(), depth()].concat()
}

fn empty() -> Vec<Case> {
    // Both refusals are right.
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
    NO_OBJECTS
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
    let values = UNKNOWN_VALUES.iter().map(|(id, what, value)| {
        Case::accepted(
            format!("request.unknown-member.{id}"),
            format!("ignores {what} in an unknown member"),
            &rules::UNKNOWN_MEMBER,
        )
        .sends(|token| Request::start_with_body(with_unknown(token, value)))
    });
    let bodies = UNKNOWN_MEMBERS.iter().map(|(id, what, text)| {
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
    DUPLICATES
        .iter()
        .map(|(id, what, text)| {
            Case::observed(format!("request.duplicate.{id}"), format!("observes {what}"), &rules::DUPLICATE_MEMBER)
                .sends(body(text))
        })
        .collect()
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
