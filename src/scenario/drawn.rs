//! Answers of the generator: one with each of its labelled defects, and what is demanded for any that it draws.

use arbitrary::Unstructured;
use serde_json::Value;

use super::build::options_demands;
use super::{Demand, Framing, Outcome, Reply, Scenario, What};
use crate::cognito::rules::client as rules;
use crate::generate::response::{Drawn, Part, ResponseDefect, To, defects, with};
use crate::wire::json::Object;

/// A scenario for each defect of the generator.
pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (to, word) in [(To::Success, "success"), (To::Error, "error")] {
        for defect in defects().iter().filter(|defect| defect.fits(to)) {
            let id = format!("{}.drawn.{word}.{}", theme(defect), defect.name);
            let block = |n: u8| ring::digest::digest(&ring::digest::SHA256, &[id.as_bytes(), &[0, n]].concat());
            let bytes: Vec<u8> = (0..64).flat_map(|n| block(n).as_ref().to_vec()).collect();
            // The bytes are enough for any of them.
            let Ok(drawn) = with(&mut Unstructured::new(&bytes), to, vec![defect]) else { continue };
            let title = format!(
                "{} of the generator with the defect {}.",
                if to == To::Success { "A success" } else { "An error" },
                defect.name
            );
            let mut scenario = Scenario::new(id, title, vec![reply(&drawn)]);
            scenario.demands.extend(demands(&drawn));
            all.push(if defect.part == Part::RequestId {
                scenario.with_request_id_of(&drawn.response)
            } else {
                scenario
            });
        }
    }
    all
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
pub(crate) fn reply(drawn: &Drawn) -> Reply {
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
    let one = |rule, what| Demand::new(rule, what);
    let broken = |rule: &str| drawn.rules.contains(rule);
    // How much of the body there is differs from client to client, or it is none.
    if broken("response.framing") {
        return Vec::new();
    }
    let is_open = is_open(&drawn.response.body);
    match drawn.class {
        "success" => {
            let value = drawn.options.as_ref().and_then(|(drawn, of_member)| {
                let is_twice = of_member.contains("options.json.duplicate-member");
                if is_twice || drawn.rules().iter().any(|rule| rule.starts_with("json.")) {
                    return None;
                }
                serde_json::from_slice(&drawn.text).ok()
            });
            let is_usual =
                !is_open && !["response.status", "response.content-type", "response.members"].into_iter().any(broken);
            match value {
                Some(value) if !broken("response.members") => {
                    let success = one(&rules::SUCCESS, What::Outcome(&[Outcome::Success])).of(super::Layer::Sdk);
                    let success = if is_usual { vec![success] } else { Vec::new() };
                    success.into_iter().chain(options_demands(vec![value])).collect()
                }
                Some(_) | None if broken("response.members") => vec![one(&rules::FAILS_CLOSED, What::NoOptions)],
                Some(_) | None => Vec::new(),
            }
        }
        "not-aws-json:success-with-error-body" => Vec::new(),
        class if class.starts_with("not-aws-json:") => {
            let is_success = (200..300).contains(&drawn.response.status);
            // An empty output may be filled in by a client.
            let may_be_filled_in = is_success
                && matches!(class, "not-aws-json:empty" | "not-aws-json:not-object" | "not-aws-json:not-json");
            let fails = one(&rules::FAILURE, What::Outcome(&[Outcome::Error, Outcome::Failure]));
            if may_be_filled_in { Vec::new() } else { vec![fails] }
        }
        class => {
            let name = class.strip_prefix("unknown:").unwrap_or(class);
            let is_error = drawn.response.status >= 400;
            // Where a client must not look at the body, or looks at places that do not name the same, the names may differ.
            let is_plain = !is_open
                && !["error.code.agrees", "error.type-member", "response.content-type"].into_iter().any(broken);
            if !is_error {
                return vec![one(&rules::FAILURE, What::Outcome(&[Outcome::Error, Outcome::Failure]))];
            }
            let mut demands = vec![one(&rules::FAILURE, What::Outcome(&[Outcome::Error, Outcome::Failure]))];
            if is_plain {
                demands.push(one(&rules::ERROR, What::Outcome(&[Outcome::Error])));
                let rule = if class.starts_with("unknown:") { &rules::ERROR_UNKNOWN } else { &rules::ERROR_CODE };
                demands.push(one(rule, What::Code(vec![name.to_owned().into()])));
            }
            demands
        }
    }
}

/// Whether it is JSON that a parser need not read, for its depth or for what its texts and numbers hold (RFC 8259, 9): one that
/// ours of values does not.
fn is_open(body: &[u8]) -> bool {
    Object::parse(body).is_ok() && serde_json::from_slice::<Value>(body).is_err()
}
