//! `cogspec browser`, as a person uses it.

use std::process::{Command, Output};
#[cfg(target_os = "linux")]
use std::time::Duration;

use cogspec::browser::Kind;
use serde_json::Value;

fn cogspec(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command
        .arg("browser")
        .args(arguments)
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/options"));
    command
}

/// The exit code and what was printed, where the browser is installed.
async fn run(browser: Kind, arguments: &[&str]) -> Option<Output> {
    crate::browser(browser, &format!("cogspec browser {}", arguments.join(" "))).await?.end().await;
    Some(cogspec(arguments).output().unwrap())
}

fn told(output: &Output) -> String {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("exit {}\n--- stdout\n{stdout}--- stderr\n{stderr}", output.status.code().unwrap())
}

/// Holds what was printed to a snapshot, without the browser's version and words, and a pool's own prefix.
fn hold(name: &str, output: &Output) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"(Chromium|Firefox) \d+(\.\d+)+", "$1 [version]");
    settings.add_filter(r"(refused at \w+: \w+): .*", "$1: [message]");
    settings.add_filter(r"cogspec-[0-9a-f]{8}-\d+\.auth", "[prefix].auth");
    settings.bind(|| insta::assert_snapshot!(name, told(output)));
}

#[tokio::test]
async fn tells_both_verdicts_on_files() {
    let files = ["base.json", "user-id-65-bytes.json", "user-id-empty.json", "challenge-padded.json"];
    if let Some(output) = run(Kind::Chromium, &files).await {
        hold("browser_files", &output);
    }
    if let Some(output) = run(Kind::Firefox, &[&["--firefox"], &files[..]].concat()).await {
        hold("browser_files_firefox", &output);
    }
}

#[tokio::test]
async fn tells_both_verdicts_on_the_answers_of_the_emulator() {
    if let Some(output) = run(Kind::Chromium, &[]).await {
        hold("browser_emulator", &output);
    }
}

#[tokio::test]
async fn prints_json() {
    let Some(output) =
        run(Kind::Chromium, &["--chromium", "--format", "json", "base.json", "user-id-65-bytes.json"]).await
    else {
        return;
    };
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!((&told["version"], &told["stopped"]), (&1.into(), &false.into()));
    let [good, bad] = [&told["documents"][0], &told["documents"][1]];
    assert_eq!(good["cogspec"]["held"], true);
    assert_eq!(good["browser"]["usable"], true);
    assert_eq!(good["browser"]["answer"]["made"]["type"], "public-key");
    assert_eq!(bad["cogspec"]["held"], false);
    assert_eq!(bad["browser"]["usable"], false);
    assert_eq!(bad["browser"]["answer"]["refused"]["at"], "create");
    assert_eq!(bad["browser"]["answer"]["refused"]["name"], "TypeError");
}

#[test]
fn skips_where_there_is_no_browser() {
    hold("browser_missing", &cogspec(&["base.json"]).env("PATH", "").output().unwrap());
    hold("browser_missing_firefox", &cogspec(&["--firefox", "base.json"]).env("PATH", "").output().unwrap());
}

#[test]
fn refuses_what_it_cannot_use() {
    hold("browser_no_file", &cogspec(&["none.json"]).output().unwrap());
}

#[test]
fn teaches() {
    hold("browser_help", &cogspec(&["--help"]).output().unwrap());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn leaves_nothing_of_chromium_behind_when_it_is_stopped() {
    leaves_nothing_behind_when_it_is_stopped(Kind::Chromium, "--chromium", "profile/Default").await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn leaves_nothing_of_firefox_behind_when_it_is_stopped() {
    leaves_nothing_behind_when_it_is_stopped(Kind::Firefox, "--firefox", "profile/cookies.sqlite").await;
}

/// Ctrl-C ends the driver and the browser, and takes the folder away that they wrote to. `file` is one that the browser makes when it runs.
#[cfg(target_os = "linux")]
async fn leaves_nothing_behind_when_it_is_stopped(browser: Kind, flag: &str, file: &str) {
    use std::process::Stdio;

    let folder = std::env::temp_dir().join(format!("stop-{browser}-{}", std::process::id()));
    let entries = || std::fs::read_dir(&folder).unwrap().flatten();
    // The browser's processes have the folder on their command lines, or in their environment.
    let marker = folder.display().to_string();
    let is_of_browser = |process: std::fs::DirEntry| {
        let has_marker = |file| {
            let text = std::fs::read(process.path().join(file)).unwrap_or_default();
            String::from_utf8_lossy(&text).contains(&marker)
        };
        has_marker("cmdline") || has_marker("environ")
    };
    let browser_runs = || std::fs::read_dir("/proc").unwrap().flatten().any(is_of_browser);
    let Some(browser) = crate::browser(browser, "cogspec browser, stopped").await else { return };
    browser.end().await;

    std::fs::create_dir(&folder).unwrap();
    // More documents than it comes to.
    let mut command = cogspec(&[&[flag], &["base.json"; 5000][..]].concat());
    let mut process = command.env("TMPDIR", &folder).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    while !(browser_runs() && entries().any(|entry| entry.path().join(file).exists())) {
        assert_eq!(process.try_wait().unwrap(), None, "it ended early");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap().success());
    let output = process.wait_with_output().unwrap();
    assert!(told(&output).contains("before it was stopped"), "{}", told(&output));
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(entries().map(|entry| entry.path()).collect::<Vec<_>>(), [""; 0].map(std::path::PathBuf::from));
    // A process that was told to end may take a moment.
    for _ in 0..500 {
        if !browser_runs() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!browser_runs(), "a process of the browser is left");
    std::fs::remove_dir(&folder).unwrap();
}
