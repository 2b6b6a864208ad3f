//! Where the grid is written, and in which form.

use std::collections::HashSet;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::artefact::{self, Guard};
use crate::cli::Failure;
use crate::matrix::Matrix;
use crate::report;

/// A form of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Html,
    Json,
    Markdown,
}

impl Form {
    const ALL: [Form; 3] = [Form::Html, Form::Json, Form::Markdown];

    fn name(self) -> &'static str {
        match self {
            Form::Html => "html",
            Form::Json => "json",
            Form::Markdown => "markdown",
        }
    }
}

/// What was asked for as `FORMAT=FILE`.
#[derive(Clone, Debug)]
pub(super) struct Output {
    form: Form,
    path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let forms = Form::ALL.map(|form| format!("{}=FILE", form.name())).join(" or ");
        let (name, path) =
            given.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(|| format!("give it as {forms}"))?;
        let form = Form::ALL.into_iter().find(|form| form.name() == name);
        let form = form.ok_or_else(|| format!("there is no form `{name}`; give it as {forms}"))?;
        Ok(Output { form, path: path.into() })
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.form.name(), self.path.display())
    }
}

impl Output {
    pub(super) fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }

    /// The file, for people.
    pub(super) fn file(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn write(&self, matrix: &Matrix, out: &mut impl Write, guard: &Guard) -> Result<(), Failure> {
        let text = match self.form {
            Form::Html => report::matrix_html(matrix),
            Form::Json => matrix.to_json().map_err(std::io::Error::other)?,
            Form::Markdown => matrix.to_markdown(),
        };
        if self.is_stdout() {
            out.write_all(text.as_bytes())?;
        } else {
            guard.write_file(&self.path, text.as_bytes())?;
        }
        Ok(())
    }
}

/// Whether each can be written, before anything is done.
pub(super) fn check(outputs: &[Output]) -> Result<(), Failure> {
    let mut taken = HashSet::new();
    for output in outputs {
        if !taken.insert(&output.path) {
            return Err(Failure::usage(format!("{output} is written where another is; give each a file of its own")));
        }
        if !output.is_stdout() {
            artefact::can_be_written(&output.path)?;
        }
    }
    Ok(())
}
