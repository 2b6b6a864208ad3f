//! A strict parser of access tokens: it tells everything that is wrong with a token's form, and never repairs it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use data_encoding::{BASE64URL_NOPAD, Encoding};
use serde_json::{Map, Value};

use super::claims::Claims;
use crate::cognito::rules::{request, token as rules};
use crate::cognito::{Finding, Rule, TOKEN_PATTERN};
use crate::wire::json::Object;

/// The three segments of a compact JWS (RFC 7515, 7.1), each as it was written. They need not decode.
#[derive(Clone, PartialEq, Eq)]
pub struct Segments {
    /// The first: base64url of the header.
    pub header: String,
    /// The second: base64url of the claims.
    pub claims: String,
    /// The third: base64url of the signature.
    pub signature: String,
}

impl std::fmt::Debug for Segments {
    /// Segments are a secret: only their lengths are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Segments({}.{}.{})", self.header.len(), self.claims.len(), self.signature.len())
    }
}

impl Segments {
    /// The segments of a token; `None` where there are not exactly three.
    #[must_use]
    pub fn split(token: &str) -> Option<Segments> {
        let [header, claims, signature] = split(token)?.map(str::to_owned);
        Some(Segments { header, claims, signature })
    }

    /// Header and claims encoded, with a signature as text that may be anything.
    #[must_use]
    pub fn encode(header: &[u8], claims: &[u8], signature: &str) -> Segments {
        Segments {
            header: BASE64URL_NOPAD.encode(header),
            claims: BASE64URL_NOPAD.encode(claims),
            signature: signature.to_owned(),
        }
    }

    /// What is signed: header and claims as they are written.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{}.{}", self.header, self.claims)
    }

    /// The token.
    #[must_use]
    pub fn join(&self) -> String {
        format!("{}.{}.{}", self.header, self.claims, self.signature)
    }
}

/// The three segments of a text, where there are exactly three.
fn split(token: &str) -> Option<[&str; 3]> {
    let mut parts = token.split('.');
    let segments = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(segments)
}

/// A token's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// `alg`, where it is a string.
    pub alg: Option<String>,
    /// `kid`, where it is a string.
    pub kid: Option<String>,
    /// Every member; of duplicates the last.
    pub members: Map<String, Value>,
}

/// An access token that is well-formed: three canonical base64url segments, a header and claims that are JSON objects
/// without duplicates, RS256 with a key id, and claims of the types that Cognito gives them.
///
/// It says nothing of the signature, nor of whether the token is still valid: see [`verify`](super::verify()) and
/// [`check`](super::check()).
#[derive(Clone, Debug, PartialEq)]
pub struct AccessToken {
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Claims,
}

impl AccessToken {
    /// Reads a token.
    ///
    /// # Errors
    /// Everything that is wrong with its form; what is only a note ([`Severity::Note`](crate::cognito::Severity)) too,
    /// as this parser is strict.
    pub fn parse(text: &str) -> Result<AccessToken, Vec<Finding>> {
        match inspect(text) {
            Inspection { header: Some(header), claims: Some(claims), findings } if findings.is_empty() => {
                Ok(AccessToken { header, claims })
            }
            Inspection { findings, .. } => Err(findings),
        }
    }
}

/// As much of a token as can be read, and everything that is wrong with its form.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// The header, where it is a JSON object.
    pub header: Option<Header>,
    /// The claims, where they are a JSON object.
    pub claims: Option<Claims>,
    /// What is wrong. No finding quotes the token's text or its signature.
    pub findings: Vec<Finding>,
}

/// Reads as much of a token as can be read. Total: any text has an answer.
#[must_use]
pub fn inspect(text: &str) -> Inspection {
    let mut findings = Vec::new();
    check_pattern(text, &mut findings);
    let Some([header, claims, signature]) = split(text) else {
        let got = match text.split('.').count() {
            _ if text.is_empty() => "no segment".to_owned(),
            1 => "one segment".to_owned(),
            count => format!("{count} segments"),
        };
        findings.push(Finding::new(&rules::STRUCTURE, got, "three segments, with a period between each two"));
        return Inspection { header: None, claims: None, findings };
    };
    let header = decode("header", header, &mut findings)
        .and_then(|bytes| object("header", &rules::HEADER, &bytes, &mut findings))
        .map(|members| read_header(members, &mut findings));
    let claims = decode("claims", claims, &mut findings)
        .and_then(|bytes| object("claims", &rules::CLAIMS, &bytes, &mut findings))
        .map(|members| Claims::read(members, &mut findings));
    decode("signature", signature, &mut findings);
    Inspection { header, claims, findings }
}

/// `TokenModelType`'s pattern, over the whole text.
fn check_pattern(text: &str, findings: &mut Vec<Finding>) {
    /// A table, as the text is long and almost always right.
    const IS_ALLOWED: [bool; 256] = {
        let (mut table, mut byte) = ([false; 256], 0);
        while byte < 128 {
            let c = byte as u8;
            table[byte] = c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'=' | b'.');
            byte += 1;
        }
        table
    };
    if !text.is_empty() && text.bytes().all(|b| IS_ALLOWED[usize::from(b)]) {
        return;
    }
    let allowed = |c: char| u8::try_from(c).is_ok_and(|b| IS_ALLOWED[usize::from(b)]);
    let wrong: BTreeSet<char> = text.chars().filter(|&c| !allowed(c)).collect();
    if text.is_empty() || !wrong.is_empty() {
        let names: Vec<String> = wrong.iter().take(5).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
        let more = if wrong.len() > names.len() { " and others" } else { "" };
        let got =
            if text.is_empty() { "no character".to_owned() } else { format!("characters {}{more}", names.join(", ")) };
        findings.push(Finding::new(&request::PATTERN, got, TOKEN_PATTERN));
    }
}

/// A segment's bytes, also where only its last bits are wrong.
fn decode(name: &str, segment: &str, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
    if segment.is_empty() {
        findings.push(Finding::new(
            &rules::STRUCTURE,
            format!("an empty {name} segment"),
            "three segments, none empty",
        ));
        return None;
    }
    if let Ok(bytes) = BASE64URL_NOPAD.decode(segment.as_bytes()) {
        return Some(bytes);
    }
    if let Some(bytes) = LENIENT.as_ref().and_then(|encoding| encoding.decode(segment.as_bytes()).ok()) {
        let got = format!("a {name} segment whose last character has other bits set");
        findings.push(Finding::new(&rules::CANONICAL, got, "unused bits that are zero"));
        return Some(bytes);
    }
    let got = match segment.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'-' || b == b'_')) {
        Some(offset) => format!("a {name} segment with another character at offset {offset}"),
        None => format!("a {name} segment of {} characters, a length that no bytes have", segment.len()),
    };
    findings.push(Finding::new(&rules::BASE64URL, got, "base64url without padding"));
    None
}

/// Base64url that does not look at the last character's unused bits.
static LENIENT: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().ok()
});

fn object(name: &str, rule: &'static Rule, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Map<String, Value>> {
    let object = match Object::parse(bytes) {
        Ok(object) => object,
        Err(e) => {
            findings.push(Finding::new(rule, e.to_string(), "one JSON object"));
            return None;
        }
    };
    let mut members = Map::with_capacity(object.members.len());
    let mut unreadable = Vec::new();
    for member in &object.members {
        match member.value() {
            Ok(value) => {
                let name = member.name.clone().into_owned();
                if members.insert(name, value).is_some() {
                    // The order is that of the last one, as a reader of the whole text sees it.
                    let entry = members.shift_remove_entry(&*member.name);
                    members.extend(entry);
                }
            }
            // Too deep, a number out of range, an unpaired surrogate: JSON, but nothing that a claim could be.
            Err(_) => {
                let got = format!("{} that cannot be represented", member.kind());
                unreadable.push(Finding::new(rule, got, "a value that common parsers read").at(pointer(&member.name)));
            }
        }
    }
    if members.len() < object.members.len() {
        for duplicate in object.duplicates() {
            let got = format!("{} members of that name in the {name}", object.count(duplicate));
            findings.push(Finding::new(&rules::DUPLICATE_CLAIM, got, "one").at(pointer(duplicate)));
        }
    }
    findings.extend(unreadable);
    Some(members)
}

fn read_header(members: Map<String, Value>, findings: &mut Vec<Finding>) -> Header {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let (alg, kid) = (text("alg"), text("kid"));
    if alg.as_deref() != Some("RS256") {
        let got = members.get("alg").map_or("no algorithm".to_owned(), brief);
        findings.push(Finding::new(&rules::ALGORITHM, got, "RS256").at("/alg"));
    }
    if kid.is_none() {
        let got = members.get("kid").map_or("no key id".to_owned(), brief);
        findings.push(Finding::new(&rules::KEY, got, "the id of one of the pool's keys, a string").at("/kid"));
    }
    for name in ["jwk", "jku", "x5c", "x5u"] {
        if members.contains_key(name) {
            let got = "a key or a key's address in the token";
            findings.push(Finding::new(&rules::KEY, got, "a key id only").at(pointer(name)));
        }
    }
    if members.contains_key("crit") {
        let got = "extensions that must be understood";
        findings.push(Finding::new(&rules::CRITICAL, got, "a header without `crit`").at("/crit"));
    }
    Header { alg, kid, members }
}

/// A JSON pointer to a member at the top level (RFC 6901, 3).
pub(super) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A value short enough for a finding: a string or number as it is, of others the type.
pub(super) fn brief(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > LONGEST => format!("a string of {} bytes", text.len()),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => value.to_string(),
    }
}
