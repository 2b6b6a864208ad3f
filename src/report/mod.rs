//! Reports: each format is a consumer of the one stream of events.

mod comparison;
mod fuzz;
mod json;
mod matrix;
mod ndjson;
#[cfg(feature = "cli")]
mod progress;
mod review;
mod schema;
mod terminal;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use comparison::{comparison_markdown, comparison_text};
pub use fuzz::{FuzzReport, write_replayed};
pub use json::Json;
pub use matrix::matrix;
pub use ndjson::Ndjson;
#[cfg(feature = "cli")]
pub use progress::Progress;
pub use review::review;
pub use schema::Schema;
pub use terminal::{Terminal, TerminalOptions};

use crate::artefact::{Guard, Guarded};
use crate::run::Event;

/// Turns events into a report.
pub trait Reporter {
    /// Takes the next event. Everything in it is redacted already.
    ///
    /// # Errors
    /// When the report cannot be written.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Whether it writes events as they come. The others can be told of outcomes at the end.
    fn is_stream(&self) -> bool {
        false
    }
}

/// A machine-readable format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Ndjson,
}

impl Format {
    const ALL: [Format; 2] = [Format::Json, Format::Ndjson];

    fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Ndjson => "ndjson",
        }
    }
}

/// A report that was asked for: `FORMAT=PATH`, where `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSpec {
    format: Format,
    path: PathBuf,
}

/// A report that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{given}` is not a report: {why}; give it as FORMAT=PATH (`json=run.json`, `ndjson=-`), FORMAT being {formats}"
)]
pub struct ReportSpecError {
    given: String,
    why: String,
    formats: String,
}

impl FromStr for ReportSpec {
    type Err = ReportSpecError;

    fn from_str(given: &str) -> Result<Self, ReportSpecError> {
        let wrong = |why: &str| ReportSpecError {
            given: given.to_owned(),
            why: why.to_owned(),
            formats: Format::ALL.map(Format::name).join(" or "),
        };
        let (name, path) = given.split_once('=').ok_or_else(|| wrong("it has no `=`"))?;
        let format = Format::ALL.into_iter().find(|format| format.name() == name);
        let format = format.ok_or_else(|| wrong(&format!("there is no format `{name}`")))?;
        if path.is_empty() {
            return Err(wrong("the path is empty"));
        }
        Ok(ReportSpec { format, path: path.into() })
    }
}

impl fmt::Display for ReportSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.format.name(), self.path.display())
    }
}

impl ReportSpec {
    /// Whether it takes standard output for itself.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Where it is written, with links resolved, so that two reports to one file are seen.
    #[must_use]
    pub fn destination(&self) -> PathBuf {
        let whole = std::fs::canonicalize(&self.path);
        whole.unwrap_or_else(|_| {
            // The file need not be there yet.
            let folder = match self.path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let name = self.path.file_name().unwrap_or_default();
            std::fs::canonicalize(folder).map_or_else(|_| self.path.clone(), |folder| folder.join(name))
        })
    }

    /// Begins the report, which the guard looks through. A file that cannot be written is told here, before the run.
    ///
    /// # Errors
    /// When the file cannot be made; the error names it.
    pub fn open(&self, guard: &Guard) -> io::Result<Box<dyn Reporter + Send>> {
        let named = |e: io::Error| io::Error::new(e.kind(), format!("cannot write {}: {e}", self.path.display()));
        let stdout = || Guarded::new(io::stdout(), guard, format!("the {} report", self.format.name()));
        Ok(match (self.format, self.is_stdout()) {
            (Format::Json, true) => Box::new(Json::to_writer(stdout())),
            (Format::Json, false) => Box::new(Json::to_file(&self.path, guard)?),
            (Format::Ndjson, true) => Box::new(Ndjson::new(stdout())),
            (Format::Ndjson, false) => {
                let file = File::create(&self.path).map_err(named)?;
                Box::new(Ndjson::new(Guarded::new(file, guard, self.path.display().to_string())))
            }
        })
    }
}

/// Nobody reads any more: that is no failure of the run, so the rest is dropped.
fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests;
