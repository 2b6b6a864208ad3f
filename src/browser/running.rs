//! A browser that runs.

use std::fmt;

use serde_json::{Value, json};

use super::command::{Command, PATIENCE};
use super::page::Page;
use super::process::Process;
use super::session::Session;
use super::{Answer, BrowserError, chromium, firefox};
use crate::machine::Folder;

/// The browsers that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Chromium, by ChromeDriver.
    Chromium,
    /// Firefox, by Marionette.
    Firefox,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Chromium => "Chromium",
            Kind::Firefox => "Firefox",
        })
    }
}

impl Kind {
    /// Where its virtual authenticators are. One in the machine is of no use to Firefox on Linux, which refuses all options that
    /// want one.
    fn transports(self) -> &'static [&'static str] {
        match self {
            Kind::Chromium => &["internal", "usb"],
            Kind::Firefox => &["usb"],
        }
    }
}

/// A running browser, which nobody sees, with virtual authenticators.
///
/// Ended by [`Browser::end`]. Where it is dropped instead (a panic, a command that is stopped) its process is killed, and
/// with it all that it started.
pub struct Browser {
    kind: Kind,
    session: Session,
    authenticators: Vec<String>,
    page: Option<String>,
    process: Process,
    _server: Page,
    /// The last to be dropped: by then nobody writes to it.
    _folder: Folder,
}

impl Browser {
    /// Starts it.
    ///
    /// # Errors
    /// When a program that it needs is not on `PATH`, or does not start.
    pub async fn start(kind: Kind) -> Result<Self, BrowserError> {
        crate::crypto::install();
        let folder = Folder::new().map_err(BrowserError::failed)?;
        let server = Page::serve().await?;
        let (process, mut session) = match kind {
            Kind::Chromium => chromium::start(&folder, &server).await?,
            Kind::Firefox => firefox::start(&folder, &server).await?,
        };
        let mut authenticators = Vec::new();
        for transport in kind.transports() {
            let id = session.execute(Command::AddAuthenticator(&authenticator(transport))).await?;
            let id = id.as_str().ok_or_else(|| BrowserError::failed("the browser gives no authenticator"))?;
            authenticators.push(id.to_owned());
        }
        Ok(Browser { kind, session, authenticators, page: None, process, _server: server, _folder: folder })
    }

    /// Which it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What it is and of which version: `Chromium 156.0.8078.79`.
    #[must_use]
    pub fn name(&self) -> String {
        let version = self.session.capabilities()["browserVersion"].as_str().unwrap_or("of an unknown version");
        format!("{} {version}", self.kind)
    }

    /// Gives the text of creation options to a page of that origin, as `https://login.example.com`. No passkey is left of
    /// the texts before.
    ///
    /// # Errors
    /// When the page cannot be opened, or the browser does not answer.
    pub async fn create(&mut self, origin: &str, options: &str) -> Result<Answer, BrowserError> {
        for authenticator in &self.authenticators {
            self.session.execute(Command::ForgetCredentials(authenticator)).await?;
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
            self.session.execute(Command::Go(origin)).await?;
            self.page = Some(origin.to_owned());
        }
        let arguments = json!([ceremony, options, PATIENCE.as_millis()]);
        let answer = self.session.execute(Command::Run { script: include_str!("page.js"), arguments }).await?;
        serde_json::from_value(answer).map_err(|e| BrowserError::failed(format!("no answer on {origin}: {e}")))
    }

    /// Ends it.
    pub async fn end(mut self) {
        // Where it does not end by itself it ends with its process.
        let _ = self.session.execute(Command::End).await;
        self.process.end().await;
    }
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
