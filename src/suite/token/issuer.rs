//! The issuer: the pool whose key has signed the token.

use serde_json::{Value, json};

use super::edit::{Broken, draft, message, own_key, segments, sign, text};
use crate::cognito::rules::{request, token};
use crate::suite::{Case, Ctx, Stop};
use crate::target::{PoolSpec, User};
use crate::token::{Draft, Segments};
use crate::wire::Request;

const BROKEN: Broken = Broken::new("issuer", &token::ISSUER, &token::CLAIMS_CLASS);

pub(super) fn cases() -> Vec<Case> {
    let edited = EDITED.iter().map(|(name, what, edit)| {
        let edit = *edit;
        BROKEN.signed(name, what, move |draft| {
            let iss = draft.claims.get("iss").and_then(Value::as_str).unwrap_or_default();
            let value = edit(iss);
            draft.claim("iss", value)
        })
    });
    let missing = BROKEN.signed("missing", "without `iss`", |draft| draft.without_claim("iss"));
    edited.chain([missing, other_region(), other_form()]).chain(two_pools()).collect()
}

/// A labelled edit of `iss`.
type IssuerEdit = (&'static str, &'static str, fn(&str) -> Value);

const EDITED: &[IssuerEdit] = &[
    ("unknown-pool", "whose `iss` is a pool that does not exist", |iss| {
        let (base, pool) = iss.rsplit_once('/').unwrap_or_default();
        let region = pool.split('_').next().unwrap_or_default();
        format!("{base}/{region}_CogspecNo").into()
    }),
    ("other-host", "whose `iss` is the pool at another host", |iss| {
        format!("https://issuer.example/{}", iss.rsplit('/').next().unwrap_or_default()).into()
    }),
    ("longer-host", "whose `iss` has a host that begins with Cognito's", |iss| {
        let (base, pool) = iss.rsplit_once('/').unwrap_or_default();
        format!("{base}.issuer.example/{pool}").into()
    }),
    ("other-scheme", "whose `iss` has another scheme", |iss| {
        match iss.strip_prefix("https://") {
            Some(rest) => format!("http://{rest}"),
            None => iss.replacen("http://", "https://", 1),
        }
        .into()
    }),
    ("trailing-slash", "whose `iss` ends in a slash", |iss| format!("{iss}/").into()),
    ("trailing-path", "whose `iss` is the address of the key set", |iss| format!("{iss}/.well-known/jwks.json").into()),
    ("trailing-space", "whose `iss` ends in a space", |iss| format!("{iss} ").into()),
    ("prefix", "whose `iss` lacks its last character", |iss| {
        iss.get(..iss.len().saturating_sub(1)).unwrap_or_default().into()
    }),
    ("upper-case", "whose `iss` is in upper case", |iss| iss.to_uppercase().into()),
    ("pool-id", "whose `iss` is the pool's id alone", |iss| iss.rsplit('/').next().unwrap_or_default().into()),
    ("empty", "whose `iss` is empty", |_| json!("")),
    ("null", "whose `iss` is null", |_| json!(null)),
    ("number", "whose `iss` is a number", |_| json!(1)),
    ("array", "whose `iss` is an array with the issuer", |iss| json!([iss])),
];

fn other_region() -> Case {
    BROKEN.resigned("other-region", "whose `iss` is the pool in another region").made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let draft = draft(&user)?;
        let iss = text(&draft.claims, "iss")?;
        let other = replace_region(iss).ok_or_else(|| Stop::Skip("the target's `iss` names no region".to_owned()))?;
        resigned(&ctx, &user, draft.claim("iss", other)).await
    })
}

/// The issuer with another region in host and pool id.
fn replace_region(iss: &str) -> Option<String> {
    let (base, pool) = iss.rsplit_once('/')?;
    let (region, id) = pool.split_once('_')?;
    let other = if region == "eu-west-3" { "eu-north-1" } else { "eu-west-3" };
    base.contains(region).then(|| format!("{}/{other}_{id}", base.replace(region, other)))
}

fn other_form() -> Case {
    let title = "observes a token whose `iss` is the pool in the other form that Cognito has";
    Case::observed("token.issuer.other-form", title, &token::ISSUER_FORM).made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let draft = draft(&user)?;
        let iss = text(&draft.claims, "iss")?;
        let other = if iss.contains("://issuer-cognito-idp.") {
            iss.replacen("://issuer-cognito-idp.", "://cognito-idp.", 1)
        } else {
            iss.replacen("://cognito-idp.", "://issuer-cognito-idp.", 1)
        };
        if other == iss {
            return Err(Stop::Skip("the target's `iss` has neither of Cognito's forms".to_owned()));
        }
        resigned(&ctx, &user, draft.claim("iss", other)).await
    })
}

/// Two pools, each with its own key and users.
fn two_pools() -> [Case; 5] {
    let served = "serves the token of each pool for itself: that of a second pool is as good";
    let signature = Broken::new("issuer", &token::SIGNATURE, &token::SIGNATURE_CLASS);
    [
        Case::accepted("token.issuer.second-pool", served, &request::ACCEPTED)
            .made(|ctx: Ctx| async move { Ok(Request::start(&ctx.new_user(&PoolSpec::SECOND).await?.tokens.access)) }),
        BROKEN.resigned("other-pool", "whose `iss` is another pool that exists").made(|ctx: Ctx| async move {
            let (user, second) = both(&ctx).await?;
            let iss = text(&draft(&second)?.claims, "iss")?.to_owned();
            resigned(&ctx, &user, draft(&user)?.claim("iss", iss)).await
        }),
        signature.resigned("signed-by-other-pool", "of a second pool's user, signed by the first pool's key").made(
            |ctx: Ctx| async move {
                let (user, second) = both(&ctx).await?;
                let key = own_key(&ctx, &user).await?;
                let crossed = Draft { header: draft(&user)?.header, claims: draft(&second)?.claims };
                Ok(Request::start(&sign(&ctx, &key, &message(&crossed))))
            },
        ),
        signature
            .resigned(
                "signed-by-other-pool-own-kid",
                "of a second pool's user under that pool's `kid`, signed by the first pool's key",
            )
            .made(|ctx: Ctx| async move {
                let (user, second) = both(&ctx).await?;
                let key = own_key(&ctx, &user).await?;
                Ok(Request::start(&sign(&ctx, &key, &message(&draft(&second)?))))
            }),
        signature.refused("claims-of-other-pool", "with a second pool's claims between its header and signature").made(
            |ctx: Ctx| async move {
                let (user, second) = both(&ctx).await?;
                let spliced = Segments { claims: segments(&second)?.claims, ..segments(&user)? };
                Ok(Request::start(&spliced.join()))
            },
        ),
    ]
}

/// The user of most cases, and one of a second pool.
async fn both(ctx: &Ctx) -> Result<(std::sync::Arc<User>, User), Stop> {
    let second = ctx.new_user(&PoolSpec::SECOND).await?;
    Ok((ctx.user().await?, second))
}

async fn resigned(ctx: &Ctx, user: &User, draft: Draft) -> Result<Request, Stop> {
    let key = ctx.fixtures().signing_key(user).await?;
    Ok(Request::start(&sign(ctx, &key, &message(&draft))))
}
