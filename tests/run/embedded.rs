//! Runs on the embedded emulator, alone or behind an address.

use crate::support::{Served, cogspec, output, stderr, stdout, whole_run};

#[test]
fn the_embedded_emulator_holds_in_at_least_200_cases() {
    let (report, _) = whole_run();
    let counts = &report["summary"]["counts"];
    assert!(counts["pass"].as_u64().unwrap() >= 200, "{counts}");
    for none in ["fail", "inconclusive", "error", "skip", "warn"] {
        assert_eq!(counts[none], 0, "{none} in {counts}");
    }
}

#[test]
fn a_run_is_repeated_by_its_token() {
    let first = stdout(&output(&["run", "--filter", "token.*"]));
    let token = first.split_whitespace().find(|word| word.starts_with("cogspec1.")).expect("a run's token").to_owned();
    let again = output(&["run", "--filter", "token.*", "--seed", &token]);
    assert_eq!(again.status.code(), Some(0));
    let seed = token.split('.').nth(1).unwrap();
    assert!(stdout(&again).contains(&format!("cogspec1.{seed}.")));
}

#[test]
fn fixtures_are_deleted_at_the_end() {
    let served = Served::start();
    let run = output(&["run", "--endpoint", &served.endpoint(), "--filter", "state.*"]);
    assert!(matches!(run.status.code(), Some(0)), "{}{}", stdout(&run), stderr(&run));
    let pools = served.control("ListUserPools", &serde_json::json!({ "MaxResults": 60 }));
    assert_eq!(pools["UserPools"], serde_json::json!([]));
}

#[test]
fn a_given_access_token_is_enough_for_most_cases() {
    let served = Served::start();
    let made = output(&["token", "new", "--endpoint", &served.endpoint()]);
    let token = stdout(&made).trim().to_owned();
    assert_eq!(token.split('.').count(), 3);
    let run = cogspec(&["run", "--endpoint", &served.endpoint(), "--access-token-env", "THE_TOKEN"])
        .env("THE_TOKEN", &token)
        .output()
        .unwrap();
    let text = stdout(&run);
    assert_eq!(run.status.code(), Some(0), "{text}{}", stderr(&run));
    assert!(!text.contains(token.rsplit('.').next().unwrap()), "the signature is printed");
    assert!(text.contains("only an access token was given"), "{text}");
}
