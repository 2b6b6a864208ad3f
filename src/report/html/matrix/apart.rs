//! Where clients differ from one another.

use maud::{Markup, html};

use super::super::parts;
use super::super::shell::Section;
use crate::matrix::{Camp, Matrix};
use crate::suite::Side;

/// How many ways to stand apart are told at once.
const SHOWN: usize = 12;

/// The scenarios that are told of each way.
const EXAMPLES: usize = 6;

/// Who stands apart from whom in what they make of the same answers; of servers nothing, for they stand beside live Cognito.
pub(super) fn section(matrix: &Matrix) -> Section {
    let camps = if matrix.side == Side::Client { matrix.camps() } else { Vec::new() };
    let (first, more) = camps.split_at(camps.len().min(SHOWN));
    let body = html! {
        article.story {
            (listed(first))
            @if !more.is_empty() {
                details.rest { summary { "and " (parts::number(more.len())) " more" } (listed(more)) }
            }
        }
    };
    let lead = Some("A stroke stands between those that come to different outcomes or errors, given the same answer.");
    let count = camps.iter().map(|camp| camp.cases.len()).sum();
    Section { id: "apart", name: "Where they differ", lead, count, body }
}

fn listed(camps: &[Camp<'_>]) -> Markup {
    html! {
        ul.broken-rules {
            @for camp in camps {
                li {
                    strong { (parts::number(camp.cases.len())) }
                    div {
                        (parts::shown(&camp.told(|name| name.to_owned())))
                        p {
                            @for case in camp.cases.iter().take(EXAMPLES) {
                                a.id href={ "#" (parts::anchor("case", case)) } { (parts::shown(case)) } " "
                            }
                            @if camp.cases.len() > EXAMPLES { "and " (parts::number(camp.cases.len() - EXAMPLES)) " more" }
                        }
                    }
                }
            }
        }
    }
}
