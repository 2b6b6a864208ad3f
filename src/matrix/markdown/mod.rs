//! The matrix as Markdown, to be read on GitHub: the summary first, then a folded table for each theme.

mod apart;
mod beside;
mod grid;
mod text;

use std::collections::BTreeSet;

use super::{Column, Matrix, Standing, State};
use crate::run::{Verdict, Words};
use crate::suite::{Side, Theme};
use grid::{LEGEND, LEGEND_OF_CLIENTS};
use text::{code, count, entities, many, row, rule, words};

/// The rules that are told of each implementation.
const RULES: usize = 5;

/// The verdicts of the summary.
const COUNTED: [Verdict; 7] =
    [Verdict::Pass, Verdict::Note, Verdict::Warn, Verdict::Fail, Verdict::Skip, Verdict::Inconclusive, Verdict::Error];

impl Matrix {
    /// The document; the same matrix always gives the same bytes.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::from(match self.side {
            Side::Server => "# Implementations, and live Cognito\n\n",
            Side::Client => "# Clients, side by side\n\n",
        });
        text.push_str(&self.about());
        text.push_str("\n## Verdicts\n\n");
        text.push_str(&self.verdicts());
        if self.side.is_server() {
            text.push_str("\n## Beside live Cognito\n\n");
            text.push_str(&self.standings());
            text.push_str(&self.departures());
            text.push_str(&self.options());
        }
        text.push_str("\n## What each gets wrong most\n\n");
        text.push_str(&self.wrong());
        match self.side {
            Side::Server => text.push_str(&format!("\n## Case by case\n\n{LEGEND}")),
            Side::Client => {
                text.push_str(&format!("\n## Where they differ\n\n{}", self.apart()));
                text.push_str(&format!("\n## Scenario by scenario\n\n{LEGEND_OF_CLIENTS}"));
            }
        }
        for theme in Theme::of(self.side) {
            text.push_str(&self.theme(*theme));
        }
        text
    }

    fn about(&self) -> String {
        let mut days: Vec<&str> = self.columns.iter().map(|column| column.day.as_str()).collect();
        days.sort_unstable();
        let days = match (days.first(), days.last()) {
            (Some(first), Some(last)) if first == last => format!("on {first}"),
            (Some(first), Some(last)) => format!("from {first} to {last}"),
            _ => "never".to_owned(),
        };
        if self.side == Side::Client {
            return format!(
                "Made by `cogspec matrix` {} of runs {days}; `matrix.json` has the findings of each cell. Verdicts are told without \
                 the baselines.\n\nEach client was given the same answers, in {}: `cogspec serve --scenario ID` gives one of them \
                 to any client. Where no rule says what is right, clients are only held against one another, and what most of them \
                 do need not be right.\n",
                entities(&self.cogspec),
                many(self.rows.len(), "scenario")
            );
        }
        let mut text = format!(
            "Made by `cogspec matrix` {} of runs {days}; `matrix.json` has the findings of each cell, and curl lines that ask \
             again. Verdicts are told without the baselines.\n",
            entities(&self.cogspec)
        );
        let (firm, inferred) = self.live.firm_and_inferred();
        text.push_str(&format!(
            "\nWhat live Amazon Cognito answers is recorded or documented for {firm} of {}, and inferred for {inferred}. For all \
             others nobody who wrote this knows it: there the implementations are only held against one another, and what most of \
             them do need not be right.\n",
            many(self.rows.len(), "case")
        ));
        text
    }

    fn verdicts(&self) -> String {
        let counted: Vec<Verdict> = COUNTED
            .into_iter()
            .filter(|verdict| {
                *verdict != Verdict::Error || self.columns.iter().any(|column| column.all.of(Verdict::Error) > 0)
            })
            .collect();
        let mut head = vec![self.words().column.to_owned(), "version".to_owned(), "run on".to_owned()];
        head.extend(counted.iter().map(|verdict| format!("{} {verdict}", glyph(*verdict))));
        head.push("known".to_owned());
        let mut text = row(&head) + &rule(head.len(), 3);
        for column in &self.columns {
            let mut cells = vec![entities(&column.name), version(column), column.day.clone()];
            if matches!(column.state, State::NotImplemented { .. }) {
                cells.extend(std::iter::repeat_n("–".to_owned(), counted.len() + 1));
            } else {
                cells.extend(counted.iter().map(|verdict| count(column.all.of(*verdict))));
                cells.push(count(column.all.known));
            }
            text.push_str(&row(&cells));
        }
        text.push_str(&format!(
            "\n*known*: how many of the failures and warnings are listed in the {}'s baseline.\n",
            self.words().column
        ));
        for column in &self.columns {
            match &column.state {
                State::Judged => {}
                State::Partly { not_run } => text.push_str(&format!(
                    "\n**{}** was judged in part: {not_run} of the chosen {} were not run.\n",
                    entities(&column.name),
                    self.words().cases
                )),
                State::NotImplemented { said } => {
                    text.push_str(&format!("\n**{}** has no cell: {}\n", entities(&column.name), words(said)))
                }
            }
        }
        let sets: BTreeSet<&str> = self.columns.iter().map(|column| column.case_set.as_str()).collect();
        if sets.len() > 1 {
            text.push_str(&format!(
                "\nThe runs had different sets of {}, so that not every row was judged by the same rules.\n",
                self.words().cases
            ));
        }
        text
    }

    fn judged(&self) -> Vec<&Column> {
        self.columns.iter().filter(|column| column.all.cells > 0).collect()
    }

    fn wrong(&self) -> String {
        let head =
            [self.words().column, self.words().cases, "rule", "level", "evidence", "what it says"].map(str::to_owned);
        let mut text = row(&head) + "|---|--:|---|---|---|---|\n";
        let mut any = false;
        for column in self.judged() {
            for wrong in column.wrong.iter().take(RULES) {
                any = true;
                let told = self.rules.get(&wrong.rule);
                text.push_str(&row(&[
                    entities(&column.name),
                    format!("{} {}", glyph(wrong.severity.into()), wrong.cases),
                    code(&wrong.rule),
                    told.map_or_else(String::new, |told| told.level.to_string()),
                    told.map_or_else(String::new, |told| told.evidence.to_string()),
                    told.map_or_else(String::new, |told| words(&told.statement)),
                ]));
            }
        }
        if any { text } else { format!("Nothing: no {} warns or fails.\n", self.words().case) }
    }

    /// What things are called in it.
    fn words(&self) -> &'static Words {
        Words::of(self.side)
    }
}

/// The glyph of a verdict.
fn glyph(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass | Verdict::Fixed => "✅",
        Verdict::Note => "🔵",
        Verdict::Warn => "🟡",
        Verdict::Fail | Verdict::Known => "❌",
        Verdict::Skip => "⚪",
        Verdict::Inconclusive => "❔",
        Verdict::Error => "💥",
    }
}

/// How a standing is marked in a cell.
fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Same => "=",
        Standing::AnotherForm | Standing::AnotherMessage | Standing::AnotherStatus => "≈",
        Standing::OptionsDiffer => "∆",
        Standing::AnotherClass => "≠",
        Standing::Unknown | Standing::NotComparable => "",
    }
}

fn version(column: &Column) -> String {
    column.version.as_deref().map_or_else(|| "–".to_owned(), entities)
}
