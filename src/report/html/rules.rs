//! The rules that the run's cases prove, each with where it is written and how many cases there are.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::shell::Section;
use super::{Page, parts};
use crate::cognito::{Evidence, Level, rules};
use crate::matrix::Matrix;
use crate::report::groups;
use crate::run::Words;
use crate::suite::Side;

/// A rule as the page tells it.
struct Told<'a> {
    id: &'a str,
    level: Level,
    evidence: Evidence,
    statement: &'a str,
    source: String,
    url: &'a str,
}

#[derive(Clone, Copy, Default)]
struct Uses {
    cases: usize,
    broken: usize,
}

/// All rules, by the first word of their ids.
pub(super) fn section(page: &Page<'_>) -> Section {
    let run = page.run;
    let mut uses: BTreeMap<&str, Uses> = BTreeMap::new();
    let mut told: BTreeMap<&str, Told<'_>> = BTreeMap::new();
    for outcome in &run.cases {
        let mut broken: Vec<&str> = Vec::new();
        for finding in &outcome.findings {
            let id: &str = &finding.rule;
            // What broke a rule tells it, also one that this version does not have.
            told.entry(id).or_insert_with(|| Told {
                id,
                level: finding.level,
                evidence: finding.evidence,
                statement: &finding.statement,
                source: finding.source.clone(),
                url: &finding.url,
            });
            if !broken.contains(&id) {
                broken.push(id);
                uses.entry(id).or_default().broken += 1;
            }
        }
        for id in &outcome.rules {
            uses.entry(id).or_default().cases += 1;
        }
    }
    for rule in uses.keys().filter_map(|id| rules::rule(id)) {
        told.entry(rule.id).or_insert_with(|| Told {
            id: rule.id,
            level: rule.level,
            evidence: rule.evidence,
            statement: rule.statement,
            source: rule.source.to_string(),
            url: rule.source.document.url,
        });
    }
    let lead = Some(match run.run.side {
        Side::Server => "What the run's cases prove, and where it is written.",
        Side::Client => "What the run's scenarios prove, and where it is written.",
    });
    let body = tables(page.words, told.values(), &uses);
    Section { id: "rules", name: "Rules", lead, count: told.len(), body }
}

/// The rules that findings of the matrix are about, each with the number of cells.
pub(super) fn of_matrix(matrix: &Matrix) -> Section {
    let mut uses: BTreeMap<&str, Uses> = BTreeMap::new();
    for cell in matrix.rows.iter().flat_map(|row| row.cells.values()) {
        let broken: BTreeSet<&str> = cell.findings.iter().map(|finding| finding.rule.as_str()).collect();
        for rule in broken {
            uses.entry(rule).or_default().broken += 1;
        }
    }
    for row in &matrix.rows {
        for rule in &row.proves {
            uses.entry(rule).or_default().cases += 1;
        }
    }
    let told: Vec<Told<'_>> = matrix
        .rules
        .iter()
        .map(|(id, rule)| Told {
            id,
            level: rule.level,
            evidence: rule.evidence,
            statement: &rule.statement,
            source: rule.source.clone(),
            url: &rule.url,
        })
        .collect();
    let lead = Some("What findings in the grid are about, and where it is written.");
    Section { id: "rules", name: "Rules", lead, count: told.len(), body: tables(Words::of(matrix.side), &told, &uses) }
}

/// A table for each first word of their ids.
fn tables<'a>(words: &Words, told: impl IntoIterator<Item = &'a Told<'a>>, uses: &BTreeMap<&str, Uses>) -> Markup {
    let groups = groups::by_key(told, |told| told.id.split('.').next().unwrap_or_default());
    html! {
        div.stack { @for group in &groups {
            @let name = group.first().and_then(|told| told.id.split('.').next()).unwrap_or_default();
            details.theme {
                summary { h3 { (parts::shown(name)) } span.count { (parts::number(group.len())) } }
                table.list {
                    caption.hidden { "Rules of the group " (parts::shown(name)) }
                    thead { tr { th scope="col" { "Level" } th scope="col" { "Rule" } th scope="col" { "Source" } th.time scope="col" { (words.heading) } } }
                    tbody { @for told in group { (row(told, uses.get(told.id).copied().unwrap_or_default())) } }
                }
            }
        } }
    }
}

fn row(told: &Told<'_>, uses: Uses) -> Markup {
    html! {
        tr id=(parts::anchor("rule", told.id)) {
            td { (parts::level(told.level)) }
            th scope="row" {
                span.id { (parts::shown(told.id)) } " "
                span.title { (parts::sentence(told.statement)) }
            }
            td.rules { (parts::evidence(told.evidence)) " " (parts::link(told.url, &told.source)) }
            td.time {
                (parts::number(uses.cases))
                @if uses.broken > 0 { " " span.broken { (parts::number(uses.broken)) " not followed" } }
            }
        }
    }
}
