//! Without a person's word nothing is sent to what is not this machine, or may not be.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Response;

use crate::command::{cogspec, run};
use crate::front::Front;

/// A socket that takes any connection and closes it, and how many it has taken.
fn listener() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, taken) = (listener.local_addr().unwrap().port(), Arc::<AtomicUsize>::default());
    let count = Arc::clone(&taken);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        }
    });
    (port, taken)
}

/// No loopback addresses by what they are called; connections to them come to this machine all the same.
const OTHER_NAMES: [&str; 2] = ["0.0.0.0", "[::ffff:127.0.0.1]"];

#[test]
fn without_the_flag_nothing_is_sent() {
    let (port, taken) = listener();
    for host in OTHER_NAMES {
        let endpoint = format!("http://{host}:{port}");
        for command in [
            &["run"][..],
            &["run", "--rate", "1", "--budget", "10"],
            &["fuzz", "--allow-load"],
            &["record", "somebody"],
            &["replay", "corpus/emulator/drawn-body-cut"],
            &["token", "new"],
        ] {
            let refused = cogspec(&[command, &["--endpoint", &endpoint]].concat());
            let told = String::from_utf8_lossy(&refused.stderr);
            assert_eq!(refused.status.code(), Some(2), "{command:?}: {told}");
            assert!(told.contains("--allow-remote"), "{command:?}: {told}");
        }
        assert_eq!(taken.load(Ordering::SeqCst), 0, "{host}");
    }
    // The proof that a request would have been seen.
    for (before, host) in OTHER_NAMES.into_iter().enumerate() {
        let name = host.trim_matches(['[', ']']);
        cogspec(&["run", "--endpoint", &format!("http://{host}:{port}"), "--allow-remote", name]);
        assert!(taken.load(Ordering::SeqCst) > before, "{host}");
    }
}

#[test]
fn load_needs_a_flag_of_its_own() {
    let (port, taken) = listener();
    let endpoint = format!("http://0.0.0.0:{port}");
    let refused = cogspec(&["fuzz", "--endpoint", &endpoint, "--allow-remote", "0.0.0.0"]);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("--allow-load"), "{told}");
    assert_eq!(taken.load(Ordering::SeqCst), 0);
    cogspec(&["fuzz", "--endpoint", &endpoint, "--allow-remote", "0.0.0.0", "--allow-load"]);
    assert!(taken.load(Ordering::SeqCst) > 0);
}

#[test]
fn an_address_elsewhere_for_a_name_is_elsewhere() {
    let endpoint = "http://localhost:80".to_owned();
    let ended = run(&["--endpoint".to_owned(), endpoint], &["--resolve", "localhost:80:192.0.2.1"]);
    assert_eq!(ended.exit, Some(2), "{}", ended.errors);
    assert!(ended.errors.contains("--allow-remote localhost"), "{}", ended.errors);
}

#[test]
fn a_redirect_is_not_followed() {
    let (port, taken) = listener();
    let location = format!("http://127.0.0.1:{port}/");
    let front = Front::answering(&["h2"], move |asked| {
        let redirect = Response::builder().status(307).header("location", &location);
        (asked.operation() == "StartWebAuthnRegistration").then(|| redirect.body("").unwrap())
    });
    let ended = run(&front.arguments(), &["--filter", "options.*"]);
    assert_ne!(ended.exit, Some(0), "{}", ended.errors);
    assert!(front.count("StartWebAuthnRegistration") > 0, "{}", ended.errors);
    assert_eq!(taken.load(Ordering::SeqCst), 0);
}
