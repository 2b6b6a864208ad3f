//! Known failures: a first baseline, runs that it makes green and red, and what `cogspec diff` tells of two runs.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::support::{Served, output, results_of_nothing, stderr, stdout, tempfile};

/// What the fault `request.method.any` breaks, and some that it does not.
const FILTERS: [&str; 4] = ["--filter", "request.method.*", "--filter", "request.path.*"];

/// Runs the chosen cases on a server, and keeps the results.
fn run(server: &Served, results: &Path, more: &[&str]) -> Output {
    let report = format!("json={}", results.display());
    let endpoint = server.endpoint();
    output(&[&["run", "--endpoint", &endpoint, "--report", &report], FILTERS.as_slice(), more].concat())
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The results of a server with that fault, and a baseline of its failures with that reason.
fn known(fault: &str, reason: &str) -> (Served, PathBuf, PathBuf) {
    let (results, baseline) =
        (tempfile(&format!("{fault}.{}.json", reason.len())), tempfile(&format!("{fault}.{}.toml", reason.len())));
    let _ = std::fs::remove_file(&baseline);
    let server = Served::faulty(fault);
    let ran = run(&server, &results, &[]);
    assert_eq!(ran.status.code(), Some(1), "{}{}", stdout(&ran), stderr(&ran));
    let init = output(&["baseline", "init", path(&results), "-o", path(&baseline), "--reason", reason]);
    assert_eq!(init.status.code(), Some(0), "{}", stderr(&init));
    (server, results, baseline)
}

#[test]
fn what_is_known_is_green_what_is_new_is_red_and_what_is_fixed_is_to_be_removed() {
    let (server, results, baseline) = known("request.method.any", "the router does not look at the method");
    let before = std::fs::read_to_string(&baseline).unwrap();

    let again = run(&server, &results, &["--baseline", path(&baseline), "--strict"]);
    assert_eq!(again.status.code(), Some(0), "{}{}", stdout(&again), stderr(&again));
    let counts = &json(&results)["summary"]["counts"];
    assert_eq!((counts["fail"].as_u64(), counts["known"].as_u64()), (Some(0), Some(8)), "{counts}");
    let delete =
        json(&results)["cases"].as_array().unwrap().iter().find(|case| case["id"] == "request.method.delete").cloned();
    let delete = delete.unwrap();
    assert_eq!(delete["verdict"], "known");
    assert_eq!(delete["listed"]["reason"], "the router does not look at the method");
    assert_eq!(delete["fingerprint"], delete["listed"]["fingerprint"]);

    // Another fault: everything that is listed is fixed, and the paths are warned of anew.
    let other = Served::faulty("request.path.any");
    let worse = run(&other, &results, &["--baseline", path(&baseline), "--fail-on", "warn"]);
    assert_eq!(worse.status.code(), Some(1), "{}{}", stdout(&worse), stderr(&worse));
    let sound = Served::start();
    let fixed = run(&sound, &results, &["--baseline", path(&baseline)]);
    assert_eq!(fixed.status.code(), Some(5), "{}{}", stdout(&fixed), stderr(&fixed));
    assert_eq!(json(&results)["summary"]["counts"]["fixed"], 8);
    assert!(stdout(&fixed).contains("cogspec baseline update"), "{}", stdout(&fixed));

    // A comment of a person, and an entry that no case has.
    let edited = before.replace("version = 1", "version = 1 # ours")
        + "\n# gone\n[known.\"request.no-such-case\"]\nfingerprint = [\"x\"]\nreason = \"it was\"\nexpires = 2001-01-01\n";
    std::fs::write(&baseline, edited).unwrap();
    let update = output(&["baseline", "update", path(&baseline), path(&results)]);
    assert_eq!(update.status.code(), Some(0), "{}", stderr(&update));
    assert!(stdout(&update).contains("9 entries removed, 0 changed, 0 added"), "{}", stdout(&update));
    let after = std::fs::read_to_string(&baseline).unwrap();
    assert!(after.contains("version = 1 # ours") && !after.contains("[known"), "{after}");
    let again = run(&sound, &results, &["--baseline", path(&baseline), "--strict"]);
    assert_eq!(again.status.code(), Some(0), "{}{}", stdout(&again), stderr(&again));
}

#[test]
fn results_are_held_against_a_baseline_afterwards() {
    let (_server, results, baseline) = known("request.method.any", "held against it later");
    let held = tempfile("held.json");
    let report = format!("json={}", held.display());
    let told = output(&["report", path(&results), "--baseline", path(&baseline), "--report", &report]);
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    let summary = &json(&held)["summary"];
    assert_eq!((summary["counts"]["fail"].as_u64(), summary["counts"]["known"].as_u64()), (Some(0), Some(8)));
    assert!(summary["exit"].is_null(), "another command's end is told: {summary}");
}

#[test]
fn a_known_failure_that_fails_otherwise_is_a_failure() {
    let (server, results, baseline) = known("request.method.any", "known");
    let text = std::fs::read_to_string(&baseline).unwrap();
    let text = text.replacen("request.method: success (200)", "request.method: NotAuthorizedException (400)", 1);
    std::fs::write(&baseline, text).unwrap();
    let ran = run(&server, &results, &["--baseline", path(&baseline)]);
    assert_eq!(ran.status.code(), Some(1));
    let counts = &json(&results)["summary"]["counts"];
    assert_eq!((counts["fail"].as_u64(), counts["known"].as_u64()), (Some(1), Some(7)), "{counts}");
    let check = output(&["baseline", "check", path(&baseline), path(&results)]);
    assert_eq!(check.status.code(), Some(1));
    let told = stdout(&check);
    assert!(told.contains("other  request.method.delete: request.method: success (200)"), "{told}");
    assert!(told.contains("is listed as: request.method: NotAuthorizedException (400)"), "{told}");
    // What fails in some runs only is not fixed by one in which it holds.
    let flaky = std::fs::read_to_string(&baseline).unwrap().replace("reason = ", "flaky = true\nreason = ");
    let flaky_baseline = tempfile("flaky.toml");
    std::fs::write(&flaky_baseline, flaky).unwrap();
    let sound = run(&Served::start(), &tempfile("sound.json"), &["--baseline", path(&flaky_baseline), "--strict"]);
    assert_eq!(sound.status.code(), Some(0), "{}", stdout(&sound));
    let update = output(&["baseline", "update", path(&flaky_baseline), path(&tempfile("sound.json"))]);
    assert!(stdout(&update).contains("is up to date"), "{}", stdout(&update));
    // Brought up to date it keeps its reason.
    let update = output(&["baseline", "update", path(&baseline), path(&results)]);
    assert!(stdout(&update).contains("~ request.method.delete"), "{}", stdout(&update));
    let check = output(&["baseline", "check", path(&baseline), path(&results)]);
    assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
}

#[test]
fn an_expired_entry_is_told_and_fails_when_strict() {
    let (server, results, baseline) = known("request.method.any", "until it expires");
    let text = std::fs::read_to_string(&baseline).unwrap();
    std::fs::write(&baseline, text.replacen("reason = ", "expires = 2001-01-01\nreason = ", 1)).unwrap();
    let told = run(&server, &results, &["--baseline", path(&baseline)]);
    assert_eq!(told.status.code(), Some(0), "{}", stdout(&told));
    assert!(stdout(&told).contains("1 expired: request.method.delete"), "{}", stdout(&told));
    let strict = run(&server, &results, &["--baseline", path(&baseline), "--strict"]);
    assert_eq!(strict.status.code(), Some(5));
    let check = output(&["baseline", "check", path(&baseline), "--strict"]);
    assert_eq!((check.status.code(), stdout(&check).contains("expired on 2001-01-01")), (Some(5), true));
}

#[test]
fn a_listed_case_that_cannot_be_judged_is_told() {
    let baseline = tempfile("unjudged.toml");
    // Without the server's key these tokens cannot be made.
    std::fs::write(&baseline, "version = 1\n[known.\"token.scope.missing\"]\nfingerprint = [\"x\"]\nreason = \"y\"\n")
        .unwrap();
    let server = Served::start();
    let endpoint = server.endpoint();
    let args = [
        "run",
        "--endpoint",
        &endpoint,
        "--filter",
        "token.scope.*",
        "--filter",
        "options.served",
        "--baseline",
        path(&baseline),
    ];
    let told = output(&args);
    assert_eq!(told.status.code(), Some(0), "{}{}", stdout(&told), stderr(&told));
    assert!(stdout(&told).contains("1 not judged: token.scope.missing"), "{}", stdout(&told));
    let strict = output(&[&args, ["--strict"].as_slice()].concat());
    assert_eq!(strict.status.code(), Some(5));
}

#[test]
fn a_baseline_that_is_not_whole_is_refused_with_every_place() {
    let baseline = tempfile("wrong.toml");
    for (text, wanted) in [
        (
            "version = 1\n[known.a]\nfingerprint = [\"x\"]\nreason = \" \"\n[known.b]\nfingerprint = [\"x\"]\nreason = \"\"\n",
            &["line 2: a: its reason is empty", "line 5: b: its reason is empty"][..],
        ),
        ("version = 1\n[known.a]\nfingerprint = []\nreason = \"x\"\n", &["its fingerprint is empty"]),
        ("version = 1\n[known.a]\nfingerprint = [\"x\"]\n", &["reason"]),
        ("version = 1\n[known.a]\nfingerprint = [\"x\"]\nreason = \"x\"\nexpired = 2027-01-01\n", &["expired"]),
        (
            "version = 1\n[known.a]\nfingerprint = [\"x\"]\nreason = \"x\"\nexpires = 2027-01-01T00:00:00Z\n",
            &["a day, such as"],
        ),
        ("version = 1\n[known.a]\nverdict = \"skip\"\nfingerprint = [\"x\"]\nreason = \"x\"\n", &["skip"]),
        ("version = 2\n", &["version = 1"]),
        ("version = 1\nknown = 3\n", &["`known` is no table"]),
        ("version = 1\n[knwon.a]\n", &["line 2: `knwon` is not known here"]),
        ("version = 1\n[known.a]\nreason = \"x\"\n[known.a]\n", &["is not TOML"]),
        ("version = ", &["is not TOML"]),
    ] {
        std::fs::write(&baseline, text).unwrap();
        for args in [
            &["run", "--filter", "options.served", "--baseline", path(&baseline)][..],
            &["baseline", "check", path(&baseline)],
        ] {
            let refused = output(args);
            assert_eq!(refused.status.code(), Some(2), "{text}: {}", stdout(&refused));
            for wanted in wanted {
                assert!(stderr(&refused).contains(wanted), "{text}: {}", stderr(&refused));
            }
        }
    }
    let missing = output(&["run", "--filter", "options.served", "--baseline", "no-such-file.toml"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("cogspec baseline init"), "{}", stderr(&missing));
    let strict = output(&["run", "--filter", "options.served", "--strict"]);
    assert_eq!(strict.status.code(), Some(2), "there is nothing that could be stale");
}

#[test]
fn a_first_baseline_wants_reasons_and_overwrites_nothing() {
    let (server, results, baseline) = known("request.method.override", "");
    let refused = run(&server, &tempfile("unused.json"), &["--baseline", path(&baseline)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("its reason is empty"), "{}", stderr(&refused));
    let init = output(&["baseline", "init", path(&results), "-o", path(&baseline)]);
    assert_eq!(init.status.code(), Some(2));
    assert!(stderr(&init).contains("is there already"), "{}", stderr(&init));
    // A server that does not know the operation has no failures, and nothing to be proud of.
    let nothing = tempfile("nothing.json");
    let ran = results_of_nothing(path(&nothing));
    assert_eq!(ran.status.code(), Some(4), "{}{}", stdout(&ran), stderr(&ran));
    for args in [
        &["baseline", "init", path(&nothing), "-o", path(&tempfile("nothing.toml"))][..],
        &["diff", path(&results), path(&nothing)],
    ] {
        let refused = output(args);
        assert_eq!(refused.status.code(), Some(4), "{}{}", stdout(&refused), stderr(&refused));
        assert!(stderr(&refused).contains("does not implement the operation"), "{}", stderr(&refused));
    }
    let wrong = output(&["baseline", "init", path(&baseline), "-o", path(&tempfile("other.toml"))]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("is not the results of a run"), "{}", stderr(&wrong));
}

/// The fault breaks a SHOULD, or a MUST that is only inferred.
#[test]
fn warnings_can_be_listed_too() {
    let server = Served::faulty("request.path.any");
    let (results, baseline) = (tempfile("warns.json"), tempfile("warns.toml"));
    let _ = std::fs::remove_file(&baseline);
    let args = ["--fail-on", "warn"];
    let ran = run(&server, &results, &args);
    let counts = json(&results)["summary"]["counts"].clone();
    assert_eq!(ran.status.code(), Some(1), "{}", stdout(&ran));
    let init =
        output(&["baseline", "init", path(&results), "-o", path(&baseline), "--fail-on", "warn", "--reason", "soon"]);
    assert_eq!(init.status.code(), Some(0), "{}", stderr(&init));
    let again = run(&server, &results, &[&args, ["--baseline", path(&baseline)].as_slice()].concat());
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
    let known = &json(&results)["summary"]["counts"]["known"];
    assert_eq!(known.as_u64(), Some(counts["fail"].as_u64().unwrap() + counts["warn"].as_u64().unwrap()));
}

#[test]
fn two_runs_are_compared() {
    let (_, old, _) = known("request.method.any", "the earlier run");
    let new = tempfile("new.json");
    run(&Served::faulty("request.method.override"), &new, &[]);
    let schema: Value = serde_json::from_str(cogspec::report::Schema::Diff.text()).unwrap();
    let compare = |format: &str, old: &Path, new: &Path| output(&["diff", path(old), path(new), "--format", format]);
    let better = compare("json", &old, &new);
    assert_eq!(better.status.code(), Some(0), "{}", stdout(&better));
    let document: Value = serde_json::from_str(&stdout(&better)).unwrap();
    jsonschema::validate(&schema, &document).unwrap();
    assert_eq!(document["fixed"].as_array().unwrap().len(), 7, "{document}");
    assert_eq!((document["same"].as_u64(), document["new_failures"].as_array().map(Vec::len)), (Some(1), Some(0)));
    let worse = compare("text", &new, &old);
    assert_eq!(worse.status.code(), Some(1));
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:<port>");
        settings.set_prepend_module_to_snapshot(false);
        settings
    };
    settings.bind(|| {
        insta::assert_snapshot!("diff_text", stdout(&worse));
        insta::assert_snapshot!("diff_markdown", stdout(&compare("markdown", &new, &old)));
    });
    // A failure that comes in another way is told, too.
    let mut changed = json(&new);
    let failing = changed["cases"].as_array_mut().unwrap().iter_mut().find(|case| case["verdict"] == "fail").unwrap();
    failing["fingerprint"] = serde_json::json!(["request.method: `|`\n<b> (200)"]);
    let other = tempfile("other.json");
    std::fs::write(&other, changed.to_string()).unwrap();
    let otherwise = compare("markdown", &new, &other);
    assert_eq!(otherwise.status.code(), Some(1));
    let told = stdout(&otherwise);
    assert!(told.contains(r"``request.method: `\|`\n<b> (200)``"), "{told}");
}
