//! The recipes: those that come with cogspec, and folders of a person's own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::last::{Last, LastError};
use super::recipe::{Recipe, RecipeError};
use super::role::Role;
use crate::baseline::{Baseline, BaselineError};

/// A recipe with the files of its folder.
#[derive(Clone, Debug)]
pub struct Implementation<R> {
    recipe: Recipe<R>,
    folder: PathBuf,
    /// Whether it is a person's own, in a folder.
    is_own: bool,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

/// The recipe's own file, and those that are not there for an installation.
pub(super) const RECIPE: &str = "implementation.toml";
const BASELINE: &str = "baseline.toml";
const LAST: &str = "last.json";

/// The most bytes that the files of a folder may have in all. A lock file of some hundred packages has a hundred thousand.
const LIMIT: u64 = 4 * 1024 * 1024;

/// A file in the binary: its path below the folder, and its bytes.
type EmbeddedFile = (&'static str, &'static [u8]);

/// Folders in the binary: the name, and the files.
pub(super) type Embedded = &'static [(&'static str, &'static [EmbeddedFile])];

/// Those of servers, and of clients.
pub(super) const SERVERS: Embedded = include!(concat!(env!("OUT_DIR"), "/servers.rs"));
pub(super) const CLIENTS: Embedded = include!(concat!(env!("OUT_DIR"), "/clients.rs"));

/// A folder that holds no recipe.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It, or something in it, cannot be read.
    #[error("cannot read the recipe in {}: {why}", folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// The file of the recipe is not right.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
}

impl<R: Role> Implementation<R> {
    /// Those of the role that come with cogspec, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        R::embedded().iter().filter_map(|(name, files)| {
            let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes))).collect();
            // That each can be read is what a test below is there for.
            Implementation::of(Path::new(R::FOLDER).join(name), false, files).ok()
        })
    }

    /// The one of that role and name which comes with cogspec.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Implementation::all().find(|implementation| implementation.recipe.name == name)
    }

    /// The recipe in a folder.
    ///
    /// # Errors
    /// When a file cannot be read, the files are larger than 4 MiB in all, or `implementation.toml` is not right or of another role.
    pub fn read(folder: &Path) -> Result<Self, ReadError> {
        let unreadable = |why| ReadError::Unreadable { folder: folder.to_owned(), why };
        let mut files = BTreeMap::new();
        let mut left = LIMIT;
        read_into(&mut files, folder, "", &mut left).map_err(unreadable)?;
        if !files.contains_key(RECIPE) {
            return Err(unreadable(io::Error::new(io::ErrorKind::NotFound, format!("it has no {RECIPE}"))));
        }
        Ok(Implementation::of(folder.to_owned(), true, files)?)
    }

    fn of(folder: PathBuf, is_own: bool, files: BTreeMap<String, Cow<'static, [u8]>>) -> Result<Self, RecipeError> {
        let text = String::from_utf8_lossy(files.get(RECIPE).map(Cow::as_ref).unwrap_or_default());
        let recipe = Recipe::parse(&folder.join(RECIPE).display().to_string(), &text)?;
        Ok(Implementation { recipe, folder, is_own, files })
    }

    /// Its recipe.
    #[must_use]
    pub fn recipe(&self) -> &Recipe<R> {
        &self.recipe
    }

    /// What names it on the command line: the name of one that comes with cogspec, or a folder.
    #[must_use]
    pub fn given(&self) -> String {
        match self.is_own {
            true => self.folder.display().to_string(),
            false => self.recipe.name.clone(),
        }
    }

    /// The text of the file of its recipe.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.file(RECIPE).unwrap_or_default()).into_owned()
    }

    /// Its known failures, where its folder lists some.
    ///
    /// # Errors
    /// When that file is not a baseline.
    pub fn baseline(&self) -> Result<Option<Baseline>, BaselineError> {
        let Some(bytes) = self.file(BASELINE) else { return Ok(None) };
        let name = self.folder.join(BASELINE).display().to_string();
        Baseline::parse(&name, &String::from_utf8_lossy(bytes)).map(Some)
    }

    /// What its last run showed, where its folder tells it.
    ///
    /// # Errors
    /// When that file is none of this version.
    pub fn last(&self) -> Result<Option<Last>, LastError> {
        let Some(bytes) = self.file(LAST) else { return Ok(None) };
        Last::parse(&self.folder.join(LAST), bytes).map(Some)
    }

    /// The files that an installation may need, by their paths below the folder.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let of_install = |path: &str| ![RECIPE, BASELINE, LAST].contains(&path);
        self.files.iter().filter(move |(path, _)| of_install(path)).map(|(path, bytes)| (path.as_str(), bytes.as_ref()))
    }

    fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Cow::as_ref)
    }
}

/// Reads a folder and those in it; what is hidden stays where it is.
fn read_into(
    files: &mut BTreeMap<String, Cow<'static, [u8]>>,
    folder: &Path,
    below: &str,
    left: &mut u64,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::Error::other("a file's name is not text"))?;
        let path = format!("{below}{name}");
        let metadata = entry.metadata()?;
        if name.starts_with('.') {
            continue;
        } else if metadata.is_dir() {
            read_into(files, &entry.path(), &format!("{path}/"), left)?;
        } else if metadata.is_file() {
            *left = left.checked_sub(metadata.len()).ok_or_else(|| {
                io::Error::new(io::ErrorKind::FileTooLarge, "its files are larger than 4 MiB; a recipe needs few")
            })?;
            files.insert(path, Cow::Owned(fs::read(entry.path())?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implementation::role::sealed::Read;
    use crate::implementation::{ClientRecipe, ServerRecipe};

    #[test]
    fn the_emulator_is_of_this_version() {
        let emulator = Implementation::<ServerRecipe>::named("emulator").unwrap();
        assert_eq!(emulator.recipe().version, env!("CARGO_PKG_VERSION"));
    }

    fn can_be_used<R: Role>() {
        assert_eq!(Implementation::<R>::all().count(), R::embedded().len());
        for (name, files) in R::embedded() {
            let text = files.iter().find(|(path, _)| *path == RECIPE).expect("a recipe").1;
            let read = Recipe::<R>::parse(name, std::str::from_utf8(text).unwrap());
            assert_eq!(read.unwrap_or_else(|e| panic!("{e}")).name, *name);
            let implementation = Implementation::<R>::named(name).unwrap();
            implementation.baseline().unwrap_or_else(|e| panic!("{e}"));
            implementation.last().unwrap_or_else(|e| panic!("{e}"));
            let other = R::Other::embedded().iter().any(|(other, _)| other == name);
            assert!(!other, "{name} is a server and a client, and both would be installed into one folder");
        }
    }

    #[test]
    fn embedded_recipes_can_be_used() {
        can_be_used::<ServerRecipe>();
        can_be_used::<ClientRecipe>();
    }
}
