//! The whole suite against the servers that cost most memory, with many cases at once. That a run takes no more than its
//! bound is looked at in every run.

use std::time::Duration;

use serde_json::json;

use crate::act::{Step, endless, send};
use crate::proxy::{Proxy, Victims};
use crate::run::run;
use crate::table::{RIGHT, answer, with_headers};

const SLACK: Duration = Duration::from_secs(240);

/// The cases of a shard, for a server that answers each call of the operation but the first with these steps.
fn suite(id: &str, jobs: &str, shard: &str, steps: Vec<Step>) {
    let proxy = Proxy::start(steps, Victims::All);
    let ended =
        run(&proxy.endpoint(), &["--jobs", jobs, "--shard", shard, "--timeout", "1", "--case-timeout", "10"], SLACK);
    let report = ended.report.as_ref().expect("a report");
    let (took, peak, counts) = (ended.took.as_secs_f32(), ended.peak / 1024, &report["summary"]["counts"]);
    println!("{id:<44} {jobs} jobs exit {:?} {took:.1} s {peak} MiB {counts}", ended.exit);
    assert!(matches!(ended.exit, Some(1 | 3)), "{id}: {}", ended.stderr);
    assert_eq!(report["summary"]["not_run"], 0, "{id}");
    assert_eq!(counts["error"], 0, "{id}");
}

/// All cases of the suite.
#[test]
fn the_whole_suite() {
    let gigabyte = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
    std::thread::scope(|scope| {
        let endless = || endless([b'a'; 16 * 1024]);
        scope.spawn(move || suite("memory.endless-body", "8", "1/1", vec![send("HTTP/1.1 200 OK\r\n\r\n"), endless()]));
        scope.spawn(move || suite("memory.gigabyte", "16", "1/1", vec![send(gigabyte), endless()]));
    });
}

/// Answers just below what is read, of which a run is to keep little. They take long to judge without optimisation, so that
/// it is a part of the suite.
#[test]
fn a_part_of_the_suite() {
    let error = |name: String, message: String| answer(400, json!({ "__type": name, "message": message }).to_string());
    let header = |name: char| format!("X-{name}: {}\r\n", "b".repeat(6_000));
    let headers: String = ('A'..='J').map(header).collect();
    let wrong = json!({ "type": 1, "id": "\u{1b}".repeat(30) });
    let options = json!({ "CredentialCreationOptions": { "excludeCredentials": vec![wrong; 1_200] } }).to_string();
    let token = json!({ "AuthenticationResult": { "AccessToken": "abcdefgh".repeat(30_000) } }).to_string();
    let rows = [
        ("memory.large-message", error("InvalidParameterException".to_owned(), "long ".repeat(50_000))),
        ("memory.large-error-name", error("Name".repeat(60_000), "m".to_owned())),
        ("memory.large-head", with_headers(400, &headers, RIGHT)),
        ("memory.large-options", answer(200, options)),
        ("memory.large-token", answer(200, token)),
    ];
    std::thread::scope(|scope| {
        for (id, step) in rows {
            scope.spawn(move || suite(id, "16", "1/12", vec![step]));
        }
    });
}
