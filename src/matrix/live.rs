//! The column of live Cognito: what is known of its answers, and how another answer stands to that.

use super::build::cut;
use super::{Answer, Difference, LiveAnswer, Standing};
use crate::cognito::Evidence;
use crate::snapshot::{Block, Departure, Profile, blocks};
use crate::suite::Side;

/// Stands in a snapshot for a value that nobody knows.
pub(super) const UNKNOWN: &str = "<unknown>";

/// The most differences that are told of one cell. Options have some twenty members.
const DIFFERENCES: usize = 32;

/// What is known of live Cognito's answer to a case.
pub(super) fn answer(profile: &Profile, case: &str) -> Option<LiveAnswer> {
    let expected = profile.expected(case)?;
    Some(LiveAnswer {
        evidence: expected.evidence.unwrap_or(Evidence::Recorded),
        source: expected.source.map(str::to_owned),
        date: expected.date.map(str::to_owned),
        answers: answers(Side::Server, expected.text),
        text: expected.text.to_owned(),
    })
}

/// The answers of an observation or a snapshot, in short.
pub(super) fn answers(side: Side, observation: &str) -> Vec<Answer> {
    let in_short = match side {
        Side::Server => in_short,
        Side::Client => of_client,
    };
    blocks(observation).iter().map(in_short).collect()
}

fn of_client(block: &Block<'_>) -> Answer {
    Answer {
        status: block.value("status").and_then(|status| status.parse().ok()),
        class: block.value("code").map(cut),
        message: block.value("message").map(cut),
        times: block.times,
        outcome: block.value("outcome").map(cut),
        attempts: block.value("attempts").and_then(|attempts| attempts.parse().ok()),
    }
}

fn in_short(block: &Block<'_>) -> Answer {
    let known = |key: &str| block.value(key).filter(|value| *value != UNKNOWN);
    let transport = || known("transport").map(|kind| format!("transport:{kind}"));
    Answer {
        status: known("status").and_then(|status| status.parse().ok()),
        class: known("class").map(cut).or_else(transport),
        message: known("message").map(cut),
        times: block.times,
        outcome: None,
        attempts: None,
    }
}

/// How an observation stands to what is known, and in what it differs.
pub(super) fn compare(profile: &Profile, case: &str, observation: &str) -> (Standing, Vec<Difference>) {
    let mut departures = profile.departures(case, observation);
    // All else of an answer of another class is another of itself.
    let of_another_class: Vec<usize> =
        departures.iter().filter(|departure| departure.key == "class").map(|departure| departure.exchange).collect();
    departures.retain(|departure| {
        matches!(departure.key.as_str(), "class" | "status") || !of_another_class.contains(&departure.exchange)
    });
    let standing = departures.iter().map(standing).max().unwrap_or(Standing::Same);
    let answers = answers(Side::Server, observation);
    let tell = |departure: Departure| {
        let Departure { exchange, key, expected, observed, .. } = departure;
        let came = answers.get(exchange - 1).filter(|_| key == "class").and_then(|answer| answer.class.clone());
        Difference {
            what: cut(&of_exchange(exchange, &key)),
            live: Some(cut(&expected)),
            here: came.or_else(|| observed.as_deref().map(cut)),
        }
    };
    let more = departures.len().saturating_sub(DIFFERENCES);
    let mut differs: Vec<Difference> = departures.into_iter().take(DIFFERENCES).map(tell).collect();
    if more > 0 {
        differs.push(Difference { what: format!("{more} more"), live: None, here: None });
    }
    (standing, differs)
}

fn standing(departure: &Departure) -> Standing {
    match departure.key.as_str() {
        "class" => Standing::AnotherClass,
        "status" => Standing::AnotherStatus,
        "message" => Standing::AnotherMessage,
        key if key == "body" || key.starts_with("body/") => Standing::OptionsDiffer,
        _ => Standing::AnotherForm,
    }
}

/// The key of an exchange; the first needs no number, for most cases judge one.
pub(super) fn of_exchange(exchange: usize, key: &str) -> String {
    if exchange == 1 { key.to_owned() } else { format!("exchange {exchange}: {key}") }
}
