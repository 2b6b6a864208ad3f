//! Holding an observation against the expected one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::TextDiff;

use super::block::blocks;
use crate::cognito::Evidence;

/// Stands in an expectation for a value that nobody knows: it never drifts.
const UNKNOWN: &str = "<unknown>";

/// A case whose observation is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftReport {
    /// The profile that holds the expectation.
    pub profile: String,
    /// How far the expectation can be trusted; absent for a plain recording of the target itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What differs: lines that begin with `-` were expected, lines that begin with `+` were observed.
    pub diff: String,
}

impl DriftReport {
    /// Whether the drift fails a run. What is only inferred is told as a warning, like a rule that is only inferred.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.evidence != Some(Evidence::Inferred)
    }
}

/// What differs at all: for profiles that were recorded from one target.
pub(super) fn exactly(expected: &str, observed: &str) -> Option<String> {
    let (expected, observed) = (expected.trim_end(), observed.trim_end());
    if expected == observed {
        return None;
    }
    let diff = TextDiff::from_lines(expected, observed);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(2).missing_newline_hint(false).iter_hunks() {
        if !text.is_empty() {
            text.push_str(" …\n");
        }
        for change in hunk.iter_changes() {
            text.push_str(&format!("{}{}\n", change.tag(), change.value().trim_end_matches('\n')));
        }
    }
    Some(text.trim_end().to_owned())
}

/// Something in which an observation is not what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The number of the exchange, from 1.
    pub exchange: usize,
    /// The key; of a member of the body `body` and the JSON pointer to it.
    pub key: String,
    /// What was expected.
    pub expected: String,
    /// What was observed; `None` where nothing is there.
    pub observed: Option<String>,
    /// Whether the exchange itself is missing, so that there is nothing to hold against what was expected.
    pub is_missing: bool,
}

/// What differs of what is known: for profiles that state what is known of Cognito, and no more.
///
/// Exchanges are compared in order and key by key. A key, an exchange or a member of the body that the expectation does
/// not list is not judged, neither is the order of members, nor how often an exchange was repeated.
pub(super) fn known(expected: &str, observed: &str) -> Option<String> {
    let mut lines = Vec::new();
    let mut exchange = 1;
    for departure in departures(expected, observed) {
        if departure.exchange > exchange {
            exchange = departure.exchange;
            lines.push(format!(" exchange {exchange}:"));
        }
        let Departure { key, expected, observed, is_missing, .. } = departure;
        lines.push(format!("-{key}: {expected}"));
        if !is_missing {
            lines.push(format!("+{key}: {}", observed.as_deref().unwrap_or("(none)")));
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The same one by one, in order.
pub(super) fn departures(expected: &str, observed: &str) -> Vec<Departure> {
    let observed = blocks(observed);
    let mut departures = Vec::new();
    for (index, expected) in blocks(expected).iter().enumerate() {
        let observed = observed.get(index);
        for (key, wanted) in &expected.keys {
            let mut departs = |key: String, expected: String, got: Option<String>| {
                let is_missing = observed.is_none();
                departures.push(Departure { exchange: index + 1, key, expected, observed: got, is_missing });
            };
            let got = observed.and_then(|observed| observed.value(key));
            if wanted == UNKNOWN && observed.is_some() || got == Some(wanted) {
                continue;
            }
            let json = |text: &str| serde_json::from_str::<Value>(text).ok();
            if *key == "body"
                && let (Some(wanted), Some(got)) = (json(wanted), got.and_then(json))
            {
                members(&wanted, &got, "", &mut departs);
                continue;
            }
            departs((*key).to_owned(), wanted.clone(), got.map(str::to_owned));
        }
    }
    departures
}

fn members(wanted: &Value, got: &Value, pointer: &str, departs: &mut impl FnMut(String, String, Option<String>)) {
    match (wanted, got) {
        (Value::String(text), _) if text == UNKNOWN => {}
        (Value::Object(wanted), Value::Object(got)) => {
            for (name, wanted) in wanted {
                let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                match got.get(name) {
                    Some(got) => members(wanted, got, &pointer, departs),
                    None if *wanted == UNKNOWN => {}
                    None => departs(format!("body{pointer}"), wanted.to_string(), None),
                }
            }
        }
        (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
            for (index, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                members(wanted, got, &format!("{pointer}/{index}"), departs);
            }
        }
        _ if wanted == got => {}
        _ => departs(format!("body{pointer}"), wanted.to_string(), Some(got.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OBSERVED: &str = "\
× 3
status: 400
class: NotAuthorizedException
message: Access Token has expired
x-amzn-requestid: <uuid>

status: 200
class: success
body: {
  \"CredentialCreationOptions\": {
    \"rp\": {\"name\": \"n\", \"id\": \"auth.example.com\"},
    \"timeout\": 60000,
    \"pubKeyCredParams\": [{\"type\": \"public-key\", \"alg\": -7}]
  }
}";

    #[test]
    fn only_what_is_listed_is_judged() {
        for expected in [
            OBSERVED,
            "class: NotAuthorizedException",
            "message: <unknown>\nno-such-header: <unknown>",
            "status: 400\n\nbody: {\"CredentialCreationOptions\": {\"timeout\": 60000, \"rp\": {\"name\": \"<unknown>\"}, \"challenge\": \"<unknown>\"}}",
        ] {
            assert_eq!(known(expected, OBSERVED), None, "{expected}");
        }
    }

    #[test]
    fn what_is_listed_and_differs_is_told() {
        let expected = "\
status: 400
message: Access Token has been revoked
x-amzn-errortype: NotAuthorizedException:

status: 200
body: {\"CredentialCreationOptions\": {\"rp\": {\"id\": \"example.com\"}, \"timeout\": 60000, \"hints\": [], \"pubKeyCredParams\": [{\"alg\": -8}]}}

status: 200";
        insta::assert_snapshot!(known(expected, OBSERVED).unwrap());
    }

    #[test]
    fn a_recording_differs_in_every_line() {
        assert_eq!(exactly(OBSERVED, OBSERVED), None);
        assert_eq!(exactly(&format!("{OBSERVED}\n"), OBSERVED), None);
        insta::assert_snapshot!(
            exactly(OBSERVED, &OBSERVED.replace("60000", "1").replace("expired", "ended").replace("× 3\n", ""))
                .unwrap()
        );
    }

    #[test]
    fn inferred_drift_does_not_fail() {
        let drift = |evidence| DriftReport { profile: "cognito".to_owned(), evidence, diff: String::new() };
        assert!(drift(None).fails() && drift(Some(Evidence::Documented)).fails());
        assert!(drift(Some(Evidence::Recorded)).fails() && !drift(Some(Evidence::Inferred)).fails());
    }
}
