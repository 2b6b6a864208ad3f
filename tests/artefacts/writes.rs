//! Files: whole or not at all, and told before the run where that can be.

use crate::support::{folder, names, output, written};

/// Ends with that exit code, and a message with these words.
#[track_caller]
fn ends(args: &[&str], exit: i32, words: &str) {
    let run = output(args);
    assert_eq!(run.status.code(), Some(exit), "{args:?}: {}", written(&run));
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(told.contains(words) && !told.contains("panicked"), "{args:?}: {told}");
}

const ONE: [&str; 3] = ["run", "--filter", "options.served"];

#[test]
fn where_no_file_can_be() {
    let folder = folder("nowhere");
    let file = folder.join("file");
    std::fs::write(&file, "old").unwrap();
    let [below, missing, itself] =
        [file.join("x"), folder.join("none/x"), folder.clone()].map(|p| p.display().to_string());
    for path in [&below, &missing, &itself] {
        for format in ["json", "ndjson", "junit", "github"] {
            ends(&[&ONE[..], &["--report", &format!("{format}={path}")]].concat(), 2, path);
        }
    }
    for path in [&below, "/proc/cogspec/x"] {
        ends(&[&["record", path, "--accept"], &ONE[1..]].concat(), 2, path);
    }
    let run = output(&["fuzz", "--requests", "300", "--findings", &below]);
    assert_eq!(run.status.code(), Some(0), "{}", written(&run));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(names(&folder), ["file"]);
}

#[test]
fn two_reports_to_one_file() {
    let folder = folder("twice");
    let (a, same) = (folder.join("a").display().to_string(), folder.join("../").display().to_string());
    let same = format!("{same}{}/a", folder.file_name().unwrap().to_str().unwrap());
    for other in [format!("json={a}"), format!("ndjson={same}")] {
        ends(&[&ONE[..], &["--report", &format!("json={a}"), "--report", &other]].concat(), 2, "another report");
    }
    ends(&[&ONE[..], &["--report", "json=-", "--report", "ndjson=-"]].concat(), 2, "another report");
    assert_eq!(names(&folder), [""; 0]);
}

/// A report on a full device is told, and the others are written all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_full_device() {
    let folder = folder("full");
    let good = folder.join("good.json");
    let asked = format!("json={}", good.display());
    for full in ["json=/dev/full", "ndjson=/dev/full", "junit=/dev/full", "github=/dev/full"] {
        ends(&[&ONE[..], &["--report", full, "--report", &asked]].concat(), 2, "cannot write /dev/full");
        let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&good).unwrap()).unwrap();
        assert_eq!(report["summary"]["counts"]["pass"], 1);
        std::fs::remove_file(&good).unwrap();
    }
    for args in [
        "run --filter options.served",
        "run --list",
        "rules",
        "explain token.expiry",
        "schema run",
        "fuzz --requests 50",
    ] {
        let run = crate::support::bash(&format!("cd {} && $COGSPEC {args} > /dev/full", folder.display()));
        assert_eq!(run.status.code(), Some(2), "{args}: {}", written(&run));
        assert!(written(&run).contains("cannot write to standard output"), "{args}: {}", written(&run));
        // Where nothing can be told, the exit code is left.
        let run = crate::support::bash(&format!("cd {} && $COGSPEC {args} 2> /dev/full", folder.display()));
        assert_eq!(run.status.code(), Some(0), "{args}");
    }
    let run = crate::support::bash("$COGSPEC run --endpoint http://127.0.0.1:1 2> /dev/full");
    assert_eq!(run.status.code(), Some(3));
}

/// A disk that is full in the middle of a file: the old one stays, and nothing is left beside it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let folder = folder("tmpfs");
    let mount = |args: &[&str]| {
        std::process::Command::new("mount")
            .args(args)
            .arg(&folder)
            .output()
            .is_ok_and(|mounted| mounted.status.success())
    };
    if !mount(&["-t", "tmpfs", "-o", "size=64k", "cogspec"]) {
        eprintln!("skipped: no tmpfs can be mounted here");
        return;
    }
    let report = folder.join("run.json");
    std::fs::write(&report, "old").unwrap();
    let asked = format!("json={}", report.display());
    let run = output(&["run", "--filter", "options.*", "--filter", "token.*", "--report", &asked]);
    let profile = folder.join("profile").display().to_string();
    let recorded = output(&["record", &profile, "--accept", "--filter", "token.*"]);
    let whole = names(std::path::Path::new(&profile)).iter().all(|name| {
        std::fs::read_to_string(format!("{profile}/{name}")).unwrap().starts_with("---\nsource: src/suite")
    });
    let left = (names(&folder), std::fs::read_to_string(&report).unwrap());
    let unmounted = std::process::Command::new("umount").arg(&folder).status().unwrap();
    assert!(unmounted.success());
    for (run, name) in [(run, "run.json"), (recorded, "profile")] {
        let told = written(&run);
        assert_eq!(run.status.code(), Some(2), "{told}");
        assert!(told.contains("cannot write") && told.contains(name) && told.contains("No space left"), "{told}");
    }
    assert!(whole, "a snapshot is cut");
    assert_eq!(left, (vec!["profile".to_owned(), "run.json".to_owned()], "old".to_owned()));
}

/// Root may write anywhere, but not into a file that the file system holds fixed.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_is_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("read-only");
    std::fs::write(folder.join("run.json"), "old").unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    let chattr = |flag: &str| {
        std::process::Command::new("chattr").arg(flag).arg(&folder).output().is_ok_and(|done| done.status.success())
    };
    let is_fixed = chattr("+i");
    if std::fs::write(folder.join("x"), "x").is_ok() {
        let _ = std::fs::remove_file(folder.join("x"));
        eprintln!("skipped: this user may write into any folder, and chattr has no effect here");
    } else {
        let path = folder.join("run.json").display().to_string();
        ends(&[&ONE[..], &["--report", &format!("json={path}")]].concat(), 2, &path);
        let profile = folder.join("profile").display().to_string();
        ends(&[&["record", &profile], &ONE[1..]].concat(), 2, &profile);
        assert_eq!(names(&folder), ["run.json"]);
        assert_eq!(std::fs::read_to_string(folder.join("run.json")).unwrap(), "old");
    }
    assert!(!is_fixed || chattr("-i"));
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
}
