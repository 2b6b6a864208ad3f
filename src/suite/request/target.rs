//! `X-Amz-Target`: service shape and operation, exactly.

use super::{Case, Ctx, Finding, Request, Rows, Stop, UNKNOWN_OPERATION, in_short, is_served};
use crate::cognito::rules::request as rules;
use crate::generate::request::rows::head::{TARGETS, TWO_TARGETS, to};

const HEADER: &str = "X-Amz-Target";

pub(super) fn cases() -> Vec<Case> {
    [wrong(), elsewhere(), twice(), other_operations()].concat()
}

fn wrong() -> Vec<Case> {
    TARGETS
        .iter()
        .map(|(id, what, value)| {
            Case::refused(format!("request.target.{id}"), format!("refuses {what}"), &rules::TARGET)
                .class(UNKNOWN_OPERATION, &rules::TARGET_CLASS)
                .sends(|token| Request::start(token).header(HEADER, to(value)))
        })
        .collect()
}

fn elsewhere() -> Vec<Case> {
    const ELSEWHERE: Rows<fn(Request) -> Request> = &[
        ("missing", "a request without a target", |request| request),
        ("in-query", "a target in the query", |request| request.path(&to("/?X-Amz-Target=$S.$O"))),
        ("query-protocol", "an operation that the query names", |request| request.path(&to("/?Action=$O"))),
        ("other-header", "a target in a header of another name", |request| request.header("Amz-Target", to("$S.$O"))),
    ];
    ELSEWHERE
        .iter()
        .map(|(id, what, change)| {
            Case::refused(format!("request.target.{id}"), format!("refuses {what}"), &rules::TARGET)
                .class(UNKNOWN_OPERATION, &rules::TARGET_CLASS)
                .sends(|token| change(Request::start(token).without_header(HEADER)))
        })
        .collect()
}

fn twice() -> Vec<Case> {
    TWO_TARGETS
        .iter()
        .map(|(id, what, values)| {
            Case::observed(format!("request.target.{id}"), format!("observes {what}"), &rules::HTTP_CHOICE).sends(
                |token| {
                    let request = Request::start(token).without_header(HEADER);
                    values.iter().fold(request, |request, value| request.and_header(HEADER, to(value))).raw()
                },
            )
        })
        .collect()
}

fn other_operations() -> Vec<Case> {
    [("get-user", "GetUser"), ("list", "ListWebAuthnCredentials"), ("complete", "CompleteWebAuthnRegistration")]
        .into_iter()
        .map(|(id, operation)| {
            Case::steps(
                format!("request.target.other-operation.{id}"),
                format!("does not answer {operation} with creation options"),
                &[&rules::TARGET],
                move |ctx| not_ours(ctx, operation),
            )
        })
        .collect()
}

async fn not_ours(ctx: Ctx, operation: &'static str) -> Result<Vec<Finding>, Stop> {
    let token = ctx.user().await?.tokens.access.clone();
    let witness = ctx.send_witness(Request::start(&token)).await?;
    if !is_served(&witness) {
        return Err(Stop::Inconclusive(format!("a plain request is refused: {}", in_short(&witness))));
    }
    // On a socket: the oracle of single answers takes what it sees there for no answer of ours.
    let recorded = ctx.send(Request::call(operation, witness.exchange.request.body.clone()).raw()).await?;
    let ours = recorded.exchange.result.as_ref().is_ok_and(|response| {
        serde_json::from_slice::<serde_json::Value>(&response.body)
            .is_ok_and(|body| body.get("CredentialCreationOptions").is_some())
    });
    let finding = || Finding::new(&rules::TARGET, "CredentialCreationOptions", format!("an answer of {operation}"));
    Ok(ours.then(finding).into_iter().collect())
}
