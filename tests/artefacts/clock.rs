//! Clocks that step: what is measured is measured by a clock that does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use cogspec::emulator::{Config, Emulator};
use serde_json::Value;

use crate::support::{output, written};

/// A server whose clock goes a day forward and back again, time after time. Its tokens are then too old, or not yet valid, and
/// its answers may be wrong; the run comes to its end all the same.
#[test]
fn of_the_server() {
    const DAY: Duration = Duration::from_secs(86_400);
    let looks = AtomicU64::new(0);
    let clock = move || {
        let steps = looks.fetch_add(1, Ordering::Relaxed) / 200;
        SystemTime::now() + if steps % 2 == 1 { DAY } else { Duration::ZERO }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let emulator = runtime.block_on(Emulator::start(Config { clock: Arc::new(clock), ..Config::default() })).unwrap();
    let begun = Instant::now();
    let args =
        ["run", "--endpoint", &emulator.endpoint(), "--report", "json=-", "--filter", "state.*", "--filter", "token.*"];
    let run = output(&args);
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
    assert!(matches!(run.status.code(), Some(0 | 1 | 3)), "{}", written(&run));
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["summary"]["counts"]["error"], 0);
    assert_eq!(report["summary"]["not_run"], 0);
    let durations = report["cases"].as_array().unwrap().iter().map(|case| &case["duration_ms"]);
    for duration in durations.chain([&report["summary"]["duration_ms"]]) {
        assert!(duration.as_u64().unwrap() <= took, "{duration} ms of {took}");
    }
}
