//! What is told of clients only.

use serde_json::Value;

use crate::cli::catalogue::Listed;
use crate::implementation::{Cache, ClientRecipe, Implementation, Recipe};

impl Listed for ClientRecipe {
    const OWN: (&'static str, &'static str) = ("layer", "layer");
    const FOOT: &'static str =
        "sdk: hands creation options on as a document; webauthn: reads them, and gives them to an authenticator";

    fn cell(recipe: &Recipe<Self>) -> String {
        recipe.role.layer.name().to_owned()
    }

    fn value(recipe: &Recipe<Self>) -> Value {
        recipe.role.layer.name().into()
    }

    fn by_hand(implementation: &Implementation<Self>, cache: &Cache) -> (&'static str, Vec<String>) {
        let heading = "By hand, in an empty folder: a line in, a line out (docs/adapters.md tells what is in them).";
        (heading, vec![implementation.by_hand(cache)])
    }
}
