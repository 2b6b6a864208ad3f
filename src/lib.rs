//! cogspec judges implementations of Amazon Cognito's passkey registration.
//!
//! The main operation is `StartWebAuthnRegistration`: it takes a signed-in user's access token and returns
//! the `CredentialCreationOptions` that a browser or an app hands to a passkey authenticator.
//!
//! From Rust a whole run is one call, of which [`gate`] tells the options:
//!
//! ```
//! # #[tokio::main]
//! # async fn main() -> Result<(), cogspec::GateError> {
//! let report = cogspec::run(&cogspec::Gate::embedded().filter("options.*")).await?;
//! assert!(report.held(), "{report}");
//! # Ok(())
//! # }
//! ```
//!
//! Data flows one way; a module knows only those above it:
//!
//! | module | what it holds |
//! |---|---|
//! | [`cognito`] | the API as facts: operations, errors, rules with source and evidence |
//! | [`wire`] | AWS JSON 1.1: requests as bytes, responses kept whole, classification |
//! | [`tape`] | what a run hears and draws, recorded and replayed |
//! | [`token`] | access tokens: parse, mint, verify |
//! | [`options`] | creation options: a strict document model and the rules that judge one |
//! | [`ceremony`] | the client and the authenticator of a passkey ceremony, right and with labelled defects |
//! | [`generate`] | structure-aware generators of labelled defects |
//! | [`oracle`] | verdicts on exchanges |
//! | [`target`] | reaching a server: transport, control plane, fixtures |
//! | [`artefact`] | the one way out: nothing is written that holds a secret, and files whole or not at all |
//! | [`emulator`] | the reference Cognito that the harness runs on by default, judged like any other |
//! | [`suite`] | the cases |
//! | [`scenario`] | what a client is answered, and what it must make of it |
//! | [`snapshot`] | observations, redaction, comparison |
//! | [`baseline`] | the known failures of one implementation |
//! | [`cassette`] | the file of a recorded run |
//! | [`run`](mod@run) | scheduling, time limits; one stream of events |
//! | [`implementation`] | servers and clients by recipe: installed, started, stopped; what their last run showed |
//! | [`adapter`] | clients, each driven by a program around it: one line asks, one line tells |
//! | [`fuzz`] | drawn calls over the network, and a close look at what they find |
//! | [`self_test`] | the suite against the emulator with each fault |
//! | [`matrix`] | several implementations side by side, and beside what live Cognito is known to do |
//! | [`report`] | each format is a consumer of the event stream |
//! | [`gate`] | a run from Rust: [`run()`] inside somebody's own tests |
//! | [`export`] | the suite as data, for other languages |
//! | [`browser`] | real browsers as oracles of creation options |
//! | [`cli`] | one file a sub-command |

pub mod adapter;
pub mod artefact;
pub mod baseline;
pub mod browser;
pub mod cassette;
pub mod ceremony;
#[cfg(feature = "cli")]
pub mod cli;
pub mod client;
pub mod cognito;
pub mod crypto;
pub mod emulator;
pub mod export;
pub mod fuzz;
#[doc(hidden)]
pub mod fuzz_targets;
pub mod gate;
pub mod generate;
pub mod implementation;
mod machine;
pub mod matrix;
pub mod options;
pub mod oracle;
pub mod report;
pub mod run;
pub mod scenario;
pub mod self_test;
pub mod snapshot;
pub mod suite;
pub mod tape;
pub mod target;
pub mod token;
mod toml;
pub mod wire;

pub use gate::{Gate, GateError, Report, run};
pub use run::{Ending, FailOn};
