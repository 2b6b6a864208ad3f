//! The file `implementation.toml`: how one server is installed, started, waited for and stopped.

use std::collections::BTreeMap;
use std::time::Duration;

use toml_edit::Document;

use super::fields::{Fields, Problems};

/// One server, as its recipe describes it. Commands are lists of words, and go to no shell; in words and environments the
/// placeholders stand for what is known only on the machine.
#[derive(Clone, Debug)]
pub struct Recipe {
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
    /// Whether it implements `StartWebAuthnRegistration`, as its authors say.
    pub implements: bool,
    /// Whether it takes the calls that `cogspec emulate` takes for tests: answer with this error, give me your signing key.
    pub takes_test_calls: bool,
    /// Why nobody who wrote the recipe has run it; `None` where it was run.
    pub not_run_here: Option<String>,
    /// What else one should know.
    pub notes: Option<String>,
    /// How it is installed; `None` where there is nothing to install.
    pub install: Option<Install>,
    /// How it is started.
    pub start: Start,
    /// How one sees that it is ready.
    pub ready: Ready,
    /// How it is stopped.
    pub stop: Stop,
    /// What a run needs to ask of it, where that is not the usual.
    pub needs: Needs,
}

/// How a server is installed.
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

/// How a server is started: in an empty folder of its own, without the AWS settings of the environment.
///
/// Placeholders: `{name}`, `{version}`, `{prefix}`; `{port}`, where it is to listen on 127.0.0.1; `{data}`, the empty folder;
/// `{cogspec}`, this program.
#[derive(Clone, Debug)]
pub struct Start {
    /// The command. It must listen on loopback only.
    pub command: Vec<String>,
    /// Variables of its environment.
    pub env: BTreeMap<String, String>,
    /// The port that it listens on, where it can take no other.
    pub port: Option<u16>,
}

/// How one sees that a server is ready: a GET of the path is answered, with no error of the server (5xx).
#[derive(Clone, Debug)]
pub struct Ready {
    /// The path, with its leading slash.
    pub path: String,
    /// How long that may take.
    pub within: Duration,
}

/// How a server is stopped, with all that it has started in its process group.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// The signal that it is asked with.
    pub signal: Signal,
    /// How long it may take before it is killed.
    pub grace: Duration,
}

impl Stop {
    /// How a program is stopped where nothing else is said: SIGTERM, and 5 seconds.
    pub const USUAL: Stop = Stop { signal: Signal::Term, grace: Duration::from_secs(5) };
}

/// A signal that asks a program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM.
    Term,
    /// SIGINT.
    Int,
    /// SIGKILL.
    Kill,
}

impl Signal {
    /// Its name, without `SIG`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Signal::Term => "TERM",
            Signal::Int => "INT",
            Signal::Kill => "KILL",
        }
    }

    /// The signal of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Signal::Term, Signal::Int, Signal::Kill].into_iter().find(|signal| signal.name() == name)
    }
}

/// The options of a run that a server needs, where a person has given no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// How long one request may take.
    pub timeout: Option<Duration>,
    /// How long one case may take.
    pub case_timeout: Option<Duration>,
    /// How many cases run at once.
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
}

/// The placeholders of an installation, and of a start.
const OF_INSTALL: &[&str] = &["name", "version", "prefix", "recipe", "build"];
const OF_START: &[&str] = &["name", "version", "prefix", "port", "data", "cogspec"];

impl Recipe {
    /// Reads the text of a file of that name.
    ///
    /// # Errors
    /// When it is not TOML, lacks something, or has something that is not known.
    pub fn parse(name: &str, text: &str) -> Result<Self, RecipeError> {
        let document = Document::parse(text)
            .map_err(|source| RecipeError::NotToml { name: name.to_owned(), source: Box::new(source) })?;
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
fn recipe(mut fields: Fields<'_>) -> Option<Recipe> {
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
    let implements = fields.bool("implements");
    let takes_test_calls = fields.optional_bool("takes-test-calls").unwrap_or_default();
    let (not_run_here, notes) = (fields.optional_text("not-run-here"), fields.optional_text("notes"));
    let installs = fields.table("install").map(install);
    let start = fields.required_table("start").and_then(start);
    let ready = fields.required_table("ready").and_then(ready);
    let stop = fields.table("stop").map_or(Some(Stop::USUAL), stop);
    let needs = fields.table("needs").map(needs).unwrap_or_default();
    fields.end();
    Some(Recipe {
        name: name?,
        title: title?,
        version: version?,
        licence: licence?,
        language: language?,
        home: home?,
        implements: implements?,
        takes_test_calls,
        not_run_here,
        notes,
        install: match installs {
            Some(install) => Some(install?),
            None => None,
        },
        start: start?,
        ready: ready?,
        stop: stop?,
        needs,
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

fn start(mut fields: Fields<'_>) -> Option<Start> {
    let (command, env) = (fields.command("command"), fields.texts("env"));
    let port = fields.optional_number("port", u16::MAX);
    placeholders(&mut fields, "command", command.iter().flatten(), OF_START);
    placeholders(&mut fields, "env", env.values(), OF_START);
    fields.end();
    Some(Start { command: command?, env, port })
}

fn ready(mut fields: Fields<'_>) -> Option<Ready> {
    let (path, within) = (fields.text("path"), fields.seconds("within"));
    if path.as_ref().is_some_and(|path| !path.starts_with('/')) {
        fields.refuse("path", "does not begin with a slash");
    }
    fields.end();
    Some(Ready { path: path?, within: within? })
}

fn stop(mut fields: Fields<'_>) -> Option<Stop> {
    let named = fields.optional_text("signal");
    let signal = named.as_ref().map_or(Some(Stop::USUAL.signal), |name| Signal::named(name));
    if signal.is_none() {
        fields.refuse("signal", "is not TERM, INT or KILL");
    }
    let grace = fields.optional_seconds("grace").unwrap_or(Stop::USUAL.grace);
    fields.end();
    Some(Stop { signal: signal?, grace })
}

fn needs(mut fields: Fields<'_>) -> Needs {
    let needs = Needs {
        timeout: fields.optional_seconds("timeout"),
        case_timeout: fields.optional_seconds("case-timeout"),
        jobs: fields.optional_number("jobs", 256),
    };
    fields.end();
    needs
}

/// Refuses placeholders that there are not.
fn placeholders<'a>(
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
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
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

    fn problems(text: &str) -> String {
        Recipe::parse("x.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn a_recipe_needs_little() {
        let recipe = Recipe::parse("x.toml", RIGHT).unwrap();
        assert_eq!(recipe.id(), "stub-1.0");
        assert!(recipe.install.is_none() && recipe.needs == Needs::default());
        assert_eq!((recipe.stop.signal, recipe.stop.grace), (Signal::Term, Duration::from_secs(5)));
        assert_eq!(recipe.ready.within, Duration::from_secs(5));
    }

    #[test]
    fn the_recipe_of_the_readme_is_one() {
        let readme = include_str!("../../implementations/README.md");
        let example = readme.split("```").find_map(|block| block.strip_prefix("toml\n")).expect("an example");
        let recipe = Recipe::parse("README.md", example).unwrap_or_else(|e| panic!("{e}"));
        assert!(recipe.install.is_some() && recipe.needs.jobs == Some(2));
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
        let told = problems(wrong);
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
                "  line 7: `colour` is not known here; known are name, version, title, licence, language, home, implements, \
                 takes-test-calls, not-run-here, notes, install, start, ready, stop, needs",
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
        assert!(problems("name = ").contains("is not TOML"));
        assert!(problems("").contains("no `name`"));
    }

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let values = [("port", "1"), ("data", "{port}")];
        assert_eq!(fill("a{port}b{data}{", &values), "a1b{port}{");
        assert_eq!(fill(r#"{"a": {port}, "b": {}}"#, &values), r#"{"a": 1, "b": {}}"#);
    }
}
