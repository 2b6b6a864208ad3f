//! The content type claims a request for the protocol.

use super::{Case, Request};
use crate::cognito::rules::request as rules;
use crate::generate::request::rows::head::{CONTENT_TYPES, PARAMETERS};

const HEADER: &str = "Content-Type";

pub(super) fn cases() -> Vec<Case> {
    let refused = CONTENT_TYPES.iter().map(|(id, what, value)| {
        Case::refused(format!("request.content-type.{id}"), format!("refuses {what}"), &rules::CONTENT_TYPE)
            .sends(|token| Request::start(token).header(HEADER, *value))
    });
    let missing = Case::refused("request.content-type.missing", "refuses a missing content type", &rules::CONTENT_TYPE)
        .sends(|token| Request::start(token).without_header(HEADER));
    let accepted = PARAMETERS.iter().map(|(id, what, value)| {
        let id = format!("request.content-type.parameter.{id}");
        Case::accepted(id, format!("serves {what}"), &rules::CONTENT_TYPE_PARAMETERS)
            .sends(|token| Request::start(token).header(HEADER, *value))
    });
    let case =
        Case::accepted("request.content-type.case", "serves a content type in another case", &rules::CONTENT_TYPE_CASE)
            .sends(|token| Request::start(token).header(HEADER, "Application/X-AMZ-JSON-1.1"));
    // The front end is known to answer it in an envelope of its own, so neither way is wrong.
    let json = Case::observed("request.content-type.json", "observes application/json", &rules::CONTENT_TYPE)
        .sends(|token| Request::start(token).header(HEADER, "application/json"));
    // The protocol's text has the header contain the type, wherever.
    let parameter = Case::observed(
        "request.content-type.parameter-only",
        "observes the right content type as another one's parameter",
        &rules::CONTENT_TYPE,
    )
    .sends(|token| Request::start(token).header(HEADER, "text/plain; type=\"application/x-amz-json-1.1\""));
    let twice = Case::observed("request.content-type.twice", "observes the content type twice", &rules::HTTP_CHOICE)
        .sends(|token| Request::start(token).and_header(HEADER, crate::cognito::CONTENT_TYPE));
    refused.chain([missing]).chain(accepted).chain([case, json, parameter, twice]).collect()
}
