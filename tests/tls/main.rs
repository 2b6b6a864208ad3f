//! `cogspec` reaches servers as a person asks: behind TLS, at the address given, at a pace; and this machine only, unasked.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is how they fail")]

mod authority;
mod command;
mod front;
mod interlock;
mod pace;
#[path = "../python/mod.rs"]
mod python;
mod run;
mod signature;
mod throttling;
