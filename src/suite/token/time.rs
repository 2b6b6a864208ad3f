//! Times: in seconds since the epoch (RFC 7519, 2, NumericDate), judged against the target's clock.

use serde_json::{Value, json};

use super::edit::{Broken, DraftEdit, message, now, observed, signed_with};
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx};
use crate::token::Draft;

const HOUR: i64 = 3600;

pub(super) fn cases() -> Vec<Case> {
    let expired = Broken::new("time", &token::EXPIRY, &token::EXPIRY_CLASS);
    let leeway = Broken::new("time", &token::EXPIRY_LEEWAY, &token::EXPIRY_CLASS);
    let required = Broken::new("time", &token::EXPIRY_REQUIRED, &token::CLAIMS_CLASS);
    let not_before = Broken::new("time", &token::NOT_BEFORE, &token::CLAIMS_CLASS);
    let early = Broken::new("time", &token::NOT_YET_VALID, &token::CLAIMS_CLASS);
    let refused = |broken: Broken, edits: &[DraftEdit]| -> Vec<Case> {
        edits.iter().map(|(name, what, edit)| broken.signed(name, what, *edit)).collect()
    };
    let no_time = no_times().into_iter().map(|(name, what, exp)| {
        required.signed(name, &format!("whose `exp` is {what}"), move |draft| draft.claim("exp", exp()))
    });
    let unusual = UNUSUAL.iter().map(|(name, what, edit)| {
        let edit = *edit;
        observed("time", name, what, &token::CLAIM_TYPE, move |draft| message(&edit(draft)))
    });
    [
        refused(expired, EXPIRED),
        vec![spent(expired)],
        refused(leeway, JUST_EXPIRED),
        refused(required, &[("exp-missing", "without `exp`", |draft| draft.without_claim("exp"))]),
        no_time.collect(),
        refused(not_before, NOT_BEFORE),
        refused(early, NOT_YET_VALID),
        unusual.collect(),
    ]
    .concat()
}

const EXPIRED: &[DraftEdit] = &[
    ("expired-hour", "that expired an hour ago", |draft| draft.claim("exp", now() - HOUR)),
    ("expired-year", "that expired a year ago", |draft| draft.claim("exp", now() - 365 * 24 * HOUR)),
    ("exp-zero", "that expired when time began", |draft| draft.claim("exp", 0)),
    ("exp-negative", "that expired before time began", |draft| draft.claim("exp", -1)),
    ("exp-fraction-past", "that expired an hour and a half second ago", |draft| {
        // Exact: seconds since the epoch are far below 2^52.
        draft.claim("exp", (now() - HOUR) as f64 - 0.5)
    }),
];

/// What RFC 7519 lets a server overlook. That the last moment is over is sure only where the clocks agree, as on one
/// machine.
const JUST_EXPIRED: &[DraftEdit] = &[
    ("expired-now", "that expires as it is sent", |draft| draft.claim("exp", now())),
    ("expired-second", "that expired a second ago", |draft| draft.claim("exp", now() - 1)),
    ("expired-almost-minute", "that expired 59 seconds ago", |draft| draft.claim("exp", now() - 59)),
    ("expired-minute", "that expired a minute ago", |draft| draft.claim("exp", now() - 60)),
];

/// A token whose whole life is over: only `exp` differs from the witness, of the same age, which lives on.
fn spent(broken: Broken) -> Case {
    broken
        .refused("expired-aged", "that was issued three hours ago and expired two hours later")
        .witness_made(|ctx: Ctx| async move { signed_with(&ctx, &|draft| message(&aged(draft, HOUR))).await })
        .made(|ctx: Ctx| async move { signed_with(&ctx, &|draft| message(&aged(draft, -HOUR))).await })
}

fn aged(draft: Draft, left: i64) -> Draft {
    let issued = now() - 3 * HOUR;
    draft.claim("auth_time", issued).claim("iat", issued).claim("exp", now() + left)
}

/// A labelled value of `exp`.
type NoTime = (&'static str, &'static str, fn() -> Value);

/// Values that are no number, each of which some language would take for a time to come.
fn no_times() -> Vec<NoTime> {
    vec![
        ("exp-string", "a string of digits", || json!((now() + HOUR).to_string())),
        ("exp-date", "a date as text", || json!("2099-12-31T23:59:59Z")),
        ("exp-null", "null", || json!(null)),
        ("exp-true", "`true`", || json!(true)),
        ("exp-array", "an array with a number", || json!([now() + HOUR])),
        ("exp-object", "an object", || json!({})),
    ]
}

const NOT_BEFORE: &[DraftEdit] =
    &[("nbf-future", "that is not valid before the next hour", |draft| draft.claim("nbf", now() + HOUR))];

const NOT_YET_VALID: &[DraftEdit] = &[
    ("iat-future", "that was issued an hour from now", |draft| draft.claim("iat", now() + HOUR)),
    ("auth-time-future", "whose user signs in an hour from now", |draft| draft.claim("auth_time", now() + HOUR)),
];

/// Times to come that Cognito never writes: it gives whole seconds, and a day at most.
const UNUSUAL: &[DraftEdit] = &[
    ("exp-fraction", "whose `exp` has a fraction", |draft| draft.claim("exp", (now() + HOUR) as f64 + 0.5)),
    ("exp-exponent", "whose `exp` is in the year 317 million", |draft| draft.claim("exp", 1e16)),
    ("exp-milliseconds", "whose `exp` is in milliseconds", |draft| draft.claim("exp", (now() + HOUR) * 1000)),
    ("exp-years", "that is valid for ten years", |draft| draft.claim("exp", now() + 10 * 365 * 24 * HOUR)),
    ("exp-i64-max", "whose `exp` is the largest signed integer of 64 bits", |draft| draft.claim("exp", i64::MAX)),
    ("exp-u64-max", "whose `exp` is the largest integer of 64 bits", |draft| draft.claim("exp", u64::MAX)),
    ("exp-huge", "whose `exp` is 1e300", |draft| draft.claim("exp", 1e300)),
    ("nbf-past", "with an `nbf` that is past", |draft| draft.claim("nbf", now() - HOUR)),
    ("nbf-string", "whose `nbf` is text", |draft| draft.claim("nbf", "now")),
];
