//! The matrix in cogspec's own repository.

use std::path::{Path, PathBuf};

use crate::artefact::Guard;
use crate::cli::Failure;
use crate::implementation::Last;
use crate::matrix::{Input, Matrix};
use crate::run::Side;

/// The folder of the recipes, below the current one.
const FOLDER: &str = "implementations";

/// The folder of clients in it.
const CLIENTS: &str = "clients";

pub(super) fn find() -> Result<PathBuf, Failure> {
    let folder = PathBuf::from(FOLDER);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Failure::usage(format!(
        "there is no folder `{FOLDER}` here; --write is for a clone of cogspec's repository, and --report FORMAT=FILE for all others"
    )))
}

/// Writes the matrix, and what the last run of each implementation showed; gives the files. Those of clients are in a folder of
/// their own.
pub(super) fn write(folder: &Path, matrix: &Matrix, inputs: &[Input], guard: &Guard) -> Result<Vec<String>, Failure> {
    let folder = &match matrix.side {
        Side::Server => folder.to_owned(),
        Side::Client => folder.join(CLIENTS),
    };
    let mut files = vec![
        (folder.join("matrix.md"), matrix.to_markdown()),
        (folder.join("matrix.json"), matrix.to_json().map_err(std::io::Error::other)?),
    ];
    for Input { name, version, results, .. } in inputs {
        let (folder, Some(version)) = (folder.join(name), version) else { continue };
        if !folder.is_dir() {
            continue;
        }
        let run = &results.run;
        let last = match results.not_implemented() {
            Some(why) => Last::not_judged(version, run.started, &run.case_set, why),
            None => Last::of_run(version, results),
        };
        let last = serde_json::to_string_pretty(&last).map_err(std::io::Error::other)?;
        files.push((folder.join("last.json"), last + "\n"));
    }
    for (path, text) in &files {
        guard.write_file(path, text.as_bytes())?;
    }
    Ok(files.into_iter().map(|(path, _)| path.display().to_string()).collect())
}
