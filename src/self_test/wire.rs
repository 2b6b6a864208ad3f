//! What a case saw on the wire, without what differs from run to run.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;

use crate::run::Outcome;
use crate::suite::Kind;

/// Fewer challenges than this can be alike by chance.
const ENOUGH: usize = 8;

/// The observation of the case, and in what its random values are alike, which an observation does not tell.
///
/// Empty for audits, whose exchanges are those of other cases.
pub(super) fn normalised(outcome: &Outcome) -> String {
    if outcome.kind == Kind::Audit {
        return String::new();
    }
    let observation = outcome.observation.as_deref().unwrap_or_default();
    let heads: BTreeSet<String> = outcome.exchanges.iter().map(|exchange| head(&exchange.answer)).collect();
    let every = |before: &str| -> Vec<&str> {
        outcome.exchanges.iter().filter_map(|exchange| value(&exchange.answer, before)).collect()
    };
    let challenges = every("\"challenge\":\"");
    let user_ids = every("\"user\":{\"id\":\"");
    let request_ids = every("x-amzn-requestid: ");
    let parts = |before: &str, behind: &str| -> Vec<String> {
        outcome.exchanges.iter().filter_map(|exchange| masked(&exchange.answer, before, behind)).collect()
    };
    let excluded = parts("\"excludeCredentials\":[", "]");
    let requested = parts("\"CREDENTIAL_REQUEST_OPTIONS\":", "}\"");
    format!(
        "{observation}\n{}\nchallenges: {}{}\nuser ids: {}\nrequest ids: {}\nexcluded: {}\nrequest options: {}",
        heads.into_iter().collect::<Vec<_>>().join("\n"),
        distinct(&challenges),
        pattern(&challenges),
        distinct(&user_ids),
        distinct(&request_ids),
        excluded.join(", "),
        requested.join("\n"),
    )
}

/// A part of an answer whose random values, ids and challenges, are told by their length.
fn masked(answer: &str, before: &str, behind: &str) -> Option<String> {
    /// Anything longer that is in the alphabet of base64url is taken for random.
    const LONGEST_WORD: usize = 20;
    let (_, part) = answer.split_once(before)?;
    let part = part.split_once(behind).map_or(part, |(part, _)| part);
    let words = part.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    Some(
        words
            .map(|word| if word.len() > LONGEST_WORD { format!("({})", word.len()) } else { word.to_owned() })
            .collect(),
    )
}

/// The names of an answer's headers, the beginning of its body, and the error's name as it is written.
fn head(answer: &str) -> String {
    let (head, body) = answer.split_once("\n\n").unwrap_or((answer, ""));
    let names: Vec<&str> = head.lines().filter_map(|line| line.split(':').next()).collect();
    let code = value(body, "\"__type\":\"").unwrap_or_default();
    format!("{} | {:?} | {code}", names.join(" "), body.chars().next())
}

/// What stands behind `before`, up to a quote or the end of the line.
fn value<'a>(answer: &'a str, before: &str) -> Option<&'a str> {
    let (_, after) = answer.split_once(before)?;
    after.split(['"', '\n']).next()
}

fn distinct(values: &[&str]) -> String {
    format!("{} different of {}", values.iter().collect::<BTreeSet<_>>().len(), values.len())
}

/// What challenges have in common that chance does not give them.
fn pattern(challenges: &[&str]) -> String {
    let [first, others @ ..] = challenges else { return String::new() };
    if challenges.len() < ENOUGH {
        return String::new();
    }
    let alike = |other: &&str| first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    // One or two characters are alike by chance now and then.
    let alike = others.iter().map(alike).min().unwrap_or_default() / 4;
    let is_uuid = |challenge: &&str| {
        let bytes = BASE64URL_NOPAD.decode(challenge.as_bytes()).unwrap_or_default();
        bytes.len() == 16 && bytes[6] >> 4 == 4 && bytes[8] >> 6 == 2
    };
    format!(", alike in {alike} blocks of 4 characters, UUIDs: {}", challenges.iter().all(is_uuid))
}
