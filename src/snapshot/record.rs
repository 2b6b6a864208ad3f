//! Writing what was observed: as pending snapshots that somebody reviews, or at once.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::compare;
use super::file::Snapshot;
use super::profile::{self, Profile, ProfileError};
use super::provenance::Provenance;
use crate::artefact::{Guard, make_folder};

/// What recording did with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The snapshot says the same: nothing was written, and a pending one was removed.
    Same,
    /// The observation is what was expected, and the recording tells more of it: a later date, another service model, or of
    /// live Cognito what was not known.
    Confirmed,
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
    guard: Guard,
}

impl Recorder {
    /// Records into the profile of that name, a folder as given or `snapshots/NAME` below the current folder, which need
    /// not be there yet. Snapshots are pending (`CASE.snap.new`), or with `accept` written as `CASE.snap`. The guard looks
    /// through each.
    ///
    /// # Errors
    /// When the profile's files cannot be read, or the profile is `cognito` and the target is not live Cognito.
    pub fn open(name: &str, accept: bool, is_live: bool, guard: &Guard) -> Result<Self, ProfileError> {
        let folder = profile::folder(name);
        let profile = Profile::read(name, &folder)?;
        if profile.is_partial() && !is_live {
            return Err(ProfileError::OnlyLive);
        }
        Ok(Recorder { profile, folder, accept, guard: guard.clone() })
    }

    /// Where the files are.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Whether what it writes waits for a review.
    #[must_use]
    pub fn leaves_pending(&self) -> bool {
        !self.accept
    }

    /// Records one case.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn record(&self, provenance: &Provenance, case: &str, title: &str, observation: &str) -> io::Result<Change> {
        let snapshot = Snapshot {
            description: Some(title.to_owned()),
            info: provenance.info(),
            contents: observation.trim_end().to_owned(),
        };
        let change = self.change(case, &snapshot);
        let path = self.folder.join(format!("{case}.snap"));
        let pending = self.folder.join(format!("{case}.snap.new"));
        // What is left of an earlier recording would be reviewed in vain.
        if (change == Change::Same || self.accept) && pending.exists() {
            fs::remove_file(&pending)?;
        }
        if change != Change::Same {
            make_folder(&self.folder)?;
            self.guard.write_file(if self.accept { &path } else { &pending }, snapshot.text().as_bytes())?;
        }
        Ok(change)
    }

    fn change(&self, case: &str, new: &Snapshot) -> Change {
        let Some(old) = self.profile.snapshots().get(case) else { return Change::New };
        if compare::exactly(&old.contents, &new.contents).is_none() && old.info == new.info {
            Change::Same
        } else if self.profile.compare(case, &new.contents).is_none() {
            Change::Confirmed
        } else {
            Change::Changed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::Evidence;
    use crate::snapshot::Live;

    fn provenance(model: &str) -> Provenance {
        Provenance { target: "a server".to_owned(), model: model.to_owned(), live: None }
    }

    fn live(date: &str) -> Provenance {
        let (region, case_set) = ("eu-west-1".to_owned(), "0123456789ab".to_owned());
        Provenance { live: Some(Live { region, date: date.to_owned(), requests: 7, case_set }), ..provenance("m") }
    }

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("cogspec-record-{}", std::process::id())).join(name)
    }

    #[test]
    fn pending_accepted_same() {
        let folder = folder("plain");
        let record = |accept, model, observation| {
            let recorder = Recorder::open(folder.to_str().unwrap(), accept, false, &Guard::default()).unwrap();
            recorder.record(&provenance(model), "a.b", "shows a", observation).unwrap()
        };
        let file = |end: &str| fs::read_to_string(folder.join(format!("a.b{end}"))).ok();

        assert_eq!(record(false, "m", "status: 200"), Change::New);
        assert_eq!(file(".snap"), None);
        assert_eq!(
            file(".snap.new").as_deref(),
            Some(
                "---\nsource: src/suite\ndescription: \"shows a\"\ninfo:\n  target: \"a server\"\n  model: \"m\"\n---\nstatus: 200\n"
            )
        );
        assert_eq!(record(true, "m", "status: 200"), Change::New);
        assert!(file(".snap").is_some() && file(".snap.new").is_none());
        assert_eq!(record(false, "m", "status: 400"), Change::Changed);
        assert!(file(".snap").unwrap().contains("200") && file(".snap.new").unwrap().contains("400"));
        assert_eq!(record(false, "m", "status: 200"), Change::Same);
        assert_eq!(file(".snap.new"), None);
        assert_eq!(record(true, "n", "status: 200"), Change::Confirmed);
        assert!(file(".snap").unwrap().contains("model: \"n\""));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_known_of_cognito_is_recorded_from_live_cognito_only() {
        let folder = folder("cognito");
        let name = folder.to_str().unwrap();
        let refused = Recorder::open(name, true, false, &Guard::default()).unwrap_err();
        assert!(matches!(refused, ProfileError::OnlyLive) && refused.to_string().contains("--live"), "{refused}");

        fs::create_dir_all(&folder).unwrap();
        let documented = "---\ninfo:\n  evidence: documented\n  source: a page\n---\nstatus: 400\nmessage: <unknown>\n";
        fs::write(folder.join("a.b.snap"), documented).unwrap();
        fs::write(folder.join("a.c.snap"), documented).unwrap();
        let record = |date, case, observation| {
            let recorder = Recorder::open(name, true, true, &Guard::default()).unwrap();
            recorder.record(&live(date), case, "shows", observation).unwrap()
        };
        assert_eq!(record("2027-01-15", "a.b", "status: 400\nmessage: No."), Change::Confirmed);
        assert_eq!(record("2027-01-15", "a.c", "status: 200"), Change::Changed);
        assert_eq!(record("2027-01-15", "a.b", "status: 400\nmessage: No."), Change::Same);
        assert_eq!(record("2027-01-16", "a.b", "status: 400\nmessage: No."), Change::Confirmed);
        let text = fs::read_to_string(folder.join("a.b.snap")).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let snapshot = Snapshot::parse(&text).unwrap();
        assert_eq!(snapshot.evidence(), Some(Evidence::Recorded));
        let told = ["date", "region", "requests", "cases", "model"].map(|key| snapshot.info(key));
        assert_eq!(told, [Some("2027-01-16"), Some("eu-west-1"), Some("7"), Some("0123456789ab"), Some("m")]);
        assert_eq!(snapshot.contents, "status: 400\nmessage: No.");
    }
}
