//! `cogspec emulate`.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

#[test]
fn a_port_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_cogspec")).args(["emulate", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8(output.stderr).unwrap().replace(&port, "[port]");
    insta::assert_snapshot!(told, @"error: port [port] of 127.0.0.1 is in use; choose another with --port, or --port 0 for any free one");
}

#[test]
fn a_region_must_look_like_one() {
    let output = Command::new(env!("CARGO_BIN_EXE_cogspec")).args(["emulate", "--region", "EU west"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn it_tells_how_to_use_it_and_ends_with_zero_when_asked_to() {
    let mut emulator = Command::new(env!("CARGO_BIN_EXE_cogspec"))
        .args(["emulate", "--port", "0", "--region", "eu-west-1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(emulator.stdout.take().unwrap()).lines().take(10);
    let told: Vec<_> = lines.map(Result::unwrap).collect();
    insta::with_settings!({ filters => vec![("127.0.0.1:[0-9]+", "127.0.0.1:[port]")] }, {
        insta::assert_snapshot!(told.join("\n"));
    });
    let sent = Command::new("kill").args(["-TERM", &emulator.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(emulator.wait().unwrap().code(), Some(0));
}
