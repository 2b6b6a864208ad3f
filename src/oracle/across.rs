//! What must hold across several answers: freshness, stability, difference.

use std::collections::HashSet;

use data_encoding::BASE64URL_NOPAD;

use crate::cognito::rules::state;
use crate::cognito::{Finding, Rule};

/// Fewer challenges than this show no pattern that chance could not make.
const ENOUGH: usize = 8;

/// Challenges, in their text on the wire, are fresh and without a pattern (WebAuthn, 13.4.3).
///
/// Wanted: no two are equal; they do not count up; over at least eight, no character is the same in all of them (by chance
/// that happens once in 64^7 draws and positions); and over at least 32, no bit.
#[must_use]
pub fn challenges(challenges: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let distinct: HashSet<&String> = challenges.iter().collect();
    if distinct.len() < challenges.len() {
        let repeated = challenges.len() - distinct.len();
        findings.push(Finding::new(
            &state::CHALLENGE_FRESH,
            format!("{repeated} of {} challenges had come before", challenges.len()),
            "a new challenge in each answer",
        ));
    } else if counts_up(challenges) {
        findings.push(Finding::new(
            &state::CHALLENGE_FRESH,
            format!("each of {} challenges differs from the one before in its last characters only", challenges.len()),
            "challenges that cannot be foretold",
        ));
    }
    let fixed = fixed_positions(challenges);
    if findings.is_empty() && challenges.len() >= ENOUGH && !fixed.is_empty() {
        let shape = shape(&challenges[0], &fixed);
        findings.push(Finding::new(
            &state::CHALLENGE_PATTERN,
            format!(
                "{} of {} characters are the same in all {} challenges: {shape}",
                fixed.len(),
                challenges[0].len(),
                challenges.len()
            ),
            "characters that are random everywhere",
        ));
    }
    if findings.is_empty()
        && let Some(bits) = fixed_bits(challenges)
    {
        findings.push(Finding::new(
            &state::CHALLENGE_PATTERN,
            format!("{bits} bits are the same in all {} challenges", challenges.len()),
            "bits that are random everywhere",
        ));
    }
    findings
}

/// How many bits are the same in all challenges: six in the bytes of random UUIDs. `None` where none are, and where there are
/// too few challenges to tell (a bit is the same in 32 of them by chance once in 2^31 times).
fn fixed_bits(challenges: &[String]) -> Option<u32> {
    const ENOUGH: usize = 32;
    let decode = |challenge: &String| BASE64URL_NOPAD.decode(challenge.as_bytes()).ok();
    let bytes: Vec<Vec<u8>> = challenges.iter().map(decode).collect::<Option<_>>()?;
    let first = bytes.first().filter(|_| bytes.len() >= ENOUGH)?;
    if bytes.iter().any(|other| other.len() != first.len()) {
        return None;
    }
    let differing = |at: usize| {
        bytes.iter().fold(0, |bits, other| bits | (other.get(at).unwrap_or(&0) ^ first.get(at).unwrap_or(&0)))
    };
    let fixed = (0..first.len()).map(|at| u8::count_zeros(differing(at))).sum();
    (fixed > 0).then_some(fixed)
}

/// A value that must be the same in every answer.
#[must_use]
pub fn same(rule: &'static Rule, what: &str, values: &[String]) -> Option<Finding> {
    let distinct: HashSet<&String> = values.iter().collect();
    (distinct.len() > 1).then(|| {
        Finding::new(
            rule,
            format!("{} different values of {what} in {} answers", distinct.len(), values.len()),
            "one value",
        )
    })
}

/// Two values that must not be the same.
#[must_use]
pub fn different(rule: &'static Rule, what: &str, one: &str, other: &str) -> Option<Finding> {
    (one == other).then(|| Finding::new(rule, format!("the same {what}"), format!("another {what}")))
}

/// Whether all but the last few characters stay the same from one challenge to the next.
fn counts_up(challenges: &[String]) -> bool {
    const TAIL: usize = 4;
    challenges.len() >= ENOUGH
        && challenges.windows(2).all(|pair| {
            let shared = pair[0].bytes().zip(pair[1].bytes()).take_while(|(a, b)| a == b).count();
            shared + TAIL >= pair[0].len().max(pair[1].len())
        })
}

/// The positions at which all challenges have the same character. The last one is left out: of 16 bytes' 22 characters it
/// holds two bits only.
fn fixed_positions(challenges: &[String]) -> Vec<usize> {
    let Some(first) = challenges.first() else { return Vec::new() };
    let shortest = challenges.iter().map(String::len).min().unwrap_or_default();
    (0..shortest.saturating_sub(1))
        .filter(|at| challenges.iter().all(|challenge| challenge.as_bytes()[*at] == first.as_bytes()[*at]))
        .collect()
}

/// The fixed characters as they are, a dot for each of the others.
fn shape(challenge: &str, fixed: &[usize]) -> String {
    challenge.char_indices().map(|(at, c)| if fixed.contains(&at) { c } else { '.' }).collect()
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn random(count: usize) -> Vec<String> {
        let mut rng = rand::rngs::StdRng::seed_from_u64(7);
        (0..count).map(|_| BASE64URL_NOPAD.encode(&rng.random::<[u8; 16]>())).collect()
    }

    fn rules(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn random_challenges_pass() {
        assert_eq!(challenges(&random(1000)), []);
        assert_eq!(challenges(&random(ENOUGH)), []);
        assert_eq!(challenges(&[]), []);
    }

    #[test]
    fn a_repeated_one_is_found() {
        let mut some = random(40);
        some[39] = some[3].clone();
        assert_eq!(rules(&challenges(&some)), ["state.challenge.fresh"]);
    }

    #[test]
    fn a_counter_is_found() {
        let counter: Vec<_> =
            (0..32_u128).map(|n| BASE64URL_NOPAD.encode(&(0x1234_5678_u128 << 90 | (n + 250)).to_be_bytes())).collect();
        assert_eq!(rules(&challenges(&counter)), ["state.challenge.fresh"]);
    }

    #[test]
    fn uuid_text_is_found() {
        let uuids: Vec<_> = (0..16).map(|_| uuid::Uuid::new_v4().to_string()).collect();
        let findings = challenges(&uuids);
        assert_eq!(rules(&findings), ["state.challenge.pattern"]);
        assert!(findings[0].got.ends_with("........-....-4...-....-............"), "{}", findings[0].got);
    }

    #[test]
    fn a_uuids_fixed_bits_are_found() {
        let uuids: Vec<_> = (0..32).map(|_| BASE64URL_NOPAD.encode(uuid::Uuid::new_v4().as_bytes())).collect();
        let findings = challenges(&uuids);
        assert_eq!(rules(&findings), ["state.challenge.pattern"]);
        assert!(findings[0].got.starts_with("6 bits"), "{}", findings[0].got);
        assert_eq!(challenges(&uuids[..31]), [], "too few to tell");
    }

    #[test]
    fn a_fixed_prefix_is_found() {
        let prefixed: Vec<_> = random(16).iter().map(|challenge| format!("AAAA{challenge}")).collect();
        assert_eq!(rules(&challenges(&prefixed)), ["state.challenge.pattern"]);
    }
}
