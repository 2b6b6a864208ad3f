//! From one call to its outcome, redacted.

use std::sync::Arc;

use super::call::Called;
use super::server::Attempt;
use crate::adapter::Told;
use crate::cognito::{Rule, START};
use crate::run::{End, ExchangeReport, Outcome, Subject, exchange_report, printable};
use crate::scenario::{Framing, Layer, Reply, Scenario};
use crate::suite::{Kind, Recorded, Role, Theme};
use crate::target::{Endpoint, Secrets};
use crate::wire::{self, Exchange, Response, TransportError, TransportErrorKind};

/// The most requests that are told of one call.
const EXCHANGES: usize = 8;

/// The most of a text of the client that an observation holds, in characters, and of options, in bytes.
const TEXT: usize = 400;
const OPTIONS: usize = 16 * 1024;

/// The rules of a scenario, of those that hold for clients of that layer, each once.
pub(crate) fn rules(scenario: &Scenario, layer: Option<Layer>) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    // What is demanded of every scenario stands first, and says the least of it.
    for demand in scenario.demands.iter().skip(1).chain(scenario.demands.first()) {
        let is_of = demand.layer.is_none() || layer.is_none() || demand.layer == layer;
        if is_of && rules.iter().all(|rule| rule.id != demand.rule.id) {
            rules.push(demand.rule);
        }
    }
    rules
}

/// The outcome of a scenario that ended so.
pub(super) fn outcome(
    scenario: &Scenario,
    layer: Layer,
    end: End,
    called: Option<&Called>,
    secrets: &Secrets,
    endpoint: &Endpoint,
    token: &str,
) -> Outcome {
    let rules = rules(scenario, Some(layer));
    let subject = Subject { id: &scenario.id, title: &scenario.title, rules: &rules, is_of_all_parts: false };
    let right = scenario.outcomes(layer);
    let outcomes =
        if right.len() == 3 { Vec::new() } else { right.iter().map(|outcome| outcome.name().into()).collect() };
    let theme = Theme::of_id(&scenario.id).unwrap_or(Theme::Envelope);
    let outcome = Outcome::of(subject, theme, &Kind::Client { outcomes }, end, secrets);
    let Some(called) = called else { return outcome };
    let exchanges = called.attempts.iter().take(EXCHANGES);
    let exchanges = exchanges.map(|attempt| exchange(scenario, attempt, token, endpoint, secrets));
    let observation = observation(called, secrets);
    Outcome { exchanges: exchanges.collect(), observation, duration_ms: wire::millis(called.duration), ..outcome }
}

/// A request and its answer, redacted.
pub(super) fn exchange(
    scenario: &Scenario,
    attempt: &Attempt,
    token: &str,
    endpoint: &Endpoint,
    secrets: &Secrets,
) -> ExchangeReport {
    exchange_report(&recorded(scenario, attempt, token), endpoint, secrets)
}

/// What the client made of it, line by line and redacted; nothing where it told nothing.
pub(super) fn observation(called: &Called, secrets: &Secrets) -> Option<String> {
    let told = called.told.as_ref().ok()?;
    let lines = entries(told, called.attempts.len(), secrets)
        .into_iter()
        .map(|(key, value)| format!("{key}: {}", printable(&value).replace('\n', "\\n")));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

/// What the client made of it, by the keys of an observation.
fn entries(told: &Told, attempts: usize, secrets: &Secrets) -> Vec<(&'static str, String)> {
    // Cut last: the beginning of a secret is none that redaction knows.
    let text = |text: &String| wire::cut(&secrets.clean(text), TEXT).into_owned();
    let options = told.options.as_ref().map(|options| match options.get() {
        text if text.len() <= OPTIONS => secrets.clean(text),
        // Clients write one document in several lengths.
        _ => "(more than 16 KiB)".to_owned(),
    });
    let told_by_client = [
        ("outcome", Some(told.outcome.name().to_owned())),
        ("code", told.code.as_ref().map(text)),
        ("status", told.status.map(|status| status.to_string())),
        ("message", told.message.as_ref().map(text)),
        ("request-id", told.request_id.as_ref().map(text)),
        ("attempts", Some(attempts.to_string())),
        ("retryable", told.retryable.map(|retryable| retryable.to_string())),
        ("options", options),
    ];
    told_by_client.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// An attempt as an exchange, in the form that reports show.
fn recorded(scenario: &Scenario, attempt: &Attempt, token: &str) -> Recorded {
    let result = response(&attempt.reply);
    // What curl adds by itself.
    let request = attempt.request.clone().without_header("Host").without_header("Content-Length");
    let exchange = Exchange { request: Arc::new(request), result, elapsed: attempt.reply.wait };
    let classification = exchange.classify(&START);
    Recorded {
        case: scenario.id.as_str().into(),
        role: Role::Test,
        exchange,
        classification,
        findings: Vec::new(),
        token: Some(token.into()),
    }
}

/// What a client can see of a reply.
fn response(reply: &Reply) -> Result<Response, TransportError> {
    let failed = |kind, detail: &str| Err(TransportError { kind, detail: detail.to_owned() });
    match (reply.cut, &reply.framing) {
        (Some(cut), _) => {
            let how = if cut.reset { "the connection is reset" } else { "the connection is closed" };
            failed(TransportErrorKind::Closed, &format!("{how} after {:?}", cut.after).to_ascii_lowercase())
        }
        (None, Framing::None) => {
            failed(TransportErrorKind::Protocol, &wire::printable(&String::from_utf8_lossy(&reply.body), TEXT))
        }
        (None, _) => Ok(Response { status: reply.status, headers: reply.headers.clone(), body: reply.body.clone() }),
    }
}
