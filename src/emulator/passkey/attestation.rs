//! Attestation objects (W3C WebAuthn L3, 6.5.4) and statements (8).
//!
//! Cognito "doesn't currently support attestation enforcement": nobody's certificates are trusted or asked for. What a
//! statement proves by itself is verified all the same.

use ciborium::Value;

use super::{PublicKey, cbor};

/// The formats of the IANA registry whose statements are taken unread: they are of use to who trusts a root.
const UNREAD: &[&str] = &["android-key", "android-safetynet", "apple", "fido-u2f", "tpm"];

/// An attestation object, taken apart.
pub(super) struct Attestation {
    format: String,
    statement: Value,
    /// `authData`.
    pub(super) authenticator_data: Vec<u8>,
}

impl Attestation {
    /// Reads the bytes: a map with text keys, and nothing behind it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let object = cbor::whole(bytes)?;
        let map = object.as_map()?;
        Some(Attestation {
            format: cbor::get(map, "fmt")?.as_text()?.to_owned(),
            statement: cbor::get(map, "attStmt")?.clone(),
            authenticator_data: cbor::get(map, "authData")?.as_bytes()?.clone(),
        })
    }

    /// Whether the format is known, and the statement what the format says, for a key and the hash of the client data.
    pub(super) fn holds(&self, key: &PublicKey, client_data_hash: &[u8]) -> bool {
        let is_map = self.statement.is_map();
        match self.format.as_str() {
            "none" => self.statement.as_map().is_some_and(Vec::is_empty),
            "packed" => self.packed_holds(key, client_data_hash).unwrap_or(false),
            "compound" => self.statement.is_array(),
            format => is_map && UNREAD.contains(&format),
        }
    }

    /// 8.2: without certificates it is the passkey itself that signs.
    fn packed_holds(&self, key: &PublicKey, client_data_hash: &[u8]) -> Option<bool> {
        let statement = self.statement.as_map()?;
        let algorithm: i64 = cbor::get(statement, "alg")?.as_integer()?.try_into().ok()?;
        let signature = cbor::get(statement, "sig")?.as_bytes()?;
        if let Some(certificates) = cbor::get(statement, "x5c") {
            return Some(certificates.as_array().is_some_and(|chain| !chain.is_empty()));
        }
        let signed = [&self.authenticator_data[..], client_data_hash].concat();
        Some(algorithm == key.algorithm() && key.has_signed(&signed, signature))
    }
}
