//! Whether a server knows an operation at all.

use super::Transport;
use crate::cognito::Operation;
use crate::wire::{Class, Classification, Exchange, Request, TransportError};

/// What a call of an operation shows of it.
#[derive(Clone, Debug)]
pub enum Implemented {
    /// The server knows it.
    Yes,
    /// It is answered like an operation that does not exist; how, in words.
    No(String),
    /// There was no answer.
    Unknown(TransportError),
}

/// Calls the operation with that access token, and where the answer may be one to any name, an operation that no Cognito has.
///
/// That a server does not know the operation is seen by comparison: it answers a valid call like a call of an operation that
/// does not exist. Each server says so in its own way, so no particular answer is looked for.
pub async fn implemented(transport: &Transport, token: &str, operation: &Operation) -> Implemented {
    let body = serde_json::json!({ "AccessToken": token }).to_string();
    let call = |name: &str| transport.send_patiently(Request::call(name, body.clone()));
    let known = call(operation.name).await;
    let class = known.classify(operation);
    match (&class.class, &known.result) {
        (Class::Success | Class::Modelled(_), _) => return Implemented::Yes,
        (_, Err(e)) => return Implemented::Unknown(e.clone()),
        _ => {}
    }
    let unknown = call("NoSuchWebAuthnOperation").await;
    let unknown_class = unknown.classify(operation);
    if likeness(&known, &class) == likeness(&unknown, &unknown_class) {
        let status = class.status.map(|status| format!(" ({status})")).unwrap_or_default();
        Implemented::No(format!(
            "{} is answered like an operation that does not exist: {}{status}",
            operation.name,
            class.name()
        ))
    } else {
        Implemented::Yes
    }
}

/// What is alike in two answers to operations that are both unknown; the message names the operation, and so differs.
fn likeness(exchange: &Exchange, classification: &Classification) -> (Option<u16>, String) {
    (exchange.result.as_ref().ok().map(|response| response.status), classification.name().into_owned())
}
