//! Reports: each format is a consumer of the one stream of events.

mod comparison;
mod document;
mod fuzz;
mod github;
mod groups;
mod html;
mod junit;
mod markdown;
mod matrix;
mod ndjson;
#[cfg(feature = "cli")]
mod progress;
mod review;
mod sarif;
mod schema;
mod story;
mod terminal;

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use comparison::{comparison_markdown, comparison_text};
pub use fuzz::{FuzzReport, write_replayed};
pub use html::matrix_html;
pub use matrix::matrix;
pub use ndjson::Ndjson;
#[cfg(feature = "cli")]
pub use progress::Progress;
pub use review::review;
pub use schema::Schema;
pub use terminal::{Terminal, TerminalOptions};

use crate::artefact::{Guard, Guarded};
use crate::run::Event;
use document::Document;
use github::Github;

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

/// The format of a report that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Html,
    Json,
    Ndjson,
    Junit,
    Sarif,
    Markdown,
    Github,
}

impl Format {
    const ALL: [Format; 7] =
        [Format::Html, Format::Json, Format::Ndjson, Format::Junit, Format::Sarif, Format::Markdown, Format::Github];

    fn name(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Junit => "junit",
            Format::Sarif => "sarif",
            Format::Markdown => "markdown",
            Format::Github => "github",
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
    "`{given}` is not a report: {why}; give it as FORMAT=PATH (`json=run.json`, `ndjson=-`), FORMAT being one of {formats}"
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
            formats: Format::ALL.map(Format::name).join(", "),
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
    /// Whether it takes standard output for itself. GitHub reads its commands between the lines of any log.
    #[must_use]
    pub fn takes_stdout(&self) -> bool {
        self.is_stdout() && self.format != Format::Github
    }

    fn is_stdout(&self) -> bool {
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
        let form = match self.format {
            Format::Html => html::html,
            Format::Json => document::json,
            Format::Junit => junit::junit,
            Format::Sarif => sarif::sarif,
            Format::Markdown => markdown::markdown,
            Format::Ndjson => return Ok(Box::new(Ndjson::new(self.stream(guard)?))),
            Format::Github => return self.github(guard),
        };
        Ok(Box::new(match self.is_stdout() {
            true => Document::to_writer(form, self.stream(guard)?),
            false => Document::to_file(form, &self.path, guard)?,
        }))
    }

    /// The file, emptied, or standard output.
    fn stream(&self, guard: &Guard) -> io::Result<Guarded<Box<dyn Write + Send>>> {
        if self.is_stdout() {
            return Ok(Guarded::new(Box::new(io::stdout()), guard, format!("the {} report", self.format.name())));
        }
        let file = File::create(&self.path).map_err(|e| named(&self.path, &e))?;
        Ok(Guarded::new(Box::new(file), guard, self.path.display().to_string()))
    }

    fn github(&self, guard: &Guard) -> io::Result<Box<dyn Reporter + Send>> {
        let report = Github::new(self.stream(guard)?);
        let report = if self.is_stdout() { report.amid_others() } else { report };
        let Some(path) = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from) else {
            return Ok(Box::new(report));
        };
        let summary = File::options().append(true).create(true).open(&path).map_err(|e| named(&path, &e))?;
        let taken = usize::try_from(summary.metadata()?.len()).unwrap_or(usize::MAX);
        let summary = Guarded::new(summary, guard, path.display().to_string());
        Ok(Box::new(report.with_summary(summary, github::SUMMARY_LIMIT.saturating_sub(taken))))
    }
}

/// Names the file that GitHub shows as the summary of a step.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
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
