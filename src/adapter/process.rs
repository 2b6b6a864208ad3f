//! An adapter that runs.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::lines::{LIMIT, Lines, Next};
use super::lost::Lost;
use super::message::{Ask, Told};
use crate::implementation::{
    ClientRecipe, Implementation, Installed, Place, Stop, Supervise, Supervised, Supervisor, fill, variables,
};
use crate::run::printable;
use crate::wire;

/// What it may take to end by itself, and then once more until it is killed.
const GRACE: Duration = Stop::USUAL.grace;

/// What it may take from the end of its output to its own.
const AFTER_OUTPUT: Duration = Duration::from_secs(5);

/// The most bytes of its log.
const LOG: u64 = 64 * 1024 * 1024;

/// The most characters of what it wrote that are told.
const SHOWN: usize = 200;

/// Variables of every adapter, so that no setting of the machine gets to its client.
const ENV: [(&str, &str); 3] = [
    ("AWS_CONFIG_FILE", "/dev/null"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

/// A running adapter. Where it is dropped instead of stopped it is stopped, too, with all that it has started.
pub struct Adapter {
    process: Supervised,
    lines: Lines,
    place: Place,
    log: Arc<File>,
    _installed: Arc<Installed>,
}

impl Adapter {
    /// Starts the adapter of a client, in an empty folder, without the variables `AWS_*` and without proxies: the scenarios are on
    /// this machine. What its program is it shows when it is asked.
    ///
    /// # Errors
    /// When there can be no folder or no process for it.
    pub fn start(
        client: &Implementation<ClientRecipe>,
        installed: &Arc<Installed>,
        supervisor: &Supervisor,
    ) -> io::Result<Self> {
        let recipe = client.recipe();
        let place = Place::new()?;
        let [data, prefix] = [place.data(), installed.prefix()].map(|path| path.display().to_string());
        let values = recipe.adapter_values(&prefix, &data);
        let filled = |text: &String| fill(text, &values);
        let words: Vec<String> = recipe.role.command.iter().map(filled).collect();
        let mut env = place.env();
        env.extend(ENV.map(|(name, value)| (name.to_owned(), value.to_owned())));
        env.extend(recipe.role.env.iter().map(|(name, value)| (name.clone(), filled(value))));
        let without = variables(|name| is_of_the_machine(name) && !env.contains_key(name));
        let command =
            Supervise { words: &words, env: &env, without: &without, folder: place.data(), stop: Stop::USUAL };
        let log = Arc::new(place.create_log()?);
        let (process, output) = supervisor.start_talking(&command, &log)?;
        let lines = Lines::of(output.ok_or(io::ErrorKind::BrokenPipe)?);
        Ok(Adapter { process, lines, place, log, _installed: Arc::clone(installed) })
    }

    /// Asks it, and waits so long for its answer. Where the future is dropped the adapter is of no use any more.
    ///
    /// # Errors
    /// When it gives no answer, or one that is not to be trusted. It is stopped then.
    pub async fn ask(&mut self, ask: &Ask, within: Duration) -> Result<Told, Lost> {
        let log = Arc::clone(&self.log);
        let answer = tokio::select! {
            biased;
            answer = timeout(within, self.exchange(ask)) => answer.unwrap_or(Err(Failed::Silent)),
            () = grows(&log) => Err(Failed::Floods),
        };
        match answer {
            Ok(told) => Ok(told),
            Err(failed) => Err(self.lose(failed, ask, within).await),
        }
    }

    /// Ends its input, and waits until it has ended.
    ///
    /// # Errors
    /// When it writes something more, goes on, or ends with another exit code than 0.
    pub async fn stop(mut self) -> Result<(), Lost> {
        self.process.end_input();
        let ends = async {
            let written = self.lines.anything().await.to_owned();
            if written.is_empty() { Ok(self.process.ended().await) } else { Err(written) }
        };
        match timeout(GRACE, ends).await {
            Ok(Ok(ended)) if ended.as_ref().is_ok_and(std::process::ExitStatus::success) => Ok(()),
            Ok(Ok(ended)) => Err(Lost::Ended { code: code(ended), tail: self.tail() }),
            Ok(Err(written)) => {
                self.end().await;
                Err(garbage("it was not asked", &written))
            }
            Err(_) => {
                self.end().await;
                Err(Lost::Stays { within: GRACE, tail: self.tail() })
            }
        }
    }

    async fn exchange(&mut self, ask: &Ask) -> Result<Told, Failed> {
        let early = self.lines.left();
        if !early.is_empty() {
            return Err(Failed::Garbage("it was not asked", early.to_owned()));
        }
        // Where it has ended this fails, and so does the reading.
        let _ = self.process.write(ask.to_line().as_bytes()).await;
        let line = match self.line().await {
            Next::Line(line) => line,
            Next::TooLong(line) => return Err(Failed::Garbage(TOO_LONG, line)),
            Next::End => {
                let ended = timeout(AFTER_OUTPUT, self.process.ended()).await;
                return Err(ended.map_or(Failed::Closed, |ended| Failed::Ended(code(ended))));
            }
        };
        let told = Told::parse(&line).map_err(|why| Failed::Wrong(why.to_string(), line))?;
        if told.scenario != ask.scenario {
            return Err(Failed::Other(told.scenario));
        }
        match self.lines.left() {
            [] => Ok(told),
            more => Err(Failed::Garbage("it was asked one thing", more.to_owned())),
        }
    }

    /// The next line. What it has started elsewhere may hold its output open when it has ended itself.
    async fn line(&mut self) -> Next {
        tokio::select! {
            biased;
            next = self.lines.next() => return next,
            _ = self.process.ended() => {}
        }
        timeout(AFTER_OUTPUT, self.lines.next()).await.unwrap_or(Next::End)
    }

    /// Stops it, and says why.
    async fn lose(&mut self, failed: Failed, ask: &Ask, within: Duration) -> Lost {
        self.end().await;
        let tail = self.tail();
        match failed {
            Failed::Ended(code) => Lost::Ended { code, tail },
            Failed::Silent => Lost::Silent { within, tail },
            Failed::Closed => Lost::Closed { tail },
            Failed::Floods => Lost::Floods { limit: LOG, tail },
            Failed::Garbage(why, line) => garbage(why, &line),
            Failed::Wrong(why, line) => garbage(&why, &line),
            Failed::Other(answered) => {
                Lost::Other { asked: ask.scenario.clone(), answered: wire::printable(&answered, SHOWN) }
            }
        }
    }

    /// The last lines of its log. What it was asked may be in it.
    fn tail(&self) -> String {
        printable(&wire::mask_tokens(&self.place.tail()))
    }

    /// Stops it without waiting for it to end by itself.
    async fn end(&mut self) {
        self.process.interrupt();
        self.process.gone().await;
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        self.process.interrupt();
    }
}

/// Why there is no answer, while the adapter still runs.
enum Failed {
    Ended(u8),
    Silent,
    Closed,
    Floods,
    Garbage(&'static str, Vec<u8>),
    Wrong(String, Vec<u8>),
    Other(String),
}

const TOO_LONG: &str = "a line may have 16 MiB";
const _: () = assert!(LIMIT == 16 << 20, "the message tells another limit");

/// Resolves when a log is too large.
async fn grows(log: &File) {
    while log.metadata().is_ok_and(|log| log.len() <= LOG) {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

fn garbage(why: &str, written: &[u8]) -> Lost {
    // A character that is cut, or no UTF-8 at all, is told as such; beyond that nothing is looked at.
    let line = String::from_utf8_lossy(&written[..written.len().min(4 * SHOWN)]);
    Lost::Garbage { why: wire::printable(why, SHOWN), line: wire::printable(&line, SHOWN) }
}

/// The exit code that the supervisor passes on.
fn code(ended: io::Result<std::process::ExitStatus>) -> u8 {
    ended.ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// Whether a variable sets something for a client that is a person's own business.
fn is_of_the_machine(name: &str) -> bool {
    const PROXIES: [&str; 3] = ["http_proxy", "https_proxy", "all_proxy"];
    name.starts_with("AWS_") || PROXIES.contains(&name.to_ascii_lowercase().as_str())
}
