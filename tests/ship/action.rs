//! The steps of `action.yml`, run by bash as a runner runs them, with the real command and real servers.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use cogspec::baseline::{Failing, init};
use cogspec::cognito::Severity;
use cogspec::run::{Results, Side};

use super::emulate::Emulate;
use super::{folder, root, succeed, written, yaml};

const FAULT: &str = "options.rp.id-url";

/// Where the other reports are not looked at.
const JSON: (&str, &str) = ("reports", "json");

/// A job with one use of the action, in a folder of its own.
struct Job {
    folder: PathBuf,
    /// What the runner says of itself, besides what every job has.
    runner: Vec<(&'static str, String)>,
    /// A folder with the commands that stand before all others.
    commands: PathBuf,
}

/// How a use of the action ended.
#[derive(Debug)]
struct Used {
    /// The exit code of the step that failed, if one did.
    failed: Option<i32>,
    outputs: BTreeMap<String, String>,
    log: String,
    summary: String,
    path: String,
}

impl Job {
    fn new(name: &str) -> Self {
        let commands = Path::new(env!("CARGO_BIN_EXE_cogspec")).parent().unwrap().to_owned();
        Job { folder: folder(name), runner: Vec::new(), commands }
    }

    /// Uses the action with these inputs.
    fn uses(&self, inputs: &[(&str, &str)]) -> Used {
        let action = yaml("action.yml");
        let declared = action["inputs"].as_hash().unwrap();
        let mut values: BTreeMap<String, String> = declared
            .iter()
            .map(|(name, input)| (name.as_str().unwrap().to_owned(), input["default"].as_str().unwrap().to_owned()))
            .collect();
        for (name, value) in inputs {
            assert!(values.insert((*name).to_owned(), (*value).to_owned()).is_some(), "there is no input {name}");
        }
        for file in ["output", "summary", "path"] {
            std::fs::write(self.folder.join(file), "").unwrap();
        }
        let read = |file: &str| std::fs::read_to_string(self.folder.join(file)).unwrap();
        let mut used = Used {
            failed: None,
            outputs: BTreeMap::new(),
            log: String::new(),
            summary: String::new(),
            path: String::new(),
        };
        for step in action["runs"]["steps"].as_vec().unwrap() {
            let Some(script) = step["run"].as_str() else { continue };
            assert!(!script.contains("${{"), "an expression in a script is run as a part of it: {script}");
            assert_eq!(step["shell"].as_str(), Some("bash"));
            let mut bash = self.bash(script);
            for (name, value) in step["env"].as_hash().unwrap() {
                bash.env(name.as_str().unwrap(), evaluate(value.as_str().unwrap(), &values, &used.outputs));
            }
            let output = bash.output().unwrap();
            used.log.push_str(&written(&output.stdout));
            used.log.push_str(&written(&output.stderr));
            used.outputs = read("output")
                .lines()
                .map(|line| line.split_once('=').unwrap_or_else(|| panic!("{line}")))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            if !output.status.success() {
                used.failed = output.status.code();
                break;
            }
        }
        used.summary = read("summary");
        used.path = read("path");
        used
    }

    /// The shell of a step, as GitHub starts it.
    fn bash(&self, script: &str) -> Command {
        let path = std::env::join_paths(
            std::iter::once(self.commands.clone()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(&self.folder)
            .env("PATH", path.unwrap())
            .env("NO_COLOR", "1")
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_OUTPUT", self.folder.join("output"))
            .env("GITHUB_STEP_SUMMARY", self.folder.join("summary"))
            .env("GITHUB_PATH", self.folder.join("path"))
            .env("RUNNER_TEMP", &self.folder)
            .env_remove("GITHUB_ACTIONS")
            .envs(self.runner.iter().map(|(name, value)| (name, value)));
        bash
    }
}

/// An expression of those that the action has, in an `env`.
fn evaluate(text: &str, inputs: &BTreeMap<String, String>, outputs: &BTreeMap<String, String>) -> String {
    let Some(expression) = text.strip_prefix("${{ ").and_then(|text| text.strip_suffix(" }}")) else {
        panic!("not one whole expression: {text}")
    };
    if let Some(input) = expression.strip_prefix("inputs.") {
        return inputs.get(input).unwrap_or_else(|| panic!("no input {input}")).clone();
    }
    if let Some(output) = expression.strip_prefix("steps.run.outputs.") {
        return outputs.get(output).cloned().unwrap_or_default();
    }
    assert_eq!(expression, "github.action_repository || github.repository");
    "someone/cogspec".to_owned()
}

#[test]
fn a_server_that_holds_is_green() {
    let server = Emulate::on(0, &[]);
    let job = Job::new("action-green");
    let used = job.uses(&[("endpoint", server.endpoint()), ("filter", "options.*\n!options.user.*"), JSON]);
    assert_eq!(used.failed, None, "{used:#?}");
    assert_eq!(used.outputs["verdict"], "held");
    assert_eq!(used.outputs["exit-code"], "0");
    let results = results(&job, &used);
    assert!(results.case("options.served").is_some());
    assert!(results.cases.iter().all(|case| !case.id.starts_with("options.user")), "each line is a filter");
    assert!(!used.log.contains("::error"), "{}", used.log);
}

#[test]
fn a_broken_server_is_red_until_its_failures_are_known_and_again_when_they_are_fixed() {
    let server = Emulate::on(0, &["--fault", FAULT]);
    let job = Job::new("action-red");
    let gate = |endpoint: &str, more: &[(&str, &str)]| {
        job.uses(&[&[("endpoint", endpoint), ("filter", "options.*"), JSON], more].concat())
    };
    let used = gate(server.endpoint(), &[]);
    assert_eq!(used.failed, Some(1), "{used:#?}");
    assert_eq!((used.outputs["verdict"].as_str(), used.outputs["exit-code"].as_str()), ("failed", "1"));
    assert!(used.log.contains("::error title=cogspec::failed (exit code 1)"), "{}", used.log);

    let failing = results(&job, &used).cases.into_iter().filter_map(|case| {
        let severity = match case.verdict.name() {
            "fail" => Severity::Fail,
            "warn" => Severity::Warn,
            _ => return None,
        };
        Some((case.id, Failing { severity, fingerprint: case.fingerprint, title: case.title }))
    });
    let baseline = init("a broken server", Side::Server, &failing.collect(), "it draws too little");
    std::fs::write(job.folder.join("known.toml"), baseline).unwrap();
    let used = gate(server.endpoint(), &[("baseline", "known.toml"), ("strict", "true"), ("fail-on", "warn")]);
    assert_eq!(used.failed, None, "{used:#?}");
    assert_eq!(used.outputs["verdict"], "held");

    let mended = Emulate::on(0, &[]);
    let used = gate(mended.endpoint(), &[("baseline", "known.toml")]);
    assert_eq!(used.failed, Some(5), "{used:#?}");
    assert_eq!(used.outputs["verdict"], "stale");
}

/// Each report is there, and nothing that is printed of what a server says can be a command to the runner.
#[test]
fn every_report_is_made_of_a_broken_server() {
    let server = Emulate::on(0, &["--fault", FAULT]);
    let job = Job::new("action-reports");
    let used = job.uses(&[("endpoint", server.endpoint()), ("filter", "options.*")]);
    for report in ["json", "junit", "sarif", "html", "markdown"] {
        let file = job.folder.join(&used.outputs[report]);
        assert!(std::fs::metadata(&file).unwrap().len() > 100, "{}", file.display());
        assert!(file.starts_with(job.folder.join("cogspec-reports")), "it is in the artifact");
    }
    assert!(used.summary.contains("cogspec"), "{}", used.summary);
    let lines: Vec<&str> = used.log.lines().collect();
    let begins = lines.iter().position(|line| line.starts_with("::stop-commands::")).unwrap();
    let token = lines[begins].strip_prefix("::stop-commands::").unwrap();
    let ends = lines.iter().position(|line| *line == format!("::{token}::")).unwrap();
    let report = lines.iter().position(|line| line.starts_with("cogspec 0") && line.contains("http:")).unwrap();
    let annotation = lines.iter().position(|line| line.starts_with("::error")).unwrap();
    assert!(begins < report && report < ends && ends < annotation, "{}", used.log);
}

#[test]
fn an_endpoint_is_waited_for() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let late = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_secs(2));
        Emulate::on(port, &[])
    });
    let used = Job::new("action-wait").uses(&[("endpoint", &endpoint), ("filter", "options.served"), JSON]);
    assert_eq!(used.outputs["verdict"], "held", "{used:#?}");
    drop(late.join().unwrap());

    let used = Job::new("action-none").uses(&[("endpoint", &endpoint), ("wait", "1"), JSON]);
    assert_eq!(used.failed, Some(3), "{used:#?}");
    assert_eq!(used.outputs["verdict"], "inconclusive");
    assert!(used.log.contains("is the server running"), "{}", used.log);
}

/// Whether a host that is not this machine may be called is for cogspec to say, which looks up no name.
#[test]
fn a_host_elsewhere_is_not_waited_for() {
    let mut job = Job::new("action-elsewhere");
    let commands = folder("action-elsewhere-commands");
    std::fs::write(commands.join("curl"), "#!/bin/sh\ntouch called\n").unwrap();
    succeed(Command::new("chmod").arg("+x").arg(commands.join("curl")));
    succeed(Command::new("ln").arg("-sf").arg(env!("CARGO_BIN_EXE_cogspec")).arg(commands.join("cogspec")));
    job.commands = commands;
    for endpoint in
        ["http://cognito.example", "http://192.0.2.1:80", "http://127.0.0.1.example", "http://localhost@192.0.2.1"]
    {
        let used = job.uses(&[("endpoint", endpoint), JSON]);
        assert_eq!(used.outputs["verdict"], "usage", "{used:#?}");
        assert!(!job.folder.join("called").exists(), "{endpoint}");
    }
    job.uses(&[("endpoint", "http://localhost:1"), JSON]);
    assert!(job.folder.join("called").exists());
}

#[test]
fn no_input_is_run_or_becomes_another_output() {
    let job = Job::new("action-injection");
    let action = yaml("action.yml");
    let mark = job.folder.join("run");
    for value in [
        "$(touch run)",
        "`touch run`",
        "'; touch run; '",
        "\"; touch run; \"",
        "x && touch run",
        "--help",
        "x\nverdict=held",
        "x\rverdict=held",
        "x\nexit-code=0",
    ] {
        for (input, _) in action["inputs"].as_hash().unwrap() {
            let input = input.as_str().unwrap();
            // What uses only workflow steps is no script's.
            if ["artifact", "upload-sarif"].contains(&input) {
                continue;
            }
            let mut inputs = vec![("filter", "options.served"), ("reports", "json"), ("wait", "0")];
            inputs.retain(|(name, _)| *name != input);
            inputs.push((input, value));
            let used = job.uses(&inputs);
            assert!(!mark.exists(), "{input}: {value}");
            let code = used.outputs.get("exit-code").map_or("", String::as_str);
            assert_eq!(code == "0", used.failed.is_none(), "{input}: {value}: {used:#?}");
            let is_a_path = input == "folder" && !value.contains(['\n', '\r']);
            assert!(used.failed.is_some() || is_a_path || value == "--help", "{input}: {value}: {used:#?}");
        }
    }
}

#[test]
fn arguments_are_split_at_blanks_only() {
    let used = Job::new("action-arguments")
        .uses(&[("reports", "json"), ("args", "--filter options.served\n  --jobs 3 --case-timeout   30")]);
    assert_eq!(used.outputs["verdict"], "held", "{used:#?}");
    assert_eq!(used.outputs["json"], "cogspec-reports/cogspec.json");
    assert!(!used.outputs.contains_key("html"), "it was not asked for");
}

/// Serves the files of a folder on loopback below a release's address, for as long as the test process lives.
fn releases(files: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or_default();
            let head = written(&head[..read]);
            let path = head.split(' ').nth(1).unwrap_or_default();
            let below = format!("/someone/cogspec/releases/download/v{}/", env!("CARGO_PKG_VERSION"));
            let file = path.strip_prefix(&below).and_then(|name| std::fs::read(files.join(name)).ok());
            let (status, body) = file.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    format!("http://{address}")
}

#[test]
fn the_releases_binary_is_installed_and_held_to_its_checksum() {
    let files = folder("action-release");
    // Small: the archive of a debug build would take its time.
    let binary = files.join("cogspec");
    std::fs::write(&binary, format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_cogspec"))).unwrap();
    succeed(Command::new("chmod").arg("+x").arg(&binary));
    succeed(
        Command::new(root().join(".ci/package"))
            .args(["x86_64-unknown-linux-musl"])
            .arg(&binary)
            .arg(files.join("dist")),
    );
    let mut job = Job::new("action-install");
    job.commands = folder("action-no-commands");
    job.runner = vec![
        ("GITHUB_SERVER_URL", releases(files.join("dist"))),
        ("RUNNER_OS", "Linux".to_owned()),
        ("RUNNER_ARCH", "X64".to_owned()),
    ];
    let install = |job: &Job, version: &str| {
        std::fs::write(job.folder.join("path"), "").unwrap();
        let mut bash = job.bash("bash \"$GITHUB_ACTION_PATH/action/install.sh\"");
        bash.env("COGSPEC_VERSION", version).env("COGSPEC_REPOSITORY", "someone/cogspec");
        let output = bash.output().unwrap();
        let path = std::fs::read_to_string(job.folder.join("path")).unwrap();
        (output.status.code(), written(&output.stdout) + &written(&output.stderr), path)
    };
    let (code, log, path) = install(&job, "");
    assert_eq!(code, Some(0), "{log}");
    let installed = Path::new(path.trim()).join("cogspec");
    let told = written(&succeed(Command::new(&installed).arg("--version")).stdout);
    assert_eq!(told.trim(), format!("cogspec {}", env!("CARGO_PKG_VERSION")));

    let wrong = install(&job, "1; touch run");
    assert_eq!(wrong.0, Some(2), "{}", wrong.1);

    let archive = std::fs::read_dir(files.join("dist")).unwrap().map(|entry| entry.unwrap().path());
    let archive = archive.into_iter().find(|path| path.extension().is_some_and(|end| end == "gz")).unwrap();
    let mut bytes = std::fs::read(&archive).unwrap();
    bytes.extend(b"more");
    std::fs::write(&archive, bytes).unwrap();
    let mut again = Job::new("action-install-wrong");
    again.commands = job.commands.clone();
    again.runner = job.runner.clone();
    let (code, log, path) = install(&again, "");
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("is not what its checksum says"), "{log}");
    assert_eq!(path, "");
}

fn results(job: &Job, used: &Used) -> Results {
    let path = job.folder.join(&used.outputs["json"]);
    Results::parse(&path, &std::fs::read(&path).unwrap()).unwrap()
}
