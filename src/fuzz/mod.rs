//! Fuzzing over the network: drawn calls to any target, the oracles on each answer, and a close look at what they find.
//!
//! Whatever is found was seen again, alone and between two plain requests that were served, and is made as small as it goes.
//! What a server causes by itself (throttling, limits of a user, an outage) is no finding.

mod callers;
mod ceremony;
mod engine;
mod event;
pub(crate) mod input;
mod investigate;
mod judge;
mod novelty;
mod replay;
mod shot;
pub(crate) mod shrink;

pub use engine::{Plan, fuzz};
pub use event::{Ended, Event, Found, Progress, Repeats, Summary};
pub use replay::{NotReplayed, Replayed, replay};
