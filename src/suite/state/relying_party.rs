//! Relying party id and user verification follow the pool.

use serde_json::json;

use super::{Class, has_member, kept, main_is_served, own_pool, pool_of, refused_now, served_before, served_now};
use crate::cognito::rules::state;
use crate::suite::{Case, Ctx, Stop};
use crate::tape;
use crate::target::{Pool, PoolSpec};
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    const CLASS: Class = Some((&["WebAuthnConfigurationMissingException"], &state::CONFIGURATION_MISSING));
    vec![
        Case::steps(
            "state.relying-party.missing",
            "refuses a user of a pool that has neither a relying party id nor a domain",
            &[&state::CONFIGURATION_MISSING],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::NO_RELYING_PARTY).await?;
                kept(&pool_of(&user)?, "RelyingPartyId")?;
                main_is_served(&ctx).await?;
                ctx.acts_as(&user);
                refused_now(&ctx, &user.tokens, &state::CONFIGURATION_MISSING, CLASS).await
            },
        ),
        Case::steps(
            "state.relying-party.domain",
            "takes the prefix domain for the relying party id where none is configured",
            &[&state::RP_DOMAIN],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::DOMAIN).await?;
                let pool = pool_of(&user)?;
                kept(&pool, "RelyingPartyId")?;
                let prefix = pool.domain.clone().unwrap_or_default();
                let wanted = format!("{prefix}.auth.{}.amazoncognito.com", ctx.fixtures().target().control.region());
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                Ok(has_member(&recorded, &state::RP_DOMAIN, "/rp/id", &wanted).into_iter().collect())
            },
        ),
        Case::steps(
            "state.relying-party.domain-added",
            "serves from the next call on when a domain is added",
            &[&state::CONFIGURATION_APPLIES],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::NO_RELYING_PARTY).await?;
                ctx.send_witness(Request::start(&user.tokens.access)).await?;
                let domain = format!("cogspec-{:08x}", tape::draw(rand::random::<u32>));
                let input = json!({ "UserPoolId": pool.id, "Domain": domain });
                ctx.control("CreateUserPoolDomain", input.clone()).await?;
                let findings = served_now(&ctx, &user, &state::CONFIGURATION_APPLIES).await;
                ctx.control("DeleteUserPoolDomain", input).await?;
                findings
            },
        ),
        Case::steps(
            "state.relying-party.changed",
            "answers with the new relying party id from the next call on",
            &[&state::CONFIGURATION_APPLIES, &state::RP_CONFIGURED],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                kept(&pool, "RelyingPartyId")?;
                served_before(&ctx, &user).await?;
                configure(&ctx, &pool, "changed.example.net", "preferred").await?;
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                let rule = &state::CONFIGURATION_APPLIES;
                Ok(has_member(&recorded, rule, "/rp/id", "changed.example.net").into_iter().collect())
            },
        ),
        Case::steps(
            "state.user-verification.changed",
            "answers with the new user verification from the next call on",
            &[&state::CONFIGURATION_APPLIES, &state::USER_VERIFICATION],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                kept(&pool, "UserVerification")?;
                served_before(&ctx, &user).await?;
                configure(&ctx, &pool, "auth.example.com", "required").await?;
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                let rule = &state::CONFIGURATION_APPLIES;
                Ok(has_member(&recorded, rule, USER_VERIFICATION, "required").into_iter().collect())
            },
        ),
        user_verification("state.user-verification.required", PoolSpec::VERIFICATION_REQUIRED, "required"),
        user_verification("state.user-verification.preferred", PoolSpec::MAIN, "preferred"),
        user_verification("state.user-verification.default", PoolSpec::VERIFICATION_DEFAULT, "preferred"),
    ]
}

const USER_VERIFICATION: &str = "/authenticatorSelection/userVerification";

fn user_verification(id: &str, spec: PoolSpec, wanted: &'static str) -> Case {
    let title = match spec.user_verification {
        Some(setting) => format!("asks for user verification as the pool is set: {setting}"),
        None => "asks for preferred user verification where the pool sets nothing".to_owned(),
    };
    Case::steps(id, title, &[&state::USER_VERIFICATION], move |ctx| {
        let spec = spec.clone();
        async move {
            let user = ctx.new_user(&spec).await?;
            kept(&pool_of(&user)?, "UserVerification")?;
            let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
            Ok(has_member(&recorded, &state::USER_VERIFICATION, USER_VERIFICATION, wanted).into_iter().collect())
        }
    })
}

async fn configure(ctx: &Ctx, pool: &Pool, relying_party_id: &str, user_verification: &str) -> Result<(), Stop> {
    let configuration = json!({ "RelyingPartyId": relying_party_id, "UserVerification": user_verification });
    let input = json!({ "UserPoolId": pool.id, "MfaConfiguration": "OFF", "WebAuthnConfiguration": configuration });
    ctx.control("SetUserPoolMfaConfig", input).await?;
    Ok(())
}
