//! Where implementations are installed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::recipe::Recipe;
use super::role::Role;

/// The folder that implementations are installed into, each in a folder `NAME-VERSION`.
#[derive(Clone, Debug)]
pub struct Cache(PathBuf);

/// There is no place for what is installed.
#[derive(Debug, thiserror::Error)]
#[error("nothing says where implementations can be installed: set COGSPEC_CACHE to a folder")]
pub struct CacheError;

impl Cache {
    /// `implementations` in `$COGSPEC_CACHE`, else in `cogspec` below `$XDG_CACHE_HOME` or `~/.cache`.
    ///
    /// # Errors
    /// When none of these is set.
    pub fn find() -> Result<Self, CacheError> {
        Cache::of(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn of(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, CacheError> {
        let own = variable("COGSPEC_CACHE").map(PathBuf::from);
        // The XDG Base Directory Specification: a path that is not absolute is to be ignored.
        let xdg = || variable("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || variable("HOME").or_else(|| variable("USERPROFILE")).map(|home| Path::new(&home).join(".cache"));
        let folder = own.or_else(|| xdg().or_else(home).map(|cache| cache.join("cogspec"))).ok_or(CacheError)?;
        // Commands run in other folders, and virtual environments want to know where they are.
        let folder = std::path::absolute(folder).map_err(|_| CacheError)?;
        Ok(Cache(folder.join("implementations")))
    }

    /// The folder that the implementation of that recipe is installed into.
    #[must_use]
    pub fn prefix<R: Role>(&self, recipe: &Recipe<R>) -> PathBuf {
        self.0.join(recipe.id())
    }

    /// The file that tells what the last installation of it did.
    #[must_use]
    pub fn log<R: Role>(&self, recipe: &Recipe<R>) -> PathBuf {
        self.0.join(format!("{}.log", recipe.id()))
    }

    /// The file that is locked while it is installed, and shared while it runs.
    pub(super) fn lock<R: Role>(&self, recipe: &Recipe<R>) -> PathBuf {
        self.0.join(format!("{}.lock", recipe.id()))
    }

    /// The folder itself.
    pub(super) fn folder(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_where_it_is() {
        let cache = |variables: &[(&str, &str)]| {
            let variable = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| value.into());
            Cache::of(variable).map(|cache| cache.0.display().to_string()).ok()
        };
        let [own, xdg, home] = [("COGSPEC_CACHE", "/own"), ("XDG_CACHE_HOME", "/xdg"), ("HOME", "/home/ada")];
        assert_eq!(cache(&[own, xdg, home]).as_deref(), Some("/own/implementations"));
        assert_eq!(cache(&[xdg, home]).as_deref(), Some("/xdg/cogspec/implementations"));
        assert_eq!(cache(&[home]).as_deref(), Some("/home/ada/.cache/cogspec/implementations"));
        let relative = cache(&[("XDG_CACHE_HOME", "xdg"), home]);
        assert_eq!(relative.as_deref(), Some("/home/ada/.cache/cogspec/implementations"));
        assert_eq!(cache(&[]), None);
    }
}
