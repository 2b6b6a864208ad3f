//! `scenarios.json` of `cogspec export`, in the hands of a program in another language that knows nothing but it and the README
//! beside it. That program plays the replies, calls them with a client in Python and judges it; `cogspec clients run` asks an
//! adapter around the same client. Both must find the same, of the client as it is and with faults.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use cogspec::cognito::rules;
use cogspec::run::Results;
use cogspec::scenario;
use cogspec::suite::{Side, Theme};
use serde_json::Value;

fn cogspec() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-scenarios-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// An export for all tests.
static EXPORT: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = folder("shared");
    let output = cogspec().arg("export").arg(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
});

fn exported() -> Value {
    serde_json::from_slice(&std::fs::read(EXPORT.join("scenarios.json")).unwrap()).unwrap()
}

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name).display().to_string()
}

/// Each scenario with its verdict and the rules that are broken.
type Judged = BTreeMap<String, (String, BTreeSet<String>)>;

/// What the program in Python finds.
fn theirs(layer: &str, fault: Option<&str>, prefixes: &[&str]) -> Judged {
    // An interpreter that leaves no trace beside the script, and reads no other code than this.
    let mut command = Command::new("python3");
    command.args(["-B", "-I", &script("export_scenarios.py")]).arg(EXPORT.as_path());
    let output = command.args([layer, fault.unwrap_or("-")]).args(prefixes).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: BTreeMap<String, Value> = serde_json::from_slice(&output.stdout).unwrap();
    let judged = |told: &Value| {
        let rules = told["rules"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap().to_owned());
        (told["verdict"].as_str().unwrap().to_owned(), rules.collect())
    };
    told.iter().map(|(id, told)| (id.clone(), judged(told))).collect()
}

/// What cogspec finds.
fn ours(layer: &str, fault: Option<&str>, prefixes: &[&str]) -> Judged {
    let folder = folder(&format!("{layer}-{}", fault.unwrap_or("right")));
    let mut adapter = vec!["python3".to_owned(), "-B".to_owned(), "-I".to_owned()];
    adapter.extend([script("export_scenarios_client.py"), layer.to_owned()]);
    adapter.extend(fault.map(str::to_owned));
    let recipe = format!(
        "name = \"plain\"\ntitle = \"Plain\"\nversion = \"1\"\nlicence = \"MIT\"\nlanguage = \"Python\"\n\
         home = \"https://example.com\"\nlayer = \"{layer}\"\n[adapter]\ncommand = {adapter:?}\n"
    );
    std::fs::write(folder.join("implementation.toml"), recipe).unwrap();
    let file = folder.join("run.json");
    let mut command = cogspec();
    // Some scenarios are slow on purpose.
    let jobs = if prefixes.is_empty() { "12" } else { "3" };
    command.args(["clients", "run", "--jobs", jobs]).arg(&folder);
    command.arg("--report").arg(format!("json={}", file.display()));
    for prefix in prefixes {
        command.args(["--filter", &format!("{prefix}*")]);
    }
    let output = command.env("COGSPEC_CACHE", folder.join("cache")).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    let results = Results::parse(&file, &std::fs::read(&file).unwrap()).unwrap();
    let judged = results.cases.iter().map(|outcome| {
        let rules = outcome.findings.iter().map(|finding| finding.rule.to_string());
        (outcome.id.clone(), (outcome.verdict.to_string(), rules.collect()))
    });
    judged.collect()
}

/// Holds that both find the same. What they find, where Python is there.
fn both_find(layer: &str, fault: Option<&str>, prefixes: &[&str]) -> Option<Judged> {
    if Command::new("python3").arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "SKIPPED export_scenarios.py: python3 is not installed");
        return None;
    }
    let (theirs, ours) = std::thread::scope(|scope| {
        let theirs = scope.spawn(|| theirs(layer, fault, prefixes));
        let ours = ours(layer, fault, prefixes);
        (theirs.join().unwrap(), ours)
    });
    assert_eq!(theirs.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>(), "{layer} {fault:?}");
    let differ: Vec<String> = theirs
        .iter()
        .filter(|(id, told)| ours[*id] != **told)
        .map(|(id, told)| format!("{id}: {told:?}, and cogspec {:?}", ours[id]))
        .collect();
    assert_eq!(differ, [""; 0], "{layer} {fault:?}");
    Some(theirs)
}

/// The scenarios that did not pass.
fn found(judged: &Judged) -> Vec<&str> {
    judged.iter().filter(|(_, (verdict, _))| verdict != "pass").map(|(id, _)| id.as_str()).collect()
}

#[test]
fn every_scenario_is_there_once_with_rules_that_exist_and_notes_on_its_members() {
    let document = exported();
    let groups = document["groups"].as_array().unwrap();
    let entries: Vec<&Value> = groups.iter().flat_map(|group| group["scenarios"].as_array().unwrap()).collect();
    let mut ids: Vec<&str> = entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    let mut all: Vec<&str> = scenario::all().iter().map(|scenario| scenario.id.as_str()).collect();
    assert_eq!(document["count"], ids.len());
    for group in groups {
        assert_eq!(group["count"], group["scenarios"].as_array().unwrap().len());
        let prefix = format!("{}.", group["id"].as_str().unwrap());
        let mut of_group = group["scenarios"].as_array().unwrap().iter();
        assert!(of_group.all(|entry| entry["id"].as_str().unwrap().starts_with(&prefix)), "{prefix}");
    }
    ids.sort_unstable();
    all.sort_unstable();
    assert_eq!(ids, all);
    let themes: Vec<&str> = groups.iter().map(|group| group["id"].as_str().unwrap()).collect();
    assert_eq!(themes, Theme::of(Side::Client).iter().map(|theme| theme.name()).collect::<Vec<_>>());
    let notes = document["notes"].as_object().unwrap();
    // Each rule on clients is demanded somewhere, or always.
    let always = document["always"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap());
    let mut named: BTreeSet<&str> = always.collect();
    for entry in entries {
        for (list, plain) in [("replies", &[][..]), ("demands", &["level", "evidence", "source"][..])] {
            for item in entry[list].as_array().unwrap() {
                for member in item.as_object().unwrap().keys().filter(|member| !plain.contains(&member.as_str())) {
                    let of = if ["chunk", "says"].contains(&member.as_str()) { "framing" } else { member };
                    assert!(notes.contains_key(&format!("{list}.{of}")), "{list}.{of}");
                }
                named.extend(item.get("rule").and_then(Value::as_str));
            }
        }
    }
    assert_eq!(named, rules::all().map(|rule| rule.id).filter(|id| id.starts_with("client.")).collect());
}

#[test]
fn a_program_in_another_language_finds_nothing_in_a_careful_client() {
    let Some(judged) = both_find("sdk", None, &[]) else { return };
    assert_eq!(judged.len(), scenario::all().len());
    assert_eq!(found(&judged), [""; 0]);
}

#[test]
fn it_compares_options_as_those_of_webauthn() {
    // What differs between the layers is in these.
    let Some(judged) = both_find("webauthn", None, &["document.", "gateway.output", "transport.interim", "retry.once"])
    else {
        return;
    };
    // The client has no list of public suffixes.
    assert_eq!(found(&judged), ["document.rp.id.cognito-suffix", "document.rp.id.public-suffix-deep"]);
}

/// A fault of the client: the scenarios that are asked, and all the rules that it breaks in them.
struct Fault {
    name: &'static str,
    layer: &'static str,
    prefixes: &'static [&'static str],
    breaks: &'static [&'static str],
}

const fn fault(name: &'static str, prefixes: &'static [&'static str], breaks: &'static [&'static str]) -> Fault {
    Fault { name, layer: "sdk", prefixes, breaks }
}

const FAULTS: [Fault; 16] = [
    fault(
        "ignores-header",
        &["envelope.header", "envelope.disagree", "envelope.smithy", "retry.once.throttling"],
        &["client.error", "client.error.code.order", "client.retry.throttling"],
    ),
    fault("last-hash", &["envelope.odd", "envelope.written"], &["client.error.code.order"]),
    fault("never-retries", &["retry.once", "retry.always"], &["client.retry.throttling", "client.retry.transient"]),
    fault("retries-all", &["retry.never"], &["client.error"]),
    fault("does-not-wait", &["retry.after.seconds", "retry.after.zero"], &["client.retry.after"]),
    fault(
        "prints-token",
        &["envelope.token", "envelope.cognito", "gateway.page"],
        &["client.token.echoed", "client.token.secret"],
    ),
    fault(
        "success-on-truncation",
        &["transport.cut", "transport.length", "retry.once.c"],
        &["client.incomplete", "client.options.unharmed", "client.retry.transient"],
    ),
    fault("drops-unknown-members", &["document.form", "document.member"], &["client.options.unharmed"]),
    fault("rounds-numbers", &["document.form", "document.timeout"], &["client.options.unharmed"]),
    fault("miscounts", &["retry.once", "retry.always.p"], &["client.attempts"]),
    fault("tells-status-200", &["gateway.page", "envelope.status", "gateway.output"], &["client.status"]),
    fault("makes-up-request-ids", &["envelope.request-id", "envelope.drawn"], &["client.request-id"]),
    fault("does-not-call", &["document.good", "gateway.waf"], &["client.calls"]),
    fault("sends-no-target", &["document.good", "gateway.waf"], &["client.request"]),
    fault("changes-challenge", &["document.good", "document.challenge"], &["client.options.unharmed"]),
    Fault {
        layer: "webauthn",
        ..fault("changes-challenge", &["document.good", "document.challenge"], &["client.options.unchanged"])
    },
];

#[test]
fn it_finds_the_faults_of_a_client_that_cogspec_finds() {
    let is_found = |fault: &Fault| {
        let Fault { name, layer, prefixes, breaks } = fault;
        let Some(judged) = both_find(layer, Some(name), prefixes) else { return };
        let broken: BTreeSet<&str> = judged.values().flat_map(|(_, rules)| rules).map(String::as_str).collect();
        assert_eq!(broken, breaks.iter().copied().collect(), "{name}: {:?}", found(&judged));
    };
    // Most of the time they wait.
    for some in FAULTS.chunks(4) {
        std::thread::scope(|scope| {
            for fault in some {
                scope.spawn(move || is_found(fault));
            }
        });
    }
}
