//! The results that a matrix is made of: those of files, and those of servers that were run for it.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::artefact::{self, Guard};
use crate::cli::{Failure, read_input};
use crate::implementation::{ClientRecipe, Implementation, Role, ServerRecipe};
use crate::matrix::{Input, InputError};
use crate::run::{Results, Side};

/// The results of one implementation.
pub(super) struct Source {
    pub(super) name: String,
    /// The title and the page of the recipe of that name, where there is one.
    published: Option<(String, String)>,
    pub(super) results: Results,
}

impl Source {
    /// The results of a server that was run.
    pub(super) fn of(implementation: &Implementation<ServerRecipe>, results: Results) -> Self {
        Source { name: implementation.recipe().name.clone(), published: Some(published(implementation)), results }
    }

    /// What a matrix is made of. The version is told only where the target of the run was called by it.
    pub(super) fn into_input(self) -> Input {
        let Source { name, published, results } = self;
        let published = published.and_then(|(title, home)| {
            Some((results.run.target.strip_prefix(&title)?.strip_prefix(' ')?.to_owned(), home))
        });
        let (version, homepage) = published.unzip();
        Input { name, version, homepage, results }
    }
}

/// The results of these files, and of the files in these folders that end in `.json`, by their names.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(in_folder(path)?);
        } else {
            files.push(path.clone());
        }
    }
    files.iter().map(|path| file(path)).collect()
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |e: std::io::Error| Failure::usage(format!("cannot read {}: {e}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension() == Some(OsStr::new("json")) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "there is no file NAME.json in {}; `cogspec run --report json={}` writes one, and `cogspec clients run --results` those of clients",
            folder.display(),
            folder.join("NAME.json").display()
        )));
    }
    files.sort();
    Ok(files)
}

fn file(path: &Path) -> Result<Source, Failure> {
    let results = Results::parse(path, &read_input(path)?).map_err(|e| Failure::usage(e.to_string()))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let published = match results.run.side {
        Side::Server => Implementation::<ServerRecipe>::named(&name).as_ref().map(published),
        Side::Client => Implementation::<ClientRecipe>::named(&name).as_ref().map(published),
    };
    Ok(Source { name, published, results })
}

fn published<R: Role>(implementation: &Implementation<R>) -> (String, String) {
    let recipe = implementation.recipe();
    (recipe.title.clone(), recipe.home.clone())
}

/// Refuses two columns of one name, and clients beside servers, before a server is run for one.
pub(super) fn check(sources: &[Source], implementations: &[Implementation<ServerRecipe>]) -> Result<(), Failure> {
    let usage = |e: InputError| Failure::usage(e.to_string());
    let of_files = sources.iter().map(|source| (source.name.as_str(), source.results.run.side));
    let to_be_run = implementations.iter().map(|implementation| (implementation.recipe().name.as_str(), Side::Server));
    Input::side(of_files.chain(to_be_run)).map_err(usage)?;
    let mut names = HashSet::new();
    let of_recipes = implementations.iter().map(|implementation| implementation.recipe().name.as_str());
    match sources.iter().map(|source| source.name.as_str()).chain(of_recipes).find(|name| !names.insert(*name)) {
        Some(twice) => Err(usage(InputError::Twice(twice.to_owned()))),
        None => Ok(()),
    }
}

/// Keeps the results of each in a file of its own.
pub(super) fn keep(sources: &[Source], folder: &Path, guard: &Guard) -> Result<(), Failure> {
    artefact::make_folder(folder)?;
    for Source { name, results, .. } in sources {
        let text = results.to_json().map_err(std::io::Error::other)?;
        guard.write_file(&folder.join(format!("{name}.json")), &text)?;
    }
    Ok(())
}
