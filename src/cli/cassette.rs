//! `--cassette` and `--replay` of `cogspec run`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::io::tell;
use super::{Failure, read_input};
use crate::artefact::{Guard, can_be_written};
use crate::cassette::{self, Cassette, CassetteError};
use crate::run::{Event, RunToken, case_set_digest};
use crate::suite::Case;
use crate::tape::Tape;
use crate::target::Fixtures;

/// How many ids one notice has.
const SHOWN: usize = 5;

/// A cassette that is being recorded.
pub(super) struct Recording {
    path: PathBuf,
    tape: Tape,
    verdicts: BTreeMap<String, String>,
}

impl Recording {
    /// A recording into that file. That it cannot be written is told before the run.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        can_be_written(path)?;
        Ok(Recording { path: path.to_owned(), tape: Tape::recording(cassette::asks), verdicts: BTreeMap::new() })
    }

    pub(super) fn tape(&self) -> Tape {
        self.tape.clone()
    }

    /// Takes the verdict of a case.
    pub(super) fn event(&mut self, event: &Event) {
        if let Event::CaseFinished(outcome) = event {
            self.verdicts.insert(outcome.id.clone(), outcome.found().to_string());
        }
    }

    /// Writes the file, whole or not at all.
    pub(super) fn end(self, fixtures: &Fixtures, token: &RunToken, all: &[Case], guard: &Guard) -> io::Result<()> {
        let case_set = case_set_digest(&recorded(all, &self.verdicts));
        let written = cassette::write(fixtures, &token.to_string(), &case_set, &self.verdicts)?;
        guard.write_file(&self.path, &written.bytes)?;
        if written.left_out > 0 {
            tell(&format!(
                "warning: {} answers are not on the cassette, because a secret stood in them in another form; a replay skips \
                 their cases",
                written.left_out
            ));
        }
        Ok(())
    }
}

/// The cassette in that file, of cases that are still the same.
pub(super) fn read(path: &Path, all: &[Case]) -> Result<Cassette, Failure> {
    let usage = |e: CassetteError| Failure::usage(format!("cannot replay {}: {e}", path.display()));
    let cassette = Cassette::read(&read_input(path)?).map_err(usage)?;
    let recorded = recorded(all, cassette.verdicts());
    cassette.fits(recorded.len(), &case_set_digest(&recorded)).map_err(usage)?;
    Ok(cassette)
}

/// The cases that are on a cassette.
fn recorded(all: &[Case], verdicts: &BTreeMap<String, String>) -> Vec<Case> {
    all.iter().filter(|case| verdicts.contains_key(&case.id)).cloned().collect()
}

/// Holds the verdicts of a replay against those of the recorded run.
pub(super) struct Comparison {
    recorded: BTreeMap<String, String>,
    differ: Vec<String>,
}

impl Comparison {
    pub(super) fn new(cassette: &Cassette) -> Self {
        Comparison { recorded: cassette.verdicts().clone(), differ: Vec::new() }
    }

    pub(super) fn event(&mut self, event: &Event) {
        let Event::CaseFinished(outcome) = event else { return };
        let now = outcome.found().to_string();
        if let Some(then) = self.recorded.get(&outcome.id).filter(|then| **then != now) {
            self.differ.push(format!("{} ({then} then, {now} now)", outcome.id));
        }
    }

    /// What a person should know of it, once the last case has ended.
    pub(super) fn notice(&mut self) -> Option<Event> {
        self.differ.sort_unstable();
        let more = match self.differ.len() {
            0 => return None,
            n if n > SHOWN => format!(" and {} more", n - SHOWN),
            _ => String::new(),
        };
        let shown = self.differ[..self.differ.len().min(SHOWN)].join(", ");
        Some(Event::Notice { text: format!("judged otherwise than in the recorded run: {shown}{more}") })
    }
}
