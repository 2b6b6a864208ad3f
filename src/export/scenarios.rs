//! `scenarios.json`: what a client is answered, and what it must make of it, in the manner of test vectors.

use serde::Serialize;
use serde_json::{Map, Value};

use super::rules::{RuleEntry, entry};
use crate::client::scenario_set;
use crate::cognito::Rule;
use crate::cognito::rules::client as rules;
use crate::scenario::{self, Scenario, ScenarioEntry};
use crate::suite::Theme;

/// The rules that hold for each call, whatever it is answered, in the order in which the judge comes to them.
const ALWAYS: [&Rule; 8] = [
    &rules::ENDS,
    &rules::CALLS,
    &rules::REQUEST,
    &rules::TOKEN_SECRET,
    &rules::TOKEN_ECHOED,
    &rules::STATUS,
    &rules::REQUEST_ID,
    &rules::ATTEMPTS,
];

/// What a member of a reply or a demand means, in a sentence; `README.md` says it in full.
const NOTES: [(&str, &str); 24] = [
    ("origin", "The web origin of the application, for clients that have one."),
    (
        "replies",
        "The answers to the requests of one call, in order; the last one is given again to each further request.",
    ),
    ("replies.status", "The status code; 0 where nothing is HTTP."),
    ("replies.headers", "The header fields, without those of the framing and without Connection."),
    ("replies.body", "The body in its content coding, before it is framed; with `framing` none all that is sent."),
    (
        "replies.framing",
        "How the body's end is told: length, chunked (of `chunk` bytes), close, says (by the fields in `says`), or none.",
    ),
    ("replies.wait_ms", "Milliseconds until the first byte is sent."),
    (
        "replies.pieces",
        "The answer is sent in pieces of so many bytes, with a pause of so many milliseconds between two.",
    ),
    (
        "replies.cut",
        "The answer ends early: after nothing, so many bytes of the head, or the head and so many bytes behind it; and the connection is closed, or reset.",
    ),
    (
        "replies.bytes",
        "All that is sent, head and framed body, cut where it is cut; absent where `{access_token}` is in it.",
    ),
    ("demands.rule", "The id of the rule that demands it; rules.json has its statement."),
    ("demands.severity", "How loud it is that the demand does not hold: fail, warn or note."),
    ("demands.layer", "The clients of which it is demanded, sdk or webauthn; all, where it is absent."),
    (
        "demands.asked_for",
        "It is demanded only where every request of the call named this content coding in Accept-Encoding.",
    ),
    (
        "demands.outcome",
        "The call ends as one of these: success, error (of the service, with a code), failure (of the client's own).",
    ),
    ("demands.code", "Of an error: its code is one of these."),
    ("demands.message", "Of an error: its message is this."),
    (
        "demands.options",
        "Of a success: its creation options are one of these JSON texts, as their layer compares them.",
    ),
    ("demands.no_options", "Of a success: it has no creation options."),
    ("demands.at_least", "The call sent at least so many requests."),
    ("demands.at_most", "The call sent at most so many requests."),
    ("demands.waits_ms", "Between two requests there were at least so many milliseconds."),
    ("demands.retryable", "Of an error that the client calls retryable or not: which of both."),
    ("{access_token}", "In a body or a header's value: the access token of the request stands there."),
];

#[derive(Serialize)]
pub(super) struct Scenarios {
    /// The digest of the scenarios, as `case_set` is that of the cases.
    scenario_set: String,
    count: usize,
    notes: Map<String, Value>,
    always: Vec<RuleEntry>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    id: Theme,
    title: &'static str,
    count: usize,
    scenarios: Vec<ScenarioEntry<'static>>,
}

/// The groups, in the order of reports.
const GROUPS: [(Theme, &str); 5] = [
    (Theme::Envelope, "Where and how an answer names its error, and what else stands beside the name."),
    (
        Theme::Gateway,
        "Answers that are not the service's own, or not in its form: pages, protocol errors, redirects, content types.",
    ),
    (Theme::Transport, "What happens to an answer on its way: truncation, resets, slowness, framing, compression."),
    (Theme::Retry, "What may be sent again, and the headers that say when."),
    (Theme::Document, "Creation options, good and bad."),
];

pub(super) fn scenarios() -> Scenarios {
    let all = scenario::all();
    let group = |(theme, title)| {
        let scenarios = all.iter().filter(|scenario| Theme::of_id(&scenario.id) == Some(theme));
        let scenarios: Vec<_> = scenarios.map(Scenario::entry).collect();
        Group { id: theme, title, count: scenarios.len(), scenarios }
    };
    Scenarios {
        scenario_set: scenario_set(),
        count: all.len(),
        notes: NOTES.iter().map(|(member, note)| ((*member).to_owned(), (*note).into())).collect(),
        always: ALWAYS.into_iter().map(entry).collect(),
        groups: GROUPS.into_iter().map(group).collect(),
    }
}
