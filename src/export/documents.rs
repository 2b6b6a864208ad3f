//! `options.json`: creation options, right and wrong, with the rules that they break.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::ExportError;
use crate::browser::fitting_origin;
use crate::cognito::{Level, Severity, rules};
use crate::generate::options::{Base, OptionsDefect, defects, origin_defects};
use crate::wire::Bytes;

/// Documents one place away from a good one, which browsers were asked about.
const ROWS: &str = include_str!("../../tests/data/documents/creation-options.jsonl");

#[derive(Serialize)]
pub(super) struct Documents {
    documents: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    profile: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'static str>,
    expect: Verdict,
    rules: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    browsers: Option<Browsers>,
    document: Bytes,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Accept,
    Reject,
    Either,
}

#[derive(Serialize)]
struct Browsers {
    chromium: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    chromium_why: Option<String>,
    firefox: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    firefox_why: Option<String>,
}

/// A line of [`ROWS`]; `tests/browser` describes it.
#[derive(Deserialize)]
struct Row {
    id: String,
    title: String,
    verdict: Verdict,
    rules: Vec<String>,
    chromium: String,
    why: Option<String>,
    firefox: Option<String>,
    why_firefox: Option<String>,
    origin: Option<String>,
    text: String,
}

pub(super) fn documents() -> Result<Documents, ExportError> {
    let rows = ROWS.lines().map(|line| serde_json::from_str(line).map(of_row).map_err(ExportError::new));
    let mut documents = rows.collect::<Result<Vec<Entry>, _>>()?;
    for base in Base::ALL {
        let profile = match base {
            Base::W3c => "w3c",
            Base::Cognito => "cognito",
        };
        documents.push(Entry {
            title: Some("A document without a defect.".to_owned()),
            ..entry(format!("generated.{profile}.right"), profile, Vec::new(), base.text().into())
        });
        // What takes a megabyte says no more than what takes a kilobyte.
        documents.extend(
            defects(base).iter().filter(|defect| !defect.is_large).map(|defect| edited(profile, base, None, defect)),
        );
    }
    documents.extend(origin_defects().iter().map(|(origin, defect)| edited("w3c", Base::W3c, Some(origin), defect)));
    // Two edits may give one text.
    let mut seen = BTreeSet::new();
    documents.retain(|document| seen.insert(document.id.clone()));
    Ok(Documents { documents })
}

fn of_row(row: Row) -> Entry {
    let origin = row.origin.unwrap_or_else(|| fitting_origin(row.text.as_bytes()));
    let (firefox, firefox_why) = match row.firefox {
        Some(firefox) => (firefox, row.why_firefox),
        None => (row.chromium.clone(), row.why.clone()),
    };
    let browsers = Browsers { chromium: row.chromium, chromium_why: row.why, firefox, firefox_why };
    Entry {
        title: Some(row.title),
        origin: Some(origin),
        expect: row.verdict,
        browsers: Some(browsers),
        ..entry(row.id, "w3c", row.rules, row.text.into_bytes())
    }
}

/// A document by its bytes: the name of an edit would be a position, or change with its words.
fn edited(profile: &'static str, base: Base, origin: Option<&&'static str>, defect: &OptionsDefect) -> Entry {
    let document = defect.apply(base.document());
    let key = [origin.map_or("", |origin| origin).as_bytes(), b"\0", &document].concat();
    let digest = HEXLOWER.encode(&ring::digest::digest(&ring::digest::SHA256, &key).as_ref()[..5]);
    let broken: BTreeSet<String> = defect.rules.iter().map(|rule| format!("options.{rule}")).collect();
    Entry {
        origin: origin.map(|origin| (*origin).to_owned()),
        pointer: Some(defect.pointer()),
        ..entry(format!("generated.{profile}.{digest}"), profile, broken.into_iter().collect(), document)
    }
}

/// Broken MUSTs that are no guess make a document one to reject; where guesses only are broken, nobody knows.
fn entry(id: String, profile: &'static str, rules: Vec<String>, document: Vec<u8>) -> Entry {
    let broken = || rules.iter().filter_map(|rule| rules::rule(rule));
    let expect = if broken().any(|rule| rule.severity() == Severity::Fail) {
        Verdict::Reject
    } else if broken().any(|rule| rule.level == Level::Must) {
        Verdict::Either
    } else {
        Verdict::Accept
    };
    let document = Bytes::new(&document);
    Entry { id, title: None, profile, origin: None, pointer: None, expect, rules, browsers: None, document }
}
