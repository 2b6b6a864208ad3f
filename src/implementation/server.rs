//! A server that runs.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::cache::{Cache, CacheError};
use super::catalogue::Implementation;
use super::install::{InstallError, Installed};
use super::listening::exposed;
use super::place::{Place, variables};
use super::process::{Supervise, Supervised, Supervisor};
use super::recipe::{Recipe, fill};
use super::refused::NotRunHere;
use super::server_recipe::ServerRecipe;

/// How long the server may take for one answer while it is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A running server, on loopback only. Where it is dropped instead of stopped (an error, a panic, a command that is stopped) it
/// is stopped, too, with all that it has started.
pub struct Server {
    process: Supervised,
    endpoint: String,
    title: String,
    place: Place,
    _installed: Installed,
}

/// A server that ended before it was stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What it is called.
    pub title: String,
    /// The last lines of its log.
    pub tail: String,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ended by itself during the run; the end of its log:\n{}", self.title, self.tail)
    }
}

/// A server that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Nobody who wrote the recipe has run it.
    #[error(transparent)]
    NotRunHere(#[from] NotRunHere),
    /// There is no place to install it.
    #[error(transparent)]
    NoCache(#[from] CacheError),
    /// It could not be installed.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// Its port is taken.
    #[error("{title} can listen on port {port} only, which another program has taken; end that one first")]
    PortTaken {
        /// The server.
        title: String,
        /// The port.
        port: u16,
    },
    /// The system does not let it start.
    #[error("{title} cannot be started: {why}")]
    System {
        /// The server.
        title: String,
        /// Why.
        why: io::Error,
    },
    /// It ended before it was ready.
    #[error("{title} ended before it was ready; the end of its log:\n{tail}")]
    Ended {
        /// The server.
        title: String,
        /// The last lines of its log.
        tail: String,
    },
    /// It did not get ready.
    #[error("{title} is not ready after {} s: GET {path} {seen}; the end of its log:\n{tail}", within.as_secs_f64())]
    NotReady {
        /// The server.
        title: String,
        /// What was asked for.
        path: String,
        /// What came instead.
        seen: String,
        /// How long it was waited for.
        within: Duration,
        /// The last lines of its log.
        tail: String,
    },
    /// Others could reach it.
    #[error(
        "{title} listens on {}, not on loopback only, and was stopped: whoever reaches this machine could use it; its recipe must \
         bind it to 127.0.0.1",
        addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    Exposed {
        /// The server.
        title: String,
        /// The addresses that are not loopback ones.
        addresses: Vec<SocketAddr>,
    },
}

impl Implementation<ServerRecipe> {
    /// Installs it where that is needed, starts it on a port of 127.0.0.1, and waits until it is ready. What is done is told line
    /// by line. Stopped where the future is dropped.
    ///
    /// # Errors
    /// When it is not to be run here, cannot be installed, does not get ready, or listens not only on loopback.
    pub async fn start(
        &self,
        cache: &Cache,
        supervisor: &Supervisor,
        tell: &(dyn Fn(&str) + Sync),
    ) -> Result<Server, StartError> {
        let recipe = self.recipe();
        if let Some(refused) = self.refused() {
            return Err(refused.into());
        }
        let installed = self.install(cache, supervisor, tell).await?;
        let port = port(recipe)?;
        tell(&format!("starting {} {} on 127.0.0.1:{port}", recipe.title, recipe.version));
        let mut server = launch(recipe, installed, supervisor, port)
            .map_err(|why| StartError::System { title: recipe.title.clone(), why })?;
        server.wait(recipe, port).await?;
        let addresses = server.process.id().map(exposed).unwrap_or_default();
        if !addresses.is_empty() {
            let title = server.title.clone();
            server.stop().await;
            return Err(StartError::Exposed { title, addresses });
        }
        Ok(server)
    }
}

/// The values of the placeholders of a start.
pub(super) fn values<'a>(
    recipe: &'a Recipe<ServerRecipe>,
    prefix: &'a str,
    port: &'a str,
    data: &'a str,
    cogspec: &'a str,
) -> [(&'static str, &'a str); 6] {
    [
        ("name", &recipe.name),
        ("version", &recipe.version),
        ("prefix", prefix),
        ("port", port),
        ("data", data),
        ("cogspec", cogspec),
    ]
}

fn launch(
    recipe: &Recipe<ServerRecipe>,
    installed: Installed,
    supervisor: &Supervisor,
    port: u16,
) -> io::Result<Server> {
    let place = Place::new()?;
    let [data, prefix, cogspec] =
        [place.data(), installed.prefix(), supervisor.program()].map(|path| path.display().to_string());
    let port = port.to_string();
    let values = values(recipe, &prefix, &port, &data, &cogspec);
    let filled = |text: &String| fill(text, &values);
    let ServerRecipe { start, stop, .. } = &recipe.role;
    let words: Vec<String> = start.command.iter().map(filled).collect();
    let mut env = place.env();
    env.extend(start.env.iter().map(|(name, value)| (name.clone(), filled(value))));
    // A server of somebody else's has no business with a person's AWS account.
    let without = variables(|name| name.starts_with("AWS_") && !env.contains_key(name));
    let command = Supervise { words: &words, env: &env, without: &without, folder: place.data(), stop: *stop };
    let process = supervisor.start(&command, &place.create_log()?)?;
    let (endpoint, title) = (format!("http://127.0.0.1:{port}"), recipe.title.clone());
    Ok(Server { process, endpoint, title, place, _installed: installed })
}

impl Server {
    /// Its endpoint, such as `http://127.0.0.1:4566`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Stops it, with all that it has started. Says so where it had ended before.
    pub async fn stop(mut self) -> Option<Ended> {
        let ended = !self.process.is_running();
        let ended = ended.then(|| Ended { title: self.title.clone(), tail: self.place.tail() });
        self.process.stop().await;
        ended
    }

    async fn wait(&mut self, recipe: &Recipe<ServerRecipe>, port: u16) -> Result<(), StartError> {
        let path = &recipe.role.ready.path;
        let end = Instant::now() + recipe.role.ready.within;
        let mut seen = "was not answered".to_owned();
        while Instant::now() < end {
            if !self.process.is_running() {
                return Err(StartError::Ended { title: self.title.clone(), tail: self.place.tail() });
            }
            let patience = PATIENCE.min(end - Instant::now());
            seen = match timeout(patience, status(port, path)).await {
                Ok(Ok(status)) if status < 500 => return Ok(()),
                Ok(Ok(status)) => format!("is answered with the status {status}"),
                Ok(Err(e)) => format!("is not answered ({e})"),
                Err(_) => "is not answered in time".to_owned(),
            };
            sleep(Duration::from_millis(50)).await;
        }
        let (title, tail) = (self.title.clone(), self.place.tail());
        Err(StartError::NotReady { title, path: path.clone(), seen, within: recipe.role.ready.within, tail })
    }
}

/// The port that the recipe names, or a free one.
fn port(recipe: &Recipe<ServerRecipe>) -> Result<u16, StartError> {
    let title = recipe.title.clone();
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, recipe.role.start.port.unwrap_or(0)));
    match (bound.and_then(|listener| listener.local_addr()), recipe.role.start.port) {
        (Ok(address), _) => Ok(address.port()),
        (Err(e), Some(port)) if e.kind() == io::ErrorKind::AddrInUse => Err(StartError::PortTaken { title, port }),
        (Err(why), _) => Err(StartError::System { title, why }),
    }
}

/// The status that a GET is answered with.
async fn status(port: u16, path: &str) -> io::Result<u16> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut head).await?;
    let status = std::str::from_utf8(&head).ok().and_then(|head| head.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok());
    status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no HTTP"))
}
