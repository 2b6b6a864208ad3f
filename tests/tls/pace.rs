//! The budget of requests, and their rate.

use std::time::{Duration, Instant};

use crate::command::{cogspec, run};
use crate::front::{Front, pools, verdicts};

#[test]
fn a_run_ends_with_its_budget_and_leaves_nothing_behind() {
    const BUDGET: usize = 70;
    let front = Front::start(&["h2"]);
    let more =
        ["--budget", &BUDGET.to_string(), "--filter", "options.*", "--filter", "ceremony.*", "--filter", "state.*"];
    let ended = run(&front.arguments(), &more);
    assert_eq!(ended.exit, Some(3), "{}", ended.errors);
    assert_eq!(ended.report["summary"]["interrupted"], true);
    assert!(ended.report["summary"]["not_run"].as_u64().unwrap() > 0);
    let verdicts = verdicts(&ended.report);
    let without_budget = |(_, verdict, reason): &&(String, String, String)| {
        verdict == "inconclusive" && reason.contains("budget of requests is used up") && reason.contains("--budget")
    };
    assert!(verdicts.iter().filter(without_budget).count() > 0, "{verdicts:?}");
    assert!(verdicts.iter().all(|(_, verdict, _)| verdict != "fail" && verdict != "error"), "{verdicts:?}");
    let asked = front.asked().len();
    assert!(asked <= BUDGET && asked + 10 >= BUDGET, "{asked}");
    assert!(front.count("CreateUserPool") > 0);
    assert_eq!(pools(&front.emulator()), 0);
}

#[test]
fn a_budget_that_is_too_small_for_the_first_look() {
    let front = Front::start(&["h2"]);
    let ended = run(&front.arguments(), &["--budget", "3"]);
    assert_eq!(ended.exit, Some(3), "{}", ended.errors);
    assert!(ended.errors.contains("--budget"), "{}", ended.errors);
    assert!(front.asked().len() <= 3);
    assert_eq!(pools(&front.emulator()), 0);
}

#[test]
fn the_fuzzer_ends_with_the_budget() {
    let front = Front::start(&["h2"]);
    let mut arguments: Vec<String> =
        ["fuzz", "--time", "60s", "--budget", "90", "--format", "json", "--fail-on", "fail"]
            .map(str::to_owned)
            .to_vec();
    arguments.extend(front.arguments());
    let output = cogspec(&arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect(&told);
    assert_eq!(report["run"]["ended"]["why"], "requests", "{told}");
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(front.asked().len() <= 90);
    assert_eq!(pools(&front.emulator()), 0);
}

#[test]
fn requests_go_out_no_faster_than_the_rate() {
    let front = Front::start(&["h2"]);
    let started = Instant::now();
    let ended = run(&front.arguments(), &["--rate", "20", "--filter", "options.served", "--filter", "options.rp-id.*"]);
    let took = started.elapsed();
    assert_eq!(ended.exit, Some(0), "{}", ended.errors);
    let asked = u32::try_from(front.asked().len()).unwrap();
    assert!(asked > 10, "{asked}");
    assert!(took >= Duration::from_millis(50) * (asked - 1), "{asked} in {took:?}");
}
