//! One finding.

use maud::{Markup, html};

use super::parts;
use crate::report::story;
use crate::run::FindingReport;

/// The rule with all that makes it believable, and what came in its place; and in how many cases, where that is told here.
pub(super) fn whole(finding: &FindingReport, cases: Option<&str>) -> Markup {
    html! {
        div.finding {
            p.says {
                @if let Some(cases) = cases { span.count { (cases) } }
                (parts::level(finding.level)) " " (parts::rule(&finding.rule))
                span.statement { (parts::sentence(&finding.statement)) }
            }
            (source(finding))
            (compared(finding))
        }
    }
}

/// Where the rule is written, and how far that is to be trusted.
pub(super) fn source(finding: &FindingReport) -> Markup {
    html! {
        p.source {
            (parts::evidence(finding.evidence)) " "
            span.muted { (finding.evidence.meaning()) ":" } " "
            (parts::link(&finding.url, &finding.source))
        }
    }
}

/// The rule by name, and what came.
pub(super) fn brief(finding: &FindingReport) -> Markup {
    html! {
        div.finding {
            p.says { (parts::level(finding.level)) " " (parts::rule(&finding.rule)) " " (parts::evidence(finding.evidence)) }
            (compared(finding))
        }
    }
}

fn compared(finding: &FindingReport) -> Markup {
    html! {
        @if let Some(changes) = story::difference(finding) {
            @if let Some(pointer) = &finding.pointer { dl.pairs { dt { "at" } dd { (parts::value(pointer)) } } }
            p.key { del { "- wanted" } " " ins { "+ got" } }
            (parts::diff("What was wanted and what came", &changes))
        } @else {
            dl.pairs {
                @if let Some(pointer) = &finding.pointer { dt { "at" } dd { (parts::value(pointer)) } }
                dt { "wanted" } dd { (parts::value(&finding.wanted)) }
                dt { "got" } dd.got { (parts::value(&finding.got)) }
            }
        }
    }
}
