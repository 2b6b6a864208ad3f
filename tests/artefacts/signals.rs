//! Signals at any moment: a documented exit code, reports whole or not there, and fixtures deleted.
#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use cogspec::emulator::{Config, Emulator};
use serde_json::{Value, json};

use crate::support::{cogspec, folder, names};

/// So long a command may take to its end after a signal.
const PATIENCE: Duration = Duration::from_secs(60);

fn send(child: &Child, signal: &str) {
    std::process::Command::new("kill").args([signal, &child.id().to_string()]).output().unwrap();
}

/// Waits for the end, not forever.
fn end(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(begun.elapsed() < PATIENCE, "it goes on after a signal");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// An emulator on a runtime of its own.
struct Served(tokio::runtime::Runtime, Emulator);

impl Served {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let emulator = runtime.block_on(Emulator::start(Config::default())).unwrap();
        Served(runtime, emulator)
    }

    fn pools(&self) -> Value {
        self.0.block_on(async {
            let target = cogspec::target::Target::endpoint(&self.1.endpoint(), "us-east-1", PATIENCE).unwrap();
            target.control.call("ListUserPools", json!({ "MaxResults": 60 })).await.unwrap()["UserPools"].clone()
        })
    }
}

/// The delays are spread over a whole run and beyond it; where exactly they fall is chance.
#[test]
fn at_any_moment() {
    let (served, folder) = (Served::start(), folder("signals"));
    let args = [
        "run",
        "--endpoint",
        &served.1.endpoint(),
        "--filter",
        "options.*",
        "--filter",
        "state.*",
        "--filter",
        "token.*",
    ];
    let begun = Instant::now();
    assert_eq!(cogspec(&args).output().unwrap().status.code(), Some(0));
    let whole = begun.elapsed();
    for moment in 0..20_u32 {
        let signal = if moment % 2 == 0 { "-INT" } else { "-TERM" };
        let (json, ndjson) = (folder.join("run.json"), folder.join("run.ndjson"));
        std::fs::write(&json, "old").unwrap();
        let _ = std::fs::remove_file(&ndjson);
        let reports = [format!("json={}", json.display()), format!("ndjson={}", ndjson.display())];
        let args = [&args[..], &["--report", &reports[0], "--report", &reports[1]]].concat();
        let mut child = cogspec(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * moment * moment / 380);
        send(&child, signal);
        let status = end(&mut child);
        // Before it waits for signals it has done nothing, and ends as any process does.
        let is_early = status.signal().is_some();
        assert!(is_early || matches!(status.code(), Some(0 | 3)), "{signal}, moment {moment}: {status}");
        let text = std::fs::read_to_string(&json).unwrap();
        let document = serde_json::from_str::<Value>(&text);
        assert!(text == "old" || document.is_ok(), "{signal}, moment {moment}: the report is cut");
        if let Ok(document) = document {
            assert_eq!(document["summary"]["interrupted"], status.code() == Some(3), "{signal}, moment {moment}");
        }
        for line in std::fs::read_to_string(&ndjson).unwrap_or_default().lines() {
            assert!(serde_json::from_str::<Value>(line).is_ok(), "{signal}, moment {moment}: {line}");
        }
        assert!(names(&folder).iter().all(|name| !name.ends_with(".tmp")), "{:?}", names(&folder));
        assert_eq!(served.pools(), json!([]), "{signal}, moment {moment}");
    }
}

/// The second signal does not wait for a server that does not answer.
#[test]
fn the_second_ends_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    for command in [
        &["run"][..],
        &["fuzz"],
        &["record", "/proc/none/x"],
        &["replay", concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/emulator/drawn-request-and-token")],
    ] {
        let args = [command, &["--endpoint", &endpoint, "--timeout", "3000"]].concat();
        let mut child = cogspec(&args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let connected = listener.accept().unwrap();
        for _ in 0..2 {
            std::thread::sleep(Duration::from_millis(200));
            send(&child, "-INT");
        }
        let status = end(&mut child);
        assert_eq!(status.code(), Some(3), "{command:?}");
        drop(connected);
    }
}
