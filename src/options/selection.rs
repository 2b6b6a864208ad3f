//! What authenticator is asked for, and how it is attested: `authenticatorSelection`, `hints`, `attestation`,
//! `attestationFormats`.

use crate::cognito::rules::{cognito_options as cognito, options as w3c};

use super::checker::{Checker, Field, Known, Path};
use super::json::Value;
use super::profile;

const REQUIREMENTS: [&str; 3] = ["required", "preferred", "discouraged"];
const ATTACHMENTS: [&str; 2] = ["platform", "cross-platform"];
const HINTS: [&str; 3] = ["security-key", "client-device", "hybrid"];
const CONVEYANCES: [&str; 4] = ["none", "indirect", "direct", "enterprise"];
const FORMATS: [&str; 8] =
    ["packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "none", "compound"];

/// Judges `authenticatorSelection`. The attachment, where it is a text.
pub(super) fn check<'d>(c: &mut Checker<'_>, value: Value<'d>, at: &Path<'_>) -> Option<&'d str> {
    static MEMBERS: [Known; 4] = [
        Known::cognito("residentKey", &cognito::RESIDENT_KEY_REQUIRED),
        Known::cognito("requireResidentKey", &cognito::REQUIRE_RESIDENT_KEY_REQUIRED),
        Known::cognito("userVerification", &cognito::USER_VERIFICATION_REQUIRED),
        Known::extra("authenticatorAttachment"),
    ];
    let selection = c.object(value, at, &w3c::SELECTION_TYPE)?;
    let [resident_key, require, verification, attachment] = c.members(selection, at, &MEMBERS);
    let resident_key = read(resident_key, |Field { name, value }| {
        let at = at.member(name);
        let text = c.string(value, &at, &w3c::RESIDENT_KEY_TYPE)?;
        profile::check_resident_key(c, text, &at);
        c.one_of(text, &at, &w3c::RESIDENT_KEY_UNKNOWN, &REQUIREMENTS).then_some(text)
    });
    let require = read(require, |Field { name, value }| {
        let at = at.member(name);
        let require = c.boolean(value, &at, &w3c::REQUIRE_RESIDENT_KEY_TYPE)?;
        profile::check_require_resident_key(c, require, &at);
        Some(require)
    });
    // Only two members that can be read can contradict each other.
    if let (Some(resident_key), Some(require)) = (resident_key, require) {
        check_agreement(c, resident_key, require, at);
    }
    if let Some(Field { name, value }) = verification {
        let at = at.member(name);
        if let Some(text) = c.string(value, &at, &w3c::USER_VERIFICATION_TYPE) {
            c.one_of(text, &at, &w3c::USER_VERIFICATION_UNKNOWN, &REQUIREMENTS);
            profile::check_user_verification(c, text, &at);
        }
    }
    let Field { name, value } = attachment?;
    let attachment_at = at.member(name);
    let attachment = c.string(value, &attachment_at, &w3c::ATTACHMENT_TYPE)?;
    c.one_of(attachment, &attachment_at, &w3c::ATTACHMENT_UNKNOWN, &ATTACHMENTS);
    Some(attachment)
}

/// Nothing where the member cannot be read, else its value, or that it is not there.
fn read<'d, T>(field: Option<Field<'d>>, read: impl FnOnce(Field<'d>) -> Option<T>) -> Option<Option<T>> {
    match field {
        Some(field) => read(field).map(Some),
        None => Some(None),
    }
}

fn check_agreement(c: &mut Checker<'_>, resident_key: Option<&str>, require: Option<bool>, at: &Path<'_>) {
    if (resident_key == Some("required")) != require.unwrap_or(false) {
        let got = format!("residentKey {}, requireResidentKey {}", or_none(resident_key), or_none(require));
        c.report(&w3c::RESIDENT_KEY_AGREES, at, got, "required with true, any other with false");
    }
}

fn or_none(value: Option<impl std::fmt::Display>) -> String {
    value.map_or_else(|| "not there".to_owned(), |value| value.to_string())
}

/// Judges `hints`, also against the attachment.
pub(super) fn check_hints(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>, attachment: Option<&str>) {
    let Some(hints) = c.array(value, at, &w3c::HINTS_TYPE) else { return };
    let mut known: Vec<&str> = Vec::new();
    for (n, hint) in hints.items().enumerate() {
        let at = at.item(n);
        let Some(hint) = c.string(hint, &at, &w3c::HINTS_TYPE) else { continue };
        if !c.one_of(hint, &at, &w3c::HINTS_UNKNOWN, &HINTS) {
            continue;
        }
        if known.contains(&hint) {
            c.report(&w3c::HINTS_REPEATED, &at, format!("{hint:?} once more"), "each hint once");
        } else {
            known.push(hint);
        }
    }
    let is_platform = known.contains(&"client-device");
    let is_roaming = known.iter().any(|hint| *hint != "client-device");
    let wanted = match (is_platform, is_roaming) {
        (true, false) => "platform",
        (false, true) => "cross-platform",
        // No hints, or hints of both kinds, which no single attachment can say.
        _ => return,
    };
    if attachment != Some(wanted) {
        let got = format!("hints {} with authenticatorAttachment {}", known.join(", "), or_none(attachment));
        c.report(&w3c::HINTS_ATTACHMENT, at, got, format!("authenticatorAttachment {wanted}"));
    }
}

/// Judges `attestation`.
pub(super) fn check_attestation(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    if let Some(text) = c.string(value, at, &w3c::ATTESTATION_TYPE) {
        c.one_of(text, at, &w3c::ATTESTATION_UNKNOWN, &CONVEYANCES);
    }
}

/// Judges `attestationFormats`.
pub(super) fn check_formats(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    let Some(formats) = c.array(value, at, &w3c::FORMATS_TYPE) else { return };
    for (n, format) in formats.items().enumerate() {
        let at = at.item(n);
        if let Some(format) = c.string(format, &at, &w3c::FORMATS_TYPE) {
            c.one_of(format, &at, &w3c::FORMATS_REGISTERED, &FORMATS);
        }
    }
}
