//! `--live` from end to end, on the emulator standing in for AWS: behind TLS, under the names that live Cognito has.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

#[path = "../tls/authority.rs"]
mod authority;
#[path = "../python/mod.rs"]
mod python;
mod stand_in;

mod chain;
mod clean;
mod dry_run;
mod endpoints;
mod interlock;
mod whole;
