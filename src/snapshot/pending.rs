//! Pending snapshots: what a recording says otherwise, until somebody accepts or rejects it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::compare;
use super::file::Snapshot;
use super::profile::{self, Profile, ProfileError};

/// One pending snapshot.
#[derive(Debug)]
pub struct Pending {
    /// The case.
    pub case: String,
    path: PathBuf,
    old: Option<Snapshot>,
    new: Snapshot,
}

/// The pending snapshots of the profile of that name, by their cases.
///
/// # Errors
/// When there is no folder of that name, or a file in it cannot be read.
pub fn pending(name: &str) -> Result<Vec<Pending>, ProfileError> {
    let folder = profile::folder(name);
    let profile = Profile::read(name, &folder)?;
    let unreadable = |path: &Path, why: &dyn std::fmt::Display| ProfileError::Unreadable {
        path: path.to_owned(),
        why: why.to_string(),
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|e| unreadable(&folder, &e))? {
        let path = entry.map_err(|e| unreadable(&folder, &e))?.path();
        let Some(case) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".snap.new")) else { continue };
        let text = fs::read_to_string(&path).map_err(|e| unreadable(&path, &e))?;
        let new = Snapshot::parse(&text).map_err(|why| unreadable(&path, &why))?;
        let old = profile.snapshots().get(case).cloned();
        found.push(Pending { case: case.to_owned(), old, new, path });
    }
    found.sort_by(|a, b| a.case.cmp(&b.case));
    Ok(found)
}

impl Pending {
    /// What the case shows.
    #[must_use]
    pub fn title(&self) -> &str {
        self.new.description.as_deref().unwrap_or_default()
    }

    /// What was known before, and how; `None` where there was no snapshot.
    #[must_use]
    pub fn before(&self) -> Option<String> {
        self.old.as_ref().map(in_short)
    }

    /// What is known now, and how.
    #[must_use]
    pub fn after(&self) -> String {
        in_short(&self.new)
    }

    /// What differs; `None` where only the header does.
    #[must_use]
    pub fn diff(&self) -> Option<String> {
        let old = self.old.as_ref().map_or("", |old| old.contents.as_str());
        compare::exactly(old, &self.new.contents)
    }

    /// Puts it in the place of the snapshot.
    ///
    /// # Errors
    /// When the file cannot be moved.
    pub fn accept(&self) -> io::Result<()> {
        fs::rename(&self.path, self.path.with_extension(""))
    }

    /// Throws it away.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn reject(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// The evidence, with all that the header tells of it.
fn in_short(snapshot: &Snapshot) -> String {
    let told = |key: &str| snapshot.info(key).map(str::to_owned);
    let evidence = snapshot.evidence().map(|evidence| evidence.to_string());
    let requests = told("requests").map(|requests| format!("{requests} requests"));
    let parts = [evidence, told("source"), told("target"), told("region"), told("date"), requests];
    match parts.into_iter().flatten().collect::<Vec<_>>().join(", ") {
        text if text.is_empty() => "a plain recording".to_owned(),
        text => text,
    }
}
