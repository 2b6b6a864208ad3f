//! Answers of the generator: one with each of its labelled defects, and what is demanded for any that it draws.

use std::borrow::Cow;

use serde_json::Value;

use super::build::options_demands;
use super::{Demand, Framing, Layer, Outcome, Reply, Scenario, What};
use crate::cognito::rules::client as rules;
use crate::generate::response::{Drawn, Part, ResponseDefect, To, defects, of_id};
use crate::wire::error_codes;
use crate::wire::json::Object;

/// A scenario for each defect of the generator.
pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (to, word) in [(To::Success, "success"), (To::Error, "error")] {
        for defect in defects().iter().filter(|defect| defect.fits(to)) {
            let id = format!("{}.drawn.{word}.{}", theme(defect), defect.name);
            // Its bytes are enough for any of them.
            let Ok(drawn) = of_id(&id, to, Some(defect)) else { continue };
            let title = format!(
                "{} of the generator with the defect {}.",
                if to == To::Success { "A success" } else { "An error" },
                defect.name
            );
            all.push(scenario(id, title, &drawn));
        }
    }
    all
}

/// The scenario of a drawn answer.
pub(crate) fn scenario(id: String, title: String, drawn: &Drawn) -> Scenario {
    let mut scenario = Scenario::new(id, title, vec![reply(drawn)]);
    scenario.demands.extend(demands(drawn));
    if drawn.defects.iter().any(|defect| defect.part == Part::RequestId) {
        return scenario.with_request_id_of(&drawn.response);
    }
    scenario
}

fn theme(defect: &ResponseDefect) -> &'static str {
    match defect.part {
        Part::Name | Part::Status | Part::Header | Part::Type | Part::Code | Part::Message => "envelope",
        Part::ContentType | Part::RequestId | Part::Members | Part::Body => "gateway",
        Part::Case | Part::Length => "transport",
        Part::Output => "document",
    }
}

/// The drawn response as an answer. A length that it does not tell is the body's.
fn reply(drawn: &Drawn) -> Reply {
    let is_framing =
        |name: &str| ["content-length", "transfer-encoding"].iter().any(|of| name.eq_ignore_ascii_case(of));
    let response = &drawn.response;
    let said = response.headers.iter().filter(|(name, _)| is_framing(name));
    let said: Vec<(&'static str, String)> = said
        .map(|(name, value)| {
            let is_length = name.eq_ignore_ascii_case("content-length");
            let name = if is_length { "Content-Length" } else { "Transfer-Encoding" };
            (name, String::from_utf8_lossy(value).into_owned())
        })
        .collect();
    let mut reply = Reply::new(response.status, response.body.clone());
    reply.headers = response.headers.iter().filter(|(name, _)| !is_framing(name)).cloned().collect();
    if said.is_empty() { reply } else { reply.framed(Framing::Says(said)) }
}

/// What is demanded of a client that gets a drawn response: what follows from its labels, and no more.
#[must_use]
pub fn demands(drawn: &Drawn) -> Vec<Demand> {
    // How much of the body there is differs from client to client, or it is none.
    if drawn.rules.contains("response.framing") {
        return Vec::new();
    }
    let fails = Demand::new(&rules::FAILURE, What::Outcome(&[Outcome::Error, Outcome::Failure]));
    match drawn.class {
        "success" => of_success(drawn),
        "not-aws-json:success-with-error-body" => Vec::new(),
        class if class.starts_with("not-aws-json:") => {
            let is_success = (200..300).contains(&drawn.response.status);
            // An empty output may be filled in by a client.
            let may_be_filled_in = is_success
                && matches!(class, "not-aws-json:empty" | "not-aws-json:not-object" | "not-aws-json:not-json");
            if may_be_filled_in { Vec::new() } else { vec![fails] }
        }
        class if drawn.response.status >= 400 => [vec![fails], of_error(drawn, class)].concat(),
        _ => vec![fails],
    }
}

fn of_success(drawn: &Drawn) -> Vec<Demand> {
    let broken = |rule: &str| drawn.rules.contains(rule);
    if broken("response.members") {
        return vec![Demand::new(&rules::FAILS_CLOSED, What::NoOptions)];
    }
    let Some((options, of_member)) = &drawn.options else { return Vec::new() };
    // What parsers of JSON read in different ways.
    if of_member.contains("options.json.duplicate-member")
        || options.rules().iter().any(|rule| rule.starts_with("json."))
    {
        return Vec::new();
    }
    let Ok(value) = serde_json::from_slice(&options.text) else { return Vec::new() };
    let [sdk, webauthn] = options_demands(vec![value]);
    let is_usual =
        !is_open(&drawn.response.body) && !["response.status", "response.content-type"].into_iter().any(broken);
    let success = Demand::new(&rules::SUCCESS, What::Outcome(&[Outcome::Success])).of(Layer::Sdk);
    // Of wrong options a client of WebAuthn may make what Web IDL makes of them.
    let is_right = options.rules().iter().all(|rule| rule.starts_with("cognito."));
    is_usual.then_some(success).into_iter().chain([sdk]).chain(is_right.then_some(webauthn)).collect()
}

/// That an error is named, where every client can read it and finds the same name.
fn of_error(drawn: &Drawn, class: &str) -> Vec<Demand> {
    let broken = |rule: &str| drawn.rules.contains(rule);
    let body = Object::parse(&drawn.response.body).ok();
    let is_text = |name: &str| {
        let member = body.as_ref().and_then(|body| body.last(name));
        member.is_none_or(|member| member.string().is_some())
    };
    // Where a client must not look at the body, or looks at places that do not name the same, or at one of two members, the names
    // may differ; and what has a message that is no text, or is deep, need not be read.
    let may_differ = ["error.code.agrees", "error.type-member", "response.content-type"].into_iter().any(broken)
        || body.as_ref().is_some_and(|body| body.count("__type") > 1)
        || !["message", "Message", "MESSAGE"].into_iter().all(is_text)
        || is_open(&drawn.response.body);
    if may_differ {
        return Vec::new();
    }
    let is_unknown = class.starts_with("unknown:");
    let mut names = vec![class.strip_prefix("unknown:").unwrap_or(class).to_owned()];
    // The specification does not order the places.
    for code in body.iter().flat_map(|body| error_codes(&drawn.response, body)) {
        if !names.iter().any(|name| name == code.name()) {
            names.push(code.name().to_owned());
        }
    }
    let rule = if is_unknown { &rules::ERROR_UNKNOWN } else { &rules::ERROR_CODE };
    vec![
        Demand::new(&rules::ERROR, What::Outcome(&[Outcome::Error])),
        Demand::new(rule, What::Code(names.into_iter().map(Cow::Owned).collect())),
    ]
}

/// Whether it is JSON that a parser need not read, for its depth or for what its texts and numbers hold (RFC 8259, 9): one that
/// ours of values does not, or that is deeper than the lowest limit that is widespread, the 64 levels of .NET.
fn is_open(body: &[u8]) -> bool {
    Object::parse(body).is_ok() && (serde_json::from_slice::<Value>(body).is_err() || depth(body) > 60)
}

/// How deeply JSON is nested.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_text,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
