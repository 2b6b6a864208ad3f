//! What the service knows: sessions, users, pools and their configuration, and what must hold across calls.

mod across;
mod passkeys;
mod pools;
mod relying_party;
mod sessions;
mod users;

use std::sync::Arc;

use serde_json::json;

use super::answer::{self, member};
use super::judge::{Refusal, in_short, is_served, not_served};
use super::{Case, Ctx, Recorded, Stop};
use crate::cognito::rules::state;
use crate::cognito::{Finding, Rule};
use crate::oracle;
use crate::target::{Pool, PoolSpec, Tokens, User};
use crate::wire::Request;

/// The right error classes, and the rule that names them.
type Class = Option<(&'static [&'static str], &'static Rule)>;

const NOT_AUTHORIZED: Class = Some((&["NotAuthorizedException"], &state::GONE_CLASS));
const REVOKED: Class = Some((&["NotAuthorizedException"], &state::REVOKED_CLASS));

pub(super) fn cases() -> Vec<Case> {
    [sessions::cases(), users::cases(), pools::cases(), passkeys::cases(), relying_party::cases(), across::cases()]
        .concat()
}

/// So many served calls of one user, one after the other. A server may allow few pending registrations a user; as many as it
/// allows are judged, if they are two or more.
async fn answers(ctx: &Ctx, count: usize) -> Result<Vec<Recorded>, Stop> {
    let user = match ctx.new_user(&PoolSpec::MAIN).await {
        Ok(user) => Arc::new(user),
        Err(_) => ctx.user().await?,
    };
    let mut answers = Vec::new();
    for _ in 0..count {
        let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
        if is_served(&recorded) {
            answers.push(recorded);
        } else if answers.len() >= 2 {
            break;
        } else {
            return Err(Stop::Inconclusive(format!("a valid call is refused: {}", in_short(&recorded))));
        }
    }
    Ok(answers)
}

/// The text at a place in the options of each answer.
fn values(answers: &[Recorded], pointer: &str) -> Result<Vec<String>, Stop> {
    answers
        .iter()
        .map(|answer| {
            member(answer, pointer).ok_or_else(|| Stop::Inconclusive(format!("an answer has no text at {pointer}")))
        })
        .collect()
}

fn different_user_ids(rule: &'static Rule, one: &Recorded, other: &Recorded) -> Result<Vec<Finding>, Stop> {
    let ids = values(&[one.clone(), other.clone()], "/user/id")?;
    Ok(oracle::across::different(rule, "user.id", &ids[0], &ids[1]).into_iter().collect())
}

/// The finding, where the options do not have that text at that place.
fn has_member(recorded: &Recorded, rule: &'static Rule, pointer: &str, wanted: &str) -> Option<Finding> {
    if let Some(finding) = not_served(rule, recorded) {
        return Some(finding);
    }
    let got = member(recorded, pointer);
    (got.as_deref() != Some(wanted)).then(|| {
        let got = got.unwrap_or_else(|| "no text there".to_owned());
        Finding::new(rule, got, wanted).at(pointer)
    })
}

fn options_of(recorded: &Recorded, rule: &'static Rule) -> Result<serde_json::Value, Stop> {
    answer::options(recorded)
        .ok_or_else(|| Stop::Inconclusive(format!("{}: no options to look at: {}", rule.id, in_short(recorded))))
}

async fn served_before(ctx: &Ctx, user: &User) -> Result<Recorded, Stop> {
    ctx.acts_as(user);
    let before = ctx.send_witness(Request::start(&user.tokens.access)).await?;
    if is_served(&before) {
        Ok(before)
    } else {
        Err(Stop::Inconclusive(format!("the token is refused before anything is done: {}", in_short(&before))))
    }
}

/// The witness of a refusal that comes from how a pool is set up: a user of the main pool is served.
async fn main_is_served(ctx: &Ctx) -> Result<(), Stop> {
    let user = ctx.user().await?;
    served_before(ctx, &user).await.map(|_| ())
}

async fn refused_now(ctx: &Ctx, tokens: &Tokens, rule: &'static Rule, class: Class) -> Result<Vec<Finding>, Stop> {
    let recorded = ctx.send(Request::start(&tokens.access)).await?;
    Refusal { rule, class, may_close: false }.judge(&recorded)
}

async fn served_now(ctx: &Ctx, user: &User, rule: &'static Rule) -> Result<Vec<Finding>, Stop> {
    ctx.acts_as(user);
    let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
    Ok(not_served(rule, &recorded).into_iter().collect())
}

fn with(user: &User, tokens: Tokens) -> User {
    User { tokens, ..user.clone() }
}

pub(super) fn pool_of(user: &User) -> Result<Arc<Pool>, Stop> {
    user.pool.clone().ok_or_else(|| Stop::Skip("only an access token was given: its pool is not known".to_owned()))
}

/// Skips where the server has dropped the setting that the case is about.
pub(super) fn kept(pool: &Arc<Pool>, setting: &str) -> Result<(), Stop> {
    match pool.reduced.iter().find(|reduced| reduced.contains(setting)) {
        Some(reduced) => Err(Stop::Skip(format!("the target does not hold the setting: {reduced}"))),
        None => Ok(()),
    }
}

/// A pool, and a user in it, that the case may change and delete.
pub(super) async fn own_pool(ctx: &Ctx, spec: &PoolSpec) -> Result<(Arc<Pool>, User), Stop> {
    let pool = ctx.fixtures().new_pool(spec).await?;
    let user = ctx.fixtures().user_in(&pool, None).await?;
    ctx.acts_as(&user);
    Ok((pool, user))
}

pub(super) async fn of_user(ctx: &Ctx, operation: &str, user: &User) -> Result<(), Stop> {
    let input = json!({ "UserPoolId": pool_of(user)?.id, "Username": user.username });
    ctx.control(operation, input).await?;
    Ok(())
}

pub(super) async fn allow_factors(ctx: &Ctx, pool: &Pool, factors: &[&str]) -> Result<(), Stop> {
    let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": factors } });
    ctx.control("UpdateUserPool", json!({ "UserPoolId": pool.id, "Policies": policies })).await?;
    Ok(())
}

pub(super) async fn global_sign_out(ctx: &Ctx, tokens: &Tokens) -> Result<(), Stop> {
    ctx.call_unsigned("GlobalSignOut", json!({ "AccessToken": tokens.access })).await?;
    Ok(())
}

async fn revoke(ctx: &Ctx, user: &User, tokens: &Tokens) -> Result<(), Stop> {
    let input = json!({ "Token": refresh_token(tokens)?, "ClientId": pool_of(user)?.client_id });
    ctx.call_unsigned("RevokeToken", input).await?;
    Ok(())
}

async fn refresh(ctx: &Ctx, user: &User) -> Result<Tokens, Stop> {
    let input = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "ClientId": pool_of(user)?.client_id,
        "AuthParameters": { "REFRESH_TOKEN": refresh_token(&user.tokens)? },
    });
    let answer = ctx.call_unsigned("InitiateAuth", input).await?;
    let access = answer.pointer("/AuthenticationResult/AccessToken").and_then(serde_json::Value::as_str);
    let access = access.ok_or_else(|| Stop::Skip("REFRESH_TOKEN_AUTH gives no access token".to_owned()))?;
    ctx.fixtures().target().secrets.add(access);
    Ok(Tokens { access: access.to_owned(), ..user.tokens.clone() })
}

fn refresh_token(tokens: &Tokens) -> Result<&str, Stop> {
    tokens.refresh.as_deref().ok_or_else(|| Stop::Skip("the target gives no refresh token".to_owned()))
}
