//! Access tokens: everything that makes one invalid, and what does not.
//!
//! One file a subject. Each holds tables of labelled edits of a valid token; `edit` makes cases of them.

mod algorithm;
mod base64;
mod claims;
mod edit;
mod issuer;
mod json;
mod key;
mod kind;
mod scope;
mod signature;
mod structure;
mod time;

use super::Case;

/// The cases, in the order in which a server would meet the defects.
pub(super) fn cases() -> Vec<Case> {
    [
        structure::cases(),
        base64::cases(),
        json::cases(),
        signature::cases(),
        algorithm::cases(),
        key::cases(),
        kind::cases(),
        issuer::cases(),
        time::cases(),
        claims::cases(),
        scope::cases(),
    ]
    .concat()
}
