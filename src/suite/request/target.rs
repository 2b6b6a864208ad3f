//! `X-Amz-Target`: service shape and operation, exactly.

use super::{Case, Ctx, Finding, Request, Rows, Stop, UNKNOWN_OPERATION, in_short, is_served};
use crate::cognito::rules::request as rules;

const HEADER: &str = "X-Amz-Target";

/// In `value`, `$S` stands for the service shape and `$O` for the operation.
fn to(value: &str) -> String {
    value.replace("$S", crate::cognito::TARGET_PREFIX).replace("$O", crate::cognito::START.name)
}

pub(super) fn cases() -> Vec<Case> {
    [wrong(), elsewhere(), twice(), other_operations()].concat()
}

fn wrong() -> Vec<Case> {
    const WRONG: Rows<&'static str> = &[
        ("empty", "an empty target", ""),
        ("service-only", "a target without an operation", "$S"),
        ("service-and-dot", "a target with an empty operation", "$S."),
        ("operation-only", "a target without a service", "$O"),
        ("dot-and-operation", "a target with an empty service", ".$O"),
        ("other-service", "another service's target", "DynamoDB_20120810.$O"),
        ("identity-service", "the target of the sibling service for identity pools", "AWSCognitoIdentityService.$O"),
        ("service-prefix", "a target whose service has something in front", "x$S.$O"),
        ("service-suffix", "a target whose service has something behind", "$S_20160418.$O"),
        ("operation-suffix", "a target whose operation has something behind", "$S.$Os"),
        ("operation-prefix", "a target whose operation has something in front", "$S.Re$O"),
        ("third-part", "a target with a third part", "$S.$O.v1"),
        ("doubled-dot", "a target with two dots", "$S..$O"),
        ("namespace", "a target with a namespace", "com.amazonaws.cognitoidentityprovider#$S.$O"),
        ("slash", "a target with a slash for the dot", "$S/$O"),
        ("hash", "a target with a hash sign for the dot", "$S#$O"),
        ("percent", "a target with its dot percent-encoded", "$S%2E$O"),
        ("space", "a target with a space in it", "$S. $O"),
        ("tab", "a target with a tab in it", "$S.\t$O"),
        ("quoted", "a target in quotes", "\"$S.$O\""),
        ("lower-case", "a target in lower case", "awscognitoidentityproviderservice.startwebauthnregistration"),
        ("operation-case", "an operation in another case", "$S.StartWebauthnRegistration"),
        ("service-case", "a service in another case", "AwsCognitoIdentityProviderService.$O"),
        ("old-name", "the operation's old name", "$S.GetWebAuthnRegistrationOptions"),
        ("similar-name", "the name of an operation that does not exist", "$S.StartWebAuthnAuthentication"),
        ("not-ascii", "a target with a letter that looks the same", "$S.St\u{430}rtWebAuthnRegistration"),
    ];
    WRONG
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
    const TWICE: Rows<&'static [&'static str]> = &[
        ("two-equal", "the target twice", &["$S.$O", "$S.$O"]),
        ("two-ours-first", "the target, and then another operation's", &["$S.$O", "$S.GetUser"]),
        ("two-ours-last", "another operation's target, and then ours", &["$S.GetUser", "$S.$O"]),
    ];
    TWICE
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
    let recorded = ctx.send(Request::call(operation, witness.exchange.request.body).raw()).await?;
    let ours = recorded.exchange.result.as_ref().is_ok_and(|response| {
        serde_json::from_slice::<serde_json::Value>(&response.body)
            .is_ok_and(|body| body.get("CredentialCreationOptions").is_some())
    });
    let finding = || Finding::new(&rules::TARGET, "CredentialCreationOptions", format!("an answer of {operation}"));
    Ok(ours.then(finding).into_iter().collect())
}
