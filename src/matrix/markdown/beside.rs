//! What is answered beside what live Cognito is known to answer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::mark;
use super::text::{code, entities, many, row, rule, value};
use crate::cognito::Evidence;
use crate::matrix::live::UNKNOWN;
use crate::matrix::{Column, Difference, Matrix, Member, Standing};
use crate::snapshot::blocks;

/// The ways to differ from live Cognito that are told.
const DEPARTURES: usize = 60;

/// The case whose options are told member by member.
const OPTIONS: &str = "options.served";

impl Matrix {
    /// How many answers stand how to live Cognito.
    pub(super) fn standings(&self) -> String {
        let columns = self.judged();
        if columns.is_empty() {
            return "Nothing was judged.\n".to_owned();
        }
        let mut head = vec![String::new()];
        head.extend(columns.iter().map(|column| entities(&column.name)));
        let mut text = row(&head) + &rule(head.len(), 1);
        for standing in Standing::ALL {
            let mut cells = vec![match mark(standing) {
                "" => standing.in_words().to_owned(),
                mark => format!("{mark} {}", standing.in_words()),
            }];
            cells.extend(columns.iter().map(|column| {
                let firm = column.all.firm_standing(standing);
                match column.all.standing(standing) {
                    0 => "·".to_owned(),
                    all if all == firm => all.to_string(),
                    all => format!("{firm} + {}", all - firm),
                }
            }));
            text.push_str(&row(&cells));
        }
        text.push_str(
            "\nCases are counted; what stands behind `+` is of those where the answer of live Cognito is only inferred.\n",
        );
        text
    }

    /// What the implementations answer that live Cognito does not, most often first; members of bodies have a table of their own.
    pub(super) fn departures(&self) -> String {
        // What is only inferred of live Cognito must not look like what was seen.
        let mut told: BTreeMap<(bool, &Difference), BTreeMap<&str, usize>> = BTreeMap::new();
        for row in &self.rows {
            let is_inferred = row.live.as_ref().is_some_and(|live| live.evidence == Evidence::Inferred);
            for (name, cell) in &row.cells {
                for difference in cell.differs.iter().filter(|difference| !difference.is_of_body()) {
                    *told.entry((is_inferred, difference)).or_default().entry(name).or_default() += 1;
                }
            }
        }
        if told.is_empty() {
            return String::new();
        }
        let mut told: Vec<_> = told.into_iter().collect();
        // What is alike stays in the order of what differs.
        told.sort_by_key(|(_, by_name)| std::cmp::Reverse(by_name.values().sum::<usize>()));
        let mut text = format!(
            "\n<details><summary>What differs in answers to the same request: {}</summary>\n\n",
            many(told.len(), "way")
        );
        text.push_str(&row(&["what", "live Cognito", "here", "in so many cases of"].map(str::to_owned)));
        text.push_str(&rule(4, 4));
        for ((is_inferred, difference), by_name) in told.iter().take(DEPARTURES) {
            let inferred = if *is_inferred { " *inferred*" } else { "" };
            let names: Vec<String> = self
                .columns
                .iter()
                .filter_map(|column| Some(format!("{} {}", entities(&column.name), by_name.get(column.name.as_str())?)))
                .collect();
            text.push_str(&row(&[
                entities(&difference.what),
                value(difference.live.as_deref()) + inferred,
                value(difference.here.as_deref()),
                names.join(", "),
            ]));
        }
        if let Some(more) = told.len().checked_sub(DEPARTURES).filter(|more| *more > 0) {
            text.push_str(&format!("\nand {more} more, each in fewer cases.\n"));
        }
        text + "\n</details>\n"
    }

    /// The members of creation options in which somebody differs from live Cognito or from the others.
    pub(super) fn options(&self) -> String {
        let Some(case) = self.rows.iter().find(|row| row.case == OPTIONS) else { return String::new() };
        let mut members: BTreeMap<&str, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
        for (name, cell) in &case.cells {
            for Difference { what, here, .. } in cell.differs.iter().filter(|difference| difference.is_of_body()) {
                members.entry(what).or_default().insert(name, here.as_deref());
            }
        }
        for Member { what, values } in &case.members {
            let given =
                values.iter().flat_map(|told| told.columns.iter().map(|name| (name.as_str(), told.value.as_deref())));
            members.entry(what).or_default().extend(given);
        }
        // Where a member is an object, its own members tell it.
        let all: Vec<&str> = members.keys().copied().collect();
        members.retain(|what, _| {
            !all.iter().any(|other| other.strip_prefix(what).is_some_and(|rest| rest.starts_with('/')))
        });
        if members.is_empty() {
            return String::new();
        }
        let known =
            case.live.as_ref().and_then(|live| serde_json::from_str(blocks(&live.text).first()?.value("body")?).ok());
        let served = |column: &&Column| case.cells.get(&column.name).is_some_and(|cell| !cell.answers.is_empty());
        let columns: Vec<&Column> = self.columns.iter().filter(served).collect();
        let mut text =
            format!("\n## Options that are served\n\nThe members in which somebody differs, in {}.\n\n", code(OPTIONS));
        let mut head = vec!["member".to_owned(), "live Cognito".to_owned()];
        head.extend(columns.iter().map(|column| entities(&column.name)));
        text.push_str(&(row(&head) + &rule(head.len(), head.len())));
        for (what, by_name) in members {
            let pointer = what.strip_prefix("body").unwrap_or(what);
            let shown = pointer.strip_prefix("/CredentialCreationOptions/").unwrap_or(pointer);
            let live = known.as_ref().and_then(|body: &Value| body.pointer(pointer)).filter(|live| **live != UNKNOWN);
            let live = live.map(Value::to_string);
            let mut cells =
                vec![value(Some(shown)), live.as_deref().map_or_else(|| "?".to_owned(), |live| value(Some(live)))];
            cells.extend(columns.iter().map(|column| match by_name.get(column.name.as_str()) {
                Some(here) => value(*here),
                None => value(live.as_deref()),
            }));
            text.push_str(&row(&cells));
        }
        text
    }
}
