//! Chromium, by ChromeDriver.

use std::time::Duration;

use serde_json::{Value, json};

use super::page::{KEY_HASH, Page};
use super::process::{Driver, Folder, find};
use super::webdriver::Session;
use super::{Answer, BrowserError};

/// How long a browser may take to make a passkey.
const PATIENCE: Duration = Duration::from_secs(4);

/// A running Chromium, which nobody sees, with a virtual authenticator in the machine and one on USB.
///
/// Ended by [`Browser::end`]. Where it is dropped instead (a panic, a command that is stopped) the driver is killed, and the
/// browser ends with it.
pub struct Browser {
    session: Session,
    authenticators: [String; 2],
    page: Option<String>,
    driver: Driver,
    _server: Page,
    /// The last to be dropped: by then nobody writes to it.
    _folder: Folder,
}

impl Browser {
    /// Starts it.
    ///
    /// # Errors
    /// When Chromium or ChromeDriver is not on `PATH`, or does not start.
    pub async fn start() -> Result<Self, BrowserError> {
        crate::crypto::install();
        let driver = find(&["chromedriver"]).ok_or(BrowserError::Missing("ChromeDriver"))?;
        let chromium = find(&["chromium", "chromium-browser", "google-chrome"]);
        let chromium = chromium.ok_or(BrowserError::Missing("Chromium"))?;
        let folder = Folder::new().map_err(BrowserError::failed)?;
        let server = Page::serve().await?;
        let driver = Driver::start(&driver, folder.path()).await?;
        let capabilities = json!({
            "webauthn:virtualAuthenticators": true,
            "timeouts": { "script": PATIENCE.as_millis() * 4, "pageLoad": 20_000 },
            "goog:chromeOptions": {
                "binary": chromium,
                "args": arguments(&folder.path().join("profile").display().to_string(), &server),
            },
        });
        let session = Session::new(driver.port, capabilities).await?;
        let authenticators = [
            session.add_authenticator(&authenticator("internal")).await?,
            session.add_authenticator(&authenticator("usb")).await?,
        ];
        Ok(Browser { session, authenticators, page: None, driver, _server: server, _folder: folder })
    }

    /// What it is and of which version: `Chromium 156.0.8078.79`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("Chromium {}", self.session.capabilities["browserVersion"].as_str().unwrap_or("of an unknown version"))
    }

    /// Gives the text of creation options to a page of that origin, as `https://login.example.com`. No passkey is left of
    /// the texts before.
    ///
    /// # Errors
    /// When the page cannot be opened, or the browser does not answer.
    pub async fn create(&mut self, origin: &str, options: &str) -> Result<Answer, BrowserError> {
        for authenticator in &self.authenticators {
            self.session.forget_credentials(authenticator).await?;
        }
        self.ask("create", origin, options).await
    }

    /// Gives the text of request options to a page of that origin, which signs in with the passkey that was made last.
    ///
    /// # Errors
    /// When the page cannot be opened, or the browser does not answer.
    pub async fn get(&mut self, origin: &str, options: &str) -> Result<Answer, BrowserError> {
        self.ask("get", origin, options).await
    }

    async fn ask(&mut self, ceremony: &str, origin: &str, options: &str) -> Result<Answer, BrowserError> {
        if self.page.as_deref() != Some(origin) {
            // Where it cannot be opened the browser is on no page that is known.
            self.page = None;
            self.session.go(origin).await?;
            self.page = Some(origin.to_owned());
        }
        let arguments = json!([ceremony, options, PATIENCE.as_millis()]);
        let answer = self.session.run(include_str!("page.js"), arguments).await?;
        serde_json::from_value(answer).map_err(|e| BrowserError::failed(format!("no answer on {origin}: {e}")))
    }

    /// Ends it.
    pub async fn end(self) {
        // Where it does not end by itself it ends with its driver.
        let _ = self.session.end().await;
        self.driver.end().await;
    }
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

fn authenticator(transport: &str) -> Value {
    json!({
        "protocol": "ctap2_1",
        "transport": transport,
        "hasResidentKey": true,
        "hasUserVerification": true,
        "isUserVerified": true,
        "isUserConsenting": true,
        "extensions": ["largeBlob", "credBlob", "minPinLength", "prf"],
    })
}
