//! Installing implementations, one after another.

use std::io::Write;

use super::Listed;
use crate::cli::implementation::{cache, supervisor, unless_stopped};
use crate::cli::io::tell;
use crate::cli::{Exit, Failure, Out};
use crate::implementation::Implementation;

pub(in crate::cli) async fn install<R: Listed>(implementations: &[Implementation<R>]) -> Result<Exit, Failure> {
    // Before the first minutes have gone by.
    if let Some(refused) = implementations.iter().find_map(Implementation::refused) {
        return Err(Failure::usage(refused.to_string()));
    }
    let (cache, supervisor) = (cache()?, supervisor()?);
    let tell = |line: &str| tell(&crate::run::printable(line));
    for implementation in implementations {
        let installed = unless_stopped(implementation.install(&cache, &supervisor, &tell)).await?;
        let installed = installed.map_err(|e| Failure::usage(e.to_string()))?;
        let told = match implementation.recipe().install {
            Some(_) => format!("{} is in {}", implementation.recipe().title, installed.prefix().display()),
            None => format!("{} needs no installation", implementation.recipe().title),
        };
        writeln!(Out::stdout(), "{told}")?;
    }
    Ok(Exit::Held)
}
