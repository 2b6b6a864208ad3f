//! The embedded emulator: a reference Cognito over real HTTP on loopback, judged like any other implementation.
//!
//! It answers `StartWebAuthnRegistration` as Amazon Cognito is known to: check order, messages, headers and creation
//! options. The rest of the ceremony follows: the passkey is verified, listed, deleted, and signs its user in. Around it
//! stands as much of the user pools API as that takes. Everything is in memory.
//!
//! A request goes down through the files in this order, and each reads like the part of the specification that it holds:
//!
//! | file | what it decides |
//! |---|---|
//! | `server` | HTTP on a socket: framing, sizes |
//! | `front` | AWS JSON 1.1: content type, target, signature, JSON |
//! | `input` | types and constraints of members |
//! | `operations` | one file a group of operations, and the table of them |
//! | `token` | access tokens: issue and verify |
//! | `passkey` | passkeys: verify registrations and sign-ins (W3C WebAuthn) |
//! | `state` | pools, clients, users, sessions |
//! | `answer` | envelopes and headers |
//! | `affordances` | what only a test harness needs, and no Cognito has |
//! | `faults` | deviations that it can be started with, to prove the suite |
//!
//! # Test affordances
//! An emulator that is embedded for tests can do four things that AWS cannot; a harness looks for them at `GET /_cogspec`:
//! - the request header `X-Cogspec-Answer: NAME` makes an operation without AWS signature answer with the modelled error
//!   of that name, once the request has passed the checks of HTTP and target;
//! - `GET /_cogspec/signing-key?pool=ID` gives the private key that signs the pool's access tokens, so that a token can
//!   be signed again with one defect;
//! - `GET /_cogspec/age?pool=ID&user=NAME&seconds=N` makes what waits for a user's answer older by so many seconds: the
//!   challenges of registrations, and the sessions of sign-ins. So a test sees them expire without waiting;
//! - the clock can be set ([`Config::clock`]).

mod affordances;
mod answer;
mod faults;
mod front;
mod input;
mod json;
mod keys;
mod operations;
mod passkey;
mod server;
mod service;
mod shapes;
mod state;
mod token;
mod well_known;

pub use faults::Fault;
pub use front::BODY_LIMIT;
pub use server::Emulator;
pub use service::{Clock, Config, Service};
