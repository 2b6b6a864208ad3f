//! boto3, AWS's own client for Python, goes through sign-in and passkey registration on `cogspec emulate`.
//!
//! The test wants boto3 in an environment of its own below `target`, which it makes from the package registry the first
//! time. `COGSPEC_PYTHON` names an interpreter that has boto3 already. Where neither can be had, it says so and passes.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is how they fail")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const BOTO3: &str = "boto3==1.44.5";

/// `cogspec emulate`, ended with the test.
struct Emulate {
    process: Child,
    endpoint: String,
}

impl Emulate {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cogspec"))
            .args(["emulate", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let endpoint = line.split(' ').find(|word| word.starts_with("http://")).expect("an endpoint").to_owned();
        Emulate { process, endpoint }
    }
}

impl Drop for Emulate {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn boto3_signs_in_and_starts_a_registration() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            // Not eprintln!, which the test harness would swallow: a skip is to be seen.
            writeln!(std::io::stderr(), "SKIPPED boto3: {reason}").unwrap();
            return;
        }
    };
    let emulate = Emulate::start();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/boto3_flow.py");
    let output = Command::new(python).arg(script).arg(&emulate.endpoint).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut told: Value = serde_json::from_slice(&output.stdout).unwrap();

    let sub = told["sub"].take();
    let user_id = data_encoding::BASE64URL_NOPAD.encode(sub.as_str().unwrap().as_bytes());
    assert_eq!(told["options"]["user"]["id"].take(), user_id);
    let challenge = told["options"]["challenge"].take();
    let challenge = data_encoding::BASE64URL_NOPAD.decode(challenge.as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(challenge.len(), 16);
    assert_eq!(told["request_id"].take().as_str().unwrap().len(), 36);
    assert_eq!(
        told,
        json!({
            "created_is_a_date": true,
            "status": "CONFIRMED",
            "expires_in": 900,
            "token_type": "Bearer",
            "sub": null,
            "http_status": 200,
            "request_id": null,
            "options": {
                "rp": { "id": "auth.example.com", "name": "auth.example.com" },
                "user": { "id": null, "name": "testuser", "displayName": "testuser" },
                "challenge": null,
                "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
                "timeout": 60000,
                "excludeCredentials": [],
                "authenticatorSelection": {
                    "requireResidentKey": true, "residentKey": "required", "userVerification": "required",
                },
            },
            "pattern": {
                "code": "InvalidParameterException",
                "message": "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must \
                            satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
                "http_status": 400,
            },
            "required_by_boto3":
                "Parameter validation failed:\nMissing required parameter in input: \"AccessToken\"",
            "not_enabled": {
                "code": "WebAuthnNotEnabledException",
                "message": "WebAuthn is not enabled for this user pool.",
                "http_status": 400,
            },
            "signed_out": {
                "code": "NotAuthorizedException", "message": "Access Token has been revoked", "http_status": 400,
            },
            "pools_left": 0,
        })
    );
}

/// A Python that has boto3, or why there is none.
fn python() -> Result<PathBuf, String> {
    if let Some(python) = std::env::var_os("COGSPEC_PYTHON").map(PathBuf::from) {
        return if has_boto3(&python) { Ok(python) } else { Err("COGSPEC_PYTHON cannot import boto3".to_owned()) };
    }
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("py-venv");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if has_boto3(&python) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1", BOTO3];
    run(Command::new(&python).args(install))?;
    Ok(python)
}

fn has_boto3(python: &Path) -> bool {
    let mut import = Command::new(python);
    import.args(["-c", "import boto3"]).stderr(Stdio::null());
    import.status().is_ok_and(|status| status.success())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{command:?} cannot run: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed: {}", errors.lines().last().unwrap_or_default()))
}
