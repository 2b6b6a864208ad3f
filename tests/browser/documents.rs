//! `tests/data/documents/creation-options.jsonl`: documents one place away from a good one, with the verdict that the texts
//! give, its rules, and what Chromium makes of them.

use std::collections::BTreeSet;

use cogspec::browser::{Answer, fitting_origin};
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
    let Some(mut browser) = crate::browser("the documents in Chromium").await else { return };
    let mut wrong = Vec::new();
    for row in rows() {
        let origin = row.origin();
        let answer = browser.create(&origin, &row.text).await.unwrap();
        let told = match &answer {
            Answer::Refused(refusal) => format!("{} {}", refusal.at, refusal.name),
            Answer::Made(_) if answer.mended(row.text.as_bytes(), &origin).is_empty() => "made".to_owned(),
            Answer::Made(_) => "mended".to_owned(),
        };
        if told != row.chromium {
            wrong.push(format!("{}: {told}, not {}", row.id, row.chromium));
        }
    }
    let name = browser.name();
    browser.end().await;
    assert!(wrong.is_empty(), "{name} does otherwise now; where it may, change the document's row: {wrong:#?}");
}
