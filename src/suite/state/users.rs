//! Users: disabled, deleted, made again.

use serde_json::json;

use super::{NOT_AUTHORIZED, different_user_ids, of_user, pool_of, refused_now, served_before, served_now, with};
use crate::cognito::Finding;
use crate::cognito::rules::state;
use crate::suite::Case;
use crate::suite::judge::in_short;
use crate::target::PoolSpec;
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::steps(
            "state.user.disabled",
            "refuses a disabled user's token",
            &[&state::DISABLED, &state::GONE_CLASS],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminDisableUser", &user).await?;
                refused_now(&ctx, &user.tokens, &state::DISABLED, NOT_AUTHORIZED).await
            },
        ),
        Case::steps(
            "state.user.enabled-again",
            "refuses the old token of a user who was disabled and enabled again",
            &[&state::DISABLED, &state::GONE_CLASS],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminDisableUser", &user).await?;
                of_user(&ctx, "AdminEnableUser", &user).await?;
                refused_now(&ctx, &user.tokens, &state::DISABLED, NOT_AUTHORIZED).await
            },
        ),
        Case::steps(
            "state.user.enabled-and-signed-in",
            "serves a user who was disabled, enabled and signs in again",
            &[&state::REFRESHED],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminDisableUser", &user).await?;
                of_user(&ctx, "AdminEnableUser", &user).await?;
                tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
                let again = ctx.fixtures().sign_in(&user).await?;
                served_now(&ctx, &with(&user, again), &state::REFRESHED).await
            },
        ),
        Case::steps(
            "state.user.deleted-by-admin",
            "refuses the token of a user whom an administrator deleted",
            &[&state::DELETED_USER, &state::GONE_CLASS],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminDeleteUser", &user).await?;
                refused_now(&ctx, &user.tokens, &state::DELETED_USER, NOT_AUTHORIZED).await
            },
        ),
        Case::steps(
            "state.user.deleted-by-self",
            "refuses the token of a user who deleted the account",
            &[&state::DELETED_USER, &state::GONE_CLASS],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                ctx.call_unsigned("DeleteUser", json!({ "AccessToken": user.tokens.access })).await?;
                refused_now(&ctx, &user.tokens, &state::DELETED_USER, NOT_AUTHORIZED).await
            },
        ),
        Case::steps(
            "state.user.made-again",
            "refuses a deleted user's token when the name is taken by a new user",
            &[&state::DELETED_USER, &state::GONE_CLASS],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminDeleteUser", &user).await?;
                ctx.fixtures().user_in(&pool_of(&user)?, Some(&user.username)).await?;
                refused_now(&ctx, &user.tokens, &state::DELETED_USER, NOT_AUTHORIZED).await
            },
        ),
        Case::steps(
            "state.user.made-again-id",
            "gives a new user under a deleted user's name another user id",
            &[&state::USER_ID_UNIQUE],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let old = served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminDeleteUser", &user).await?;
                let new = ctx.fixtures().user_in(&pool_of(&user)?, Some(&user.username)).await?;
                let new = served_before(&ctx, &new).await?;
                different_user_ids(&state::USER_ID_UNIQUE, &old, &new)
            },
        ),
        Case::steps(
            "state.user.password-reset",
            "observes what a user who must reset the password gets",
            &[&state::PASSWORD_RESET],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                of_user(&ctx, "AdminResetUserPassword", &user).await?;
                let after = ctx.send(Request::start(&user.tokens.access)).await?;
                Ok(vec![Finding::new(&state::PASSWORD_RESET, in_short(&after), "not known: observed, not judged")])
            },
        ),
    ]
}
