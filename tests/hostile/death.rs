//! Servers that go away while they are judged.

use std::time::Duration;

use crate::proxy::Mortal;
use crate::run::run;

const SLACK: Duration = Duration::from_secs(90);

/// The whole suite against a server that dies half-way: a report of what was judged until then, and exit code 3.
#[test]
fn a_server_that_dies() {
    for jobs in ["1", "16"] {
        let mortal = Mortal::start(300, None);
        let ended = run(&mortal.endpoint(), &["--jobs", jobs, "--timeout", "2"], SLACK);
        let summary = &ended.report.as_ref().expect("a report")["summary"];
        println!(
            "death.mid-run with {jobs} jobs {:.1} s {} MiB {summary}",
            ended.took.as_secs_f32(),
            ended.peak / 1024
        );
        assert_eq!(ended.exit, Some(3), "{}{}", ended.stdout, ended.stderr);
        assert_eq!(summary["unreachable"], true);
        assert!(summary["counts"]["pass"].as_u64().unwrap() > 100, "{summary}");
        assert!(summary["not_run"].as_u64().unwrap() > 500, "{summary}");
        assert_eq!(summary["counts"]["fail"], 0, "{}", ended.stdout);
        assert!(ended.stdout.contains("the target stopped answering"), "{}", ended.stdout);
    }
}

/// A server that is started again: what was lost is inconclusive, and the rest is judged.
#[test]
fn a_server_that_comes_back() {
    let mortal = Mortal::start(100, Some(Duration::from_secs(2)));
    let filters =
        ["request.access-token.*", "request.header.*", "request.json.*", "token.signature.*", "token.structure.*"];
    let args = filters.iter().flat_map(|filter| ["--filter", filter]).chain(["--timeout", "2"]);
    let ended = run(&mortal.endpoint(), &args.collect::<Vec<_>>(), SLACK);
    let summary = &ended.report.as_ref().expect("a report")["summary"];
    println!("death.and-back {:.1} s {} MiB {summary}", ended.took.as_secs_f32(), ended.peak / 1024);
    assert_eq!(ended.exit, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert_eq!((&summary["unreachable"], &summary["not_run"]), (&false.into(), &0.into()));
    let lost = summary["counts"]["inconclusive"].as_u64().unwrap();
    assert!(lost >= 8, "{summary}");
    assert!(summary["counts"]["pass"].as_u64().unwrap() > 100, "{summary}");
    assert!(ended.stdout.contains("stopped answering for a while"), "{}", ended.stdout);
}

/// One that dies before it was looked at, and one that dies while the first user is made.
#[test]
fn a_server_that_dies_at_once() {
    for requests in [0, 3] {
        let mortal = Mortal::start(requests, None);
        let ended = run(&mortal.endpoint(), &["--timeout", "2"], SLACK);
        assert_eq!(ended.exit, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains("does not answer"), "{}", ended.stderr);
    }
}
