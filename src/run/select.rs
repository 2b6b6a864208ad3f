//! Choosing cases, or what else has an id and rules: `--filter` and `--shard`.

use crate::cognito::Rule;
use crate::suite::{Case, Check};

/// What can be chosen: a case, or a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The rules that it proves.
    pub rules: &'a [&'static Rule],
    /// Whether it belongs to each part, as audits do: they judge the exchanges of the part that they run with.
    pub is_of_all_parts: bool,
}

impl<'a> From<&'a Case> for Subject<'a> {
    fn from(case: &'a Case) -> Self {
        Subject {
            id: &case.id,
            title: &case.title,
            rules: &case.rules,
            is_of_all_parts: matches!(case.check, Check::Audit(_)),
        }
    }
}

/// One filter: a glob on case ids, `level:MUST`, or `rule:` with a glob on rule ids. A leading `!` turns it round.
#[derive(Clone, Debug)]
pub struct Filter {
    excludes: bool,
    what: What,
}

/// One of several parts of the suite, `I/N`: every machine that runs one of them splits the suite in the same way.
///
/// A case belongs to a part by its id alone, so that a new case moves no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    count: u64,
}

/// A text that names no part.
#[derive(Debug, thiserror::Error)]
#[error("not a part of the suite; give it as I/N, the second of three being 2/3")]
pub struct ShardError;

impl std::str::FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (index, count) = text.split_once('/').ok_or(ShardError)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| ShardError);
        let (index, count) = (number(index)?, number(count)?);
        if (1..=count).contains(&index) { Ok(Shard { index, count }) } else { Err(ShardError) }
    }
}

impl Shard {
    /// Whether the case belongs to this part.
    #[must_use]
    pub fn holds<'a>(self, subject: impl Into<Subject<'a>>) -> bool {
        let subject = subject.into();
        subject.is_of_all_parts || fnv1a(subject.id) % self.count == self.index - 1
    }
}

/// The 64-bit FNV-1a hash: the same on every machine and in every version.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[derive(Clone, Debug)]
enum What {
    Id(glob::Pattern),
    Rule(glob::Pattern),
    Level(String),
}

/// A filter that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{filter}` is not a filter: {why}; use a glob on case ids (`token.*`), `level:MUST` or `rule:token.scope*`")]
pub struct FilterError {
    filter: String,
    why: String,
}

impl std::str::FromStr for Filter {
    type Err = FilterError;

    fn from_str(filter: &str) -> Result<Self, FilterError> {
        let wrong = |why: String| FilterError { filter: filter.to_owned(), why };
        let (excludes, text) = filter.strip_prefix('!').map_or((false, filter), |rest| (true, rest));
        let pattern = |text: &str| glob::Pattern::new(text).map_err(|e| wrong(e.to_string()));
        let what = match text.split_once(':') {
            None if text.is_empty() => return Err(wrong("it is empty".to_owned())),
            None => What::Id(pattern(text)?),
            Some(("rule", rule)) => What::Rule(pattern(rule)?),
            Some(("level", level)) if ["MUST", "SHOULD", "MAY"].contains(&level.to_ascii_uppercase().as_str()) => {
                What::Level(level.to_ascii_uppercase())
            }
            Some(("level", _)) => return Err(wrong("a level is MUST, SHOULD or MAY".to_owned())),
            Some((key, _)) => return Err(wrong(format!("there is no key `{key}`"))),
        };
        Ok(Filter { excludes, what })
    }
}

impl Filter {
    /// Whether the filters together choose the case: any of the plain ones (where there are any), and none of the excluding
    /// ones.
    #[must_use]
    pub fn choose<'a>(filters: &[Filter], subject: impl Into<Subject<'a>>) -> bool {
        let subject = subject.into();
        let (excluding, including): (Vec<_>, Vec<_>) = filters.iter().partition(|filter| filter.excludes);
        (including.is_empty() || including.iter().any(|filter| filter.what.matches(subject)))
            && !excluding.iter().any(|filter| filter.what.matches(subject))
    }
}

impl What {
    fn matches(&self, subject: Subject<'_>) -> bool {
        match self {
            What::Id(pattern) => pattern.matches(subject.id),
            What::Rule(pattern) => subject.rules.iter().any(|rule| pattern.matches(rule.id)),
            What::Level(level) => subject.rules.iter().any(|rule| rule.level.to_string() == *level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_make_up_the_suite() {
        let all = crate::suite::all();
        let parts: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|part| part.parse().unwrap()).to_vec();
        for case in &all {
            let holders = parts.iter().filter(|part| part.holds(case)).count();
            let wanted = if matches!(case.check, Check::Audit(_)) { 3 } else { 1 };
            assert_eq!(holders, wanted, "{}", case.id);
        }
        let sizes = parts.iter().map(|part| all.iter().filter(|case| part.holds(*case)).count());
        assert!(sizes.clone().min() > Some(all.len() / 4), "{:?}", sizes.collect::<Vec<_>>());
    }

    #[test]
    fn a_part_is_named_by_two_numbers() {
        for wrong in ["", "1", "0/3", "4/3", "1/0", "a/b", "1/3/5", "-1/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
