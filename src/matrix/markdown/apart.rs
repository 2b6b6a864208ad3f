//! Where clients differ from one another: who stands apart from whom, and in what they hand on other options.

use super::text::{code, entities, many, row, rule, value};
use crate::matrix::{Between, Matrix, Row};

/// The ways to stand apart that are told.
const WAYS: usize = 40;

/// The scenarios that are told of each way.
const EXAMPLES: usize = 4;

/// The members of options that are told.
const MEMBERS: usize = 60;

impl Matrix {
    /// In how many scenarios clients differ in what, and which stand together where they differ in what they make of an answer.
    pub(super) fn apart(&self) -> String {
        let of = |between| self.rows.iter().filter(|row| row.between == between).collect::<Vec<&Row>>();
        let members = of(Between::Members);
        let classes = of(Between::Classes).len();
        let (messages, alike) = (of(Between::Messages).len(), of(Between::Alike).len());
        if classes + members.len() + messages + alike == 0 {
            return "Fewer than two were judged by the same scenario, so that there is nothing to compare.\n"
                .to_owned();
        }
        let mut text = format!(
            "Given the same answer, they come to different outcomes or errors in {}, hand on different options in {}, tell different \
             messages in {messages}, and agree in {alike}. A name that a client gives to a failure of its own is no difference, nor \
             is what it says of that.\n",
            many(classes, "scenario"),
            members.len(),
        );
        text.push_str(&camps(self));
        text.push_str(&options(&members));
        text
    }
}

/// Which clients stand together, most often first.
fn camps(matrix: &Matrix) -> String {
    let camps = matrix.camps();
    if camps.is_empty() {
        return String::new();
    }
    let mut text = "\nA stroke stands between those that come to different outcomes or errors.\n\n".to_owned();
    text.push_str(&row(&["who stands apart".to_owned(), "scenarios".to_owned(), "such as".to_owned()]));
    text.push_str("|---|--:|---|\n");
    for camp in camps.iter().take(WAYS) {
        let examples: Vec<String> = camp.cases.iter().take(EXAMPLES).map(|case| code(case)).collect();
        text.push_str(&row(&[camp.told(entities), camp.cases.len().to_string(), examples.join(", ")]));
    }
    if let Some(more) = camps.len().checked_sub(WAYS).filter(|more| *more > 0) {
        text.push_str(&format!("\nand {}, each in no more scenarios.\n", many(more, "other way")));
    }
    text
}

/// The members of options in which clients differ.
fn options(rows: &[&Row]) -> String {
    let members: Vec<_> = rows.iter().flat_map(|row| row.members.iter().map(move |member| (row, member))).collect();
    if members.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n<details><summary>Options that are handed on otherwise: {}</summary>\n\n",
        many(members.len(), "member")
    );
    text.push_str(&row(&["scenario".to_owned(), "member".to_owned(), "handed on as".to_owned()]));
    text.push_str(&rule(3, 3));
    for (row_of, member) in members.iter().take(MEMBERS) {
        let values = member.values.iter().map(|told| {
            let names: Vec<String> = told.columns.iter().map(|name| entities(name)).collect();
            format!("{} by {}", value(told.value.as_deref()), names.join(", "))
        });
        let values = values.collect::<Vec<_>>().join("; ");
        text.push_str(&row(&[code(&row_of.case), value(Some(&member.what)), values]));
    }
    if let Some(more) = members.len().checked_sub(MEMBERS).filter(|more| *more > 0) {
        text.push_str(&format!("\nand {more} more.\n"));
    }
    text + "\n</details>\n"
}
