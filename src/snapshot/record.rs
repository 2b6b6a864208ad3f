//! Writing what was observed: as pending snapshots for `cargo insta review`, or at once.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::file::Snapshot;
use super::profile::{self, Profile, ProfileError};
use crate::artefact::{Guard, make_folder};

/// What recording did with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The snapshot says the same: nothing was written, and a pending one was removed.
    Same,
    /// The snapshot says otherwise.
    Changed,
    /// There was no snapshot.
    New,
}

/// Records a profile.
#[derive(Debug)]
pub struct Recorder {
    profile: Profile,
    folder: PathBuf,
    accept: bool,
    info: Vec<(String, String)>,
    guard: Guard,
}

impl Recorder {
    /// Records into the profile of that name, a folder as given or `snapshots/NAME` below the current folder, which need
    /// not be there yet.
    ///
    /// Snapshots are pending (`CASE.snap.new`), or with `accept` written as `CASE.snap`. `info` goes into the header of each:
    /// `evidence`, `source`, or whatever is to be told of the recording. The guard looks through each.
    ///
    /// # Errors
    /// When the profile's files cannot be read.
    pub fn new(name: &str, accept: bool, info: Vec<(String, String)>, guard: &Guard) -> Result<Self, ProfileError> {
        let folder = profile::folder(name);
        Ok(Recorder { profile: Profile::read(name, &folder)?, folder, accept, info, guard: guard.clone() })
    }

    /// Where the files are.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// The profile as it was before.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Records one case.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn record(&self, case: &str, title: &str, observation: &str) -> io::Result<Change> {
        let path = self.folder.join(format!("{case}.snap"));
        let pending = self.folder.join(format!("{case}.snap.new"));
        let change = match (self.profile.has(case), self.profile.compare(case, observation)) {
            (false, _) => Change::New,
            (true, Some(_)) => Change::Changed,
            (true, None) => Change::Same,
        };
        // What is left of an earlier recording would be reviewed in vain.
        if (change == Change::Same || self.accept) && pending.exists() {
            fs::remove_file(&pending)?;
        }
        if change != Change::Same {
            let snapshot = Snapshot {
                description: Some(title.to_owned()),
                info: self.info.clone(),
                contents: observation.trim_end().to_owned(),
            };
            make_folder(&self.folder)?;
            self.guard.write_file(if self.accept { &path } else { &pending }, snapshot.text().as_bytes())?;
        }
        Ok(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_accepted_same() {
        let folder = std::env::temp_dir().join(format!("cogspec-record-{}", std::process::id()));
        let name = folder.to_str().unwrap();
        let recorder = |accept| Recorder::new(name, accept, Vec::new(), &Guard::default()).unwrap();
        let file = |end: &str| fs::read_to_string(folder.join(format!("a.b{end}"))).ok();

        assert_eq!(recorder(false).record("a.b", "shows a", "status: 200").unwrap(), Change::New);
        assert_eq!(file(".snap"), None);
        assert_eq!(
            file(".snap.new").as_deref(),
            Some("---\nsource: src/suite\ndescription: \"shows a\"\n---\nstatus: 200\n")
        );
        assert_eq!(recorder(true).record("a.b", "shows a", "status: 200").unwrap(), Change::New);
        assert!(file(".snap").is_some() && file(".snap.new").is_none());
        assert_eq!(recorder(false).record("a.b", "shows a", "status: 400").unwrap(), Change::Changed);
        assert!(file(".snap").unwrap().contains("200") && file(".snap.new").unwrap().contains("400"));
        assert_eq!(recorder(false).record("a.b", "shows a", "status: 200").unwrap(), Change::Same);
        assert_eq!(file(".snap.new"), None);
        fs::remove_dir_all(&folder).unwrap();
    }
}
