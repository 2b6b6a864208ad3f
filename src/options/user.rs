//! The user.

use ring::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};

use crate::cognito::rules::options as w3c;

use super::checker::{Checker, Field, Known, Path};
use super::json::Value;
use super::names::{self, NameProfile};
use super::{base64url, profile};

pub(super) fn check(c: &mut Checker<'_>, user: Value<'_>, at: &Path<'_>) {
    static MEMBERS: [Known; 3] = [
        Known::required("id", &w3c::USER_ID_REQUIRED),
        Known::required("name", &w3c::USER_NAME_REQUIRED),
        Known::required("displayName", &w3c::DISPLAY_NAME_REQUIRED),
    ];
    let Some(user) = c.object(user, at, &w3c::USER_TYPE) else { return };
    let [id, name, display_name] = c.members(user, at, &MEMBERS);
    let name = name.and_then(|Field { name, value }| {
        let at = at.member(name);
        let text = c.string(value, &at, &w3c::USER_NAME_TYPE)?;
        if text.is_empty() {
            c.report(&w3c::USER_NAME_EMPTY, &at, "an empty string", "a name");
        } else {
            names::check(c, (value, text), &at, NameProfile::UsernameCasePreserved, &w3c::USER_NAME_PRECIS);
        }
        Some(text)
    });
    let display_name = display_name.and_then(|Field { name, value }| {
        let at = at.member(name);
        let text = c.string(value, &at, &w3c::DISPLAY_NAME_TYPE)?;
        if !text.is_empty() {
            names::check(c, (value, text), &at, NameProfile::Nickname, &w3c::DISPLAY_NAME_PRECIS);
        }
        Some(text)
    });
    if let Some(id) = id {
        check_id(c, id.value, &at.member(id.name), [name, display_name]);
    }
    if let (Some(name), Some(display_name)) = (name, display_name) {
        profile::check_display_name(c, name, display_name, &at.member("displayName"));
    }
}

fn check_id(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>, names: [Option<&str>; 2]) {
    /// The most bytes that a client takes, which are also those that the specification recommends.
    const MOST: usize = 64;
    let Some(text) = c.string(value, at, &w3c::USER_ID_TYPE) else { return };
    if text.is_empty() {
        c.report(&w3c::USER_ID_EMPTY, at, "an empty string", format!("1 to {MOST} bytes"));
        return;
    }
    let Some(bytes) = base64url::decode(c, text, at) else { return };
    if bytes.len() > MOST {
        c.report(&w3c::USER_ID_LENGTH, at, format!("{} bytes", bytes.len()), format!("at most {MOST}"));
    } else if bytes.len() < MOST {
        let got = format!("{} bytes", bytes.len());
        c.report(&w3c::USER_ID_RECOMMENDED, at, got, format!("{MOST} random bytes"));
    }
    let names = || names.into_iter().flatten().filter(|name| !name.is_empty());
    if base64url::is_uuid_text(text) {
        c.report_value(&w3c::USER_ID_UUID_TEXT, at, value, "base64url of bytes");
    } else if names().any(|name| is_name(name, text, &bytes)) || is_email_address(&bytes) {
        c.report_value(&w3c::USER_ID_PERSONAL, at, value, "bytes that tell nothing of the user");
    } else if names().any(|name| is_hash(name, &bytes)) {
        c.report_value(&w3c::USER_ID_HASHED, at, value, "bytes that tell nothing of the user");
    }
    profile::check_user_id(c, value, text, &bytes, at);
}

/// Whether the id is the name, encoded or not. A name that is itself an identifier (a pool with e-mail addresses as
/// aliases names its users by UUID) tells nothing of the person.
fn is_name(name: &str, text: &str, bytes: &[u8]) -> bool {
    !base64url::is_uuid_text(name) && (bytes == name.as_bytes() || text == name)
}

fn is_email_address(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && text.bytes().all(|b| b.is_ascii_graphic())
    })
}

fn is_hash(name: &str, bytes: &[u8]) -> bool {
    [&SHA1_FOR_LEGACY_USE_ONLY, &SHA256, &SHA384, &SHA512].into_iter().any(|algorithm| {
        algorithm.output_len() == bytes.len() && digest::digest(algorithm, name.as_bytes()).as_ref() == bytes
    })
}
