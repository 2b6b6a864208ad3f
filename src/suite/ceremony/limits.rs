//! Twenty passkeys a user.

use super::act::{complete, ids, list, needed, new_user, register};
use super::complete::follows;
use crate::cognito::rules::credentials;
use crate::cognito::{Finding, PASSKEYS_PER_USER};
use crate::suite::judge::{Refusal, in_short, is_served};
use crate::suite::{Case, Ctx, Stop};
use crate::target::{PoolSpec, User};
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.limit.twenty",
            "takes twenty passkeys of one user, and lists and excludes them all",
            &[&credentials::LIMIT_REACHED, &credentials::LISTED, &credentials::EXCLUDED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let mut registered = Vec::new();
                for number in 1..PASSKEYS_PER_USER {
                    match register(&ctx, &user).await {
                        Ok(credential) => registered.push(credential),
                        Err(Stop::Inconclusive(why)) if number > 1 => {
                            let wanted = format!("{PASSKEYS_PER_USER} passkeys");
                            return Ok(vec![Finding::new(
                                &credentials::LIMIT_REACHED,
                                format!("passkey {number}: {why}"),
                                wanted,
                            )]);
                        }
                        Err(stop) => return Err(stop),
                    }
                }
                // With twenty Start may refuse.
                let mut findings = follows(&ctx, &user, &registered.iter().collect::<Vec<_>>()).await?;
                register(&ctx, &user).await?;
                let entries = list(&ctx, &user).await?;
                let listed = ids(&entries).len();
                if listed != PASSKEYS_PER_USER {
                    findings.push(Finding::new(&credentials::LISTED, format!("{listed} passkeys"), "20 passkeys"));
                }
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.limit.twenty-first",
            "refuses the twenty-first passkey",
            &[&credentials::LIMIT, &credentials::LIMIT_CLASS, &credentials::LIMIT_PLACE],
            |ctx| async move {
                const REFUSAL: Refusal = Refusal {
                    rule: &credentials::LIMIT,
                    class: Some((&["LimitExceededException"], &credentials::LIMIT_CLASS)),
                    may_close: false,
                };
                let user = filled(&ctx, PASSKEYS_PER_USER).await?;
                let begun = ctx.send(Request::start(&user.tokens.access)).await?;
                if !is_served(&begun) {
                    let mut findings = REFUSAL.judge(&begun)?;
                    findings.push(Finding::new(&credentials::LIMIT_PLACE, "at Start", "not known"));
                    return Ok(findings);
                }
                let creation = super::act::creation(&begun)?;
                let completed = complete(&ctx, &user, &creation).await?;
                let mut findings = REFUSAL.judge(&completed)?;
                findings.push(Finding::new(&credentials::LIMIT_PLACE, in_short(&completed), "not known: at Complete"));
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.limit.begun-before",
            "refuses to complete a registration that was begun before the twentieth passkey was there",
            &[&credentials::LIMIT],
            |ctx| async move {
                // That the challenge is not known any more is as good a reason.
                const REFUSAL: Refusal = Refusal { rule: &credentials::LIMIT, class: None, may_close: false };
                let user = filled(&ctx, PASSKEYS_PER_USER - 1).await?;
                let (_, early) = super::act::begin(&ctx, &user).await?;
                register(&ctx, &user).await?;
                REFUSAL.judge(&complete(&ctx, &user, &early).await?)
            },
        ),
        Case::steps(
            "ceremony.limit.after-deletion",
            "takes another passkey after one of twenty was deleted",
            &[&credentials::LIMIT_REACHED],
            |ctx| async move {
                let user = filled(&ctx, PASSKEYS_PER_USER - 1).await?;
                let last = register(&ctx, &user).await?;
                needed("deleting", &super::act::delete(&ctx, &user, &last.id_text()).await?)?;
                Ok(match register(&ctx, &user).await {
                    Err(Stop::Inconclusive(why)) => {
                        vec![Finding::new(&credentials::LIMIT_REACHED, why, "a twentieth passkey")]
                    }
                    Err(stop) => return Err(stop),
                    Ok(_) => Vec::new(),
                })
            },
        ),
    ]
}

/// A user with so many passkeys.
async fn filled(ctx: &Ctx, count: usize) -> Result<User, Stop> {
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    for _ in 0..count {
        register(ctx, &user).await?;
    }
    Ok(user)
}
