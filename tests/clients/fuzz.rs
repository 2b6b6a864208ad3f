//! The fuzzer of clients, through the command: a careful client, and the same with one fault.

use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use cogspec::report::Schema;
use serde_json::{Value, json};

use crate::support::{Folder, HEAD, ends};

/// A folder with the recipes of a careful client, `careful`, and of one for each of these faults, which has its name. `None` where
/// there is no Python.
fn clients(name: &str, faults: &[&str]) -> Option<Folder> {
    if std::process::Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: there is no python3");
        return None;
    }
    let folder = Folder::new(name);
    folder.write("careful.py", include_str!("careful.py"));
    for client in [&["careful"], faults].concat() {
        fs::create_dir_all(folder.path(client)).unwrap();
        let script = folder.path("careful.py").display().to_string();
        let command: Vec<&str> =
            ["python3", &script].into_iter().chain((client != "careful").then_some(client)).collect();
        let head = HEAD.replace("\"stub\"", &format!("{client:?}"));
        folder.write(&format!("{client}/implementation.toml"), &format!("{head}[adapter]\ncommand = {command:?}\n"));
    }
    Some(folder)
}

/// The files of findings in a folder, by name.
fn kept(folder: &Folder, below: &str) -> Vec<(PathBuf, Value)> {
    let Ok(files) = fs::read_dir(folder.path(below)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        (path, value)
    };
    paths.into_iter().map(read).collect()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The document of a run, which the schema describes to the last member.
fn run_of(output: &Output) -> Value {
    fn close(value: &mut Value) {
        if let Value::Object(object) = value {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
    }
    let mut schema = serde_json::from_str(Schema::ClientsFuzz.text()).unwrap();
    close(&mut schema);
    let mut document = document(output);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, [""; 0]);
    document["run"].take()
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn nothing_is_found_of_a_careful_client() {
    let Some(folder) = clients("fuzz-careful", &[]) else { return };
    let args = ["clients", "fuzz", "./careful", "--seed", "1", "--max", "2000", "--time", "5m", "--format", "json"];
    let output = folder.output(&args);
    ends(&output, 0, &[]);
    let run = run_of(&output);
    assert_eq!(run["found"], json!([]));
    assert_eq!(run["ended"], json!({ "why": "requests" }));
    assert_eq!((&run["drawn"], &run["labels_missed"]), (&json!(2000), &json!([])));
    let outcomes = &run["clients"][0]["outcomes"];
    assert!(["success", "error", "failure"].iter().all(|outcome| outcomes[outcome].as_u64() > Some(100)), "{outcomes}");
    assert!(!folder.path("cogspec-findings").exists());
}

#[test]
fn each_fault_is_found_and_made_small_and_its_file_replays() {
    let faults: [(&str, &str, &[&str]); 3] = [
        ("truncated", "client.failure", &["body.truncated"]),
        ("hashes", "client.error.code", &["header.written", "type.written"]),
        ("deep", "client.ends", &["members.unknown", "members.unknown.error"]),
    ];
    let Some(folder) = clients("fuzz-faults", &faults.map(|(fault, ..)| fault)) else { return };
    for (fault, rule, labels) in faults {
        let (client, out) = (format!("./{fault}"), format!("found-{fault}"));
        let args = ["clients", "fuzz", &client, "--seed", "1", "--max", "700", "--time", "3m", "--out", &out];
        let output = folder.output(&args);
        let found = kept(&folder, &out);
        let of_rule = found.iter().find(|(_, file)| {
            file["found"]["finding"]["rule"] == rule && {
                let drawn = file["found"]["labels"].as_array().unwrap();
                matches!(drawn.as_slice(), [Value::String(label)] if labels.contains(&label.as_str()))
            }
        });
        let Some((path, file)) = of_rule else { panic!("{fault}: {}{found:#?}", stdout(&output)) };
        assert!(stdout(&output).contains(rule) && stdout(&output).contains("findings"), "{}", stdout(&output));
        // What is inferred does not fail a run.
        let exit = if rule == "client.failure" { 0 } else { 1 };
        ends(&output, exit, &[]);
        assert_eq!(file["found"]["repeats"], "always");
        assert!(file["input"].as_str().unwrap().len() <= 120, "{}", file["input"]);

        let path = path.to_str().unwrap();
        let replayed = folder.output(&["clients", "fuzz", &client, "./careful", "--replay", path]);
        ends(&replayed, exit, &[]);
        assert!(stdout(&replayed).contains(rule), "{}", stdout(&replayed));
        let replayed = folder.output(&["clients", "fuzz", "./careful", "--replay", path, "--format", "json"]);
        ends(&replayed, 0, &[]);
        assert_eq!(document(&replayed)["clients"][0]["findings"], json!([]));

        let run = folder.output(&["clients", "run", &client, "--scenario", path, "--no-baseline"]);
        ends(&run, exit, &[]);
        assert!(stdout(&run).contains(rule) && stdout(&run).contains("--scenario FILE"), "{}", stdout(&run));
        ends(&folder.output(&["clients", "run", "./careful", "--scenario", path, "--no-baseline"]), 0, &[]);
        let told = folder.output(&["serve", "--list", "--scenario", path]);
        ends(&told, 0, &[]);
        assert!(stdout(&told).contains(file["id"].as_str().unwrap()), "{}", stdout(&told));

        // What was found is what the next run can begin with.
        let again = ["clients", "fuzz", &client, "--max", "1", "--seed", "5", "--corpus", &out, "--format", "json"];
        let again = run_of(&folder.output(&again));
        assert_eq!(again["found"][0]["labels"], found[0].1["found"]["labels"]);
    }
}

#[test]
fn clients_that_differ_are_noted_and_a_seed_makes_the_same_run() {
    let Some(folder) = clients("fuzz-differ", &["truncated"]) else { return };
    let run = |jobs: &str, out: &str| {
        let args = ["clients", "fuzz", "./careful", "./truncated", "--seed", "3", "--max", "250", "--time", "3m"];
        let more = ["--jobs", jobs, "--findings", out, "--format", "json", "--filter", "differ.*"];
        let output = folder.output(&[&args[..], &more].concat());
        ends(&output, 0, &[]);
        let mut run = run_of(&output);
        run["duration_ms"] = Value::Null;
        run["found"].as_array_mut().unwrap().iter_mut().for_each(|found| found["exchange"] = Value::Null);
        run
    };
    let (one, many) = (run("1", "one"), run("5", "many"));
    assert_eq!(one, many);
    let differing = &one["found"][0]["differing"];
    assert_eq!((&differing["layer"], &differing["what"]), (&json!("sdk"), &json!("outcome")));
    assert_eq!(differing["told"], json!({ "careful": "failure", "truncated": "success" }));
    assert_eq!(one["found"][0]["severity"], "note");
    let names = |out| kept(&folder, out).into_iter().map(|(path, _)| path.file_name().unwrap().to_owned());
    assert!(names("one").eq(names("many")) && names("one").next().is_some());
    let args = ["clients", "fuzz", "./careful", "./truncated", "--seed", "3", "--max", "250", "--filter", "differ.*"];
    ends(&folder.output(&[&args[..], &["--fail-on", "note"]].concat()), 1, &[]);
}

#[test]
fn the_token_that_a_client_tells_is_found_and_told_nowhere() {
    let Some(folder) = clients("fuzz-token", &["tells"]) else { return };
    let output = folder.output(&["clients", "fuzz", "./tells", "--seed", "2", "--max", "60", "--findings", "out"]);
    ends(&output, 1, &[]);
    let found = kept(&folder, "out");
    assert!(found.iter().any(|(_, file)| file["found"]["finding"]["rule"] == "client.token.secret"), "{found:?}");
    let all =
        found.into_iter().map(|(path, _)| fs::read_to_string(path).unwrap()).collect::<String>() + &stdout(&output);
    assert!(!all.contains("eyJ"), "{all}");
}

#[test]
fn what_tells_nothing_ends_the_run() {
    let Some(folder) = clients("fuzz-gone", &["gone", "strange"]) else { return };
    let recipe = |name: &str, script: &str| {
        let head = HEAD.replace("\"stub\"", &format!("{name:?}"));
        let text = format!("{head}[adapter]\ncommand = [\"sh\", \"-c\", {script:?}]\n");
        folder.write(&format!("{name}/implementation.toml"), &text);
    };
    recipe("gone", "exit 3");
    recipe("strange", "while read line; do echo hello; done");
    for client in ["./gone", "./strange"] {
        let output = folder.output(&["clients", "fuzz", client, "--time", "1m"]);
        ends(&output, 3, &["notice: nothing can be told of an answer"]);
        assert!(stdout(&output).contains("nothing can be told any more"), "{}", stdout(&output));
    }
    ends(&folder.output(&["clients", "fuzz", "./careful", "./careful"]), 2, &["two clients of the name careful"]);
    folder.write("wrong.json", "{\"id\": 1}");
    let wrong = folder.output(&["clients", "fuzz", "./careful", "--replay", "wrong.json"]);
    ends(&wrong, 2, &["neither a finding nor an input", "id"]);
    ends(&folder.output(&["clients", "run", "./careful", "--scenario", "./wrong.json"]), 2, &["it is no scenario"]);
    ends(&folder.output(&["serve", "--scenario", "missing.json"]), 2, &["cannot read missing.json"]);
}

#[test]
fn a_signal_ends_it_with_a_report() {
    let Some(folder) = clients("fuzz-signal", &["truncated"]) else { return };
    let mut fuzz = std::process::Command::new(env!("CARGO_BIN_EXE_cogspec"));
    fuzz.args(["clients", "fuzz", "./truncated", "--seed", "1", "--time", "10m"]);
    fuzz.env("COGSPEC_CACHE", folder.path("cache")).current_dir(folder.path("."));
    let fuzz = fuzz.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let id = fuzz.id().to_string();
    crate::support::soon(|| !kept(&folder, "cogspec-findings").is_empty());
    std::thread::sleep(Duration::from_millis(200));
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = fuzz.wait_with_output().unwrap();
    ends(&output, 0, &["stopping"]);
    assert!(
        stdout(&output).contains("stopped by a signal") && stdout(&output).contains("answers"),
        "{}",
        stdout(&output)
    );
}
