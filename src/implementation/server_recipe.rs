//! What the recipe of a server tells of it: how it is started, waited for and stopped.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fields::Fields;
use super::recipe::placeholders;

/// A server: it answers `StartWebAuthnRegistration`, or is a control that does not.
#[derive(Clone, Debug)]
pub struct ServerRecipe {
    /// Whether it implements `StartWebAuthnRegistration`, as its authors say.
    pub implements: bool,
    /// Whether it takes the calls that `cogspec emulate` takes for tests: answer with this error, give me your signing key.
    pub takes_test_calls: bool,
    /// How it is started.
    pub start: Start,
    /// How one sees that it is ready.
    pub ready: Ready,
    /// How it is stopped.
    pub stop: Stop,
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

/// The placeholders of a start.
const OF_START: &[&str] = &["name", "version", "prefix", "port", "data", "cogspec"];

impl ServerRecipe {
    /// Its fields in the file; `None` only where there is a problem.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let implements = fields.bool("implements");
        let takes_test_calls = fields.optional_bool("takes-test-calls").unwrap_or_default();
        let start = fields.required_table("start").and_then(start);
        let ready = fields.required_table("ready").and_then(ready);
        let stop = fields.table("stop").map_or(Some(Stop::USUAL), stop);
        Some(ServerRecipe { implements: implements?, takes_test_calls, start: start?, ready: ready?, stop: stop? })
    }
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
