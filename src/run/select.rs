//! Choosing cases: `--filter`.

use crate::suite::Case;

/// One filter: a glob on case ids, `level:MUST`, or `rule:` with a glob on rule ids. A leading `!` turns it round.
#[derive(Clone, Debug)]
pub struct Filter {
    excludes: bool,
    what: What,
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
    pub fn choose(filters: &[Filter], case: &Case) -> bool {
        let (excluding, including): (Vec<_>, Vec<_>) = filters.iter().partition(|filter| filter.excludes);
        (including.is_empty() || including.iter().any(|filter| filter.what.matches(case)))
            && !excluding.iter().any(|filter| filter.what.matches(case))
    }
}

impl What {
    fn matches(&self, case: &Case) -> bool {
        match self {
            What::Id(pattern) => pattern.matches(&case.id),
            What::Rule(pattern) => case.rules.iter().any(|rule| pattern.matches(rule.id)),
            What::Level(level) => case.rules.iter().any(|rule| rule.level.to_string() == *level),
        }
    }
}
