//! Case by case: a table for each theme, and why what could not be judged was not.

use std::collections::BTreeMap;

use super::text::{code, count, entities, many, row, rule, words};
use super::{COUNTED, glyph, mark};
use crate::cognito::Evidence;
use crate::matrix::{Answer, Between, Cell, Column, Matrix, Row};
use crate::run::Verdict;
use crate::suite::{Side, Theme};
use crate::wire::cut;

/// The most of a class that stands in a cell, in characters.
const CLASS: usize = 40;

/// The reasons that are told of each implementation in a theme.
const REASONS: usize = 3;

/// What the signs mean.
pub(super) const LEGEND: &str = "\
A cell has the verdict, what came, and how that stands to live Cognito where its answer is known.

- ✅ pass · 🔵 note · 🟡 warn · ❌ fail · ⚪ skip · ❔ inconclusive · 💥 error; *known*: the baseline lists it
- `=` as live Cognito, as far as that is known · `≈` the same class, with another message, status or form · `∆` served with other \
options · `≠` another class · no mark: not known, or not comparable
- live Cognito: `?` nobody knows; *inferred* is a conclusion, all else is recorded or documented
";

/// What the signs mean in a matrix of clients.
pub(super) const LEGEND_OF_CLIENTS: &str = "\
A cell has the verdict, and what the client made of the answer: its name for the error of the service, *error* where it has none, \
*success*, or *failure* with the client's own name for it where it gave up for a reason of its own.

- ✅ pass · 🔵 note · 🟡 warn · ❌ fail · ⚪ skip · ❔ inconclusive · 💥 error; *known*: the baseline lists it
";

impl Matrix {
    /// A theme: its counts, its reasons, and the rows that a reader should not miss.
    pub(super) fn theme(&self, theme: Theme) -> String {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.theme == theme).collect();
        if rows.is_empty() {
            return String::new();
        }
        let columns: Vec<&Column> = self.columns.iter().filter(|column| column.theme(theme).cells > 0).collect();
        let mut text = format!("\n### {theme}\n\n");
        let mut head = vec![String::new()];
        head.extend(COUNTED.iter().map(|verdict| format!("{} {verdict}", glyph(*verdict))));
        text.push_str(&(row(&head) + &rule(head.len(), 1)));
        for column in &columns {
            let tally = column.theme(theme);
            let mut cells = vec![entities(&column.name)];
            cells.extend(COUNTED.iter().map(|verdict| count(tally.of(*verdict))));
            text.push_str(&row(&cells));
        }
        text.push_str(&reasons(&rows, &columns));
        let (quiet, listed): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.is_quiet());
        // The members of what is served are told elsewhere.
        let (served, plain): (Vec<&Row>, Vec<&Row>) = quiet.iter().partition(|row| row.between == Between::Members);
        if !listed.is_empty() {
            text.push_str(&format!("\n<details><summary>{}</summary>\n\n", many(listed.len(), self.words().case)));
            let mut head = vec![self.words().case.to_owned()];
            if self.side.is_server() {
                head.push("live Cognito".to_owned());
            }
            head.extend(columns.iter().map(|column| entities(&column.name)));
            text.push_str(&(row(&head) + &rule(head.len(), head.len())));
            for case in listed {
                let mut cells = vec![code(&case.case)];
                if self.side.is_server() {
                    cells.push(live(case));
                }
                cells.extend(columns.iter().map(|column| case.cells.get(&column.name).map_or_else(String::new, cell)));
                text.push_str(&row(&cells));
            }
            text.push_str("\n</details>\n");
        }
        if !plain.is_empty() {
            let are = if plain.len() == 1 { "is" } else { "are" };
            let alike = match self.side {
                Side::Server => "answer alike",
                Side::Client => "come to the same",
            };
            text.push_str(&format!(
                "\n{} {are} not listed: nobody fails or warns there, and all that were judged {alike}, their words apart.\n",
                many(plain.len(), self.words().case),
            ));
        }
        if !served.is_empty() {
            let are = if served.len() == 1 { "is" } else { "are" };
            let rightly = match self.side {
                Side::Server => "serve them rightly, with different members",
                Side::Client => "take them rightly, and hand on different options",
            };
            let more =
                if plain.is_empty() { self.words().case.to_owned() } else { format!("more {}", self.words().case) };
            text.push_str(&format!(
                "\n{} {are} not listed: all that were judged {rightly}.\n",
                many(served.len(), &more),
            ));
        }
        text
    }
}

/// Why cells have no verdict of the implementation, the commonest reasons first.
fn reasons(rows: &[&Row], columns: &[&Column]) -> String {
    let mut text = String::new();
    for column in columns {
        let mut counted: BTreeMap<(Verdict, &str), usize> = BTreeMap::new();
        for cell in rows.iter().filter_map(|row| row.cells.get(&column.name)) {
            if let Some(reason) = &cell.reason {
                *counted.entry((cell.verdict, reason)).or_default() += 1;
            }
        }
        let mut counted: Vec<_> = counted.into_iter().collect();
        counted.sort_by_key(|(_, cases)| std::cmp::Reverse(*cases));
        let more: usize = counted.iter().skip(REASONS).map(|(_, cases)| cases).sum();
        for ((verdict, reason), cases) in counted.iter().take(REASONS) {
            text.push_str(&format!(
                "- {} {}: {cases} {verdict}: {}\n",
                glyph(*verdict),
                entities(&column.name),
                words(reason)
            ));
        }
        if more > 0 {
            text.push_str(&format!("- {}: {more} more for other reasons\n", entities(&column.name)));
        }
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn live(row: &Row) -> String {
    let Some(live) = &row.live else { return "?".to_owned() };
    let answers = answers(&live.answers);
    if live.evidence == Evidence::Inferred { format!("{answers} *inferred*") } else { answers }
}

fn cell(cell: &Cell) -> String {
    let mut parts = vec![glyph(cell.verdict).to_owned()];
    if !cell.answers.is_empty() && cell.verdict != Verdict::Skip {
        parts.push(answers(&cell.answers));
    }
    if !mark(cell.live).is_empty() {
        parts.push(mark(cell.live).to_owned());
    }
    if cell.known.is_some() {
        parts.push("*known*".to_owned());
    }
    parts.join(" ")
}

/// Classes in short, each once, in order; the status where it is not the usual one.
fn answers(answers: &[Answer]) -> String {
    let mut told: Vec<String> = Vec::new();
    for answer in answers {
        if answer.outcome.is_some() {
            told.push(entities(&cut(&answer.of_client(), CLASS)));
            continue;
        }
        let class = answer.class.as_deref().unwrap_or("?");
        let short = class.strip_suffix("Exception").filter(|short| !short.is_empty()).unwrap_or(class);
        let short = if class == "success" { "served" } else { short };
        let short = cut(short, CLASS);
        let usual = if class == "success" { 200 } else { 400 };
        let one = match answer.status {
            Some(status) if status != usual => format!("{status} {}", entities(&short)),
            _ => entities(&short),
        };
        if told.last() != Some(&one) {
            told.push(one);
        }
    }
    told.join(", ")
}
