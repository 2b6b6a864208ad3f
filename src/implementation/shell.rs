//! The line of a shell that starts an implementation by hand.

use std::collections::BTreeMap;

use super::cache::Cache;
use super::catalogue::Implementation;
use super::client_recipe::ClientRecipe;
use super::recipe::fill;
use super::server::values;
use super::server_recipe::ServerRecipe;

impl Implementation<ServerRecipe> {
    /// The line that starts it in a shell, in an empty folder, with `PORT` where the port goes.
    #[must_use]
    pub fn by_hand(&self, cache: &Cache) -> String {
        let recipe = self.recipe();
        let prefix = cache.prefix(recipe).display().to_string();
        line(&recipe.role.start.env, &recipe.role.start.command, &values(recipe, &prefix, "PORT", ".", "cogspec"))
    }
}

impl Implementation<ClientRecipe> {
    /// The line that starts its adapter in a shell, in an empty folder.
    #[must_use]
    pub fn by_hand(&self, cache: &Cache) -> String {
        let recipe = self.recipe();
        let prefix = cache.prefix(recipe).display().to_string();
        line(&recipe.role.env, &recipe.role.command, &recipe.adapter_values(&prefix, "."))
    }
}

fn line(env: &BTreeMap<String, String>, command: &[String], values: &[(&str, &str)]) -> String {
    let env = env.iter().map(|(name, value)| format!("{name}={}", quoted(&fill(value, values))));
    env.chain(command.iter().map(|word| quoted(&fill(word, values)))).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
