//! How adapters end, and that nothing stays that they have started.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cogspec::adapter::{Lost, Outcome};

use crate::support::{Folder, LONG, ask, is_alive, is_known, soon, start};

/// A process in the adapter's group, and on Linux one in a group of its own; both keep its output open.
const CHILDREN: &str = "echo $$ >> FOLDER/processes; sleep 1000 & echo $! >> FOLDER/processes
    if command -v setsid > /dev/null; then setsid sh -c 'echo $$ >> FOLDER/processes; exec sleep 1000' &
    else sleep 1000 & echo $! >> FOLDER/processes; fi
";

fn with_children(name: &str, script: &str) -> Folder {
    Folder::with(name, &format!("{CHILDREN}{script}"))
}

#[track_caller]
fn assert_gone(folder: &Folder) {
    let processes = folder.processes(3);
    assert!(!processes.iter().any(|id| is_alive(*id)), "of {processes:?} some are left");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ends_by_itself_leaves_nothing_behind() {
    let folder = with_children("by-itself", "while read -r line; do answer; done");
    let mut adapter = folder.adapter().await;
    adapter.ask(&ask("one"), LONG).await.unwrap();
    assert!(folder.processes(3).iter().all(|id| is_alive(*id)));
    let begun = Instant::now();
    adapter.stop().await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(4), "its children held it up");
    assert_gone(&folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_silent_is_stopped_with_all_that_it_has_started() {
    let folder = with_children("silent", "echo thinking >&2; sleep 1000");
    let mut adapter = folder.adapter().await;
    folder.processes(3);
    let within = Duration::from_millis(300);
    let lost = adapter.ask(&ask("one"), within).await.unwrap_err();
    assert_gone(&folder);
    let Lost::Silent { within: told, tail } = &lost else { panic!("{lost}") };
    assert!(*told == within && tail.contains("  thinking\n"), "{lost}");
    // It is gone for whoever asks again, too.
    let lost = adapter.ask(&ask("two"), LONG).await.unwrap_err();
    assert!(matches!(lost, Lost::Ended { code: 143, .. }), "{lost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_does_not_want_to_stop_is_killed() {
    let folder = with_children("stubborn", "trap '' TERM; while true; do sleep 1; done");
    let mut adapter = folder.adapter().await;
    folder.processes(3);
    let lost = adapter.ask(&ask("one"), Duration::from_millis(300)).await.unwrap_err();
    assert!(lost.to_string().contains("it does not stop, and is killed"), "{lost}");
    assert_gone(&folder);
}

/// The question is larger than a pipe takes, and nobody reads it.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_reads_nothing_holds_up_nobody() {
    let folder = with_children("reads-nothing", "sleep 1000");
    let mut adapter = folder.adapter().await;
    folder.processes(3);
    let large = cogspec::adapter::Ask { access_token: "a".repeat(1 << 20), ..ask("one") };
    let begun = Instant::now();
    let lost = adapter.ask(&large, Duration::from_millis(300)).await.unwrap_err();
    assert!(matches!(lost, Lost::Silent { .. }), "{lost}");
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert_gone(&folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ends_without_an_answer_tells_how() {
    for (name, script, code, tail) in [
        ("at-start", "echo no such module >&2; exit 7", 7, "  no such module\n"),
        ("when-asked", "read -r line; echo out of luck >&2; exit 0", 0, "  out of luck\n"),
        ("by-signal", "read -r line; kill -9 $$", 137, "ended: signal: 9"),
        ("half-way", "read -r line; printf '{\"scenario\":\"one\"'; exit 3", 3, "exit status: 3"),
        ("with-token", "read -r line; printf 'got %s\\n' \"$line\" >&2; exit 1", 1, "\"access_token\":\"<token>\""),
        ("flood", "read -r line; yes 0123456789 | head -n 100000 >&2; echo at last >&2; exit 1", 1, "  at last\n"),
    ] {
        let folder = Folder::with(name, script);
        let lost = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap_err();
        assert!(matches!(lost, Lost::Ended { code: is, .. } if is == code), "{name}: {lost}");
        let lost = lost.to_string();
        assert!(lost.contains(tail) && lost.len() < 4000, "{name}: {lost}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ends_after_an_answer_has_answered() {
    let folder = with_children("after-answer", "read -r line; answer; exit 5");
    let mut adapter = folder.adapter().await;
    assert_eq!(adapter.ask(&ask("one"), LONG).await.unwrap().outcome, Outcome::Success);
    let lost = adapter.ask(&ask("two"), LONG).await.unwrap_err();
    assert!(matches!(lost, Lost::Ended { code: 5, .. }), "{lost}");
    let lost = adapter.stop().await.unwrap_err();
    assert!(matches!(lost, Lost::Ended { code: 5, .. }), "{lost}");
    assert_gone(&folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_not_there() {
    let folder = Folder::new("not-there");
    folder.recipe(&["{prefix}/no-such-adapter"]);
    let lost = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap_err();
    assert!(matches!(lost, Lost::Ended { code: 127, .. }), "{lost}");
    assert!(lost.to_string().contains("stub-1.0/no-such-adapter cannot be started"), "{lost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_closes_its_output() {
    let folder = Folder::with("closed", "echo $$ >> FOLDER/processes; exec >&-; sleep 1000");
    let lost = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap_err();
    assert!(matches!(lost, Lost::Closed { .. }), "{lost}");
    assert!(!is_alive(folder.processes(1)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fills_the_disk() {
    let folder = Folder::with("floods", r"echo $$ >> FOLDER/processes; tr '\0' a < /dev/zero >&2");
    let lost = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap_err();
    assert!(matches!(lost, Lost::Floods { .. }), "{lost}");
    let lost = lost.to_string();
    assert!(lost.starts_with("the adapter wrote more than 64 MiB") && lost.len() < 2000, "{lost}");
    assert!(!is_alive(folder.processes(1)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ignores_the_end_of_its_input() {
    let folder = with_children("ignores-end", "while read -r line; do answer; done; sleep 1000");
    let mut adapter = folder.adapter().await;
    adapter.ask(&ask("one"), LONG).await.unwrap();
    let lost = adapter.stop().await.unwrap_err();
    assert!(matches!(lost, Lost::Stays { .. }), "{lost}");
    assert_gone(&folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_dropped_is_stopped() {
    let folder = with_children("dropped", "while true; do sleep 1; done");
    let adapter = folder.adapter().await;
    folder.processes(3);
    drop(adapter);
    assert_gone(&folder);
}

/// A person who is in a hurry: the stop that is under way is asked for once more.
#[tokio::test(flavor = "multi_thread")]
async fn one_whose_stop_is_given_up_is_stopped() {
    let folder = with_children("given-up", "trap '' TERM; while true; do sleep 1; done");
    let mut adapter = folder.adapter().await;
    folder.processes(3);
    let asked = ask("one");
    let stops = adapter.ask(&asked, Duration::from_millis(100));
    assert!(tokio::time::timeout(Duration::from_millis(500), stops).await.is_err());
    drop(adapter);
    assert_gone(&folder);
}

/// A browser's many processes, one browser after another.
#[tokio::test(flavor = "multi_thread")]
async fn processes_that_lose_their_parent_do_not_stay_as_zombies() {
    let script = "while read -r line; do (sh -c 'echo $$ >> FOLDER/processes' &); answer; done";
    let folder = Folder::with("zombies", script);
    let mut adapter = folder.adapter().await;
    for asked in 1..=3 {
        adapter.ask(&ask("one"), LONG).await.unwrap();
        for id in folder.processes(asked) {
            soon(|| !is_known(id));
        }
    }
    adapter.stop().await.unwrap();
}

/// The variable that names the folder of what this process is to run for another test.
const RUN_IN: &str = "COGSPEC_TEST_RUN_IN";

/// No test by itself: the process that another one kills. It asks once, and writes what it was told.
#[tokio::test(flavor = "multi_thread")]
async fn holds_an_adapter() {
    let Some(folder) = std::env::var_os(RUN_IN).map(std::path::PathBuf::from) else { return };
    let mut adapter = start(&folder).await;
    let told = adapter.ask(&ask("one"), LONG).await.unwrap();
    std::fs::write(folder.join("told"), told.message.unwrap_or_default()).unwrap();
    std::fs::write(folder.join("is-told"), "").unwrap();
    tokio::time::sleep(LONG).await;
}

fn held(folder: &Folder) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "endings::holds_an_adapter"]).env(RUN_IN, folder.path(""));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Nobody is left to stop it but the supervisor.
#[test]
fn a_killed_command_takes_its_adapter_with_it() {
    for (name, script) in [
        ("killed", "while read -r line; do answer; done; echo end >> FOLDER/end"),
        ("killed-ignoring", "while true; do read -r line && answer; sleep 1; done"),
    ] {
        let folder = with_children(name, script);
        let mut held = held(&folder).spawn().unwrap();
        let processes = folder.processes(3);
        soon(|| folder.path("is-told").exists());
        assert!(processes.iter().all(|id| is_alive(*id)));
        held.kill().unwrap();
        held.wait().unwrap();
        soon(|| !processes.iter().any(|id| is_alive(*id)));
        // It was let end by itself, where it does.
        assert_eq!(folder.path("end").exists(), name == "killed");
    }
}

#[test]
fn settings_of_the_machine_do_not_get_to_a_client() {
    let script = r#"read -r line; cd "$PWD"
        printf '{"scenario":"one","outcome":"success","message":"%s|%s|%s"}\n' "$(env | grep -i -e '^AWS_' -e proxy= | sort | tr '\n' ' ')" \
            "$(ls -A | wc -l | tr -d ' ')" "$PWD"
        read -r line"#;
    let folder = Folder::with("environment", script);
    let mut held = held(&folder)
        .envs([("AWS_PROFILE", "ada"), ("AWS_MAX_ATTEMPTS", "9"), ("AWS_CONFIG_FILE", "/home/ada/.aws/config")])
        .envs([("HTTP_PROXY", "http://127.0.0.1:9"), ("https_proxy", "http://127.0.0.1:9"), ("NO_PROXY", "x")])
        .spawn()
        .unwrap();
    soon(|| folder.path("is-told").exists());
    held.kill().unwrap();
    held.wait().unwrap();
    let told = folder.read("told");
    let (settings, rest) = told.split_once('|').unwrap();
    let (files, place) = rest.split_once('|').unwrap();
    assert_eq!(
        settings,
        "AWS_CONFIG_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_SHARED_CREDENTIALS_FILE=/dev/null NO_PROXY=x "
    );
    assert_eq!(files, "0");
    assert!(place.contains("/cogspec-") && place.ends_with("/data"), "{place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn its_folder_goes_with_it() {
    let script = r#"touch left; read -r line; printf '{"scenario":"one","outcome":"success","message":"%s"}\n' "$PWD"; read -r line"#;
    let folder = Folder::with("folder", script);
    let mut adapter = folder.adapter().await;
    let place = adapter.ask(&ask("one"), LONG).await.unwrap().message.unwrap();
    assert!(std::path::Path::new(&place).join("left").exists());
    // `read` fails at the end of input, and so does the script.
    assert!(matches!(adapter.stop().await, Err(Lost::Ended { code: 1, .. })));
    assert!(!std::path::Path::new(&place).exists());
}
