//! The kind of token: an access token of a user, and no other.

use serde_json::{Value, json};

use super::edit::{Broken, DraftEdit, draft, message, sign};
use crate::cognito::Rule;
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx, Stop};
use crate::target::User;
use crate::token::Draft;
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    let uses = token_uses();
    let others = [
        id_token(),
        id_claims("id-claims", "with an ID token's claims, signed as an access token", &token::TOKEN_USE, |id| id),
        id_claims(
            "id-claims-as-access",
            "with an ID token's claims, in which `token_use` is `access`",
            &token::SCOPE,
            |id| id.claim("token_use", "access"),
        ),
        refresh_token(),
    ];
    let machine = Broken::new("kind", &token::USER, &token::CLAIMS_CLASS);
    let machine = MACHINE.iter().map(|(name, what, edit)| machine.signed(name, what, *edit));
    others.into_iter().chain(uses).chain(machine).collect()
}

fn token_uses() -> Vec<Case> {
    let broken = Broken::new("kind", &token::TOKEN_USE, &token::CLAIMS_CLASS);
    let values: Vec<(&str, &str, Value)> = vec![
        ("use-id", "`id`", json!("id")),
        ("use-refresh", "`refresh`", json!("refresh")),
        ("use-empty", "empty", json!("")),
        ("use-upper-case", "`ACCESS`", json!("ACCESS")),
        ("use-prefix", "`access` with more behind it", json!("access_token")),
        ("use-trailing-space", "`access` and a space", json!("access ")),
        ("use-null", "null", json!(null)),
        ("use-true", "`true`", json!(true)),
        ("use-array", "an array with `access`", json!(["access"])),
    ];
    let values = values.into_iter().map(|(name, what, value)| {
        broken
            .signed(name, &format!("whose `token_use` is {what}"), move |draft| draft.claim("token_use", value.clone()))
    });
    let missing = broken.signed("use-missing", "without `token_use`", |draft| draft.without_claim("token_use"));
    values.chain([missing]).collect()
}

fn id_token() -> Case {
    let broken = Broken::new("kind", &token::TOKEN_USE, &token::TOKEN_USE_CLASS);
    broken.refused("id-token", "that is an ID token").made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let id = user.tokens.id.clone().ok_or_else(|| Stop::Skip("the target gives no ID token".to_owned()))?;
        Ok(Request::start(&id))
    })
}

/// The claims of the user's ID token under the header and key of the access token: the signature holds, and the
/// claims tell.
fn id_claims(name: &str, what: &str, rule: &'static Rule, edit: fn(Draft) -> Draft) -> Case {
    let broken = Broken::new("kind", rule, &token::CLAIMS_CLASS);
    broken.resigned(name, what).made(move |ctx: Ctx| async move {
        let user = ctx.user().await?;
        let draft = draft(&user)?;
        let key = ctx.fixtures().signing_key(&user).await?;
        let id = Draft { header: draft.header, claims: id_draft(&user)?.claims };
        Ok(Request::start(&sign(&ctx, &key, &message(&edit(id)))))
    })
}

fn id_draft(user: &User) -> Result<Draft, Stop> {
    let none = || Stop::Skip("the target gives no ID token that is a JSON Web Token".to_owned());
    user.tokens.id.as_deref().and_then(Draft::of).ok_or_else(none)
}

fn refresh_token() -> Case {
    let broken = Broken::new("kind", &token::TOKEN_USE, &token::CLASS);
    broken.refused("refresh-token", "that is a refresh token").made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let refresh = user.tokens.refresh.clone();
        let refresh = refresh.ok_or_else(|| Stop::Skip("the target gives no refresh token".to_owned()))?;
        // Outside the pattern the refusal would be another one, for another reason.
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.');
        if !refresh.chars().all(allowed) {
            return Err(Stop::Skip(
                "the target's refresh token does not match the pattern of access tokens".to_owned(),
            ));
        }
        Ok(Request::start(&refresh))
    })
}

/// Tokens of the client credentials grant: `sub` is the app client, and there is no user.
const MACHINE: &[DraftEdit] = &[
    ("client-credentials", "of client credentials", |draft| machine(draft).claim("scope", "api.example.com/read")),
    ("client-credentials-with-scope", "of client credentials that has the scope for users", machine),
];

fn machine(draft: Draft) -> Draft {
    let client = draft.claims.get("client_id").cloned().unwrap_or_default();
    draft.claim("sub", client).without_claim("username").without_claim("origin_jti").without_claim("event_id")
}
