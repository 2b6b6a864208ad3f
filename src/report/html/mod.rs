//! One HTML page of the whole run, for people: it needs no network, no script to be read, and no colour to be understood.
//!
//! maud makes the markup, and so escapes every text. What a server had a part in goes through [`parts::shown`] besides, for
//! characters that reorder a line or hide in it. The page's own policy (CSP) lets nothing run but its script, by hash.

mod case;
mod finding;
mod glance;
mod list;
mod matrix;
mod parts;
mod rules;
mod sections;
mod shell;
mod stories;

use std::io;

pub use matrix::matrix_html;

use super::story::Again;
use crate::run::{Outcome, Results, Verdict, Words};
use shell::Section;

/// The page of a run.
pub(super) fn html(run: &Results) -> io::Result<String> {
    let page = Page { run, again: Again::of(&run.run), words: Words::of(run.run.side) };
    let sections = page.sections();
    let glance = glance::Glance::of(run);
    let body =
        shell::frame(run.run.side, &glance.head(&page), Some(&list::controls(&page)), &sections, &run.run.cogspec);
    let script = concat!(include_str!("shared.js"), include_str!("run.js"));
    Ok(shell::page(&shell::Shell { title: &glance.title(), icon: glance.icon(), script }, &body))
}

/// A run, how it is repeated, and what things are called in it.
struct Page<'a> {
    run: &'a Results,
    again: Again,
    words: &'static Words,
}

impl<'a> Page<'a> {
    fn of(&self, verdict: Verdict) -> Vec<&'a Outcome> {
        self.run.cases.iter().filter(|outcome| outcome.verdict == verdict).collect()
    }

    /// What there is to tell, the most urgent first.
    fn sections(&self) -> Vec<Section> {
        let told = [
            sections::errors(self),
            stories::section(self, Verdict::Fail),
            sections::drift(self),
            sections::fixed(self),
            stories::section(self, Verdict::Warn),
            sections::inconclusive(self),
            sections::known(self),
            sections::notes(self),
            sections::skipped(self),
            list::section(self),
            rules::section(self),
        ];
        told.into_iter().filter(|section| section.count > 0).collect()
    }
}

#[cfg(test)]
mod tests;
