//! Headers that the protocol does not ask for: they change nothing.

use super::{Case, Request};
use crate::cognito::rules::request as rules;
use crate::generate::request::rows::head::{AUTHORIZATIONS, Fields, IGNORED};

fn with(token: &str, fields: Fields) -> Request {
    fields.iter().fold(Request::start(token), |request, (name, value)| request.header(name, *value))
}

pub(super) fn cases() -> Vec<Case> {
    let ignored = IGNORED.iter().map(|(id, what, fields)| {
        Case::accepted(format!("request.header.{id}"), format!("ignores {what}"), &rules::HEADERS_IGNORED)
            .sends(|token| with(token, fields))
    });
    let not_ascii =
        Case::accepted("request.header.not-ascii", "ignores bytes beyond ASCII in a header", &rules::HEADERS_IGNORED)
            .sends(|token| Request::start(token).header("X-Unknown", [0xe9, 0xff]));
    let authorization = AUTHORIZATIONS.iter().map(|(id, what, fields)| {
        Case::observed(format!("request.authorization.{id}"), format!("observes {what}"), &rules::AUTHORIZATION)
            .sends(|token| with(token, fields))
    });
    let bearer = Case::observed(
        "request.authorization.bearer",
        "observes the access token in a Bearer header too",
        &rules::AUTHORIZATION,
    )
    .sends(|token| Request::start(token).header("Authorization", format!("Bearer {token}")));
    let accept = Case::observed("request.header.accept", "observes Accept: text/html", &rules::HTTP_CHOICE)
        .sends(|token| Request::start(token).header("Accept", "text/html").raw());
    ignored.chain([not_ascii]).chain(authorization).chain([bearer, accept]).collect()
}
