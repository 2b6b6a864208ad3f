//! Every case in a line, by theme, with what finds it.

use maud::{Markup, html};

use super::glance::capital;
use super::{Page, Section, parts};
use crate::cognito::{Evidence, Level, rules};
use crate::run::{Outcome, Verdict, Words};
use crate::suite::{Side, Theme};

/// How many of the slowest cases are told.
const SLOWEST: usize = 10;

/// Search and filters. Without a script they would do nothing, so that the page's style hides them there.
pub(super) fn controls(page: &Page<'_>) -> Markup {
    let run = page.run;
    let present: Vec<Verdict> =
        Verdict::ALL.into_iter().filter(|verdict| run.summary.counts.of(*verdict) > 0).collect();
    let themes: Vec<Theme> = (Theme::of(run.run.side).iter().copied())
        .filter(|theme| run.cases.iter().any(|outcome| outcome.theme == *theme))
        .collect();
    let levels = [Level::Must, Level::Should, Level::May];
    let evidence = [Evidence::Recorded, Evidence::Documented, Evidence::Inferred];
    html! {
        form.controls role="search" aria-label=(page.words.heading) {
            (search("id, title, rule, message"))
            (verdicts(&present))
            (select("theme", "Theme", &themes))
            (select("level", "Level", &levels))
            (select("evidence", "Evidence", &evidence))
            (state(page.words, run.cases.len()))
        }
    }
}

/// The field of the search, and what it looks through.
pub(super) fn search(looks_through: &str) -> Markup {
    html! {
        div.search {
            label for="q" { "Search" }
            input #q name="q" type="search" autocomplete="off" spellcheck="false" placeholder=(looks_through)
                aria-keyshortcuts="/";
            kbd aria-hidden="true" { "/" }
        }
    }
}

/// The verdicts to choose from.
pub(super) fn verdicts(verdicts: &[Verdict]) -> Markup {
    html! {
        fieldset.verdicts {
            legend { "Verdict" }
            @for verdict in verdicts {
                label { input type="checkbox" name="verdict" value=(verdict); (parts::verdict(*verdict)) }
            }
        }
    }
}

/// How many cases match, which the script keeps right.
pub(super) fn state(words: &Words, cases: usize) -> Markup {
    html! {
        p.state {
            output #matches { (parts::cases(words, cases)) }
            button #clear type="reset" { "Clear" }
        }
    }
}

/// A choice of one value, or any.
pub(super) fn select(name: &str, label: &str, values: &[impl std::fmt::Display]) -> Markup {
    html! {
        label.select {
            span { (label) }
            select name=(name) {
                option value="" { "any" }
                @for value in values { option value=(value) { (value) } }
            }
        }
    }
}

/// All cases.
pub(super) fn section(page: &Page<'_>) -> Section {
    let cases = &page.run.cases;
    let body = html! {
        div.stack { @for theme in Theme::of(page.run.run.side) {
            @let of_theme = cases.iter().filter(|outcome| outcome.theme == *theme);
            @if of_theme.clone().next().is_some() {
                details.theme id={ "theme-" (theme) } {
                    summary { h3 { (theme) } span.count { (parts::number(of_theme.clone().count())) } }
                    table.list {
                        caption.hidden { (page.words.heading) " of the theme " (theme) }
                        thead { tr { th scope="col" { "Verdict" } th scope="col" { (capital(page.words.case)) } th scope="col" { "Rules" } th.time scope="col" { "Time" } } }
                        tbody { @for outcome in of_theme { (row(outcome)) } }
                    }
                }
            }
        } (slowest(cases)) }
    };
    let name = match page.run.run.side {
        Side::Server => "All cases",
        Side::Client => "All scenarios",
    };
    Section { id: "cases", name, lead: None, count: cases.len(), body }
}

/// Whether the case is told in full elsewhere on the page, under the same anchor.
fn is_told(outcome: &Outcome) -> bool {
    outcome.verdict != Verdict::Pass || outcome.drift.is_some()
}

fn row(outcome: &Outcome) -> Markup {
    let anchor = parts::anchor("case", &outcome.id);
    html! {
        tr id=[(!is_told(outcome)).then_some(&anchor)] {
            td { (parts::verdict(outcome.verdict)) }
            th scope="row" {
                a.id href={ "#" (anchor) } { (parts::shown(&outcome.id)) } " "
                span.title { (parts::sentence(&outcome.title)) }
            }
            td.rules {
                @for id in &outcome.rules {
                    div {
                        (parts::rule(id))
                        @if let Some(rule) = rules::rule(id) { " " (parts::level(rule.level)) " " (parts::evidence(rule.evidence)) }
                    }
                }
            }
            td.time { (parts::time(outcome.duration_ms)) }
        }
    }
}

fn slowest(cases: &[Outcome]) -> Markup {
    let mut slowest: Vec<&Outcome> = cases.iter().collect();
    slowest.sort_by_key(|outcome| std::cmp::Reverse(outcome.duration_ms));
    html! {
        details.slowest {
            summary { h3 { "The slowest" } }
            ol {
                @for outcome in slowest.iter().take(SLOWEST) {
                    li {
                        a.id href={ "#" (parts::anchor("case", &outcome.id)) } { (parts::shown(&outcome.id)) } " "
                        span.time { (parts::time(outcome.duration_ms)) }
                    }
                }
            }
        }
    }
}
