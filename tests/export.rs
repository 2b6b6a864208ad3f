//! What `cogspec export` writes: the same bytes each time, under its schemas, and of use to a program in another language that
//! knows nothing but them. It must find on a server what cogspec itself finds.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use cogspec::cognito::rules;
use cogspec::emulator::{Config, Emulator, Fault};
use cogspec::report::Schema;
use cogspec::run::{Event, Plan, Verdict, case_set_digest, run};
use cogspec::suite::{self, Kind};
use cogspec::target::{Fixtures, Target};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

/// The documents, with the schemas that they are held to.
const FILES: [(&str, Schema, &str); 5] = [
    ("cases", Schema::ExportCases, "export-cases"),
    ("options", Schema::ExportOptions, "export-options"),
    ("responses", Schema::ExportResponses, "export-responses"),
    ("rules", Schema::ExportRules, "export-rules"),
    ("scenarios", Schema::ExportScenarios, "export-scenarios"),
];

fn cogspec() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn export(folder: &Path) -> Output {
    cogspec().arg("export").arg(folder).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An export for all tests that only read it.
static EXPORT: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = folder("shared");
    let output = export(&folder);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    folder
});

fn read(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(EXPORT.join(format!("{name}.json"))).unwrap()).unwrap()
}

/// Every file of a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn the_same_bytes_come_wherever_and_whenever() {
    let elsewhere = folder("elsewhere");
    std::fs::create_dir_all(elsewhere.join("snapshots/cognito")).unwrap();
    // A profile in the current folder is not the one that is exported.
    std::fs::write(elsewhere.join("snapshots/cognito/request.accepted.snap"), "---\n---\nstatus: 500").unwrap();
    let export = |more: &[&str]| {
        let mut command = cogspec();
        command.arg("export").args(more).current_dir(&elsewhere);
        command.env("TZ", "Pacific/Kiritimati").env("LANG", "tr_TR.UTF-8").env("LC_ALL", "tr_TR.UTF-8");
        command.env("HOME", "/nowhere").output().unwrap()
    };

    // A folder that holds other things is left alone, unless one insists.
    let there = elsewhere.join("cogspec-export");
    std::fs::create_dir(&there).unwrap();
    std::fs::write(there.join("thesis.txt"), "years of work").unwrap();
    let refused = export(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("thesis.txt") && stderr(&refused).contains("--force"), "{}", stderr(&refused));
    assert_eq!(files(&there).len(), 1);
    let output = export(&["--force"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(std::fs::read(there.join("thesis.txt")).unwrap(), b"years of work");
    std::fs::remove_file(there.join("thesis.txt")).unwrap();

    let (here, there) = (files(&EXPORT), files(&there));
    assert_eq!(here.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>());
    for (path, bytes) in &here {
        assert!(bytes == &there[path], "{} is not the same", path.display());
        assert!(bytes.ends_with(b"\n") && !bytes.ends_with(b"\n\n"), "{}", path.display());
    }
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(here.keys().all(|path| told.contains(path.to_str().unwrap())), "{told}");

    let blocked = export(&["snapshots/cognito/request.accepted.snap"]);
    assert_eq!(blocked.status.code(), Some(2));
    assert!(stderr(&blocked).contains("request.accepted.snap"), "{}", stderr(&blocked));
}

#[test]
fn every_file_holds_under_its_schema() {
    /// No member may be that the schema does not describe.
    fn close(value: &mut Value) {
        if let Value::Object(object) = value {
            if object.contains_key("properties") && object.get("type") == Some(&json!("object")) {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
    }
    for (name, schema, what) in FILES {
        let beside = std::fs::read_to_string(EXPORT.join(format!("schema/{name}.schema.json"))).unwrap();
        assert_eq!(beside, schema.text());
        let printed = cogspec().args(["schema", what]).output().unwrap();
        assert_eq!(String::from_utf8(printed.stdout).unwrap(), beside);
        let mut schema: Value = serde_json::from_str(schema.text()).unwrap();
        close(&mut schema);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let document = read(name);
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|e| format!("{}: {e:.200}", e.instance_path())).take(5).collect();
        assert_eq!(errors, [""; 0], "{name}");
        assert_eq!(document["$schema"], format!("schema/{name}.schema.json"));
        assert_eq!(document["case_set"], case_set_digest(&suite::all()));
    }
}

#[test]
fn every_case_is_there_once_and_every_rule_exists() {
    let (cases, rules) = (read("cases"), read("rules"));
    let ids = |entries: &Value| -> Vec<String> {
        entries.as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()).collect()
    };
    let all = suite::all();
    assert_eq!(ids(&cases["cases"]), all.iter().map(|case| case.id.clone()).collect::<Vec<_>>());
    assert_eq!(ids(&rules["rules"]), rules::all().map(|rule| rule.id.to_owned()).collect::<Vec<_>>());
    let known: BTreeSet<String> = ids(&rules["rules"]).into_iter().collect();
    for (file, entries) in [("cases", "cases"), ("options", "documents"), ("responses", "responses")] {
        let document = read(file);
        let entries = document[entries].as_array().unwrap();
        let unique: BTreeSet<&str> = entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
        assert_eq!(unique.len(), entries.len(), "{file}");
        for entry in entries {
            let named = entry["rules"]
                .as_array()
                .unwrap()
                .iter()
                .chain(entry["options_rules"].as_array().into_iter().flatten());
            named.for_each(|rule| assert!(known.contains(rule.as_str().unwrap()), "{}: {rule}", entry["id"]));
        }
    }
}

/// Those that depend on something else than a template can say.
const NO_TEMPLATES: [&str; 4] = [
    "token.base64.header-not-canonical",
    "token.base64.signature-length",
    "token.base64.signature-padded",
    "token.base64.signature-not-canonical",
];

#[test]
fn every_single_request_is_data_but_for_a_few_that_are_named() {
    let cases = read("cases");
    let lacking: Vec<&str> = cases["cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["request"].is_null() && !matches!(case["expect"]["kind"].as_str(), Some("steps" | "audit")))
        .map(|case| case["id"].as_str().unwrap())
        .collect();
    assert_eq!(lacking, NO_TEMPLATES);
}

/// Python 3 of any kind; where there is none, that is said visibly.
fn python(script: &str, args: &[&str]) -> Option<Value> {
    if Command::new("python3").arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "SKIPPED {script}: python3 is not installed");
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    // An interpreter that leaves no trace beside the script, and reads no other code than this.
    let output = Command::new("python3").args(["-B", "-I"]).arg(script).args(args).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_reader_that_is_not_ours_finds_the_same_in_creation_options() {
    let Some(told) = python("export_documents.py", &[EXPORT.to_str().unwrap()]) else { return };
    assert_eq!(told["differ"], json!([]), "{told}");
    assert!(told["judged"].as_u64().unwrap() > 400, "{told}");
    let broken = told["broken"].as_object().unwrap();
    assert!(broken.values().all(|times| times.as_u64().unwrap() > 0), "{told}");
}

/// What cogspec finds on that server: verdict, and broken rule.
async fn judged(endpoint: &str, globs: &[&str]) -> BTreeMap<String, (String, Option<String>)> {
    let patterns: Vec<glob::Pattern> = globs.iter().map(|glob| glob::Pattern::new(glob).unwrap()).collect();
    let wanted = |id: &str| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(id));
    let cases = suite::all().into_iter().filter(|case| case.requests.is_some() && wanted(&case.id)).collect();
    let target = Target::embedded(endpoint, "us-east-1", Duration::from_secs(30)).unwrap();
    let fixtures = Arc::new(Fixtures::new(target, "export", None));
    let plan = Plan {
        cases,
        jobs: 4,
        case_timeout: Duration::from_secs(120),
        fail_fast: false,
        seed: 0,
        expectations: None,
        baseline: None,
    };
    let (events, mut told) = mpsc::unbounded_channel();
    let (_never, stop) = watch::channel(false);
    run(fixtures, plan, events, stop).await;
    let mut judged = BTreeMap::new();
    while let Some(event) = told.recv().await {
        if let Event::CaseFinished(outcome) = event {
            // What is only observed is noted by cogspec, and passed over by the other.
            let is_noted = outcome.kind == Kind::Observed && outcome.verdict != Verdict::Fail;
            let verdict = if is_noted { Verdict::Pass } else { outcome.verdict };
            let rule = outcome.findings.first().filter(|_| !is_noted).map(|finding| finding.rule.to_string());
            judged.insert(outcome.id.clone(), (verdict.to_string(), rule));
        }
    }
    judged
}

/// Runs the exported cases by the program in Python and the same ones by cogspec, on one emulator, and holds that both find
/// the same. The ids of the cases that do not pass.
async fn both_find(fault: Option<&'static Fault>, globs: &[&str]) -> Option<BTreeSet<String>> {
    let emulator = Emulator::start(Config { fault, ..Config::default() }).await.unwrap();
    let endpoint = emulator.endpoint();
    let args: Vec<String> =
        [endpoint.as_str(), EXPORT.to_str().unwrap()].iter().chain(globs).map(|arg| (*arg).to_owned()).collect();
    let run_python = move || python("export_consumer.py", &args.iter().map(String::as_str).collect::<Vec<_>>());
    let theirs = tokio::task::spawn_blocking(run_python).await.unwrap()?;
    let ours = judged(&endpoint, globs).await;
    emulator.shutdown().await;
    let theirs: BTreeMap<String, (String, Option<String>)> = theirs
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, told)| {
            let rule = told.get("rule").map(|rule| rule.as_str().unwrap().to_owned());
            (id.clone(), (told["verdict"].as_str().unwrap().to_owned(), rule))
        })
        .collect();
    let differ: Vec<String> = theirs
        .iter()
        .filter(|(id, told)| ours.get(*id) != Some(told))
        .map(|(id, told)| format!("{id}: {told:?}, and cogspec {:?}", ours.get(id)))
        .collect();
    assert_eq!(differ, [""; 0], "{:?}", fault.map(|fault| fault.name));
    let missing: Vec<&String> = ours.keys().filter(|id| !theirs.contains_key(*id)).collect();
    assert!(missing.iter().all(|id| NO_TEMPLATES.contains(&id.as_str())), "{missing:?}");
    assert!(theirs.values().all(|(verdict, _)| verdict != "skip" && verdict != "inconclusive"));
    Some(theirs.into_iter().filter(|(_, (verdict, _))| verdict != "pass").map(|(id, _)| id).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_in_another_language_finds_nothing_on_the_emulator() {
    let Some(found) = both_find(None, &[]).await else { return };
    assert_eq!(found, BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_finds_faults_by_the_cases_that_are_there_for_them() {
    for name in [
        "token.signature.not-verified",
        "token.algorithm.hs256-with-public-key",
        "token.expiry.not-checked",
        "token.scope.substring",
        "token.key.embedded",
        "token.class.invalid-parameter",
        "request.json.trailing-comma",
        "request.json.server-error",
        "request.member-name.case-insensitive",
        "request.chunked.refused",
        "request.unknown-member.refused",
    ] {
        let fault = Fault::all().find(|fault| fault.name == name).unwrap();
        let Some(found) = both_find(Some(fault), fault.killed_by).await else { return };
        assert!(!found.is_empty(), "{name}");
    }
}
