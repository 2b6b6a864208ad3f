//! One cell: what an implementation makes of a case, and how that stands to live Cognito.

use maud::{Markup, html};

use super::super::parts;
use crate::matrix::{Answer, Between, Cell, Difference, Row, Standing};
use crate::run::Verdict;

/// How an answer stands to live Cognito: a sign, and the words.
pub(super) fn standing(standing: Standing) -> Markup {
    let sign = match standing {
        Standing::Same => "=",
        Standing::AnotherForm | Standing::AnotherMessage | Standing::AnotherStatus => "≈",
        Standing::OptionsDiffer | Standing::AnotherClass => "≠",
        Standing::Unknown | Standing::NotComparable => "",
    };
    html! {
        span.standing {
            @if !sign.is_empty() { span.sign aria-hidden="true" { (sign) } " " }
            (standing.in_words())
        }
    }
}

/// The cell; what was not run with the case is told as such. One that has more to say can be opened.
pub(super) fn cell(row: &Row, cell: Option<&Cell>) -> Markup {
    let Some(cell) = cell else { return html! { td { span.muted { "not run" } } } };
    let is_client = cell.answers.iter().any(|answer| answer.outcome.is_some());
    let tells_class = (is_client || row.between == Between::Classes) && cell.verdict != Verdict::Skip;
    let head = html! {
        (parts::verdict(cell.verdict))
        @if cell.live != Standing::Unknown { (standing(cell.live)) }
        @if cell.known.is_some() { span.standing { "in its baseline" } }
        @if tells_class { @for answer in &cell.answers { (answer_in_short(answer)) } }
    };
    let has_more = tells_class
        || cell.live.differs()
        || cell.reason.is_some()
        || cell.known.is_some()
        || matches!(cell.verdict, Verdict::Warn | Verdict::Fail | Verdict::Error | Verdict::Inconclusive);
    html! {
        td {
            @if has_more { details.cell { summary { (head) } div.more-of-it { (more(row, cell)) } } }
            @else { (head) }
        }
    }
}

/// Status and class.
pub(super) fn answer_in_short(answer: &Answer) -> Markup {
    html! {
        span.answer {
            @if let Some(status) = answer.status { (status) " " }
            @if answer.outcome.is_some() { b { (parts::shown(&answer.of_client())) } }
            @else { b { (parts::shown(answer.class.as_deref().unwrap_or("not known"))) } }
        }
    }
}

fn more(row: &Row, cell: &Cell) -> Markup {
    html! {
        @if let Some(reason) = &cell.reason { p { (parts::shown(reason)) } }
        @if let Some(known) = &cell.known { p { "known: " (parts::sentence(known)) } }
        @for answer in &cell.answers {
            p {
                (answer_in_short(answer))
                @if let Some(message) = &answer.message { " " q { (parts::shown(message)) } }
                @if let Some(attempts) = answer.attempts.filter(|attempts| *attempts != 1) { " " span.muted { (attempts) " attempts" } }
                @if answer.times > 1 { " " span.muted { (answer.times) " times" } }
            }
        }
        @for finding in &cell.findings {
            p.says { (parts::verdict(Verdict::from(finding.severity))) " " (parts::rule(&finding.rule)) }
            dl.pairs {
                @if let Some(pointer) = &finding.pointer { dt { "at" } dd { (parts::value(pointer)) } }
                dt { "wanted" } dd { (parts::value(&finding.wanted)) }
                dt { "got" } dd { (parts::value(&finding.got)) }
            }
        }
        @if !cell.differs.is_empty() { p.key { del { "- live Cognito" } " " ins { "+ here" } } }
        @for difference in &cell.differs { (differs(difference)) }
        @if let Some(curl) = &cell.curl { (parts::command(&format!("the curl line of {}", row.case), curl)) }
    }
}

fn differs(difference: &Difference) -> Markup {
    let nothing = "nothing";
    html! {
        dl.differs {
            dt { (parts::shown(&difference.what)) }
            dd { del { (parts::shown(difference.live.as_deref().unwrap_or(nothing))) } }
            dd { ins { (parts::shown(difference.here.as_deref().unwrap_or(nothing))) } }
        }
    }
}
