//! A folder of a test's own with the recipe of a client, and adapters that are a few lines of a shell.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cogspec::adapter::{Adapter, Ask};
use cogspec::implementation::{Cache, ClientRecipe, Implementation, Supervisor};

/// How long a process may take to come or go. Many tests run at once.
const SOON: Duration = Duration::from_secs(30);

/// How long an answer that comes may take.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// What every recipe of these tests begins with.
pub(crate) const HEAD: &str = r#"
name = "stub"
title = "Stub"
version = "1.0"
licence = "MIT"
language = "sh"
home = "https://example.com"
layer = "sdk"
"#;

/// `answer` tells a success of the scenario in `$line`; `id` is its id.
const FUNCTIONS: &str = r#"
id() { printf %s "$line" | sed 's/.*"scenario":"\([^"]*\)".*/\1/'; }
answer() { printf '{"scenario":"%s","outcome":"success"}\n' "$(id)"; }
"#;

/// The folder of a test. The adapter of its recipe writes process ids into it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clients-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("stub")).unwrap();
        Folder(folder)
    }

    /// A folder with a client whose adapter is this script; `FOLDER` in it is the folder.
    pub(crate) fn with(name: &str, script: &str) -> Self {
        let folder = Folder::new(name);
        folder.write("adapter.sh", &format!("{FUNCTIONS}{}", script.replace("FOLDER", &folder.text())));
        folder.recipe(&["sh", &format!("{}/adapter.sh", folder.text())]);
        folder
    }

    /// Writes a recipe whose adapter is that command.
    pub(crate) fn recipe(&self, command: &[&str]) {
        self.write("stub/implementation.toml", &format!("{HEAD}[adapter]\ncommand = {command:?}\n"));
    }

    fn text(&self) -> String {
        self.0.display().to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Starts the adapter.
    pub(crate) async fn adapter(&self) -> Adapter {
        start(&self.0).await
    }

    /// The command, in this folder and with a cache in it.
    pub(crate) fn output(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cogspec"))
            .args(args)
            .env("NO_COLOR", "1")
            .env("COGSPEC_CACHE", self.path("cache"))
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The process ids that the adapter has written, once there are so many.
    pub(crate) fn processes(&self, count: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        soon(|| {
            ids = self.read("processes").lines().filter_map(|line| line.parse().ok()).collect();
            ids.len() >= count
        });
        ids
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// Starts the adapter of the recipe in a folder. There is nothing to install.
pub(crate) async fn start(folder: &Path) -> Adapter {
    let client = Implementation::<ClientRecipe>::read(&folder.join("stub")).unwrap();
    let supervisor = Supervisor::at(env!("CARGO_BIN_EXE_cogspec").into());
    let installed = client.install(&Cache::find().unwrap(), &supervisor, &|_| {}).await.unwrap();
    Adapter::start(&client, &Arc::new(installed), &supervisor).unwrap()
}

pub(crate) fn ask(scenario: &str) -> Ask {
    Ask {
        scenario: scenario.to_owned(),
        endpoint: "http://127.0.0.1:1".to_owned(),
        region: "us-east-1".to_owned(),
        access_token: "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln".to_owned(),
        origin: "https://auth.example.com".to_owned(),
    }
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn soon(mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + SOON;
    while !holds() {
        assert!(Instant::now() < end, "not within {SOON:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process runs; one that only waits to be asked how it ended does not.
pub(crate) fn is_alive(id: u32) -> bool {
    state(id).is_some_and(|state| !state.starts_with('Z'))
}

/// Whether the system knows a process, be it as one that has ended.
pub(crate) fn is_known(id: u32) -> bool {
    state(id).is_some()
}

fn state(id: u32) -> Option<String> {
    let state = Command::new("ps").args(["-o", "state=", "-p", &id.to_string()]).output().unwrap();
    Some(String::from_utf8_lossy(&state.stdout).trim().to_owned()).filter(|state| !state.is_empty())
}

/// A command that ends early: with this code, and with this in its message.
#[track_caller]
pub(crate) fn ends(output: &Output, exit: i32, messages: &[&str]) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{told}{}", String::from_utf8_lossy(&output.stdout));
    for message in messages {
        assert!(told.contains(message), "{message}: {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
}
