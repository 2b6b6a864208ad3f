//! Faults: realistic small deviations that the emulator can be started with, one at a time.
//!
//! They prove the suite: `cogspec self-test` runs it against each, and every one must be caught. They live here and
//! not in the emulator's own logic. Most stand around the whole service: a request is changed before it is served, or
//! its answer afterwards. The few that cannot are a [`Step`], asked for in one line where that step is.
//!
//! | file | faults in |
//! |---|---|
//! | `request` | HTTP, the envelope, JSON, the input |
//! | `token` | the verification of access tokens |
//! | `state` | sessions, users, pools and their configuration |
//! | `options` | creation options |
//! | `response` | errors, and answers as such |
//! | `across` | what must hold from one call to another |
//! | `ceremony` | the end of registrations, the user's passkeys, and sign-in with them |

mod across;
mod ceremony;
mod edit;
mod options;
mod request;
mod resign;
mod response;
mod state;
mod token;

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use axum::body::Bytes;
use http::{Request, Response};
use serde_json::Value;

use super::Service;
use super::passkey::Check;

/// One realistic small deviation of an implementation.
pub struct Fault {
    /// Its name: the area, a dot, and words in kebab-case, which may be dotted further.
    pub name: &'static str,
    /// What the deviation is, in a sentence.
    pub description: &'static str,
    /// Globs on the ids of the cases that are there to catch it.
    pub killed_by: &'static [&'static str],
    /// Whether nothing but a MAY, or a SHOULD that is inferred, is against it: the suite can then only note it.
    pub is_noted: bool,
    deviation: Deviation,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Fault {
    /// Every fault, by area.
    pub fn all() -> impl Iterator<Item = &'static Fault> {
        let around = [request::FAULTS, token::FAULTS, state::FAULTS, options::FAULTS, response::FAULTS, across::FAULTS];
        let ceremony = [ceremony::complete::FAULTS, ceremony::credentials::FAULTS, ceremony::sign_in::FAULTS];
        around.into_iter().chain(ceremony).flatten()
    }

    /// The fault of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Fault> {
        Fault::all().find(|fault| fault.name == name)
    }

    const fn new(
        name: &'static str,
        description: &'static str,
        killed_by: &'static [&'static str],
        deviation: Deviation,
    ) -> Self {
        Fault { name, description, killed_by, is_noted: false, deviation }
    }

    /// The same, where rules leave the suite no louder word than a note.
    const fn noted(self) -> Self {
        Fault { is_noted: true, ..self }
    }
}

/// How a fault departs from the service.
enum Deviation {
    /// The request is changed before it is served.
    Request(fn(&Service, &mut Request<Bytes>)),
    /// The options that a served call of the operation answers with are changed.
    Options(fn(&mut Value, &Memory)),
    /// The answer to a call of the operation is changed.
    Answer(fn(&Request<Bytes>, &mut Response<Bytes>)),
    /// The request is served in another way.
    Around(fn(&Service, &Memory, &Request<Bytes>) -> Response<Bytes>),
    /// One step of the service is left out or done in another way.
    Step(Step),
}

/// A step inside the service that a fault can take hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Passkeys need not be enabled.
    PasskeysEnabled,
    /// Where a pool has no relying party id, there is one all the same.
    RelyingPartyMissing,
    /// A check of registrations is passed.
    Registration(Check),
    /// A check of sign-ins with a passkey is passed.
    Assertion(Check),
}

/// A fault that is switched on.
pub(super) struct Active {
    fault: &'static Fault,
    memory: Memory,
}

impl Active {
    pub(super) fn new(fault: &'static Fault) -> Self {
        Active { fault, memory: Memory::default() }
    }

    /// Whether the fault takes hold of that step.
    pub(super) fn is_at(&self, step: Step) -> bool {
        matches!(self.fault.deviation, Deviation::Step(at) if at == step)
    }

    /// Answers a request as a service with this fault would.
    pub(super) fn answer(&self, service: &Service, request: &Request<Bytes>) -> Response<Bytes> {
        match &self.fault.deviation {
            Deviation::Request(change) => {
                let mut request = request.clone();
                change(service, &mut request);
                service.serve(&request)
            }
            Deviation::Options(change) => {
                let mut response = service.serve(request);
                if edit::is_start(request) {
                    edit::options(&mut response, |options| change(options, &self.memory));
                }
                response
            }
            Deviation::Answer(change) => {
                let mut response = service.serve(request);
                if edit::is_start(request) {
                    change(request, &mut response);
                }
                response
            }
            Deviation::Around(answer) => answer(service, &self.memory, request),
            Deviation::Step(_) => service.serve(request),
        }
    }
}

/// What a fault remembers from call to call.
#[derive(Default)]
struct Memory(Mutex<HashMap<String, Value>>);

impl Memory {
    /// What is kept under that key; what `first` gives is kept where there is nothing yet.
    fn first(&self, key: &str, first: impl FnOnce() -> Value) -> Value {
        let Ok(mut values) = self.0.lock() else { return Value::Null };
        values.entry(key.to_owned()).or_insert_with(first).clone()
    }

    /// Keeps a value, and gives the one before it.
    fn swap(&self, key: &str, value: Value) -> Option<Value> {
        self.0.lock().ok()?.insert(key.to_owned(), value)
    }

    /// Counts the calls: 0 at first.
    fn count(&self) -> u64 {
        let Ok(mut values) = self.0.lock() else { return 0 };
        let count = values.get("count").and_then(Value::as_u64).unwrap_or_default();
        values.insert("count".to_owned(), (count + 1).into());
        count
    }

    /// What is kept under that key.
    fn get(&self, key: &str) -> Option<Value> {
        self.0.lock().ok()?.get(key).cloned()
    }

    fn has(&self, key: &str) -> bool {
        self.0.lock().is_ok_and(|values| values.contains_key(key))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_say_their_area() {
        let mut seen = HashSet::new();
        for fault in Fault::all() {
            assert!(seen.insert(fault.name), "{} comes twice", fault.name);
            let area = fault.name.split('.').next().unwrap();
            assert!(
                ["request", "token", "state", "options", "response", "across", "ceremony"].contains(&area),
                "{}",
                fault.name
            );
            let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
            assert!(fault.name.contains('.') && fault.name.chars().all(is_kebab), "{}", fault.name);
            assert!(fault.description.ends_with('.'), "{}: its description is no sentence", fault.name);
            assert!(Fault::find(fault.name).is_some_and(|found| std::ptr::eq(found, fault)));
        }
        assert!(seen.len() >= 80, "{} faults", seen.len());
    }
}
