//! Servers that are hostile from the first byte: there is nothing to judge, which is said, and the exit code is 3.

use std::time::Duration;

use crate::act::{Step, endless, send};
use crate::proxy::Proxy;
use crate::run::run;
use crate::table::{RIGHT, answer};

const SLACK: Duration = Duration::from_secs(30);

fn ends(id: &str, message: &str, reads_first: bool, steps: Vec<Step>) {
    let server = Proxy::greets(steps, reads_first);
    let ended = run(&server.endpoint(), &["--timeout", "1", "--filter", "options.*"], SLACK);
    println!("{id:<44} exit {:?} {:.1} s {} MiB", ended.exit, ended.took.as_secs_f32(), ended.peak / 1024);
    assert_eq!(ended.exit, Some(3), "{id}: {}", ended.stderr);
    let is_one_line = ended.stderr.trim_end().lines().count() == 1;
    assert!(
        is_one_line && ended.stderr.starts_with("error: ") && ended.stderr.contains(message),
        "{id}: {}",
        ended.stderr
    );
    assert!(ended.report.is_none(), "{id}: nothing ran");
}

#[test]
fn from_the_first_byte() {
    let escapes = "\u{1b}[2J\u{9b}31m\u{202e}\u{61c}\r\nexit code 0\n";
    let refused = serde_json::json!({ "__type": format!("a{escapes}"), "message": escapes }).to_string();
    let pool = serde_json::json!({ "UserPool": { "Id": escapes, "Name": escapes } }).to_string();
    let rows: [(&str, &str, bool, Vec<Step>); 15] = [
        ("greeting.never-served", "no answer in time", false, vec![Step::Silence]),
        ("greeting.never-answered", "no answer in time", true, vec![Step::Silence]),
        ("greeting.closed", "connection closed", false, vec![]),
        ("greeting.reset", "Connection reset", false, vec![Step::Reset]),
        ("greeting.half-closed", "connection closed", false, vec![Step::HalfClose, Step::Silence]),
        (
            "greeting.dripped",
            "no answer in time",
            true,
            vec![send("HTTP/1.1 200 OK\r\nX-A: "), Step::Drip(b"a".to_vec())],
        ),
        (
            "greeting.endless-head",
            "larger than is read",
            true,
            vec![send("HTTP/1.1 200 OK\r\n"), endless("X-A: b\r\n".repeat(64))],
        ),
        (
            "greeting.endless-body",
            "larger than is read",
            true,
            vec![send("HTTP/1.1 200 OK\r\n\r\n"), endless([b'a'; 4096])],
        ),
        (
            "greeting.endless-continue",
            "no answer in time",
            true,
            vec![endless("HTTP/1.1 100 Continue\r\n\r\n".repeat(64))],
        ),
        ("greeting.ssh", "not HTTP", false, vec![send("SSH-2.0-OpenSSH_9.6\r\n"), Step::Silence]),
        ("greeting.answers-before-the-request", "no user can be made", false, vec![answer(400, RIGHT)]),
        ("greeting.html", "no user can be made", true, vec![answer(200, "<html>hi</html>")]),
        (
            "greeting.deep-json",
            "no user can be made",
            true,
            vec![answer(200, format!("{{\"a\":{}", "[".repeat(100_000)))],
        ),
        ("greeting.escapes-in-error", "no user can be made", true, vec![answer(400, refused)]),
        ("greeting.escapes-in-ids", "no user can be made", true, vec![answer(200, pool)]),
    ];
    std::thread::scope(|scope| {
        for (id, message, reads_first, steps) in rows {
            scope.spawn(move || ends(id, message, reads_first, steps));
        }
    });
}
