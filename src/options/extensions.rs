//! `extensions`: the inputs of client extensions at registration.

use crate::cognito::rules::options as w3c;

use super::base64url;
use super::checker::{Checker, Path};
use super::json::{Kind, Value};
use super::show::shorten;

const SUPPORT: [&str; 2] = ["required", "preferred"];
const POLICIES: [&str; 3] =
    ["userVerificationOptional", "userVerificationOptionalWithCredentialIDList", "userVerificationRequired"];

/// Identifiers that are registered or defined by WebAuthn or CTAP and whose input is not judged here.
const OTHERS: [&str; 11] = [
    "txAuthSimple",
    "txAuthGeneric",
    "authnSel",
    "exts",
    "uvi",
    "loc",
    "biometricPerfBounds",
    "hmacGetSecret",
    "getCredBlob",
    "payment",
    "thirdPartyPayment",
];

pub(super) fn check(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    let Some(extensions) = c.object(value, at, &w3c::EXTENSIONS_TYPE) else { return };
    for (name, input) in extensions.members() {
        let name = name.string().unwrap_or_default();
        let at = at.member(name);
        if input.kind() == Kind::Null {
            c.report(&w3c::MEMBER_NULL, &at, "null", "a value, or no such member");
            continue;
        }
        check_input(c, name, input, &at);
    }
    if extensions.member("enforceCredentialProtectionPolicy").is_some_and(|value| value.kind() == Kind::Boolean(true))
        && extensions.member("credentialProtectionPolicy").is_none()
    {
        let at = at.member("enforceCredentialProtectionPolicy");
        c.report(&w3c::EXTENSION_POLICY_ENFORCE, &at, "no credentialProtectionPolicy", "a policy to enforce");
    }
}

/// At most 32 characters, printable ASCII without space, quotation mark and backslash.
fn is_identifier(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

fn check_input(c: &mut Checker<'_>, name: &str, input: Value<'_>, at: &Path<'_>) {
    let json_type = &w3c::EXTENSION_TYPE;
    match name {
        "appid" => c.report_value(&w3c::EXTENSION_APPID, at, input, "appidExclude, at registration"),
        "appidExclude" | "remoteClientDataJSON" => {
            c.string(input, at, json_type);
        }
        "credProps" => {
            if c.boolean(input, at, json_type) == Some(false) {
                c.report(&w3c::EXTENSION_CRED_PROPS, at, "false", "true, or no such member");
            }
        }
        "minPinLength" | "hmacCreateSecret" | "pinComplexityPolicy" | "uvm" | "enforceCredentialProtectionPolicy" => {
            c.boolean(input, at, json_type);
        }
        "credBlob" => check_bytes(c, input, at),
        "credentialProtectionPolicy" => {
            if let Some(policy) = c.string(input, at, json_type) {
                c.one_of(policy, at, &w3c::EXTENSION_POLICY, &POLICIES);
            }
        }
        "prf" => check_prf(c, input, at),
        "largeBlob" => check_large_blob(c, input, at),
        _ if OTHERS.contains(&name) => {}
        // Only names that nobody defined are held to the syntax: one that CTAP defines has 33 characters.
        _ if !is_identifier(name) => {
            let got = format!("\"{}\"", shorten(name));
            c.report(&w3c::EXTENSION_ID, at, got, "1 to 32 characters of printable ASCII");
        }
        _ => c.report(&w3c::EXTENSION_REGISTERED, at, "an extension of that name", "a registered extension"),
    }
}

fn check_bytes(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    if let Some(text) = c.string(value, at, &w3c::EXTENSION_TYPE) {
        base64url::decode(c, text, at);
    }
}

fn check_prf(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    let Some(prf) = c.object(value, at, &w3c::EXTENSION_TYPE) else { return };
    if prf.member("evalByCredential").is_some() {
        c.report(&w3c::EXTENSION_PRF_BY_CREDENTIAL, &at.member("evalByCredential"), "inputs by credential", "none");
    }
    let eval_at = at.member("eval");
    let Some(eval) = prf.member("eval").and_then(|eval| c.object(eval, &eval_at, &w3c::EXTENSION_TYPE)) else { return };
    match eval.member("first") {
        Some(first) => check_bytes(c, first, &eval_at.member("first")),
        None => c.report(&w3c::EXTENSION_PRF_FIRST, &eval_at.member("first"), "nothing", "base64url text"),
    }
    if let Some(second) = eval.member("second") {
        check_bytes(c, second, &eval_at.member("second"));
    }
}

fn check_large_blob(c: &mut Checker<'_>, value: Value<'_>, at: &Path<'_>) {
    let Some(blob) = c.object(value, at, &w3c::EXTENSION_TYPE) else { return };
    for name in ["read", "write"] {
        if blob.member(name).is_some() {
            c.report(&w3c::EXTENSION_LARGE_BLOB, &at.member(name), "a member for sign-in", "support only");
        }
    }
    let at = at.member("support");
    if let Some(support) = blob.member("support").and_then(|support| c.string(support, &at, &w3c::EXTENSION_TYPE)) {
        c.one_of(support, &at, &w3c::EXTENSION_LARGE_BLOB_SUPPORT, &SUPPORT);
    }
}
