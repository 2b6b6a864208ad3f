//! The reports of a run with a faulty server, a baseline and hostile strings, as programs that are not ours read them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::python;
use crate::support::{Served, cogspec, output, stderr, stdout, tempfile};

const FAULT: &str = "token.signature.not-verified";

/// What means something in one of the formats: to XML, Markdown, HTML, SARIF, or GitHub's log.
const MARKS: &str = "</testsuites>]]>&amp;\u{ffff}\u{1b}[2J | `` ``` <script>alert(1)</script> [a](javascript:b) \
                     ![c](https://evil.example) @user www.evil.example {0}\n```\n\n# title\n\n| a | b |\n::error::no%0A";

/// A run whose baseline has entries that hold, that are fixed and that fail otherwise.
struct Faulty {
    folder: PathBuf,
    run: Output,
    results: Value,
}

/// The fault's first cases fail: the first is known, and the second is listed to fail otherwise.
fn baseline(results: &Value) -> String {
    let cases = results["cases"].as_array().unwrap();
    let of = |verdict: &'static str| cases.iter().filter(move |case| case["verdict"] == verdict);
    let entry = |case: &Value, fingerprint: &Value, more: &str| {
        format!("[known.{}]\nfingerprint = {fingerprint}\nreason = \"no | key\"\n{more}\n", case["id"])
    };
    let other = json!(["token.signature: InternalErrorException (500)"]);
    let mut failing = of("fail");
    let (known, otherwise) = (failing.next().unwrap(), failing.next().unwrap());
    [
        "version = 1\n".to_owned(),
        entry(known, &known["fingerprint"], "link = \"https://example.com/issues/7\"\nexpires = 2020-01-31"),
        entry(otherwise, &other, ""),
        entry(of("pass").next().unwrap(), &other, ""),
    ]
    .concat()
}

fn faulty() -> &'static Faulty {
    static RUN: LazyLock<Faulty> = LazyLock::new(|| {
        let served = Served::faulty(FAULT);
        let folder = tempfile("reports");
        fs::create_dir_all(&folder).unwrap();
        let file = |name: &str| folder.join(name).display().to_string();
        let (endpoint, json) = (served.endpoint(), format!("json={}", file("run.json")));
        let run = ["run", "--endpoint", &endpoint, "--filter", "token.*", "--report", &json];
        assert_eq!(output(&run).status.code(), Some(1));
        let results = || -> Value { serde_json::from_slice(&fs::read(file("run.json")).unwrap()).unwrap() };
        fs::write(file("known.toml"), baseline(&results())).unwrap();
        fs::write(file("summary.md"), "before\n").unwrap();
        let baseline = file("known.toml");
        let reports = reports(&folder);
        let run = cogspec(&run)
            .args(["--baseline", &baseline, "--snapshots", "cognito", "--report", "github=-"])
            .args(reports.iter().flat_map(|report| ["--report", report]))
            .env("GITHUB_STEP_SUMMARY", file("summary.md"))
            .output()
            .unwrap();
        let results = results();
        Faulty { folder, run, results }
    });
    &RUN
}

fn reports(folder: &Path) -> [String; 3] {
    [("junit", "junit.xml"), ("sarif", "cogspec.sarif"), ("markdown", "report.md")]
        .map(|(format, name)| format!("{format}={}", folder.join(name).display()))
}

/// What other programs read in the reports of that folder; `None` where they cannot be had.
fn readers(folder: &Path) -> Option<Value> {
    let packages = [
        "junitparser==5.0.3",
        "lxml==6.1.3",
        "markdown-it-py==4.3.0",
        "jsonpath-ng==1.16.0",
        "PyYAML==6.0.4",
        "mdurl==0.1.2",
        // Of its dependencies those for pictures and documents are heavy, and nothing here draws.
        "--no-deps",
        "sarif-tools==3.0.5",
    ];
    let modules = "junitparser, lxml.etree, markdown_it, sarif.loader";
    let python = python::python("py-venv-reports", modules, &packages)?;
    let told = python::output(&python, "run/readers.py", folder.to_str().unwrap());
    Some(serde_json::from_slice(&told).unwrap())
}

/// Holds what the readers saw against the results.
fn agrees(folder: &Path, results: &Value) {
    /// One at a time: the first makes the environment, and fetches the schemas.
    static ONE: Mutex<()> = Mutex::new(());
    let read = {
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        readers(folder)
    };
    let Some(read) = read else { return };
    let cases = results["cases"].as_array().unwrap();
    let count = |is: &dyn Fn(&str, &Value) -> bool| {
        cases.iter().filter(|case| is(case["verdict"].as_str().unwrap(), case)).count()
    };
    let drifts = |case: &Value| case["drift"].is_object() && case["drift"]["evidence"] != "inferred";
    let incomplete = usize::from(results["summary"]["not_run"] != 0);
    let junit = json!({
        "tests": cases.len() + incomplete,
        "failures": count(&|verdict, case| ["fail", "fixed"].contains(&verdict) || verdict != "error" && drifts(case)),
        "errors": count(&|verdict, _| verdict == "error") + incomplete,
        "skipped": count(&|verdict, case| ["skip", "inconclusive", "known"].contains(&verdict) && !drifts(case)),
    });
    let mut counted = read["junit"]["counted"].clone();
    for name in ["failures", "errors", "skipped"] {
        counted[name] = json!(counted[name].as_u64().unwrap_or(0));
    }
    assert_eq!((&read["junit"]["told"], &counted), (&junit, &junit));
    assert_eq!(read["junit"]["properties"]["token"], results["run"]["token"]);
    match read["junit"]["schema_errors"].as_array() {
        Some(errors) => assert!(errors.is_empty(), "{errors:?}"),
        None => skipped("the JUnit schema"),
    }

    let sarif: Value = serde_json::from_slice(&fs::read(folder.join("cogspec.sarif")).unwrap()).unwrap();
    let of_level = |level: &str| {
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        results.iter().filter(|result| result["level"] == level).count()
    };
    let levels = ["error", "warning", "note"].map(|level| (level.to_owned(), json!(of_level(level))));
    assert_eq!(read["sarif"], Value::Object(levels.into_iter().collect()));
    let mut schema = read["sarif_schema"].clone();
    if schema.is_null() {
        skipped("the SARIF schema");
    } else {
        // A pattern of what is not written here is no regular expression to every engine: a bracket closes twice.
        for part in ["run", "toolComponent"] {
            schema["definitions"][part]["properties"]["language"] = json!({});
        }
        let validator = jsonschema::draft4::new(&schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(&sarif).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }

    let markdown = &read["markdown"];
    assert_eq!((&markdown["html"], &markdown["images"]), (&json!([]), &json!(0)));
    assert!(markdown["links"].as_array().unwrap().iter().all(|link| {
        let link = link.as_str().unwrap();
        link.starts_with("https://") && !link.contains("evil")
    }));
    let fixed = count(&|verdict, _| verdict == "fixed");
    let themes: std::collections::BTreeSet<&str> = cases.iter().map(|case| case["theme"].as_str().unwrap()).collect();
    let heads = if fixed > 0 { 2 } else { 1 };
    let rows = markdown["rows"].as_array().unwrap();
    assert_eq!(rows.len(), heads + themes.len() + fixed, "{rows:?}");
    let curls = markdown["fences"].as_array().unwrap().iter().filter(|fence| fence.as_str().unwrap().contains("curl "));
    assert!(curls.count() > 0);
}

fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: its package cannot be fetched");
}

#[test]
fn a_run_with_a_baseline_is_read_by_others_as_it_was() {
    let Faulty { folder, run, results } = faulty();
    assert_eq!(run.status.code(), Some(1), "{}", stderr(run));
    let counts = &results["summary"]["counts"];
    for verdict in ["pass", "fail", "known", "fixed", "skip"] {
        assert!(counts[verdict].as_u64().unwrap() > 0, "{verdict} in {counts}");
    }
    agrees(folder, results);
}

/// Every verdict, and hostile strings wherever a server has a part in the text.
#[test]
fn reports_of_a_run_that_has_ended_survive_what_a_server_says() {
    let Faulty { results, .. } = faulty();
    let folder = tempfile("hostile-reports");
    fs::create_dir_all(&folder).unwrap();
    let mut results = results.clone();
    let cases = results["cases"].as_array_mut().unwrap();
    let finding = cases.iter().find(|case| case["verdict"] == "fail").unwrap()["findings"][0].clone();
    let passed = cases.iter_mut().filter(|case| case["verdict"] == "pass");
    let verdicts = ["error", "inconclusive", "skip", "warn", "note", "fixed", "fail", "known"];
    for (case, verdict) in passed.zip(verdicts) {
        let mut finding = finding.clone();
        let severity = if verdict == "warn" || verdict == "note" { verdict } else { "fail" };
        (finding["severity"], finding["pointer"]) = (json!(severity), json!(MARKS));
        (finding["got"], finding["wanted"]) = (json!(MARKS), json!(MARKS.replace('\n', " ")));
        (case["verdict"], case["title"], case["reason"]) = (json!(verdict), json!(MARKS), json!(MARKS));
        (case["fingerprint"], case["duration_ms"]) = (json!([MARKS]), json!(u64::MAX));
        if ["warn", "note", "fail", "known"].contains(&verdict) {
            case["findings"] = json!([finding]);
        }
        if ["fixed", "fail", "known"].contains(&verdict) {
            case["listed"] = json!({
                "found": "pass", "fingerprint": [MARKS], "reason": MARKS, "link": "javascript:alert(1)", "expired": false,
            });
        }
        for exchange in case["exchanges"].as_array_mut().unwrap() {
            exchange["curl"] = json!(format!("curl '{MARKS}'"));
        }
    }
    results["notices"] = json!([MARKS]);
    (results["run"]["target"], results["run"]["started"]) = (json!(MARKS), json!(u64::MAX));
    (results["summary"]["drifted"], results["summary"]["counts"]["pass"]) = (json!(u64::MAX), json!(u64::MAX));
    (results["summary"]["not_run"], results["summary"]["interrupted"]) = (json!(3), json!(true));
    let file = folder.join("run.json");
    fs::write(&file, results.to_string()).unwrap();

    let [junit, sarif, markdown] = reports(&folder);
    let github = format!("github={}", folder.join("commands").display());
    let again = format!("json={}", folder.join("again.json").display());
    let args = [
        "report",
        file.to_str().unwrap(),
        "--report",
        &junit,
        "--report",
        &sarif,
        "--report",
        &markdown,
        "--report",
        &github,
        "--report",
        &again,
    ];
    let made = output(&args);
    assert_eq!((made.status.code(), stdout(&made), stderr(&made)), (Some(0), String::new(), String::new()));
    let again: Value = serde_json::from_slice(&fs::read(folder.join("again.json")).unwrap()).unwrap();
    assert_eq!(again, results, "what is read is written again");
    agrees(&folder, &results);

    let commands = fs::read_to_string(folder.join("commands")).unwrap();
    for line in commands.lines() {
        let head = line.split("::").nth(1).unwrap();
        let is_own = ["error title=", "warning title=", "notice title="].iter().any(|own| head.starts_with(own));
        assert!(line.starts_with("::") && is_own, "{line}");
        assert!(!line.contains("%0A\"") && !line.contains('\u{1b}'), "{line}");
    }
    assert!(commands.contains("::error::no%250A"), "{commands}");

    let shown = output(&["report", file.to_str().unwrap()]);
    assert_eq!(shown.status.code(), Some(0), "{}", stderr(&shown));
    assert!(stdout(&shown).contains(" FIXED the baseline lists"), "{}", stdout(&shown));
}

#[test]
fn github_gets_ten_annotations_of_a_level_and_a_summary() {
    let Faulty { folder, run, results } = faulty();
    let log = stdout(run);
    let lines: Vec<&str> = log.lines().collect();
    let at = |start: &str| lines.iter().position(|line| line.starts_with(start));
    let pause = at("::stop-commands::").expect("commands are not read");
    let word = lines[pause].trim_start_matches("::stop-commands::");
    let resumed = lines.iter().position(|line| *line == format!("::{word}::")).expect("commands are read again");
    let table = lines.iter().position(|line| line.contains("inconclusive") || line.contains("fail")).unwrap();
    assert!(pause < table && table < resumed, "the report for people stands between: {log}");
    let commands = |command: &str| lines[resumed..].iter().filter(|line| line.starts_with(command)).count();
    assert!((1..=10).contains(&commands("::error ")), "{log}");
    assert!(commands("::warning ") <= 10 && commands("::notice ") == 1, "{log}");

    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    let report = fs::read_to_string(folder.join("report.md")).unwrap();
    assert_eq!(summary, format!("before\n{report}"));
    assert!(summary.contains(results["run"]["token"].as_str().unwrap()));
}

/// A summary that is nearly full gets no more than there is place for.
#[test]
fn a_full_summary_is_not_overfilled() {
    let Faulty { folder, .. } = faulty();
    let (summary, file) = (folder.join("full.md"), folder.join("run.json"));
    fs::write(&summary, "x".repeat(1024 * 1024 - 900)).unwrap();
    let args = ["report", file.to_str().unwrap(), "--report", "github=-"];
    let made = cogspec(&args).env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.len() <= 1024 * 1024, "{}", text.len());
    assert!(
        text.contains("# cogspec: failed")
            && text.ends_with("The rest is left out: the report is longer than may stand here.\n")
    );
}

#[test]
fn results_that_are_none_are_refused() {
    let file = tempfile("no-results.json");
    for (text, why) in [("", "EOF"), ("{}", "version"), (r#"{"version":99}"#, "version 99"), ("[1]", "not the results")]
    {
        fs::write(&file, text).unwrap();
        let made = output(&["report", file.to_str().unwrap(), "--report", "junit=-"]);
        assert_eq!(made.status.code(), Some(2));
        assert!(stderr(&made).contains(why) && stdout(&made).is_empty(), "{}", stderr(&made));
    }
    let made = output(&["report", "/no/such/file"]);
    assert_eq!(made.status.code(), Some(2), "{}", stderr(&made));
}
