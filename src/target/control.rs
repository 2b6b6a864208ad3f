//! The control plane: Cognito's own API, signed with SigV4, by which fixtures are made on any target.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::Value;

use super::Transport;
use crate::cognito::START;
use crate::tape::Tape;
use crate::wire::{Classification, Exchange, Request, printable};

/// The most characters of a server's message that are repeated.
const LONGEST: usize = 500;

/// Why a call of the control plane gave nothing.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{operation}: {why}")]
pub struct Refused {
    /// The operation.
    pub operation: String,
    /// The answer in short: class and message, or what kept it from coming.
    pub why: String,
    /// Whether it says nothing about the operation: no answer came, or the server throttles.
    pub unreachable: bool,
}

impl Refused {
    /// Whether the resource is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.why.contains("ResourceNotFound")
    }
}

/// Calls the control plane of one target.
#[derive(Clone)]
pub struct Control {
    transport: Transport,
    region: String,
    credentials: SharedCredentialsProvider,
}

impl Control {
    /// The control plane behind that transport. Emulators accept any credentials; these are made up, and no real ones are
    /// ever sent to an endpoint that is not AWS's.
    #[must_use]
    pub fn new(transport: Transport, region: impl Into<String>) -> Self {
        let made_up = Credentials::new("AKIACOGSPECEXAMPLE00", "cogspec", None, None, "cogspec");
        Control::with_credentials(transport, region, SharedCredentialsProvider::new(made_up))
    }

    /// The control plane of live Cognito, whose calls are signed with an account's own credentials.
    pub(super) fn with_credentials(
        transport: Transport,
        region: impl Into<String>,
        credentials: SharedCredentialsProvider,
    ) -> Self {
        Control { transport, region: region.into(), credentials }
    }

    /// The same control plane, recorded on or replayed from that tape.
    #[must_use]
    pub(super) fn on_tape(self, tape: Tape) -> Self {
        Control { transport: self.transport.on_tape(tape), ..self }
    }

    /// The region that calls are signed for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Calls an operation that needs a signature.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn call(&self, operation: &str, input: Value) -> Result<Value, Refused> {
        let request = self.signed(operation, &input).await?;
        outcome(operation, self.transport.send_patiently(request).await)
    }

    /// Calls an operation that deletes a fixture: of the requests that were set aside for it.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn call_reserved(&self, operation: &str, input: Value) -> Result<Value, Refused> {
        let request = self.signed(operation, &input).await?;
        outcome(operation, self.transport.send_reserved(request).await)
    }

    /// Calls an operation that takes no signature (`smithy.api#noAuth`).
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn call_unsigned(&self, operation: &str, input: Value) -> Result<Value, Refused> {
        let request = Request::call(operation, input.to_string());
        outcome(operation, self.transport.send_patiently(request).await)
    }

    async fn signed(&self, operation: &str, input: &Value) -> Result<Request, Refused> {
        let refused = |why, unreachable| Refused { operation: operation.to_owned(), why, unreachable };
        // Those of a role end, and new ones may not be had: that says nothing of the server.
        let credentials = self.credentials.provide_credentials().await;
        let credentials = credentials.map_err(|e| refused(format!("the AWS credentials are gone: {e}"), true))?;
        self.sign(Request::call(operation, input.to_string()), credentials).map_err(|why| refused(why, false))
    }

    fn sign(&self, mut request: Request, credentials: Credentials) -> Result<Request, String> {
        let identity = credentials.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("cognito-idp")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|e| e.to_string())?
            .into();
        let uri = format!("{}/", self.transport.endpoint());
        let headers: Vec<_> =
            request.headers.iter().filter_map(|(n, v)| Some((n.as_str(), std::str::from_utf8(v).ok()?))).collect();
        let signable =
            SignableRequest::new(&request.method, &uri, headers.into_iter(), SignableBody::Bytes(&request.body))
                .map_err(|e| e.to_string())?;
        let (instructions, _) = sign(signable, &params).map_err(|e| e.to_string())?.into_parts();
        let (signing_headers, _) = instructions.into_parts();
        for header in signing_headers {
            request = request.header(header.name(), header.value());
        }
        Ok(request)
    }
}

/// The output of a successful call.
fn outcome(operation: &str, exchange: Exchange) -> Result<Value, Refused> {
    // Only the answer's name and message are of interest here, not which operation models it.
    let classification = exchange.classify(&START);
    output(&exchange, &classification).map_err(|why| Refused {
        operation: operation.to_owned(),
        why,
        unreachable: exchange.result.is_err() || classification.is_throttled(),
    })
}

/// The JSON body of a success, `{}` where that is empty.
fn output(exchange: &Exchange, classification: &Classification) -> Result<Value, String> {
    let response = exchange.result.as_ref().map_err(ToString::to_string)?;
    if (200..300).contains(&response.status) {
        if response.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        return serde_json::from_slice(&response.body).map_err(|e| format!("the answer is not JSON: {e}"));
    }
    let name = classification.name();
    Err(match &classification.message {
        Some(message) => format!("{name} ({}): {}", response.status, printable(message, LONGEST)),
        None => format!("{name} ({})", response.status),
    })
}
