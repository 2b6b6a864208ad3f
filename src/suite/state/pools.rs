//! Pools: deleted, and kept apart from each other.

use serde_json::json;

use super::{different_user_ids, has_member, kept, own_pool, pool_of, refused_now, served_before};
use crate::cognito::rules::state;
use crate::suite::Case;
use crate::target::PoolSpec;
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::steps(
            "state.pool.client-deleted",
            "refuses a token whose app client was deleted",
            &[&state::DELETED_POOL],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                let input = json!({ "UserPoolId": pool.id, "ClientId": pool.client_id });
                ctx.control("DeleteUserPoolClient", input).await?;
                refused_now(&ctx, &user.tokens, &state::DELETED_POOL, None).await
            },
        ),
        Case::steps(
            "state.pool.deleted",
            "refuses a token whose pool was deleted",
            &[&state::DELETED_POOL],
            |ctx| async move {
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                served_before(&ctx, &user).await?;
                ctx.control("DeleteUserPool", json!({ "UserPoolId": pool.id })).await?;
                refused_now(&ctx, &user.tokens, &state::DELETED_POOL, None).await
            },
        ),
        Case::steps(
            "state.pool.same-name",
            "tells two users of the same name in two pools apart",
            &[&state::USER_ID_OF_POOL],
            |ctx| async move {
                let first = ctx.new_user(&PoolSpec::MAIN).await?;
                let second = ctx.fixtures().pool(&PoolSpec::SECOND).await?;
                let second = ctx.fixtures().user_in(&second, Some(&first.username)).await?;
                let (first, second) = (served_before(&ctx, &first).await?, served_before(&ctx, &second).await?);
                different_user_ids(&state::USER_ID_OF_POOL, &first, &second)
            },
        ),
        Case::steps(
            "state.pool.other-relying-party",
            "answers each pool's users with the pool's own relying party id",
            &[&state::RP_CONFIGURED],
            |ctx| async move {
                let mut findings = Vec::new();
                for spec in [PoolSpec::MAIN, PoolSpec::SECOND] {
                    let user = ctx.new_user(&spec).await?;
                    kept(&pool_of(&user)?, "RelyingPartyId")?;
                    let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                    let wanted = spec.relying_party_id.unwrap_or_default();
                    findings.extend(has_member(&recorded, &state::RP_CONFIGURED, "/rp/id", wanted));
                }
                Ok(findings)
            },
        ),
    ]
}
