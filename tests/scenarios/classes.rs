//! What is demanded for an answer, against the class that the answer has. The classification was written for servers, and knows
//! nothing of scenarios.

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use cogspec::cognito::START;
use cogspec::generate::response;
use cogspec::scenario::{self, Demand, Framing, Layer, Outcome, Scenario, What};
use cogspec::wire::json::Object;
use cogspec::wire::{Class, NotAwsJson, Response, classify, sanitize};
use proptest::prelude::*;
use serde_json::Value;

use crate::seeds::bytes;

/// The response of a scenario that is one answer, whole, and in no content coding.
fn response(scenario: &Scenario) -> Option<Response> {
    let [reply] = scenario.replies.as_slice() else { return None };
    let is_whole =
        reply.cut.is_none() && matches!(reply.framing, Framing::Length | Framing::Chunked(_) | Framing::Close);
    let response = Response { status: reply.status, headers: reply.headers.clone(), body: reply.body.clone() };
    (is_whole && response.header("content-encoding").is_none()).then_some(response)
}

/// The outcomes that a client of that layer may have.
fn right(demands: &[Demand], layer: Layer) -> Vec<Outcome> {
    let mut right = vec![Outcome::Success, Outcome::Error, Outcome::Failure];
    for demand in demands.iter().filter(|demand| demand.layer.is_none_or(|of| of == layer)) {
        if let What::Outcome(outcomes) = &demand.what {
            right.retain(|outcome| outcomes.contains(outcome));
        }
    }
    right
}

/// The options in the output, where there are some.
fn options(response: &Response) -> Option<Value> {
    let object = Object::parse(&response.body).ok()?;
    let member = object.last("CredentialCreationOptions")?;
    // What our reader of values does not read is not null.
    let value = serde_json::from_str(member.text()).unwrap_or_else(|_| member.text().into());
    Some(value).filter(|value: &Value| !value.is_null())
}

/// Every name of an error in an answer, in places that count and in those that are hidden behind another.
fn names(response: &Response) -> Vec<String> {
    let told = classify(&START, response);
    let body = Object::parse(&response.body).unwrap_or_default();
    let twice = body.members.iter().filter(|member| matches!(&*member.name, "code" | "__type"));
    let query = response.header("x-amzn-query-error").and_then(|value| Some(value.split_once(';')?.0.to_owned()));
    let counted = told.codes.iter().map(|code| code.name().to_owned());
    counted.chain(twice.filter_map(|member| Some(sanitize(&member.string()?).to_owned()))).chain(query).collect()
}

/// Where demands and class do not agree.
fn disagreement(demands: &[Demand], response: &Response) -> Option<String> {
    let told = classify(&START, response);
    let names = names(response);
    // To a client the status decides, and what else is in an output is nothing to it.
    let is_success = matches!(told.class, Class::Success | Class::NotAwsJson(NotAwsJson::SuccessWithErrorBody));
    let is_output = is_success && options(response).is_some();
    for layer in [Layer::Sdk, Layer::Webauthn] {
        let right = right(demands, layer);
        let may = |outcome| right.contains(&outcome);
        if right.is_empty() {
            return Some("no outcome is right".to_owned());
        }
        // An output with options is what a client is there for, and nothing else is a success that must be.
        if layer == Layer::Sdk && told.class == Class::Success && is_output && !may(Outcome::Success) {
            return Some("an output must not be read".to_owned());
        }
        if right == [Outcome::Success] && !is_output {
            return Some(format!("{} must be a success", told.class));
        }
        // Who has neither a success's status nor an output has nothing to hand on.
        if !response.is_success() && may(Outcome::Success) && response.status >= 400 {
            return Some(format!("{} may be a success", told.class));
        }
        if right == [Outcome::Error] && !told.class.is_named_error() {
            return Some(format!("{} must be an error with a name", told.class));
        }
    }
    demands.iter().find_map(|demand| match &demand.what {
        What::Code(right) if !right.iter().all(|right| names.iter().any(|name| name == right)) => {
            Some(format!("the codes {right:?} are demanded, and the answer has {names:?}"))
        }
        // Which of several counts is said by the rule of their order, and by no other.
        What::Code(right) if !right.iter().any(|right| Some(&**right) == told.code.as_deref()) => {
            Some(format!("the codes {right:?} are demanded, and the first is {:?}", told.code))
        }
        What::Message(right) if told.message.as_ref() != Some(right) => {
            Some(format!("the message {right:?} is demanded, and it is {:?}", told.message))
        }
        What::Retryable(right) if told.retryable != *right => {
            Some(format!("retryable is to be {right}, and it is {}", told.retryable))
        }
        What::Options(right) if !right.contains(&options(response).unwrap_or_default()) => {
            let is_open = right.contains(&Value::Null);
            (!is_open).then(|| "other options are demanded than are in the answer".to_owned())
        }
        What::NoOptions if is_output => Some("an output is to have no options".to_owned()),
        _ => None,
    })
}

#[test]
fn what_is_demanded_agrees_with_the_class_of_the_answer() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for scenario in scenario::all() {
        let Some(response) = response(scenario) else { continue };
        wrong.extend(disagreement(&scenario.demands, &response).map(|told| format!("{}: {told}", scenario.id)));
        for demand in &scenario.demands {
            *kinds.entry(kind(&demand.what)).or_default() += 1;
        }
    }
    assert_eq!(wrong, [""; 0]);
    // What was held against the class, and how often at least.
    for (kind, least) in
        [("outcome", 500), ("code", 150), ("message", 80), ("options", 400), ("retryable", 40), ("no options", 40)]
    {
        assert!(kinds[kind] > least, "{kinds:?}");
    }
}

fn kind(what: &What) -> &'static str {
    match what {
        What::Outcome(_) => "outcome",
        What::Code(_) => "code",
        What::Message(_) => "message",
        What::Options(_) => "options",
        What::NoOptions => "no options",
        What::AtLeast(_) | What::AtMost(_) | What::Waits(_) => "requests",
        What::Retryable(_) => "retryable",
    }
}

/// The demands of one scenario do not fit the answer of another: else nothing would be held against anything.
#[test]
fn the_demands_of_another_answer_do_not_agree() {
    let find = |id: &str| scenario::find(id).unwrap();
    for (demands, answer) in [
        ("envelope.cognito.forbidden", "envelope.cognito.not-authorized"),
        ("envelope.cognito.forbidden", "document.form.plain"),
        ("envelope.message.html", "envelope.message.empty"),
        ("document.form.plain", "envelope.cognito.forbidden"),
        ("document.form.plain", "document.form.fraction"),
        ("gateway.page.503", "document.form.plain"),
        ("gateway.output.none", "document.form.plain"),
        ("gateway.output.none", "gateway.page.503"),
        ("envelope.header-alone.forbidden", "gateway.page.403"),
    ] {
        let response = response(find(answer)).unwrap();
        assert!(disagreement(&find(demands).demands, &response).is_some(), "{demands} agrees with {answer}");
    }
}

/// Of drawn answers there is enough to disagree with, too.
#[test]
fn most_drawn_answers_are_of_some_demand() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..600 {
        let drawn = response::draw(&mut Unstructured::new(&bytes(seed))).unwrap();
        for demand in scenario::demands_of(&drawn) {
            *kinds.entry(kind(&demand.what)).or_default() += 1;
        }
    }
    for (kind, least) in [("outcome", 300), ("code", 60), ("options", 100)] {
        assert!(kinds.get(kind) > Some(&least), "{kinds:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_demanded_of_drawn_answers_agrees_with_their_class(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let drawn = response::draw(&mut Unstructured::new(&bytes)).unwrap();
        let demands = scenario::demands_of(&drawn);
        let told = disagreement(&demands, &drawn.response);
        // A scenario in which nothing is demanded says nothing of the outcome.
        let is_open = demands.is_empty();
        prop_assert!(is_open || told.is_none(), "{:?}: {told:?}, of {:?}", drawn.defects, drawn.response);
    }
}
