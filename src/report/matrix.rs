//! The matrix for people, on a terminal: the counts, and what each implementation gets wrong most.

use anstyle::Style;

use super::terminal::style::{BOLD, DIM, line, of_verdict, paint};
use crate::matrix::{Column, Matrix, Standing, State};
use crate::run::{Verdict, Words};

/// The rules that are told of each implementation.
const RULES: usize = 3;

/// The counts that each implementation has, with the heads of their columns.
const VERDICTS: [Verdict; 6] =
    [Verdict::Pass, Verdict::Note, Verdict::Warn, Verdict::Fail, Verdict::Skip, Verdict::Inconclusive];

/// The matrix for people, in colour: write it to what strips it where it is not wanted.
#[must_use]
pub fn matrix(matrix: &Matrix) -> String {
    let words = Words::of(matrix.side);
    let (firm, inferred) = matrix.live.firm_and_inferred();
    let live = format!("; what live Cognito answers is known for {firm}, and inferred for {inferred}");
    let mut text = format!(
        "{} {}: {}, {}{}\n\n",
        paint(BOLD, "cogspec"),
        line(&matrix.cogspec),
        many(matrix.columns.len(), words.column),
        many(matrix.rows.len(), words.case),
        if matrix.side.is_server() { live.as_str() } else { "" },
    );
    text.push_str(&table(matrix));
    for column in &matrix.columns {
        match &column.state {
            State::Partly { not_run } => {
                let name = paint(BOLD, &column.name);
                text.push_str(&format!("\n{name} was stopped: {} not run\n", many(*not_run, words.case)));
            }
            State::NotImplemented { said } => {
                text.push_str(&format!("\n{}: {}\n", paint(BOLD, &column.name), line(said)));
            }
            State::Judged => {}
        }
    }
    let wrong: Vec<&Column> = matrix.columns.iter().filter(|column| !column.wrong.is_empty()).collect();
    if !wrong.is_empty() {
        text.push_str(&format!(
            "\n{}\n",
            paint(DIM, &format!("what each gets wrong most, in how many {}", words.cases))
        ));
    }
    for column in wrong {
        text.push_str(&format!("{}\n", paint(BOLD, &column.name)));
        for wrong in column.wrong.iter().take(RULES) {
            let told = matrix.rules.get(&wrong.rule);
            let weight = told.map_or_else(String::new, |told| format!(" ({}, {})", told.level, told.evidence));
            let verdict = Verdict::from(wrong.severity);
            let cases = paint(of_verdict(verdict), &format!("{:>6} {verdict}", wrong.cases));
            text.push_str(&format!("{cases}  {}{weight}\n", line(&wrong.rule)));
            if let Some(told) = told {
                text.push_str(&format!("             {}\n", paint(DIM, &line(&told.statement))));
            }
        }
        if let Some(more) = column.wrong.len().checked_sub(RULES).filter(|more| *more > 0) {
            text.push_str(&format!("             {}\n", paint(DIM, &format!("and {}", many(more, "other rule")))));
        }
    }
    text
}

fn table(matrix: &Matrix) -> String {
    let longest = |length: fn(&Column) -> usize, least: usize| {
        matrix.columns.iter().map(length).max().unwrap_or_default().max(least)
    };
    let names = longest(|column| column.name.len(), 0);
    let versions = longest(|column| version(column).chars().count(), "version".len());
    let mut heads: Vec<&str> = VERDICTS.map(Verdict::name).to_vec();
    heads.insert(4, "known");
    if matrix.side.is_server() {
        heads.push("as live");
    }
    let mut head = format!("{:names$}  {:versions$}", "", "version");
    heads.iter().for_each(|name| head.push_str(&format!("{name:>width$}", width = width(name))));
    let mut text = format!("  {}\n", paint(DIM, &head));
    for column in &matrix.columns {
        text.push_str(&format!("  {:names$}  {:versions$}", column.name, version(column)));
        if matches!(column.state, State::NotImplemented { .. }) {
            text.push_str(&format!("  {}\n", paint(DIM, "does not implement the operation")));
            continue;
        }
        let mut cells: Vec<(usize, Style)> =
            VERDICTS.map(|verdict| (column.all.of(verdict), of_verdict(verdict))).to_vec();
        cells.insert(4, (column.all.known, DIM));
        for ((count, style), head) in cells.into_iter().zip(&heads) {
            let (shown, style) = if count == 0 { ("·".to_owned(), DIM) } else { (count.to_string(), style) };
            text.push_str(&paint(style, &format!("{shown:>width$}", width = width(head))));
        }
        if matrix.side.is_server() {
            text.push_str(&format!("{:>width$}", as_live(column), width = width("as live")));
        }
        text.push('\n');
    }
    text
}

/// How many of the comparable answers are live Cognito's, where that is recorded or documented.
fn as_live(column: &Column) -> String {
    let comparable: usize = Standing::ALL
        .into_iter()
        .filter(|standing| *standing == Standing::Same || standing.differs())
        .map(|standing| column.all.firm_standing(standing))
        .sum();
    format!("{}/{comparable}", column.all.firm_standing(Standing::Same))
}

fn width(head: &str) -> usize {
    head.len().max(4) + 2
}

fn version(column: &Column) -> String {
    column.version.as_deref().map_or_else(|| "–".to_owned(), line)
}

fn many(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
