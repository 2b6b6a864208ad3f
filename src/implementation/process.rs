//! A program that ends with this one, whatever ends this one.
//!
//! A program is started by a **supervisor**: this program in a process of its own, whose standard input is a pipe from here.
//! When the pipe closes, because the program is to stop or because this process is no more (a second Ctrl-C, a panic, a
//! SIGKILL), the supervisor stops the program and all of its process group.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, ChildStdin, Command};

use super::recipe::Stop;

/// The program `cogspec`, which supervises what is started.
#[derive(Clone, Debug)]
pub struct Supervisor {
    program: PathBuf,
}

impl Supervisor {
    /// This program itself. Only for the command `cogspec`: another program does not know how to supervise.
    ///
    /// # Errors
    /// When it cannot be told where it is.
    pub fn this_program() -> io::Result<Self> {
        std::env::current_exe().map(Supervisor::at)
    }

    /// The command `cogspec` at that path.
    #[must_use]
    pub fn at(program: PathBuf) -> Self {
        Supervisor { program }
    }

    /// Where it is.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// Starts a command in that folder, which writes to the log.
    pub(super) fn start(&self, command: &Supervise<'_>, log: &File) -> io::Result<Supervised> {
        let mut process = Command::new(&self.program);
        process
            .args(["supervise", "--signal", command.stop.signal.name()])
            .args(["--grace", &command.stop.grace.as_secs_f64().to_string(), "--"])
            .args(command.words)
            .envs(command.env)
            .current_dir(command.folder)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?);
        for name in command.without {
            process.env_remove(name);
        }
        // Ctrl-C is told to the whole group of a terminal: the supervisor is to outlive this process.
        #[cfg(unix)]
        process.process_group(0);
        let mut child = process.spawn().map_err(|e| {
            io::Error::new(e.kind(), format!("{} cannot be started as a supervisor: {e}", self.program.display()))
        })?;
        let pipe = child.stdin.take();
        Ok(Supervised { child, pipe, grace: command.stop.grace })
    }
}

/// What is to be started.
pub(super) struct Supervise<'a> {
    /// The program and its arguments.
    pub(super) words: &'a [String],
    /// Variables of its environment, besides those that this process has.
    pub(super) env: &'a BTreeMap<String, String>,
    /// Variables of this process that it does not get.
    pub(super) without: &'a [String],
    /// Where it starts.
    pub(super) folder: &'a Path,
    /// How it is stopped.
    pub(super) stop: Stop,
}

/// A program that runs under a supervisor. It is stopped when this is dropped, too.
pub(super) struct Supervised {
    child: Child,
    /// While it is open the program runs.
    pipe: Option<ChildStdin>,
    grace: Duration,
}

/// What a supervisor may take beyond the grace of its program.
const BESIDES: Duration = Duration::from_secs(5);

impl Supervised {
    /// Waits until the program ends by itself.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Whether it still runs.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The supervisor's process id; `None` where it has ended.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Stops it.
    pub(super) async fn stop(mut self) {
        self.pipe = None;
        // Where the supervisor hangs, dropping ends it.
        let _ = tokio::time::timeout(self.grace + BESIDES, self.child.wait()).await;
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.pipe = None;
        let end = Instant::now() + self.grace + BESIDES;
        while self.is_running() {
            if Instant::now() > end {
                let _ = self.child.start_kill();
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
