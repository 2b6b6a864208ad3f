//! The matrix as a page: what each implementation makes of each case, beside one another and beside live Cognito.

mod cell;
mod grid;
mod heads;

use maud::{Markup, html};

use super::shell::{self, Section, Shell};
use super::{parts, rules};
use crate::matrix::{Matrix, Standing};
use crate::report::Words;
use crate::run::Verdict;
use crate::suite::Side;

/// The page. The same matrix always gives the same text.
#[must_use]
pub fn matrix_html(matrix: &Matrix) -> String {
    let sections: Vec<Section> = [
        heads::implementations(matrix),
        heads::themes(matrix),
        heads::beside_live(matrix),
        heads::wrong(matrix),
        grid::section(matrix, &controls(matrix)),
        rules::of_matrix(matrix),
    ]
    .into_iter()
    .filter(|section| section.count > 0)
    .collect();
    let body = shell::frame(Side::Server, &head(matrix), None, &sections, &matrix.cogspec);
    let script = concat!(include_str!("../shared.js"), include_str!("../matrix.js"));
    shell::page(&Shell { title: "Implementations side by side, cogspec", icon: "3463b3", script }, &body)
}

fn head(matrix: &Matrix) -> Markup {
    let (firm, inferred) = matrix.live.firm_and_inferred();
    html! {
        p.brand { "cogspec" span.muted { " passkey registration of Amazon Cognito, judged" } }
        h1.headline.plain { "Implementations side by side" }
        p.target {
            strong { (parts::number(matrix.columns.len())) } " implementations, " (parts::cases(Words::of(Side::Server), matrix.rows.len()))
        }
        p.muted {
            "What live Cognito answers is known for " (parts::number(firm)) " of them, and inferred for " (parts::number(inferred))
            ". For all others the implementations are held against one another only, and none of them is called right: a majority \
              is no authority. Verdicts are told without the baselines."
        }
    }
}

fn controls(matrix: &Matrix) -> Markup {
    let has = |verdict: &Verdict| matrix.columns.iter().any(|column| column.all.of(*verdict) > 0);
    let present: Vec<Verdict> = Verdict::ALL.into_iter().filter(has).collect();
    html! {
        form.controls role="search" aria-label="Cases" {
            (super::list::search("id, title, rule, answer"))
            (super::list::verdicts(&present))
            (super::list::select("theme", "Theme", &grid::themes(matrix)))
            label.select {
                span { "Beside live" }
                select name="live" {
                    option value="" { "any" }
                    @for standing in Standing::ALL { option value=(standing.in_words()) { (standing.in_words()) } }
                }
            }
            label.only { input type="checkbox" name="differ" value="yes"; " only where they differ" }
            (super::list::state(Words::of(Side::Server), matrix.rows.len()))
        }
    }
}
