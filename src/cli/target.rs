//! The options by which a person names a target, shared by the commands that call one.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Failure;
use super::caller::{CallerArgs, Callers, Given};
use super::connection::ConnectionArgs;
use super::implementation;
use super::io::tell_guarded;
use crate::artefact::Guard;
use crate::cassette::Cassette;
use crate::emulator::{Config, Emulator};
use crate::implementation::{Implementation, Needs, Server, ServerRecipe};
use crate::tape::Tape;
use crate::target::{Connection, Endpoint, Fixtures, Limits, Place, SecretKind, Signing, Target, TargetError, place};
use crate::token::Key;

/// Which server to judge.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Target")]
pub(super) struct TargetArgs {
    /// The server's endpoint, such as http://127.0.0.1:9229; the embedded emulator where none is given.
    #[arg(long, value_name = "URL", group = "server")]
    pub(super) endpoint: Option<String>,

    /// Install and start this server for the command, and stop it then: a name (`cogspec implementations` lists them), or the
    /// folder of a recipe, such as ./my-server.
    #[arg(long, value_name = "NAME|FOLDER", groups = ["server", "expectations"], value_parser = implementation::runnable::<ServerRecipe>)]
    pub(super) implementation: Option<Implementation<ServerRecipe>>,

    /// A host, other than this machine itself, that may be called.
    #[arg(long, value_name = "HOST", requires = "endpoint")]
    allow_remote: Option<String>,

    /// The AWS Region that calls are signed for.
    #[arg(long, default_value = "us-east-1")]
    pub(super) region: String,

    #[command(flatten)]
    caller: CallerArgs,

    /// The server's RSA signing key in PEM, for cases that need a validly signed token with one wrong claim.
    #[arg(long, value_name = "FILE", requires = "server", requires = "signing_kid")]
    signing_key: Option<PathBuf>,

    /// The `kid` of that key.
    #[arg(long, value_name = "KID", requires = "signing_key")]
    signing_kid: Option<String>,

    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
}

/// Fixtures on the target, and what was started for it.
pub(super) struct Reached {
    pub(super) fixtures: Arc<Fixtures>,
    started: Started,
}

/// What was started for a command.
enum Started {
    Nothing,
    Emulator(Emulator),
    Server(Box<Server>),
}

impl TargetArgs {
    /// Those that name an implementation, and nothing else.
    pub(super) fn of(implementation: Implementation<ServerRecipe>) -> Self {
        TargetArgs {
            endpoint: None,
            implementation: Some(implementation),
            allow_remote: None,
            region: "us-east-1".to_owned(),
            caller: CallerArgs::default(),
            signing_key: None,
            signing_kid: None,
            connection: ConnectionArgs::default(),
        }
    }

    /// Whether the target is this machine, at which any load may be put.
    pub(super) async fn is_this_machine(&self) -> Result<bool, Failure> {
        let Some(endpoint) = &self.endpoint else { return Ok(true) };
        let usage = |e: TargetError| Failure::usage(e.to_string());
        let endpoint = Endpoint::parse(endpoint).map_err(usage)?;
        Ok(place(&endpoint, self.connection.resolve()).await.map_err(usage)? != Place::Elsewhere)
    }

    /// Reaches the target; starts the embedded emulator where no endpoint is named. The guard gets to know its secrets.
    pub(super) async fn reach(&self, guard: &Guard) -> Result<Reached, Failure> {
        self.reach_on(Tape::default(), guard).await
    }

    /// The same, with all that the target is asked recorded on that tape.
    pub(super) async fn reach_on(&self, tape: Tape, guard: &Guard) -> Result<Reached, Failure> {
        let (mut target, started) = match (&self.implementation, &self.endpoint) {
            (Some(implementation), _) => {
                let server = implementation::start(implementation).await?;
                let recipe = implementation.recipe();
                let mut target = match recipe.role.takes_test_calls {
                    true => self.embedded(server.endpoint())?,
                    false => self.at(server.endpoint()).await?,
                };
                target.name = format!("{} {}", recipe.title, recipe.version);
                (target, Started::Server(Box::new(server)))
            }
            (None, Some(endpoint)) => (self.at(endpoint).await?, Started::Nothing),
            (None, None) => {
                let config = Config { region: self.region.clone(), ..Config::default() };
                let emulator = Emulator::start(config)
                    .await
                    .map_err(|e| Failure::usage(format!("the embedded emulator cannot listen on 127.0.0.1: {e}")))?;
                (self.embedded(&emulator.endpoint())?, Started::Emulator(emulator))
            }
        };
        target.secrets = guard.secrets();
        if let (Some(file), Some(kid)) = (&self.signing_key, &self.signing_kid) {
            let pem = read_text(file)?;
            target.secrets.add_own(SecretKind::SigningKey, &pem);
            let key = Key::from_pem(kid, &pem).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
            target.signing = Signing::Given(key);
        }
        let target = target.on_tape(tape);
        Ok(Reached { started, ..Reached::with(target, Fixtures::word(), self.given()?).await? })
    }

    /// The options of a run that the server needs, where the person gives no others.
    pub(super) fn needs(&self) -> Needs {
        self.implementation.as_ref().map(|implementation| implementation.recipe().needs).unwrap_or_default()
    }

    /// Who calls.
    pub(super) fn callers(&self) -> Callers {
        self.caller.callers()
    }

    /// The one user who calls, where there is no control plane to make others with.
    pub(super) fn given(&self) -> Result<Option<Given>, Failure> {
        self.caller.given()
    }

    /// cogspec's own emulator at that endpoint.
    fn embedded(&self, endpoint: &str) -> Result<Target, Failure> {
        let connection = self.connection.connection(Limits::default())?;
        Target::embedded(endpoint, &self.region, connection).map_err(|e| Failure::usage(e.to_string()))
    }

    async fn at(&self, endpoint: &str) -> Result<Target, Failure> {
        let usage = |e: TargetError| Failure::usage(e.to_string());
        let parsed = Endpoint::parse(endpoint).map_err(usage)?;
        let connection = match place(&parsed, self.connection.resolve()).await.map_err(usage)? {
            Place::ThisMachine(resolve) => {
                let connection = self.connection.connection(Limits::default())?;
                let timeout = self.connection.timeout().or(self.needs().timeout).unwrap_or(connection.timeout);
                Connection { resolve, timeout, ..connection }
            }
            Place::Elsewhere if self.allow_remote.as_deref() == Some(parsed.host()) => {
                self.connection.connection(Limits::REMOTE)?
            }
            Place::Elsewhere => {
                let host = parsed.host();
                return Err(Failure::usage(format!(
                    "{host} is not this machine; if you may test that server, add --allow-remote {host}"
                )));
            }
        };
        Target::endpoint(endpoint, &self.region, connection).map_err(usage)
    }
}

impl Reached {
    /// A recorded run in the place of a server.
    pub(super) async fn replayed(cassette: Cassette, guard: &Guard) -> Result<Self, Failure> {
        let fixtures = cassette.into_fixtures(guard.secrets()).await.map_err(|e| Failure::usage(e.to_string()))?;
        Ok(Reached { fixtures: Arc::new(fixtures), started: Started::Nothing })
    }

    /// A target with the fixtures of a run of that word.
    pub(super) async fn with(target: Target, run: String, given: Option<Given>) -> Result<Self, Failure> {
        let fixtures = match given {
            None => Fixtures::new(target, run, None),
            Some(Given::Token(token)) => Fixtures::new(target, run, Some(token)),
            Some(Given::User(login)) => Fixtures::of_user(target, run, login).await.map_err(|refused| {
                Failure::unreachable(format!("the user cannot sign in with the password: {refused}"))
            })?,
        };
        Ok(Reached { fixtures: Arc::new(fixtures), started: Started::Nothing })
    }

    /// Stops what was started; tells where it had ended before.
    pub(super) async fn leave(self, guard: &Guard) {
        match self.started {
            Started::Nothing => {}
            Started::Emulator(emulator) => emulator.shutdown().await,
            Started::Server(server) => {
                if let Some(ended) = server.stop().await {
                    let told = guard.secrets().clean(&format!("warning: {ended}"));
                    tell_guarded(guard, &crate::run::printable(&told));
                }
            }
        }
    }
}

pub(super) fn read_text(file: &std::path::Path) -> Result<String, Failure> {
    String::from_utf8(super::read_input(file)?).map_err(|_| Failure::usage(format!("{} is not text", file.display())))
}

/// Reads a positive number of seconds.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 86_400.0 => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("a number of seconds above 0, at most a day".to_owned()),
    }
}
