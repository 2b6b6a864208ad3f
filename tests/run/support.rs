//! Starting the command, and servers that answer in one way only.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use cogspec::emulator::{Config, Emulator, Fault};

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

/// What a finished command wrote to standard output.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a finished command wrote to standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server on loopback that reads a little and then writes these bytes, for as long as the test process lives.
pub(crate) fn server(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut stream = stream;
                let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
                let mut buffer = [0; 64 * 1024];
                while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
                    if stream.write_all(answer).is_err() {
                        break;
                    }
                }
            });
        }
    });
    port
}

/// Results of a server that does not know the operation, in that file.
pub(crate) fn results_of_nothing(file: &str) -> Output {
    let answer = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 38\r\n\r\n\
        {\"__type\":\"UnknownOperationException\"}";
    let endpoint = format!("http://127.0.0.1:{}", server(answer));
    let report = format!("json={file}");
    let args = ["run", "--endpoint", &endpoint, "--access-token-env", "TOKEN", "--report", &report];
    cogspec(&args).env("TOKEN", "a.b.c").output().unwrap()
}

/// An emulator on a runtime of its own.
pub(crate) struct Served {
    runtime: tokio::runtime::Runtime,
    emulator: Emulator,
}

impl Served {
    pub(crate) fn start() -> Self {
        Served::with(Config::default())
    }

    /// One that has the fault of that name.
    pub(crate) fn faulty(fault: &str) -> Self {
        let fault = Some(Fault::find(fault).unwrap());
        Served::with(Config { fault, ..Config::default() })
    }

    fn with(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let emulator = runtime.block_on(Emulator::start(config)).unwrap();
        Served { runtime, emulator }
    }

    pub(crate) fn endpoint(&self) -> String {
        self.emulator.endpoint()
    }

    /// Calls the control plane, which an unsigned `Authorization` header is enough for.
    pub(crate) fn control(&self, operation: &str, input: &serde_json::Value) -> serde_json::Value {
        self.runtime.block_on(async {
            let timeout = Duration::from_secs(10);
            let target = cogspec::target::Target::endpoint(&self.endpoint(), "us-east-1", timeout).unwrap();
            target.control.call(operation, input.clone()).await.unwrap()
        })
    }
}

/// The report and the cassette of one run of the whole suite on the embedded emulator, which several tests look at.
pub(crate) fn whole_run() -> &'static (serde_json::Value, PathBuf) {
    static RUN: LazyLock<(serde_json::Value, PathBuf)> = LazyLock::new(|| {
        let (report, cassette) = (tempfile("whole.json"), tempfile("whole.cassette"));
        let json = format!("json={}", report.display());
        let run = output(&["run", "--report", &json, "--cassette", cassette.to_str().unwrap()]);
        assert_eq!(run.status.code(), Some(0), "{}{}", stdout(&run), stderr(&run));
        assert!(!stderr(&run).contains("are not on the cassette"), "{}", stderr(&run));
        (serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap(), cassette)
    });
    &RUN
}

/// A path for a file or folder of that name, which no other test and no other run at the same time uses.
pub(crate) fn tempfile(name: &str) -> PathBuf {
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()))
}
