//! Clients by recipe, and the adapters around them: right, wrong, and gone.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod adapters;
mod catalogue;
mod endings;
mod fuzz;
mod judging;
mod page;
mod protocol;
mod serving;
mod support;
