//! Reports: each format is a consumer of the one stream of events.

mod asked;
mod comparison;
mod document;
mod fuzz;
mod fuzz_clients;
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

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use comparison::{comparison_markdown, comparison_text};
pub use fuzz::{FuzzReport, write_replayed};
pub use fuzz_clients::write_replayed_clients;
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
pub use asked::{Asked, AskedError, Format};
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
pub enum RunFormat {
    /// One page for people.
    Html,
    /// One document.
    Json,
    /// One event a line.
    Ndjson,
    /// For CI systems.
    Junit,
    /// For code scanning.
    Sarif,
    /// For comments.
    Markdown,
    /// Annotations of a workflow of GitHub.
    Github,
}

impl Format for RunFormat {
    const ALL: &'static [RunFormat] = &[
        RunFormat::Html,
        RunFormat::Json,
        RunFormat::Ndjson,
        RunFormat::Junit,
        RunFormat::Sarif,
        RunFormat::Markdown,
        RunFormat::Github,
    ];

    fn name(self) -> &'static str {
        match self {
            RunFormat::Html => "html",
            RunFormat::Json => "json",
            RunFormat::Ndjson => "ndjson",
            RunFormat::Junit => "junit",
            RunFormat::Sarif => "sarif",
            RunFormat::Markdown => "markdown",
            RunFormat::Github => "github",
        }
    }
}

impl Asked<RunFormat> {
    /// Whether it takes standard output for itself. GitHub reads its commands between the lines of any log.
    #[must_use]
    pub fn takes_stdout(&self) -> bool {
        self.is_stdout() && self.format != RunFormat::Github
    }

    /// Begins the report, which the guard looks through. A file that cannot be written is told here, before the run.
    ///
    /// # Errors
    /// When the file cannot be made; the error names it.
    pub fn open(&self, guard: &Guard) -> io::Result<Box<dyn Reporter + Send>> {
        let form = match self.format {
            RunFormat::Html => html::html,
            RunFormat::Json => document::json,
            RunFormat::Junit => junit::junit,
            RunFormat::Sarif => sarif::sarif,
            RunFormat::Markdown => markdown::markdown,
            RunFormat::Ndjson => return Ok(Box::new(Ndjson::new(self.stream(guard)?))),
            RunFormat::Github => return self.github(guard),
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
mod client_tests;
#[cfg(test)]
mod tests;
