//! How the three plain kinds of case come to their findings.

use super::case::Make;
use super::ctx::{Ctx, Recorded, Role, Stop};
use crate::cognito::{Finding, Rule, rules};
use crate::wire::{Class, Request, TransportErrorKind};

/// What a refusal must be like.
#[derive(Clone, Copy)]
pub(super) struct Refusal {
    /// The rule that asks for it.
    pub(super) rule: &'static Rule,
    /// The right classes, and the rule that names them.
    pub(super) class: Option<(&'static [&'static str], &'static Rule)>,
    /// Whether closing the connection is a right answer.
    pub(super) may_close: bool,
}

/// A request with one defect must be refused, and its witness served.
pub(super) async fn refused(ctx: Ctx, refusal: Refusal, make: Make, witness: Make) -> Result<Vec<Finding>, Stop> {
    let recorded = ctx.send(make(ctx.clone()).await?).await?;
    let findings = refusal.judge(&recorded)?;
    if is_served(&recorded) {
        // That it was served needs no witness.
        return Ok(findings);
    }
    let witness = send_served(&ctx, Role::Witness, &witness).await?;
    if is_served(&witness) {
        return Ok(findings);
    }
    Err(Stop::Inconclusive(format!(
        "the witness (the same request without its defect) is refused too: {}",
        in_short(&witness)
    )))
}

impl Refusal {
    /// What is wrong with the answer to a request that must be refused.
    pub(super) fn judge(&self, recorded: &Recorded) -> Result<Vec<Finding>, Stop> {
        let wanted = || match self.class {
            Some((classes, _)) => classes.join(" or "),
            None => "a client error".to_owned(),
        };
        match &recorded.exchange.result {
            Ok(_) => {}
            Err(e) if e.kind == TransportErrorKind::Closed && self.may_close => return Ok(Vec::new()),
            Err(e) if e.kind == TransportErrorKind::TooLarge => {
                return Err(Stop::Inconclusive(e.to_string()));
            }
            Err(e) => return Ok(vec![Finding::new(&rules::response::ANSWERED, e.to_string(), wanted())]),
        }
        if is_served(recorded) {
            return Ok(vec![Finding::new(self.rule, in_short(recorded), format!("a refusal: {}", wanted()))]);
        }
        if recorded.classification.is_server_error() {
            return Ok(vec![Finding::new(&rules::response::NO_SERVER_ERROR, in_short(recorded), wanted())]);
        }
        match self.class {
            Some((classes, rule)) if !classes.contains(&&*recorded.classification.name()) => {
                Ok(vec![Finding::new(rule, in_short(recorded), wanted())])
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// A legal request must be served. Where a plain one is not served either, the unusual form is not the cause.
pub(super) async fn accepted(ctx: Ctx, rule: &'static Rule, make: Make) -> Result<Vec<Finding>, Stop> {
    let recorded = send_served(&ctx, Role::Test, &make).await?;
    let Some(finding) = not_served(rule, &recorded) else { return Ok(Vec::new()) };
    let plain = Request::start(&ctx.user().await?.tokens.access);
    if *recorded.exchange.request != plain {
        let witness = ctx.send_witness(plain).await?;
        if !is_served(&witness) {
            return Err(Stop::Inconclusive(format!("a plain request is refused too: {}", in_short(&witness))));
        }
    }
    Ok(vec![finding])
}

/// Nobody knows what is right: what came is told, and only a server error is wrong.
pub(super) async fn observed(ctx: Ctx, rule: &'static Rule, make: Make) -> Result<Vec<Finding>, Stop> {
    let recorded = ctx.send(make(ctx.clone()).await?).await?;
    Ok(vec![not_known(rule, &recorded)])
}

/// What nobody knows, told. A server error is wrong whatever else would be right.
pub(super) fn not_known(rule: &'static Rule, recorded: &Recorded) -> Finding {
    let got = in_short(recorded);
    match &recorded.exchange.result {
        Ok(response) if response.status >= 500 => {
            Finding::new(&rules::response::NO_SERVER_ERROR, got, "no server error")
        }
        _ => Finding::new(rule, got, "not known: observed, not judged"),
    }
}

/// Whether the operation's output came, or anything that calls itself a success.
pub(super) fn is_served(recorded: &Recorded) -> bool {
    matches!(recorded.classification.class, Class::Success)
}

/// The finding, where a request that must be served was not.
pub(super) fn not_served(rule: &'static Rule, recorded: &Recorded) -> Option<Finding> {
    (!is_served(recorded)).then(|| {
        let output = recorded.exchange.request.operation().output.iter().find(|member| member.required);
        let wanted = output.map_or_else(|| "200".to_owned(), |member| format!("200 with {}", member.name));
        Finding::new(rule, in_short(recorded), wanted)
    })
}

/// The answer in one line: class, status, message.
pub(super) fn in_short(recorded: &Recorded) -> String {
    recorded.exchange.in_short(&recorded.classification)
}

/// Sends a request that is to be served. A user who has met a limit (some servers allow few pending registrations) is
/// retired, and the request made anew with another.
pub(super) async fn send_served(ctx: &Ctx, role: Role, make: &Make) -> Result<Recorded, Stop> {
    const TRIES: usize = 3;
    let mut last = None;
    for _ in 0..TRIES {
        let request = make(ctx.clone()).await?;
        let recorded = ctx.send_as(role, request).await?;
        if !matches!(recorded.classification.class, Class::Modelled(e) if e.name == "LimitExceededException") {
            return Ok(recorded);
        }
        let user = ctx.fixtures().user().await?;
        ctx.fixtures().retire(&user).await;
        last = Some(recorded);
    }
    last.ok_or_else(|| Stop::Inconclusive("nothing was sent".to_owned()))
}
