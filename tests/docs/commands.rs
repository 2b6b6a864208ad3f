//! The commands of the pages, run one after another in a folder of each page's own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cogspec::emulator::{Config, Emulator, Fault};

use crate::page::commands;
use crate::{pages, root};

/// Commands that are not run here, by their beginning (or all of them, where it ends with `$`), each with the reason.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo run --release -- run", "CI itself builds and runs the command"),
    ("cargo test", "this is one of its tests"),
    ("cargo +nightly fuzz", "wants cargo-fuzz and another toolchain"),
    ("apt-get install", "installs packages of the system"),
    ("cogspec run --live --region eu-west-1 --snapshots", "wants an AWS account"),
    ("cogspec live clean", "wants an AWS account"),
    ("PASSWORD=", "wants a user of live Cognito"),
    ("cogspec run --implementation awsim", "installs a server, which takes minutes"),
    ("cogspec matrix --all", "installs six servers"),
    (
        "cogspec clients fuzz boto3",
        "installs clients, which takes minutes; tests/clients fuzzes adapters that need none",
    ),
    ("cogspec clients run boto3", "installs clients, which takes minutes; tests/clients runs adapters that need none"),
    ("cargo bench", "measures, and builds a release for it"),
    ("cogspec self-test$", "takes a quarter of an hour"),
    ("cogspec run --endpoint https://cognito-idp.us-east-1", "wants a server behind TLS; tests/tls runs it with one"),
];

/// Pages none of whose commands is run here, each with the reason.
const PAGES_NOT_RUN: &[(&str, &str)] =
    &[("fuzz/README.md", "wants cargo-fuzz, another toolchain and the tools of LLVM")];

/// Commands that go on until they are stopped: they are started, and stopped once they have said something.
const SERVERS: &[&str] =
    &["cogspec emulate --port", "cogspec emulate --fault", "cogspec serve --scenario", "cogspec serve --port"];

/// Commands that ask a browser, and end with exit code 4 where there is none.
const BROWSERS: &str = "cogspec browser";

/// What a run is narrowed to, so that a page takes seconds: what the faults of the pages break, and more that hold.
const NARROW: &str =
    " --filter 'request.method.*' --filter 'request.path.*' --filter options.served --filter token.scope.missing";

/// An emulator on a runtime of its own.
struct Server {
    fault: Option<String>,
    emulator: Emulator,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    fn with(fault: Option<&str>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let config = Config { fault: fault.map(|name| Fault::find(name).unwrap()), ..Config::default() };
        let emulator = runtime.block_on(Emulator::start(config)).unwrap();
        Server { fault: fault.map(str::to_owned), emulator, runtime }
    }
}

fn is_like(command: &str, pattern: &str) -> bool {
    pattern.strip_suffix('$').map_or_else(|| command.starts_with(pattern), |whole| command == whole)
}

/// Why a command is not run.
fn not_run(command: &str) -> Option<&'static str> {
    NOT_RUN.iter().find(|(pattern, _)| is_like(command, pattern)).map(|(_, reason)| *reason)
}

/// The command as it is run here.
fn fitted(command: &str, endpoint: &str, folder: &Path) -> String {
    let port = endpoint.rsplit(':').next().unwrap();
    let mut fitted = command.replace("http://127.0.0.1:9229", endpoint).replace(" URL", &format!(" {endpoint}"));
    fitted = fitted
        .replace("--port 9229", "--port 0")
        .replace("--port 9230", "--port 0")
        .replace("127.0.0.1:9229", &format!("127.0.0.1:{port}"));
    for time in ["10m", "120s", "10s"] {
        fitted = fitted.replace(&format!("--time {time}"), "--time 5s");
    }
    if fitted.contains("cogspec-findings/NAME") {
        fitted = fitted.replace("cogspec-findings/NAME", &format!("'{}'", finding(folder)));
    }
    let runs = ["cogspec run", "cogspec record", "cogspec matrix"].iter().any(|run| fitted.starts_with(run));
    let is_narrow = ["--filter", "--replay", "--dry-run", "--from"].iter().any(|option| fitted.contains(option));
    if fitted.starts_with("cogspec serve --scenario") {
        fitted.push_str(" --port 0");
    }
    if fitted.starts_with("cogspec clients run") && !is_narrow {
        fitted.push_str(" --filter 'envelope.co*' --filter 'document.form.*'");
    }
    if runs && !is_narrow {
        // Before a redirection.
        let end = fitted.find(" > ").unwrap_or(fitted.len());
        fitted.insert_str(end, NARROW);
    }
    fitted
}

/// The file of a finding that an earlier command of the page has left.
fn finding(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder.join("cogspec-findings")).expect("`cogspec fuzz` before it left findings");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_none_or(|extension| extension != "json"));
    files.sort();
    files.first().expect("a finding").display().to_string()
}

/// `cogspec` is what was built with this test.
fn bash(command: &str, folder: &Path, variables: &BTreeMap<String, String>) -> Command {
    let built = Path::new(env!("CARGO_BIN_EXE_cogspec")).parent().unwrap();
    let path = format!("{}:{}", built.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-c", command]).current_dir(folder).stdin(Stdio::null());
    bash.env("PATH", path).env("NO_COLOR", "1").env_remove("CI").env_remove("GITHUB_STEP_SUMMARY").envs(variables);
    bash
}

/// Starts a server's command, waits until it has said something, and stops it.
fn start_and_stop(command: &str, folder: &Path, variables: &BTreeMap<String, String>) {
    let told = folder.join("server.txt");
    let command = format!("exec {command}");
    let out = std::fs::File::create(&told).unwrap();
    let mut server = bash(&command, folder, variables).stdout(out.try_clone().unwrap()).stderr(out).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !std::fs::read_to_string(&told).unwrap().contains("127.0.0.1") {
        assert!(server.try_wait().unwrap().is_none() && Instant::now() < deadline, "{command} does not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

/// The client that docs/adapters.md has for an example.
fn write_client(folder: &Path) {
    let page = std::fs::read_to_string(root().join("docs/adapters.md")).unwrap();
    let block = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
        rest.split("```").next().unwrap().to_owned()
    };
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("adapter.py"), block("python")).unwrap();
    let adapter = folder.join("adapter.py").display().to_string();
    let recipe = block("toml").replace("/home/ada/urllib/adapter.py", &adapter);
    std::fs::write(folder.join("implementation.toml"), recipe).unwrap();
}

/// Runs all commands of a page.
fn run(page: &str) {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("docs-{}-{}", std::process::id(), page.replace('/', "-")));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    // Creation options that a reader has at hand.
    let documents = std::fs::read_to_string(root().join("tests/data/documents/creation-options.jsonl")).unwrap();
    let good: serde_json::Value = serde_json::from_str(documents.lines().next().unwrap()).unwrap();
    std::fs::write(folder.join("options.json"), good["text"].as_str().unwrap()).unwrap();
    write_client(&folder.join("my-client"));
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let mut variables = BTreeMap::new();
    let mut server = Server::with(None);
    for command in commands(&text) {
        if not_run(&command.text).is_some() {
            continue;
        }
        if server.fault != command.fault {
            server = Server::with(command.fault.as_deref());
        }
        let fitted = fitted(&command.text, &server.emulator.endpoint(), &folder);
        let place = format!("{page}:{}: {fitted}", command.line);
        if SERVERS.iter().any(|server| fitted.starts_with(server)) {
            start_and_stop(&fitted, &folder, &variables);
            continue;
        }
        let variable =
            fitted.strip_prefix("export ").and_then(|rest| rest.split_once('=')).map(|(name, _)| name.to_owned());
        let shown =
            variable.as_ref().map_or_else(|| fitted.clone(), |name| format!("{fitted} && printf %s \"${name}\""));
        let output = bash(&format!("set -o pipefail; {shown}"), &folder, &variables).output().unwrap();
        let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if fitted.starts_with(BROWSERS) && output.status.code() == Some(4) {
            println!("skipped: {place}: {errors}");
            continue;
        }
        assert_eq!(output.status.code(), Some(command.exit), "{place}\n{told}\n{errors}");
        if let Some(name) = variable {
            variables.insert(name, told.into_owned());
        }
    }
    drop(server.runtime);
    std::fs::remove_dir_all(&folder).unwrap();
}

macro_rules! run_pages {
    ($($name:ident: $page:literal,)*) => {
        /// The pages whose commands are run.
        const RUN: &[&str] = &[$($page),*];

        $(#[test]
        fn $name() {
            run($page);
        })*
    };
}

run_pages! {
    readme: "README.md",
    adapters: "docs/adapters.md",
    add_a_case: "docs/add-a-case.md",
    emulator: "docs/emulator.md",
    evidence: "docs/evidence.md",
    fuzz: "docs/fuzz.md",
    gate_your_app: "docs/gate-your-app.md",
    gate_your_emulator: "docs/gate-your-emulator.md",
    implementations: "docs/implementations.md",
    live: "docs/live.md",
    read_a_verdict: "docs/read-a-verdict.md",
    run_page: "docs/run.md",
    snapshots: "docs/snapshots.md",
    test_your_client: "docs/test-your-client.md",
}

/// A page with commands whose commands nobody runs would rot.
#[test]
fn no_page_is_forgotten() {
    let mut unused: BTreeSet<&str> = NOT_RUN.iter().map(|(beginning, _)| *beginning).collect();
    for page in pages() {
        let page = page.to_str().unwrap();
        if PAGES_NOT_RUN.iter().any(|(not_run, _)| *not_run == page) {
            continue;
        }
        let commands = commands(&std::fs::read_to_string(root().join(page)).unwrap());
        let run = commands.iter().filter(|command| not_run(&command.text).is_none()).count();
        assert!(run == 0 || RUN.contains(&page), "the commands of {page} are not run");
        unused.retain(|beginning| !commands.iter().any(|command| is_like(&command.text, beginning)));
    }
    assert!(unused.is_empty(), "no page has these commands any more: {unused:?}");
}
