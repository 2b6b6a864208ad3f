//! How implementations stand to one another in a case, whatever live Cognito does.

use std::collections::BTreeMap;

use serde_json::Value;

use super::build::{Input, cut};
use super::live::of_exchange;
use super::{Between, Member, MemberValue};
use crate::run::Outcome;
use crate::snapshot::{Block, blocks};
use crate::suite::Side;

/// The most members that are told of one case. Options have some twenty.
const MEMBERS: usize = 32;

/// Compares those of one side that were judged by answers of their own.
pub(super) fn compare(side: Side, outcomes: &[(&Input, &Outcome)]) -> (Between, Vec<Member>) {
    let judged: Vec<(&str, Vec<Block<'_>>)> = outcomes
        .iter()
        .filter_map(|(input, outcome)| Some((input.name.as_str(), blocks(outcome.judged_observation()?))))
        .collect();
    if judged.len() < 2 {
        return (Between::Single, Vec::new());
    }
    let (classes, document): (&[&str], &str) = match side {
        Side::Server => (&["status", "class", "transport"], "body"),
        Side::Client => (&["outcome", "code"], OPTIONS),
    };
    if !alike(&judged, classes) {
        return (Between::Classes, Vec::new());
    }
    let members = members(&judged, document);
    let between = match () {
        () if !members.is_empty() => Between::Members,
        () if !alike(&judged, &["message"]) => Between::Messages,
        () => Between::Alike,
    };
    (between, members)
}

/// The document of a client's observation.
const OPTIONS: &str = "options";

/// What is told of no options.
const NONE: &str = "null";

fn is_none(text: &str) -> bool {
    text == NONE
}

fn alike(judged: &[(&str, Vec<Block<'_>>)], keys: &[&str]) -> bool {
    let value = |block: &Block<'_>, key: &str| {
        // What a client calls its own failure, and what it says of it, is its own.
        let is_own = block.value("outcome") == Some("failure") && key != "outcome";
        block.value(key).filter(|_| !is_own).map(str::to_owned)
    };
    let values = |blocks: &[Block<'_>]| -> Vec<Vec<Option<String>>> {
        blocks.iter().map(|block| keys.iter().map(|key| value(block, key)).collect()).collect()
    };
    judged.windows(2).all(|pair| values(&pair[0].1) == values(&pair[1].1))
}

/// The members of the document under that key that are not the same everywhere.
fn members(judged: &[(&str, Vec<Block<'_>>)], key: &str) -> Vec<Member> {
    let mut all: BTreeMap<String, BTreeMap<&str, String>> = BTreeMap::new();
    // Of options that one client hands on and another does not, each member would tell the same.
    let has_none = |blocks: &[Block<'_>]| blocks.iter().any(|block| block.value(key).is_none_or(is_none));
    let some_have_none = key == OPTIONS && judged.iter().any(|(_, blocks)| has_none(blocks));
    for (name, blocks) in judged {
        for (exchange, block) in (1..).zip(blocks) {
            let Some(text) = block.value(key) else { continue };
            let mut leaves = Vec::new();
            match serde_json::from_str(text) {
                _ if some_have_none => {
                    leaves.push((key.to_owned(), if is_none(text) { NONE } else { "some" }.to_owned()))
                }
                Ok(document) => flatten(&document, key.to_owned(), &mut leaves),
                Err(_) => leaves.push((key.to_owned(), text.to_owned())),
            }
            for (pointer, value) in leaves {
                all.entry(cut(&of_exchange(exchange, &pointer))).or_default().insert(name, cut(&value));
            }
        }
    }
    let mut members: Vec<Member> = all
        .into_iter()
        .map(|(what, by_name)| {
            let mut values: Vec<MemberValue> = Vec::new();
            for (name, _) in judged {
                let value = by_name.get(name).cloned();
                match values.iter_mut().find(|told| told.value == value) {
                    Some(told) => told.columns.push((*name).to_owned()),
                    None => values.push(MemberValue { value, columns: vec![(*name).to_owned()] }),
                }
            }
            Member { what, values }
        })
        .filter(|member| member.values.len() > 1)
        .collect();
    members.truncate(MEMBERS);
    members
}

/// Objects by their members; lists are values, for their order has a meaning.
fn flatten(value: &Value, pointer: String, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                flatten(value, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), leaves);
            }
        }
        // Clients write numbers in ways of their own, which mean the same.
        Value::Number(number) if pointer.starts_with(OPTIONS) && number.is_f64() => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15);
            leaves.push((pointer, whole.map_or_else(|| number.to_string(), |number| format!("{number:.0}"))));
        }
        value => leaves.push((pointer, value.to_string())),
    }
}
