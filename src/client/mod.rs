//! Judging clients: the server of the scenarios, the judge, and a run of an adapter through them all.
//!
//! The server answers as a scenario says and counts what is sent; the judge holds what the client tells against the scenario's
//! demands. Neither knows what kind of client it has before it.

mod call;
pub mod fuzz;
mod judge;
mod options;
mod outcome;
mod run;
mod server;
mod token;

pub use judge::{Call, findings};
pub use run::{PORT, Plan, Tested, choose, run, scenario_set};
pub use server::{Attempt, Server};
