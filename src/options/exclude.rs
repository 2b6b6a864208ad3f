//! `excludeCredentials`: the passkeys that the user has already.

use std::collections::HashSet;

use crate::cognito::rules::options as w3c;

use super::checker::{Checker, Field, Known, Path};
use super::json::Value;
use super::params::PUBLIC_KEY;
use super::{base64url, profile};

/// The values of `AuthenticatorTransport`.
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

pub(super) fn check(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    /// Entries that Chromium takes.
    const MOST: usize = 64;
    let Some(exclude) = c.array(value, at, &w3c::EXCLUDE_TYPE) else { return };
    let mut count = 0;
    let mut without_transports = 0;
    let mut seen = HashSet::new();
    for (n, entry) in exclude.items().enumerate() {
        count += 1;
        let at = at.item(n);
        let Some(entry) = c.object(entry, &at, &w3c::EXCLUDE_ENTRY_TYPE) else { continue };
        let (id, has_transports) = check_entry(c, entry, &at);
        without_transports += usize::from(!has_transports);
        if let Some(id) = id.filter(|id| !seen.insert(*id)) {
            c.report(&w3c::EXCLUDE_DUPLICATE, &at.member("id"), format!("{id:?} once more"), "each passkey once");
        }
    }
    if count > MOST {
        c.report(&w3c::EXCLUDE_COUNT, at, format!("{count} entries"), format!("at most {MOST}"));
    }
    if without_transports > 0 {
        let got = format!("{without_transports} of {count} entries without transports");
        c.report(&w3c::EXCLUDE_TRANSPORTS, at, got, "the transports of the passkey's record");
    }
}

/// The entry's id where it is a text, and whether the entry has transports.
fn check_entry<'d>(c: &mut Checker<'_>, entry: Value<'d>, at: &Path<'_>) -> (Option<&'d str>, bool) {
    static MEMBERS: [Known; 3] = [
        Known::required("type", &w3c::EXCLUDE_TYPE_REQUIRED),
        Known::required("id", &w3c::EXCLUDE_ID_REQUIRED),
        Known::extra("transports"),
    ];
    let [kind, id, transports] = c.members(entry, at, &MEMBERS);
    if let Some(Field { name, value }) = kind
        && let Some(kind) = c.string(value, &at.member(name), &w3c::EXCLUDE_TYPE_TYPE)
    {
        c.one_of(kind, &at.member(name), &w3c::EXCLUDE_TYPE_UNKNOWN, &[PUBLIC_KEY]);
    }
    if let Some(transports) = transports {
        check_transports(c, transports.value, &at.member(transports.name));
    }
    let id = id.and_then(|Field { name, value }| {
        let at = at.member(name);
        let id = c.string(value, &at, &w3c::EXCLUDE_ID_TYPE)?;
        check_id(c, id, &at);
        Some(id)
    });
    (id, entry.member("transports").is_some() || transports.is_some())
}

fn check_id(c: &mut Checker<'_>, id: &str, at: &Path<'_>) {
    /// The most bytes that a credential id has.
    const MOST: usize = 1023;
    if id.is_empty() {
        c.report(&w3c::EXCLUDE_ID_EMPTY, at, "an empty string", format!("1 to {MOST} bytes"));
        return;
    }
    let Some(bytes) = base64url::decode(c, id, at) else { return };
    if bytes.len() > MOST {
        c.report(&w3c::EXCLUDE_ID_LENGTH, at, format!("{} bytes", bytes.len()), format!("at most {MOST}"));
    }
    profile::check_exclude_id(c, &bytes, at);
}

fn check_transports(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    let Some(transports) = c.array(value, at, &w3c::EXCLUDE_TRANSPORTS_TYPE) else { return };
    for (n, transport) in transports.items().enumerate() {
        let at = at.item(n);
        if let Some(transport) = c.string(transport, &at, &w3c::EXCLUDE_TRANSPORTS_TYPE) {
            c.one_of(transport, &at, &w3c::EXCLUDE_TRANSPORTS_UNKNOWN, &TRANSPORTS);
        }
    }
}
