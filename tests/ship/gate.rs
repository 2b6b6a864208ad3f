//! `cogspec::run` inside a test, against servers that hold and servers that do not.

use std::time::Duration;

use cogspec::emulator::{Config, Emulator, Fault};
use cogspec::target::Target;
use cogspec::{Ending, FailOn, Gate, GateError};

async fn emulator(fault: Option<&str>) -> Emulator {
    let fault = fault.map(|name| Fault::find(name).unwrap());
    Emulator::start(Config { fault, ..Config::default() }).await.unwrap()
}

async fn pools(emulator: &Emulator) -> usize {
    let target = Target::endpoint(&emulator.endpoint(), "us-east-1", Duration::from_secs(10)).unwrap();
    let listed = target.control.call("ListUserPools", serde_json::json!({ "MaxResults": 60 })).await.unwrap();
    listed["UserPools"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_emulator_holds() {
    let report = cogspec::run(&Gate::embedded().filter("options.*")).await.unwrap();
    assert!(report.held(), "{report}");
    assert_eq!(report.failures().count(), 0);
    let text = report.to_string();
    assert!(text.starts_with(concat!("cogspec ", env!("CARGO_PKG_VERSION"), ": embedded emulator")), "{text}");
    assert!(!text.contains('\u{1b}'), "there is no colour in it: {text}");
}

/// The server may be a part of the same test: on one thread with it, too.
#[tokio::test]
async fn a_broken_server_is_told_as_the_command_tells_it() {
    let server = emulator(Some("options.rp.id-url")).await;
    let gate = Gate::endpoint(server.endpoint()).filter("options.*").seed(7).jobs(2);
    let report = cogspec::run(&gate).await.unwrap();
    assert_eq!(report.ending(), Ending::Failed);
    let failures: Vec<&str> = report.failures().map(|case| case.id.as_str()).collect();
    assert!(failures.contains(&"options.rp-id.url"), "{failures:?}");
    assert_eq!(pools(&server).await, 0, "its fixtures are deleted");

    let endpoint = server.endpoint();
    let command = tokio::task::spawn_blocking(move || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cogspec"));
        command.args(["run", "--filter", "options.*", "--seed", "7", "--endpoint", &endpoint]).output().unwrap()
    });
    let command = String::from_utf8(command.await.unwrap().stdout).unwrap();
    // What differs between any two runs is the token and the time, and the last line is of each.
    let same = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.pop();
        lines.retain(|line| !line.contains(" repeats the run") && !line.contains(" cases: "));
        lines
    };
    let report = report.to_string();
    assert!(report.contains("FAIL options.rp-id.url"), "{report}");
    assert_eq!(same(&report), same(&command));
    assert!(report.ends_with("a MUST was broken, or what was said to fail the run besides\n"), "{report}");
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn known_failures_hold_until_they_are_fixed() {
    let server = emulator(Some("options.rp.id-url")).await;
    let gate = |server: &Emulator| Gate::endpoint(server.endpoint()).filter("options.rp-id.*").filter("options.served");
    let found = cogspec::run(&gate(&server)).await.unwrap();
    let failing = found.failures().map(|case| {
        let severity = cogspec::cognito::Severity::Fail;
        let (fingerprint, title) = (case.fingerprint.clone(), case.title.clone());
        (case.id.clone(), cogspec::baseline::Failing { severity, fingerprint, title })
    });
    let baseline =
        cogspec::baseline::init("a broken server", cogspec::run::Side::Server, &failing.collect(), "not mended yet");
    let known = cogspec::run(&gate(&server).baseline_text(&baseline)).await.unwrap();
    assert!(known.held(), "{known}");
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-gate.toml", std::process::id()));
    std::fs::write(&path, &baseline).unwrap();
    let mended = emulator(None).await;
    let fixed = cogspec::run(&gate(&mended).baseline(&path)).await.unwrap();
    assert_eq!(fixed.ending(), Ending::Stale, "{fixed}");
    let unmatched = cogspec::run(&gate(&mended).filter("!options.*").filter("request.method.*").baseline(&path)).await;
    let unmatched = unmatched.unwrap();
    assert!(unmatched.held(), "a case that did not run is no entry too many: {unmatched}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bar_is_as_high_as_one_says() {
    let gate = Gate::embedded().filter("options.*").filter("ceremony.complete.retried");
    let held = cogspec::run(&gate).await.unwrap();
    let notes = held.results().summary.counts.note;
    assert!(held.held() && notes > 0, "{held}");
    let strict = cogspec::run(&gate.fail_on(FailOn::Note)).await.unwrap();
    assert_eq!(strict.ending(), Ending::Failed);
    assert_eq!(strict.failures().count(), strict.results().summary.counts.note);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_judged_is_an_error_with_advice() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (gate, advice) in [
        (Gate::endpoint("http://192.0.2.1"), "add .allow_remote(\"192.0.2.1\")"),
        (Gate::endpoint("http://192.0.2.1").allow_remote("192.0.2.2"), "192.0.2.1 is not this machine"),
        (Gate::endpoint("http://cognito.example"), "cognito.example is not this machine"),
        (Gate::endpoint("9229"), "http://HOST:PORT"),
        (Gate::endpoint(format!("http://127.0.0.1:{port}")), "is the server running"),
        (Gate::embedded().filter("level:HIGH"), "MUST, SHOULD or MAY"),
        (Gate::embedded().filter("nothing.*"), "cogspec run --list"),
        (Gate::embedded().seed("x"), "neither a seed"),
        (Gate::embedded().baseline("none.toml"), "none.toml"),
        (Gate::embedded().baseline_text("version = 2"), "version = 1"),
    ] {
        let error = cogspec::run(&gate).await.unwrap_err();
        assert!(error.to_string().contains(advice), "{gate:?}: {error}");
    }
    // No name was looked up, and nothing was sent: the interlock is that of the command.
    let error = cogspec::run(&Gate::endpoint("http://cognito.example")).await.unwrap_err();
    assert!(matches!(error, GateError::NotAllowed(host) if host == "cognito.example"));
}

/// The token is given to the gate, and the server hands it back wherever it can.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_stay_in() {
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6InRveSJ9.c2lnbmF0dXJlLW9mLXRoZS10b3ktdGhhdC1pcy1zZWNyZXQ";
    let body = serde_json::json!({ "__type": "NotAuthorizedException", "message": format!("no: {TOKEN}") }).to_string();
    let app = move || {
        let body = body.clone();
        async move {
            let headers = [("content-type", "application/x-amz-json-1.1")];
            (axum::http::StatusCode::BAD_REQUEST, headers, body)
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, axum::Router::new().fallback(app)).into_future());
    let gate = Gate::endpoint(endpoint).access_token(TOKEN).filter("options.served").filter("token.absent*");
    assert!(!format!("{gate:?}").contains("c2lnbmF0dXJl"), "{gate:?}");
    let report = cogspec::run(&gate).await.unwrap();
    let document = serde_json::to_string(report.results()).unwrap();
    for told in [report.to_string(), document, format!("{report:?}")] {
        assert!(!told.contains("c2lnbmF0dXJl"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_that_is_given_up_deletes_its_fixtures() {
    let server = emulator(None).await;
    let gate = Gate::endpoint(server.endpoint());
    let given_up = tokio::time::timeout(Duration::from_secs(2), cogspec::run(&gate)).await;
    assert!(given_up.is_err(), "the whole suite takes longer");
    let mut left = usize::MAX;
    for _ in 0..120 {
        left = pools(&server).await;
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(left, 0);
}
