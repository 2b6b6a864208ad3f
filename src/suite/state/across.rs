//! What must hold across calls: challenges, user ids, exclude lists.

use data_encoding::BASE64URL_NOPAD;

use super::{answers, different_user_ids, has_member, options_of, served_before, values, with};
use crate::cognito::rules::{cognito_options, state};
use crate::cognito::{Finding, Rule};
use crate::oracle::across;
use crate::suite::judge::{in_short, is_served};
use crate::suite::{Case, Stop};
use crate::target::PoolSpec;
use crate::token::Draft;
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    let challenge: &[&'static Rule] = &[&state::CHALLENGE_FRESH, &state::CHALLENGE_PATTERN];
    vec![
        Case::steps(
            "state.challenge.sequence",
            "gives a fresh challenge without a pattern in each of 32 calls",
            challenge,
            |ctx| async move {
                let answers = answers(&ctx, 32).await?;
                Ok(across::challenges(&values(&answers, "/challenge")?))
            },
        ),
        Case::steps(
            "state.challenge.parallel",
            "gives a fresh challenge in each of 32 calls at once",
            challenge,
            |ctx| async move {
                let request = Request::start(&ctx.user().await?.tokens.access);
                let calls = (0..32).map(|_| ctx.send(request.clone()));
                let answers: Vec<_> =
                    futures::future::join_all(calls).await.into_iter().collect::<Result<_, Stop>>()?;
                if let Some(refused) = answers.iter().find(|answer| !is_served(answer)) {
                    return Err(Stop::Inconclusive(format!("not all calls are served: {}", in_short(refused))));
                }
                Ok(across::challenges(&values(&answers, "/challenge")?))
            },
        ),
        Case::steps(
            "state.challenge.users",
            "gives two users different challenges",
            &[&state::CHALLENGE_FRESH],
            |ctx| async move {
                let mut answers = Vec::new();
                for _ in 0..4 {
                    let user = ctx.new_user(&PoolSpec::MAIN).await?;
                    answers.push(served_before(&ctx, &user).await?);
                }
                Ok(across::challenges(&values(&answers, "/challenge")?))
            },
        ),
        Case::steps(
            "state.user-id.stable",
            "gives one user the same user id in each call",
            &[&state::USER_ID_STABLE],
            |ctx| async move {
                let answers = answers(&ctx, 4).await?;
                let ids = values(&answers, "/user/id")?;
                Ok(across::same(&state::USER_ID_STABLE, "user.id", &ids).into_iter().collect())
            },
        ),
        Case::steps(
            "state.user-id.sign-ins",
            "gives one user the same user id in two sign-ins",
            &[&state::USER_ID_STABLE],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let first = served_before(&ctx, &user).await?;
                let again = ctx.fixtures().sign_in(&user).await?;
                let second = served_before(&ctx, &with(&user, again)).await?;
                let ids = values(&[first, second], "/user/id")?;
                Ok(across::same(&state::USER_ID_STABLE, "user.id", &ids).into_iter().collect())
            },
        ),
        Case::steps(
            "state.user-id.sub",
            "gives the `sub` of the access token, encoded, for the user id",
            &[&cognito_options::USER_ID_TEXT],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                let draft = Draft::of(&user.tokens.access);
                let sub = draft.as_ref().and_then(|draft| draft.claims.get("sub")?.as_str());
                let sub = sub.ok_or_else(|| Stop::Skip("the access token has no `sub`".to_owned()))?;
                let wanted = BASE64URL_NOPAD.encode(sub.as_bytes());
                Ok(has_member(&recorded, &cognito_options::USER_ID_TEXT, "/user/id", &wanted).into_iter().collect())
            },
        ),
        Case::steps(
            "state.user-id.unique",
            "gives two users different user ids",
            &[&state::USER_ID_UNIQUE],
            |ctx| async move {
                let (one, other) = (ctx.new_user(&PoolSpec::MAIN).await?, ctx.new_user(&PoolSpec::MAIN).await?);
                let (one, other) = (served_before(&ctx, &one).await?, served_before(&ctx, &other).await?);
                different_user_ids(&state::USER_ID_UNIQUE, &one, &other)
            },
        ),
        Case::steps(
            "state.exclude.empty",
            "excludes nothing for a user without passkeys",
            &[&state::EXCLUDE_EMPTY],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                let options = options_of(&recorded, &state::EXCLUDE_EMPTY)?;
                let excluded = options.pointer("/excludeCredentials");
                let is_empty = excluded.is_none_or(|list| list.as_array().is_some_and(Vec::is_empty));
                Ok((!is_empty)
                    .then(|| {
                        let got = excluded.map(ToString::to_string).unwrap_or_default();
                        Finding::new(&state::EXCLUDE_EMPTY, got, "[]").at("/excludeCredentials")
                    })
                    .into_iter()
                    .collect())
            },
        ),
        Case::steps(
            "state.pending.many",
            "observes how many registrations a user may begin without ending one",
            &[&state::PENDING],
            |ctx| async move {
                let user = ctx.new_user(&PoolSpec::MAIN).await?;
                let mut served = 0;
                let mut end = "all are served".to_owned();
                for _ in 0..24 {
                    let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                    if !is_served(&recorded) {
                        end = in_short(&recorded);
                        break;
                    }
                    served += 1;
                }
                let got = format!("{served} of 24 are begun; then: {end}");
                Ok(vec![Finding::new(&state::PENDING, got, "not known: observed, not judged")])
            },
        ),
    ]
}
