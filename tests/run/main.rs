//! Whole runs of the real command over real HTTP, and the ways in which a run can end.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod support;

mod baselines;
mod cassettes;
mod clients;
mod embedded;
mod endings;
mod matrix;
#[path = "../python/mod.rs"]
mod python;
mod reports;
mod snapshots;
