//! CompleteWebAuthnRegistration: what is taken, and what a challenge is good for.

use serde_json::json;

use super::act::{
    begin, call, complete, completion, excluded, list, needed, new_user, other_client, output, register, try_register,
    with_token,
};
use super::draft::{drafted, plain, unattested};
use crate::ceremony::{Algorithm, Creation, Credential};
use crate::cognito::rules::{ceremony as rules, credentials};
use crate::cognito::{COMPLETE, Finding, Rule};
use crate::suite::judge::{Refusal, is_served, not_known, not_served};
use crate::suite::state::{allow_factors, global_sign_out, kept, own_pool};
use crate::suite::{Case, Ctx, Recorded, Role, Stop};
use crate::target::{PoolSpec, User};

/// How the challenge of another registration is refused.
const CHALLENGE: Refusal = Refusal {
    rule: &credentials::CHALLENGE_OWN,
    class: Some((&["WebAuthnChallengeNotFoundException"], &rules::CLASS_CHALLENGE)),
    may_close: false,
};

const CHALLENGE_RULES: &[&Rule] = &[&credentials::CHALLENGE_OWN, &rules::CLASS_CHALLENGE];

pub(super) fn cases() -> Vec<Case> {
    [served(), challenges(), changes(), observed()].concat()
}

fn served() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.complete.es256",
            "takes a passkey with an ES256 key, and lists and excludes it from then on",
            &[&credentials::COMPLETED, &credentials::LISTED, &credentials::EXCLUDED],
            |ctx| async move { taken(&ctx, Algorithm::Es256).await },
        ),
        Case::steps(
            "ceremony.complete.rs256",
            "takes a passkey with an RS256 key, and lists and excludes it from then on",
            &[&credentials::COMPLETED, &credentials::LISTED, &credentials::EXCLUDED],
            |ctx| async move { taken(&ctx, Algorithm::Rs256).await },
        ),
        Case::steps(
            "ceremony.complete.output",
            "answers with an empty body",
            &[&credentials::EMPTY_OUTPUT],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, completed) = try_register(&ctx, Role::Test, &user, Algorithm::Es256).await?;
                needed("a registration without a defect", &completed)?;
                Ok(empty(&completed))
            },
        ),
        Case::steps(
            "ceremony.complete.two-users",
            "takes the registrations of two users that are under way at the same time",
            &[&credentials::COMPLETED],
            |ctx| async move {
                let (one, other) = (new_user(&ctx, &PoolSpec::MAIN).await?, new_user(&ctx, &PoolSpec::MAIN).await?);
                let first = begin(&ctx, &one).await?.1;
                let second = begin(&ctx, &other).await?.1;
                let mut findings = finish(&ctx, &one, &first).await?;
                findings.extend(finish(&ctx, &other, &second).await?);
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.complete.second-passkey",
            "takes a second passkey of the same user",
            &[&credentials::COMPLETED, &credentials::EXCLUDED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let first = register(&ctx, &user).await?;
                let (second, completed) = try_register(&ctx, Role::Test, &user, Algorithm::Es256).await?;
                if let Some(finding) = not_served(&credentials::COMPLETED, &completed) {
                    return Ok(vec![finding]);
                }
                follows(&ctx, &user, &[&first, &second]).await
            },
        ),
    ]
}

fn challenges() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.complete.challenge.replayed",
            "refuses a registration that is sent a second time",
            &[&credentials::CHALLENGE_OWN],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                let document = plain(&ctx, &creation).await?.document();
                let first = ctx.send_witness(completion(&user, &document)).await?;
                needed("a registration without a defect", &first)?;
                // That the id is taken is as good a reason.
                let again = ctx.send(completion(&user, &document)).await?;
                Refusal { class: None, ..CHALLENGE }.judge(&again)
            },
        ),
        Case::steps(
            "ceremony.complete.challenge.used",
            "refuses another passkey under a challenge that has been used",
            CHALLENGE_RULES,
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                let first = ctx.send_witness(completion(&user, &plain(&ctx, &creation).await?.document())).await?;
                needed("a registration without a defect", &first)?;
                CHALLENGE.judge(&complete(&ctx, &user, &creation).await?)
            },
        ),
        Case::steps(
            "ceremony.complete.challenge.of-another-user",
            "refuses the challenge of another user of the pool",
            CHALLENGE_RULES,
            |ctx| async move { of_another(&ctx, &PoolSpec::MAIN).await },
        ),
        Case::steps(
            "ceremony.complete.challenge.of-another-pool",
            "refuses the challenge of a user of another pool with the same relying party",
            CHALLENGE_RULES,
            |ctx| async move { of_another(&ctx, &PoolSpec::VERIFICATION_DEFAULT).await },
        ),
        Case::steps(
            "ceremony.complete.challenge.never-given",
            "refuses a challenge that nobody was given",
            CHALLENGE_RULES,
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                let made_up = Creation { challenge: "bmV2ZXIgZ2l2ZW4gb3V0IQ".to_owned(), ..creation.clone() };
                let refused = complete(&ctx, &user, &made_up).await?;
                judged(&ctx, CHALLENGE, &refused, &user).await
            },
        ),
        Case::steps(
            "ceremony.complete.challenge.without-start",
            "refuses to complete what was never begun",
            CHALLENGE_RULES,
            |ctx| async move {
                let (begun, idle) = (new_user(&ctx, &PoolSpec::MAIN).await?, new_user(&ctx, &PoolSpec::MAIN).await?);
                // The options of another user tell what the passkey has to be like.
                let (_, creation) = begin(&ctx, &begun).await?;
                let made_up = Creation { challenge: "bmV2ZXIgZ2l2ZW4gb3V0IQ".to_owned(), ..creation };
                ctx.acts_as(&idle);
                let refused = complete(&ctx, &idle, &made_up).await?;
                judged(&ctx, CHALLENGE, &refused, &idle).await
            },
        ),
        Case::steps(
            "ceremony.complete.challenge.expired",
            "refuses a challenge that is an hour old",
            &[&credentials::CHALLENGE_OWN, &rules::CLASS_CHALLENGE_EXPIRED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                ctx.ages(&user, 3600).await?;
                let refused = complete(&ctx, &user, &creation).await?;
                let class: &[&str] = &["WebAuthnChallengeNotFoundException"];
                let expired = Refusal { class: Some((class, &rules::CLASS_CHALLENGE_EXPIRED)), ..CHALLENGE };
                judged(&ctx, expired, &refused, &user).await
            },
        ),
        Case::steps(
            "ceremony.complete.id.registered",
            "refuses a credential id that the user has registered already",
            &[&rules::CREDENTIAL_ID_UNIQUE],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let first = register(&ctx, &user).await?;
                same_id(&ctx, &first, &user).await
            },
        ),
        Case::steps(
            "ceremony.complete.id.of-another-user",
            "refuses a credential id that another user has registered",
            &[&rules::CREDENTIAL_ID_UNIQUE],
            |ctx| async move {
                let (one, other) = (new_user(&ctx, &PoolSpec::MAIN).await?, new_user(&ctx, &PoolSpec::MAIN).await?);
                let first = register(&ctx, &one).await?;
                same_id(&ctx, &first, &other).await
            },
        ),
        Case::steps(
            "ceremony.complete.other-client",
            "refuses a token of another app client than the one that began",
            &[&credentials::CLIENT, &rules::CLASS_CLIENT],
            |ctx| async move {
                const REFUSAL: Refusal = Refusal {
                    rule: &credentials::CLIENT,
                    class: Some((&["WebAuthnClientMismatchException"], &rules::CLASS_CLIENT)),
                    may_close: false,
                };
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let elsewhere = signed_in_elsewhere(&ctx, &user).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                ctx.acts_as(&elsewhere);
                let refused = complete(&ctx, &elsewhere, &creation).await?;
                judged(&ctx, REFUSAL, &refused, &user).await
            },
        ),
    ]
}

fn changes() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.complete.after-sign-out",
            "refuses to complete with a token that was revoked after Start",
            &[&credentials::AUTHORISED, &credentials::AUTHORISED_CLASS],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                register(&ctx, &user).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                global_sign_out(&ctx, &user.tokens).await?;
                let refused = complete(&ctx, &user, &creation).await?;
                super::tokens::NOT_AUTHORISED.judge(&refused)
            },
        ),
        Case::steps(
            "ceremony.complete.not-enabled",
            "refuses to complete where passkeys were switched off after Start",
            &[&credentials::SWITCHED_OFF, &credentials::SWITCHED_OFF_CLASS],
            |ctx| async move {
                const REFUSAL: Refusal = Refusal {
                    rule: &credentials::SWITCHED_OFF,
                    class: Some((&["WebAuthnNotEnabledException"], &credentials::SWITCHED_OFF_CLASS)),
                    may_close: false,
                };
                ctx.needs(&COMPLETE).await?;
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                kept(&pool, "SignInPolicy")?;
                register(&ctx, &user).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                allow_factors(&ctx, &pool, &["PASSWORD"]).await?;
                REFUSAL.judge(&complete(&ctx, &user, &creation).await?)
            },
        ),
        Case::steps(
            "ceremony.complete.credential-missing",
            "refuses an input without Credential",
            &[&credentials::CREDENTIAL_MISSING, &credentials::CREDENTIAL_MISSING_CLASS],
            |ctx| async move { without_credential(&ctx, json!({})).await },
        ),
        Case::steps(
            "ceremony.complete.credential-null",
            "refuses a Credential that is null",
            &[&credentials::CREDENTIAL_MISSING, &credentials::CREDENTIAL_MISSING_CLASS],
            |ctx| async move { without_credential(&ctx, json!({ "Credential": null })).await },
        ),
    ]
}

fn observed() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.complete.second-start.first-challenge",
            "observes what the first challenge is worth after a second Start",
            &[&credentials::PENDING],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, first) = begin(&ctx, &user).await?;
                begin(&ctx, &user).await?;
                let told = complete(&ctx, &user, &first).await?;
                Ok(vec![not_known(&credentials::PENDING, &told)])
            },
        ),
        Case::steps(
            "ceremony.complete.second-start.second-challenge",
            "takes the second challenge after a second Start",
            &[&credentials::COMPLETED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                begin(&ctx, &user).await?;
                let (_, second) = begin(&ctx, &user).await?;
                finish(&ctx, &user, &second).await
            },
        ),
        Case::steps(
            "ceremony.complete.retried",
            "observes what a challenge is worth after an answer with a wrong origin",
            &[&credentials::RETRIED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (_, creation) = begin(&ctx, &user).await?;
                let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
                let mut wrong = drafted(&ctx, &creation, &credential).await?;
                wrong.client_data.set("origin", "https://elsewhere.test");
                let refused = ctx.send_witness(completion(&user, &wrong.document())).await?;
                if is_served(&refused) {
                    return Err(Stop::Inconclusive("the wrong origin was taken".to_owned()));
                }
                let told = complete(&ctx, &user, &creation).await?;
                Ok(vec![not_known(&credentials::RETRIED, &told)])
            },
        ),
    ]
}

/// The finding, where a served answer has a body.
pub(super) fn empty(recorded: &Recorded) -> Vec<Finding> {
    let body = recorded.exchange.result.as_ref().map(|response| response.is_blank());
    let got = output(recorded).map_or_else(|| "a body".to_owned(), |output| output.to_string());
    (body == Ok(false)).then(|| Finding::new(&credentials::EMPTY_OUTPUT, got, "an empty body")).into_iter().collect()
}

/// The findings of a refusal. Where the refusal is right, a registration of the same user without a defect must be taken, or
/// the refusal proves nothing; and nothing may have been stored before it.
pub(super) async fn judged(ctx: &Ctx, refusal: Refusal, refused: &Recorded, user: &User) -> Result<Vec<Finding>, Stop> {
    let mut findings = refusal.judge(refused)?;
    if is_served(refused) {
        return Ok(findings);
    }
    let (begun, creation) = begin(ctx, user).await?;
    let stored = stored(ctx, user, &begun).await;
    if stored > 0 {
        let got = format!("the user then has {stored} passkey(s)");
        findings.push(Finding::new(&credentials::NOT_STORED, got, "no passkey"));
    }
    let witness = ctx.send_witness(completion(user, &plain(ctx, &creation).await?.document())).await?;
    needed("the witness (the same registration without its defect)", &witness)?;
    Ok(findings)
}

/// How many passkeys the user has by what Start excludes, or by the list where it says nothing of that.
async fn stored(ctx: &Ctx, user: &User, begun: &Recorded) -> usize {
    match excluded(begun) {
        Some(ids) => ids.len(),
        None => list(ctx, user).await.map_or(0, |entries| entries.len()),
    }
}

async fn taken(ctx: &Ctx, algorithm: Algorithm) -> Result<Vec<Finding>, Stop> {
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    let (_, creation) = begin(ctx, &user).await?;
    let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), algorithm);
    let completed = ctx.send(completion(&user, &unattested(&creation, &credential).document())).await?;
    match not_served(&credentials::COMPLETED, &completed) {
        Some(finding) => Ok(vec![finding]),
        None => follows(ctx, &user, &[&credential]).await,
    }
}

/// Completes a registration that must be taken.
async fn finish(ctx: &Ctx, user: &User, creation: &Creation) -> Result<Vec<Finding>, Stop> {
    ctx.acts_as(user);
    let completed = complete(ctx, user, creation).await?;
    Ok(not_served(&credentials::COMPLETED, &completed).into_iter().collect())
}

/// The findings, where list and exclusions are not these passkeys.
pub(super) async fn follows(ctx: &Ctx, user: &User, credentials: &[&Credential]) -> Result<Vec<Finding>, Stop> {
    let mut wanted: Vec<String> = credentials.iter().map(|credential| credential.id_text()).collect();
    wanted.sort_unstable();
    let mut findings = Vec::new();
    let (begun, _) = begin(ctx, user).await?;
    let mut got = excluded(&begun).unwrap_or_default();
    got.sort_unstable();
    findings.extend(differ(&credentials::EXCLUDED, &got, &wanted));
    let entries = list(ctx, user).await?;
    findings.extend(differ(&credentials::LISTED, &super::act::ids(&entries), &wanted));
    Ok(findings)
}

fn differ(rule: &'static Rule, got: &[String], wanted: &[String]) -> Option<Finding> {
    if got == wanted {
        return None;
    }
    let missing = wanted.iter().filter(|id| !got.contains(id)).count();
    let got = format!("{} id(s), {missing} of the user's missing", got.len());
    Some(Finding::new(rule, got, format!("the {} that the user has, each once", wanted.len())))
}

async fn of_another(ctx: &Ctx, spec: &PoolSpec) -> Result<Vec<Finding>, Stop> {
    let (owner, thief) = (new_user(ctx, spec).await?, new_user(ctx, &PoolSpec::MAIN).await?);
    let (_, given) = begin(ctx, &owner).await?;
    let (_, own) = begin(ctx, &thief).await?;
    let stolen = Creation { challenge: given.challenge, ..own };
    let refused = complete(ctx, &thief, &stolen).await?;
    judged(ctx, CHALLENGE, &refused, &thief).await
}

async fn same_id(ctx: &Ctx, registered: &Credential, user: &User) -> Result<Vec<Finding>, Stop> {
    const REFUSAL: Refusal = Refusal { rule: &rules::CREDENTIAL_ID_UNIQUE, class: None, may_close: false };
    let (_, creation) = begin(ctx, user).await?;
    let mut credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
    credential.id.clone_from(&registered.id);
    let document = drafted(ctx, &creation, &credential).await?.document();
    let refused = ctx.send(completion(user, &document)).await?;
    let findings = REFUSAL.judge(&refused)?;
    if !is_served(&refused) {
        let (_, completed) = try_register(ctx, Role::Witness, user, Algorithm::Es256).await?;
        needed("the witness (another credential id)", &completed)?;
    }
    Ok(findings)
}

async fn without_credential(ctx: &Ctx, more: serde_json::Value) -> Result<Vec<Finding>, Stop> {
    const REFUSAL: Refusal = Refusal {
        rule: &credentials::CREDENTIAL_MISSING,
        class: Some((&["InvalidParameterException"], &credentials::CREDENTIAL_MISSING_CLASS)),
        may_close: false,
    };
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    begin(ctx, &user).await?;
    let refused = ctx.send(call(COMPLETE.name, with_token(&user, more))).await?;
    judged(ctx, REFUSAL, &refused, &user).await
}

/// The same user with tokens of another app client of the pool.
async fn signed_in_elsewhere(ctx: &Ctx, user: &User) -> Result<User, Stop> {
    let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
    let client = other_client(ctx, user, json!({ "ExplicitAuthFlows": flows })).await?;
    Ok(User { tokens: ctx.fixtures().sign_in_at(user, &client).await?, ..user.clone() })
}
