//! `tests/data/documents/creation-options.jsonl`: documents one place away from a good one, with the verdict that the texts
//! give, its rules, and what Chromium and Firefox make of them.

use std::collections::BTreeSet;

use cogspec::browser::{Answer, Kind, fitting_origin};
use cogspec::cognito::{Severity, rules};
use cogspec::options::{Context, Profile, check};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    title: String,
    verdict: Verdict,
    /// The rules of all findings, in order.
    rules: Vec<String>,
    /// `made`, `mended` (the passkey does not agree with the document), or who refused it and the name of the exception.
    chromium: String,
    /// Why Chromium's verdict is another.
    why: Option<String>,
    /// The same of Firefox, where it does otherwise than Chromium, and why it does.
    firefox: Option<String>,
    why_firefox: Option<String>,
    /// The page's origin, where it is not the fitting one.
    origin: Option<String>,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Accept,
    Reject,
}

impl Row {
    fn origin(&self) -> String {
        self.origin.clone().unwrap_or_else(|| fitting_origin(self.text.as_bytes()))
    }

    fn chromium(&self) -> Verdict {
        if self.chromium == "made" { Verdict::Accept } else { Verdict::Reject }
    }
}

fn rows() -> Vec<Row> {
    let rows = include_str!("../data/documents/creation-options.jsonl").lines();
    rows.map(|row| serde_json::from_str(row).unwrap_or_else(|e| panic!("{e}: {row}"))).collect()
}

#[test]
fn each_document_has_a_verdict_of_its_own() {
    let rows = rows();
    assert!(rows.len() >= 150, "{}", rows.len());
    let unique = |of: fn(&Row) -> &String| rows.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(unique(|row| &row.id), rows.len(), "ids");
    for row in &rows {
        assert!(row.title.ends_with('.'), "{}", row.id);
        assert_eq!(row.why.is_some(), row.chromium() != row.verdict, "{}: a reason where Chromium differs", row.id);
        assert_ne!(row.firefox.as_ref(), Some(&row.chromium), "{}: where Firefox differs only", row.id);
        assert_eq!(row.firefox.is_some(), row.why_firefox.is_some(), "{}: a reason where Firefox differs", row.id);
        assert!(row.rules.iter().all(|id| rules::all().any(|rule| rule.id == id)), "{}: {:?}", row.id, row.rules);
    }
}

#[test]
fn each_document_is_one_place_away_from_the_good_one() {
    let rows = rows();
    let good: Value = serde_json::from_str(&rows[0].text).unwrap();
    let good = good.as_object().unwrap();
    assert_eq!((rows[0].id.as_str(), rows[0].verdict, rows[0].rules.len()), ("good", Verdict::Accept, 0));
    for row in &rows {
        let Ok(Value::Object(document)) = serde_json::from_str(&row.text) else { continue };
        let added = document.iter().filter(|(name, value)| good.get(*name) != Some(value)).count();
        let lost = good.iter().filter(|(name, value)| document.get(*name) != Some(value)).count();
        assert!(row.id.starts_with("object.") || (added <= 1 && lost <= 1), "{}", row.id);
    }
}

#[test]
fn the_judge_gives_each_document_its_verdict() {
    let mut wrong = Vec::new();
    for row in rows() {
        let context = Context { profile: Profile::W3c, origin: row.origin.as_ref().map(|o| o.parse().unwrap()) };
        let findings = check(row.text.as_bytes(), &context);
        let is_held = findings.iter().all(|finding| finding.severity() != Severity::Fail);
        let verdict = if is_held { Verdict::Accept } else { Verdict::Reject };
        let found: BTreeSet<&str> = findings.iter().map(|finding| finding.rule.id).collect();
        if verdict != row.verdict || !found.iter().eq(row.rules.iter()) {
            wrong.push(format!("{}: {verdict:?} by {found:?}", row.id));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn chromium_does_with_each_document_what_is_known_of_it() {
    hold(Kind::Chromium, |row| &row.chromium).await;
}

#[tokio::test]
async fn firefox_does_with_each_document_what_is_known_of_it() {
    hold(Kind::Firefox, |row| row.firefox.as_ref().unwrap_or(&row.chromium)).await;
}

async fn hold(browser: Kind, known: fn(&Row) -> &String) {
    let Some(mut browser) = crate::browser(browser, "the documents").await else { return };
    let mut wrong = Vec::new();
    for row in rows() {
        let (origin, known) = (row.origin(), known(&row));
        let answer = browser.create(&origin, &row.text).await.unwrap();
        let told = match &answer {
            Answer::Refused(refusal) => format!("{} {}", refusal.at, refusal.name),
            Answer::Made(_) if answer.mended(row.text.as_bytes(), &origin).is_empty() => "made".to_owned(),
            Answer::Made(_) => "mended".to_owned(),
        };
        if told != *known {
            wrong.push(format!("{}: {told}, not {known}", row.id));
        }
    }
    let name = browser.name();
    browser.end().await;
    assert!(wrong.is_empty(), "{name} does otherwise now; where it may, change the document's row: {wrong:#?}");
}
