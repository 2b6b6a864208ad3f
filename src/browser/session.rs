//! A session with a browser, whatever it speaks.

use serde_json::Value;

use super::BrowserError;
use super::command::Command;
use super::marionette::Marionette;
use super::webdriver::WebDriver;

/// A session with a browser.
pub(super) enum Session {
    WebDriver(WebDriver),
    Marionette(Marionette),
}

impl Session {
    /// Has a command done; its answer.
    pub(super) async fn execute(&mut self, command: Command<'_>) -> Result<Value, BrowserError> {
        match self {
            Session::WebDriver(session) => session.execute(command).await,
            Session::Marionette(session) => session.execute(command).await,
        }
    }

    /// What the browser says of itself.
    pub(super) fn capabilities(&self) -> &Value {
        match self {
            Session::WebDriver(session) => &session.capabilities,
            Session::Marionette(session) => &session.capabilities,
        }
    }
}
