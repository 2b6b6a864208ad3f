//! DeleteWebAuthnCredential.

use serde_json::{Value, json};

use super::act::{begin, call, delete, excluded, ids, list, needed, new_user, register, try_register, with_token};
use super::complete::{empty, follows};
use super::draft::drafted;
use super::tokens::TYPE;
use crate::ceremony::Algorithm;
use crate::cognito::rules::credentials;
use crate::cognito::{DELETE, Finding, Rule};
use crate::suite::judge::{Refusal, is_served, not_known, not_served};
use crate::suite::{Case, Ctx, Role, Stop};
use crate::target::PoolSpec;

const UNKNOWN: Refusal = Refusal {
    rule: &credentials::DELETE_UNKNOWN,
    class: Some((&["ResourceNotFoundException"], &credentials::DELETE_UNKNOWN_CLASS)),
    may_close: false,
};

const UNKNOWN_RULES: &[&Rule] = &[&credentials::DELETE_UNKNOWN, &credentials::DELETE_UNKNOWN_CLASS];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::steps(
            "ceremony.delete.gone",
            "deletes a passkey, which is then neither listed nor excluded",
            &[&credentials::DELETED, &credentials::EMPTY_OUTPUT],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let credential = register(&ctx, &user).await?;
                let deleted = delete(&ctx, &user, &credential.id_text()).await?;
                if let Some(finding) = not_served(&credentials::DELETED, &deleted) {
                    return Ok(vec![finding]);
                }
                let mut findings = empty(&deleted);
                let (begun, _) = begin(&ctx, &user).await?;
                let entries = list(&ctx, &user).await?;
                for (left, place) in
                    [(excluded(&begun).unwrap_or_default(), "excluded by Start"), (ids(&entries), "listed")]
                {
                    if !left.is_empty() {
                        findings.push(Finding::new(&credentials::DELETED, format!("still {place}"), "no passkey"));
                    }
                }
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.delete.the-other-stays",
            "leaves the user's other passkey alone",
            &[&credentials::LISTED, &credentials::EXCLUDED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (first, second) = (register(&ctx, &user).await?, register(&ctx, &user).await?);
                needed("deleting", &delete(&ctx, &user, &first.id_text()).await?)?;
                follows(&ctx, &user, &[&second]).await
            },
        ),
        Case::steps(
            "ceremony.delete.twice",
            "refuses to delete a passkey a second time",
            UNKNOWN_RULES,
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let credential = register(&ctx, &user).await?;
                needed("deleting", &delete(&ctx, &user, &credential.id_text()).await?)?;
                UNKNOWN.judge(&delete(&ctx, &user, &credential.id_text()).await?)
            },
        ),
        Case::steps(
            "ceremony.delete.unknown",
            "refuses to delete a passkey that nobody has",
            UNKNOWN_RULES,
            |ctx| async move { refused(&ctx, UNKNOWN, json!("bm8tc3VjaC1wYXNza2V5")).await },
        ),
        Case::steps(
            "ceremony.delete.of-another-user",
            "refuses to delete another user's passkey, which stays",
            &[&credentials::DELETE_OWN, &credentials::DELETE_UNKNOWN_CLASS],
            |ctx| async move { of_another(&ctx, &PoolSpec::MAIN).await },
        ),
        Case::steps(
            "ceremony.delete.of-another-pool",
            "refuses to delete the passkey of a user of another pool, which stays",
            &[&credentials::DELETE_OWN, &credentials::DELETE_UNKNOWN_CLASS],
            |ctx| async move { of_another(&ctx, &PoolSpec::SECOND).await },
        ),
        Case::steps(
            "ceremony.delete.registered-again",
            "observes whether a deleted passkey can be registered again",
            &[&credentials::REGISTERED_AGAIN],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let credential = register(&ctx, &user).await?;
                needed("deleting", &delete(&ctx, &user, &credential.id_text()).await?)?;
                let (_, creation) = begin(&ctx, &user).await?;
                let document = drafted(&ctx, &creation, &credential).await?.document();
                let again = ctx.send(super::act::completion(&user, &document)).await?;
                Ok(vec![not_known(&credentials::REGISTERED_AGAIN, &again)])
            },
        ),
        Case::steps(
            "ceremony.delete.another-registered",
            "takes a new passkey after a deletion",
            &[&credentials::COMPLETED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let credential = register(&ctx, &user).await?;
                needed("deleting", &delete(&ctx, &user, &credential.id_text()).await?)?;
                let (_, completed) = try_register(&ctx, Role::Test, &user, Algorithm::Es256).await?;
                Ok(not_served(&credentials::COMPLETED, &completed).into_iter().collect())
            },
        ),
        Case::steps(
            "ceremony.delete.padded",
            "refuses the id of a passkey with padding, under which nothing is registered",
            &[&credentials::DELETE_UNKNOWN],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let credential = register(&ctx, &user).await?;
                let padded = delete(&ctx, &user, &format!("{}=", credential.id_text())).await?;
                let findings = Refusal { class: None, ..UNKNOWN }.judge(&padded)?;
                if !is_served(&padded) {
                    needed("the witness (without padding)", &delete(&ctx, &user, &credential.id_text()).await?)?;
                }
                Ok(findings)
            },
        ),
    ];
    let inputs: [(&str, &str, Option<Value>); 6] = [
        ("absent", "refuses an input without CredentialId", None),
        ("null", "refuses a CredentialId that is null", Some(Value::Null)),
        ("number", "refuses a number for CredentialId", Some(json!(1))),
        ("list", "refuses a list for CredentialId", Some(json!(["a"]))),
        ("object", "refuses an object for CredentialId", Some(json!({ "id": "a" }))),
        ("long", "refuses a CredentialId above 131072 characters", Some(json!("A".repeat(131_073)))),
    ];
    for (detail, title, id) in inputs {
        cases.push(Case::steps(
            format!("ceremony.delete.id.{detail}"),
            title,
            &[&credentials::INPUT, &credentials::INPUT_CLASS],
            move |ctx| {
                let id = id.clone();
                async move {
                    match id {
                        Some(id) => refused(&ctx, TYPE, id).await,
                        None => refused_input(&ctx, TYPE, json!({})).await,
                    }
                }
            },
        ));
    }
    cases
}

async fn refused(ctx: &Ctx, refusal: Refusal, id: Value) -> Result<Vec<Finding>, Stop> {
    refused_input(ctx, refusal, json!({ "CredentialId": id })).await
}

/// Deletes with these members beside the token, and with a right id for a witness.
async fn refused_input(ctx: &Ctx, refusal: Refusal, members: Value) -> Result<Vec<Finding>, Stop> {
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    ctx.needs(&DELETE).await?;
    let credential = register(ctx, &user).await?;
    let refused = ctx.send(call(DELETE.name, with_token(&user, members))).await?;
    let findings = refusal.judge(&refused)?;
    needed("the witness (the id of a passkey)", &delete(ctx, &user, &credential.id_text()).await?)?;
    Ok(findings)
}

async fn of_another(ctx: &Ctx, spec: &PoolSpec) -> Result<Vec<Finding>, Stop> {
    let (owner, thief) = (new_user(ctx, spec).await?, new_user(ctx, &PoolSpec::MAIN).await?);
    let credential = register(ctx, &owner).await?;
    let tried = delete(ctx, &thief, &credential.id_text()).await?;
    let entries = list(ctx, &owner).await?;
    if ids(&entries) != [credential.id_text()] {
        return Ok(vec![Finding::new(&credentials::DELETE_OWN, "the owner's passkey is gone", "it stays")]);
    }
    Refusal { rule: &credentials::DELETE_OWN, ..UNKNOWN }.judge(&tried)
}
