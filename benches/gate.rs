//! What a gate costs: the release binary on the embedded emulator, several times, beside the bars of docs/speed.md.
//!
//! It measures the binary that people get, not this profile's library, so the cheapest way to run it is
//! `cargo bench --profile dev --bench gate`. It builds the binary, or takes the one that `COGSPEC_BINARY` names. Times say
//! something on an idle machine only; the head tells the load. Memory and processor time are read from Linux's `/proc`.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How often each thing is measured.
const RUNS: usize = 5;

/// The reports of a run that writes reports.
const REPORTS: [&str; 6] = ["html", "json", "junit", "markdown", "ndjson", "sarif"];

/// How many of the slowest cases are named.
const SLOWEST: usize = 6;

/// The time between two looks at the memory of a run.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The ticks in which Linux tells processor time.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() -> Result<(), Box<dyn Error>> {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("cargo bench --profile dev --bench gate measures");
        return Ok(());
    }
    let binary = binary()?;
    let folder = std::env::temp_dir().join(format!("cogspec-gate-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(&binary, &folder);
    fs::remove_dir_all(&folder)?;
    measured
}

fn measure(binary: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let cores = std::thread::available_parallelism()?;
    let load = fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').next().map(str::to_owned));
    println!("{}: {RUNS} runs on {cores} cores, load {}\n", binary.display(), load.as_deref().unwrap_or("not known"));
    println!("{:<44}{:>10}{:>10}{:>10}", "", "median", "most", "bar");

    let reports = REPORTS.map(|format| format!("--report={format}={}", folder.join(format).display()));
    for (name, arguments) in [("the suite", &[][..]), ("the suite, with reports", &reports[..])] {
        let runs = (0..RUNS).map(|_| run(binary, arguments)).collect::<Result<Vec<_>, _>>()?;
        row(&format!("{name}: wall time, s"), runs.iter().map(|run| Some(run.wall.as_secs_f64())), Some(5.0));
        row(&format!("{name}: processor time, s"), runs.iter().map(|run| run.processor), None);
        row(&format!("{name}: peak memory, MB"), runs.iter().map(|run| run.memory), Some(100.0));
    }
    let first = (0..RUNS).map(|_| first_result(binary)).collect::<Result<Vec<_>, _>>()?;
    row("start to first result, ms", first.iter().map(|time| Some(time.as_secs_f64() * 1e3)), Some(200.0));
    row("the binary, MB", [Some(fs::metadata(binary)?.len() as f64 / 1e6)].into_iter(), Some(25.0));

    println!("\nthe slowest cases");
    let results: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("json"))?)?;
    let cases = results["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut cases: Vec<_> = cases.iter().map(|case| (case["duration_ms"].as_u64(), case["id"].as_str())).collect();
    cases.sort_by(|a, b| b.cmp(a));
    for (duration, id) in cases.into_iter().take(SLOWEST) {
        println!("{:>7} ms  {}", duration.unwrap_or_default(), id.unwrap_or_default());
    }
    Ok(())
}

/// One line of the table; what could not be measured is a dash.
fn row(name: &str, values: impl Iterator<Item = Option<f64>>, bar: Option<f64>) {
    let mut values: Vec<f64> = values.flatten().collect();
    values.sort_by(f64::total_cmp);
    let shown = |value: Option<&f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}"));
    let (median, most) = (shown(values.get(values.len() / 2)), shown(values.last()));
    println!("{name:<44}{median:>10}{most:>10}{:>10}", bar.map_or(String::new(), |bar| bar.to_string()));
}

/// What one run took.
struct Run {
    wall: Duration,
    /// User and system time in seconds.
    processor: Option<f64>,
    /// The peak of resident memory, in megabytes.
    memory: Option<f64>,
}

fn run(binary: &Path, arguments: &[String]) -> Result<Run, Box<dyn Error>> {
    let before = processor_of_children();
    let started = Instant::now();
    let mut child = Command::new(binary).arg("run").args(arguments).stdout(Stdio::null()).spawn()?;
    let mut memory = None;
    let status = loop {
        memory = peak_memory(&child).or(memory);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(LOOK_EVERY);
    };
    let wall = started.elapsed();
    if !status.success() {
        return Err(format!("the run ended with {status}").into());
    }
    let processor = processor_of_children().zip(before).map(|(after, before)| after - before);
    Ok(Run { wall, processor, memory })
}

/// From the start of the process to the end of the first case.
fn first_result(binary: &Path) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    let mut child = Command::new(binary).args(["run", "--report", "ndjson=-"]).stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
    let finished = lines.map_while(Result::ok).any(|line| line.starts_with(r#"{"event":"case-finished""#));
    let took = started.elapsed();
    // It runs on the emulator in the same process: nothing is left behind.
    child.kill()?;
    child.wait()?;
    if finished { Ok(took) } else { Err("no case has ended".into()) }
}

/// The most resident memory that a process has had so far, in megabytes.
fn peak_memory(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = peak.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

/// User and system time of the children that have ended, in seconds (proc(5), fields 16 and 17 of `stat`).
fn processor_of_children() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is a name, which may have spaces in it.
    let (_, from_third) = stat.rsplit_once(')')?;
    let ticks: Vec<f64> =
        from_third.split_whitespace().skip(13).take(2).map_while(|field| field.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / TICKS_PER_SECOND)
}

/// The release binary, built if it is not.
fn binary() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(named) = std::env::var_os("COGSPEC_BINARY") {
        return Ok(named.into());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = Command::new(cargo).args(["build", "--release", "--bin", "cogspec"]).current_dir(root).status()?;
    if !built.success() {
        return Err("the release binary cannot be built".into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release").join(format!("cogspec{}", std::env::consts::EXE_SUFFIX)))
}
