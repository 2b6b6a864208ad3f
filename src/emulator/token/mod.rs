//! Access tokens as the emulator issues and verifies them.
//!
//! Verification is the emulator's own, over jsonwebtoken's signature check: it shares no code with the parser that
//! judges tokens.

mod authorize;
mod issue;
mod unverified;

pub(super) use authorize::{Caller, authorize};
pub(super) use issue::SignIn;
