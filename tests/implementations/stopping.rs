//! Whatever ends a command, nothing that it has started stays.

use std::io::{BufRead, BufReader};
use std::process::Child;

use crate::support::{Folder, is_alive, signal, soon};

const EMULATE: &str = "echo $$ >> {folder}/processes; sleep 1000 & echo $! >> {folder}/processes; \
                       exec \"{cogspec}\" emulate --port {port}";

/// A run that has judged a few cases, and the processes that it has started.
fn running(folder: &Folder) -> (Child, Vec<u32>) {
    let args = ["run", "--implementation", "./stub", "--jobs", "1", "--report", "ndjson=-"];
    let mut run = folder.cogspec(&args).spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let finished = lines.by_ref().map_while(Result::ok).filter(|line| line.contains("case-finished")).nth(3);
    assert!(finished.is_some());
    // Read on, so that the run can go on.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    let processes = folder.processes(2);
    assert!(processes.iter().all(|id| is_alive(*id)));
    (run, processes)
}

#[test]
fn a_signal_stops_the_run_and_the_server() {
    for name in ["INT", "TERM"] {
        let folder = Folder::starting(&format!("signal-{name}"), EMULATE);
        let (mut run, processes) = running(&folder);
        signal(name, run.id());
        assert_eq!(run.wait().unwrap().code(), Some(3));
        assert!(!processes.iter().any(|id| is_alive(*id)), "{processes:?} are left after SIG{name}");
    }
}

/// Nobody is left to stop it but the supervisor.
#[test]
fn a_killed_command_takes_the_server_with_it() {
    for name in ["KILL", "HUP", "QUIT"] {
        let folder = Folder::starting(&format!("signal-{name}"), EMULATE);
        let (mut run, processes) = running(&folder);
        signal(name, run.id());
        run.wait().unwrap();
        soon(|| !processes.iter().any(|id| is_alive(*id)));
    }
}

#[test]
fn a_second_signal_ends_at_once_and_the_server_soon() {
    let folder = Folder::starting("second-signal", EMULATE);
    let (mut run, processes) = running(&folder);
    signal("INT", run.id());
    signal("INT", run.id());
    assert_eq!(run.wait().unwrap().code(), Some(3));
    soon(|| !processes.iter().any(|id| is_alive(*id)));
}

#[test]
fn a_server_that_does_not_want_to_stop_is_killed() {
    let folder = Folder::new("stubborn");
    let line = "trap '' TERM; echo $$ >> {folder}/processes; \"{cogspec}\" emulate --port {port} & while true; do sleep 1; done";
    folder.recipe("", line, 30.0, "[stop]\ngrace = 0.3\n");
    assert_eq!(folder.run().status.code(), Some(0));
    assert!(!is_alive(folder.processes(1)[0]));
}

#[test]
fn a_signal_ends_the_waiting_for_a_server() {
    let folder = Folder::starting("not-ready", "echo $$ >> {folder}/processes; exec sleep 1000");
    let mut run = folder.cogspec(&["run", "--implementation", "./stub"]).spawn().unwrap();
    let processes = folder.processes(1);
    signal("INT", run.id());
    assert_eq!(run.wait().unwrap().code(), Some(3));
    assert!(!is_alive(processes[0]));
}
