//! One case in full: what was found, what was sent and what came, and how to repeat it.

use maud::{Markup, html};

use super::{Page, finding, parts};
use crate::report::story;
use crate::run::{ExchangeReport, FindingReport, Outcome};
use crate::suite::{Kind, Role, Side};

/// The case, folded. `told` are findings that stand above it already.
pub(super) fn folded(page: &Page<'_>, outcome: &Outcome, told: &[FindingReport]) -> Markup {
    html! {
        details.case id=(parts::anchor("case", &outcome.id)) {
            summary {
                (parts::verdict(outcome.verdict))
                span.name {
                    span.id { (parts::shown(&outcome.id)) } " "
                    span.title { (parts::sentence(&outcome.title)) }
                }
                span.time { (parts::time(outcome.duration_ms)) }
            }
            div.body { (body(page, outcome, told)) }
        }
    }
}

fn body(page: &Page<'_>, outcome: &Outcome, told: &[FindingReport]) -> Markup {
    let is_told = |finding: &&FindingReport| {
        told.iter().any(|above| {
            (&above.rule, &above.pointer, &above.got, &above.wanted)
                == (&finding.rule, &finding.pointer, &finding.got, &finding.wanted)
        })
    };
    let untold: Vec<&FindingReport> = outcome.findings.iter().filter(|finding| !is_told(finding)).collect();
    html! {
        @if let Some(reason) = &outcome.reason { p.reason { (parts::value(reason)) } }
        @if let Some(expected) = expectation(&outcome.kind) { p.muted { "Expects " (expected) "." } }
        @for finding in untold { (finding::brief(finding)) }
        @if !outcome.prepared.is_empty() {
            h3.small { "Before it" }
            ol.prepared { @for call in &outcome.prepared { li { code { (parts::shown(call)) } } } }
        }
        @match page.run.run.side {
            Side::Server => @for (at, exchange) in outcome.exchanges.iter().enumerate() { (self::exchange(exchange, at + 1)) },
            Side::Client => (of_client(outcome)),
        }
        h3.small { "Run it again" }
        @if page.run.run.side == Side::Client {
            (parts::command("the command that answers any client so", &story::Again::serve(&outcome.id)))
        }
        (parts::command(&format!("the command that runs the {} again", page.words.case), &page.again.replay(&outcome.id)))
        p.foot {
            a.permalink href={ "#" (parts::anchor("case", &outcome.id)) } { "Link to this " (page.words.case) }
            @for rule in &outcome.rules { " " (parts::rule(rule)) }
        }
    }
}

/// What the baseline says of a case that does not do what it lists.
pub(super) fn listed(outcome: &Outcome) -> Markup {
    html! {
        @if let Some((listed, now)) = story::otherwise(outcome) {
            div.finding {
                p { "The baseline lists it otherwise: " (parts::sentence(outcome.listed.as_ref().map_or("", |listed| &listed.reason))) }
                dl.pairs {
                    dt { "listed" } dd { (parts::value(&listed)) }
                    dt { "now" } dd.got { (parts::value(&now)) }
                }
            }
        }
    }
}

fn exchange(exchange: &ExchangeReport, number: usize) -> Markup {
    let role = match exchange.role {
        Role::Test => "test",
        Role::Witness => "witness",
    };
    sent(exchange, role, &format!("exchange {number}, {role}"))
}

/// What a client was answered to each of its attempts, and what it made of that.
fn of_client(outcome: &Outcome) -> Markup {
    html! {
        @for (at, exchange) in outcome.exchanges.iter().enumerate() {
            (sent(exchange, "attempt", &format!("attempt {}", at + 1)))
        }
        @if let Some(made) = &outcome.observation {
            h3.small { "What the client made of it" }
            (parts::block("what the client made of it", &parts::shown(made)))
        }
    }
}

fn sent(exchange: &ExchangeReport, role: &str, name: &str) -> Markup {
    html! {
        div.exchange role="group" aria-label=(name) {
            p.line {
                span.role { (role) }
                @if let Some(status) = exchange.status { span.status { (status) } }
                span.class { (parts::shown(&exchange.class)) }
                @if let Some(message) = &exchange.message { q { (parts::shown(message)) } }
                span.time { (parts::time(exchange.elapsed_ms)) }
            }
            (parts::block(&format!("the answer of {name}"), &parts::shown(&exchange.answer)))
            (parts::command(&format!("the curl line of {name}"), &exchange.curl))
        }
    }
}

/// What the case expects, where its rules do not tell it.
fn expectation(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Refused { classes } if classes.is_empty() => Some("a refusal".to_owned()),
        Kind::Refused { classes } => Some(format!("a refusal: {}", classes.join(" or "))),
        Kind::Accepted => Some("to be served".to_owned()),
        Kind::Observed => Some("nothing: nobody knows what is right, so it is observed and told".to_owned()),
        Kind::Client { outcomes } if !outcomes.is_empty() => Some(format!("the outcome {}", outcomes.join(" or "))),
        Kind::Steps | Kind::Audit | Kind::Client { .. } => None,
    }
}
