//! Sessions: signing out, revoking, refreshing.

use futures::FutureExt;
use futures::future::BoxFuture;

use super::{
    REVOKED, global_sign_out, of_user, own_pool, refresh, refused_now, revoke, served_before, served_now, with,
};
use crate::cognito::Rule;
use crate::cognito::rules::state;
use crate::suite::{Case, Ctx, Stop};
use crate::target::{PoolSpec, User};

pub(super) fn cases() -> Vec<Case> {
    let rules: &[&'static Rule] = &[&state::REVOKED, &state::REVOKED_CLASS];
    vec![
        Case::steps("state.session.global-sign-out", "refuses a token after GlobalSignOut", rules, |ctx| async move {
            let user = ctx.new_user(&PoolSpec::MAIN).await?;
            served_before(&ctx, &user).await?;
            global_sign_out(&ctx, &user.tokens).await?;
            refused_now(&ctx, &user.tokens, &state::REVOKED, REVOKED).await
        }),
        Case::steps(
            "state.session.admin-sign-out",
            "refuses a token after AdminUserGlobalSignOut",
            rules,
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminUserGlobalSignOut", &user).await?;
                refused_now(&ctx, &user.tokens, &state::REVOKED, REVOKED).await
            },
        ),
        Case::steps(
            "state.session.revoke-token",
            "refuses an access token after RevokeToken of its refresh token",
            rules,
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                revoke(&ctx, &user, &user.tokens).await?;
                refused_now(&ctx, &user.tokens, &state::REVOKED, REVOKED).await
            },
        ),
        Case::steps(
            "state.session.sign-out-of-all",
            "refuses every token of the user after GlobalSignOut",
            rules,
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let other = ctx.fixtures().sign_in(&user).await?;
                served_before(&ctx, &with(&user, other.clone())).await?;
                global_sign_out(&ctx, &user.tokens).await?;
                refused_now(&ctx, &other, &state::REVOKED, REVOKED).await
            },
        ),
        Case::steps(
            "state.session.revoke-one",
            "serves the token of another sign-in after RevokeToken of the first one's",
            &[&state::REVOKED_ONLY_SESSION],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let other = ctx.fixtures().sign_in(&user).await?;
                served_before(&ctx, &with(&user, other.clone())).await?;
                revoke(&ctx, &user, &user.tokens).await?;
                served_now(&ctx, &with(&user, other), &state::REVOKED_ONLY_SESSION).await
            },
        ),
        Case::steps(
            "state.session.other-user",
            "serves another user's token after GlobalSignOut of the first",
            &[&state::REVOKED_ONLY_OWN],
            |ctx| async move {
                // Nobody else signs out in this pool: a server that ends other users' sessions would otherwise end these too
                // soon, at another case's sign-out, and the case would prove nothing.
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                let other = ctx.fixtures().user_in(&pool, None).await?;
                served_before(&ctx, &other).await?;
                global_sign_out(&ctx, &user.tokens).await?;
                served_now(&ctx, &other, &state::REVOKED_ONLY_OWN).await
            },
        ),
        Case::steps(
            "state.session.signed-in-again",
            "serves a token of a sign-in after GlobalSignOut",
            &[&state::REFRESHED],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                global_sign_out(&ctx, &user.tokens).await?;
                // Times in tokens are whole seconds.
                tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
                let again = ctx.fixtures().sign_in(&user).await?;
                served_now(&ctx, &with(&user, again), &state::REFRESHED).await
            },
        ),
        Case::steps(
            "state.session.refreshed",
            "serves an access token made with the refresh token",
            &[&state::REFRESHED],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let refreshed = refresh(&ctx, &user).await?;
                served_now(&ctx, &with(&user, refreshed), &state::REFRESHED).await
            },
        ),
        ended_refresh("sign-out", "GlobalSignOut", |ctx, user| {
            async move { global_sign_out(&ctx, &user.tokens).await }.boxed()
        }),
        ended_refresh("admin-sign-out", "AdminUserGlobalSignOut", |ctx, user| {
            async move { of_user(&ctx, "AdminUserGlobalSignOut", &user).await }.boxed()
        }),
        ended_refresh("revocation", "RevokeToken", |ctx, user| {
            async move { revoke(&ctx, &user, &user.tokens).await }.boxed()
        }),
        Case::steps(
            "state.session.refreshed-then-revoked",
            "refuses an access token made with a refresh token that is then revoked",
            rules,
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let refreshed = refresh(&ctx, &user).await?;
                served_before(&ctx, &with(&user, refreshed.clone())).await?;
                revoke(&ctx, &user, &user.tokens).await?;
                refused_now(&ctx, &refreshed, &state::REVOKED, REVOKED).await
            },
        ),
    ]
}

/// The end of a session, by one of the operations.
type End = fn(Ctx, User) -> BoxFuture<'static, Result<(), Stop>>;

/// A refresh token that gave an access token before gives none that is served once the session has ended.
fn ended_refresh(name: &str, operation: &str, end: End) -> Case {
    let title = format!("serves no token that is made with the refresh token after {operation}");
    Case::steps(
        format!("state.session.refresh-after-{name}"),
        title,
        &[&state::REVOKED_REFRESH],
        move |ctx| async move {
            let user = ctx.new_user(&PoolSpec::MAIN).await?;
            let refreshed = refresh(&ctx, &user).await?;
            served_before(&ctx, &with(&user, refreshed)).await?;
            end(ctx.clone(), user.clone()).await?;
            match refresh(&ctx, &user).await {
                Ok(tokens) => refused_now(&ctx, &tokens, &state::REVOKED_REFRESH, REVOKED).await,
                // The refresh token is refused: nothing is left to ask.
                Err(Stop::Skip(_)) => Ok(Vec::new()),
                Err(stop) => Err(stop),
            }
        },
    )
}
