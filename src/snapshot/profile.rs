//! A profile: the expected observations of one implementation, one file for each case.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use super::block::blocks;
use super::compare::{self, Departure, DriftReport};
use super::file::Snapshot;
use crate::cognito::Evidence;

/// The profile that states what is known of live Cognito, and so may leave out what is not.
const COGNITO: &str = "cognito";

/// The folder of profiles, below the current one.
const FOLDER: &str = "snapshots";

/// The profiles in the binary: name, then case and file text.
const EMBEDDED: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// There is none of that name.
    #[error("there is no profile `{name}`; {known}, or a folder; `cogspec record {name}` makes one")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names that there are, in words.
        known: String,
    },
    /// A file of it cannot be read.
    #[error("cannot read {}: {why}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// It states what live Cognito answers, and something else was to be recorded into it.
    #[error(
        "the profile `{COGNITO}` states what live Amazon Cognito answers, so that only a recording of live Cognito goes into it \
         (`cogspec record {COGNITO} --live`); record another server under a name of its own"
    )]
    OnlyLive,
}

/// The expected observations of one implementation.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    snapshots: BTreeMap<String, Snapshot>,
}

/// What a profile expects of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    /// How far it can be trusted; `None` for a plain recording.
    pub evidence: Option<Evidence>,
    /// Where it is from.
    pub source: Option<&'a str>,
    /// The day of the recording, `YYYY-MM-DD`.
    pub date: Option<&'a str>,
    /// The exchanges, each as keys (`status`, `class`, `message`, …) with their values.
    pub exchanges: Vec<Vec<(&'a str, String)>>,
    /// The same as it is written.
    pub text: &'a str,
}

impl Profile {
    /// The profile of that name: a folder as given, else `snapshots/NAME` below the current folder, else one of those that
    /// come with cogspec (`cognito`, `emulator`).
    ///
    /// # Errors
    /// When there is none, or a file of it cannot be read.
    pub fn find(name: &str) -> Result<Profile, ProfileError> {
        let folder = folder(name);
        if folder.is_dir() {
            return Profile::read(name, &folder);
        }
        Profile::embedded(name)
    }

    /// The profile of that name among those that come with cogspec, whatever the current folder holds.
    ///
    /// # Errors
    /// When there is none.
    pub fn embedded(name: &str) -> Result<Profile, ProfileError> {
        let embedded = EMBEDDED.iter().find(|(profile, _)| *profile == name);
        let (_, files) = embedded.ok_or_else(|| {
            let names: Vec<_> = EMBEDDED.iter().map(|(name, _)| *name).collect();
            let known = match names.as_slice() {
                [] => "give the path of a folder".to_owned(),
                names => format!("choose {}", names.join(" or ")),
            };
            ProfileError::Unknown { name: name.to_owned(), known }
        })?;
        let snapshots = files
            .iter()
            .map(|(case, text)| {
                let snapshot = Snapshot::parse(text).map_err(|why| ProfileError::Unreadable {
                    path: Path::new(FOLDER).join(name).join(format!("{case}.snap")),
                    why,
                })?;
                Ok(((*case).to_owned(), snapshot))
            })
            .collect::<Result<_, _>>()?;
        Ok(Profile { name: profile_name(name), snapshots })
    }

    /// The profile in that folder; an empty one where there is no folder.
    pub(super) fn read(name: &str, folder: &Path) -> Result<Profile, ProfileError> {
        let unreadable = |path: &Path, why: &dyn std::fmt::Display| ProfileError::Unreadable {
            path: path.to_owned(),
            why: why.to_string(),
        };
        let mut snapshots = BTreeMap::new();
        let entries = match std::fs::read_dir(folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            read => Some(read.map_err(|e| unreadable(folder, &e))?),
        };
        for entry in entries.into_iter().flatten() {
            let path = entry.map_err(|e| unreadable(folder, &e))?.path();
            let Some(case) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".snap")) else { continue };
            let text = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, &e))?;
            snapshots.insert(case.to_owned(), Snapshot::parse(&text).map_err(|why| unreadable(&path, &why))?);
        }
        Ok(Profile { name: profile_name(name), snapshots })
    }

    /// Its name, for reports.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Holds a case's observation against the expected one; `None` where they agree or nothing is expected.
    ///
    /// In the profile `cognito` only what the expectation lists is judged, and `<unknown>` stands for any value. In others
    /// every line counts.
    #[must_use]
    pub fn compare(&self, case: &str, observation: &str) -> Option<DriftReport> {
        let snapshot = self.snapshots.get(case)?;
        let compare = if self.is_partial() { compare::known } else { compare::exactly };
        let diff = compare(&snapshot.contents, observation)?;
        Some(DriftReport { profile: self.name.clone(), evidence: snapshot.evidence(), diff })
    }

    /// What is expected of a case, for those who read it elsewhere.
    #[must_use]
    pub fn expected(&self, case: &str) -> Option<Expected<'_>> {
        let snapshot = self.snapshots.get(case)?;
        let text = snapshot.contents.as_str();
        let exchanges = blocks(text).into_iter().map(|block| block.keys).collect();
        let (evidence, source, date) = (snapshot.evidence(), snapshot.info("source"), snapshot.info("date"));
        Some(Expected { evidence, source, date, exchanges, text })
    }

    /// What of a case's observation is not as expected, key by key, as far as something is expected: a key or member that the
    /// expectation does not list is not judged, in whatever profile.
    #[must_use]
    pub fn departures(&self, case: &str, observation: &str) -> Vec<Departure> {
        let snapshot = self.snapshots.get(case);
        snapshot.map_or_else(Vec::new, |snapshot| compare::departures(&snapshot.contents, observation))
    }

    /// Whether a case should have a snapshot and has none. A profile that holds only what is known lacks none.
    #[must_use]
    pub fn lacks(&self, case: &str) -> bool {
        !self.is_partial() && !self.snapshots.contains_key(case)
    }

    /// The snapshots that no case has, given the ids of all cases.
    pub fn without_case(&self, cases: &HashSet<&str>) -> Vec<&str> {
        self.snapshots.keys().map(String::as_str).filter(|case| !cases.contains(case)).collect()
    }

    /// The names of the profiles that are at hand: those that come with cogspec, and the folders below `snapshots`.
    #[must_use]
    pub fn names() -> Vec<String> {
        let folders = std::fs::read_dir(FOLDER).into_iter().flatten().flatten();
        let folders =
            folders.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = EMBEDDED.iter().map(|(name, _)| (*name).to_owned()).chain(folders).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The snapshots by their cases.
    pub(super) fn snapshots(&self) -> &BTreeMap<String, Snapshot> {
        &self.snapshots
    }

    /// Whether it holds only what is known of live Cognito.
    pub(super) fn is_partial(&self) -> bool {
        self.name == COGNITO
    }
}

/// Where a profile of that name is: the folder as given, where it is one or is given as a path, else below `snapshots`.
pub(super) fn folder(name: &str) -> PathBuf {
    let path = Path::new(name);
    if path.is_dir() || path.components().count() > 1 || path.is_absolute() {
        path.to_owned()
    } else {
        Path::new(FOLDER).join(name)
    }
}

/// The folder's last part.
fn profile_name(name: &str) -> String {
    Path::new(name).file_name().map_or_else(|| name.to_owned(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_profiles_can_be_read() {
        for (name, files) in EMBEDDED {
            for (case, text) in *files {
                assert!(Snapshot::parse(text).is_ok(), "{name}/{case}");
            }
        }
    }

    #[test]
    fn an_unknown_profile_is_told_with_those_that_there_are() {
        let error = Profile::find("no-such-profile").unwrap_err().to_string();
        assert!(error.contains("`no-such-profile`") && error.contains("cogspec record"), "{error}");
    }

    #[test]
    fn what_is_unmatched_is_told() {
        let snapshots = BTreeMap::from([("a.b".to_owned(), Snapshot::default())]);
        let recording = Profile { name: "emulator".to_owned(), snapshots: snapshots.clone() };
        let partial = Profile { name: "cognito".to_owned(), snapshots };
        assert!(recording.lacks("c.d") && !recording.lacks("a.b") && !partial.lacks("c.d"));
        assert_eq!(recording.without_case(&HashSet::from(["c.d"])), ["a.b"]);
    }
}
