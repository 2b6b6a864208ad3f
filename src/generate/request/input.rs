//! Defects of the value in the body: the input's members, their names, types and pattern, unknown members, duplicates.

use arbitrary::Unstructured;

use super::Layer::Body;
use super::Right::{Either, RefusedAs, Served};
use super::rows::input::{
    DUPLICATES, EMPTY, NAMES, NO_OBJECTS, NO_TOKENS, OUTSIDE_PATTERN, PLACES, TYPES, UNKNOWN_MEMBERS, UNKNOWN_VALUES,
};
use super::rows::{fill, with_unknown};
use super::{RequestDefect, Right, row, row_of};
use crate::cognito::Rule;
use crate::cognito::rules::{request as rules, token as token_rules};
use crate::generate::count;
use crate::wire::Request;

const SERIALIZATION: &[&str] = &["SerializationException"];
const MISSING: Right = RefusedAs(&["InvalidParameterException"], &rules::REQUIRED_CLASS);
const OUTSIDE: Right = RefusedAs(&["InvalidParameterException"], &rules::PATTERN_CLASS);
const UNREADABLE: Right = RefusedAs(SERIALIZATION, &rules::JSON_CLASS_OTHER);
const UNREADABLE_OR_INVALID: Right =
    RefusedAs(&["SerializationException", "InvalidParameterException"], &rules::JSON_CLASS_OTHER);

pub(super) static DEFECTS: &[RequestDefect] = &[
    RequestDefect::new("body.empty", Body, &rules::REQUIRED, UNREADABLE_OR_INVALID, |request, _, u| {
        Ok(request.body(row(u, EMPTY)?))
    }),
    RequestDefect::new("body.other-value", Body, &rules::JSON_OBJECT, UNREADABLE, |request, token, u| {
        Ok(request.body(fill(row(u, NO_OBJECTS)?, token)))
    }),
    RequestDefect::new("body.unknown-value", Body, &rules::UNKNOWN_MEMBER, Served, |request, token, u| {
        Ok(request.body(with_unknown(token, row(u, UNKNOWN_VALUES)?)))
    }),
    RequestDefect::new("body.unknown-value.any", Body, &rules::UNKNOWN_MEMBER, Served, |request, token, u| {
        let value = any_value(u, 4)?;
        Ok(request.body(with_unknown(token, &value)))
    }),
    RequestDefect::new("body.unknown-member", Body, &rules::UNKNOWN_MEMBER, Served, |request, token, u| {
        Ok(request.body(fill(row(u, UNKNOWN_MEMBERS)?, token)))
    }),
    RequestDefect::new("body.unknown-members.many", Body, &rules::UNKNOWN_MEMBER, Served, |request, token, u| {
        let members: String = (0..count(u, 2, 20, 1000)?).map(|n| format!(r#""Unknown{n}":{n},"#)).collect();
        Ok(request.body(format!(r#"{{{members}"AccessToken":"{token}"}}"#)))
    }),
    RequestDefect::new("body.duplicate", Body, &rules::DUPLICATE_MEMBER, Either, |request, token, u| {
        Ok(request.body(fill(row(u, DUPLICATES)?, token)))
    }),
    RequestDefect::new("input.absent", Body, &rules::REQUIRED, MISSING, |request, token, u| {
        let request = request.body(*u.choose(&["{}", r#"{"AccessToken":null}"#, r#"{"Unknown":0}"#])?);
        // A server that looks elsewhere finds it.
        Ok(match u.int_in_range(0..=2)? {
            0 => request,
            1 => request.header("AccessToken", in_header(token)),
            _ => request.header("Cookie", format!("AccessToken={}", in_header(token))),
        })
    }),
    RequestDefect::new("input.name", Body, &rules::MEMBER_NAME, MISSING, |request, token, u| {
        let rows = if u.ratio(1, 4)? { PLACES } else { NAMES };
        Ok(request.body(fill(row(u, rows)?, token)))
    }),
    RequestDefect::new("input.type", Body, &rules::MEMBER_TYPE, UNREADABLE, |request, token, u| {
        of_type(request, token, u, &rules::JSON_CLASS_OTHER)
    }),
    RequestDefect::new(
        "input.type.object-or-boolean",
        Body,
        &rules::MEMBER_TYPE,
        RefusedAs(SERIALIZATION, &rules::JSON_CLASS),
        |request, token, u| of_type(request, token, u, &rules::JSON_CLASS),
    ),
    RequestDefect::new("input.pattern", Body, &rules::PATTERN, OUTSIDE, |request, token, u| {
        let text = fill(row(u, OUTSIDE_PATTERN)?, token);
        Ok(request.body(Request::start(&text).body))
    }),
    RequestDefect::new("input.pattern.nul", Body, &rules::PATTERN, OUTSIDE, |request, token, _| {
        Ok(request.body(format!(r#"{{"AccessToken":"\u0000{token}"}}"#)))
    }),
    RequestDefect::new("input.pattern.surrogate", Body, &rules::PATTERN, UNREADABLE_OR_INVALID, |request, token, u| {
        let surrogate = u.int_in_range(0xd800..=0xdfff)?;
        Ok(request.body(format!(r#"{{"AccessToken":"{token}\u{surrogate:04x}"}}"#)))
    }),
    RequestDefect::new(
        "input.no-token",
        Body,
        &token_rules::STRUCTURE,
        RefusedAs(&["NotAuthorizedException"], &token_rules::CLASS),
        |request, token, u| {
            let text = fill(row(u, NO_TOKENS)?, token);
            Ok(request.body(Request::start(&text).body))
        },
    ),
];

/// A request whose token has a type of those whose refusal that rule names.
fn of_type(
    request: Request,
    token: &str,
    u: &mut Unstructured<'_>,
    class_rule: &'static Rule,
) -> arbitrary::Result<Request> {
    let value = fill(row_of(u, TYPES, class_rule)?, token);
    Ok(request.body(format!(r#"{{"AccessToken":{value}}}"#)))
}

/// JSON text of any value that every reader can read.
fn any_value(u: &mut Unstructured<'_>, depth: usize) -> arbitrary::Result<String> {
    let leaves = if depth == 0 { 4 } else { 6 };
    Ok(match u.int_in_range(0..=leaves)? {
        0 => "null".to_owned(),
        1 => u.arbitrary::<bool>()?.to_string(),
        2 => u.arbitrary::<i32>()?.to_string(),
        3 => format!("{}.5e{}", u.arbitrary::<i8>()?, u.int_in_range(-9..=9)?),
        4 => any_string(u)?,
        5 => {
            let items: arbitrary::Result<Vec<String>> =
                (0..u.int_in_range(0..=3)?).map(|_| any_value(u, depth - 1)).collect();
            format!("[{}]", items?.join(","))
        }
        _ => {
            let members: arbitrary::Result<Vec<String>> = (0..u.int_in_range(0..=3)?)
                // Names of one object are never the same.
                .map(|n| Ok(format!(r#""{n}":{}"#, any_value(u, depth - 1)?)))
                .collect();
            format!("{{{}}}", members?.join(","))
        }
    })
}

fn any_string(u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let text: arbitrary::Result<String> = (0..u.int_in_range(0..=8)?).map(|_| u.arbitrary::<char>()).collect();
    Ok(serde_json::Value::from(text?).to_string())
}

/// Of a token what a header's value can hold without being wrong by itself.
pub(super) fn in_header(token: &str) -> String {
    token.chars().filter(char::is_ascii_graphic).collect()
}
