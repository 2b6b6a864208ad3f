//! Every way in which a run can end: a clear message and the documented exit code.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::support::{Served, cogspec, output, server, stderr, stdout};

#[track_caller]
fn ends(args: &[&str], exit: i32, message: &str) {
    let run = output(args);
    let told = stderr(&run);
    assert_eq!(run.status.code(), Some(exit), "{told}{}", stdout(&run));
    assert!(told.contains(message), "{told}");
}

#[test]
fn an_endpoint_where_nobody_listens() {
    ends(&["run", "--endpoint", "http://127.0.0.1:1"], 3, "does not answer");
}

#[test]
fn an_endpoint_that_speaks_no_tls() {
    let port = server(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    ends(&["run", "--endpoint", &format!("https://127.0.0.1:{port}")], 3, "TLS failed");
}

#[test]
fn a_server_that_answers_html() {
    let port = server(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\n\r\n<html>hi</html>");
    ends(&["run", "--endpoint", &format!("http://127.0.0.1:{port}")], 3, "no user can be made");
}

#[test]
fn a_server_that_answers_no_http() {
    let port = server(b"SSH-2.0-OpenSSH_9.2\r\n");
    ends(&["run", "--endpoint", &format!("http://127.0.0.1:{port}"), "--timeout", "2"], 3, "does not answer");
}

#[test]
fn a_server_that_is_silent() {
    let port = server(b"");
    ends(&["run", "--endpoint", &format!("http://127.0.0.1:{port}"), "--timeout", "1"], 3, "does not answer");
}

#[test]
fn an_endpoint_that_is_none() {
    ends(&["run", "--endpoint", "127.0.0.1:9229"], 2, "is not an endpoint");
    ends(&["run", "--endpoint", "ftp://127.0.0.1"], 2, "neither http nor https");
    ends(&["run", "--endpoint", "http://127.0.0.1/path"], 2, "operations are called at /");
}

#[test]
fn a_host_that_is_not_this_machine() {
    ends(&["run", "--endpoint", "http://cognito.example.com"], 2, "--allow-remote cognito.example.com");
}

#[test]
fn a_filter_that_matches_nothing() {
    ends(&["run", "--filter", "no.such.case"], 4, "no case matches");
    ends(&["run", "--filter", "level:COULD"], 2, "a level is MUST, SHOULD or MAY");
}

#[test]
fn a_file_that_cannot_be_read() {
    let endpoint = ["run", "--endpoint", "http://127.0.0.1:1"];
    ends(&[&endpoint[..], &["--access-token-file", "/no/such/file"]].concat(), 2, "cannot read /no/such/file");
    ends(&[&endpoint[..], &["--access-token-env", "NO_SUCH_VARIABLE"]].concat(), 2, "is not set");
    ends(&["run", "--report", "json=/no/such/folder/report.json", "--filter", "options.served"], 2, "/no/such/folder");
    ends(&["run", "--report", "pdf=x"], 2, "ndjson");
}

#[test]
fn a_token_that_is_no_seed() {
    ends(&["run", "--seed", "cogspec1.zz"], 2, "neither a seed");
}

/// A reader that goes away takes nothing with it but the rest of the text.
#[test]
fn a_closed_pipe() {
    for args in [&["run", "--filter", "options.*"][..], &["run", "--list"]] {
        let mut child = cogspec(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = child.wait_with_output().unwrap();
        assert_eq!(run.status.code(), Some(0), "{args:?}: {}", stderr(&run));
        assert!(!stderr(&run).contains("panicked"), "{}", stderr(&run));
    }
}

/// Ctrl-C: the fixtures are deleted, and what was judged is reported.
#[cfg(unix)]
#[test]
fn an_interrupt() {
    let served = Served::start();
    let args = ["run", "--endpoint", &served.endpoint(), "--jobs", "1", "--report", "ndjson=-"];
    let mut child = cogspec(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let finished = lines.by_ref().map_while(Result::ok).filter(|line| line.contains("case-finished")).nth(3);
    assert!(finished.is_some());
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let last = rest.iter().rfind(|line| line.contains("run-finished")).expect("the last event");
    let last: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(last["interrupted"], true);
    assert!(last["not_run"].as_u64().unwrap() > 0);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let pools = served.control("ListUserPools", &serde_json::json!({ "MaxResults": 60 }));
    assert_eq!(pools["UserPools"], serde_json::json!([]));
}
