//! What is told besides failures and warnings: drift, what the baseline lists, notes, and cases without a verdict.

use maud::{Markup, html};

use super::stories::cases;
use super::{Page, Section, finding, parts};
use crate::report::{groups, story};
use crate::run::{Outcome, Verdict};
use crate::suite::Side;

/// Observations that are not the expected ones.
pub(super) fn drift(page: &Page<'_>) -> Section {
    let drifted = page.run.cases.iter().filter_map(|outcome| Some((outcome, outcome.drift.as_ref()?)));
    let mut found = groups::by_key(drifted, |(_, drift)| (*drift).clone());
    found.sort_by_key(|group| std::cmp::Reverse(group.first().is_some_and(|(_, drift)| drift.fails())));
    let body = html! {
        @for group in &found {
            @if let Some((_, drift)) = group.first() {
                article.story {
                    p.says {
                        (parts::verdict(if drift.fails() { Verdict::Fail } else { Verdict::Warn })) " "
                        "differs from " (parts::shown(&story::expectation(drift)))
                        @if let Some(evidence) = drift.evidence { " " span.muted { "(" (evidence.meaning()) ")" } }
                    }
                    p.key { del { "- expected" } " " ins { "+ observed" } }
                    (parts::diff("What was expected and what was observed", &drift.diff))
                    @let (passed, others): (Vec<&Outcome>, Vec<&Outcome>) =
                        group.iter().map(|(outcome, _)| *outcome).partition(|outcome| outcome.verdict == Verdict::Pass);
                    @if !others.is_empty() {
                        p.key { "Told in the section of their verdict:" }
                        ul.elsewhere {
                            @for outcome in others {
                                li {
                                    (parts::verdict(outcome.verdict))
                                    a.id href={ "#" (parts::anchor("case", &outcome.id)) } { (parts::shown(&outcome.id)) }
                                }
                            }
                        }
                    }
                    @if !passed.is_empty() { (cases(page, &passed, &[])) }
                }
            }
        }
    };
    let count = found.iter().map(Vec::len).sum();
    let lead = Some("The answer is another than the snapshot's, whatever the rules say of it.");
    Section { id: "drift", name: "Drift", lead, count, body }
}

/// Known failures, by the reason for which they are known.
pub(super) fn known(page: &Page<'_>) -> Section {
    let outcomes = page.of(Verdict::Known);
    let listed = |outcome: &&Outcome| {
        outcome.listed.as_ref().map(|listed| (listed.reason.clone(), listed.link.clone(), listed.expires.clone()))
    };
    let count = outcomes.len();
    let body = html! {
        @for group in groups::by_key(outcomes, listed) {
            @if let Some(listed) = group.first().and_then(|outcome| outcome.listed.as_ref()) {
                article.story {
                    p.says { strong { (parts::sentence(&listed.reason)) } }
                    @if listed.link.is_some() || listed.expires.is_some() {
                        dl.pairs {
                            @if let Some(link) = &listed.link { dt { "link" } dd { (parts::link(link, link)) } }
                            @if let Some(day) = &listed.expires {
                                dt { "expires" }
                                dd {
                                    (day)
                                    @if listed.expired { "; " span.v.warn { "expired" } " mend the failure, or give it another day" }
                                }
                            }
                        }
                    }
                    (cases(page, &group, &[]))
                }
            }
        }
    };
    let lead = Some("They fail in the way that the baseline lists, and do not fail the run.");
    Section { id: "known", name: "Known failures", lead, count, body }
}

/// What the baseline lists and is gone.
pub(super) fn fixed(page: &Page<'_>) -> Section {
    let outcomes = page.of(Verdict::Fixed);
    let count = outcomes.len();
    let body = html! {
        article.story {
            @for outcome in &outcomes {
                @if let Some(listed) = &outcome.listed {
                    p.says { strong { (parts::shown(&outcome.id)) } " " (story::verb(listed.found)) " now" }
                    dl.pairs {
                        dt { "listed" } dd { (parts::value(&listed.fingerprint.join("; "))) }
                        dt { "reason" } dd {
                            (parts::sentence(&listed.reason))
                            @if let Some(link) = &listed.link { " " (parts::link(link, link)) }
                        }
                    }
                }
            }
            (cases(page, &outcomes, &[]))
        }
    };
    let lead = Some("The baseline lists a failure that is gone: remove it with `cogspec baseline update`.");
    Section { id: "fixed", name: "Fixed", lead, count, body }
}

/// Notes, by the rules that they are about.
pub(super) fn notes(page: &Page<'_>) -> Section {
    let outcomes = page.of(Verdict::Note);
    let count = outcomes.len();
    let about = |outcome: &&Outcome| outcome.findings.first().map(|finding| finding.rule.clone());
    let body = html! {
        div.stack { @for group in groups::by_key(outcomes, about) {
            @if let Some(finding) = group.first().and_then(|outcome| outcome.findings.first()) {
                details.story {
                    summary {
                        span.name {
                            (parts::level(finding.level)) " "
                            span.id { (parts::shown(&finding.rule)) } " "
                            span.title { (parts::sentence(&finding.statement)) }
                        }
                        span.count { (parts::number(group.len())) }
                    }
                    (finding::source(finding))
                    (cases(page, &group, &[]))
                }
            }
        } }
    };
    let lead = Some("A MAY was not followed, or something that nobody knows was observed.");
    Section { id: "note", name: "Notes", lead, count, body }
}

/// Cases that cogspec could not judge.
pub(super) fn errors(page: &Page<'_>) -> Section {
    let lead = "cogspec could not judge: a bug in it, please report it.";
    by_reason(page, Verdict::Error, "error", "Errors of cogspec", lead)
}

/// Cases in which what came proves nothing.
pub(super) fn inconclusive(page: &Page<'_>) -> Section {
    by_reason(page, Verdict::Inconclusive, "inconclusive", "Inconclusive", "What came proves nothing.")
}

/// Cases that the server cannot give what they need.
pub(super) fn skipped(page: &Page<'_>) -> Section {
    let lead = match page.run.run.side {
        Side::Server => "The server cannot give what they need.",
        Side::Client => "The client has no notion of what they are about.",
    };
    by_reason(page, Verdict::Skip, "skip", "Skipped", lead)
}

fn by_reason(page: &Page<'_>, verdict: Verdict, id: &'static str, name: &'static str, lead: &'static str) -> Section {
    let outcomes = page.of(verdict);
    let count = outcomes.len();
    let body = html! {
        div.stack {
            @for group in groups::by_key(outcomes, |outcome| outcome.reason.clone()) { (reason(page, verdict, &group)) }
        }
    };
    Section { id, name, lead: Some(lead), count, body }
}

fn reason(page: &Page<'_>, verdict: Verdict, group: &[&Outcome]) -> Markup {
    let reason = group.first().and_then(|outcome| outcome.reason.as_deref()).unwrap_or("no reason is known");
    html! {
        details.story open[verdict == Verdict::Error] {
            summary {
                span.name { (parts::verdict(verdict)) " " (parts::sentence(reason)) }
                span.count { (parts::number(group.len())) }
            }
            (cases(page, group, &[]))
        }
    }
}
