//! Installing an implementation: once, and whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use data_encoding::HEXLOWER;

use super::cache::Cache;
use super::catalogue::Implementation;
use super::place::tail;
use super::process::{Supervise, Supervisor};
use super::recipe::{Install, fill};
use super::role::Role;
use super::server_recipe::Stop;
use crate::machine;

/// The file that says that an installation is whole. It holds the digest of what it was made from.
const MARK: &str = ".cogspec-installed";

/// An implementation that is installed. While this lives nobody installs it anew.
#[derive(Debug)]
pub struct Installed {
    prefix: PathBuf,
    _lock: Option<File>,
}

impl Installed {
    /// The folder that it is installed in.
    #[must_use]
    pub fn prefix(&self) -> &Path {
        &self.prefix
    }
}

/// An implementation that could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A tool that is needed is not there.
    #[error("{title} cannot be installed: `{tool}` is not on PATH; {what_to_do}")]
    ToolMissing {
        /// What it is called.
        title: String,
        /// The program.
        tool: String,
        /// What the recipe says to do.
        what_to_do: String,
    },
    /// A step failed.
    #[error("{title} could not be installed: `{step}` failed; the whole log is {}\n{tail}", log.display())]
    StepFailed {
        /// What it is called.
        title: String,
        /// The command.
        step: String,
        /// The file of the log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// All steps ended well, and yet the program is not there.
    #[error("{title} could not be installed: every step ended well, but there is no {}; the log is {}", program.display(), log.display())]
    NotThere {
        /// What it is called.
        title: String,
        /// The program.
        program: PathBuf,
        /// The file of the log.
        log: PathBuf,
    },
    /// A folder or file cannot be written.
    #[error("{title} cannot be installed in {}: {why}; COGSPEC_CACHE names another folder", folder.display())]
    Unwritable {
        /// What it is called.
        title: String,
        /// The cache.
        folder: PathBuf,
        /// Why.
        why: io::Error,
    },
}

impl<R: Role> Implementation<R> {
    /// Whether it is installed in that cache, as its recipe says now; what needs no installation is.
    #[must_use]
    pub fn is_installed(&self, cache: &Cache) -> bool {
        let Some(install) = &self.recipe().install else { return true };
        let prefix = cache.prefix(self.recipe());
        let mark = fs::read_to_string(prefix.join(MARK)).unwrap_or_default();
        mark.trim() == self.digest(install) && prefix.join(&install.shows).exists()
    }

    /// Installs it into that cache, where it is not yet. What is done is told line by line. Stopped where the future is dropped.
    ///
    /// # Errors
    /// When a tool is missing, a step fails, or the cache cannot be written. What was begun is removed.
    pub async fn install(
        &self,
        cache: &Cache,
        supervisor: &Supervisor,
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Installed, InstallError> {
        let recipe = self.recipe();
        let prefix = cache.prefix(recipe);
        let Some(install) = &recipe.install else { return Ok(Installed { prefix, _lock: None }) };
        let title = recipe.title.clone();
        let unwritable =
            |why| InstallError::Unwritable { title: title.clone(), folder: cache.folder().to_owned(), why };
        fs::create_dir_all(cache.folder()).map_err(unwritable)?;
        loop {
            let lock = File::options().create(true).append(true).open(cache.lock(recipe)).map_err(unwritable)?;
            if self.is_installed(cache) {
                wait(|| lock.try_lock_shared(), || tell(&format!("{title} is being installed; waiting"))).await;
                // Between the look and the lock it may have been removed.
                if self.is_installed(cache) {
                    return Ok(Installed { prefix, _lock: Some(lock) });
                }
                continue;
            }
            wait(|| lock.try_lock(), || tell(&format!("another cogspec installs or runs {title}; waiting"))).await;
            if !self.is_installed(cache) {
                self.install_now(install, cache, supervisor, tell).await?;
            }
        }
    }

    async fn install_now(
        &self,
        install: &Install,
        cache: &Cache,
        supervisor: &Supervisor,
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<(), InstallError> {
        let recipe = self.recipe();
        let title = recipe.title.clone();
        for (tool, what_to_do) in &install.tools {
            if machine::find(&[tool.as_str()]).is_none() {
                let (tool, what_to_do) = (tool.clone(), what_to_do.clone());
                return Err(InstallError::ToolMissing { title, tool, what_to_do });
            }
        }
        let (prefix, log) = (cache.prefix(recipe), cache.log(recipe));
        tell(&format!("installing {title} {} into {}; the log is {}", recipe.version, prefix.display(), log.display()));
        let begun = Begun(Some(&prefix));
        let done = self.steps(install, supervisor, &prefix, &log, tell).await;
        let failed = done.map_err(|why| InstallError::Unwritable {
            title: title.clone(),
            folder: cache.folder().to_owned(),
            why,
        })?;
        if let Some(step) = failed {
            return Err(InstallError::StepFailed { title, step, tail: tail(&log), log });
        }
        let program = prefix.join(&install.shows);
        if !program.exists() {
            return Err(InstallError::NotThere { title, program, log });
        }
        let mark = |()| fs::write(prefix.join("mark"), self.digest(install) + "\n");
        let marked = remove(&prefix.join(BUILD)).and_then(mark);
        marked
            .and_then(|()| fs::rename(prefix.join("mark"), prefix.join(MARK)))
            .map_err(|why| InstallError::Unwritable { title: title.clone(), folder: cache.folder().to_owned(), why })?;
        begun.complete();
        tell(&format!("{title} {} is installed", recipe.version));
        Ok(())
    }

    /// Takes the steps; gives the one that failed.
    async fn steps(
        &self,
        install: &Install,
        supervisor: &Supervisor,
        prefix: &Path,
        log: &Path,
        tell: &(dyn Fn(&str) + Sync),
    ) -> io::Result<Option<String>> {
        // Left by an installation that was interrupted, or by another one of the same version.
        remove(prefix)?;
        let files = prefix.join(FILES);
        fs::create_dir_all(&files)?;
        for (path, bytes) in self.files() {
            // A package is not packed where it stands in another one: its manifest has a name of its own there.
            let path = files.join(path.strip_suffix(".in").unwrap_or(path));
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, bytes)?;
        }
        let build = prefix.join(BUILD);
        fs::create_dir_all(&build)?;
        let recipe = self.recipe();
        let [prefix_text, files, build] = [prefix, &files, &build].map(|path| path.display().to_string());
        let values = [
            ("name", recipe.name.as_str()),
            ("version", &recipe.version),
            ("prefix", &prefix_text),
            ("recipe", &files),
            ("build", &build),
        ];
        let filled = |text: &String| fill(text, &values);
        let absent = |(name, _): &(&String, &String)| std::env::var_os(name).is_none();
        let env = install.env.iter().filter(absent).map(|(name, value)| (name.clone(), filled(value))).collect();
        let mut log = File::create(log)?;
        for step in &install.steps {
            let words: Vec<String> = step.iter().map(filled).collect();
            let line = words.join(" ");
            tell(&format!("  {line}"));
            writeln!(log, "cogspec: {line}")?;
            let command = Supervise { words: &words, env: &env, without: &[], folder: prefix, stop: Stop::USUAL };
            let mut step = supervisor.start(&command, &log)?;
            if !step.ended().await?.success() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    /// The digest of what an installation is made from.
    fn digest(&self, install: &Install) -> String {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        let mut part = |bytes: &[u8]| {
            digest.update(&(bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        };
        for step in &install.steps {
            part(&(step.len() as u64).to_le_bytes());
            step.iter().for_each(|word| part(word.as_bytes()));
        }
        for (name, value) in &install.env {
            part(name.as_bytes());
            part(value.as_bytes());
        }
        for (path, bytes) in self.files() {
            part(path.as_bytes());
            part(bytes);
        }
        HEXLOWER.encode(digest.finish().as_ref())
    }
}

/// The folders of the recipe's files and of a build, in the prefix.
const FILES: &str = "recipe";
const BUILD: &str = "build";

/// An installation that has begun: what there is of it is removed where it is not brought to its end.
struct Begun<'a>(Option<&'a Path>);

impl Begun<'_> {
    fn complete(mut self) {
        self.0 = None;
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(prefix) = self.0 {
            // What is left has no mark, and is removed by the next installation.
            let _ = remove(prefix);
        }
    }
}

/// Removes a folder, if there is one.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Takes a lock, and tells once where it has to wait. Where files cannot be locked there is no waiting.
async fn wait(mut take: impl FnMut() -> Result<(), TryLockError>, waits: impl FnOnce()) {
    let mut waits = Some(waits);
    while let Err(TryLockError::WouldBlock) = take() {
        if let Some(waits) = waits.take() {
            waits();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
