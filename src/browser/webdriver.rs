//! Commands over HTTP, as a driver takes them (W3C WebDriver 2).

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::BrowserError;
use super::command::{COMMAND, Command};

/// A browser under a driver's control.
pub(super) struct WebDriver {
    client: Client,
    url: String,
    /// What the browser says of itself.
    pub(super) capabilities: Value,
}

impl WebDriver {
    /// Starts a browser with these capabilities, by the driver that listens on the port.
    pub(super) async fn start(port: u16, capabilities: Value) -> Result<Self, BrowserError> {
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
        Ok(WebDriver { client, url, capabilities: started["capabilities"].take() })
    }

    /// Sends a command; its answer.
    pub(super) async fn execute(&self, command: Command<'_>) -> Result<Value, BrowserError> {
        let (method, path, input) = match command {
            Command::AddAuthenticator(options) => {
                (Method::POST, "/webauthn/authenticator".into(), Some(options.clone()))
            }
            Command::ForgetCredentials(id) => {
                (Method::DELETE, format!("/webauthn/authenticator/{id}/credentials"), None)
            }
            Command::Go(url) => (Method::POST, "/url".into(), Some(json!({ "url": url }))),
            Command::Run { script, arguments } => {
                (Method::POST, "/execute/async".into(), Some(json!({ "script": script, "args": arguments })))
            }
            Command::End => (Method::DELETE, String::new(), None),
        };
        send(&self.client, method, &format!("{}{path}", self.url), input.as_ref()).await
    }
}

async fn send(client: &Client, method: Method, url: &str, input: Option<&Value>) -> Result<Value, BrowserError> {
    let mut request = client.request(method, url);
    if let Some(input) = input {
        request = request.header("content-type", "application/json").body(input.to_string());
    }
    let response = request.send().await.map_err(|e| match e.is_timeout() {
        true => BrowserError::late(COMMAND),
        false => BrowserError::failed(e),
    })?;
    let succeeded = response.status().is_success();
    let body = response.bytes().await.map_err(BrowserError::failed)?;
    let mut output: Value = serde_json::from_slice(&body).map_err(BrowserError::failed)?;
    let value = output["value"].take();
    if succeeded { Ok(value) } else { Err(BrowserError::told(&value)) }
}
