//! A program that ends with this one, whatever ends this one.
//!
//! A program is started by a **supervisor**: this program in a process of its own, whose standard input is a pipe from here.
//! When the pipe closes, because the program is to stop or because this process is no more (a second Ctrl-C, a panic, a
//! SIGKILL), the supervisor stops the program and all that it has started.
//!
//! A program that is talked to reads what is written into that pipe, and is read by this process without anybody between. Such a
//! program may end by itself at the end of its input, before it is stopped.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::server_recipe::Stop;

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
    pub(crate) fn start(&self, command: &Supervise<'_>, log: &File) -> io::Result<Supervised> {
        let mut process = self.command(command, &[], log)?;
        self.spawn(process.stdout(log.try_clone()?), command.stop.grace)
    }

    /// Starts a command that is talked to; its standard error goes to the log.
    pub(crate) fn start_talking(
        &self,
        command: &Supervise<'_>,
        log: &File,
    ) -> io::Result<(Supervised, Option<ChildStdout>)> {
        let mut process = self.command(command, &["--talk"], log)?;
        // One grace to end by itself, and one after it was asked.
        let mut process = self.spawn(process.stdout(Stdio::piped()), 2 * command.stop.grace)?;
        let output = process.child.stdout.take();
        Ok((process, output))
    }

    fn command(&self, command: &Supervise<'_>, options: &[&str], log: &File) -> io::Result<Command> {
        let mut process = Command::new(&self.program);
        process
            .args(["supervise", "--signal", command.stop.signal.name()])
            .args(["--grace", &command.stop.grace.as_secs_f64().to_string()])
            .args(options)
            .arg("--")
            .args(command.words)
            .envs(command.env)
            .current_dir(command.folder)
            .stdin(Stdio::piped())
            .stderr(log.try_clone()?);
        for name in command.without {
            process.env_remove(name);
        }
        // Ctrl-C is told to the whole group of a terminal: the supervisor is to outlive this process.
        #[cfg(unix)]
        process.process_group(0);
        Ok(process)
    }

    fn spawn(&self, process: &mut Command, grace: Duration) -> io::Result<Supervised> {
        let mut child = process.spawn().map_err(|e| {
            io::Error::new(e.kind(), format!("{} cannot be started as a supervisor: {e}", self.program.display()))
        })?;
        let pipe = child.stdin.take();
        Ok(Supervised { child, pipe, grace })
    }
}

/// What is to be started.
pub(crate) struct Supervise<'a> {
    /// The program and its arguments.
    pub(crate) words: &'a [String],
    /// Variables of its environment, besides those that this process has.
    pub(crate) env: &'a BTreeMap<String, String>,
    /// Variables of this process that it does not get.
    pub(crate) without: &'a [String],
    /// Where it starts.
    pub(crate) folder: &'a Path,
    /// How it is stopped.
    pub(crate) stop: Stop,
}

/// A program that runs under a supervisor. It is stopped when this is dropped, too.
pub(crate) struct Supervised {
    child: Child,
    /// While it is open the program runs.
    pipe: Option<ChildStdin>,
    /// What the program may take to end.
    grace: Duration,
}

/// What a supervisor may take beyond the grace of its program.
const BESIDES: Duration = Duration::from_secs(5);

impl Supervised {
    /// Waits until the program ends by itself.
    pub(crate) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The supervisor's process id; `None` where it has ended.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Writes to a program that is talked to.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let pipe = self.pipe.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        pipe.write_all(bytes).await?;
        pipe.flush().await
    }

    /// Ends its input: a program that is talked to may end by itself now, any other one is stopped.
    pub(crate) fn end_input(&mut self) {
        self.pipe = None;
    }

    /// Has a program that is talked to stopped without waiting for it to end by itself.
    pub(crate) fn interrupt(&mut self) {
        self.pipe = None;
        #[cfg(unix)]
        if let Some(id) = self.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
    }

    /// Stops it.
    pub(crate) async fn stop(mut self) {
        self.end_input();
        self.gone().await;
    }

    /// Waits until a program is gone whose end was asked for.
    pub(crate) async fn gone(&mut self) {
        if tokio::time::timeout(self.grace + BESIDES, self.child.wait()).await.is_err() {
            // The supervisor itself hangs.
            let _ = self.child.start_kill();
        }
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
