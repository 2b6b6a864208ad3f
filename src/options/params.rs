//! `pubKeyCredParams`: the algorithms.

use std::collections::HashSet;

use crate::cognito::rules::options as w3c;

use super::checker::{Checker, Known, Path};
use super::json::Value;
use super::profile;

/// The one credential type.
pub(super) const PUBLIC_KEY: &str = "public-key";

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
const RS1: i64 = -65535;

/// Identifiers that name curve and hash (RFC 9864), each with the one that WebAuthn clients know for the same.
const FULLY_SPECIFIED: [(i64, i64); 4] = [(-9, ES256), (-51, -35), (-52, -36), (-19, EDDSA)];

/// Signature algorithms of the COSE registry, RS1 beside.
#[rustfmt::skip]
const SIGNATURES: [i64; 23] = [
    ES256, EDDSA, -9, -19, -35, -36, -37, -38, -39, -46, -47, -48, -49, -50, -51, -52, -53, RS256, -258, -259, -260,
    -265, -267,
];

pub(super) fn check(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    let Some(params) = c.array(value, at, &w3c::PARAMS_TYPE) else { return };
    let mut count = 0;
    let mut others = Vec::new();
    let mut algs: Vec<(usize, i64)> = Vec::new();
    // Where an entry is broken, what the whole list lacks is not the server's intent.
    let mut is_whole = true;
    for (n, entry) in params.items().enumerate() {
        count += 1;
        match check_entry(c, entry, &at.item(n)) {
            Some(Entry::Algorithm(alg)) => algs.push((n, alg)),
            Some(Entry::OtherType(kind)) => others.push((n, kind)),
            None => is_whole = false,
        }
    }
    if count == 0 {
        c.report(&w3c::PARAMS_EMPTY, at, "an empty array", "-7 and -257 by name");
    } else if others.len() == count {
        c.report_value(&w3c::PARAMS_NONE_USABLE, at, value, "an entry of type public-key");
        return;
    }
    for (n, kind) in others {
        let entry = at.item(n);
        c.one_of(kind, &entry.member("type"), &w3c::PARAMS_TYPE_UNKNOWN, &[PUBLIC_KEY]);
    }
    check_algorithms(c, &algs, at);
    if is_whole && count > 0 {
        check_list(c, &algs, at);
    }
    if is_whole {
        profile::check_params(c, &algs, at);
    }
}

enum Entry<'d> {
    Algorithm(i64),
    OtherType(&'d str),
}

fn check_entry<'d>(c: &mut Checker<'_>, entry: Value<'d>, at: &Path<'_>) -> Option<Entry<'d>> {
    static MEMBERS: [Known; 2] =
        [Known::required("type", &w3c::PARAMS_TYPE_REQUIRED), Known::required("alg", &w3c::PARAMS_ALG_REQUIRED)];
    let entry = c.object(entry, at, &w3c::PARAMS_ENTRY_TYPE)?;
    let [kind, alg] = c.members(entry, at, &MEMBERS);
    let kind = kind.and_then(|kind| c.string(kind.value, &at.member(kind.name), &w3c::PARAMS_TYPE_TYPE));
    let rules = [&w3c::PARAMS_ALG_TYPE, &w3c::PARAMS_ALG_INTEGER, &w3c::PARAMS_ALG_RANGE];
    let range = (i64::from(i32::MIN), i64::from(i32::MAX));
    let alg = alg.and_then(|alg| c.integer(alg.value, &at.member(alg.name), rules, range));
    match kind? {
        PUBLIC_KEY => alg.map(Entry::Algorithm),
        other => Some(Entry::OtherType(other)),
    }
}

/// Each algorithm by itself.
fn check_algorithms(c: &mut Checker<'_>, algs: &[(usize, i64)], at: &Path<'_>) {
    let offered: HashSet<i64> = algs.iter().map(|&(_, alg)| alg).collect();
    let mut seen = HashSet::new();
    for &(n, alg) in algs {
        let entry = at.item(n);
        let at = entry.member("alg");
        if alg == RS1 {
            c.report(&w3c::PARAMS_ALG_RS1, &at, alg.to_string(), "RS256 (-257)");
        } else if !SIGNATURES.contains(&alg) {
            c.report(&w3c::PARAMS_ALG_REGISTERED, &at, alg.to_string(), "a COSE signature algorithm");
        }
        if let Some((_, common)) =
            FULLY_SPECIFIED.iter().find(|(full, common)| *full == alg && !offered.contains(common))
        {
            c.report(&w3c::PARAMS_ALG_SPECIFIED, &at, alg.to_string(), format!("{common} beside it"));
        }
        if !seen.insert(alg) {
            c.report(&w3c::PARAMS_DUPLICATE, &at, format!("{alg} once more"), "each algorithm once");
        }
    }
}

/// The list as a whole.
fn check_list(c: &mut Checker<'_>, algs: &[(usize, i64)], at: &Path<'_>) {
    let has = |wanted: i64| algs.iter().any(|&(_, alg)| alg == wanted);
    let missing: Vec<String> =
        [EDDSA, ES256, RS256].into_iter().filter(|&alg| !has(alg)).map(|alg| alg.to_string()).collect();
    if missing.len() == 3 {
        c.report(&w3c::PARAMS_SUPPORTED, at, "none of -7, -8, -257", "-7 and -257");
    } else if !missing.is_empty() {
        c.report(&w3c::PARAMS_RECOMMENDED, at, format!("no {}", missing.join(", no ")), "-8, -7 and -257");
    }
}
