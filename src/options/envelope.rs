//! The text as a whole, and the object with its members.

use std::collections::HashSet;

use crate::cognito::rules::{cognito_options as cognito, options as w3c};

use super::checker::{Checker, Known, Path, is_same_but_case};
use super::json::{Json, Kind, ParseErrorKind, Value};
use super::show::shorten;
use super::{base64url, domain, exclude, extensions, params, profile, rp, selection, user};

/// The nesting that `serde_json` and others refuse to go beyond.
const DEPTH: usize = 128;

/// Members that implementations put around the options.
const WRAPPERS: [&str; 2] = ["publicKey", "CredentialCreationOptions"];

pub(super) fn check(c: &mut Checker<'_>, text: &[u8]) {
    domain::check_origin(c);
    check_text(c, text, false);
}

fn check_text(c: &mut Checker<'_>, text: &[u8], is_within_string: bool) {
    let json = match Json::parse(text) {
        Ok(json) => json,
        Err(e) => {
            let rule = match e.kind {
                ParseErrorKind::Utf8 => &w3c::JSON_UTF8,
                ParseErrorKind::Trailing => &w3c::JSON_TRAILING,
                _ => &w3c::JSON_SYNTAX,
            };
            c.report(rule, &Path::Root, e.to_string(), "one JSON value in UTF-8");
            return;
        }
    };
    if json.byte_order_mark {
        c.report(&w3c::JSON_BOM, &Path::Root, "a byte order mark", "none");
    }
    if json.depth > DEPTH {
        c.report(&w3c::JSON_DEPTH, &Path::Root, format!("{} levels", json.depth), format!("at most {DEPTH}"));
    }
    check_values(c, &json);
    let root = json.root();
    match root.kind() {
        Kind::String(inner) if !is_within_string => {
            c.report(&w3c::OBJECT_STRING, &Path::Root, shorten(root.raw()), "an object");
            check_text(c, inner.as_bytes(), true);
        }
        _ => check_root(c, root),
    }
}

/// What holds for every value, known or not.
fn check_values(c: &mut Checker<'_>, json: &Json<'_>) {
    for value in json.values() {
        if value.has_lone_surrogate() && c.has_room(&w3c::JSON_SURROGATE) {
            let pointer = value.pointer();
            let finding =
                crate::cognito::Finding::new(&w3c::JSON_SURROGATE, shorten(value.raw()), "Unicode characters only");
            c.findings.push(finding.at(pointer));
        }
        if value.kind() == Kind::Object && c.has_room(&w3c::JSON_DUPLICATE) {
            check_names(c, value);
        }
    }
}

fn check_names(c: &mut Checker<'_>, object: Value<'_>) {
    // Of the few members that options have, comparing each with those before it is faster than a set.
    const FEW: usize = 16;
    let mut few: [&str; FEW] = [""; FEW];
    let mut many: HashSet<&str> = HashSet::new();
    for (n, (name, value)) in object.members().enumerate() {
        let name = name.string().unwrap_or_default();
        let is_repeated = few[..n.min(FEW)].contains(&name) || (n >= FEW && !many.insert(name));
        if n < FEW {
            few[n] = name;
        }
        if is_repeated && c.has_room(&w3c::JSON_DUPLICATE) {
            let finding = crate::cognito::Finding::new(
                &w3c::JSON_DUPLICATE,
                "another member of the same name",
                "one member of each name",
            );
            c.findings.push(finding.at(value.pointer()));
        }
    }
}

fn check_root(c: &mut Checker<'_>, root: Value<'_>) {
    let at = Path::Root;
    let Some(root) = c.object(root, &at, &w3c::OBJECT) else { return };
    match wrapped(root) {
        Some((name, inner)) => {
            c.report(
                &w3c::OBJECT_WRAPPED,
                &at.member(name),
                format!("the options in \"{}\"", shorten(name)),
                "no wrapper",
            );
            check_options(c, inner, &at.member(name));
        }
        None => check_options(c, root, &at),
    }
}

/// The object that a wrapper holds, where the value is one and not the options themselves.
fn wrapped<'d>(root: Value<'d>) -> Option<(&'d str, Value<'d>)> {
    let is_options = root.members().any(|(name, _)| name.string().is_some_and(|n| is_same_but_case(n, "challenge")));
    let mut members = root.members().filter_map(|(name, value)| Some((name.string()?, value)));
    members.find(|(name, value)| {
        !is_options && value.kind() == Kind::Object && WRAPPERS.iter().any(|wrapper| is_same_but_case(wrapper, name))
    })
}

fn check_options(c: &mut Checker<'_>, options: Value<'_>, at: &Path<'_>) {
    static MEMBERS: [Known; 11] = [
        Known::required("rp", &w3c::RP_REQUIRED),
        Known::required("user", &w3c::USER_REQUIRED),
        Known::required("challenge", &w3c::CHALLENGE_REQUIRED),
        Known::required("pubKeyCredParams", &w3c::PARAMS_REQUIRED),
        Known::cognito("timeout", &cognito::TIMEOUT_REQUIRED),
        Known::cognito("excludeCredentials", &cognito::EXCLUDE_REQUIRED),
        Known::cognito("authenticatorSelection", &cognito::SELECTION_REQUIRED),
        Known::extra("hints"),
        Known::extra("attestation"),
        Known::extra("attestationFormats"),
        Known::extra("extensions"),
    ];
    let [rp, user, challenge, params, timeout, exclude, selection, hints, attestation, formats, extensions] =
        c.members(options, at, &MEMBERS);
    if let Some(rp) = rp {
        rp::check(c, rp.value, &at.member(rp.name));
    }
    if let Some(user) = user {
        user::check(c, user.value, &at.member(user.name));
    }
    if let Some(challenge) = challenge {
        check_challenge(c, challenge.value, &at.member(challenge.name));
    }
    if let Some(params) = params {
        params::check(c, params.value, &at.member(params.name));
    }
    if let Some(timeout) = timeout {
        check_timeout(c, timeout.value, &at.member(timeout.name));
    }
    if let Some(exclude) = exclude {
        exclude::check(c, exclude.value, &at.member(exclude.name));
    }
    let attachment = selection.and_then(|field| selection::check(c, field.value, &at.member(field.name)));
    if let Some(hints) = hints {
        selection::check_hints(c, hints.value, &at.member(hints.name), attachment);
    }
    if let Some(attestation) = attestation {
        selection::check_attestation(c, attestation.value, &at.member(attestation.name));
    }
    if let Some(formats) = formats {
        selection::check_formats(c, formats.value, &at.member(formats.name));
    }
    if let Some(extensions) = extensions {
        extensions::check(c, extensions.value, &at.member(extensions.name));
    }
}

fn check_challenge(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    /// Bytes that W3C advises as the least.
    const LEAST: usize = 16;
    let Some(text) = c.string(value, at, &w3c::CHALLENGE_TYPE) else { return };
    if text.is_empty() {
        c.report(&w3c::CHALLENGE_EMPTY, at, "an empty string", format!("at least {LEAST} random bytes"));
        return;
    }
    let Some(bytes) = base64url::decode(c, text, at) else { return };
    if base64url::is_uuid_text(text) {
        c.report_value(&w3c::CHALLENGE_UUID_TEXT, at, value, "base64url of random bytes");
    }
    if bytes.len() < LEAST {
        c.report(&w3c::CHALLENGE_LENGTH, at, format!("{} bytes", bytes.len()), format!("at least {LEAST}"));
    }
    profile::check_challenge(c, &bytes, at);
}

fn check_timeout(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    const RECOMMENDED: std::ops::RangeInclusive<i64> = 300_000..=600_000;
    let rules = [&w3c::TIMEOUT_TYPE, &w3c::TIMEOUT_INTEGER, &w3c::TIMEOUT_RANGE];
    let Some(timeout) = c.integer(value, at, rules, (0, i64::from(u32::MAX))) else { return };
    if !RECOMMENDED.contains(&timeout) {
        c.report_value(&w3c::TIMEOUT_RECOMMENDED, at, value, "300000 to 600000");
    }
    profile::check_timeout(c, timeout, at);
}
