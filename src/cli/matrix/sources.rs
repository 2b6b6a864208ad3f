//! The results that a matrix is made of: those of files, and those of servers that were run for it.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::artefact::{self, Guard};
use crate::cli::{Failure, read_input};
use crate::implementation::{Implementation, ServerRecipe};
use crate::matrix::Input;
use crate::run::Results;

/// The results of one implementation.
pub(super) struct Source {
    pub(super) name: String,
    /// The recipe of that name, where there is one.
    pub(super) recipe: Option<Implementation<ServerRecipe>>,
    pub(super) results: Results,
}

impl Source {
    /// What a matrix is made of. The version is told only where the target of the run was called by it.
    pub(super) fn into_input(self) -> Input {
        let Source { name, recipe, results } = self;
        let recipe = recipe.as_ref().map(Implementation::recipe);
        let version = recipe.and_then(|recipe| results.run.target.strip_prefix(&recipe.title)?.strip_prefix(' '));
        let version = version.map(str::to_owned);
        Input { name, homepage: version.as_ref().and(recipe).map(|recipe| recipe.home.clone()), version, results }
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
            "there is no file NAME.json in {}; `cogspec run --report json={}` writes one",
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
    Ok(Source { recipe: Implementation::named(&name), name, results })
}

/// Refuses two columns of one name, before a server is run for one.
pub(super) fn check(sources: &[Source], implementations: &[Implementation<ServerRecipe>]) -> Result<(), Failure> {
    let mut names = HashSet::new();
    let of_recipes = implementations.iter().map(|implementation| implementation.recipe().name.as_str());
    match sources.iter().map(|source| source.name.as_str()).chain(of_recipes).find(|name| !names.insert(*name)) {
        Some(twice) => Err(Failure::usage(crate::matrix::InputError::Twice(twice.to_owned()).to_string())),
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
