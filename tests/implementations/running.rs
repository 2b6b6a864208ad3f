//! Starting a server: it is judged and stopped, or a message says why not.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;

use crate::support::{Folder, ends, is_alive, is_free, port, stderr, stdout};

/// The emulator, and a process beside it that would stay.
const EMULATE: &str = "echo $$ >> {folder}/processes; sleep 1000 & echo $! >> {folder}/processes; \
                       exec \"{cogspec}\" emulate --port {port}";

#[test]
fn a_server_is_started_judged_and_stopped() {
    let folder = Folder::starting("judged", EMULATE);
    let run = folder.run();
    ends(&run, 0, &["starting Stub 1.0 on 127.0.0.1:"]);
    let told = stdout(&run);
    assert!(told.contains(": Stub 1.0 at http://127.0.0.1:") && told.contains("1 case: 1 pass"), "{told}");
    let processes = folder.processes(2);
    assert!(!processes.iter().any(|id| is_alive(*id)), "{processes:?} are left");
    assert!(is_free(port(&told)), "the port is taken");
}

#[test]
fn the_emulator_has_a_recipe_and_any_command_takes_one() {
    let folder = Folder::new("any-command");
    let args = ["--implementation", "emulator", "--time", "1s", "--findings", "findings"];
    let fuzz = folder.output(&[&["fuzz"], &args[..]].concat());
    ends(&fuzz, 0, &["starting cogspec emulator"]);
    let token = folder.output(&["token", "new", "--implementation", "emulator"]);
    ends(&token, 2, &["implementations show emulator"]);
}

#[test]
fn a_failure_names_the_implementation_in_the_command_that_repeats_it() {
    let folder =
        Folder::starting("repeats", "exec \"{cogspec}\" emulate --port {port} --fault options.challenge.padded");
    let run = folder.output(&["run", "--implementation", "./stub", "--filter", "options.*"]);
    ends(&run, 1, &[]);
    assert!(stdout(&run).contains("cogspec run --implementation ./stub --filter"), "{}", stdout(&run));
}

#[test]
fn its_baseline_is_taken_unless_another_or_none_is_named() {
    let folder =
        Folder::starting("baseline", "exec \"{cogspec}\" emulate --port {port} --fault options.challenge.padded");
    let args = ["run", "--implementation", "./stub", "--filter", "options.*", "--report", "json=run.json"];
    ends(&folder.output(&args), 1, &[]);
    let results: Value = serde_json::from_str(&folder.read("run.json")).unwrap();
    let mut baseline = "version = 1\n".to_owned();
    for case in results["cases"].as_array().unwrap().iter().filter(|case| case["verdict"] == "fail") {
        let (id, fingerprint) = (&case["id"], &case["fingerprint"]);
        baseline.push_str(&format!("[known.{id}]\nfingerprint = {fingerprint}\nreason = \"it has this fault\"\n"));
    }
    folder.write("stub/baseline.toml", &baseline);
    let known = folder.output(&[&args[..], &["--strict"]].concat());
    ends(&known, 0, &[]);
    assert!(stdout(&known).contains(" known"), "{}", stdout(&known));
    ends(&folder.output(&[&args[..], &["--no-baseline"]].concat()), 1, &[]);
    folder.write("none.toml", "version = 1\n");
    ends(&folder.output(&[&args[..], &["--baseline", "none.toml"]].concat()), 1, &[]);
    folder.write("stub/baseline.toml", "version = 2\n");
    ends(&folder.output(&args), 2, &["stub/baseline.toml is not a baseline"]);
}

#[test]
fn what_a_server_needs_is_what_a_run_asks_unless_the_person_says_otherwise() {
    // Nothing answers in a millisecond.
    let folder = Folder::new("needs");
    folder.recipe("", "exec \"{cogspec}\" emulate --port {port}", 30.0, "[needs]\ntimeout = 0.001\n");
    ends(&folder.run(), 3, &["does not answer"]);
    let args = ["run", "--implementation", "./stub", "--filter", "options.served", "--timeout", "10"];
    ends(&folder.output(&args), 0, &[]);
}

#[test]
fn a_server_that_never_gets_ready() {
    let folder = Folder::new("never-ready");
    folder.recipe("", "echo $$ >> {folder}/processes; echo warming up; exec sleep 1000", 0.5, "");
    let run = folder.run();
    ends(&run, 3, &["Stub is not ready after 0.5 s: GET /health is not answered", "\n  warming up"]);
    assert!(!is_alive(folder.processes(1)[0]));
}

#[test]
fn a_server_that_ends_at_once() {
    let folder = Folder::starting("ends", "echo out of luck; exit 7");
    ends(&folder.run(), 3, &["Stub ended before it was ready", "\n  out of luck", "exit status: 7"]);
}

#[test]
fn a_server_that_is_not_there() {
    let folder = Folder::new("not-there");
    folder.recipe("", "", 5.0, "");
    let recipe = folder.read("stub/implementation.toml").replace("\"sh\", \"-c\", ", "\"{prefix}/no-such-server\", ");
    folder.write("stub/implementation.toml", &recipe);
    ends(&folder.run(), 3, &["no-such-server cannot be started"]);
}

#[test]
fn a_server_that_ends_during_the_run() {
    let folder =
        Folder::starting("dies", "\"{cogspec}\" emulate --port {port} & P=$!; sleep 3; kill -9 $P; echo gave up");
    // One case after the other: those that wait for a clock take longer than the server lives, on any machine.
    let run = folder.output(&["run", "--implementation", "./stub", "--timeout", "2", "--jobs", "1"]);
    ends(&run, 3, &["warning: Stub ended by itself during the run", "\n  gave up"]);
    assert!(stdout(&run).contains("the target stopped answering"), "{}", stdout(&run));
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = Folder::new("port-taken");
    folder.recipe("", "exec \"{cogspec}\" emulate --port {port}", 30.0, &format!("port = {port}\n"));
    ends(&folder.run(), 3, &[&format!("Stub can listen on port {port} only, which another program has taken")]);
    drop(taken);
    ends(&folder.run(), 0, &[&format!("starting Stub 1.0 on 127.0.0.1:{port}")]);
}

/// In a network of its own, where nobody else can reach it.
#[cfg(target_os = "linux")]
#[test]
fn a_server_that_listens_on_every_interface() {
    let in_network = |line: &str| {
        let mut command = Command::new("unshare");
        command.args(["-rn", "sh", "-c", &format!("ip link set lo up && {line}")]);
        command
    };
    let can = in_network("python3 -c 'import http.server'").output();
    if !can.is_ok_and(|output| output.status.success()) {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "SKIPPED exposed: unshare -rn, ip and python3 are needed");
        return;
    }
    let folder = Folder::new("exposed");
    fs::create_dir_all(folder.path("stub")).unwrap();
    for (address, exit) in [("0.0.0.0", 3), ("::", 3), ("127.0.0.1", 4)] {
        folder.recipe("", &format!("touch health; exec python3 -m http.server --bind {address} {{port}}"), 30.0, "");
        let line = format!("\"{}\" run --implementation ./stub", env!("CARGO_BIN_EXE_cogspec"));
        let run = in_network(&line).env("COGSPEC_CACHE", folder.path("cache")).current_dir(folder.path("")).output();
        let run = run.unwrap();
        let told = stderr(&run);
        let exposed = told.contains("not on loopback only, and was stopped");
        // On loopback it is asked, and is no Cognito.
        assert_eq!(exposed, exit == 3 && address != "127.0.0.1", "{address}: {told}");
        assert!(matches!(run.status.code(), Some(3 | 4)), "{address}: {told}");
    }
}
