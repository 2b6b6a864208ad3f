//! Implementations by name or folder, as the command line takes them.

use std::path::Path;

use super::Failure;
use super::io::tell;
use super::near::near;
use super::signal::stop_signal;
use crate::implementation::{Cache, Implementation, Role, Server, ServerRecipe, StartError, Supervisor};

/// Reads a name, or the path of a folder with a recipe.
pub(super) fn one<R: Role>(given: &str) -> Result<Implementation<R>, String> {
    if given.contains(['/', std::path::MAIN_SEPARATOR]) || given.starts_with('.') {
        return Implementation::read(Path::new(given)).map_err(|e| e.to_string());
    }
    Implementation::named(given).ok_or_else(|| unknown::<R>(given))
}

/// The same, where it is one that can be run here.
pub(super) fn runnable<R: Role>(given: &str) -> Result<Implementation<R>, String> {
    let implementation = one::<R>(given)?;
    match implementation.refused() {
        None => Ok(implementation),
        Some(refused) => Err(refused.to_string()),
    }
}

fn unknown<R: Role>(given: &str) -> String {
    let (word, list, other) = (R::WORD, R::LIST, R::Other::WORD);
    if Implementation::<R::Other>::named(given).is_some() {
        return format!("it is a {other}, and a {word} is wanted here: `{list}` lists those");
    }
    if Path::new(given).is_dir() {
        return format!("no {word} has that name; for the recipe in the folder write ./{given}");
    }
    let names: Vec<String> = Implementation::<R>::all().map(|one| one.recipe().name.clone()).collect();
    let near = near(given, names.iter().map(String::as_str));
    let near = if near.is_empty() { String::new() } else { format!("near it: {}; ", near.join(", ")) };
    format!("no {word} has that name; {near}`{list}` lists them, and a folder is given as ./PATH")
}

/// Installs it where that is needed, and starts it. A signal ends that.
pub(super) async fn start(implementation: &Implementation<ServerRecipe>) -> Result<Server, Failure> {
    let (cache, supervisor) = (cache()?, supervisor()?);
    let tell = |line: &str| tell(&crate::run::printable(line));
    let started = unless_stopped(implementation.start(&cache, &supervisor, &tell)).await?;
    started.map_err(|e| match e {
        StartError::NotRunHere(_) | StartError::NoCache(_) | StartError::Install(_) => Failure::usage(e.to_string()),
        StartError::PortTaken { .. }
        | StartError::System { .. }
        | StartError::Ended { .. }
        | StartError::NotReady { .. }
        | StartError::Exposed { .. } => Failure::unreachable(e.to_string()),
    })
}

/// Does something that a signal ends.
pub(super) async fn unless_stopped<T>(doing: impl Future<Output = T>) -> Result<T, Failure> {
    let stop = stop_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?;
    tokio::select! {
        done = doing => Ok(done),
        () = stop => Err(Failure::unreachable("stopped before that was done")),
    }
}

/// Where implementations are installed.
pub(super) fn cache() -> Result<Cache, Failure> {
    Cache::find().map_err(|e| Failure::usage(e.to_string()))
}

/// This program, which supervises what it starts.
pub(super) fn supervisor() -> Result<Supervisor, Failure> {
    Supervisor::this_program().map_err(|e| Failure::usage(format!("cannot tell where this program is: {e}")))
}
