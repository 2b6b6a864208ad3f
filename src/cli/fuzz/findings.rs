//! The files of findings.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::artefact::{Guard, Leak, make_folder};
use crate::cli::io::tell;
use crate::fuzz::{Found, Repeats};
use crate::generate::call::Input;

/// Writes each finding to a folder, which is made with the first.
pub(super) struct Findings {
    folder: PathBuf,
    guard: Guard,
    has_failed: bool,
}

impl Findings {
    pub(super) fn new(folder: &Path, guard: &Guard) -> Findings {
        Findings { folder: folder.to_owned(), guard: guard.clone(), has_failed: false }
    }

    /// Writes the input and its story; where the input is. A folder that cannot be written is told once, and does not end
    /// the run.
    pub(super) fn write(&mut self, found: &Found) -> Option<PathBuf> {
        let prefix = if found.repeats == Repeats::Flaky { "flaky-" } else { "" };
        let path = self.folder.join(format!("{prefix}{}", found.name));
        let story = format!("{:#}\n", json!(found));
        let written = make_folder(&self.folder)
            .and_then(|()| self.guard.write_file(&path, &found.input.to_file()))
            .and_then(|()| self.guard.write_file(&path.with_added_extension("json"), story.as_bytes()));
        self.unless_failed(written).then_some(path)
    }

    /// Writes the calls that were under way when the target went away.
    pub(super) fn write_suspects(&mut self, suspects: &[Input]) {
        for input in suspects {
            let path = self.folder.join(format!("suspect-{}", input.digest()));
            let written = make_folder(&self.folder).and_then(|()| self.guard.write_file(&path, &input.to_file()));
            if self.unless_failed(written) {
                tell(&format!("notice: under way when the target went away: {}", path.display()));
            }
        }
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
