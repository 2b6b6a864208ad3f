//! The scenarios: each can be sent and is read as it was meant, and what they demand agrees with Smithy's protocol tests and with
//! the classification of answers, neither of which knows the scenarios.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod classes;
mod ids;
#[path = "../seeds/mod.rs"]
mod seeds;
mod sending;
mod smithy;
