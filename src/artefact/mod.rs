//! The one way out: whatever is written, to a file or a stream, is looked through for the run's secrets before.
//!
//! Redaction comes first, where events are made. This proves it: a secret that is still there is a bug, and what holds it is
//! not written.

mod file;
mod stream;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

pub use file::{WritesEnd, can_be_written, end_writes, make_folder};
pub use stream::Guarded;

use crate::target::{Secrets, Sighting};

/// The most of a pointer that is told, in characters: a server can choose the names in it.
const LONGEST_POINTER: usize = 100;

/// Knows the secrets of a run, and lets nothing out that holds one. Clones are the same guard.
#[derive(Clone, Debug, Default)]
pub struct Guard(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    secrets: Arc<Secrets>,
    leaks: Mutex<Vec<Leak>>,
}

/// An artefact that was not written, for a secret stands in it. It tells the place, and not the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// What was to be written.
    pub artefact: String,
    /// Where in it: a line, and in JSON a pointer.
    pub place: String,
    /// What stands there.
    pub sighting: Sighting,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Leak { artefact, place, sighting } = self;
        write!(f, "{artefact} is not written: {place} holds {sighting}; this is a bug in cogspec, please report it")
    }
}

impl std::error::Error for Leak {}

impl Leak {
    /// Whether that is why something could not be written.
    #[must_use]
    pub fn is_cause_of(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<Leak>())
    }
}

impl Guard {
    /// The secrets, for the run to add to.
    #[must_use]
    pub fn secrets(&self) -> Arc<Secrets> {
        Arc::clone(&self.0.secrets)
    }

    /// Everything that was not written, for a secret stood in it.
    #[must_use]
    pub fn leaks(&self) -> Vec<Leak> {
        self.0.leaks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks through what is to be written.
    ///
    /// # Errors
    /// A [`Leak`], when a secret stands in it in any form.
    pub fn check(&self, artefact: &str, bytes: &[u8]) -> io::Result<()> {
        self.check_from(artefact, bytes, 0)
    }

    /// The same for a part of an artefact behind so many lines.
    fn check_from(&self, artefact: &str, bytes: &[u8], lines: usize) -> io::Result<()> {
        let Some(sighting) = self.0.secrets.sighting(bytes) else { return Ok(()) };
        let leak = Leak { artefact: artefact.to_owned(), place: self.place(bytes, lines), sighting };
        self.0.leaks.lock().unwrap_or_else(PoisonError::into_inner).push(leak.clone());
        Err(io::Error::other(leak))
    }

    /// The first line that holds a secret, and in JSON the pointer to it.
    fn place(&self, bytes: &[u8], before: usize) -> String {
        let holds = |line: &[u8]| self.0.secrets.sighting(line).is_some();
        let line = bytes.split(|byte| *byte == b'\n').position(holds);
        let line = line.map_or_else(|| "more than one line".to_owned(), |line| format!("line {}", before + line + 1));
        let pointer = serde_json::from_slice(bytes).ok().and_then(|document| self.pointer(&document));
        match pointer {
            Some(pointer) => format!("{line}, {}", crate::wire::printable(&pointer, LONGEST_POINTER)),
            None => line,
        }
    }

    /// The pointer to a text that holds a secret; where a name does, to what has a member of that name.
    fn pointer(&self, value: &Value) -> Option<String> {
        let holds = |text: &str| self.0.secrets.sighting(text.as_bytes()).is_some();
        match value {
            Value::String(text) => holds(text).then(String::new),
            Value::Array(elements) => {
                elements.iter().enumerate().find_map(|(at, element)| Some(format!("/{at}{}", self.pointer(element)?)))
            }
            Value::Object(members) if members.keys().any(|name| holds(name)) => Some(String::new()),
            Value::Object(members) => members.iter().find_map(|(name, member)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                Some(format!("/{name}{}", self.pointer(member)?))
            }),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
