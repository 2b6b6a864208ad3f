//! What is shipped: the GitHub Action, workflows, archives, completions and manual pages, and the gate for other crates' tests.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

#[path = "../emulate/mod.rs"]
mod emulate;
#[path = "../python/mod.rs"]
#[expect(dead_code, reason = "here only the commands of an environment are run")]
mod python;

mod action;
mod example;
mod gate;
mod release;
mod shell;
mod workflows;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use yaml_rust2::{Yaml, YamlLoader};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A YAML file of the repository.
fn yaml(path: &str) -> Yaml {
    YamlLoader::load_from_str(&text(path)).unwrap_or_else(|e| panic!("{path}: {e}")).remove(0)
}

/// A new folder of that name, which no other test and no other run at the same time uses.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a command that must succeed.
fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}\n{}", written(&output.stdout), written(&output.stderr));
    output
}

fn written(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether there is a command of that name; where there is none, that is said visibly.
fn is_there(name: &str) -> bool {
    let found =
        Command::new("sh").args(["-c", &format!("command -v {name}")]).output().is_ok_and(|o| o.status.success());
    if !found {
        skipped(name, "it is not installed here");
    }
    found
}

/// Not eprintln!, which the test harness would swallow: a skip is to be seen.
fn skipped(what: &str, why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}
