//! Holds what a client tells against what is demanded of it.

use serde_json::Value;

use super::options::{Difference, differences};
use super::server::Attempt;
use crate::adapter::{Outcome as Ended, Told};
use crate::cognito::rules::client as rules;
use crate::cognito::{CONTENT_TYPE, Finding, START, TARGET_PREFIX};
use crate::oracle::SecretParts;
use crate::scenario::{Demand, Layer, Outcome, Scenario, What};
use crate::wire::json::Object;
use crate::wire::{Request, Response, printable};

/// The longest text of a client that is quoted, in characters.
const QUOTED: usize = 300;

/// The most differences of options that are told of one success.
const DIFFERENCES: usize = 8;

/// One call: what the client told of it, and what it sent.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What the client does with options.
    pub layer: Layer,
    /// What the adapter told.
    pub told: &'a Told,
    /// What was sent, and answered.
    pub attempts: &'a [Attempt],
    /// The access token of the call.
    pub token: &'a str,
}

/// What is wrong with a call, in the order of the demands. `None` where the client has no notion of the operation, so that there
/// is nothing to judge.
#[must_use]
pub fn findings(call: &Call<'_>) -> Option<Vec<Finding>> {
    let outcome = match call.told.outcome {
        Ended::Success => Outcome::Success,
        Ended::Error => Outcome::Error,
        Ended::Failure => Outcome::Failure,
        Ended::Unimplemented => return None,
    };
    let mut findings = Vec::new();
    if call.attempts.is_empty() && outcome != Outcome::Failure {
        findings.push(Finding::new(&rules::CALLS, format!("{}, and no request came", outcome.name()), "a call first"));
        return Some(findings);
    }
    findings.extend(call.attempts.iter().find_map(|attempt| wrong_request(&attempt.request, call.token)));
    let mut is_other = false;
    for demand in call.scenario.demands.iter().filter(|demand| call.is_asked(demand)) {
        // What is wrong with the outcome explains the rest.
        if !is_other {
            findings.extend(call.finding(outcome, demand));
        }
        is_other |= matches!(&demand.what, What::Outcome(right) if !right.contains(&outcome));
    }
    findings.extend(call.secrecy());
    findings.extend(call.untrue());
    Some(findings)
}

impl Call<'_> {
    fn is_asked(&self, demand: &Demand) -> bool {
        let asked_for = |coding: &str| {
            let is_coding = |value: &[u8]| String::from_utf8_lossy(value).to_ascii_lowercase().contains(coding);
            let asked = |attempt: &Attempt| {
                let mut fields = attempt.request.headers.iter();
                fields.any(|(name, value)| name.eq_ignore_ascii_case("Accept-Encoding") && is_coding(value))
            };
            !self.attempts.is_empty() && self.attempts.iter().all(asked)
        };
        demand.layer.is_none_or(|layer| layer == self.layer) && demand.asked_for.is_none_or(asked_for)
    }

    fn finding(&self, outcome: Outcome, demand: &Demand) -> Option<Finding> {
        let Told { code, message, options, retryable, .. } = self.told;
        let broken = |got: String, wanted: String| Some(Finding::new(demand.rule, got, wanted));
        match &demand.what {
            What::Outcome(right) if !right.contains(&outcome) => {
                let names: Vec<&str> = right.iter().map(|outcome| outcome.name()).collect();
                broken(self.shown_outcome(outcome), names.join(" or "))
            }
            What::Code(right)
                if outcome == Outcome::Error && !right.iter().any(|right| Some(&**right) == code.as_deref()) =>
            {
                broken(shown(code.as_deref()), right.iter().map(|code| quoted(code)).collect::<Vec<_>>().join(" or "))
            }
            What::Message(right) if outcome == Outcome::Error && message.as_ref() != Some(right) => {
                broken(shown(message.as_deref()), quoted(right))
            }
            What::Options(right) if outcome == Outcome::Success => self.options(demand, options.as_deref(), right),
            What::NoOptions if outcome == Outcome::Success => {
                let value = options.as_ref().filter(|options| options.get() != "null")?;
                broken(quoted(value.get()), "no options".to_owned())
            }
            What::AtLeast(least) if self.attempts.len() < *least => {
                broken(requests(self.attempts.len()), format!("at least {}", requests(*least)))
            }
            What::AtMost(most) if self.attempts.len() > *most => {
                broken(requests(self.attempts.len()), format!("at most {}", requests(*most)))
            }
            What::Waits(millis) => {
                let waits = self.attempts.array_windows().map(|[a, b]| b.at.duration_since(a.at));
                let shortest = waits.min()?;
                let is_short = shortest.as_millis() + 20 < u128::from(*millis);
                let wanted = format!("at least {millis} ms");
                if is_short { broken("it waited for less".to_owned(), wanted) } else { None }
            }
            What::Retryable(right) if outcome == Outcome::Error && retryable.is_some_and(|told| told != *right) => {
                let word = |is: bool| if is { "retryable" } else { "not retryable" };
                broken(word(!right).to_owned(), word(*right).to_owned())
            }
            _ => None,
        }
    }

    /// The outcome, in the form in which a fingerprint leaves the message out: clients word one failure in several ways.
    fn shown_outcome(&self, outcome: Outcome) -> String {
        let Told { code, message, .. } = self.told;
        let filled =
            |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(|text| printable(text, QUOTED));
        match (outcome, filled(code), filled(message)) {
            (Outcome::Success, ..) | (_, None, None) => outcome.name().to_owned(),
            (_, code, None) => format!("{} ({})", outcome.name(), code.unwrap_or_default()),
            (_, code, Some(message)) => {
                format!("{} ({}): {message}", outcome.name(), code.as_deref().unwrap_or("without a name"))
            }
        }
    }

    /// The first difference, with how many more there are.
    fn options(&self, demand: &Demand, told: Option<&serde_json::value::RawValue>, right: &[Value]) -> Option<Finding> {
        let value: Value = match told.map(|told| serde_json::from_str(told.get())) {
            None => Value::Null,
            Some(Ok(value)) => value,
            Some(Err(_)) => Value::String("(JSON that is too deep to be read)".to_owned()),
        };
        let all: Vec<Vec<Difference>> = right.iter().map(|right| differences(right, &value, self.layer)).collect();
        let least = all.into_iter().min_by_key(Vec::len)?;
        let Difference { pointer, got, wanted } = least.first()?;
        let more = match least.len() - 1 {
            0 => String::new(),
            n => format!(" (and {} more)", n.min(DIFFERENCES)),
        };
        let finding = Finding::new(demand.rule, cut(got) + &more, cut(wanted));
        Some(finding.at(pointer.clone()))
    }

    /// Whether the token is in what the client tells of a call that was not served.
    fn secrecy(&self) -> Option<Finding> {
        let mut parts = SecretParts::default();
        parts.add(self.token);
        let Told { code, message, detail, .. } = self.told;
        let told = [("code", code), ("message", message), ("detail", detail)];
        let (what, _) =
            told.into_iter().find(|(_, text)| text.as_ref().is_some_and(|text| parts.are_in(text.as_bytes())))?;
        let is_echoed = self.attempts.iter().any(|attempt| attempt.reply.echoes_token());
        let rule = if is_echoed { &rules::TOKEN_ECHOED } else { &rules::TOKEN_SECRET };
        Some(Finding::new(rule, format!("the token is in the error's {what}"), "no part of it"))
    }

    /// What the client tells of the exchange that was otherwise.
    fn untrue(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let Some(last) = self.attempts.last() else { return findings };
        let reply = &last.reply;
        let is_http = reply.framing != crate::scenario::Framing::None && reply.cut.is_none();
        let response = Response { status: reply.status, headers: reply.headers.clone(), body: Vec::new() };
        if let Some(status) = self.told.status.filter(|status| is_http && *status != response.status) {
            findings.push(Finding::new(&rules::STATUS, status.to_string(), response.status.to_string()));
        }
        if let (Some(told), true) = (&self.told.request_id, is_http) {
            let sent = response.request_id();
            if sent.as_ref() != Some(told) {
                findings.push(Finding::new(&rules::REQUEST_ID, quoted(told), shown(sent.as_deref())));
            }
        }
        if let Some(told) = self.told.attempts
            && usize::try_from(told) != Ok(self.attempts.len())
        {
            findings.push(Finding::new(&rules::ATTEMPTS, told.to_string(), requests(self.attempts.len())));
        }
        findings
    }
}

/// What is wrong with a request, where something is.
fn wrong_request(request: &Request, token: &str) -> Option<Finding> {
    let value = |name: &str| request.header_value(name).map(|value| String::from_utf8_lossy(value).into_owned());
    let broken = |got: String, wanted: &str| Some(Finding::new(&rules::REQUEST, got, wanted));
    // What was redirected is another kind of request.
    if request.path != "/" {
        return None;
    }
    if request.method != "POST" {
        return broken(format!("the method {}", printable(&request.method, QUOTED)), "POST");
    }
    let target = format!("{TARGET_PREFIX}.{}", START.name);
    if value("X-Amz-Target").as_ref() != Some(&target) {
        return broken(format!("X-Amz-Target: {}", shown(value("X-Amz-Target").as_deref())), &target);
    }
    let is_of_type = value("Content-Type").is_some_and(|value| value.to_ascii_lowercase().starts_with(CONTENT_TYPE));
    if !is_of_type {
        return broken(format!("Content-Type: {}", shown(value("Content-Type").as_deref())), CONTENT_TYPE);
    }
    let object = Object::parse(&request.body).ok();
    let sent = object.as_ref().and_then(|object| object.last("AccessToken")?.string());
    if sent.as_deref() != Some(token) {
        return broken("a body without the access token".to_owned(), "an object with the member AccessToken");
    }
    None
}

fn requests(n: usize) -> String {
    if n == 1 { "1 request".to_owned() } else { format!("{n} requests") }
}

fn shown(text: Option<&str>) -> String {
    text.map_or_else(|| "nothing".to_owned(), quoted)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", printable(text, QUOTED))
}

fn cut(text: &str) -> String {
    crate::wire::cut(text, QUOTED).into_owned()
}
