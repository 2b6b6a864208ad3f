//! Equal things told once: forty cases that fail in one way are one story.

use crate::cognito::Severity;
use crate::run::Outcome;

/// The things in groups of equal keys, in the order of each group's first.
pub(super) fn by_key<T, K: PartialEq>(things: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<Vec<T>> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for thing in things {
        let key = key(&thing);
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, group)) => group.push(thing),
            None => groups.push((key, vec![thing])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Outcomes in groups of one way to break rules of that weight: the same rules, at the same places, with answers of one class,
/// listed alike in the baseline or not at all.
pub(super) fn by_way<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>, severity: Severity) -> Vec<Vec<&'a Outcome>> {
    let way = |outcome: &&'a Outcome| {
        let loud = outcome.findings.iter().filter(|finding| finding.severity == severity);
        let ways = loud.map(|finding| (&finding.rule, &finding.pointer, likeness(&finding.got)));
        (outcome.listed.as_ref().map(|listed| &listed.fingerprint), ways.collect::<Vec<_>>())
    };
    by_key(outcomes, way)
}

/// What is alike in two answers that fail in one way: class and status, for messages name the input.
fn likeness(got: &str) -> &str {
    got.split_once("): ").map_or(got, |(class, _)| class)
}

/// The ids as words, cut after some unless all are wanted.
pub(super) fn ids<'a>(ids: impl ExactSizeIterator<Item = &'a str>, all: bool) -> String {
    const SHOWN: usize = 8;
    let total = ids.len();
    let limit = if all { total } else { SHOWN };
    let mut shown = ids.take(limit).collect::<Vec<_>>().join(", ");
    if total > limit {
        shown.push_str(&format!(" and {} more (--verbose lists them)", total - limit));
    }
    shown
}
