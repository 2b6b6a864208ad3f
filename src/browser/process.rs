//! The process of a driver or a browser, and the folder that they write to.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::BrowserError;

/// How long a process may take until it listens.
const START: Duration = Duration::from_secs(30);

/// The first program of these names on `PATH`.
pub(super) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    let files = names.iter().flat_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&file))
    });
    files.into_iter().find(|file| file.is_file())
}

/// A folder that is removed with all that is in it when this is dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// A new folder, which nobody else can look into.
    pub(super) fn new() -> std::io::Result<Self> {
        // A short name: below it Chromium makes a socket, whose path may have a hundred characters only.
        let path = std::env::temp_dir().join(format!("cogspec-{:.8}", uuid::Uuid::new_v4().simple().to_string()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Folder(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A browser that has just lost its driver may write for a moment, and make the folder anew: it must stay away.
        let mut away = 0;
        for _ in 0..40 {
            match std::fs::remove_dir_all(&self.0) {
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => away += 1,
                _ => away = 0,
            }
            if away == 3 {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

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
