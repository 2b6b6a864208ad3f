//! Without the flags nothing is sent, and no real credentials to anybody but AWS.

use std::net::TcpListener;

use crate::stand_in::{KEY_ID, StandIn, cogspec, ended, with_keys};

/// Keys lie in the environment of many shells. A server that is not AWS must not see so much as their id.
#[test]
fn a_run_on_an_endpoint_does_not_use_the_accounts_keys() {
    let aws = StandIn::start("us-east-1");
    let words = aws.at(&["run", "--endpoint", &aws.endpoint(), "--filter", "options.served"]);
    let mut run = cogspec(&words.iter().map(String::as_str).collect::<Vec<_>>());
    ended(with_keys(&mut run).env("AWS_PROFILE", "sandbox"), 0);
    assert!(aws.seen().contains("Credential=AKIACOGSPECEXAMPLE00/"), "{}", aws.seen());
    assert!(!aws.seen().contains(KEY_ID));
    assert!(!aws.seen().contains("UserPoolTags"));
}

/// Each of these ends before a connection is made.
#[test]
fn without_the_flags_nothing_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let resolve = format!("cognito-idp.us-east-1.amazonaws.com:443:127.0.0.1:{port}");
    let live = ["--live", "--region", "us-east-1", "--resolve", &resolve];
    for (args, hint) in [
        (&["run", "--live", "--resolve", &resolve][..], "--region"),
        (&["run", "--live", "--region", "us-esat", "--resolve", &resolve], "is no AWS Region"),
        (&[&["run", "--endpoint", "http://127.0.0.1:1"][..], &live].concat(), "cannot be used with"),
        (&[&["run", "--client-id", "c", "--username", "u"][..], &live].concat(), "--password-env"),
        (&["run", "--profile", "sandbox"], "add --live"),
        (&["run", "--dry-run"], "--live"),
        (&["run", "--endpoint", "https://cognito-idp.us-east-1.amazonaws.com"], "--allow-remote"),
        (&[&["fuzz", "--time", "1s"][..], &live].concat(), "--allow-load"),
        (&[&["self-test"][..], &live].concat(), "unexpected argument"),
    ] {
        let (_, stderr) = ended(with_keys(&mut cogspec(args)), 2);
        assert!(stderr.contains(hint), "{args:?}: {stderr}");
    }
    assert!(listener.accept().is_err(), "something connected");
}
