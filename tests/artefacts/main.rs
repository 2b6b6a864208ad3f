//! What the command writes: no secret, each file whole or not at all, and a documented exit code whatever trouble there is on
//! this machine.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod clock;
mod echo;
mod redaction;
mod signals;
mod streams;
mod support;
mod writes;
