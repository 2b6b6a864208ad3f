//! Servers by recipe, with the real command: installed, started, judged, and stopped whatever happens.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod support;

mod catalogue;
mod installing;
mod moto;
mod running;
mod stopping;
