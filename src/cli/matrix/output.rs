//! Where the grid is written, and in which form.

use std::io::Write;

use crate::artefact::{self, Guard};
use crate::cli::Failure;
use crate::cli::report::refuse_twice;
use crate::matrix::Matrix;
use crate::report::{self, Asked, Format};

/// A form of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Json,
    Markdown,
}

impl Format for Form {
    const ALL: &'static [Form] = &[Form::Html, Form::Json, Form::Markdown];

    fn name(self) -> &'static str {
        match self {
            Form::Html => "html",
            Form::Json => "json",
            Form::Markdown => "markdown",
        }
    }
}

/// Writes the grid as it was asked for.
pub(super) fn write(output: &Asked<Form>, matrix: &Matrix, out: &mut impl Write, guard: &Guard) -> Result<(), Failure> {
    let text = match output.format {
        Form::Html => report::matrix_html(matrix),
        Form::Json => matrix.to_json().map_err(std::io::Error::other)?,
        Form::Markdown => matrix.to_markdown(),
    };
    if output.is_stdout() {
        out.write_all(text.as_bytes())?;
    } else {
        guard.write_file(&output.path, text.as_bytes())?;
    }
    Ok(())
}

/// Whether each can be written, before anything is done.
pub(super) fn check(outputs: &[Asked<Form>]) -> Result<(), Failure> {
    refuse_twice(outputs)?;
    for output in outputs.iter().filter(|output| !output.is_stdout()) {
        artefact::can_be_written(&output.path)?;
    }
    Ok(())
}
