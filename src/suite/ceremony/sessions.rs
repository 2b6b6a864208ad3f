//! Signing in with a passkey: what a Session, a challenge and a passkey are not good for.

use serde_json::{Value, json};

use super::act::{
    answered, ask, assertion, begin_sign_in, call, challenge_in, delete, is_signed_in, needed, new_user, other_client,
    register, respond, response,
};
use super::defects::{refused_sign_in, signs_in};
use super::sign_in::holder;
use crate::ceremony::{Algorithm, Credential};
use crate::cognito::rules::sign_in as rules;
use crate::cognito::{Finding, RESPOND, Rule};
use crate::suite::judge::{Refusal, is_served};
use crate::suite::state::{of_user, pool_of};
use crate::suite::{Case, Ctx, Recorded, Role, Stop};
use crate::target::{PoolSpec, User};
use crate::wire::Request;

const ONCE: Refusal = refusal(&rules::SESSION_ONCE);
const BOUND: Refusal = refusal(&rules::SESSION_BOUND);
const DELETED: Refusal = refusal(&rules::DELETED);
const DISABLED: Refusal = refusal(&rules::DISABLED);
const EXPIRES: Refusal = refusal(&rules::SESSION_EXPIRES);
const RESPONSES: Refusal = Refusal {
    rule: &rules::RESPONSES,
    class: Some((
        &["InvalidParameterException", "NotAuthorizedException", "SerializationException"],
        &rules::RESPONSES_CLASS,
    )),
    may_close: false,
};

const fn refusal(rule: &'static Rule) -> Refusal {
    Refusal { rule, class: None, may_close: false }
}

pub(super) fn cases() -> Vec<Case> {
    [single(), bound(), ended(), responses()].concat()
}

fn single() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.sign-in.session.replayed",
            "refuses a Session with which the user has signed in, under the same answer",
            &[&rules::SESSION_ONCE],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                let answer = answered(&user, &challenge, &mut credential)?;
                must_sign_in(&ctx.send_witness(answer.clone()).await?)?;
                refused_sign_in(ONCE, &ctx.send(answer).await?)
            },
        ),
        Case::steps(
            "ceremony.sign-in.session.used",
            "refuses a Session with which the user has signed in, under another answer to the same challenge",
            &[&rules::SESSION_ONCE],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                must_sign_in(&ctx.send_witness(answered(&user, &challenge, &mut credential)?).await?)?;
                refused_sign_in(ONCE, &ctx.send(answered(&user, &challenge, &mut credential)?).await?)
            },
        ),
        Case::steps(
            "ceremony.sign-in.assertion-replayed",
            "refuses the answer of an earlier sign-in in a new Session",
            &[&rules::CHALLENGE_FRESH],
            |ctx| async move {
                const REFUSAL: Refusal = refusal(&rules::CHALLENGE_FRESH);
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let first = begin_sign_in(&ctx, &user).await?;
                let document = assertion(&first, &mut credential).document();
                must_sign_in(&ctx.send_witness(response(&user, &first.session, &document)?).await?)?;
                let second = begin_sign_in(&ctx, &user).await?;
                refused_sign_in(REFUSAL, &ctx.send(response(&user, &second.session, &document)?).await?)
            },
        ),
        Case::steps(
            "ceremony.sign-in.other-session-challenge",
            "refuses the challenge of another Session of the same user",
            &[&rules::CHALLENGE_FRESH],
            |ctx| async move {
                const REFUSAL: Refusal = refusal(&rules::CHALLENGE_FRESH);
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let (first, second) = (begin_sign_in(&ctx, &user).await?, begin_sign_in(&ctx, &user).await?);
                let document = assertion(&first, &mut credential).document();
                let refused = ctx.send(response(&user, &second.session, &document)?).await?;
                let findings = refused_sign_in(REFUSAL, &refused)?;
                if !is_signed_in(&refused) {
                    signs_in(&ctx, &user, &mut credential).await?;
                }
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.sign-in.session.expired",
            "refuses a Session that is an hour old",
            &[&rules::SESSION_EXPIRES],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                ctx.ages(&user, 3600).await?;
                let answer = answered(&user, &challenge, &mut credential)?;
                refused_with_witness(&ctx, EXPIRES, answer, &user, &mut credential).await
            },
        ),
    ]
}

fn bound() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.sign-in.session.of-another-user",
            "refuses the Session of another user",
            &[&rules::SESSION_BOUND],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let (other, _) = holder(&ctx, Algorithm::Es256).await?;
                let own = begin_sign_in(&ctx, &user).await?;
                let stolen = begin_sign_in(&ctx, &other).await?;
                let document = assertion(&own, &mut credential).document();
                let answer = response(&user, &stolen.session, &document)?;
                refused_with_witness(&ctx, BOUND, answer, &user, &mut credential).await
            },
        ),
        Case::steps(
            "ceremony.sign-in.passkey-of-another-user",
            "refuses another user's passkey under the challenge and the name of the first",
            &[&rules::OPTIONS_ALLOW],
            |ctx| async move {
                const REFUSAL: Refusal = refusal(&rules::OPTIONS_ALLOW);
                let (victim, mut own) = holder(&ctx, Algorithm::Es256).await?;
                let (_, mut foreign) = holder(&ctx, Algorithm::Es256).await?;
                let challenge = begin_sign_in(&ctx, &victim).await?;
                let answer = answered(&victim, &challenge, &mut foreign)?;
                refused_with_witness(&ctx, REFUSAL, answer, &victim, &mut own).await
            },
        ),
        Case::steps(
            "ceremony.sign-in.passkey-of-another-pool",
            "refuses the passkey of a user of another pool with the same relying party",
            &[&rules::OPTIONS_ALLOW],
            |ctx| async move {
                const REFUSAL: Refusal = refusal(&rules::OPTIONS_ALLOW);
                let (victim, mut own) = holder(&ctx, Algorithm::Es256).await?;
                let stranger = new_user(&ctx, &PoolSpec::VERIFICATION_DEFAULT).await?;
                let mut foreign = register(&ctx, &stranger).await?;
                let challenge = begin_sign_in(&ctx, &victim).await?;
                let answer = answered(&victim, &challenge, &mut foreign)?;
                refused_with_witness(&ctx, REFUSAL, answer, &victim, &mut own).await
            },
        ),
        Case::steps(
            "ceremony.sign-in.username-of-another-user",
            "refuses a right answer under the name of another user",
            &[&rules::SESSION_BOUND],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let (other, _) = holder(&ctx, Algorithm::Es256).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                let other = User { username: other.username, ..user.clone() };
                let answer = answered(&other, &challenge, &mut credential)?;
                refused_with_witness(&ctx, BOUND, answer, &user, &mut credential).await
            },
        ),
        Case::steps(
            "ceremony.sign-in.other-client",
            "refuses a right answer at another app client",
            &[&rules::SESSION_BOUND],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let flows = ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
                let client = other_client(&ctx, &user, json!({ "ExplicitAuthFlows": flows })).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                let document = assertion(&challenge, &mut credential).document();
                let input = json!({
                    "ClientId": client,
                    "ChallengeName": "WEB_AUTHN",
                    "Session": challenge.session,
                    "ChallengeResponses": { "USERNAME": user.username, "CREDENTIAL": document.to_string() },
                });
                let answer = call(RESPOND.name, input);
                refused_with_witness(&ctx, BOUND, answer, &user, &mut credential).await
            },
        ),
    ]
}

fn ended() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.sign-in.deleted",
            "does not sign in with a passkey that was deleted before",
            &[&rules::DELETED],
            |ctx| async move {
                let (user, mut gone) = holder(&ctx, Algorithm::Es256).await?;
                let mut kept = register(&ctx, &user).await?;
                needed("deleting", &delete(&ctx, &user, &gone.id_text()).await?)?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                let answer = answered(&user, &challenge, &mut gone)?;
                refused_with_witness(&ctx, DELETED, answer, &user, &mut kept).await
            },
        ),
        Case::steps(
            "ceremony.sign-in.deleted-meanwhile",
            "does not sign in with a passkey that was deleted after the sign-in began",
            &[&rules::DELETED],
            |ctx| async move {
                let (user, mut gone) = holder(&ctx, Algorithm::Es256).await?;
                let mut kept = register(&ctx, &user).await?;
                signs_in(&ctx, &user, &mut kept).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                needed("deleting", &delete(&ctx, &user, &gone.id_text()).await?)?;
                refused_sign_in(DELETED, &ctx.send(answered(&user, &challenge, &mut gone)?).await?)
            },
        ),
        Case::steps(
            "ceremony.sign-in.last-deleted",
            "does not offer WEB_AUTHN any more once the last passkey is deleted",
            &[&rules::DELETED],
            |ctx| async move {
                let (user, credential) = holder(&ctx, Algorithm::Es256).await?;
                begin_sign_in(&ctx, &user).await?;
                needed("deleting", &delete(&ctx, &user, &credential.id_text()).await?)?;
                let asked = ask(&ctx, Role::Test, &user).await?;
                let wanted = "another challenge than WEB_AUTHN";
                Ok(challenge_in(&asked)
                    .is_ok()
                    .then(|| Finding::new(&rules::DELETED, "WEB_AUTHN", wanted))
                    .into_iter()
                    .collect())
            },
        ),
        Case::steps(
            "ceremony.sign-in.disabled-meanwhile",
            "does not sign a user in who was disabled after the sign-in began",
            &[&rules::DISABLED],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                signs_in(&ctx, &user, &mut credential).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                of_user(&ctx, "AdminDisableUser", &user).await?;
                refused_sign_in(DISABLED, &ctx.send(answered(&user, &challenge, &mut credential)?).await?)
            },
        ),
        Case::steps(
            "ceremony.sign-in.disabled",
            "does not sign a disabled user in",
            &[&rules::DISABLED],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                signs_in(&ctx, &user, &mut credential).await?;
                of_user(&ctx, "AdminDisableUser", &user).await?;
                let asked = ask(&ctx, Role::Test, &user).await?;
                let Ok(challenge) = challenge_in(&asked) else { return Ok(Vec::new()) };
                refused_sign_in(DISABLED, &ctx.send(answered(&user, &challenge, &mut credential)?).await?)
            },
        ),
    ]
}

/// What takes the place of `USERNAME` and `CREDENTIAL`, from the right ones.
type Responses = fn(&str, &Value) -> Value;

fn responses() -> Vec<Case> {
    let wrong: [(&str, &str, Responses); 9] = [
        ("credential-missing", "refuses an answer without CREDENTIAL", |user, _| json!({ "USERNAME": user })),
        (
            "credential-null",
            "refuses a CREDENTIAL that is null",
            |user, _| json!({ "USERNAME": user, "CREDENTIAL": null }),
        ),
        (
            "credential-empty",
            "refuses a CREDENTIAL of no characters",
            |user, _| json!({ "USERNAME": user, "CREDENTIAL": "" }),
        ),
        (
            "credential-object",
            "refuses a CREDENTIAL that is an object instead of a string",
            |user, credential| json!({ "USERNAME": user, "CREDENTIAL": credential }),
        ),
        (
            "credential-not-json",
            "refuses a CREDENTIAL that is no JSON",
            |user, _| json!({ "USERNAME": user, "CREDENTIAL": "{" }),
        ),
        (
            "credential-twice-encoded",
            "refuses a CREDENTIAL that is a string in a string",
            |user, credential| json!({ "USERNAME": user, "CREDENTIAL": Value::from(credential.to_string()).to_string() }),
        ),
        (
            "credential-list",
            "refuses a CREDENTIAL in a list",
            |user, credential| json!({ "USERNAME": user, "CREDENTIAL": json!([credential]).to_string() }),
        ),
        (
            "username-missing",
            "refuses an answer without USERNAME",
            |_, credential| json!({ "CREDENTIAL": credential.to_string() }),
        ),
        (
            "lower-case",
            "refuses challenge responses in lower case",
            |user, credential| json!({ "username": user, "credential": credential.to_string() }),
        ),
    ];
    let case = |(detail, title, make): (&str, &str, Responses)| {
        Case::steps(format!("ceremony.sign-in.responses.{detail}"), title, RESPONSE_RULES, move |ctx| async move {
            refused(&ctx, move |user, session, credential| {
                respond(user, "WEB_AUTHN", session, make(&user.username, credential))
            })
            .await
        })
    };
    let mut cases: Vec<Case> = wrong.into_iter().map(case).collect();
    let sessions: [(&str, &str, Option<&str>); 4] = [
        ("session.missing", "refuses an answer without Session", None),
        ("session.empty", "refuses a Session of no characters", Some("")),
        ("session.short", "refuses a Session of 19 characters", Some("abcdefghijklmnopqrs")),
        ("session.made-up", "refuses a Session that was made up", Some("AYABeC1-y8qooiuysEv0uM4wAqQAHQABAAdTZXJ2aWNl")),
    ];
    cases.extend(sessions.into_iter().map(|(detail, title, session)| {
        Case::steps(format!("ceremony.sign-in.{detail}"), title, RESPONSE_RULES, move |ctx| async move {
            refused(&ctx, move |user, _, credential| {
                let mut input = json!({
                    "ClientId": pool_of(user)?.client_id,
                    "ChallengeName": "WEB_AUTHN",
                    "ChallengeResponses": { "USERNAME": user.username, "CREDENTIAL": credential.to_string() },
                });
                if let Some(session) = session {
                    input["Session"] = session.into();
                }
                Ok(call(RESPOND.name, input))
            })
            .await
        })
    }));
    cases
}

const RESPONSE_RULES: &[&Rule] = &[&rules::RESPONSES, &rules::RESPONSES_CLASS];

/// Answers a challenge wrongly, and then another rightly.
async fn refused(ctx: &Ctx, make: impl Fn(&User, &str, &Value) -> Result<Request, Stop>) -> Result<Vec<Finding>, Stop> {
    let (user, mut credential) = holder(ctx, Algorithm::Es256).await?;
    let challenge = begin_sign_in(ctx, &user).await?;
    let document = assertion(&challenge, &mut credential).document();
    let recorded = ctx.send(make(&user, &challenge.session, &document)?).await?;
    let findings = refused_sign_in(RESPONSES, &recorded)?;
    if !is_served(&recorded) {
        signs_in(ctx, &user, &mut credential).await?;
    }
    Ok(findings)
}

/// Sends an answer that must be refused. Then another sign-in of the user must be taken, or the refusal proves nothing.
async fn refused_with_witness(
    ctx: &Ctx,
    refusal: Refusal,
    answer: Request,
    user: &User,
    credential: &mut Credential,
) -> Result<Vec<Finding>, Stop> {
    let findings = refused_sign_in(refusal, &ctx.send(answer).await?)?;
    signs_in(ctx, user, credential).await?;
    Ok(findings)
}

fn must_sign_in(recorded: &Recorded) -> Result<(), Stop> {
    if is_signed_in(recorded) {
        return Ok(());
    }
    Err(Stop::Inconclusive("the first sign-in is refused".to_owned()))
}
