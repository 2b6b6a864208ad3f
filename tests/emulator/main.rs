//! The embedded emulator over real HTTP.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is how they fail")]

mod authenticator;
mod ceremony;
mod command;
mod control_plane;
mod http;
mod properties;
mod sign_in;
mod start;
mod state;
mod support;
mod tokens;
