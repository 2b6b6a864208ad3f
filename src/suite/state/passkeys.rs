//! Passkeys not enabled, switched off, switched on.

use super::{Class, allow_factors, kept, main_is_served, own_pool, pool_of, refused_now, served_before, served_now};
use crate::cognito::rules::state;
use crate::suite::Case;
use crate::target::PoolSpec;
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    const CLASS: Class = Some((&["WebAuthnNotEnabledException"], &state::NOT_ENABLED));
    vec![
        Case::steps(
            "state.passkeys.not-enabled",
            "refuses a user of a pool on which passkeys are not enabled",
            &[&state::NOT_ENABLED],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::NOT_ENABLED).await?;
                kept(&pool_of(&user)?, "SignInPolicy")?;
                main_is_served(&ctx).await?;
                ctx.acts_as(&user);
                refused_now(&ctx, &user.tokens, &state::NOT_ENABLED, CLASS).await
            },
        ),
        Case::steps(
            "state.passkeys.switched-off",
            "refuses from the next call on when passkeys are switched off",
            &[&state::CONFIGURATION_APPLIES, &state::NOT_ENABLED],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                kept(&pool, "SignInPolicy")?;
                served_before(&ctx, &user).await?;
                allow_factors(&ctx, &pool, &["PASSWORD"]).await?;
                refused_now(&ctx, &user.tokens, &state::CONFIGURATION_APPLIES, CLASS).await
            },
        ),
        Case::steps(
            "state.passkeys.switched-on",
            "serves from the next call on when passkeys are switched on",
            &[&state::CONFIGURATION_APPLIES],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::NOT_ENABLED).await?;
                kept(&pool, "SignInPolicy")?;
                ctx.send_witness(Request::start(&user.tokens.access)).await?;
                allow_factors(&ctx, &pool, &["PASSWORD", "WEB_AUTHN"]).await?;
                served_now(&ctx, &user, &state::CONFIGURATION_APPLIES).await
            },
        ),
    ]
}
