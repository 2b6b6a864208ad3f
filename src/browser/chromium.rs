//! Chromium, by ChromeDriver.

use serde_json::json;
use tokio::process::Command;

use super::BrowserError;
use super::command::timeouts;
use super::page::{KEY_HASH, Page};
use super::process::Process;
use super::session::Session;
use super::webdriver::WebDriver;
use crate::machine::{Folder, find};

/// Starts it: the driver's process, with which the browser ends, and a session.
pub(super) async fn start(folder: &Folder, page: &Page) -> Result<(Process, Session), BrowserError> {
    let missing = |what| BrowserError::Missing { what, packages: "packages are chromium and chromium-driver" };
    let driver = find(&["chromedriver"]).ok_or(missing("ChromeDriver"))?;
    let chromium = find(&["chromium", "chromium-browser", "google-chrome"]).ok_or(missing("Chromium"))?;
    let mut command = Command::new(driver);
    command.arg("--port=0");
    // `ChromeDriver was started successfully on port 12345.`
    let process = Process::start(command, folder, "successfully on port ").await?;
    let capabilities = json!({
        "webauthn:virtualAuthenticators": true,
        "timeouts": timeouts(),
        "goog:chromeOptions": {
            "binary": chromium,
            "args": arguments(&folder.path().join("profile").display().to_string(), page),
        },
    });
    let session = WebDriver::start(process.port, capabilities).await?;
    Ok((process, Session::WebDriver(session)))
}

fn arguments(profile: &str, page: &Page) -> Vec<String> {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        format!("--user-data-dir={profile}"),
        format!("--host-resolver-rules=MAP * {}", page.address),
        format!("--ignore-certificate-errors-spki-list={KEY_HASH}"),
        // Without a socket that others could connect to; and the browser ends when its driver does.
        "--remote-debugging-pipe".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
    ];
    if is_root() {
        // Chromium's sandbox refuses root, as whom containers mostly run. All that is opened is the page above.
        arguments.push("--no-sandbox".to_owned());
    }
    arguments
}

/// Whether this process is root's, as far as the system tells in a file.
fn is_root() -> bool {
    #[cfg(target_os = "linux")]
    return std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    #[cfg(not(target_os = "linux"))]
    false
}
