//! How a scenario is written down.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::Value;

use super::{Demand, Layer, Outcome, Reply, Scenario, What};
use crate::browser::fitting_origin;
use crate::cognito::Rule;
use crate::cognito::rules::client as rules;
use crate::generate::options::Base;
use crate::wire::Response;

/// The most requests that a call may send, in any retry mode that AWS documents.
const MOST_REQUESTS: usize = 5;

/// The page that fits the options that Cognito sends.
static ORIGIN: LazyLock<String> = LazyLock::new(|| fitting_origin(Base::Cognito.text().as_bytes()));

impl Scenario {
    /// A scenario of which nothing is demanded yet but what is of each: that the call ends, is a call, and tells no token.
    pub(super) fn new(id: impl Into<String>, title: impl Into<String>, replies: Vec<Reply>) -> Self {
        let id = id.into();
        let with_id = |(n, reply): (usize, Reply)| match reply.headers.iter().any(|(name, _)| is_request_id(name)) {
            true => reply,
            false => reply.header("x-amzn-RequestId", request_id(&id, n)),
        };
        let replies = replies.into_iter().enumerate().map(with_id).collect();
        let demands = vec![Demand::new(&rules::RETRY_LIMIT, What::AtMost(MOST_REQUESTS))];
        Scenario { id, title: title.into(), replies, demands, origin: ORIGIN.clone() }
    }

    /// An error of the service, which is named.
    pub(super) fn error(
        id: impl Into<String>,
        title: impl Into<String>,
        reply: Reply,
        code: impl Into<Cow<'static, str>>,
    ) -> Self {
        Scenario::new(id, title, vec![reply]).ends(&rules::ERROR, &[Outcome::Error]).code(&rules::ERROR_CODE, code)
    }

    /// What is no answer of the operation: no success, and no options, for the reason of that rule.
    pub(super) fn no_success(
        id: impl Into<String>,
        title: impl Into<String>,
        reply: Reply,
        rule: &'static Rule,
    ) -> Self {
        Scenario::new(id, title, vec![reply]).ends(rule, &[Outcome::Error, Outcome::Failure])
    }

    /// A success, which is read by that rule and whose options are this value.
    pub(super) fn success(
        id: impl Into<String>,
        title: impl Into<String>,
        reply: Reply,
        rule: &'static Rule,
        options: &Value,
    ) -> Self {
        Scenario::new(id, title, vec![reply]).ends(rule, &[Outcome::Success]).options(vec![options.clone()])
    }

    /// What nobody has said what a client makes of. Options that it gives, where it does, must be among these.
    pub(super) fn observed(id: impl Into<String>, title: impl Into<String>, reply: Reply, options: Vec<Value>) -> Self {
        let scenario = Scenario::new(id, title, vec![reply]);
        match options.is_empty() {
            true => scenario.without_options(),
            // A success without options is as good as one that was not read.
            false => scenario.options(options.into_iter().chain([Value::Null]).collect()),
        }
    }

    /// The same with another demand.
    pub(super) fn demand(mut self, demand: Demand) -> Self {
        self.demands.push(demand);
        self
    }

    /// The same, with the outcomes that are right.
    pub(super) fn ends(self, rule: &'static Rule, outcomes: &'static [Outcome]) -> Self {
        self.demand(Demand::new(rule, What::Outcome(outcomes)))
    }

    /// The same, with the error's code.
    pub(super) fn code(self, rule: &'static Rule, code: impl Into<Cow<'static, str>>) -> Self {
        self.demand(Demand::new(rule, What::Code(vec![code.into()])))
    }

    /// The same, with the error's message.
    pub(super) fn message(self, message: impl Into<String>) -> Self {
        self.demand(Demand::new(&rules::ERROR_MESSAGE, What::Message(message.into())))
    }

    /// The same, with the options that a success has: one of these.
    pub(super) fn options(self, options: Vec<Value>) -> Self {
        let [sdk, webauthn] = options_demands(options);
        self.demand(sdk).demand(webauthn)
    }

    /// The same; a success has no options.
    pub(super) fn without_options(self) -> Self {
        self.demand(Demand::new(&rules::FAILS_CLOSED, What::NoOptions))
    }

    /// The same, whose answers have no request id.
    pub(super) fn without_request_id(self) -> Self {
        let without = |reply: Reply| reply.without("x-amzn-RequestId");
        Scenario { replies: self.replies.into_iter().map(without).collect(), ..self }
    }

    /// The same, whose answers have no other request id than that answer has.
    pub(super) fn with_request_id_of(self, response: &Response) -> Self {
        if response.header("x-amzn-RequestId").is_some() { self } else { self.without_request_id() }
    }

    /// The same, of a page of that origin.
    pub(super) fn on(self, origin: String) -> Self {
        Scenario { origin, ..self }
    }
}

/// That a success has one of these options, demanded of each layer by its own rule.
pub(super) fn options_demands(options: Vec<Value>) -> [Demand; 2] {
    let what = What::Options(options);
    [
        Demand::new(&rules::OPTIONS_UNHARMED, what.clone()).of(Layer::Sdk),
        Demand::new(&rules::OPTIONS_UNCHANGED, what).of(Layer::Webauthn),
    ]
}

/// The output with the options as they stand in a text.
pub(super) fn output(options: &str) -> String {
    format!(r#"{{"CredentialCreationOptions":{options}}}"#)
}

/// A success with options as Cognito sends them.
pub(super) fn served() -> Reply {
    Reply::new(200, output(Base::Cognito.text()))
}

/// An error in Cognito's own form.
pub(super) fn refused(status: u16, name: &str, message: &str) -> Reply {
    Reply::new(status, serde_json::json!({"__type": name, "message": message}).to_string())
        .header("x-amzn-ErrorType", format!("{name}:"))
}

/// The last segment of an id, for an error of that name.
pub(super) fn slug(name: &str) -> String {
    let name = name.strip_suffix("Exception").unwrap_or(name).replace("WebAuthn", "Webauthn");
    let mut slug = String::new();
    for (n, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && n > 0 {
            slug.push('-');
        }
        slug.push(c.to_ascii_lowercase());
    }
    slug
}

fn is_request_id(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "x-amzn-requestid" | "x-amzn-request-id" | "x-amz-request-id")
}

/// A request id that the scenario and the number of the answer decide, in the form of a UUID.
fn request_id(scenario: &str, reply: usize) -> String {
    let key = format!("{scenario} {reply}");
    let digest = ring::digest::digest(&ring::digest::SHA256, key.as_bytes());
    let hex = data_encoding::HEXLOWER.encode(&digest.as_ref()[..16]);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}
