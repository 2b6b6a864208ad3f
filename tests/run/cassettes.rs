//! Recorded runs, judged again without a network.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cogspec::report::Schema;
use serde_json::{Value, json};

use crate::support::{Served, cogspec, output, stderr, stdout, tempfile, whole_run};

/// A run of some cases, which is recorded again by:
/// `cargo run -- run --cassette tests/data/cassettes/emulator.cassette --filter 'state.*' --filter 'errors.*' --filter 'response.*'
/// --filter 'options.*' --filter 'token.scope.*' --filter 'token.time.*'`
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cassettes/emulator.cassette");

/// Replays a cassette and gives its report.
fn replay(cassette: &Path, more: &[&str]) -> Value {
    let report = tempfile(&format!("replay-{}.json", cassette.file_stem().unwrap().display()));
    let (cassette, json) = (cassette.display().to_string(), format!("json={}", report.display()));
    let run = output(&[&["run", "--replay", &cassette, "--report", &json], more].concat());
    assert_eq!(run.status.code(), Some(0), "{}{}", stdout(&run), stderr(&run));
    assert!(!stdout(&run).contains("judged otherwise"), "{}", stdout(&run));
    serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap()
}

/// What is judged of each case: verdict, reason, observation, and of the findings what does not count the answers of others.
fn judged(report: &Value) -> BTreeMap<&str, Value> {
    let case = |case| {
        let case: &Value = case;
        let findings = case["findings"].as_array().unwrap().iter();
        let rules: Vec<_> =
            findings.map(|finding| json!([finding["rule"], finding["severity"], finding["pointer"]])).collect();
        (case["id"].as_str().unwrap(), json!([case["verdict"], case["reason"], case["observation"], rules]))
    };
    report["cases"].as_array().unwrap().iter().map(case).collect()
}

#[test]
fn the_whole_suite_is_judged_alike_from_its_cassette() {
    let (recorded, cassette) = whole_run();
    let replayed = replay(cassette, &[]);
    let (recorded, replayed) = (judged(recorded), judged(&replayed));
    assert_eq!(recorded.len(), replayed.len());
    let differ: Vec<_> = recorded.iter().filter(|(case, then)| replayed[*case] != **then).collect();
    let now: Vec<_> = differ.iter().map(|(case, _)| &replayed[*case]).collect();
    assert!(differ.is_empty(), "{differ:#?}\n{now:#?}");
}

#[test]
fn the_committed_cassette_holds() {
    let report = replay(Path::new(COMMITTED), &["--snapshots", "emulator"]);
    let counts = &report["summary"]["counts"];
    assert!(
        counts["pass"].as_u64().unwrap() >= 100 && counts["skip"] == 0,
        "{counts}; {COMMITTED} is to be recorded again"
    );
    let some = replay(Path::new(COMMITTED), &["--filter", "token.scope.*"]);
    let some = judged(&some);
    assert!(!some.is_empty() && some.keys().all(|case| case.starts_with("token.scope.")), "{:?}", some.keys());
}

/// The schema of a line, in which no member may be that it does not describe.
fn schema() -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(object) => {
                if object.get("type") == Some(&json!("object")) && object.contains_key("properties") {
                    object.insert("additionalProperties".to_owned(), json!(false));
                }
                object.values_mut().for_each(close);
            }
            Value::Array(elements) => elements.iter_mut().for_each(close),
            _ => {}
        }
    }
    let mut schema: Value = serde_json::from_str(Schema::Cassette.text()).unwrap();
    close(&mut schema["$defs"]);
    schema
}

#[test]
fn each_line_is_what_the_schema_says() {
    let schema = jsonschema::draft202012::new(&schema()).unwrap();
    let text = std::fs::read_to_string(COMMITTED).unwrap();
    assert!(text.is_ascii());
    for (number, line) in (1..).zip(text.lines()) {
        let line: Value = serde_json::from_str(line).unwrap();
        let errors: Vec<_> = schema.iter_errors(&line).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "line {number}: {errors:?}");
        for (member, wrong) in [("line", json!("stop")), ("more", json!(1))] {
            let mut other = line.clone();
            other[member] = wrong;
            assert!(!schema.is_valid(&other), "line {number} with another {member}");
        }
    }
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let good = std::fs::read_to_string(COMMITTED).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n") + "\n";
    let last = lines.len() - 1;
    let step = lines.iter().position(|line| line.contains("\"line\":\"step\"")).unwrap();
    let (head, case_set) = (lines[0], "\"case_set\":\"");
    let at = head.find(case_set).unwrap() + case_set.len();
    let other_cases = resealed(&good.replacen(&head[at..at + 12], "0123456789ab", 1));
    for (name, content, says) in [
        ("empty", String::new(), "it is no cassette"),
        ("report", "{\"version\":1}\n".to_owned(), "it is no cassette"),
        ("newer", good.replacen("\"version\":1", "\"version\":2", 1), "its form is version 2"),
        ("no-end", without(last), "it is cut off"),
        ("cut-line", good[..good.len() / 2].to_owned(), "it is cut off"),
        ("changed", good.replacen("\"status\":400", "\"status\":200", 1), "the digest of the lines is another"),
        ("no-step", without(step), "is not in its place"),
        ("garbage", good.replacen(lines[step], "}{", 1), &format!("damaged, line {}", step + 1)),
        ("other-cases", other_cases, "recorded with other cases"),
    ] {
        let path = tempfile(&format!("{name}.cassette"));
        std::fs::write(&path, content).unwrap();
        let run = output(&["run", "--replay", path.to_str().unwrap()]);
        assert_eq!(run.status.code(), Some(2), "{name}: {}", stdout(&run));
        let told = stderr(&run);
        assert!(told.starts_with("error: cannot replay ") && told.contains(says), "{name}: {told}");
        assert!(!stdout(&run).contains("pass"), "{name}: {}", stdout(&run));
    }
    let both = output(&["run", "--replay", COMMITTED, "--endpoint", "http://127.0.0.1:9"]);
    assert_eq!(both.status.code(), Some(2), "{}", stderr(&both));
}

/// The cassette with the digest of its lines.
fn resealed(text: &str) -> String {
    let (before, end) = text.trim_end().rsplit_once('\n').unwrap();
    let before = format!("{before}\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, before.as_bytes());
    let mut end: Value = serde_json::from_str(end).unwrap();
    end["sha256"] = data_encoding::HEXLOWER.encode(digest.as_ref()).into();
    format!("{before}{end}\n")
}

#[test]
fn a_given_token_is_on_no_cassette_and_the_replay_needs_no_server() {
    let served = Served::start();
    let made = output(&["token", "new", "--endpoint", &served.endpoint()]);
    let token = stdout(&made).trim().to_owned();
    let path = tempfile("given.cassette").display().to_string();
    let filter = ["--filter", "request.access-token.*", "--filter", "token.structure.*"];
    let arguments = ["run", "--endpoint", &served.endpoint(), "--access-token-env", "THE_TOKEN", "--cassette", &path];
    let run = cogspec(&[&arguments[..], &filter].concat()).env("THE_TOKEN", &token).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}{}", stdout(&run), stderr(&run));
    drop(served);
    let (unsigned, signature) = token.rsplit_once('.').unwrap();
    let cassette = std::fs::read_to_string(&path).unwrap();
    assert!(cassette.contains(unsigned), "the claims are no secret");
    let parts = signature.as_bytes().windows(24);
    assert!(!parts.map(|part| std::str::from_utf8(part).unwrap()).any(|part| cassette.contains(part)));
    assert!(!judged(&replay(&PathBuf::from(&path), &[])).is_empty());
}

#[test]
fn the_one_user_of_a_run_signs_in_from_the_cassette() {
    let served = Served::start();
    let text = |answer: &Value, pointer: &str| answer.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let factors = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
    let pool = json!({ "PoolName": "theirs", "Policies": factors });
    let pool = text(&served.control("CreateUserPool", &pool), "/UserPool/Id");
    let passkeys = json!({ "RelyingPartyId": "auth.example.com" });
    served.control("SetUserPoolMfaConfig", &json!({ "UserPoolId": pool, "WebAuthnConfiguration": passkeys }));
    let client = json!({ "UserPoolId": pool, "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
    let client = text(&served.control("CreateUserPoolClient", &client), "/UserPoolClient/ClientId");
    let user = json!({ "UserPoolId": pool, "Username": "jo", "MessageAction": "SUPPRESS" });
    served.control("AdminCreateUser", &user);
    let password = "Correct-horse-battery-1";
    let set = json!({ "UserPoolId": pool, "Username": "jo", "Password": password, "Permanent": true });
    served.control("AdminSetUserPassword", &set);

    let path = tempfile("one-user.cassette");
    let arguments =
        ["run", "--endpoint", &served.endpoint(), "--filter", "token.*", "--cassette", path.to_str().unwrap()];
    let who = ["--client-id", &client, "--username", "jo", "--password-env", "PASSWORD"];
    let run = cogspec(&[&arguments[..], &who].concat()).env("PASSWORD", password).output().unwrap();
    drop(served);
    let report = replay(&path, &[]);
    assert!(stdout(&run).contains("only one user was given"), "{}{}", stdout(&run), stderr(&run));
    assert!(!std::fs::read_to_string(&path).unwrap().contains(password));
    let reasons: Vec<_> =
        report["cases"].as_array().unwrap().iter().filter_map(|case| case["reason"].as_str()).collect();
    assert!(reasons.iter().all(|reason| !reason.contains("cannot be replayed")), "{reasons:?}");
}

#[test]
fn a_cassette_that_cannot_be_written_is_told_before_the_run() {
    for path in [env!("CARGO_TARGET_TMPDIR"), "no-such-folder/run.cassette"] {
        let run = output(&["run", "--filter", "request.accepted", "--cassette", path]);
        assert_eq!(run.status.code(), Some(2), "{path}");
        assert!(stderr(&run).contains(path) && stdout(&run).is_empty(), "{}{}", stderr(&run), stdout(&run));
    }
}
