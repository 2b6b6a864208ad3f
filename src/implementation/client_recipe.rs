//! What the recipe of a client tells of it: what it reads, and how its adapter is started.

use std::collections::BTreeMap;

use super::fields::Fields;
use super::recipe::{Recipe, placeholders};
use crate::scenario::Layer;

/// A client: an SDK or a library that calls `StartWebAuthnRegistration`, or takes what it answers, with an adapter around it.
#[derive(Clone, Debug)]
pub struct ClientRecipe {
    /// What it does with creation options.
    pub layer: Layer,
    /// The command of its adapter, which starts in an empty folder of its own.
    ///
    /// Placeholders, here and in the environment: `{name}`, `{version}`, `{prefix}`; `{data}`, the empty folder.
    pub command: Vec<String>,
    /// Variables of the adapter's environment; none of them is one of AWS.
    pub env: BTreeMap<String, String>,
}

/// The placeholders of an adapter.
const OF_ADAPTER: &[&str] = &["name", "version", "prefix", "data"];

impl ClientRecipe {
    /// The keys by which a file is a client's.
    pub(super) const KEYS: [&str; 2] = ["layer", "adapter"];

    /// Its fields in the file; `None` only where there is a problem.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let named = fields.text("layer");
        let layer = named.as_deref().and_then(Layer::named);
        if named.is_some() && layer.is_none() {
            fields.refuse("layer", "is not sdk or webauthn");
        }
        let adapter = fields.required_table("adapter").and_then(adapter);
        let (command, env) = adapter?;
        Some(ClientRecipe { layer: layer?, command, env })
    }
}

impl Recipe<ClientRecipe> {
    /// The values of the placeholders of an adapter.
    pub(crate) fn adapter_values<'a>(&'a self, prefix: &'a str, data: &'a str) -> [(&'static str, &'a str); 4] {
        [("name", &self.name), ("version", &self.version), ("prefix", prefix), ("data", data)]
    }
}

fn adapter(mut fields: Fields<'_>) -> Option<(Vec<String>, BTreeMap<String, String>)> {
    let (command, env) = (fields.command("command"), fields.texts("env"));
    placeholders(&mut fields, "command", command.iter().flatten(), OF_ADAPTER);
    placeholders(&mut fields, "env", env.values(), OF_ADAPTER);
    if let Some(name) = env.keys().find(|name| name.to_ascii_uppercase().starts_with("AWS_")) {
        fields.refuse(
            "env",
            &format!("has {name}, and a client is judged with its own defaults, not with settings of AWS"),
        );
    }
    fields.end();
    Some((command?, env))
}
