//! What Cognito keeps beyond WebAuthn. Each check does nothing under the `w3c` profile.
//!
//! What only a pool's settings or a second call can tell (whose id and domain it is, fresh challenges) is judged elsewhere.

use data_encoding::BASE64URL_NOPAD;

use crate::cognito::rules::cognito_options as cognito;

use super::base64url;
use super::checker::{Checker, Path};
use super::json::Value;
use super::show::shorten;

const ES256: i64 = -7;
const RS256: i64 = -257;

pub(super) fn check_rp(c: &mut Checker<'_>, id: &str, name: Option<&str>, at: &Path<'_>) {
    /// `RelyingPartyIdType`.
    const MOST: usize = 127;
    if !c.is_cognito() {
        return;
    }
    if id.chars().count() > MOST {
        let got = format!("{} characters", id.chars().count());
        c.report(&cognito::RP_ID_LENGTH, &at.member("id"), got, format!("at most {MOST}"));
    }
    if is_endpoint(id) {
        let got = format!("\"{}\"", shorten(id));
        c.report(&cognito::RP_ID_ENDPOINT, &at.member("id"), got, "the pool's domain or relying party id");
    }
    if let Some(name) = name.filter(|name| !name.is_empty() && *name != id) {
        let got = format!("\"{}\"", shorten(name));
        c.report(&cognito::RP_NAME, &at.member("name"), got, format!("\"{}\"", shorten(id)));
    }
}

/// Whether it is the service's host name: `cognito-idp.eu-west-1.amazonaws.com` and its kin.
fn is_endpoint(id: &str) -> bool {
    let rest = ["cognito-idp.", "cognito-idp-fips."].into_iter().find_map(|prefix| id.strip_prefix(prefix));
    rest.is_some_and(|rest| rest.contains(".amazonaws.") || rest.ends_with(".api.aws"))
}

pub(super) fn check_challenge(c: &mut Checker<'_>, bytes: &[u8], at: &Path<'_>) {
    const LENGTH: usize = 16;
    // One that is too short has its own finding.
    if c.is_cognito() && bytes.len() > LENGTH {
        c.report(&cognito::CHALLENGE_LENGTH, at, format!("{} bytes", bytes.len()), format!("{LENGTH}"));
    }
}

pub(super) fn check_user_id(c: &mut Checker<'_>, value: Value<'_>, text: &str, bytes: &[u8], at: &Path<'_>) {
    /// Characters of a `sub`.
    const LENGTH: usize = 36;
    if !c.is_cognito() {
        return;
    }
    if base64url::is_uuid_text(text) {
        c.report_value(&cognito::USER_ID_RAW, at, value, "the base64url of that text");
    } else if !bytes.iter().all(u8::is_ascii_graphic) {
        c.report_value(&cognito::USER_ID_TEXT, at, value, "the base64url of an ASCII text");
    } else if bytes.len() != LENGTH {
        c.report(&cognito::USER_ID_LENGTH, at, format!("{} characters", bytes.len()), format!("{LENGTH}"));
    }
}

pub(super) fn check_display_name(c: &mut Checker<'_>, name: &str, display_name: &str, at: &Path<'_>) {
    if c.is_cognito() && !display_name.is_empty() && display_name != name {
        let got = format!("\"{}\"", shorten(display_name));
        c.report(&cognito::DISPLAY_NAME, at, got, format!("\"\" or \"{}\"", shorten(name)));
    }
}

/// `algs` are the algorithms with their places in the list.
pub(super) fn check_params(c: &mut Checker<'_>, algs: &[(usize, i64)], at: &Path<'_>) {
    if !c.is_cognito() {
        return;
    }
    let mut is_only = true;
    for &(n, alg) in algs.iter().filter(|(_, alg)| ![ES256, RS256].contains(alg)) {
        is_only = false;
        let entry = at.item(n);
        c.report(&cognito::PARAMS_ONLY, &entry.member("alg"), alg.to_string(), "-7 or -257");
    }
    let has = |wanted: i64| algs.iter().any(|&(_, alg)| alg == wanted);
    let list: Vec<String> = algs.iter().take(8).map(|(_, alg)| alg.to_string()).collect();
    let list = format!("[{}]", list.join(", "));
    // An empty list stands for both.
    if !(algs.is_empty() || has(ES256) && has(RS256)) {
        c.report(&cognito::PARAMS_BOTH, at, list, "-7 and -257");
    } else if is_only && !algs.iter().map(|(_, alg)| alg).eq(&[ES256, RS256]) {
        c.report(&cognito::PARAMS_ORDER, at, list, "[-7, -257]");
    }
}

pub(super) fn check_timeout(c: &mut Checker<'_>, timeout: i64, at: &Path<'_>) {
    const TIMEOUT: i64 = 60_000;
    if c.is_cognito() && timeout != TIMEOUT {
        c.report(&cognito::TIMEOUT, at, timeout.to_string(), TIMEOUT.to_string());
    }
}

pub(super) fn check_exclude_id(c: &mut Checker<'_>, bytes: &[u8], at: &Path<'_>) {
    /// Fewer characters are text by chance.
    const LEAST: usize = 22;
    if !c.is_cognito() || bytes.len() < LEAST {
        return;
    }
    if BASE64URL_NOPAD.decode(bytes).is_ok() {
        let got = format!("bytes that are base64url text: {}", shorten(&String::from_utf8_lossy(bytes)));
        c.report(&cognito::EXCLUDE_DOUBLE, at, got, "the id encoded once");
    }
}

pub(super) fn check_resident_key(c: &mut Checker<'_>, text: &str, at: &Path<'_>) {
    if c.is_cognito() {
        c.one_of(text, at, &cognito::RESIDENT_KEY, &["required"]);
    }
}

pub(super) fn check_require_resident_key(c: &mut Checker<'_>, value: bool, at: &Path<'_>) {
    if c.is_cognito() && !value {
        c.report(&cognito::REQUIRE_RESIDENT_KEY, at, "false", "true");
    }
}

pub(super) fn check_user_verification(c: &mut Checker<'_>, text: &str, at: &Path<'_>) {
    if c.is_cognito() {
        c.one_of(text, at, &cognito::USER_VERIFICATION, &["required", "preferred"]);
    }
}
