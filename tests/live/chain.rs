//! Credentials by AWS's standard chain.

use crate::stand_in::{KEY_ID, SECRET, StandIn, cogspec, ended, tempfile, with_keys};

const RUN: &[&str] = &["run", "--filter", "options.served"];
const TOKEN: &str = "session-token-of-the-environment-which-is-secret";

/// The environment, and no part of a secret in anything that leaves.
#[test]
fn of_the_environment() {
    let aws = StandIn::start("eu-west-1");
    let report = tempfile("chain.json");
    let mut run = aws.live(RUN);
    run.args(["--verbose", "--report", &format!("json={}", report.display())]);
    let (stdout, stderr) = ended(with_keys(&mut run).env("AWS_SESSION_TOKEN", TOKEN), 0);
    assert!(stderr.contains("Amazon Cognito in eu-west-1"), "{stderr}");
    assert!(stderr.contains("https://cognito-idp.eu-west-1.amazonaws.com"), "{stderr}");
    assert!(stderr.contains("the environment"), "{stderr}");
    assert!(aws.seen().contains(&format!("Credential={KEY_ID}/")), "not signed with the keys of the environment");
    assert!(aws.seen().contains(TOKEN), "signed without the session's token");
    let report = std::fs::read_to_string(report).unwrap();
    for text in [&stdout, &stderr, &report] {
        for secret in [KEY_ID, SECRET, TOKEN] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(!aws.seen().contains(SECRET), "the secret key was sent");
}

/// Whoever names a profile gets that account, whatever else the environment holds.
#[test]
fn of_a_profile_that_is_named() {
    let aws = StandIn::start("us-east-1");
    let file = tempfile("credentials");
    let profile = |name: &str, key: &str| format!("[{name}]\naws_access_key_id={key}\naws_secret_access_key=s3cr3t\n");
    let profiles = profile("default", "AKIADEFAULT000000000") + &profile("sandbox", "AKIASANDBOX000000000");
    std::fs::write(&file, profiles).unwrap();
    let (_, stderr) =
        ended(with_keys(aws.live(RUN).args(["--profile", "sandbox"])).env("AWS_SHARED_CREDENTIALS_FILE", &file), 0);
    assert!(stderr.contains("the profile `sandbox`"), "{stderr}");
    assert!(aws.seen().contains("Credential=AKIASANDBOX000000000/"));
    assert!(!aws.seen().contains(KEY_ID) && !aws.seen().contains("AKIADEFAULT"));
    // The environment may name it, too.
    let (_, stderr) = ended(aws.live(RUN).env("AWS_PROFILE", "sandbox").env("AWS_SHARED_CREDENTIALS_FILE", &file), 0);
    assert!(stderr.contains("the profile `sandbox`"), "{stderr}");
    let (_, stderr) = ended(aws.live(RUN).env("AWS_SHARED_CREDENTIALS_FILE", &file), 0);
    assert!(stderr.contains("the profile `default`"), "{stderr}");
    assert!(aws.seen().contains("Credential=AKIADEFAULT000000000/"));
}

/// A program that hands out keys for a time. Those that end soon are asked for anew.
#[cfg(unix)]
#[test]
fn of_a_process() {
    use std::os::unix::fs::PermissionsExt;

    let aws = StandIn::start("us-east-1");
    let (program, config, asked) = (tempfile("process.sh"), tempfile("config"), tempfile("asked"));
    let _ = std::fs::remove_file(&asked);
    let script = r#"#!/bin/sh
echo once >> "$1"
echo '{"Version":1,"AccessKeyId":"AKIAPROCESS000000000","SecretAccessKey":"process-secret","SessionToken":"process-token",'
echo '"Expiration":"'"$2"'"}'
"#;
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let run = |end: &str| {
        let process = format!("{} {} {end}", program.display(), asked.display());
        std::fs::write(&config, format!("[profile robot]\ncredential_process = {process}\n")).unwrap();
        let _ = std::fs::remove_file(&asked);
        let (_, stderr) = ended(aws.live(RUN).args(["--profile", "robot"]).env("AWS_CONFIG_FILE", &config), 0);
        assert!(stderr.contains("the profile `robot`"), "{stderr}");
        std::fs::read_to_string(&asked).unwrap().lines().count()
    };
    assert_eq!(run("2099-01-01T00:00:00Z"), 1);
    assert!(aws.seen().contains("Credential=AKIAPROCESS000000000/"));
    let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
    assert!(run(&humantime::format_rfc3339_seconds(soon).to_string()) > 1);
}

/// None at all: that is said before anything is sent, with what to do.
#[test]
fn of_nowhere() {
    let aws = StandIn::start("us-east-1");
    let (_, stderr) = ended(&mut aws.live(RUN), 2);
    for hint in ["no AWS credentials", "--profile", "AWS_ACCESS_KEY_ID", "--client-id", "--access-token-env"] {
        assert!(stderr.contains(hint), "{hint}: {stderr}");
    }
    let (_, stderr) = ended(with_keys(aws.live(RUN).args(["--profile", "no-such"])), 2);
    assert!(stderr.contains("no-such"), "{stderr}");
    let (_, stderr) = ended(&mut cogspec(&["live", "clean", "--region", "us-east-1"]), 2);
    assert!(stderr.contains("no AWS credentials"), "{stderr}");
    assert_eq!(aws.connections(), 0);
}
