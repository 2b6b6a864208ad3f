//! A recipe, and how its implementation is used by hand.

use std::io::Write;

use super::Listed;
use crate::cli::implementation::cache;
use crate::cli::{Exit, Failure, Out};
use crate::implementation::Implementation;

pub(in crate::cli) fn show<R: Listed>(implementation: &Implementation<R>) -> Result<Exit, Failure> {
    let mut out = Out::stdout();
    out.write_all(implementation.text().as_bytes())?;
    let recipe = implementation.recipe();
    let (heading, lines) = R::by_hand(implementation, &cache()?);
    writeln!(out, "\n# {heading}")?;
    if let (Some(_), None) = (&recipe.install, &recipe.not_run_here) {
        writeln!(out, "#   cogspec {} install {}", R::COMMAND, implementation.given())?;
    }
    for line in lines {
        writeln!(out, "#   {line}")?;
    }
    Ok(Exit::Held)
}
