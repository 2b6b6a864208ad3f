//! The grid itself: a table for each theme.

use maud::{Markup, html};

use super::super::glance::capital;
use super::super::parts;
use super::super::shell::Section;
use super::cell;
use crate::matrix::{Between, Column, LiveAnswer, Matrix, Row};
use crate::report::story::Again;
use crate::run::Words;
use crate::suite::{Side, Theme};

/// The themes that any case is of.
pub(super) fn themes(matrix: &Matrix) -> Vec<Theme> {
    let all = Theme::of(matrix.side).iter().copied();
    all.filter(|theme| matrix.rows.iter().any(|row| row.theme == *theme)).collect()
}

/// Every case, below what searches them.
pub(super) fn section(matrix: &Matrix, controls: &Markup) -> Section {
    let words = Words::of(matrix.side);
    let columns: Vec<&Column> = matrix.columns.iter().filter(|column| column.all.cells > 0).collect();
    let body = html! {
        (controls)
        div.stack {
            @for theme in themes(matrix) {
                @let rows = matrix.rows.iter().filter(|row| row.theme == theme);
                details.theme id={ "theme-" (theme) } {
                    summary { h3 { (theme) } span.count { (parts::number(rows.clone().count())) } }
                    div.pane tabindex="0" role="group" aria-label={ "The grid of the theme " (theme) } {
                        table.grid {
                            caption.hidden { (words.heading) " of the theme " (theme) ", by " (words.column) }
                            thead {
                                tr {
                                    th scope="col" { (capital(words.case)) }
                                    th scope="col" { (match matrix.side { Side::Server => "live Cognito", Side::Client => "The answer" }) }
                                    @for column in &columns { th scope="col" { (parts::shown(&column.name)) } }
                                }
                            }
                            tbody { @for row in rows { (self::row(matrix.side, row, &columns)) } }
                        }
                    }
                }
            }
        }
    };
    let lead = Some("A cell that has more to say is opened by a click, or with Enter.");
    let name = match matrix.side {
        Side::Server => "Case by case",
        Side::Client => "Scenario by scenario",
    };
    Section { id: "grid", name, lead, count: matrix.rows.len(), body }
}

fn row(side: Side, row: &Row, columns: &[&Column]) -> Markup {
    let differs = matches!(row.between, Between::Messages | Between::Members | Between::Classes);
    html! {
        tr id=(parts::anchor("case", &row.case)) data-differs[differs] {
            th scope="row" {
                span.id { (parts::shown(&row.case)) } " "
                span.title { (parts::sentence(&row.title)) }
                @if differs { span.between { (between(side, row.between)) } }
            }
            td {
                @match side {
                    Side::Server => {
                        (live(row.live.as_ref()))
                        @if !row.members.is_empty() || row.curl.is_some() { (asked(row, "members", "how to ask", row.curl.as_deref())) }
                    }
                    Side::Client => (asked(row, "options", "how to get it", Some(&Again::serve(&row.case)))),
                }
            }
            @for column in columns { (cell::cell(row, row.cells.get(&column.name))) }
        }
    }
}

/// In which members they differ, and how to ask oneself.
fn asked(row: &Row, members: &str, how: &str, command: Option<&str>) -> Markup {
    html! {
        details.cell {
            summary.ask { @if row.members.is_empty() { (how) } @else { (members) ", and " (how) } }
            div.more-of-it {
                @if !row.members.is_empty() {
                    dl.pairs {
                        @for member in &row.members {
                            dt { (parts::shown(&member.what)) }
                            @for value in &member.values {
                                dd { (parts::value(value.value.as_deref().unwrap_or_default())) " " span.muted { (parts::shown(&value.columns.join(", "))) } }
                            }
                        }
                    }
                }
                @if let Some(command) = command { (parts::command(&format!("the command for {}", row.case), command)) }
            }
        }
    }
}

/// How clients stand to one another has other words than how servers do.
fn between(side: Side, between: Between) -> &'static str {
    match (side, between) {
        (Side::Client, Between::Classes) => "different outcomes or errors",
        (Side::Client, Between::Members) => "different options",
        (_, between) => between.in_words(),
    }
}

fn live(live: Option<&LiveAnswer>) -> Markup {
    html! {
        @match live {
            None => span.muted { "not known" },
            Some(live) => {
                details.cell {
                    summary {
                        @for answer in &live.answers { (cell::answer_in_short(answer)) }
                        @if live.answers.is_empty() { "in part" }
                        " " (parts::evidence(live.evidence))
                    }
                    div.more-of-it {
                        p.muted { (live.evidence.meaning()) @if let Some(day) = &live.date { ", asked on " (parts::shown(day)) } }
                        @if let Some(source) = &live.source { p { (parts::shown(source)) } }
                        (parts::block("What is known of live Cognito's answer", &parts::shown(&live.text)))
                    }
                }
            }
        }
    }
}
