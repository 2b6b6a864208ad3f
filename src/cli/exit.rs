//! The exit codes, and the failure that ends a command early.

use std::process::{ExitCode, Termination};

use crate::run::Ending;

/// Every exit code of `cogspec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything that was judged held.
    Held = 0,
    /// A MUST was broken, or what `--fail-on` names.
    Failed = 1,
    /// The command line, a file or a configuration was wrong.
    Usage = 2,
    /// The target could not be reached, or too much was inconclusive.
    Inconclusive = 3,
    /// Nothing ran.
    NothingRan = 4,
    /// Expectations are stale: the baseline lists what is fixed, or something else under `--strict`.
    Stale = 5,
    /// A bug in cogspec.
    Bug = 70,
}

impl Exit {
    /// What it means, in words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Held => "everything that was judged held",
            Exit::Failed => "a MUST was broken, or what --fail-on names",
            Exit::Usage => "the command line, a file or a configuration was wrong",
            Exit::Inconclusive => "the target could not be reached, or too much was inconclusive",
            Exit::NothingRan => "nothing ran",
            Exit::Stale => "expectations are stale: the baseline lists what is fixed, or something else under --strict",
            Exit::Bug => "a bug in cogspec",
        }
    }
}

impl From<Ending> for Exit {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Held => Exit::Held,
            Ending::Failed => Exit::Failed,
            Ending::Inconclusive => Exit::Inconclusive,
            Ending::NothingRan => Exit::NothingRan,
            Ending::Stale => Exit::Stale,
            Ending::Bug => Exit::Bug,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Why a command ends early: the exit code, and a message that says what to do next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong and what to do next, without a final period or a leading `error:`.
    pub message: String,
}

impl Failure {
    /// The command line, a file or a configuration was wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Usage, message: message.into() }
    }

    /// The target could not be reached.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Inconclusive, message: message.into() }
    }
}
