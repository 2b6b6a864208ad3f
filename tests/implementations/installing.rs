//! Installing: once, whole or not at all, and not twice at the same time.

use std::fs;

use crate::support::{Folder, ends, is_alive, signal, soon, stdout};

const EMULATE: &str = "exec \"{prefix}/bin/cogspec\" emulate --port {port}";
const INSTALL: [&str; 3] = ["implementations", "install", "./stub"];

/// A recipe whose installation is this line of a shell.
fn installed_by(folder: &Folder, line: &str) {
    let line = line.replace("{folder}", &folder.path("").display().to_string());
    let cogspec = env!("CARGO_BIN_EXE_cogspec");
    let install = format!(
        "[install]\nsteps = [[\"mkdir\", \"{{prefix}}/bin\"], [\"sh\", \"-c\", '''{line}''']]\nenv = {{ OF_RECIPE = \"1\" }}\n\
         shows = \"bin/cogspec\"\n[install.tools]\nsh = \"get a shell\"\n"
    );
    folder.recipe(&install.replace("{itself}", cogspec), EMULATE, 30.0, "");
}

const LINK: &str = "echo installed >> {folder}/count; ln -s {itself} {prefix}/bin/cogspec";

#[test]
fn a_server_is_installed_once_and_then_run() {
    let folder = Folder::new("once");
    installed_by(&folder, LINK);
    let run = folder.run();
    ends(&run, 0, &["installing Stub 1.0 into ", "the log is ", "\n  sh -c ", "Stub 1.0 is installed"]);
    let again = folder.run();
    ends(&again, 0, &[]);
    assert!(!String::from_utf8_lossy(&again.stderr).contains("install"));
    let told = folder.output(&INSTALL);
    ends(&told, 0, &[]);
    assert!(stdout(&told).starts_with("Stub is in "), "{}", stdout(&told));
    assert_eq!(folder.read("count"), "installed\n");
    // Another recipe of the same version is another installation.
    installed_by(&folder, &format!("{LINK}; true"));
    ends(&folder.run(), 0, &["installing Stub 1.0"]);
    assert_eq!(folder.read("count"), "installed\n".repeat(2));
}

#[test]
fn files_of_the_recipe_and_the_environment_are_at_hand() {
    let folder = Folder::new("files");
    installed_by(
        &folder,
        "{recipe}/tools/link {itself} {prefix}/bin/cogspec; test -e {build}; test \"$OF_RECIPE\" = mine",
    );
    fs::create_dir_all(folder.path("stub/tools")).unwrap();
    let line = folder.read("stub/implementation.toml").replace("{recipe}/tools/link", "set -e; sh {recipe}/tools/link");
    folder.write("stub/implementation.toml", &line);
    folder.write("stub/tools/link.in", "ln -s \"$1\" \"$2\"\n");
    let run = folder.cogspec(&INSTALL).env("OF_RECIPE", "mine").output().unwrap();
    ends(&run, 0, &[]);
    assert!(!folder.path("cache/implementations/stub-1.0/build").exists());
}

#[test]
fn an_installation_that_fails_leaves_nothing_and_can_be_tried_again() {
    let folder = Folder::new("fails");
    installed_by(&folder, "echo half > {prefix}/bin/cogspec; echo no such package >&2; exit 1");
    for args in [&INSTALL[..], &["run", "--implementation", "./stub"]] {
        let log = folder.path("cache/implementations/stub-1.0.log");
        let log = log.display().to_string();
        ends(&folder.output(args), 2, &["Stub could not be installed: `sh -c ", &log, "\n  no such package"]);
        assert!(!folder.path("cache/implementations/stub-1.0").exists());
    }
    installed_by(&folder, "true");
    ends(&folder.output(&INSTALL), 2, &["every step ended well, but there is no "]);
    installed_by(&folder, LINK);
    ends(&folder.run(), 0, &[]);
}

#[test]
fn a_tool_that_is_missing_is_told_with_what_to_do() {
    let folder = Folder::new("tool");
    installed_by(&folder, LINK);
    let recipe = folder.read("stub/implementation.toml").replace("sh = \"get a shell\"", "no-such-tool = \"buy one\"");
    folder.write("stub/implementation.toml", &recipe);
    ends(&folder.run(), 2, &["`no-such-tool` is not on PATH; buy one"]);
}

#[test]
fn a_cache_that_cannot_be_written() {
    let folder = Folder::new("cache");
    installed_by(&folder, LINK);
    folder.write("cache", "a file");
    ends(&folder.run(), 2, &["cannot be installed in ", "COGSPEC_CACHE"]);
}

/// By a signal what there is goes at once; after a SIGKILL the next installation takes it away.
#[test]
fn an_interrupted_installation_is_not_taken_for_a_whole_one() {
    for name in ["INT", "KILL"] {
        let folder = Folder::new(&format!("interrupted-{name}"));
        let waits =
            "ln -s {itself} {prefix}/bin/cogspec; touch {prefix}/half; echo $$ >> {folder}/processes; exec sleep 1000";
        installed_by(&folder, waits);
        let mut install = folder.cogspec(&INSTALL).spawn().unwrap();
        let processes = folder.processes(1);
        signal(name, install.id());
        let code = install.wait().unwrap().code();
        assert_eq!(code, (name == "INT").then_some(3));
        soon(|| !is_alive(processes[0]));
        assert!(!folder.is_installed());
        installed_by(&folder, LINK);
        ends(&folder.run(), 0, &["installing Stub 1.0"]);
        assert!(folder.is_installed() && !folder.path("cache/implementations/stub-1.0/half").exists());
    }
}

#[test]
fn two_at_once_install_once() {
    let folder = Folder::new("two");
    installed_by(
        &folder,
        &format!("echo $$ >> {{folder}}/processes; while ! test -e {{folder}}/go; do sleep 0.1; done; {LINK}"),
    );
    let first = folder.cogspec(&INSTALL).spawn().unwrap();
    folder.processes(1);
    let second = folder.cogspec(&INSTALL).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    folder.write("go", "");
    let (first, second) = (first.wait_with_output().unwrap(), second.wait_with_output().unwrap());
    ends(&first, 0, &[]);
    ends(&second, 0, &["another cogspec installs or runs Stub; waiting"]);
    assert_eq!(folder.read("count"), "installed\n");
}
