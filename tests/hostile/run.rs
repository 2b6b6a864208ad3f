//! `cogspec run` as a person starts it, watched: its time, its memory, and what it writes.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, LazyLock, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The most resident memory of a run, in KiB.
const MEMORY: u64 = 256 * 1024;

/// So many runs at once: more wait than compute.
static ROOM: (Mutex<usize>, Condvar) = (Mutex::new(6), Condvar::new());

/// A run that came to its end.
pub(crate) struct Ended {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The JSON report; `None` where the run ended before it began.
    pub(crate) report: Option<Value>,
    /// The peak of resident memory, in KiB.
    pub(crate) peak: u64,
    pub(crate) took: Duration,
}

/// The command, with nothing of this environment that could change what it does.
pub(crate) fn cogspec(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(args).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// Runs the cases that these arguments name at that endpoint, and checks what holds of every run: an end within the bound,
/// a peak of memory, and outputs without anything that steers a terminal.
pub(crate) fn run(endpoint: &str, args: &[&str], within: Duration) -> Ended {
    run_command(cogspec(&[&["run", "--endpoint", endpoint], args].concat()), within)
}

/// The same for a command that is set up already.
pub(crate) fn run_command(mut command: Command, within: Duration) -> Ended {
    let _room = Room::take();
    let file = report_file();
    command.arg("--report").arg(format!("json={}", file.display()));
    let started = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (stdout, stderr) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let mut peak = 0;
    let status = loop {
        peak = peak.max(resident_peak(&child));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > within {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("no end within {within:?}: {command:?}\n{}", stdout.join().unwrap());
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let took = started.elapsed();
    let ended = Ended {
        exit: status.code(),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
        report: read_report(&file),
        peak,
        took,
    };
    assert!(peak < MEMORY, "{} MiB: {command:?}", peak / 1024);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    assert_steers_nothing(&ended.stdout);
    assert_steers_nothing(&ended.stderr);
    ended
}

impl Ended {
    /// The case of that id in the report.
    #[track_caller]
    pub(crate) fn case(&self, id: &str) -> &Value {
        let cases = self.report.as_ref().and_then(|report| report["cases"].as_array());
        let case = cases.and_then(|cases| cases.iter().find(|case| case["id"] == id));
        case.unwrap_or_else(|| panic!("no case {id}: {}{}", self.stdout, self.stderr))
    }
}

/// The report, which is whole, valid under its schema, and text that can be printed.
fn read_report(file: &Path) -> Option<Value> {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = cogspec(&["schema", "run"]).output().unwrap().stdout;
        jsonschema::validator_for(&serde_json::from_slice(&schema).unwrap()).unwrap()
    });
    let bytes = fs::read(file).ok()?;
    fs::remove_file(file).unwrap();
    assert_steers_nothing(std::str::from_utf8(&bytes).unwrap());
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    if let Err(e) = SCHEMA.validate(&report) {
        panic!("the report is not valid: {e}");
    }
    Some(report)
}

/// The answers of servers are full of this where it would begin a line.
pub(crate) const FORGED: &str = "PASS everything";

/// No control character but the line feed, and none that reorders or hides text.
#[track_caller]
fn assert_steers_nothing(text: &str) {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    assert!(!text.lines().any(|line| line.starts_with(FORGED)), "{text}");
    let found = text.char_indices().find(|(_, c)| steers(*c));
    assert!(found.is_none(), "{found:?} in {}", text.escape_debug().take(4000).collect::<String>());
}

fn report_file() -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{}-{number}.json", std::process::id()))
}

fn reader(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.unwrap().read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// The kernel's own mark of the most memory that the process has had so far; 0 where it has ended.
fn resident_peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    mark.and_then(|mark| mark.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

/// A place among the runs at once.
struct Room;

impl Room {
    fn take() -> Self {
        let mut room = ROOM.1.wait_while(ROOM.0.lock().unwrap(), |room| *room == 0).unwrap();
        *room -= 1;
        Room
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // A run that failed has poisoned nothing: the number is right.
        *ROOM.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += 1;
        ROOM.1.notify_one();
    }
}
