//! Starting the command.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The command, with nothing of this environment that could change what it prints.
pub(crate) fn cogspec(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(args).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// Runs the command to its end.
pub(crate) fn output(args: &[&str]) -> Output {
    cogspec(args).output().unwrap()
}

/// Runs a line of bash in which `$COGSPEC` is the command.
#[cfg(unix)]
pub(crate) fn bash(line: &str) -> Output {
    let mut bash = Command::new("bash");
    bash.args(["-c", line]).env("COGSPEC", env!("CARGO_BIN_EXE_cogspec")).env("NO_COLOR", "1");
    bash.stdin(Stdio::null()).output().unwrap()
}

/// What a finished command wrote.
pub(crate) fn written(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A new, empty folder, which no other test and no other run at the same time uses.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("artefacts-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The names of the files in a folder.
pub(crate) fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
