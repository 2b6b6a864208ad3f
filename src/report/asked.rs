//! What is asked for as `FORMAT=PATH`.

use std::collections::HashSet;
use std::fmt;
use std::fs::canonicalize;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The formats in which one kind of thing is written.
pub trait Format: Copy + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// The word for it.
    fn name(self) -> &'static str;
}

/// A format, and where it is to be written; `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<F> {
    /// The format.
    pub format: F,
    /// The file.
    pub path: PathBuf,
}

/// A report that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{given}` is not a report: {why}; give it as FORMAT=PATH (`json=FILE`; `-` is standard output), FORMAT being one of {formats}"
)]
pub struct AskedError {
    given: String,
    why: String,
    formats: String,
}

impl<F: Format> FromStr for Asked<F> {
    type Err = AskedError;

    fn from_str(given: &str) -> Result<Self, AskedError> {
        let names: Vec<&str> = F::ALL.iter().map(|format| format.name()).collect();
        let wrong = |why: &str| AskedError { given: given.to_owned(), why: why.to_owned(), formats: names.join(", ") };
        let (name, path) = given.split_once('=').ok_or_else(|| wrong("it has no `=`"))?;
        let format = F::ALL.iter().copied().find(|format| format.name() == name);
        let format = format.ok_or_else(|| wrong(&format!("there is no format `{name}`")))?;
        if path.is_empty() {
            return Err(wrong("the path is empty"));
        }
        Ok(Asked { format, path: path.into() })
    }
}

impl<F: Format> fmt::Display for Asked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.format.name(), self.path.display())
    }
}

impl<F> Asked<F> {
    /// Whether it is written to standard output.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Where it is written, with links resolved.
    fn destination(&self) -> PathBuf {
        canonicalize(&self.path).unwrap_or_else(|_| {
            // The file need not be there yet.
            let folder = match self.path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let name = self.path.file_name().unwrap_or_default();
            canonicalize(folder).map_or_else(|_| self.path.clone(), |folder| folder.join(name))
        })
    }

    /// The first that is to be written where another one is.
    pub fn twice<'a>(asked: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        let mut taken = HashSet::new();
        asked.into_iter().find(|asked| !taken.insert(asked.destination()))
    }
}
