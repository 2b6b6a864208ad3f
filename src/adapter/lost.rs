//! Adapters that are of no use any more.

use std::time::Duration;

/// Why an adapter gave no answer. It is stopped then, with all that it has started; another one can be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// It ended without an answer, or at its end with another exit code than 0.
    #[error("the adapter ended with exit code {code}; the end of its log:\n{tail}")]
    Ended {
        /// Its exit code; 128 and the signal's number where a signal ended it; 127 where it could not be started.
        code: u8,
        /// The last lines of its log, each indented.
        tail: String,
    },
    /// It gave no answer in time.
    #[error("the adapter gave no answer within {} s, and was stopped; the end of its log:\n{tail}", within.as_secs_f64())]
    Silent {
        /// The time that it had.
        within: Duration,
        /// The last lines of its log, each indented.
        tail: String,
    },
    /// It has closed its standard output, and goes on.
    #[error("the adapter closed its standard output without an answer, and was stopped; the end of its log:\n{tail}")]
    Closed {
        /// The last lines of its log, each indented.
        tail: String,
    },
    /// It wrote what is no answer.
    #[error("the adapter wrote what is no answer: {why}: {line}")]
    Garbage {
        /// What is wrong with it.
        why: String,
        /// The line's beginning, printable and without tokens.
        line: String,
    },
    /// It fills the disk.
    #[error("the adapter wrote more than {} MiB to its standard error, and was stopped; the end of it:\n{tail}", limit >> 20)]
    Floods {
        /// The most bytes that it may write there.
        limit: u64,
        /// The last lines of its log, each indented.
        tail: String,
    },
    /// It answered another scenario than it was asked.
    #[error("the adapter was asked {asked}, and answered {answered}")]
    Other {
        /// The scenario that was asked.
        asked: String,
        /// The one that it answered, printable.
        answered: String,
    },
    /// It goes on after the end of its input.
    #[error(
        "the adapter did not end within {} s after the end of its input, and was stopped; the end of its log:\n{tail}",
        within.as_secs_f64()
    )]
    Stays {
        /// The time that it had.
        within: Duration,
        /// The last lines of its log, each indented.
        tail: String,
    },
}
