//! What is made of the results of a client: reports, baselines, comparisons, and a matrix of their own.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{cogspec, output, stderr, stdout, tempfile};

/// A scenario that fails by naming no error, or holds.
fn scenario(id: &str, fails: bool) -> Value {
    let finding = json!({
        "rule": "client.code", "severity": "fail", "level": "MUST", "evidence": "documented",
        "statement": "A client tells the error's code.", "source": "a document", "url": "https://example.com/",
        "got": "nothing", "wanted": "`ForbiddenException`",
    });
    json!({
        "id": id, "theme": "envelope", "title": "names the error in the header", "rules": ["client.code"],
        "expects": "client", "outcomes": ["error"],
        "verdict": if fails { "fail" } else { "pass" },
        "fingerprint": if fails { vec!["client.code: nothing"] } else { vec![] },
        "findings": if fails { vec![finding] } else { vec![] },
        "exchanges": [],
        "observation": if fails { "outcome: error" } else { "outcome: error\ncode: ForbiddenException" },
        "duration_ms": 1,
    })
}

/// The results of a client of which so many of two scenarios fail, in a file of its name.
fn results(folder: &Path, name: &str, fails: usize) -> PathBuf {
    let cases = ["envelope.made-up.one", "envelope.made-up.two"];
    let cases: Vec<Value> = cases.iter().enumerate().map(|(at, id)| scenario(id, at < fails)).collect();
    let mut counts = json!({
        "pass": 0, "note": 0, "warn": 0, "fail": 0, "known": 0, "fixed": 0, "skip": 0, "inconclusive": 0, "error": 0,
    });
    counts["pass"] = json!(2 - fails);
    counts["fail"] = json!(fails);
    let document = json!({
        "version": 1,
        "run": {
            "version": 1, "cogspec": "0.1.0", "side": "client", "name": name, "target": format!("{name} 1.2.3"),
            "endpoint": "http://127.0.0.1:9230", "cases": 2, "seed": 1, "case_set": "0123456789ab", "started": 1_800_000_000,
            "token": "cogspec1.1.0123456789ab.0.1800000000",
        },
        "cases": cases,
        "notices": [],
        "summary": {
            "counts": counts, "drifted": 0, "drifted_inferred": 0, "stale": 0, "expired": 0, "unmatched": 0, "not_run": 0,
            "interrupted": false, "unreachable": false, "duration_ms": 2,
        },
    });
    let path = folder.join(format!("{name}.json"));
    fs::write(&path, document.to_string()).unwrap();
    path
}

fn folder(name: &str) -> PathBuf {
    let folder = tempfile(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The results of one case of the emulator.
fn of_a_server(folder: &Path) -> PathBuf {
    let path = folder.join("server.json");
    let report = format!("json={}", path.display());
    let ran = output(&["run", "--filter", "request.method.delete", "--report", &report]);
    assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
    path
}

#[test]
fn the_failures_of_a_client_are_told_listed_and_compared() {
    let folder = folder("clients-results");
    let (worse, better) = (results(&folder, "worse", 2), results(&folder, "better", 1));
    let told = stdout(&output(&["report", path(&worse)]));
    assert!(told.contains("cogspec clients run worse --filter envelope.made-up.one"), "{told}");

    let baseline = folder.join("known.toml");
    let init = output(&["baseline", "init", path(&worse), "-o", path(&baseline), "--reason", "it never did"]);
    assert_eq!(init.status.code(), Some(0), "{}", stderr(&init));
    let text = fs::read_to_string(&baseline).unwrap();
    assert!(
        text.contains("`cogspec clients run --baseline FILE`") && text.contains("# An entry is a scenario"),
        "{text}"
    );
    let check = output(&["baseline", "check", path(&baseline), path(&worse)]);
    assert_eq!(check.status.code(), Some(0), "{}", stdout(&check));
    assert!(stdout(&check).contains("2 known, 0 new or otherwise, 0 fixed"), "{}", stdout(&check));
    let check = output(&["baseline", "check", path(&baseline), path(&better)]);
    assert_eq!(check.status.code(), Some(5), "{}", stdout(&check));
    assert!(stdout(&check).contains("fixed  envelope.made-up.two"), "{}", stdout(&check));

    let diff = output(&["diff", path(&better), path(&worse)]);
    assert_eq!(diff.status.code(), Some(1), "{}", stderr(&diff));
    assert!(stdout(&diff).contains("2 scenarios") && stdout(&diff).contains("1 new failures"), "{}", stdout(&diff));
    let refused = output(&["diff", path(&of_a_server(&folder)), path(&worse)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("compare two runs of one side"), "{}", stderr(&refused));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_matrix_of_clients_has_files_of_its_own() {
    let repository = folder("clients-repository");
    fs::create_dir_all(repository.join("implementations/clients")).unwrap();
    let made = repository.join("results");
    fs::create_dir_all(&made).unwrap();
    results(&made, "worse", 2);
    results(&made, "better", 1);
    let written = cogspec(&["matrix", "--from", "results", "--write"]).current_dir(&repository).output().unwrap();
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    assert!(stdout(&written).contains("2 clients, 2 scenarios"), "{}", stdout(&written));
    let files = repository.join("implementations/clients");
    let markdown = fs::read_to_string(files.join("matrix.md")).unwrap();
    assert!(markdown.contains("| `envelope.made-up.two` | ✅ ForbiddenException | ❌ error |"), "{markdown}");
    let matrix: Value = serde_json::from_slice(&fs::read(files.join("matrix.json")).unwrap()).unwrap();
    assert_eq!(matrix["side"], "client");
    assert!(!repository.join("implementations/matrix.md").exists());

    // Refused before the server is run, too.
    let worse = made.join("worse.json");
    let server = of_a_server(&made);
    for args in [["matrix", "emulator", "--from", path(&worse)], ["matrix", "--from", path(&server), path(&worse)]] {
        let refused = output(&args);
        assert_eq!(refused.status.code(), Some(2), "{}", stdout(&refused));
        assert!(stderr(&refused).contains("`worse` that of a client"), "{}", stderr(&refused));
    }
    fs::remove_dir_all(repository).unwrap();
}
