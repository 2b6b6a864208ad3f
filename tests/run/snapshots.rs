//! The committed profiles: `cargo test` and `cogspec run --snapshots` use the same files.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cogspec::report::Schema;
use insta::internals::Content;
use serde_json::{Value, json};

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

/// A folder of that name which is made anew, and the settings for texts that name it.
fn folder(test: &str, name: &str) -> (String, insta::Settings) {
    let parent = tempfile(test);
    let _ = std::fs::remove_dir_all(&parent);
    let folder = parent.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let folder = folder.display().to_string();
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(&folder, "FOLDER");
    settings.add_filter(&cogspec::cognito::model_digest(), "MODEL");
    (folder, settings)
}

/// Writes a snapshot of a case: the lines of its `info`, and what was observed.
fn write(folder: &str, file: &str, info: &str, observation: &str) {
    let text = format!("---\nsource: src/suite\ndescription: what is shown\ninfo:\n{info}---\n{observation}\n");
    std::fs::write(format!("{folder}/{file}"), text).unwrap();
}

#[test]
fn status_tells_what_is_out_of_date_and_fails_when_asked() {
    let (folder, settings) = folder("status", "cognito");
    let model = format!("  model: {}\n", cogspec::cognito::model_digest());
    write(&folder, "request.accepted.snap", &format!("  evidence: documented\n{model}"), "status: 200");
    write(&folder, "options.served.snap", "  evidence: inferred\n  model: 0123456789ab\n", "status: 200");
    write(&folder, "no.such.case.snap", &model, "status: 400");
    let text = output(&["snapshots", "status", &folder]);
    assert_eq!(text.status.code(), Some(0), "{}", stderr(&text));
    settings.bind(|| insta::assert_snapshot!("status", stdout(&text)));

    let strict = output(&["snapshots", "status", &folder, "--strict", "--stale"]);
    assert_eq!(strict.status.code(), Some(5));
    assert!(!stdout(&strict).contains("request.accepted"), "{}", stdout(&strict));

    let old = format!("  evidence: recorded\n  date: 2020-02-29\n{model}");
    for (date, code) in [(old.replace("2020", "2998").replace("-29", "-28"), 0), (old, 5)] {
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        write(&folder, "options.served.snap", &date, "status: 200");
        let run = output(&["snapshots", "status", &folder, "--strict", "--older-than", "180days"]);
        assert_eq!(run.status.code(), Some(code), "{}", stdout(&run));
    }
}

#[test]
fn the_profiles_that_come_along_are_up_to_date() {
    let run = output(&["snapshots", "status", "--strict", "--format", "json"]);
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let document: Value = serde_json::from_str(&stdout(&run)).unwrap();
    let names: Vec<_> = document["profiles"].as_array().unwrap().iter().map(|profile| &profile["profile"]).collect();
    assert_eq!(names, ["cognito", "emulator"]);
    let mut schema: Value = serde_json::from_str(Schema::Snapshots.text()).unwrap();
    for object in ["/$defs/profile", "/$defs/case", ""] {
        schema.pointer_mut(object).unwrap()["additionalProperties"] = json!(false);
    }
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut other = document.clone();
    other["profiles"][0]["cases"][0]["stale"] = json!(["perhaps"]);
    assert!(!schema.is_valid(&other));
}

#[test]
fn pending_snapshots_are_shown_and_stay_until_they_are_decided_on() {
    let (folder, settings) = folder("review", "mine");
    let filter = ["--filter", "request.access-token.absent"];
    let recorded = output(&[&["record", &folder, "--accept"], &filter[..]].concat());
    assert_eq!(recorded.status.code(), Some(0), "{}", stderr(&recorded));
    let snapshot = format!("{folder}/request.access-token.absent.snap");
    let text = std::fs::read_to_string(&snapshot).unwrap();
    let other = text.replace("Member must not be null", "Member must not be absent");
    std::fs::write(&snapshot, &other).unwrap();
    let told = output(&[&["record", &folder, "--review"], &filter[..]].concat());
    settings.bind(|| insta::assert_snapshot!("review", stdout(&told)));
    let pending = format!("{snapshot}.new");
    assert!(std::path::Path::new(&pending).exists());

    let reject = output(&["snapshots", "review", &folder, "--reject"]);
    assert!(stdout(&reject).contains("0 accepted, 1 rejected, 0 pending"), "{}", stdout(&reject));
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap(), other);
    let again = output(&[&["record", &folder], &filter[..]].concat());
    assert!(stdout(&again).contains("1 changed"), "{}", stdout(&again));
    let accept = output(&["snapshots", "review", &folder, "--accept", "--filter", "request.*"]);
    assert!(stdout(&accept).contains("1 accepted, 0 rejected, 0 pending"), "{}", stdout(&accept));
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap(), text);
    let none = output(&["snapshots", "review", &folder]);
    assert_eq!((none.status.code(), stdout(&none).as_str()), (Some(0), "no pending snapshots\n"));
}

/// What is said of Cognito is recorded from Cognito.
#[test]
fn the_profile_of_cognito_takes_no_other_recording() {
    let (folder, _) = folder("not-live", "cognito");
    let run = output(&["record", &folder, "--filter", "request.accepted"]);
    assert_eq!(run.status.code(), Some(2), "{}", stdout(&run));
    assert!(stderr(&run).contains("--live"), "{}", stderr(&run));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}
