//! Requests: HTTP, the AWS JSON 1.1 envelope, JSON text, and the input's constraints.
//!
//! What is refused is made from a valid access token by one defect, so that a server which overlooks the defect serves
//! it. Where a specification leaves a choice, or nobody knows what Cognito does, a case is observed or only asks that the
//! server survives.

mod access_token;
mod body;
mod content_type;
mod encoding;
mod framing;
mod headers;
mod http;
mod json;
mod size;
mod target;

use std::sync::Arc;

use super::judge::{in_short, is_served};
use super::{Case, Ctx, Stop};
use crate::cognito::{Finding, Rule, rules};
use crate::generate::request::rows::{Rows, fill, with_unknown};
use crate::wire::{Request, TransportErrorKind};

const SERIALIZATION: &[&str] = &["SerializationException"];
const INVALID_PARAMETER: &[&str] = &["InvalidParameterException"];
const NOT_AUTHORIZED: &[&str] = &["NotAuthorizedException"];
const UNKNOWN_OPERATION: &[&str] = &["UnknownOperationException"];
/// Where reading the body and checking the input are both right to refuse.
const UNREADABLE_OR_INVALID: &[&str] = &["SerializationException", "InvalidParameterException"];

pub(super) fn cases() -> Vec<Case> {
    [
        http::cases(),
        framing::cases(),
        target::cases(),
        content_type::cases(),
        headers::cases(),
        encoding::cases(),
        json::cases(),
        body::cases(),
        access_token::cases(),
        size::cases(),
    ]
    .concat()
}

/// A call whose body is that text, with the token in place of each `$T`.
fn body(template: &'static str) -> impl Fn(&str) -> Request + Send + Sync + 'static {
    move |token| Request::start_with_body(fill(template, token))
}

/// A request that may be served or refused, but neither ends the server nor is answered with a server error.
fn survived(
    id: impl Into<String>,
    title: impl Into<String>,
    rule: &'static Rule,
    may_close: bool,
    make: impl Fn(&str) -> Request + Send + Sync + 'static,
) -> Case {
    let make = Arc::new(make);
    let request = Arc::clone(&make);
    let case = Case::steps(id, title, &[rule, &rules::response::CONNECTION], move |ctx: Ctx| {
        let make = Arc::clone(&make);
        async move {
            let token = ctx.user().await?.tokens.access.clone();
            let recorded = ctx.send(make(&token)).await?;
            let mut findings = match &recorded.exchange.result {
                Ok(response) if response.status < 500 => Vec::new(),
                Ok(_) => vec![Finding::new(&rules::response::NO_SERVER_ERROR, in_short(&recorded), SURVIVED)],
                Err(e) if may_close && e.kind == TransportErrorKind::Closed => Vec::new(),
                Err(e) => vec![Finding::new(rule, e.to_string(), SURVIVED)],
            };
            match ctx.send_witness(Request::start(&token)).await {
                Ok(next) if is_served(&next) => {}
                Ok(next) if findings.is_empty() => {
                    return Err(Stop::Inconclusive(format!("a plain request is refused too: {}", in_short(&next))));
                }
                Ok(_) => {}
                Err(Stop::Inconclusive(why)) => {
                    findings.push(Finding::new(&rules::response::CONNECTION, why, "the next valid request is served"));
                }
                Err(skip) => return Err(skip),
            }
            Ok(findings)
        }
    });
    case.sending(move |token| request(token))
}

const SURVIVED: &str = "creation options or a client error";
