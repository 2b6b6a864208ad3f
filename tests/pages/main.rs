//! The HTML pages in a real browser. Where Chromium or ChromeDriver is not installed, the tests that want it say so and pass.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod chromium;
mod clients;
mod hostile;
mod matrix;
mod outside;
mod run;
mod sample;

use std::path::{Path, PathBuf};

use cogspec::artefact::Guard;
use cogspec::report::{Asked, RunFormat};
use cogspec::run::Results;
use serde_json::Value;

/// A path of that name that no other test uses.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()))
}

/// Writes the page of such a run.
fn write(name: &str, run: &Value) -> PathBuf {
    let path = path(name);
    let run = Results::parse(&path, run.to_string().as_bytes()).unwrap();
    let spec: Asked<RunFormat> = format!("html={}", path.display()).parse().unwrap();
    let mut report = spec.open(&Guard::default()).unwrap();
    for event in run.into_events() {
        report.event(&event).unwrap();
    }
    path
}

/// Not eprintln!, which the test harness would swallow: a skip is to be seen.
fn skipped(test: &str, why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}
