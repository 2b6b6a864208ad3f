//! What is to be seen of an answer: what a client did wrong, and where clients differ.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::call::Called;
use super::super::options::differences;
use super::answer::Answer;
use super::asker::{Clients, Sight};
use super::event::Differing;
use crate::adapter::{Lost, Outcome, Told};
use crate::cognito::{Finding, Severity};
use crate::run::{End, Filter, Subject};
use crate::scenario::Layer;
use crate::suite::Stop;

/// What makes two findings one, but for the defects in the answer: who, the rule or that they differ, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) clients: Vec<usize>,
    pub(super) what: String,
    how: String,
}

/// Something that is to be told of an answer.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) key: Key,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// A client does not do what is demanded.
    Rule(Finding),
    /// Clients of one layer do not do the same.
    Differ(Differing),
}

impl Broken {
    pub(super) fn severity(&self) -> Severity {
        match &self.what {
            What::Rule(finding) => finding.severity(),
            What::Differ(_) => Severity::Note,
        }
    }
}

/// All that an answer shows.
#[derive(Default)]
pub(super) struct Look {
    pub(super) broken: Vec<Broken>,
    /// Clients of which nothing can be told, and why.
    pub(super) nothing: Vec<(usize, String)>,
    /// Clients that have no notion of the operation.
    pub(super) unimplemented: Vec<usize>,
}

/// Looks at what these clients made of an answer; what the filters do not choose is not looked for.
pub(super) fn look(clients: &Clients, answer: &Answer, sights: &[(usize, Sight)], filters: &[Filter]) -> Look {
    let mut look = Look::default();
    for (client, sight) in sights {
        let called = match sight {
            Ok(called) => called,
            Err(why) => {
                look.nothing.push((*client, why.clone()));
                continue;
            }
        };
        match called.end(&answer.scenario, clients.tested[*client].layer(), &clients.token) {
            End::Judged(findings) => {
                look.broken.extend(findings.into_iter().map(|finding| of_rule(*client, called, finding)))
            }
            End::Stopped(Stop::Skip(_)) => look.unimplemented.push(*client),
            End::Stopped(Stop::Inconclusive(why)) | End::Bug(why) => look.nothing.push((*client, why)),
        }
    }
    for layer in [Layer::Sdk, Layer::Webauthn] {
        let told: Vec<(usize, &Told)> = sights
            .iter()
            .filter(|(client, _)| clients.tested[*client].layer() == layer)
            .filter_map(|(client, sight)| Some((*client, sight.as_ref().ok()?.told.as_ref().ok()?)))
            .filter(|(_, told)| told.outcome != Outcome::Unimplemented)
            .collect();
        look.broken.extend(differ(clients, layer, &told));
    }
    look.broken.retain(|broken| {
        let rules: Vec<_> = match &broken.what {
            What::Rule(finding) => vec![finding.rule],
            What::Differ(_) => Vec::new(),
        };
        let subject = Subject { id: &broken.key.what, title: "", rules: &rules, is_of_all_parts: false };
        Filter::choose(filters, subject)
    });
    look
}

fn of_rule(client: usize, called: &Called, finding: Finding) -> Broken {
    let told = match &called.told {
        Ok(told) => told_in_short(told),
        Err(Lost::Ended { code, .. }) => format!("ended with {code}"),
        Err(Lost::Silent { .. }) => "silent".to_owned(),
        Err(_) => "lost".to_owned(),
    };
    let place = place(finding.pointer.as_deref());
    let key = Key { clients: vec![client], what: finding.rule.id.to_owned(), how: format!("{told}{place}") };
    Broken { key, what: What::Rule(finding) }
}

/// Where it is, whichever item of a list that is.
fn place(pointer: Option<&str>) -> String {
    let parts = pointer.unwrap_or_default().split('/');
    parts.filter(|part| part.parse::<usize>().is_err()).collect::<Vec<_>>().join("/")
}

/// The outcome; of a failure also the name that the client has for it, where it is one.
fn told_in_short(told: &Told) -> String {
    let is_name =
        |code: &&str| code.len() <= 60 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.".contains(&b));
    match (told.outcome, told.code.as_deref().filter(is_name)) {
        (Outcome::Failure, Some(code)) => format!("failure {code}"),
        (outcome, _) => outcome.name().to_owned(),
    }
}

/// The first thing in which clients differ: the outcome, the code of an error, the options of a success.
fn differ(clients: &Clients, layer: Layer, told: &[(usize, &Told)]) -> Option<Broken> {
    let (_, first) = told.first()?;
    let outcomes = told.iter().map(|(client, told)| (*client, told.outcome.name().to_owned()));
    if told.iter().any(|(_, told)| told.outcome != first.outcome) {
        return Some(differing(clients, layer, "outcome", outcomes.collect(), None));
    }
    match first.outcome {
        Outcome::Error => {
            let code = |told: &Told| told.code.clone().filter(|code| !code.is_empty());
            let is_other = told.iter().any(|(_, told)| code(told) != code(first));
            let codes = told.iter().map(|(client, told)| (*client, code(told).unwrap_or_else(|| "none".to_owned())));
            is_other.then(|| differing(clients, layer, "code", codes.collect(), None))
        }
        Outcome::Success => {
            let values: Vec<(usize, Value)> = told.iter().map(|(client, told)| (*client, options(told))).collect();
            let (_, first) = values.first()?;
            let of = |value: &Value| differences(first, value, layer).into_iter().next();
            let place = values.iter().find_map(|(_, value)| of(value))?.pointer;
            let at_place = |value: &Value| match value.pointer(&place) {
                Some(value) => value.to_string(),
                None => "nothing".to_owned(),
            };
            let shown = values.iter().map(|(client, value)| (*client, at_place(value)));
            Some(differing(clients, layer, "options", shown.collect(), Some(place)))
        }
        Outcome::Failure | Outcome::Unimplemented => None,
    }
}

fn options(told: &Told) -> Value {
    told.options.as_ref().and_then(|options| serde_json::from_str(options.get()).ok()).unwrap_or(Value::Null)
}

/// Who goes with whom is what makes two differences one; of outcomes also which they are.
fn differing(
    clients: &Clients,
    layer: Layer,
    in_what: &'static str,
    told: Vec<(usize, String)>,
    at: Option<String>,
) -> Broken {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (client, text) in &told {
        groups.entry(text).or_default().push(clients.name(*client));
    }
    let mut sides: Vec<String> = groups
        .iter()
        .map(|(text, names)| match in_what {
            "outcome" => format!("{text}: {}", names.join(" ")),
            _ => names.join(" "),
        })
        .collect();
    sides.sort_unstable();
    let place = place(at.as_deref());
    let key = Key {
        clients: told.iter().map(|(client, _)| *client).collect(),
        what: format!("differ.{}.{in_what}", layer.name()),
        how: format!("{}{place}", sides.join(" | ")),
    };
    let told = told.into_iter().map(|(client, text)| (clients.name(client).to_owned(), text)).collect();
    Broken { key, what: What::Differ(Differing { layer, what: in_what, pointer: at, told }) }
}
