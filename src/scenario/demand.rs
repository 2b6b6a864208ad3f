//! What a client must, should and may make of an answer.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cognito::Rule;

/// What a client makes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The call came back as a success.
    Success,
    /// The client reports an error of the service.
    Error,
    /// The client gave up for a reason of its own: no connection, an answer that it cannot read, options that it refuses.
    Failure,
}

impl Outcome {
    /// The word in the protocol and in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Error => "error",
            Outcome::Failure => "failure",
        }
    }
}

/// What a client does with creation options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// It hands them on as a document.
    Sdk,
    /// It reads them as WebAuthn options and gives them to an authenticator.
    Webauthn,
}

impl Layer {
    /// Its name in a recipe.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Layer::Sdk => "sdk",
            Layer::Webauthn => "webauthn",
        }
    }

    /// The layer of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Layer::Sdk, Layer::Webauthn].into_iter().find(|layer| layer.name() == name)
    }
}

/// One thing that is demanded of a client, and the rule that says so.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The rule.
    pub rule: &'static Rule,
    /// The clients that it is demanded of; all, where there is none.
    pub layer: Option<Layer>,
    /// The content coding that the client must have asked for, that it is demanded.
    pub asked_for: Option<&'static str>,
    /// What is demanded.
    pub what: What,
}

/// What can be demanded. What a client does not tell is not judged, but for the outcome, the code of an error and the options
/// of a success.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The outcome is one of these.
    Outcome(&'static [Outcome]),
    /// The error's code is one of these.
    Code(Vec<Cow<'static, str>>),
    /// The error's message is this.
    Message(String),
    /// A success has options, and they are this value, or another of these where there are several.
    Options(Vec<Value>),
    /// A success has no options.
    NoOptions,
    /// It sent at least this many requests.
    AtLeast(usize),
    /// It sent at most this many requests.
    AtMost(usize),
    /// It waited at least so many milliseconds before it tried again, where it did.
    Waits(u64),
    /// Whether the error may be sent again, as the client tells.
    Retryable(bool),
}

impl Demand {
    /// Demanded of every client.
    #[must_use]
    pub fn new(rule: &'static Rule, what: What) -> Self {
        Demand { rule, layer: None, asked_for: None, what }
    }

    /// The same, of clients of that layer only.
    #[must_use]
    pub fn of(self, layer: Layer) -> Self {
        Demand { layer: Some(layer), ..self }
    }

    /// The same, of clients only that asked for that content coding.
    #[must_use]
    pub fn asked_for(self, coding: &'static str) -> Self {
        Demand { asked_for: Some(coding), ..self }
    }
}
