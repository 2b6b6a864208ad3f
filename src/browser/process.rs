//! The process of a driver or a browser.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::BrowserError;
use crate::machine::Folder;

/// How long a process may take until it listens.
const START: Duration = Duration::from_secs(30);

/// A driver, or a browser without one. It is ended when this is dropped.
pub(super) struct Process {
    child: Child,
    /// The port that it listens on, on loopback.
    pub(super) port: u16,
}

impl Process {
    /// Starts it, and waits until it tells its port, behind `marker`. What it writes of its own goes to `folder`.
    pub(super) async fn start(mut command: Command, folder: &Folder, marker: &str) -> Result<Self, BrowserError> {
        command
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        // Ctrl-C is told to the whole group of a terminal: a driver would be gone before it has ended its browser.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(BrowserError::failed)?;
        let output = child.stdout.take().ok_or_else(|| BrowserError::failed("its process has no output"))?;
        let mut output = BufReader::new(output).lines();
        let port = tokio::time::timeout(START, port(&mut output, marker))
            .await
            .map_err(|_| BrowserError::failed(format!("it does not listen after {} s", START.as_secs())))??;
        // Read until it ends: a process that cannot write waits, or ends.
        tokio::spawn(async move { while let Ok(Some(_)) = output.next_line().await {} });
        Ok(Process { child, port })
    }

    /// Ends it.
    pub(super) async fn end(mut self) {
        // An error means that it is gone already.
        let _ = self.child.kill().await;
    }
}

/// Reads lines until one has the marker and a port.
async fn port(output: &mut Lines<BufReader<ChildStdout>>, marker: &str) -> Result<u16, BrowserError> {
    while let Some(line) = output.next_line().await.map_err(BrowserError::failed)? {
        let port = line.split_once(marker).map(|(_, port)| port.trim_end_matches('.').parse());
        if let Some(Ok(port)) = port {
            return Ok(port);
        }
    }
    Err(BrowserError::failed("it ended before it listened"))
}
