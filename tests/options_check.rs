//! Creation options: each rule is reached by a document one edit away from a right one, the document model agrees with
//! `serde_json` but for named differences, and the command prints what it should.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "options_check/cli.rs"]
mod cli;
#[path = "options_check/edit.rs"]
mod edit;
#[path = "options_check/fixtures.rs"]
mod fixtures;
#[path = "options_check/json.rs"]
mod json;
#[path = "options_check/properties.rs"]
mod properties;
#[path = "options_check/table_cognito.rs"]
mod table_cognito;
#[path = "options_check/table_w3c.rs"]
mod table_w3c;

use std::collections::BTreeSet;

use cogspec::cognito::rules::{cognito_options, options};
use cogspec::generate::options::{Base, OptionsDefect, defects, origin_defects};

#[test]
fn every_rule_is_reached_by_an_edit() {
    let rows: Vec<&OptionsDefect> =
        Base::ALL.into_iter().flat_map(defects).chain(origin_defects().iter().map(|(_, defect)| defect)).collect();
    assert!(rows.len() >= 120, "{} edits", rows.len());
    let reached: BTreeSet<String> =
        rows.iter().flat_map(|row| row.rules.iter().map(|id| format!("options.{id}"))).collect();
    let declared: BTreeSet<String> =
        options::ALL.iter().chain(cognito_options::ALL).map(|rule| rule.id.to_owned()).collect();
    assert_eq!(reached, declared);
}
