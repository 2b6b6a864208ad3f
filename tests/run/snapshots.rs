//! The committed profiles: `cargo test` and `cogspec run --snapshots` use the same files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use insta::internals::Content;

use crate::support::{output, stderr, stdout, tempfile, whole_run};

/// What the embedded emulator does, one snapshot a case. `cargo insta review` shows what differs.
#[test]
fn the_emulator_does_what_its_profile_says() {
    let (report, _) = whole_run();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/emulator"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // As `cogspec record` writes it, so that either way of accepting a change gives the same file.
    let info = [("target", "embedded emulator".to_owned()), ("model", cogspec::cognito::model_digest())];
    settings.set_raw_info(&Content::Map(info.map(|(key, value)| (key.into(), value.into())).to_vec()));
    let mut differ = Vec::new();
    for case in report["cases"].as_array().unwrap() {
        let (Some(id), Some(observation)) = (case["id"].as_str(), case["observation"].as_str()) else { continue };
        settings.set_description(case["title"].as_str().unwrap());
        let holds = catch_unwind(AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!(id, observation))));
        if holds.is_err() {
            differ.push(id);
        }
    }
    assert!(differ.is_empty(), "cases that answer otherwise than their snapshots: {differ:?}");
}

/// No snapshot without a case, none missing, and no drift: neither from what the emulator did, nor from what is known of live
/// Cognito.
#[test]
fn no_profile_is_stale() {
    for profile in ["emulator", "cognito"] {
        let run = output(&["run", "--snapshots", profile, "--strict"]);
        assert_eq!(run.status.code(), Some(0), "{profile}: {}{}", stdout(&run), stderr(&run));
        assert!(!stdout(&run).contains("drift"), "{profile}: {}", stdout(&run));
    }
}

#[test]
fn drift_is_told_and_fails() {
    let folder = tempfile("drifted");
    let _ = std::fs::remove_dir_all(&folder);
    let folder = folder.display().to_string();
    let filter = ["--filter", "request.access-token.absent"];
    let recorded = output(&[&["record", &folder, "--accept"], &filter[..]].concat());
    assert_eq!(recorded.status.code(), Some(0), "{}", stderr(&recorded));
    let snapshot = format!("{folder}/request.access-token.absent.snap");
    let text = std::fs::read_to_string(&snapshot).unwrap();
    let drifted = text.replace("Member must not be null", "Member must not be absent");
    assert_ne!(text, drifted);
    std::fs::write(&snapshot, drifted).unwrap();
    std::fs::write(format!("{folder}/no.such.case.snap"), text).unwrap();
    let run = output(&[&["run", "--snapshots", &folder], &filter[..]].concat());
    assert_eq!(run.status.code(), Some(1), "{}", stdout(&run));
    let told = stdout(&run);
    assert!(told.contains("Member must not be absent") && told.contains("no.such.case"), "{told}");
    // Recorded again, the difference is pending until somebody accepts it.
    let again = output(&[&["record", &folder], &filter[..]].concat());
    assert!(stdout(&again).contains("1 changed"), "{}", stdout(&again));
    assert!(std::path::Path::new(&format!("{snapshot}.new")).exists());
}
