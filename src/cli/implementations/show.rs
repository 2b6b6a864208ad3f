//! A recipe, and how its server is started by hand.

use std::io::Write;

use crate::cli::implementation::cache;
use crate::cli::{Exit, Failure, Out};
use crate::implementation::Implementation;

pub(super) fn show(implementation: &Implementation) -> Result<Exit, Failure> {
    let mut out = Out::stdout();
    out.write_all(implementation.text().as_bytes())?;
    let recipe = implementation.recipe();
    writeln!(out, "\n# By hand, in an empty folder, with a port of your own:")?;
    if let (Some(_), None) = (&recipe.install, &recipe.not_run_here) {
        writeln!(out, "#   cogspec implementations install {}", implementation.given())?;
    }
    writeln!(out, "#   {}", implementation.by_hand(&cache()?))?;
    writeln!(out, "#   cogspec run --endpoint http://127.0.0.1:PORT{}", needs(implementation))?;
    Ok(Exit::Held)
}

/// The options of a run that the server needs.
fn needs(implementation: &Implementation) -> String {
    let needs = implementation.recipe().needs;
    let mut options = String::new();
    for (option, time) in [("--timeout", needs.timeout), ("--case-timeout", needs.case_timeout)] {
        options.extend(time.map(|time| format!(" {option} {}", time.as_secs_f64())));
    }
    options.extend(needs.jobs.map(|jobs| format!(" --jobs {jobs}")));
    options
}
