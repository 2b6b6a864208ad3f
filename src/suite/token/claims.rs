//! The other claims: who the user is, by which app client, and what Cognito adds.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::{Broken, DraftEdit, accepted, draft, message, observed, sign, text};
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx, Stop};
use crate::target::{PoolSpec, User};
use crate::token::Draft;
use crate::wire::Request;

/// An id that no user, client or session has.
const NOBODY: &str = "00000000-0000-4000-8000-c0650ec00000";

pub(super) fn cases() -> Vec<Case> {
    [users(), other_user(), clients(), missing(), types(), unknown(), sizes()].concat()
}

fn refused(broken: Broken, edits: &[DraftEdit]) -> impl Iterator<Item = Case> {
    edits.iter().map(move |(name, what, edit)| broken.signed(name, what, *edit))
}

fn users() -> Vec<Case> {
    let user = Broken::new("claims", &token::USER, &token::CLAIMS_CLASS);
    let nobody: &[DraftEdit] = &[
        // What a user's token is like once the user is deleted, and the name taken again.
        ("sub-unknown", "whose `sub` is no user, though its `username` is", |draft| draft.claim("sub", NOBODY)),
        ("user-unknown", "whose `sub` and `username` are no user", |draft| {
            draft.claim("sub", NOBODY).claim("username", NOBODY)
        }),
    ];
    let claims = Broken::new("claims", &token::USER_CLAIMS, &token::CLAIMS_CLASS);
    let half: &[DraftEdit] = &[
        ("username-unknown", "whose `username` is no user, though its `sub` is", |draft| {
            draft.claim("username", NOBODY)
        }),
        ("sub-missing", "without `sub`", |draft| draft.without_claim("sub")),
        ("username-missing", "without `username`", |draft| draft.without_claim("username")),
        ("sub-empty", "whose `sub` is empty", |draft| draft.claim("sub", "")),
        ("username-empty", "whose `username` is empty", |draft| draft.claim("username", "")),
        ("sub-null", "whose `sub` is null", |draft| draft.claim("sub", Value::Null)),
        ("sub-number", "whose `sub` is a number", |draft| draft.claim("sub", 1)),
        ("sub-array", "whose `sub` is an array with the user", |draft| in_array(draft, "sub")),
        ("username-null", "whose `username` is null", |draft| draft.claim("username", Value::Null)),
        ("username-number", "whose `username` is a number", |draft| draft.claim("username", 1)),
        ("username-array", "whose `username` is an array with the name", |draft| in_array(draft, "username")),
        ("username-of-id-token", "with its name in `cognito:username`, as an ID token has it", |draft| {
            let username = draft.claims.get("username").cloned().unwrap_or_default();
            draft.without_claim("username").claim("cognito:username", username)
        }),
    ];
    refused(user, nobody).chain(refused(claims, half)).collect()
}

/// Another user of the same pool, in one of the two claims that name the user.
fn other_user() -> Vec<Case> {
    let broken = Broken::new("claims", &token::USER_CLAIMS, &token::CLAIMS_CLASS);
    ["sub", "username"]
        .map(|claim| {
            broken.resigned(&format!("{claim}-of-other-user"), &format!("whose `{claim}` is another user's")).made(
                move |ctx: Ctx| async move {
                    let (user, other) = two_users(&ctx).await?;
                    let value = text(&draft(&other)?.claims, claim)?.to_owned();
                    let key = ctx.fixtures().signing_key(&user).await?;
                    Ok(Request::start(&sign(&ctx, &key, &message(&draft(&user)?.claim(claim, value)))))
                },
            )
        })
        .into()
}

async fn two_users(ctx: &Ctx) -> Result<(Arc<User>, User), Stop> {
    let other = ctx.new_user(&PoolSpec::MAIN).await?;
    Ok((ctx.user().await?, other))
}

fn clients() -> Vec<Case> {
    let broken = Broken::new("claims", &token::CLIENT, &token::CLAIMS_CLASS);
    let edits: &[DraftEdit] = &[
        ("client-unknown", "whose `client_id` is no app client", |draft| {
            draft.claim("client_id", "cogspec0no0such0client0000")
        }),
        ("client-missing", "without `client_id`", |draft| draft.without_claim("client_id")),
        ("client-empty", "whose `client_id` is empty", |draft| draft.claim("client_id", "")),
        ("client-null", "whose `client_id` is null", |draft| draft.claim("client_id", Value::Null)),
        ("client-number", "whose `client_id` is a number", |draft| draft.claim("client_id", 1)),
        ("client-array", "whose `client_id` is an array with the client", |draft| in_array(draft, "client_id")),
        ("client-as-aud", "with its client in `aud`, as an ID token has it", |draft| {
            let client = draft.claims.get("client_id").cloned().unwrap_or_default();
            draft.without_claim("client_id").claim("aud", client)
        }),
    ];
    let other = broken.resigned("client-of-other-pool", "whose `client_id` is an app client of another pool").made(
        |ctx: Ctx| async move {
            let user = ctx.user().await?;
            let client = ctx.fixtures().pool(&PoolSpec::SECOND).await?.client_id.clone();
            let key = ctx.fixtures().signing_key(&user).await?;
            Ok(Request::start(&sign(&ctx, &key, &message(&draft(&user)?.claim("client_id", client)))))
        },
    );
    refused(broken, edits).chain([other]).collect()
}

/// Claims that Cognito always writes and that nothing is known to rest on. `origin_jti` is absent by right where the
/// app client has revocation switched off.
fn missing() -> Vec<Case> {
    let mut cases: Vec<Case> = ["jti", "origin_jti", "event_id", "iat", "auth_time"]
        .map(|claim| {
            let (name, what) = (format!("{}-missing", claim.replace('_', "-")), format!("without `{claim}`"));
            observed("claims", &name, &what, &token::CLAIM_MISSING, move |draft| message(&draft.without_claim(claim)))
        })
        .into();
    cases.extend([
        observed("claims", "origin-jti-unknown", "whose `origin_jti` is no session", &token::SESSION, |draft| {
            message(&draft.claim("origin_jti", NOBODY))
        }),
        observed("claims", "jti-unknown", "whose `jti` was never issued", &token::SESSION, |draft| {
            message(&draft.claim("jti", NOBODY))
        }),
        observed("claims", "event-id-unknown", "whose `event_id` was never issued", &token::SESSION, |draft| {
            message(&draft.claim("event_id", NOBODY))
        }),
    ]);
    cases
}

/// Types that Cognito does not give these claims.
fn types() -> Vec<Case> {
    let broken = Broken::new("claims", &token::CLAIM_TYPE, &token::CLAIMS_CLASS);
    let wrong: &[(&str, &str, &str, Value)] = &[
        ("jti", "number", "a number", json!(1)),
        ("jti", "array", "an array", json!([])),
        ("origin_jti", "number", "a number", json!(1)),
        ("origin_jti", "array", "an array", json!([])),
        ("event_id", "number", "a number", json!(1)),
        ("event_id", "object", "an object", json!({})),
        ("iat", "string", "text", json!("1")),
        ("iat", "null", "null", json!(null)),
        ("iat", "negative", "before time began", json!(-1)),
        ("auth_time", "string", "text", json!("1")),
        ("auth_time", "array", "an array", json!([1])),
        ("auth_time", "fraction", "a fraction", json!(0.5)),
    ];
    let wrong = wrong.iter().map(|(claim, kind, what, value)| {
        let (claim, value) = (*claim, value.clone());
        broken.signed(
            &format!("{}-{kind}", claim.replace('_', "-")),
            &format!("whose `{claim}` is {what}"),
            move |draft| draft.claim(claim, value.clone()),
        )
    });
    let groups =
        [("string", "text", json!("admin")), ("numbers", "numbers", json!([1])), ("null", "null", Value::Null)];
    let groups = groups.into_iter().map(|(kind, what, value)| {
        let (name, what) = (format!("groups-{kind}"), format!("whose `cognito:groups` is {what}"));
        observed("claims", &name, &what, &token::CLAIM_TYPE, move |draft| {
            message(&draft.claim("cognito:groups", value.clone()))
        })
    });
    wrong.chain(groups).collect()
}

/// Claims beyond those of a plain sign-in: a trigger can add any, and groups and the token endpoint add theirs.
fn unknown() -> Vec<Case> {
    const UNKNOWN: &[DraftEdit] = &[
        ("extra-string", "with a claim of its own", |draft| draft.claim("cogspec", "a claim")),
        ("extra-null", "with a claim that is null", |draft| draft.claim("cogspec", Value::Null)),
        ("extra-object", "with a claim that is an object", |draft| {
            draft.claim("cogspec", json!({ "exp": 0, "nested": [{ "token_use": "id" }] }))
        }),
        ("extra-unicode", "with a claim whose name and value are not ASCII", |draft| {
            draft.claim("pr\u{e9}nom", "\u{5c71}\u{1f511}")
        }),
        ("extra-empty-name", "with a claim without a name", |draft| draft.claim("", 1)),
        ("extra-other-case", "with claims whose names differ in case only", |draft| {
            draft.claim("Token_Use", "id").claim("EXP", 1).claim("SCOPE", "openid")
        }),
        ("extra-prototype", "with a claim `__proto__`", |draft| draft.claim("__proto__", json!({ "token_use": "id" }))),
        ("groups", "with groups", |draft| draft.claim("cognito:groups", json!(["readers", "writers"]))),
        ("version", "with `version` 2, as the token endpoint writes it", |draft| draft.claim("version", 2)),
        ("extra-many", "with 500 claims more", |mut draft| {
            draft.claims.extend((0..500).map(|number| (format!("cogspec_{number}"), json!(number))));
            draft
        }),
    ];
    let serve = |(name, what, edit): &DraftEdit| {
        let edit = *edit;
        accepted("claims", name, what, &token::UNKNOWN_CLAIM, move |draft| message(&edit(draft)))
    };
    UNKNOWN.iter().map(serve).collect()
}

fn sizes() -> Vec<Case> {
    [("kib-64", 64), ("kib-1024", 1024)]
        .map(|(name, kib)| {
            let what = format!("with a claim of {kib} KiB");
            observed("claims", name, &what, &token::LENGTH, move |draft| {
                message(&draft.claim("cogspec", "c".repeat(kib * 1024)))
            })
        })
        .into()
}

fn in_array(draft: Draft, claim: &str) -> Draft {
    let value = draft.claims.get(claim).cloned().unwrap_or_default();
    draft.claim(claim, json!([value]))
}
