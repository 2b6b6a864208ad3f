//! Environments of Python with packages that we did not write, below `target`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python that imports these modules: that of `COGSPEC_PYTHON`, or of the environment of that name, which is made from the
/// package registry the first time. Where neither can be had, that is said visibly, and there is none.
pub(crate) fn python(name: &str, modules: &str, packages: &[&str]) -> Option<PathBuf> {
    match made(name, modules, packages) {
        Ok(python) => Some(python),
        Err(reason) => {
            // Not eprintln!, which the test harness would swallow: a skip is to be seen.
            let _ = writeln!(std::io::stderr(), "SKIPPED {name}: {reason}");
            None
        }
    }
}

/// What a script of `tests` prints; one that fails fails the test.
pub(crate) fn output(python: &Path, script: &str, argument: &str) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let output = Command::new(python).arg(script).arg(argument).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Whether this Python imports these modules.
fn imports(python: &Path, modules: &str) -> bool {
    let mut import = Command::new(python);
    import.args(["-c", &format!("import {modules}")]).stderr(Stdio::null());
    import.status().is_ok_and(|status| status.success())
}

fn made(name: &str, modules: &str, packages: &[&str]) -> Result<PathBuf, String> {
    if let Some(python) = std::env::var_os("COGSPEC_PYTHON").map(PathBuf::from) {
        let is_fit = imports(&python, modules);
        return if is_fit { Ok(python) } else { Err(format!("COGSPEC_PYTHON cannot import {modules}")) };
    }
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name(name);
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !imports(&python, modules) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"];
        run(Command::new(&python).args(install).args(packages))?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{command:?} cannot run: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed: {}", errors.lines().last().unwrap_or_default()))
}
