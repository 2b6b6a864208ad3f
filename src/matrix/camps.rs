//! Which clients come to the same in a scenario, and which do not.

use std::collections::BTreeMap;

use super::{Answer, Between, Matrix, Row};
use crate::run::Verdict;

/// A way in which clients stand apart from one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camp<'a> {
    /// The columns that come to the same, together, in their order.
    pub sides: Vec<Vec<&'a str>>,
    /// The scenarios in which they stand so.
    pub cases: Vec<&'a str>,
}

impl Camp<'_> {
    /// Who stands apart from whom, with a stroke between them; names are put as `name` puts them.
    pub fn told(&self, name: impl Fn(&str) -> String) -> String {
        let side = |names: &Vec<&str>| names.iter().map(|one| name(one)).collect::<Vec<_>>().join(", ");
        self.sides.iter().map(side).collect::<Vec<_>>().join(" / ")
    }
}

impl Matrix {
    /// How clients stand apart in the scenarios in which they come to different outcomes or errors, the way of most scenarios first.
    #[must_use]
    pub fn camps(&self) -> Vec<Camp<'_>> {
        let mut told: BTreeMap<Vec<Vec<&str>>, Vec<&str>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.between == Between::Classes) {
            told.entry(self.sides(row)).or_default().push(&row.case);
        }
        let mut camps: Vec<Camp<'_>> = told.into_iter().map(|(sides, cases)| Camp { sides, cases }).collect();
        // What is alike stays in the order of the names.
        camps.sort_by_key(|camp| std::cmp::Reverse(camp.cases.len()));
        camps
    }

    fn sides<'a>(&'a self, row: &'a Row) -> Vec<Vec<&'a str>> {
        let mut sides: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
        for column in &self.columns {
            let Some(cell) = row.cells.get(&column.name).filter(|cell| !cell.answers.is_empty()) else { continue };
            if matches!(cell.verdict, Verdict::Skip | Verdict::Inconclusive | Verdict::Error) {
                continue;
            }
            let made: Vec<String> = cell.answers.iter().map(comes_to).collect();
            match sides.iter_mut().find(|(other, _)| *other == made) {
                Some((_, names)) => names.push(&column.name),
                None => sides.push((made, vec![&column.name])),
            }
        }
        sides.into_iter().map(|(_, names)| names).collect()
    }
}

/// What is compared of clients: not the name that one gives to a failure of its own.
fn comes_to(answer: &Answer) -> String {
    match answer.outcome.as_deref() {
        Some("failure") => "failure".to_owned(),
        _ => answer.of_client(),
    }
}
