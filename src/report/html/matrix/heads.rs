//! What is counted of the grid: by implementation, by theme, beside live Cognito, and by rule.

use maud::{Markup, html};

use super::super::glance::capital;
use super::super::parts;
use super::super::shell::Section;
use super::grid;
use crate::matrix::{Column, Matrix, Standing, State, Tally, Wrong};
use crate::run::{Verdict, Words};
use crate::suite::Side;

/// How many of the rules that an implementation breaks are told at once.
const SHOWN: usize = 3;

fn counted(tally: &Tally) -> Vec<(Verdict, usize)> {
    Verdict::ALL.into_iter().map(|verdict| (verdict, tally.of(verdict))).filter(|(_, count)| *count > 0).collect()
}

fn table(name: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label=(name) {
            table.themes { caption.hidden { (name) } thead { tr { (head) } } tbody { (body) } }
        }
    }
}

fn count(n: usize) -> Markup {
    html! { @if n == 0 { td.none { "·" } } @else { td { (parts::number(n)) } } }
}

/// Each implementation with its verdicts.
pub(super) fn implementations(matrix: &Matrix) -> Section {
    let present: Vec<Verdict> = Verdict::ALL
        .into_iter()
        .filter(|verdict| matrix.columns.iter().any(|column| column.all.of(*verdict) > 0))
        .collect();
    let head = html! {
        th scope="col" { (capital(Words::of(matrix.side).column)) }
        th.bars scope="col" { span.hidden { "Verdicts" } }
        @for verdict in &present { th scope="col" { (parts::verdict(*verdict)) } }
        th scope="col" { "in its baseline" }
        @if matrix.side.is_server() { th scope="col" { "as live Cognito" } }
    };
    let body = html! {
        @for column in &matrix.columns {
            tr {
                th scope="row" { (name(column)) }
                @match &column.state {
                    State::NotImplemented { said } => {
                        td.said colspan=(present.len() + 2 + usize::from(matrix.side.is_server())) { "does not know the operation: " (parts::shown(said)) }
                    }
                    state => {
                        td.bars {
                            (parts::bar(&counted(&column.all)))
                            @if let State::Partly { not_run } = state { span.broken { (parts::cases(Words::of(matrix.side), *not_run)) " not run" } }
                        }
                        @for verdict in &present { (count(column.all.of(*verdict))) }
                        (count(column.all.known))
                        @if matrix.side.is_server() { td { (as_live(&column.all)) } }
                    }
                }
            }
        }
    };
    let (id, name) = match matrix.side {
        Side::Server => ("implementations", "Implementations"),
        Side::Client => ("clients", "Clients"),
    };
    Section { id, name, lead: None, count: matrix.columns.len(), body: table(name, &head, &body) }
}

fn name(column: &Column) -> Markup {
    html! {
        strong {
            @match &column.homepage { Some(page) => (parts::link(page, &column.name)), None => (parts::shown(&column.name)) }
        }
        @if let Some(version) = &column.version { " " span.muted { (parts::shown(version)) } }
        span.day { "run on " (parts::shown(&column.day)) }
    }
}

/// How many answers are live Cognito's, of those where it is known by more than inference.
fn as_live(tally: &Tally) -> String {
    let known: usize = Standing::ALL
        .into_iter()
        .filter(|standing| !matches!(standing, Standing::Unknown | Standing::NotComparable))
        .map(|standing| firm(tally, standing))
        .sum();
    if known == 0 { "·".to_owned() } else { format!("{} of {}", firm(tally, Standing::Same), known) }
}

fn firm(tally: &Tally, standing: Standing) -> usize {
    tally.standing(standing) - tally.live_inferred.get(&standing).copied().unwrap_or_default()
}

fn judged(matrix: &Matrix) -> Vec<&Column> {
    matrix.columns.iter().filter(|column| column.all.cells > 0).collect()
}

/// The verdicts of each theme.
pub(super) fn themes(matrix: &Matrix) -> Section {
    let columns = judged(matrix);
    let themes = grid::themes(matrix);
    let head = html! {
        th scope="col" { "Theme" }
        @for column in &columns { th scope="col" { (parts::shown(&column.name)) } }
    };
    let body = html! {
        @for theme in &themes {
            tr {
                th scope="row" { a href={ "#theme-" (theme) } { (theme) } }
                @for column in &columns {
                    @let tally = column.theme(*theme);
                    td.bars {
                        (parts::bar(&counted(&tally)))
                        span.loud {
                            @for verdict in [Verdict::Fail, Verdict::Warn] {
                                @if tally.of(verdict) > 0 { span class={ "v " (verdict) } { (parts::number(tally.of(verdict))) " " (verdict) } " " }
                            }
                            span.muted { "of " (parts::number(tally.cells)) }
                        }
                    }
                }
            }
        }
    };
    let body = table("Verdicts by theme", &head, &body);
    Section {
        id: "themes",
        name: "By theme",
        lead: None,
        count: if columns.is_empty() { 0 } else { themes.len() },
        body,
    }
}

/// How the answers stand to live Cognito.
pub(super) fn beside_live(matrix: &Matrix) -> Section {
    let columns = judged(matrix);
    let head = html! {
        th scope="col" { "Answer" }
        @for column in &columns { th scope="col" { (parts::shown(&column.name)) } }
    };
    let present: Vec<Standing> = Standing::ALL
        .into_iter()
        .filter(|standing| columns.iter().any(|column| column.all.standing(*standing) > 0))
        .collect();
    let body = html! {
        @for standing in &present {
            tr {
                th scope="row" { (super::cell::standing(*standing)) }
                @for column in &columns {
                    @let (firm, all) = (firm(&column.all, *standing), column.all.standing(*standing));
                    @if all == 0 { td.none { "·" } }
                    @else if all == firm { td { (parts::number(all)) } }
                    @else { td { (parts::number(firm)) span.muted { " + " (parts::number(all - firm)) } } }
                }
            }
        }
    };
    let body = table("Answers beside live Cognito", &head, &body);
    let lead = Some("What stands behind `+` is of cases where live Cognito's answer is only inferred.");
    Section {
        id: "live",
        name: "Beside live Cognito",
        lead,
        // Clients are not held against it.
        count: if columns.is_empty() || !matrix.side.is_server() { 0 } else { present.len() },
        body,
    }
}

/// What each gets wrong most.
pub(super) fn wrong(matrix: &Matrix) -> Section {
    let columns: Vec<&Column> = matrix.columns.iter().filter(|column| !column.wrong.is_empty()).collect();
    let body = html! {
        @for column in &columns {
            article.story {
                h3 { (parts::shown(&column.name)) }
                @let (first, more) = column.wrong.split_at(column.wrong.len().min(SHOWN));
                (broken(matrix, first))
                @if !more.is_empty() {
                    details.rest { summary { "and " (parts::number(more.len())) " more" } (broken(matrix, more)) }
                }
            }
        }
    };
    let lead = Some(match matrix.side {
        Side::Server => "The rules that an implementation breaks, the one that is broken in most cases first.",
        Side::Client => "The rules that a client breaks, the one that is broken in most scenarios first.",
    });
    Section { id: "wrong", name: "What each gets wrong most", lead, count: columns.len(), body }
}

fn broken(matrix: &Matrix, wrong: &[Wrong]) -> Markup {
    html! {
        ul.broken-rules {
            @for wrong in wrong {
                li {
                    span class={ "v " (Verdict::from(wrong.severity)) } { (parts::number(wrong.cases)) " " (Verdict::from(wrong.severity)) }
                    div {
                        (parts::rule(&wrong.rule))
                        @if let Some(told) = matrix.rules.get(&wrong.rule) {
                            " " (parts::level(told.level)) " " (parts::evidence(told.evidence))
                            p { (parts::sentence(&told.statement)) }
                        }
                    }
                }
            }
        }
    }
}
