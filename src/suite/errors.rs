//! The modelled errors: each is reached, by its real cause where it has one on any target, else on demand; and each is
//! classified by name, status, fault side and whether a client may retry.

use super::judge::in_short;
use super::{Case, Ctx, Recorded, Stop, audits};
use crate::cognito::rules::errors;
use crate::cognito::{ErrorShape, Fault, Finding, Rule, START, error};
use crate::target::PoolSpec;
use crate::wire::Request;

/// The request header by which the embedded emulator is told to answer with an error.
const ON_DEMAND: &str = "X-Cogspec-Answer";

/// What every error answer is held to.
static OF_EVERY_ANSWER: [&Rule; 9] = [
    &errors::MODELLED,
    &errors::CODE,
    &errors::CODE_AGREES,
    &errors::TYPE_MEMBER,
    &errors::TYPE_BARE,
    &errors::TYPE_HEADER,
    &errors::MESSAGE,
    &errors::STATUS_FAULT,
    &errors::STATUS,
];

pub(super) fn cases() -> Vec<Case> {
    let on_demand: [(&str, &str, &'static Rule); 10] = [
        ("forbidden", "ForbiddenException", &errors::FORBIDDEN),
        ("internal-error", "InternalErrorException", &errors::INTERNAL),
        ("invalid-parameter", "InvalidParameterException", &errors::INVALID_PARAMETER),
        ("limit-exceeded", "LimitExceededException", &errors::LIMIT_EXCEEDED),
        ("not-authorized", "NotAuthorizedException", &errors::NOT_AUTHORIZED),
        ("too-many-requests", "TooManyRequestsException", &errors::TOO_MANY_REQUESTS),
        ("web-authn-not-enabled", "WebAuthnNotEnabledException", &errors::NOT_ENABLED),
        ("web-authn-configuration-missing", "WebAuthnConfigurationMissingException", &errors::CONFIGURATION_MISSING),
        ("password-reset-required", "PasswordResetRequiredException", &errors::PASSWORD_RESET),
        ("operation-not-enabled", "OperationNotEnabledException", &errors::OPERATION_NOT_ENABLED),
    ];
    let mut cases: Vec<Case> =
        on_demand.into_iter().map(|(word, name, rule)| answers_on_demand(word, name, rule)).collect();
    cases.extend(by_cause());
    cases.extend(audits::of_answers(&OF_EVERY_ANSWER, "errors"));
    cases
}

fn answers_on_demand(word: &str, name: &'static str, rule: &'static Rule) -> Case {
    let rules = [rule, &errors::STATUS_FAULT, &errors::STATUS, &errors::RETRYABLE];
    Case::steps(
        format!("errors.on-demand.{word}"),
        format!("is understood when it answers with {name}"),
        &rules,
        move |ctx| async move {
            if !ctx.fixtures().target().answers_on_demand {
                return Err(Stop::Skip("the target cannot be told which error to answer with".to_owned()));
            }
            let request = Request::start(&ctx.user().await?.tokens.access).and_header(ON_DEMAND, name);
            let recorded = ctx.send_once(request).await?;
            Ok(is_error(&recorded, name, rule))
        },
    )
}

fn by_cause() -> Vec<Case> {
    vec![
        Case::steps(
            "errors.cause.invalid-parameter",
            "answers with InvalidParameterException where the token is missing",
            &[&errors::INVALID_PARAMETER, &errors::STATUS_FAULT, &errors::STATUS, &errors::RETRYABLE],
            |ctx| async move {
                let recorded = ctx.send(Request::start_with_body("{}")).await?;
                Ok(is_error(&recorded, "InvalidParameterException", &errors::INVALID_PARAMETER))
            },
        ),
        Case::steps(
            "errors.cause.not-authorized",
            "answers with NotAuthorizedException where the token is none",
            &[&errors::NOT_AUTHORIZED, &errors::STATUS_FAULT, &errors::STATUS, &errors::RETRYABLE],
            |ctx| async move {
                let recorded = ctx.send(Request::start("THIS_IS_NOT_A_TOKEN")).await?;
                Ok(is_error(&recorded, "NotAuthorizedException", &errors::NOT_AUTHORIZED))
            },
        ),
        of_pool(
            "web-authn-not-enabled",
            "WebAuthnNotEnabledException",
            &errors::NOT_ENABLED,
            PoolSpec::NOT_ENABLED,
            "SignInPolicy",
        ),
        of_pool(
            "web-authn-configuration-missing",
            "WebAuthnConfigurationMissingException",
            &errors::CONFIGURATION_MISSING,
            PoolSpec::NO_RELYING_PARTY,
            "RelyingPartyId",
        ),
    ]
}

fn of_pool(word: &str, name: &'static str, rule: &'static Rule, spec: PoolSpec, setting: &'static str) -> Case {
    let rules = [rule, &errors::STATUS_FAULT, &errors::STATUS, &errors::RETRYABLE];
    Case::steps(
        format!("errors.cause.{word}"),
        format!("answers with {name} where the pool is the cause"),
        &rules,
        move |ctx: Ctx| {
            let spec = spec.clone();
            async move {
                let user = ctx.new_user(&spec).await?;
                if let Some(reduced) = user.pool.iter().flat_map(|pool| &pool.reduced).find(|r| r.contains(setting)) {
                    return Err(Stop::Skip(format!("the target does not hold the setting: {reduced}")));
                }
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                if recorded.classification.name() != name {
                    // The theme of states judges that; here it is how the error is told.
                    return Err(Stop::Skip(format!("the target does not answer with {name}: {}", in_short(&recorded))));
                }
                Ok(is_error(&recorded, name, rule))
            }
        },
    )
}

/// Whether the answer is that error, in all that a client goes by.
fn is_error(recorded: &Recorded, name: &str, rule: &'static Rule) -> Vec<Finding> {
    let classification = &recorded.classification;
    let modelled = START.errors.contains(&name);
    let Some(shape) = error(name).filter(|_| modelled && classification.name() == name) else {
        return vec![Finding::new(rule, in_short(recorded), name)];
    };
    let status = recorded.exchange.result.as_ref().map(|response| response.status).unwrap_or_default();
    [fault_side(shape, status), listed_status(shape, status), retry(shape, classification.retryable)]
        .into_iter()
        .flatten()
        .collect()
}

fn fault_side(shape: &ErrorShape, status: u16) -> Option<Finding> {
    let (wanted, right) = match shape.fault {
        Fault::Client => ("a 4xx status", (400..500).contains(&status)),
        Fault::Server => ("a 5xx status", (500..600).contains(&status)),
    };
    (!right).then(|| Finding::new(&errors::STATUS_FAULT, format!("{} with status {status}", shape.name), wanted))
}

fn listed_status(shape: &ErrorShape, status: u16) -> Option<Finding> {
    (!shape.has_status(status)).then(|| {
        let wanted = format!("{} (reference) or {} (model)", shape.statuses.reference, shape.statuses.model);
        Finding::new(&errors::STATUS, format!("{} with status {status}", shape.name), wanted)
    })
}

fn retry(shape: &ErrorShape, retryable: bool) -> Option<Finding> {
    let word = |retryable| if retryable { "a client may retry" } else { "a client may not retry" };
    (shape.retryable != retryable).then(|| {
        Finding::new(&errors::RETRYABLE, word(retryable), format!("{}: {}", shape.name, word(shape.retryable)))
    })
}
