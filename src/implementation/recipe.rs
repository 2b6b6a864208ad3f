//! The file `implementation.toml`: what it tells of servers and clients alike.

use std::collections::BTreeMap;
use std::time::Duration;

use toml_edit::Document;

use super::client_recipe::ClientRecipe;
use super::fields::{Fields, Problems};
use super::role::Role;

/// One implementation, as its recipe describes it: a server or a client, by its role. Commands are lists of words, and go to no
/// shell; in words and environments the placeholders stand for what is known only on the machine.
#[derive(Clone, Debug)]
pub struct Recipe<R> {
    /// Its name on the command line: lower-case letters, digits and hyphens.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The version that is installed, and no other.
    pub version: String,
    /// Its licence, as SPDX writes it where it can.
    pub licence: String,
    /// The language that it is written in.
    pub language: String,
    /// Its home page.
    pub home: String,
    /// Why nobody who wrote the recipe has run it; `None` where it was run.
    pub not_run_here: Option<String>,
    /// What else one should know.
    pub notes: Option<String>,
    /// How it is installed; `None` where there is nothing to install.
    pub install: Option<Install>,
    /// What a run needs to ask of it, where that is not the usual.
    pub needs: Needs,
    /// What it is, and how it is run.
    pub role: R,
}

/// How an implementation is installed.
///
/// Placeholders: `{name}`, `{version}`; `{prefix}`, the folder that it is installed into; `{recipe}`, the folder with the
/// recipe's files; `{build}`, a folder for what is needed only meanwhile.
#[derive(Clone, Debug)]
pub struct Install {
    /// The programs that must be on `PATH`, each with what to do where it is not.
    pub tools: BTreeMap<String, String>,
    /// The commands, one after another.
    pub steps: Vec<Vec<String>>,
    /// Variables that the commands get, where the environment does not have them already.
    pub env: BTreeMap<String, String>,
    /// The program that is there when it is installed, below `{prefix}`.
    pub shows: String,
}

/// The options of a run that an implementation needs, where a person has given no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// How long one request to a server may take.
    pub timeout: Option<Duration>,
    /// How long one case may take; of a client, one answer of its adapter.
    pub case_timeout: Option<Duration>,
    /// How many cases run at once; of a client, how many adapters run side by side.
    pub jobs: Option<u16>,
}

/// A recipe that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// It is not TOML.
    #[error("{name} is not TOML: {source}")]
    NotToml {
        /// The file.
        name: String,
        /// The parser's words, with the place.
        source: Box<toml_edit::TomlError>,
    },
    /// Its content is no recipe; every place is told.
    #[error("{name} is not a recipe (implementations/README.md describes one):\n{}", .problems.join("\n"))]
    Invalid {
        /// The file.
        name: String,
        /// Each with its line.
        problems: Vec<String>,
    },
    /// It describes a client where a server is wanted, or the other way round.
    #[error("{name} is the recipe of a {is}, and a {wanted} is wanted here; `cogspec {command}` is for {is}s")]
    OfAnotherRole {
        /// The file.
        name: String,
        /// What it describes.
        is: &'static str,
        /// What is wanted.
        wanted: &'static str,
        /// The command that is for those.
        command: &'static str,
    },
}

/// The placeholders of an installation.
const OF_INSTALL: &[&str] = &["name", "version", "prefix", "recipe", "build"];

impl<R: Role> Recipe<R> {
    /// Reads the text of a file of that name.
    ///
    /// # Errors
    /// When it is not TOML, lacks something, has something that is not known, or describes an implementation of another role.
    pub fn parse(name: &str, text: &str) -> Result<Self, RecipeError> {
        let document = Document::parse(text)
            .map_err(|source| RecipeError::NotToml { name: name.to_owned(), source: Box::new(source) })?;
        let is_client = ClientRecipe::KEYS.iter().any(|key| document.contains_key(key));
        if is_client != R::IS_CLIENT {
            let (is, command) = (R::Other::WORD, R::Other::COMMAND);
            return Err(RecipeError::OfAnotherRole { name: name.to_owned(), is, wanted: R::WORD, command });
        }
        let mut problems = Problems::default();
        let recipe = recipe(Fields::of_file(text, &document, &mut problems));
        match recipe {
            Some(recipe) if problems.is_empty() => Ok(recipe),
            _ => Err(RecipeError::Invalid { name: name.to_owned(), problems: problems.lines() }),
        }
    }

    /// The name with the version: what it is called where there may be several.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }
}

/// `None` only where there is a problem.
fn recipe<R: Role>(mut fields: Fields<'_>) -> Option<Recipe<R>> {
    let (name, version) = (fields.text("name"), fields.text("version"));
    // Both become the name of a folder.
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.as_ref().is_some_and(|name| name.starts_with('-') || !name.chars().all(is_name)) {
        fields.refuse("name", "is not made of lower-case letters, digits and hyphens");
    }
    let is_version = |c: char| c.is_ascii_alphanumeric() || ".+-_".contains(c);
    if version.as_ref().is_some_and(|version| version.contains("..") || !version.chars().all(is_version)) {
        fields.refuse("version", "is not made of letters, digits and `.+-_`");
    }
    let (title, licence) = (fields.text("title"), fields.text("licence"));
    let (language, home) = (fields.text("language"), fields.text("home"));
    let (not_run_here, notes) = (fields.optional_text("not-run-here"), fields.optional_text("notes"));
    let installs = fields.table("install").map(install);
    let role = R::read(&mut fields);
    let needs = fields.table("needs").map(needs::<R>).unwrap_or_default();
    fields.end();
    Some(Recipe {
        name: name?,
        title: title?,
        version: version?,
        licence: licence?,
        language: language?,
        home: home?,
        not_run_here,
        notes,
        install: match installs {
            Some(install) => Some(install?),
            None => None,
        },
        needs,
        role: role?,
    })
}

fn install(mut fields: Fields<'_>) -> Option<Install> {
    let tools = fields.texts("tools");
    let (steps, env, shows) = (fields.commands("steps"), fields.texts("env"), fields.text("shows"));
    if shows.as_ref().is_some_and(|shows| shows.starts_with('/') || shows.split('/').any(|part| part == "..")) {
        fields.refuse("shows", "is no path below the prefix");
    }
    placeholders(&mut fields, "steps", steps.iter().flatten().flatten(), OF_INSTALL);
    placeholders(&mut fields, "env", env.values(), OF_INSTALL);
    fields.end();
    Some(Install { tools, steps: steps?, env, shows: shows? })
}

fn needs<R: Role>(mut fields: Fields<'_>) -> Needs {
    let needs = Needs {
        // A client has a time limit of its own for a request, which is judged, too.
        timeout: if R::IS_CLIENT { None } else { fields.optional_seconds("timeout") },
        case_timeout: fields.optional_seconds("case-timeout"),
        jobs: fields.optional_number("jobs", 256),
    };
    fields.end();
    needs
}

/// Refuses placeholders that there are not.
pub(super) fn placeholders<'a>(
    fields: &mut Fields<'_>,
    key: &'static str,
    texts: impl Iterator<Item = &'a String>,
    known: &[&str],
) {
    for text in texts {
        for name in named(text).filter(|name| !known.contains(name)) {
            let known: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
            fields.refuse(key, &format!("has the placeholder {{{name}}}, and there are {}", known.join(", ")));
        }
    }
}

/// The placeholders in a text: lower-case words in braces.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).filter(|name| is_word(name))
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())
}

/// The text with the values of its placeholders.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let value = rest[1..].split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, after))
        });
        match value {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::implementation::{ServerRecipe, Signal};
    use crate::scenario::Layer;

    const RIGHT: &str = r#"
name = "stub"
title = "Stub"
version = "1.0"
licence = "MIT"
language = "Rust"
home = "https://example.com"
implements = true

[start]
command = ["{cogspec}", "emulate", "--port", "{port}"]

[ready]
path = "/health"
within = 5
"#;

    const CLIENT: &str = r#"
name = "stub"
title = "Stub"
version = "1.0"
licence = "MIT"
language = "sh"
home = "https://example.com"
layer = "sdk"

[adapter]
command = ["sh", "{prefix}/adapter.sh"]
"#;

    fn problems<R: Role>(text: &str) -> String {
        Recipe::<R>::parse("x.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_recipe_needs_little() {
        let recipe = Recipe::<ServerRecipe>::parse("x.toml", RIGHT).unwrap();
        assert_eq!(recipe.id(), "stub-1.0");
        assert!(recipe.install.is_none() && recipe.needs == Needs::default());
        let server = recipe.role;
        assert_eq!((server.stop.signal, server.stop.grace), (Signal::Term, Duration::from_secs(5)));
        assert_eq!(server.ready.within, Duration::from_secs(5));
        let client = Recipe::<ClientRecipe>::parse("x.toml", CLIENT).unwrap().role;
        assert_eq!((client.layer, client.command.len(), client.env.len()), (Layer::Sdk, 2, 0));
    }

    fn example<R: Role>(readme: &str) -> Recipe<R> {
        let example = readme.split("```").find_map(|block| block.strip_prefix("toml\n")).expect("an example");
        Recipe::parse("README.md", example).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn the_recipes_of_the_readmes_are_some() {
        let server: Recipe<ServerRecipe> = example(include_str!("../../implementations/README.md"));
        assert!(server.install.is_some() && server.needs.jobs == Some(2));
        let client: Recipe<ClientRecipe> = example(include_str!("../../implementations/clients/README.md"));
        assert!(client.install.is_some() && client.needs.jobs == Some(1));
    }

    #[test]
    fn a_client_is_no_server() {
        let told = problems::<ServerRecipe>(CLIENT);
        assert_eq!(
            told,
            "x.toml is the recipe of a client, and a server is wanted here; `cogspec clients` is for clients"
        );
        let told = problems::<ClientRecipe>(RIGHT);
        assert!(told.contains("of a server, and a client is wanted here; `cogspec implementations` is for"), "{told}");
        // One key is enough to tell.
        assert!(problems::<ServerRecipe>("[adapter]\n").contains("of a client"));
    }

    #[test]
    fn what_does_not_fit_a_client_is_told_with_its_line() {
        let wrong = CLIENT.replace("sdk", "browser").replace("{prefix}", "{port}")
            + "env = { AWS_MAX_ATTEMPTS = \"1\" }\ngrace = 1\n[start]\ncommand = [\"sh\"]\n[needs]\ntimeout = 5\n";
        let told = problems::<ClientRecipe>(&wrong);
        let lines: Vec<&str> = told.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "  line 8: `layer` is not sdk or webauthn",
                "  line 11: `command` has the placeholder {port}, and there are {name}, {version}, {prefix}, {data}",
                "  line 12: `env` has AWS_MAX_ATTEMPTS, and a client is judged with its own defaults, not with settings of AWS",
                "  line 13: `grace` is not known here; known are command, env",
                "  line 14: `start` is not known here; known are name, version, title, licence, language, home, not-run-here, \
                 notes, install, layer, adapter, needs",
                "  line 17: `timeout` is not known here; known are case-timeout, jobs",
            ]
        );
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let wrong = r#"
name = "../stub"
title = " "
version = "1.0/2"
licence = "MIT"
implements = "yes"
colour = "red"

[install]
steps = [["sh", "-c", "{prefix} {port}"], []]
shows = "../../bin/sh"

[install.tools]
sh = 1

[start]
command = "emulate --port {port}"
env = { A = "{home}" }

[ready]
path = "health"
within = 0

[stop]
signal = "HUP"
"#;
        let told = problems::<ServerRecipe>(wrong);
        let lines: Vec<&str> = told.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "  line 1: no `home`",
                "  line 1: no `language`",
                "  line 2: `name` is not made of lower-case letters, digits and hyphens",
                "  line 3: `title` is not a text that is not blank",
                "  line 4: `version` is not made of letters, digits and `.+-_`",
                "  line 6: `implements` is not true or false",
                "  line 7: `colour` is not known here; known are name, version, title, licence, language, home, not-run-here, \
                 notes, install, implements, takes-test-calls, start, ready, stop, needs",
                "  line 10: `steps` is not a list of commands, each a list of texts",
                "  line 11: `shows` is no path below the prefix",
                "  line 13: `tools` is no table of texts",
                "  line 17: `command` is not a list of texts: a program and its arguments",
                "  line 18: `env` has the placeholder {home}, and there are {name}, {version}, {prefix}, {port}, {data}, \
                 {cogspec}",
                "  line 21: `path` does not begin with a slash",
                "  line 22: `within` is not a number of seconds above 0, at most a day",
                "  line 25: `signal` is not TERM, INT or KILL",
            ]
        );
        assert!(problems::<ServerRecipe>("name = ").contains("is not TOML"));
        assert!(problems::<ServerRecipe>("").contains("no `name`"));
    }

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let values = [("port", "1"), ("data", "{port}")];
        assert_eq!(fill("a{port}b{data}{", &values), "a1b{port}{");
        assert_eq!(fill(r#"{"a": {port}, "b": {}}"#, &values), r#"{"a": 1, "b": {}}"#);
    }
}
