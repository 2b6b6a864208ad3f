//! Failures and warnings: what is broken in one way is told once, with every case that shows it.

use maud::{Markup, html};

use super::{Page, Section, case, finding, parts};
use crate::cognito::Severity;
use crate::report::groups;
use crate::run::{FindingReport, Outcome, Verdict};

/// After so many cases of one story the others are folded away.
const SHOWN: usize = 6;

/// All stories of failures, or of warnings.
pub(super) fn section(page: &Page<'_>, verdict: Verdict) -> Section {
    let outcomes = page.of(verdict);
    let (id, name, lead, severity) = match verdict {
        Verdict::Fail => ("fail", "Failures", "A MUST was broken. What fails in one way is told once.", Severity::Fail),
        _ => ("warn", "Warnings", "A SHOULD was not followed, or a MUST that is only inferred.", Severity::Warn),
    };
    let count = outcomes.len();
    let exchanges = outcomes.iter().flat_map(|outcome| &outcome.exchanges);
    let before_curl = page.again.before_curl(exchanges, &page.run.run.endpoint);
    let body = html! {
        @if let Some(commands) = &before_curl { (token(commands)) }
        @for told in groups::by_way(outcomes, severity) { (self::told(page, severity, &told)) }
    };
    Section { id, name, lead: Some(lead), count, body }
}

fn told(page: &Page<'_>, severity: Severity, story: &[&Outcome]) -> Markup {
    let Some(first) = story.first() else { return html! {} };
    let loud: Vec<FindingReport> =
        first.findings.iter().filter(|finding| finding.severity == severity).cloned().collect();
    html! {
        article.story {
            @for (at, finding) in loud.iter().enumerate() {
                (finding::whole(finding, (at == 0).then(|| parts::cases(page.words, story.len())).as_deref()))
            }
            (case::listed(first))
            (cases(page, story, &loud))
        }
    }
}

/// The cases, folded one by one, and the later ones all together, too.
pub(super) fn cases(page: &Page<'_>, outcomes: &[&Outcome], told: &[FindingReport]) -> Markup {
    let (first, more) = outcomes.split_at(outcomes.len().min(SHOWN));
    html! {
        div.cases {
            @for outcome in first { (case::folded(page, outcome, told)) }
            @if !more.is_empty() {
                details.more {
                    summary { "and " (parts::cases(page.words, more.len())) " more" }
                    @for outcome in more { (case::folded(page, outcome, told)) }
                }
            }
        }
    }
}

/// What gives the curl lines their token.
fn token(commands: &[String]) -> Markup {
    html! {
        details.hint {
            summary { "Before a curl line: get a token" }
            (parts::command("the commands that get a token", &commands.join("\n")))
        }
    }
}
