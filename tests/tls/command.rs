//! Starting the command.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// How a command ended, with its JSON report where it wrote one.
pub(crate) struct Ended {
    pub(crate) exit: Option<i32>,
    pub(crate) errors: String,
    pub(crate) report: Value,
}

/// Runs `cogspec` with nothing of this environment that could change where it goes or what it prints.
pub(crate) fn cogspec<T: AsRef<std::ffi::OsStr>>(arguments: &[T]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        // Nobody listens there: a request that asked a proxy would fail.
        command.env(variable, "http://127.0.0.1:1");
    }
    command.output().unwrap()
}

/// `cogspec run` with a report.
pub(crate) fn run(server: &[String], more: &[&str]) -> Ended {
    let mut arguments: Vec<&str> = vec!["run", "--report", "json=-"];
    arguments.extend(server.iter().map(String::as_str));
    arguments.extend(more);
    let output = cogspec(&arguments);
    Ended {
        exit: output.status.code(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        report: serde_json::from_slice(&output.stdout).unwrap_or_default(),
    }
}
