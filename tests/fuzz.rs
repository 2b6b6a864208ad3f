//! The network fuzzer against right, wrong, throttling, flaky and dying servers, through the command.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use cogspec::emulator::{Config, Emulator, Fault, Service};
use cogspec::report::Schema;
use http::{Request, Response};
use serde_json::{Value, json};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(args).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn cogspec(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A new, empty place for the findings of one test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cogspec-fuzz-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// The names of the files in a folder, without the stories.
fn inputs(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with(".json"));
    names.sort();
    names
}

/// What is in front of the service in [`serve`]: an answer of its own for a call of the operation, by the call's number.
type InFront = fn(usize) -> Option<Response<Bytes>>;

/// The emulator behind something that answers some calls of the operation by itself.
async fn serve(in_front: InFront) -> (String, tokio::task::JoinHandle<()>) {
    let service = Arc::new(Service::new(&Config::default()));
    let calls = Arc::new(AtomicUsize::new(0));
    let router = Router::new().fallback(move |request: Request<Body>| {
        let (service, calls) = (Arc::clone(&service), Arc::clone(&calls));
        async move {
            let (head, body) = request.into_parts();
            let request = Request::from_parts(head, to_bytes(body, usize::MAX).await.unwrap_or_default());
            let target = request.headers().get("X-Amz-Target").map(|target| target.as_bytes().to_vec());
            // As the emulator's own socket does.
            let hosts: Vec<_> = request.headers().get_all(http::header::HOST).iter().collect();
            let is_host = |host: &&http::HeaderValue| http::uri::Authority::try_from(host.as_bytes()).is_ok();
            if hosts.len() != 1 || !hosts.iter().all(is_host) {
                return error(400, "SerializationException").map(Body::from);
            }
            let is_start = target.is_some_and(|target| target.ends_with(b".StartWebAuthnRegistration"));
            let answer = if is_start { in_front(calls.fetch_add(1, Ordering::Relaxed)) } else { None };
            answer.unwrap_or_else(|| service.handle(&request)).map(Body::from)
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (endpoint, server)
}

fn error(status: u16, name: &str) -> Response<Bytes> {
    let body = json!({ "__type": name, "message": "by the server in front" }).to_string();
    Response::builder()
        .status(status)
        .header("Content-Type", "application/x-amz-json-1.1")
        .header("x-amzn-RequestId", uuid::Uuid::new_v4().to_string())
        .header("x-amzn-errortype", name)
        .body(body.into())
        .unwrap()
}

/// Fuzzes an endpoint while this runtime serves it.
async fn fuzz(endpoint: &str, name: &str, args: &[&str]) -> (Output, PathBuf) {
    let findings = folder(name);
    let mut all = vec!["fuzz", "--endpoint", endpoint, "--seed", "7", "--findings", findings.to_str().unwrap()];
    all.extend(args);
    let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
    let run = move || cogspec(&all.iter().map(String::as_str).collect::<Vec<_>>());
    (tokio::task::spawn_blocking(run).await.unwrap(), findings)
}

/// The schema of the document, in which no member may be that it does not describe.
fn schema() -> Value {
    fn close(value: &mut Value) {
        if let Value::Object(object) = value {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
    }
    let mut schema = serde_json::from_str(Schema::Fuzz.text()).unwrap();
    close(&mut schema);
    schema
}

fn document(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", stderr(output)));
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, [""; 0]);
    document
}

#[test]
fn nothing_is_found_on_the_embedded_emulator() {
    let findings = folder("embedded");
    let args = ["fuzz", "--requests", "4000", "--time", "2m", "--findings", findings.to_str().unwrap()];
    let output = cogspec(&[&args[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let document = document(&output);
    assert_eq!(document["run"]["found"], json!([]));
    assert_eq!(document["run"]["ended"], json!({ "why": "requests" }));
    assert_eq!(document["run"]["signs"], true);
    assert_eq!(inputs(&findings), [""; 0]);
    let drawn = document["run"]["labels"].as_u64().unwrap();
    assert!(drawn * 10 >= document["run"]["labels_known"].as_u64().unwrap() * 9, "{drawn} labels");
    assert!(document["run"]["classes"].as_object().unwrap().len() >= 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_found_and_made_small_and_its_file_replays() {
    for (fault, rule, label) in [
        ("request.json.trailing-comma", "request.json.strict", "json."),
        ("request.method.any", "request.method", "http.method"),
        // By steps of sessions, or of users with passkeys.
        ("state.sign-out.ignored", "state.revoked", ".sign-out"),
    ] {
        let config = Config { fault: Some(Fault::find(fault).unwrap()), ..Config::default() };
        let emulator = Emulator::start(config).await.unwrap();
        let endpoint = emulator.endpoint();
        let (output, findings) = fuzz(&endpoint, fault, &["--requests", "6000", "--time", "2m"]).await;
        let text = stdout(&output);
        // The first rule is inferred: it only warns.
        assert_eq!(output.status.code(), Some(i32::from(rule != "request.json.strict")), "{text}{}", stderr(&output));
        let names = inputs(&findings);
        // Steps reach the one fault by more ways than one: a sign-out that does nothing also takes a disabled user's token.
        assert!(names.len() == 1 || fault.starts_with("state."), "{text}");
        let name = names.iter().find(|name| name.starts_with(&format!("{rule}-"))).expect(&text);
        let drawn = |line: &str| line.trim_start().strip_prefix("drawn  ").is_some_and(|drawn| drawn.contains(label));
        assert!(text.lines().any(drawn), "{text}");

        let file = findings.join(name);
        let story: Value = serde_json::from_slice(&std::fs::read(file.with_added_extension("json")).unwrap()).unwrap();
        let labels = story["labels"].as_array().unwrap();
        assert_eq!(labels.len(), 1, "{labels:?}");
        assert!(labels[0].as_str().unwrap().contains(label), "{labels:?}");
        assert!(text.contains(&format!("cogspec replay --endpoint {endpoint} {}\n", file.display())), "{text}");
        let path = file.to_str().unwrap().to_owned();
        let again = tokio::task::spawn_blocking(move || {
            let at_fault = cogspec(&["replay", "--endpoint", &endpoint, &path]);
            let embedded = cogspec(&["replay", &path]);
            let in_process = cogspec(&["replay", "--fuzz-target", "emulator", &path]);
            [at_fault, embedded, in_process]
        });
        let [at_fault, embedded, in_process] = again.await.unwrap();
        assert!(stdout(&at_fault).contains(rule), "{}", stdout(&at_fault));
        assert_eq!(at_fault.status.code(), output.status.code());
        assert_eq!(embedded.status.code(), Some(0), "{}", stdout(&embedded));
        assert_eq!(in_process.status.code(), Some(0), "{}", stdout(&in_process));
        emulator.shutdown().await;
        std::fs::remove_dir_all(findings).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_of_users_with_passkeys_are_made_few_and_replay() {
    let config = Config { fault: Fault::find("ceremony.factors.without-passkey"), ..Config::default() };
    let emulator = Emulator::start(config).await.unwrap();
    let endpoint = emulator.endpoint();
    let (output, findings) = fuzz(&endpoint, "ceremony", &["--requests", "6000", "--time", "2m"]).await;
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(&output));
    let names = inputs(&findings);
    assert_eq!(names.len(), 1, "{text}");
    assert!(names[0].starts_with("sign-in.factors-"), "{text}");
    assert!(text.contains("drawn  ceremony.start, ceremony.complete\n"), "{text}");
    let path = findings.join(&names[0]).to_str().unwrap().to_owned();
    let again = tokio::task::spawn_blocking(move || {
        [&["replay", "--endpoint", &endpoint, &path][..], &["replay", &path]].map(cogspec)
    });
    let [at_fault, embedded] = again.await.unwrap();
    assert!(stdout(&at_fault).contains("sign-in.factors"), "{}", stdout(&at_fault));
    assert_eq!(embedded.status.code(), Some(0), "{}", stdout(&embedded));
    emulator.shutdown().await;
    std::fs::remove_dir_all(findings).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_in_a_finding() {
    let config = Config { fault: Fault::find("token.expiry.not-checked"), ..Config::default() };
    let emulator = Emulator::start(config).await.unwrap();
    let (output, findings) = fuzz(&emulator.endpoint(), "secrets", &["--requests", "500", "--fail-on", "note"]).await;
    let mut told = stdout(&output) + &stderr(&output);
    for file in std::fs::read_dir(&findings).into_iter().flatten() {
        told.push_str(&String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()));
    }
    let longest = told.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).map(str::len).max();
    assert!(longest < Some(200), "a word of {longest:?} characters may be a signature: {told}");
    emulator.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_and_limits_are_no_findings() {
    let throttling: InFront = |call| (call % 5 == 4).then(|| error(400, "TooManyRequestsException"));
    let limiting: InFront = |call| (call % 97 == 96).then(|| error(400, "LimitExceededException"));
    for (name, in_front) in [("throttling", throttling), ("limiting", limiting)] {
        let (endpoint, server) = serve(in_front).await;
        let (output, findings) =
            fuzz(&endpoint, name, &["--requests", "300", "--time", "20s", "--format", "json"]).await;
        server.abort();
        assert_eq!(output.status.code(), Some(0), "{name}: {}{}", stdout(&output), stderr(&output));
        let document = document(&output);
        assert_eq!(document["run"]["found"], json!([]), "{name}");
        assert_eq!(document["run"]["throttled"].as_u64() > Some(0), name == "throttling");
        assert_eq!(document["run"]["users"].as_u64() > Some(4), name == "limiting", "{}", document["run"]["users"]);
        assert_eq!(inputs(&findings), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_repeat_is_flaky() {
    let (endpoint, server) = serve(|call| (call % 400 == 399).then(|| error(500, "InternalErrorException"))).await;
    let (output, findings) = fuzz(&endpoint, "flaky", &["--requests", "2000", "--time", "1m"]).await;
    server.abort();
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", stderr(&output));
    assert!(text.contains("FLAKY response.no-server-error"), "{text}");
    assert!(text.contains("0 findings: ") && text.ends_with(" flaky\n"), "{text}");
    assert!(inputs(&findings).iter().all(|name| name.starts_with("flaky-")), "{:?}", inputs(&findings));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_away_is_no_finding() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let (endpoint, server) = serve(|call| {
        CALLS.store(call, Ordering::Relaxed);
        None
    })
    .await;
    let end = tokio::spawn(async move {
        while CALLS.load(Ordering::Relaxed) < 200 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        server.abort();
    });
    let (output, findings) = fuzz(&endpoint, "gone", &["--time", "60s"]).await;
    end.await.unwrap();
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(3), "{text}{}", stderr(&output));
    assert!(text.contains("the target stopped answering"), "{text}");
    assert!(inputs(&findings).iter().all(|name| !name.starts_with("response")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_serves_nothing_any_more_is_no_finding() {
    let (endpoint, server) = serve(|call| (call > 300).then(|| error(500, "InternalErrorException"))).await;
    let (output, findings) = fuzz(&endpoint, "ill", &["--time", "60s"]).await;
    server.abort();
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(3), "{text}{}", stderr(&output));
    assert!(text.contains("plain requests are not served"), "{text}");
    assert_eq!(inputs(&findings), [""; 0], "{text}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_in_a_report() {
    let findings = folder("signal");
    let mut child = command(&["fuzz", "--time", "10m", "--findings", findings.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let status = child.wait().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("ended stopped by a signal\n"), "{}", stdout(&output));
    assert!(stdout(&output).contains("nothing found\n"), "{}", stdout(&output));
}

#[test]
fn an_input_becomes_the_beginning_of_a_case() {
    let case = |seed: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(seed);
        let output = command(&["case", "new", file.to_str().unwrap(), "--id", "theme.found"])
            .current_dir(std::env::temp_dir())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    insta::assert_snapshot!("case-of-drawn-token-expired", case("emulator/drawn-token-expired"));
    insta::assert_snapshot!("case-of-drawn-request-three-defects", case("emulator/drawn-request-three-defects"));
    insta::assert_snapshot!("case-of-drawn-sign-out-then-refresh", case("sessions/drawn-sign-out-then-refresh"));
    insta::assert_snapshot!("case-of-drawn-many-steps", case("sessions/drawn-many-steps"));
    insta::assert_snapshot!("case-of-drawn-sign-in-defect", case("ceremony/drawn-sign-in-defect"));
}

#[test]
fn bad_input_is_told() {
    for (args, why) in [
        (&["fuzz", "--time", "soon"][..], "a time such as 90s"),
        (&["fuzz", "--rate", "0"], "a number of requests a second"),
        (&["fuzz", "--corpus", "/nowhere"], "cannot read /nowhere"),
        (&["replay", "Cargo.toml"], "not the bytes of a call"),
        (&["replay", "/nowhere"], "cannot read /nowhere"),
        (&["replay", "--fuzz-target", "x", "Cargo.toml"], "the fuzz targets are access_token"),
        (&["case", "new", "Cargo.toml"], "only calls can be made cases"),
    ] {
        let output = cogspec(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(why), "{args:?}: {}", stderr(&output));
    }
}
