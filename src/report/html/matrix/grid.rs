//! The grid itself: a table for each theme.

use maud::{Markup, html};

use super::super::parts;
use super::super::shell::Section;
use super::cell;
use crate::matrix::{Between, Column, LiveAnswer, Matrix, Row};
use crate::suite::Theme;

/// The themes that any case is of.
pub(super) fn themes(matrix: &Matrix) -> Vec<Theme> {
    Theme::ALL.into_iter().filter(|theme| matrix.rows.iter().any(|row| row.theme == *theme)).collect()
}

/// Every case, below what searches them.
pub(super) fn section(matrix: &Matrix, controls: &Markup) -> Section {
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
                            caption.hidden { "Cases of the theme " (theme) ", by implementation" }
                            thead {
                                tr {
                                    th scope="col" { "Case" }
                                    th scope="col" { "live Cognito" }
                                    @for column in &columns { th scope="col" { (parts::shown(&column.name)) } }
                                }
                            }
                            tbody { @for row in rows { (self::row(row, &columns)) } }
                        }
                    }
                }
            }
        }
    };
    let lead = Some("A cell that has more to say is opened by a click, or with Enter.");
    Section { id: "grid", name: "Case by case", lead, count: matrix.rows.len(), body }
}

fn row(row: &Row, columns: &[&Column]) -> Markup {
    let differs = matches!(row.between, Between::Messages | Between::Members | Between::Classes);
    html! {
        tr id=(parts::anchor("case", &row.case)) data-differs[differs] {
            th scope="row" {
                span.id { (parts::shown(&row.case)) } " "
                span.title { (parts::sentence(&row.title)) }
                @if differs { span.between { (row.between.in_words()) } }
            }
            td { (live(row.live.as_ref())) @if !row.members.is_empty() || row.curl.is_some() { (asked(row)) } }
            @for column in columns { (cell::cell(row, row.cells.get(&column.name))) }
        }
    }
}

/// In which members they differ, and how to ask oneself.
fn asked(row: &Row) -> Markup {
    html! {
        details.cell {
            summary.ask { @if row.members.is_empty() { "how to ask" } @else { "members, and how to ask" } }
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
                @if let Some(curl) = &row.curl { (parts::command(&format!("the curl line of {}", row.case), curl)) }
            }
        }
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
