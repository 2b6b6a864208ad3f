//! The matrix as a page: what each implementation makes of each case, beside one another and beside live Cognito.

mod apart;
mod cell;
mod grid;
mod heads;

use maud::{Markup, html};

use super::glance::capital;
use super::shell::{self, Section, Shell};
use super::{parts, rules};
use crate::matrix::{Matrix, Standing};
use crate::run::{Verdict, Words};
use crate::suite::Side;

/// The page. The same matrix always gives the same text.
#[must_use]
pub fn matrix_html(matrix: &Matrix) -> String {
    let sections: Vec<Section> = [
        heads::implementations(matrix),
        heads::themes(matrix),
        heads::beside_live(matrix),
        heads::wrong(matrix),
        apart::section(matrix),
        grid::section(matrix, &controls(matrix)),
        rules::of_matrix(matrix),
    ]
    .into_iter()
    .filter(|section| section.count > 0)
    .collect();
    let body = shell::frame(matrix.side, &head(matrix), None, &sections, &matrix.cogspec);
    let script = concat!(include_str!("../shared.js"), include_str!("../matrix.js"));
    let title = match matrix.side {
        Side::Server => "Implementations side by side, cogspec",
        Side::Client => "Clients side by side, cogspec",
    };
    shell::page(&Shell { title, icon: "3463b3", script }, &body)
}

fn head(matrix: &Matrix) -> Markup {
    let words = Words::of(matrix.side);
    let (firm, inferred) = matrix.live.firm_and_inferred();
    let columns = match matrix.side {
        Side::Server => "implementations",
        Side::Client => "clients",
    };
    html! {
        p.brand { "cogspec" span.muted { " " (words.brand) } }
        h1.headline.plain { (capital(columns)) " side by side" }
        p.target {
            strong { (parts::number(matrix.columns.len())) } " " (columns) ", " (parts::cases(words, matrix.rows.len()))
        }
        @if matrix.side == Side::Client {
            p.muted {
                "Each client was given the same answers. Where no rule says what is right, they are held against one another only, and \
                  none of them is called right: a majority is no authority. Verdicts are told without the baselines."
            }
        } @else { p.muted {
            "What live Cognito answers is known for " (parts::number(firm)) " of them, and inferred for " (parts::number(inferred))
            ". For all others the implementations are held against one another only, and none of them is called right: a majority \
              is no authority. Verdicts are told without the baselines."
        } }
    }
}

fn controls(matrix: &Matrix) -> Markup {
    let has = |verdict: &Verdict| matrix.columns.iter().any(|column| column.all.of(*verdict) > 0);
    let present: Vec<Verdict> = Verdict::ALL.into_iter().filter(has).collect();
    html! {
        form.controls role="search" aria-label=(Words::of(matrix.side).heading) {
            (super::list::search("id, title, rule, answer"))
            (super::list::verdicts(&present))
            (super::list::select("theme", "Theme", &grid::themes(matrix)))
            @if matrix.side.is_server() {
                label.select {
                    span { "Beside live" }
                    select name="live" {
                        option value="" { "any" }
                        @for standing in Standing::ALL { option value=(standing.in_words()) { (standing.in_words()) } }
                    }
                }
            }
            label.only { input type="checkbox" name="differ" value="yes"; " only where they differ" }
            (super::list::state(Words::of(matrix.side), matrix.rows.len()))
        }
    }
}
