//! Attestation objects and statements (WebAuthn, 6.5.4 and 8).

use ciborium::Value;

use super::key::PublicKey;
use super::{Broken, holds};
use crate::cognito::rules::ceremony as rules;

/// The formats of the IANA registry whose statements are of use only to who trusts a root, and are not read here.
const UNREAD: &[&str] = &["android-key", "android-safetynet", "apple", "compound", "fido-u2f", "tpm"];

/// The tag of self-described CBOR (RFC 8949, 3.4.6).
const SELF_DESCRIBED: u64 = 55_799;

pub(super) struct Attestation {
    format: String,
    statement: Value,
    pub(super) authenticator_data: Vec<u8>,
}

/// Reads the object, in any order and encoding, with whatever stands behind it.
pub(super) fn read(bytes: &[u8]) -> Result<Attestation, Broken> {
    let rule = &rules::ATTESTATION_OBJECT;
    let object: Value = ciborium::from_reader(bytes).map_err(|_| rule)?;
    let object = match object {
        Value::Tag(SELF_DESCRIBED, object) => *object,
        object => object,
    };
    let map = object.as_map().ok_or(rule)?;
    let member = |name: &str| get(map, name).ok_or(rule);
    Ok(Attestation {
        format: member("fmt")?.as_text().ok_or(rule)?.to_owned(),
        statement: member("attStmt")?.clone(),
        authenticator_data: member("authData")?.as_bytes().ok_or(rule)?.clone(),
    })
}

impl Attestation {
    /// Whether the format is known, and its statement right, for the new key.
    pub(super) fn check(&self, key: &PublicKey, client_data_hash: &[u8]) -> Result<(), Broken> {
        let rule = &rules::ATTESTATION_STATEMENT;
        let is_unread = UNREAD.contains(&self.format.as_str());
        holds(is_unread || ["none", "packed"].contains(&self.format.as_str()), &rules::ATTESTATION_FORMAT)?;
        if self.format == "compound" {
            return holds(self.statement.is_array(), &rules::ATTESTATION_OBJECT);
        }
        let statement = self.statement.as_map().ok_or(&rules::ATTESTATION_OBJECT)?;
        match self.format.as_str() {
            "none" => holds(statement.is_empty(), rule),
            // 8.2: without certificates it is the new key that signs.
            "packed" if get(statement, "x5c").is_none() => {
                let algorithm = get(statement, "alg").and_then(Value::as_integer).and_then(|alg| alg.try_into().ok());
                holds(algorithm == Some(key.algorithm()), rule)?;
                let signature = get(statement, "sig").and_then(Value::as_bytes).ok_or(rule)?;
                holds(key.has_signed(&[&self.authenticator_data, client_data_hash].concat(), signature), rule)
            }
            _ => Ok(()),
        }
    }
}

fn get<'a>(map: &'a [(Value, Value)], name: &str) -> Option<&'a Value> {
    map.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}
