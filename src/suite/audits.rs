//! Audits: what must hold of every answer of the run, one case a rule.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::is_served;
use super::{Audited, Case, Recorded};
use crate::cognito::{Finding, Rule, START};

/// One case for each of these rules that an answer is judged by, whatever it answers.
pub(super) fn of_answers(rules: &[&'static Rule], theme: &str) -> Vec<Case> {
    let case = |rule: &'static Rule| {
        Case::audit(id(rule, theme), "holds in every answer of the run", rule, move |log| {
            let answered: Vec<_> = log.iter().filter(|recorded| recorded.exchange.result.is_ok()).collect();
            (!answered.is_empty()).then(|| summed_up(rule, &answered))
        })
    };
    rules.iter().copied().map(case).collect()
}

/// One case for each of these rules on creation options.
pub(super) fn of_options(rules: impl Iterator<Item = &'static Rule>) -> Vec<Case> {
    let case = |rule: &'static Rule| {
        Case::audit(rule.id, "holds in all creation options of the run", rule, move |log| {
            let served: Vec<_> = log.iter().filter(|recorded| is_start(recorded) && is_served(recorded)).collect();
            (!served.is_empty()).then(|| summed_up(rule, &served))
        })
    };
    rules.map(case).collect()
}

fn is_start(recorded: &Recorded) -> bool {
    recorded.exchange.request.operation() == &START
}

fn id(rule: &Rule, theme: &str) -> String {
    let rest = rule.id.split_once('.').map_or(rule.id, |(_, rest)| rest);
    format!("{theme}.every.{rest}")
}

/// The findings of that rule in these answers. Those at one place are told once, with their number, one value as an example
/// and the case where it was first seen.
fn summed_up(rule: &'static Rule, answers: &[&Recorded]) -> Audited {
    struct Group<'a> {
        finding: &'a Finding,
        first: &'a Recorded,
        values: BTreeSet<&'a str>,
        answers: usize,
    }
    let mut groups: BTreeMap<(Option<&str>, &str), Group<'_>> = BTreeMap::new();
    for recorded in answers {
        for finding in recorded.findings.iter().filter(|finding| finding.rule.id == rule.id) {
            let key = (finding.pointer.as_deref(), finding.wanted.as_str());
            let new = || Group { finding, first: recorded, values: BTreeSet::new(), answers: 0 };
            let group = groups.entry(key).or_insert_with(new);
            group.values.insert(&finding.got);
            group.answers += 1;
        }
    }
    let of = answers.len();
    let mut audited = Audited::default();
    for Group { finding, first, values, answers } in groups.into_values() {
        let others = match values.len() - 1 {
            0 => String::new(),
            others => format!(" and {others} other values"),
        };
        let got = format!("{}{others} (in {answers} of {of} answers, first in {})", finding.got, first.case);
        audited.findings.push(Finding { got, ..finding.clone() });
        audited.examples.push(first.clone());
    }
    audited
}
