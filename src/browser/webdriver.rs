//! WebDriver's commands over HTTP (W3C WebDriver 2, and WebAuthn's section sctn-automation).

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::BrowserError;

/// How long one command may take; starting a browser on a busy machine takes longest.
const COMMAND: Duration = Duration::from_secs(60);

/// A browser under a driver's control.
pub(super) struct Session {
    client: Client,
    url: String,
    /// What the browser says of itself.
    pub(super) capabilities: Value,
}

impl Session {
    /// Starts a browser with these capabilities.
    pub(super) async fn new(port: u16, capabilities: Value) -> Result<Self, BrowserError> {
        // Loopback only: the system's certificates are not needed, and may be missing.
        let tls = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty());
        let client = Client::builder()
            .tls_backend_preconfigured(tls.with_no_client_auth())
            .no_proxy()
            .timeout(COMMAND)
            .build()
            .map_err(BrowserError::failed)?;
        let url = format!("http://127.0.0.1:{port}/session");
        let input = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let mut started = send(&client, Method::POST, &url, Some(&input)).await?;
        let id = started["sessionId"].as_str().ok_or_else(|| BrowserError::failed("the driver gives no session"))?;
        let url = format!("{url}/{id}");
        Ok(Session { client, url, capabilities: started["capabilities"].take() })
    }

    /// Adds a virtual authenticator; its id.
    pub(super) async fn add_authenticator(&self, options: &Value) -> Result<String, BrowserError> {
        let id = self.post("webauthn/authenticator", options).await?;
        id.as_str().map(str::to_owned).ok_or_else(|| BrowserError::failed("the driver gives no authenticator"))
    }

    /// Makes a virtual authenticator forget all passkeys.
    pub(super) async fn forget_credentials(&self, authenticator: &str) -> Result<(), BrowserError> {
        let url = format!("{}/webauthn/authenticator/{authenticator}/credentials", self.url);
        send(&self.client, Method::DELETE, &url, None).await.map(drop)
    }

    /// Goes to a page.
    pub(super) async fn go(&self, url: &str) -> Result<(), BrowserError> {
        self.post("url", &json!({ "url": url })).await.map(drop)
    }

    /// Runs a script, which ends by calling its last argument; what it was called with.
    pub(super) async fn run(&self, script: &str, arguments: Value) -> Result<Value, BrowserError> {
        self.post("execute/async", &json!({ "script": script, "args": arguments })).await
    }

    /// Ends the browser.
    pub(super) async fn end(self) -> Result<(), BrowserError> {
        send(&self.client, Method::DELETE, &self.url, None).await.map(drop)
    }

    async fn post(&self, command: &str, input: &Value) -> Result<Value, BrowserError> {
        send(&self.client, Method::POST, &format!("{}/{command}", self.url), Some(input)).await
    }
}

async fn send(client: &Client, method: Method, url: &str, input: Option<&Value>) -> Result<Value, BrowserError> {
    let mut request = client.request(method, url);
    if let Some(input) = input {
        request = request.header("content-type", "application/json").body(input.to_string());
    }
    let response = request.send().await.map_err(|e| match e.is_timeout() {
        true => BrowserError::Failed(format!("no answer within {} s", COMMAND.as_secs())),
        false => BrowserError::failed(e),
    })?;
    let succeeded = response.status().is_success();
    let body = response.bytes().await.map_err(BrowserError::failed)?;
    let mut output: Value = serde_json::from_slice(&body).map_err(BrowserError::failed)?;
    let value = output["value"].take();
    if succeeded {
        return Ok(value);
    }
    // The first line says what is wrong; a stack trace follows.
    let message = value["message"].as_str().and_then(|message| message.lines().next()).unwrap_or("no message");
    Err(BrowserError::Failed(format!("{}: {message}", value["error"].as_str().unwrap_or("an error"))))
}
