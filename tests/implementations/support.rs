//! A folder of a test's own with a recipe and a cache, and what is looked at afterwards.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a process may take to come or go. Many tests run at once.
const SOON: Duration = Duration::from_secs(30);

/// What every recipe of these tests begins with.
const HEAD: &str = r#"
name = "stub"
title = "Stub"
version = "1.0"
licence = "MIT"
language = "sh"
home = "https://example.com"
implements = true
"#;

/// The folder of a test. Programs of its recipe write their process ids into it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("implementations-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("stub")).unwrap();
        Folder(folder)
    }

    /// A folder with a recipe whose server is started by this line of a shell; ready is that of the emulator, within 30 seconds.
    pub(crate) fn starting(name: &str, line: &str) -> Self {
        let folder = Folder::new(name);
        folder.recipe("", line, 30.0, "");
        folder
    }

    /// Writes the recipe: tables in front, the line that starts the server, the seconds until it is ready, tables behind.
    pub(crate) fn recipe(&self, before: &str, line: &str, within: f64, behind: &str) {
        let line = line.replace("{folder}", &self.0.display().to_string());
        let recipe = format!(
            "{HEAD}{before}\n[start]\ncommand = [\"sh\", \"-c\", '''{line}''']\n{behind}\n[ready]\npath = \"/health\"\nwithin = \
             {within}\n"
        );
        self.write("stub/implementation.toml", &recipe);
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

    /// The command, in this folder and with a cache in it.
    pub(crate) fn cogspec(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
        command
            .args(args)
            .env("NO_COLOR", "1")
            .env("COGSPEC_CACHE", self.path("cache"))
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs one case on the server of the recipe.
    pub(crate) fn run(&self) -> Output {
        self.output(&["run", "--implementation", "./stub", "--filter", "options.served"])
    }

    pub(crate) fn output(&self, args: &[&str]) -> Output {
        self.cogspec(args).output().unwrap()
    }

    /// The process ids that programs of the recipe have written, once there are so many.
    pub(crate) fn processes(&self, count: usize) -> Vec<u32> {
        let mut ids = Vec::new();
        soon(|| {
            ids = self.read("processes").lines().filter_map(|line| line.parse().ok()).collect();
            ids.len() >= count
        });
        ids
    }

    /// Whether something was installed that is taken for whole.
    pub(crate) fn is_installed(&self) -> bool {
        self.path("cache/implementations/stub-1.0/.cogspec-installed").exists()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
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
    let state = if cfg!(target_os = "linux") {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").map(|(_, state)| state.to_owned())
    } else {
        let state = Command::new("ps").args(["-o", "state=", "-p", &id.to_string()]).output().unwrap();
        Some(String::from_utf8_lossy(&state.stdout).trim().to_owned()).filter(|state| !state.is_empty())
    };
    state.is_some_and(|state| !state.starts_with('Z'))
}

pub(crate) fn signal(name: &str, id: u32) {
    assert!(Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status().unwrap().success());
}

/// The port of the first endpoint in a text.
pub(crate) fn port(text: &str) -> u16 {
    let (_, rest) = text.split_once("127.0.0.1:").unwrap_or_else(|| panic!("no endpoint: {text}"));
    rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
}

pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A command that ends early: with this code, and with this in its message.
#[track_caller]
pub(crate) fn ends(output: &Output, exit: i32, messages: &[&str]) {
    let told = stderr(output);
    assert_eq!(output.status.code(), Some(exit), "{told}{}", stdout(output));
    for message in messages {
        assert!(told.contains(message), "{message}: {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
}
