//! Fuzzing clients: drawn answers to any number of them at once, the judge on what each makes of an answer, and a close look at
//! what is found.
//!
//! What a client does with a drawn answer is held against the demands that follow from the labels of that answer
//! ([`demands_of`](crate::scenario::demands_of)). Clients of one layer are held beside each other, too: that they differ is told,
//! and fails nobody. Whatever is found was seen again, is made as small as it goes, and is kept as a scenario.
//!
//! The answers are drawn from the seed alone, and what came of them is looked at in the order in which they were drawn: the same
//! seed and the same clients make the same run, however many adapters are asked at once.

mod answer;
mod asker;
mod draws;
mod engine;
mod event;
mod investigate;
mod look;
mod replay;

pub use engine::{Plan, fuzz};
pub use event::{Differing, Event, Found, OfClient, Summary};
pub use replay::{Asked, Replayed, drawn, replay};
