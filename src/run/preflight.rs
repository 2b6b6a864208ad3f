//! Before the cases: is the target there, can a user be had, and does it know the operation at all.

use crate::cognito::START;
use crate::target::{Fixtures, Unavailable};
use crate::wire::{Class, Classification, Exchange, Request};

/// What the first look at a target shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// The cases can run.
    Ready,
    /// It does not answer.
    Unreachable(String),
    /// No user can be made, and no access token was given.
    NoUser(String),
    /// The operation is answered like one that does not exist.
    NotImplemented(String),
}

/// Takes the first look.
///
/// That a server does not know the operation is seen by comparison: it answers a valid call like a call of an operation that
/// no Cognito has. Each server says so in its own way, so no particular answer is looked for.
pub async fn preflight(fixtures: &Fixtures) -> Preflight {
    let user = match fixtures.user().await {
        Ok(user) => user,
        Err(Unavailable::Unreachable(why)) => return Preflight::Unreachable(why),
        Err(Unavailable::NotOffered(why)) => return Preflight::NoUser(why),
    };
    let transport = &fixtures.target().transport;
    let start = transport.send(Request::start(&user.tokens.access)).await;
    let class = start.classify(&START);
    match &class.class {
        Class::Success | Class::Modelled(_) => return Preflight::Ready,
        Class::Transport(_) => {
            if let Err(e) = &start.result {
                return Preflight::Unreachable(e.to_string());
            }
        }
        _ => {}
    }
    let body = start.request.body.clone();
    let unknown = transport.send(Request::call("NoSuchWebAuthnOperation", body)).await;
    let unknown_class = unknown.classify(&START);
    if likeness(&start, &class) == likeness(&unknown, &unknown_class) {
        Preflight::NotImplemented(format!(
            "{} is answered like an operation that does not exist: {}{}",
            START.name,
            class.name(),
            start.result.as_ref().map(|response| format!(" ({})", response.status)).unwrap_or_default(),
        ))
    } else {
        Preflight::Ready
    }
}

/// What is alike in two answers to operations that are both unknown; the message names the operation, and so differs.
fn likeness(exchange: &Exchange, classification: &Classification) -> (Option<u16>, String) {
    (exchange.result.as_ref().ok().map(|response| response.status), classification.name().into_owned())
}
