//! Creation options: each rule of both profiles, on every served answer of the run.

use super::{Case, audits};
use crate::cognito::{Rule, rules};
use crate::wire::Request;

/// The rules that need to know the web origin: `cogspec options check --origin` proves them.
static OF_ORIGIN: [&Rule; 3] =
    [&rules::options::RP_ID_ORIGIN, &rules::options::ORIGIN_SECURE, &rules::options::ORIGIN_DOMAIN];

/// That a client which we did not write can use the options ([`crate::ceremony::usable`]).
static USABLE: [&Rule; 5] = [
    &rules::ceremony::USABLE,
    &rules::ceremony::USABLE_CHALLENGE,
    &rules::ceremony::USABLE_RELYING_PARTY,
    &rules::ceremony::USABLE_ALGORITHM,
    &rules::ceremony::USABLE_USER,
];

pub(super) fn cases() -> Vec<Case> {
    // The audits need at least one answer when they are run by themselves.
    let mut cases = vec![
        Case::accepted("options.served", "serves a signed-in user", &rules::request::ACCEPTED).sends(Request::start),
    ];
    let in_every_answer = |rule: &&&'static Rule| !OF_ORIGIN.iter().any(|of_origin| of_origin.id == rule.id);
    let rules =
        rules::options::ALL.iter().chain(rules::cognito_options::ALL).chain(&USABLE).filter(in_every_answer).copied();
    cases.extend(audits::of_options(rules));
    cases
}
