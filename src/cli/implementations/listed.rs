//! What is told of servers only.

use serde_json::Value;

use crate::cli::catalogue::Listed;
use crate::implementation::{Cache, Implementation, Recipe, ServerRecipe};

impl Listed for ServerRecipe {
    const OWN: (&'static str, &'static str) = ("operation", "implements");
    const FOOT: &'static str = "the operation is StartWebAuthnRegistration; `cogspec run --implementation NAME` installs, starts, \
                                judges and stops one";

    fn cell(recipe: &Recipe<Self>) -> String {
        let told = match (&recipe.not_run_here, recipe.role.implements) {
            (Some(_), _) => "not tried",
            (None, true) => "implemented",
            (None, false) => "not implemented",
        };
        told.to_owned()
    }

    fn value(recipe: &Recipe<Self>) -> Value {
        recipe.role.implements.into()
    }

    fn by_hand(implementation: &Implementation<Self>, cache: &Cache) -> (&'static str, Vec<String>) {
        let run = format!("cogspec run --endpoint http://127.0.0.1:PORT{}", needs(implementation));
        ("By hand, in an empty folder, with a port of your own:", vec![implementation.by_hand(cache), run])
    }
}

/// The options of a run that the server needs.
fn needs(implementation: &Implementation<ServerRecipe>) -> String {
    let needs = implementation.recipe().needs;
    let mut options = String::new();
    for (option, time) in [("--timeout", needs.timeout), ("--case-timeout", needs.case_timeout)] {
        options.extend(time.map(|time| format!(" {option} {}", time.as_secs_f64())));
    }
    options.extend(needs.jobs.map(|jobs| format!(" --jobs {jobs}")));
    options
}
