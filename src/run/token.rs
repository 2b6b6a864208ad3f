//! The run's token: one word that repeats a run.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use rand::RngExt;

use super::select::Subject;
use crate::generate::call::Input;

/// What a run needs to be repeated: the seed and, to tell whether it is still the same run, the digests of what it was made from
/// and its clock. `cogspec1.SEED.CASES.CORPUS.CLOCK`, or the bare seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunToken {
    /// The seed of every random choice.
    pub seed: u64,
    /// The digest of the set of cases; `None` in a bare seed.
    case_set: Option<String>,
    /// The digest of the inputs that a fuzzing run begins with.
    corpus: String,
    /// Seconds of the Unix epoch at the start.
    pub clock: u64,
}

/// The first part of every token, with the version of its form.
const VERSION: &str = "cogspec1";

/// The digest where there is nothing: no cases in a fuzzing run, no inputs in another.
const NOTHING: &str = "0";

/// A text that is neither a seed nor a run's token.
#[derive(Debug, thiserror::Error)]
#[error("neither a seed (a whole number) nor the token that a run prints (cogspec1.…)")]
pub struct RunTokenError;

impl RunToken {
    /// The token of a run that starts now: with the given one's seed, or a new one.
    #[must_use]
    pub fn new(given: Option<&RunToken>, case_set: &str) -> Self {
        let seed = given.map_or_else(|| rand::rng().random(), |token| token.seed);
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        RunToken { seed, case_set: Some(case_set.to_owned()), corpus: NOTHING.to_owned(), clock }
    }

    /// The token of a fuzzing run that starts now from these inputs: with the given one's seed, or a new one.
    #[must_use]
    pub fn of_inputs(given: Option<&RunToken>, inputs: &[Input]) -> Self {
        let digest = digest(inputs.iter().map(|input| input.0.as_slice()));
        RunToken { corpus: digest, ..RunToken::new(given, NOTHING) }
    }

    /// The corpus that this token was made with, where it is another one than the other's.
    #[must_use]
    pub fn other_corpus(&self, other: &RunToken) -> Option<&str> {
        (self.case_set.is_some() && self.corpus != other.corpus).then_some(self.corpus.as_str())
    }

    /// The digest of the set of cases; empty in a bare seed.
    #[must_use]
    pub fn case_set(&self) -> &str {
        self.case_set.as_deref().unwrap_or_default()
    }

    /// The case set that this token was made with, where it is another one.
    #[must_use]
    pub fn other_case_set(&self, case_set: &str) -> Option<&str> {
        self.case_set.as_deref().filter(|other| *other != case_set)
    }
}

impl fmt::Display for RunToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let case_set = self.case_set.as_deref().unwrap_or(NOTHING);
        write!(f, "{VERSION}.{:x}.{case_set}.{}.{}", self.seed, self.corpus, self.clock)
    }
}

impl FromStr for RunToken {
    type Err = RunTokenError;

    fn from_str(text: &str) -> Result<Self, RunTokenError> {
        if let Ok(seed) = text.parse() {
            return Ok(RunToken { seed, case_set: None, corpus: NOTHING.to_owned(), clock: 0 });
        }
        let parts: Vec<&str> = text.split('.').collect();
        let [VERSION, seed, case_set, corpus, clock] = parts[..] else { return Err(RunTokenError) };
        Ok(RunToken {
            seed: u64::from_str_radix(seed, 16).map_err(|_| RunTokenError)?,
            case_set: Some(case_set.to_owned()),
            corpus: corpus.to_owned(),
            clock: clock.parse().map_err(|_| RunTokenError)?,
        })
    }
}

/// A digest of the cases, or of the scenarios: it changes with every id, title and rule.
#[must_use]
pub fn case_set_digest<'a>(subjects: impl IntoIterator<Item = impl Into<Subject<'a>>>) -> String {
    let parts =
        |subject: Subject<'a>| [subject.id, subject.title].into_iter().chain(subject.rules.iter().map(|rule| rule.id));
    digest(subjects.into_iter().flat_map(|subject| parts(subject.into())))
}

fn digest(parts: impl Iterator<Item = impl AsRef<[u8]>>) -> String {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    for part in parts {
        digest.update(part.as_ref());
        digest.update(b"\0");
    }
    HEXLOWER.encode(&digest.finish().as_ref()[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back() {
        let token = RunToken::new(None, "0123456789ab");
        assert_eq!(token.to_string().parse::<RunToken>().unwrap(), token);
        assert_eq!("42".parse::<RunToken>().unwrap().seed, 42);
        for wrong in ["", "x", "cogspec1.1.2.3", "cogspec2.1.2.3.4", "-1"] {
            assert!(wrong.parse::<RunToken>().is_err(), "{wrong}");
        }
    }
}
