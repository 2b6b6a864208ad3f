//! `cogspec live clean`: what a killed run leaves behind.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::json;

use crate::stand_in::{StandIn, ended, with_keys};

fn clean(aws: &StandIn, more: &[&str]) -> std::process::Command {
    let words = aws.at(&["live", "clean", "--region", "eu-west-1"]);
    let mut command = crate::stand_in::cogspec(&words.iter().map(String::as_str).collect::<Vec<_>>());
    with_keys(command.args(more));
    command
}

/// Ends a run so that it cannot clean up.
fn kill_a_run(aws: &StandIn) {
    let mut run = aws.live(&["run", "--jobs", "1", "--filter", "state.relying-party.*", "--report", "ndjson=-"]);
    let mut run = with_keys(&mut run).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.by_ref().filter(|line| line.contains("case-finished")).nth(2).is_some());
    run.kill().unwrap();
    run.wait().unwrap();
}

#[test]
fn leftovers_are_found_by_their_tag_and_deleted() {
    let aws = StandIn::start("eu-west-1");
    kill_a_run(&aws);
    let left = aws.pools();
    assert!(!left.is_empty() && left.iter().all(|name| name.starts_with("cogspec-")), "{left:?}");

    // More than a page of others, one of them with a name like ours, and one of ours that cannot be deleted just so.
    for number in 0..60 {
        aws.control("CreateUserPool", &json!({ "PoolName": format!("someone-elses-{number}") }));
    }
    aws.control("CreateUserPool", &json!({ "PoolName": "cogspec-untagged" }));
    let tags = json!({ "cogspec": "0.1.0", "cogspec-run": "0badcafe" });
    let locked =
        json!({ "PoolName": "cogspec-0badcafe-0-locked", "UserPoolTags": tags, "DeletionProtection": "ACTIVE" });
    let locked = aws.control("CreateUserPool", &locked);
    let domain = json!({ "UserPoolId": locked["UserPool"]["Id"], "Domain": "cogspec-0badcafe-0" });
    aws.control("CreateUserPoolDomain", &domain);

    // Young as they are they may be of a run in progress.
    let (told, _) = ended(&mut clean(&aws, &[]), 0);
    assert!(told.contains(&format!("{} more are younger than 6h", left.len() + 1)), "{told}");
    assert_eq!(aws.count(".DeleteUserPool\r\n"), 0);

    let (told, _) = ended(&mut clean(&aws, &["--older-than", "0s", "--dry-run"]), 0);
    assert!(left.iter().all(|name| told.contains(name.as_str())), "{told}");
    assert!(told.contains("cogspec-0badcafe-0-locked") && !told.contains("untagged"), "{told}");
    assert_eq!(aws.count(".DeleteUserPool\r\n"), 0);

    let (told, stderr) = ended(&mut clean(&aws, &["--older-than", "0s"]), 0);
    let all = left.len() + 1;
    assert!(told.contains(&format!("{all} of {all} deleted")), "{told}");
    assert!(stderr.contains("the environment"), "{stderr}");
    assert_eq!(aws.count(".DeleteUserPool\r\n"), all);
    let names: Vec<String> = aws.pools();
    assert_eq!(names.len(), 60, "on the first page");
    assert!(!names.iter().any(|name| left.contains(name) || name.contains("locked")), "{names:?}");

    let (told, _) = ended(&mut clean(&aws, &["--older-than", "0s"]), 0);
    assert!(told.contains("nothing is left over"), "{told}");
}
