//! Streams that end early or are not there, and a bare environment.
#![cfg(unix)]

use crate::support::{bash, folder, written};

/// A reader that goes away takes nothing with it but the rest of the text, and makes no noise.
#[test]
fn a_reader_that_goes_away() {
    let folder = folder("pipes");
    let options = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/options");
    let file = std::fs::read_dir(options).unwrap().next().unwrap().unwrap().path().display().to_string();
    for (args, exit) in [
        ("rules", &[0][..]),
        ("rules token.*", &[0]),
        ("explain token.expiry", &[0]),
        ("schema run", &[0]),
        ("emulate --list-faults", &[0]),
        ("run --list", &[0]),
        ("run --filter options.* --verbose", &[0]),
        ("run --filter options.* --report json=-", &[0]),
        ("run --filter options.* --report ndjson=-", &[0]),
        ("record profile --filter options.served", &[0]),
        ("self-test --quick --fault state.sign-out.ignored", &[0]),
        ("self-test --quick --fault state.sign-out.ignored --format json", &[0]),
        ("fuzz --requests 50", &[0]),
        ("fuzz --requests 50 --format json", &[0]),
        (&format!("options check --format json {file}"), &[0, 1]),
        (&format!("options check {file}"), &[0, 1]),
        ("--help", &[0]),
        ("run --help", &[0]),
    ] {
        for reader in ["head -n 1", "true"] {
            let line = format!("cd {} && $COGSPEC {args} | {reader}; exit ${{PIPESTATUS[0]}}", folder.display());
            let run = bash(&line);
            let told = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.code().is_some_and(|code| exit.contains(&code)), "{args} | {reader}: {}", written(&run));
            assert!(!told.contains("panicked") && !told.contains("error:"), "{args} | {reader}: {told}");
        }
    }
    // Standard error goes the same way.
    let run = bash("$COGSPEC run --endpoint http://127.0.0.1:1 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}");
    assert_eq!(run.status.code(), Some(3));
}

#[test]
fn streams_that_are_not_there() {
    let folder = folder("closed");
    let report = folder.join("run.json");
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let line = format!("$COGSPEC run --filter options.* --report json={} {closed}", report.display());
        let run = bash(&line);
        assert_eq!(run.status.code(), Some(0), "{closed}: {}", written(&run));
        // No descriptor of the report is taken for a stream.
        let document: serde_json::Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
        assert_eq!(document["summary"]["counts"]["fail"], 0);
    }
    for (args, exit) in [("options check -", 2), ("token check", 2), ("classify -", 2), ("replay -", 2)] {
        let run = bash(&format!("$COGSPEC {args} <&-"));
        assert!(!written(&run).contains("panicked"), "{}", written(&run));
        assert!(run.status.code().is_some_and(|code| code == exit || code == 1), "{args}: {}", written(&run));
    }
}

#[test]
fn an_environment_without_anything() {
    let folder = folder("bare");
    let line = format!(
        "cd {} && env -i LANG=C LC_ALL=C HOME=/proc/none TMPDIR=/proc/none XDG_CACHE_HOME=/proc/none \
         \"$COGSPEC\" run --filter options.* --report json=run.json",
        folder.display()
    );
    let run = bash(&line);
    assert_eq!(run.status.code(), Some(0), "{}", written(&run));
    assert!(folder.join("run.json").exists());
}

/// With hardly any file descriptor a run ends by itself, with a message and a documented exit code.
#[test]
fn no_file_descriptors_left() {
    for limit in [4, 6, 8, 9, 10, 12, 14, 16, 20, 24, 32] {
        for args in ["run --filter options.* --timeout 2 --case-timeout 4", "fuzz --requests 50 --time 5s --timeout 2"]
        {
            let run = bash(
                &format!("cd /tmp; ulimit -n {limit}; timeout 90 $COGSPEC {args} --findings /proc/none/x")
                    .replace("run --filter", "run --filter")
                    .replace("--case-timeout 4 --findings /proc/none/x", "--case-timeout 4"),
            );
            let told = written(&run);
            assert!(matches!(run.status.code(), Some(0 | 2 | 3)), "{limit}, {args}: {:?} {told}", run.status);
            assert!(!told.contains("panicked"), "{limit}, {args}: {told}");
            if run.status.code() != Some(0) {
                assert!(!told.trim().is_empty(), "{limit}, {args}: nothing is told");
            }
        }
    }
}

#[test]
fn a_number_of_jobs_beyond_all_measure() {
    for jobs in ["0", "257", "100000", "99999999999999999999", "-1"] {
        let run = bash(&format!("$COGSPEC run --jobs={jobs}"));
        assert_eq!(run.status.code(), Some(2), "{jobs}: {}", written(&run));
    }
    let run = bash("ulimit -n 1024; $COGSPEC run --jobs 256 --filter options.* --filter token.time.*");
    assert_eq!(run.status.code(), Some(0), "{}", written(&run));
}
