//! What a browser is told to do: commands of W3C WebDriver 2, and of WebAuthn's section sctn-automation.

use std::time::Duration;

use serde_json::{Value, json};

/// How long one command may take; starting a browser on a busy machine takes longest.
pub(super) const COMMAND: Duration = Duration::from_secs(60);

/// How long a browser may take to make a passkey.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

/// The time limits of a session, in milliseconds.
pub(super) fn timeouts() -> Value {
    json!({ "script": PATIENCE.as_millis() * 4, "pageLoad": 20_000 })
}

/// A command to a browser that has been started.
pub(super) enum Command<'a> {
    /// Adds a virtual authenticator; answered with its id.
    AddAuthenticator(&'a Value),
    /// Makes a virtual authenticator forget all passkeys.
    ForgetCredentials(&'a str),
    /// Goes to a page.
    Go(&'a str),
    /// Runs a script, which ends by calling its last argument; answered with what it was called with.
    Run { script: &'a str, arguments: Value },
    /// Ends the browser.
    End,
}
