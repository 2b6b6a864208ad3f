//! ListWebAuthnCredentials.

use serde_json::{Value, json};

use super::act::{entries, excluded, ids, list, list_with, needed, new_user, next_token, register};
use super::complete::follows;
use super::tokens::TYPE;
use crate::cognito::rules::credentials;
use crate::cognito::{Finding, Rule};
use crate::suite::judge::{Refusal, is_served, not_known};
use crate::suite::{Case, Ctx, Stop};
use crate::target::PoolSpec;

const RANGE: Refusal = Refusal {
    rule: &credentials::MAX_RESULTS_RANGE,
    class: Some((&["InvalidParameterException"], &credentials::INPUT_CLASS)),
    may_close: false,
};

const NEXT_TOKEN: Refusal = Refusal {
    rule: &credentials::NEXT_TOKEN,
    class: Some((&["InvalidParameterException"], &credentials::INPUT_CLASS)),
    may_close: false,
};

const UNKNOWN_TOKEN: Refusal = Refusal {
    rule: &credentials::NEXT_TOKEN_UNKNOWN,
    class: Some((&["InvalidParameterException"], &credentials::INPUT_CLASS)),
    may_close: false,
};

pub(super) fn cases() -> Vec<Case> {
    [served(), pages(), inputs()].concat()
}

fn served() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.list.none",
            "lists nothing for a user without passkeys",
            &[&credentials::LISTED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let entries = list(&ctx, &user).await?;
                let got = format!("{} passkeys", entries.len());
                Ok((!entries.is_empty()).then(|| Finding::new(&credentials::LISTED, got, "none")).into_iter().collect())
            },
        ),
        Case::steps(
            "ceremony.list.two",
            "lists two passkeys, each once",
            &[&credentials::LISTED, &credentials::EXCLUDED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let (first, second) = (register(&ctx, &user).await?, register(&ctx, &user).await?);
                follows(&ctx, &user, &[&first, &second]).await
            },
        ),
        Case::steps(
            "ceremony.list.own",
            "lists no passkey of another user, nor excludes it",
            &[&credentials::OWN, &credentials::EXCLUDED],
            |ctx| async move {
                let (one, other) = (new_user(&ctx, &PoolSpec::MAIN).await?, new_user(&ctx, &PoolSpec::MAIN).await?);
                register(&ctx, &one).await?;
                let (begun, _) = super::act::begin(&ctx, &other).await?;
                let entries = list(&ctx, &other).await?;
                let excluded = excluded(&begun).map_or(0, |ids| ids.len());
                let found = [(&credentials::OWN, entries.len()), (&credentials::EXCLUDED, excluded)];
                let told =
                    |(rule, count): (&'static Rule, usize)| Finding::new(rule, format!("{count} of another"), "none");
                Ok(found.into_iter().filter(|(_, count)| *count > 0).map(told).collect())
            },
        ),
        Case::steps(
            "ceremony.list.entry",
            "describes a passkey with the members of the model, in their types",
            &[
                &credentials::LIST_TYPES,
                &credentials::LIST_ID,
                &credentials::LIST_RP,
                &credentials::LIST_TRANSPORTS,
                &credentials::CREATED_AT,
                &credentials::CREATED_AT_FRACTION,
            ],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let credential = register(&ctx, &user).await?;
                let entries = list(&ctx, &user).await?;
                let entry = entries.first().ok_or_else(|| Stop::Inconclusive("nothing is listed".to_owned()))?;
                Ok(described(entry, &credential.id_text(), &credential.rp_id))
            },
        ),
    ]
}

/// What is wrong with the description of a passkey that was registered just now.
fn described(entry: &Value, id: &str, relying_party: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = |rule: &'static Rule, member: &str, wanted: &str| {
        let got = entry.get(member).map_or_else(|| "absent".to_owned(), Value::to_string);
        findings.push(Finding::new(rule, got, wanted).at(format!("/Credentials/0/{member}")));
    };
    for member in ["CredentialId", "FriendlyCredentialName", "RelyingPartyId"] {
        if !entry.get(member).is_some_and(Value::is_string) {
            told(&credentials::LIST_TYPES, member, "a string");
        }
    }
    let text = |member: &str| entry.get(member).and_then(Value::as_str);
    if text("CredentialId").is_some_and(|got| got != id) {
        told(&credentials::LIST_ID, "CredentialId", "the id that the authenticator gave, in base64url");
    }
    if text("RelyingPartyId").is_some_and(|got| got != relying_party) {
        told(&credentials::LIST_RP, "RelyingPartyId", relying_party);
    }
    let transports = entry.get("AuthenticatorTransports").and_then(Value::as_array);
    if !transports.is_some_and(|transports| transports.iter().all(Value::is_string)) {
        told(&credentials::LIST_TRANSPORTS, "AuthenticatorTransports", "a list of strings");
    }
    /// Clocks may differ by a day; milliseconds for seconds are off by far more.
    const DAY: f64 = 86_400.0;
    #[allow(clippy::cast_precision_loss, reason = "seconds of this century are exact in a double")]
    let now = crate::token::now() as f64;
    match entry.get("CreatedAt").and_then(Value::as_f64) {
        Some(created) if (created - now).abs() < DAY => {
            if entry.get("CreatedAt").is_some_and(|created| created.is_i64() || created.is_u64()) {
                told(&credentials::CREATED_AT_FRACTION, "CreatedAt", "a number with a fraction");
            }
        }
        _ => told(&credentials::CREATED_AT, "CreatedAt", "seconds since 1970, of just now"),
    }
    findings
}

fn pages() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.list.max-results.one",
            "gives one passkey a page, and each once in all pages",
            &[&credentials::MAX_RESULTS, &credentials::PAGES],
            |ctx| async move { paged(&ctx, 3, 1).await },
        ),
        Case::steps(
            "ceremony.list.max-results.two",
            "gives two passkeys a page, and the last page what is left",
            &[&credentials::MAX_RESULTS, &credentials::PAGES],
            |ctx| async move { paged(&ctx, 3, 2).await },
        ),
        Case::steps(
            "ceremony.list.max-results.exact",
            "gives all passkeys where there are as many as a page has",
            &[&credentials::MAX_RESULTS, &credentials::PAGES],
            |ctx| async move { paged(&ctx, 2, 2).await },
        ),
        Case::steps(
            "ceremony.list.max-results.twenty",
            "takes 20 for MaxResults",
            &[&credentials::MAX_RESULTS, &credentials::MAX_RESULTS_RANGE],
            |ctx| async move { paged(&ctx, 1, 20).await },
        ),
        Case::steps(
            "ceremony.list.max-results.zero",
            "observes a page of no more than 0 passkeys",
            &[&credentials::MAX_RESULTS_ZERO],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                register(&ctx, &user).await?;
                let told = list_with(&ctx, &user, json!({ "MaxResults": 0 })).await?;
                let mut finding = not_known(&credentials::MAX_RESULTS_ZERO, &told);
                if let Some(entries) = entries(&told) {
                    finding.got = format!("{}: {} of 1 passkey", finding.got, entries.len());
                }
                Ok(vec![finding])
            },
        ),
        Case::steps(
            "ceremony.list.next-token.of-another-user",
            "lists nothing of a user whose NextToken another user sends",
            &[&credentials::OWN],
            |ctx| async move {
                let (one, other) = (new_user(&ctx, &PoolSpec::MAIN).await?, new_user(&ctx, &PoolSpec::MAIN).await?);
                let owned = [register(&ctx, &one).await?, register(&ctx, &one).await?];
                let page = list_with(&ctx, &one, json!({ "MaxResults": 1 })).await?;
                let next = next_token(&page).ok_or_else(|| Stop::Inconclusive("there is no NextToken".to_owned()))?;
                let stolen = list_with(&ctx, &other, json!({ "MaxResults": 1, "NextToken": next })).await?;
                let leaked = entries(&stolen).map(|entries| ids(&entries)).unwrap_or_default();
                let leaked = leaked.iter().filter(|id| owned.iter().any(|owned| owned.id_text() == **id)).count();
                let got = format!("{leaked} passkey(s) of the other user");
                Ok((leaked > 0).then(|| Finding::new(&credentials::OWN, got, "none")).into_iter().collect())
            },
        ),
    ]
}

fn inputs() -> Vec<Case> {
    let refused: [(&str, &str, Refusal, Value); 9] = [
        ("max-results.twenty-one", "refuses 21 for MaxResults", RANGE, json!({ "MaxResults": 21 })),
        ("max-results.negative", "refuses -1 for MaxResults", RANGE, json!({ "MaxResults": -1 })),
        ("max-results.string", "refuses a text for MaxResults", TYPE, json!({ "MaxResults": "one" })),
        ("max-results.boolean", "refuses a boolean for MaxResults", TYPE, json!({ "MaxResults": true })),
        ("max-results.list", "refuses a list for MaxResults", TYPE, json!({ "MaxResults": [1] })),
        ("next-token.empty", "refuses a NextToken of no characters", NEXT_TOKEN, json!({ "NextToken": "" })),
        ("next-token.space", "refuses a NextToken with white space", NEXT_TOKEN, json!({ "NextToken": "a b" })),
        ("next-token.number", "refuses a number for NextToken", TYPE, json!({ "NextToken": 1 })),
        (
            "next-token.made-up",
            "refuses a NextToken that was made up",
            UNKNOWN_TOKEN,
            json!({ "NextToken": "bWFkZSB1cA" }),
        ),
    ];
    let case = |(detail, title, refusal, more): (&str, &str, Refusal, Value)| {
        Case::steps(format!("ceremony.list.{detail}"), title, &[refusal.rule, &credentials::INPUT_CLASS], move |ctx| {
            let more = more.clone();
            async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let refused = list_with(&ctx, &user, more).await?;
                let findings = refusal.judge(&refused)?;
                if !is_served(&refused) {
                    list(&ctx, &user).await?;
                }
                Ok(findings)
            }
        })
    };
    let mut cases: Vec<Case> = refused.into_iter().map(case).collect();
    cases.push(Case::steps(
        "ceremony.list.max-results.fraction",
        "observes 1.5 for MaxResults",
        &[&credentials::MAX_RESULTS_ZERO],
        |ctx| async move {
            let user = new_user(&ctx, &PoolSpec::MAIN).await?;
            let told = list_with(&ctx, &user, json!({ "MaxResults": 1.5 })).await?;
            Ok(vec![not_known(&credentials::MAX_RESULTS_ZERO, &told)])
        },
    ));
    cases
}

/// Registers so many passkeys, and follows the pages of that size to their end.
async fn paged(ctx: &Ctx, registered: usize, size: usize) -> Result<Vec<Finding>, Stop> {
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    let mut wanted = Vec::new();
    for _ in 0..registered {
        wanted.push(register(ctx, &user).await?.id_text());
    }
    wanted.sort_unstable();
    let (mut found, mut next) = (Vec::new(), None);
    // One page more than is needed: an empty one at the end is no error.
    for page in 0..=registered.div_ceil(size) {
        let mut more = json!({ "MaxResults": size });
        if let Some(next) = next.take() {
            more["NextToken"] = Value::String(next);
        }
        let listed = list_with(ctx, &user, more).await?;
        needed("a page", &listed)?;
        let entries =
            entries(&listed).ok_or_else(|| Stop::Inconclusive("a page has no list Credentials".to_owned()))?;
        if entries.len() > size {
            let got = format!("{} passkeys on page {}", entries.len(), page + 1);
            return Ok(vec![Finding::new(&credentials::MAX_RESULTS, got, format!("at most {size}"))]);
        }
        found.extend(ids(&entries));
        next = next_token(&listed);
        if next.is_none() {
            break;
        }
    }
    if next.is_some() {
        return Ok(vec![Finding::new(&credentials::PAGES, "a NextToken on the last page", "an end")]);
    }
    found.sort_unstable();
    let got = format!("{} passkeys in all pages", found.len());
    Ok((found != wanted)
        .then(|| Finding::new(&credentials::PAGES, got, format!("the {registered} that the user has, each once")))
        .into_iter()
        .collect())
}
