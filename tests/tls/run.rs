//! Whole runs behind TLS, and certificates that are not trusted.

use crate::authority::Authority;
use crate::command::run;
use crate::front::{Front, HOST, Opened, pools, verdicts};

/// Cases whose requests the library sends, and such as go out byte by byte.
const FILTERS: [&str; 10] = [
    "--filter",
    "options.*",
    "--filter",
    "request.target.*",
    "--filter",
    "request.chunked.*",
    "--filter",
    "request.host.*",
    "--filter",
    "ceremony.list.*",
];

fn opened(protocol: &str) -> Opened {
    Opened { name: HOST.to_owned(), protocol: protocol.to_owned() }
}

#[track_caller]
fn verdicts_are_those_without_tls(protocols: &[&str]) -> Front {
    let front = Front::start(protocols);
    let plain = run(&["--endpoint".to_owned(), front.emulator()], &FILTERS);
    let secured = run(&front.arguments(), &FILTERS);
    let of_plain = verdicts(&plain.report);
    assert!(of_plain.iter().filter(|(_, verdict, _)| verdict == "pass").count() > 20, "{of_plain:?}");
    assert_eq!(verdicts(&secured.report), of_plain, "{}", secured.errors);
    assert_eq!(secured.exit, Some(0), "{}", secured.errors);
    assert_eq!(pools(&front.emulator()), 0);
    front
}

#[test]
fn a_run_over_http_2() {
    let front = verdicts_are_those_without_tls(&["h2", "http/1.1"]);
    let all = front.opened();
    // Raw bytes are those of HTTP/1.1, whatever the server could do.
    assert!(all.contains(&opened("h2")) && all.contains(&opened("http/1.1")), "{all:?}");
    assert!(all.iter().all(|one| one.name == HOST), "{all:?}");
    assert!(front.count("StartWebAuthnRegistration") > 20);
    assert!(front.asked().iter().all(|asked| asked.authority == HOST));
}

#[test]
fn a_run_over_http_1_1() {
    let front = verdicts_are_those_without_tls(&["http/1.1"]);
    assert!(front.opened().iter().all(|one| *one == opened("http/1.1")));
}

#[test]
fn an_authority_that_is_not_trusted() {
    let front = Front::start(&["h2"]);
    // One of the same name, too: only the key tells them apart.
    for name in ["somebody else", "cogspec test"] {
        let other = Authority::new(name).file();
        let mut arguments = front.arguments_without_authority();
        arguments.extend(["--ca-cert".to_owned(), other.display().to_string()]);
        let ended = run(&arguments, &["--filter", "options.*"]);
        std::fs::remove_file(other).unwrap();
        assert_eq!(ended.exit, Some(3), "{}", ended.errors);
        assert!(ended.errors.contains("TLS failed") && ended.errors.contains("--ca-cert"), "{}", ended.errors);
    }
    assert_eq!(front.asked().len(), 0);
}

#[test]
fn a_certificate_of_another_name() {
    let front = Front::start(&["h2"]);
    let mut arguments = front.arguments();
    let other = "cognito-idp.eu-west-1.amazonaws.com";
    for argument in &mut arguments {
        *argument = argument.replace(HOST, other);
    }
    let ended = run(&arguments, &["--filter", "options.*"]);
    assert_eq!(ended.exit, Some(3), "{}", ended.errors);
    assert!(ended.errors.contains("TLS failed") && ended.errors.contains("not valid for name"), "{}", ended.errors);
    assert_eq!(front.asked().len(), 0);
}

#[test]
fn options_that_are_wrong() {
    let endpoint = "https://cognito-idp.us-east-1.amazonaws.com";
    for (more, told) in [
        (&["--resolve", "cognito-idp.eu-west-1.amazonaws.com:443:127.0.0.1"][..], "nothing else is called"),
        (&["--resolve", "cognito-idp.us-east-1.amazonaws.com:127.0.0.1"], "HOST:PORT:ADDRESS"),
        (&["--resolve", "cognito-idp.us-east-1.amazonaws.com:443:127.0.0.1", "--ca-cert", "Cargo.toml"], "not PEM"),
        (&["--resolve", "cognito-idp.us-east-1.amazonaws.com:443:127.0.0.1", "--ca-cert", "/no/such"], "/no/such"),
        (&["--rate", "0"], "a number of requests a second"),
    ] {
        let ended = run(&["--endpoint".to_owned(), endpoint.to_owned()], more);
        assert_eq!(ended.exit, Some(2), "{more:?}: {}", ended.errors);
        assert!(ended.errors.contains(told), "{more:?}: {}", ended.errors);
    }
}
