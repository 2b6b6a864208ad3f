//! The verdict at a glance: did it hold, how many cases had which verdict, and what was run.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{Page, parts};
use crate::report::story;
use crate::run::{Counts, Results, Verdict};
use crate::suite::Theme;

/// How a run ended.
pub(super) struct Glance<'a> {
    run: &'a Results,
    held: bool,
    headline: String,
}

/// So many notices are shown at once; more are folded away, for they would push down what was found.
const NOTICES: usize = 3;

impl<'a> Glance<'a> {
    pub(super) fn of(run: &'a Results) -> Self {
        let headline = story::headline(run);
        let held = run.summary.exit.as_ref().map_or(headline == "held", |exit| exit.code == 0);
        let headline = match (held, headline) {
            (true, _) => "Held".to_owned(),
            // What `--fail-on` and `--strict` ask for is in the exit code alone.
            (false, "held") => "Did not hold".to_owned(),
            (false, headline) => capital(headline),
        };
        Glance { run, held, headline }
    }

    /// The title of the page.
    pub(super) fn title(&self) -> String {
        format!("{}: {}, cogspec", self.headline, parts::shown(&self.run.run.target))
    }

    /// The colour of the page's icon.
    pub(super) fn icon(&self) -> &'static str {
        if self.held { "1a7f45" } else { "c9302c" }
    }

    pub(super) fn head(&self, page: &Page<'_>) -> Markup {
        let Results { run, summary, notices, .. } = self.run;
        let repeat = page.again.repeat(run);
        // Where a client was answered is gone, and its run draws nothing by chance.
        let is_server = run.side.is_server();
        html! {
            p.brand { "cogspec" span.muted { " " (page.words.brand) } }
            h1 class={ "headline " (if self.held { "held" } else { "failed" }) } { (self.headline) }
            p.target { strong { (parts::shown(&run.target)) } ", judged in " (parts::cases(page.words, summary.counts.total())) }
            @if let Some(exit) = &summary.exit {
                p.exit { "Exit code " strong { (exit.code) } ": " (parts::shown(&exit.meaning)) "." }
            }
            @if let Some(why) = story::incomplete(self.run) { p.incomplete { (capital(&why)) "." } }
            (parts::bar(&counted(&summary.counts)))
            (totals(&summary.counts))
            dl.facts {
                @if is_server && run.endpoint != run.target { div { dt { "Endpoint" } dd { code { (parts::shown(&run.endpoint)) } } } }
                div { dt { "Started" } dd { (moment(run.started)) } }
                div { dt { "Took" } dd { (parts::time(summary.duration_ms)) } }
                div { dt { "cogspec" } dd { (parts::shown(&run.cogspec)) } }
                @if is_server { div.long { dt { "Run token" } dd.copied { code { (parts::shown(&run.token)) } (parts::copy("the run token")) } } }
                div.long {
                    dt { "Repeat it" }
                    dd.copied { code { (parts::shown(&repeat)) } (parts::copy("the command that repeats the run")) }
                }
            }
            @if !notices.is_empty() {
                details.notices open[notices.len() <= NOTICES] {
                    summary { (parts::number(notices.len())) @if notices.len() == 1 { " notice" } @else { " notices" } }
                    ul { @for notice in notices { li { (parts::sentence(notice)) } } }
                }
            }
            (themes(page))
        }
    }
}

fn totals(counts: &Counts) -> Markup {
    html! {
        ul.totals {
            @for verdict in present(counts) {
                li {
                    a href={ "#" (if verdict == Verdict::Pass { "cases" } else { verdict.name() }) } {
                        strong { (parts::number(counts.of(verdict))) } " " (parts::verdict(verdict))
                    }
                }
            }
        }
    }
}

/// Themes with their counts. The script makes the numbers lead to their cases.
fn themes(page: &Page<'_>) -> Markup {
    let run = page.run;
    let mut themes: BTreeMap<Theme, Counts> = BTreeMap::new();
    for outcome in &run.cases {
        themes.entry(outcome.theme).or_default().add(outcome.verdict);
    }
    let verdicts = present(&run.summary.counts);
    html! {
        @if !themes.is_empty() {
            div.scroll tabindex="0" role="group" aria-labelledby="themes" {
                table.themes {
                    caption #themes { (page.words.heading) " by theme" }
                    thead {
                        tr {
                            th scope="col" { "Theme" }
                            @for verdict in &verdicts { th scope="col" { (parts::verdict(*verdict)) } }
                        }
                    }
                    tbody {
                        @for (theme, counts) in &themes {
                            tr {
                                th scope="row" { a href={ "#theme-" (theme) } { (theme) } }
                                @for verdict in &verdicts {
                                    @match counts.of(*verdict) {
                                        0 => td.none { "·" },
                                        n => td data-theme=(theme) data-verdict=(verdict) { (parts::number(n)) },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn counted(counts: &Counts) -> Vec<(Verdict, usize)> {
    present(counts).into_iter().map(|verdict| (verdict, counts.of(verdict))).collect()
}

fn present(counts: &Counts) -> Vec<Verdict> {
    Verdict::ALL.into_iter().filter(|verdict| counts.of(*verdict) > 0).collect()
}

/// A moment in UTC, given in seconds of the Unix epoch.
fn moment(seconds: u64) -> Markup {
    let utc = story::utc(seconds.saturating_mul(1000));
    let text = utc.split('.').next().unwrap_or_default().replace('T', " ");
    html! { time datetime=(utc) { (text) " UTC" } }
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
