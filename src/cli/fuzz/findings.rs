//! The files of findings.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::artefact::{Guard, Leak, make_folder};
use crate::cli::io::tell;
use crate::fuzz::{Found, Repeats};
use crate::generate::call::Input;

/// Writes each finding to a folder, which is made with the first.
pub(in crate::cli) struct Findings {
    folder: PathBuf,
    guard: Guard,
    has_failed: bool,
}

impl Findings {
    pub(in crate::cli) fn new(folder: &Path, guard: &Guard) -> Findings {
        Findings { folder: folder.to_owned(), guard: guard.clone(), has_failed: false }
    }

    /// Writes the input and its story; where the input is.
    pub(super) fn write(&mut self, found: &Found) -> Option<PathBuf> {
        let path = self.put(&name(&found.name, found.repeats), &found.input.to_file())?;
        let story = format!("{:#}\n", json!(found));
        self.put(&(name(&found.name, found.repeats) + ".json"), story.as_bytes())?;
        Some(path)
    }

    /// Writes the calls that were under way when the target went away.
    pub(super) fn write_suspects(&mut self, suspects: &[Input]) {
        for input in suspects {
            if let Some(path) = self.put(&format!("suspect-{}", input.digest()), &input.to_file()) {
                tell(&format!("notice: under way when the target went away: {}", path.display()));
            }
        }
    }

    /// Writes a file of that name; where it is. A folder that cannot be written is told once, and does not end the run.
    pub(in crate::cli) fn put(&mut self, name: &str, bytes: &[u8]) -> Option<PathBuf> {
        let path = self.folder.join(name);
        let written = make_folder(&self.folder).and_then(|()| self.guard.write_file(&path, bytes));
        self.unless_failed(written).then_some(path)
    }

    fn unless_failed(&mut self, written: std::io::Result<()>) -> bool {
        match written {
            Ok(()) => true,
            Err(e) => {
                // A leak is told at the end.
                if !self.has_failed && !Leak::is_cause_of(&e) {
                    tell(&format!("warning: findings are not kept: {e}"));
                    self.has_failed = true;
                }
                false
            }
        }
    }
}

/// The name of the file of a finding.
pub(in crate::cli) fn name(found: &str, repeats: Repeats) -> String {
    let prefix = if repeats == Repeats::Flaky { "flaky-" } else { "" };
    format!("{prefix}{found}")
}
