//! One case for each labelled defect of a registration and of an assertion ([`crate::ceremony`]).

use super::act::{
    self, assertion, begin, begin_sign_in, completion, is_signed_in, needed, new_user, register, sign_in,
};
use super::complete::judged;
use super::draft::{drafted, plain};
use crate::ceremony::{
    ASSERTION, Algorithm, Assertion, Credential, Defect, Expect, REGISTRATION, Registration, UserVerification,
};
use crate::cognito::rules::credentials;
use crate::cognito::{Finding, Rule};
use crate::suite::judge::{Refusal, in_short, is_served, not_known, not_served};
use crate::suite::state::{kept, pool_of};
use crate::suite::{Case, Ctx, Recorded, Role, Stop};
use crate::target::{PoolSpec, User};

pub(super) fn registration_defects() -> Vec<Case> {
    REGISTRATION
        .iter()
        .map(|defect| {
            let id = format!("ceremony.complete.defect.{}", defect.name);
            let mut rules = rules(defect);
            rules.extend((defect.must == Expect::Refused).then_some(&credentials::NOT_STORED));
            Case::steps(id, defect.title, &rules, move |ctx| async move { complete_with(&ctx, defect).await })
        })
        .collect()
}

pub(super) fn assertion_defects() -> Vec<Case> {
    ASSERTION
        .iter()
        .map(|defect| {
            let id = format!("ceremony.sign-in.defect.{}", defect.name);
            Case::steps(id, defect.title, &rules(defect), move |ctx| async move { sign_in_with(&ctx, defect).await })
        })
        .collect()
}

fn rules<T>(defect: &Defect<T>) -> Vec<&'static Rule> {
    let mut rules = vec![defect.rule];
    rules.extend(defect.class.map(|(_, rule)| rule).filter(|rule| rule.id != defect.rule.id));
    rules
}

fn refusal<T>(defect: &Defect<T>) -> Refusal {
    Refusal { rule: defect.rule, class: defect.class, may_close: false }
}

/// A new user of a pool in which the defect is one.
async fn user<T>(ctx: &Ctx, defect: &Defect<T>) -> Result<User, Stop> {
    if defect.user_verification != Some(UserVerification::Required) {
        return new_user(ctx, &PoolSpec::MAIN).await;
    }
    let user = new_user(ctx, &PoolSpec::VERIFICATION_REQUIRED).await?;
    kept(&pool_of(&user)?, "UserVerification")?;
    Ok(user)
}

async fn complete_with(ctx: &Ctx, defect: &Defect<Registration>) -> Result<Vec<Finding>, Stop> {
    let user = user(ctx, defect).await?;
    let (_, creation) = begin(ctx, &user).await?;
    let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
    let mut registration = drafted(ctx, &creation, &credential).await?;
    (defect.edit)(&mut registration);
    if registration.self_attested && registration.public_key.is_none() {
        let why = "the target takes self attestation only, which nobody can give for another public key";
        return Err(Stop::Skip(why.to_owned()));
    }
    let recorded = ctx.send(completion(&user, &registration.document())).await?;
    match defect.must {
        Expect::Refused => judged(ctx, refusal(defect), &recorded, &user).await,
        Expect::Observed => Ok(vec![not_known(defect.rule, &recorded)]),
        Expect::Accepted => {
            let Some(finding) = not_served(defect.rule, &recorded) else { return Ok(Vec::new()) };
            let (_, creation) = begin(ctx, &user).await?;
            let witness = ctx.send_witness(completion(&user, &plain(ctx, &creation).await?.document())).await?;
            needed("an ordinary registration too", &witness)?;
            Ok(vec![finding])
        }
    }
}

async fn sign_in_with(ctx: &Ctx, defect: &Defect<Assertion>) -> Result<Vec<Finding>, Stop> {
    let user = user(ctx, defect).await?;
    let mut credential = register(ctx, &user).await?;
    let challenge = begin_sign_in(ctx, &user).await?;
    let mut wrong = assertion(&challenge, &mut credential);
    (defect.edit)(&mut wrong);
    let recorded = ctx.send(act::response(&user, &challenge.session, &wrong.document())?).await?;
    let findings = match defect.must {
        Expect::Refused => refused_sign_in(refusal(defect), &recorded)?,
        Expect::Observed => return Ok(vec![not_known(defect.rule, &recorded)]),
        Expect::Accepted if is_signed_in(&recorded) => return Ok(Vec::new()),
        Expect::Accepted => vec![Finding::new(defect.rule, in_short(&recorded), "200 with AuthenticationResult")],
    };
    if !is_signed_in(&recorded) {
        signs_in(ctx, &user, &mut credential).await?;
    }
    Ok(findings)
}

/// The witness of a sign-in: the same without its defect is taken.
pub(super) async fn signs_in(ctx: &Ctx, user: &crate::target::User, credential: &mut Credential) -> Result<(), Stop> {
    let witness = sign_in(ctx, Role::Witness, user, credential).await?;
    if is_signed_in(&witness) {
        return Ok(());
    }
    Err(Stop::Inconclusive(format!("the witness (a sign-in without a defect) is refused too: {}", in_short(&witness))))
}

/// What is wrong with the answer to a sign-in that must fail. An answer that only asks the next question lets nobody in.
pub(super) fn refused_sign_in(refusal: Refusal, recorded: &Recorded) -> Result<Vec<Finding>, Stop> {
    if is_served(recorded) && !is_signed_in(recorded) {
        return Ok(Vec::new());
    }
    refusal.judge(recorded)
}
