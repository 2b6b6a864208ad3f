//! Signing keys: made beforehand, because making an RSA key takes longer than a whole test.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use data_encoding::BASE64;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use crate::token::Key;

static PEM: &str = include_str!("keys/test-keys.pem");
const END: &str = "-----END PRIVATE KEY-----\n";

/// A pool's key: it signs, verifies, and can be given away.
#[derive(Clone)]
pub(super) struct SigningKey {
    pub(super) key: Key,
    pub(super) pem: &'static str,
    pub(super) verifying: DecodingKey,
    verified: Arc<Verified>,
}

impl SigningKey {
    /// Whether the text was signed with this key by RS256, both as they stand in a token.
    pub(super) fn has_signed(&self, text: &str, signature: &str) -> bool {
        self.verified.holds(text, signature) || {
            let verify = jsonwebtoken::crypto::verify;
            let is_right = verify(signature, text.as_bytes(), &self.verifying, Algorithm::RS256).unwrap_or(false);
            if is_right {
                self.verified.remember(text, signature);
            }
            is_right
        }
    }
}

/// What one key was found to have signed, text by text: clients send the same token again and again. Only what the key did
/// verify is remembered, and whole, so nothing else is taken for it.
#[derive(Default)]
struct Verified(Mutex<HashMap<String, String>>);

impl Verified {
    /// How many texts are remembered.
    const MOST: usize = 1_000;

    fn holds(&self, text: &str, signature: &str) -> bool {
        let verified = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        verified.get(text).is_some_and(|known| known == signature)
    }

    fn remember(&self, text: &str, signature: &str) {
        let mut verified = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= Self::MOST {
            verified.clear();
        }
        verified.insert(text.to_owned(), signature.to_owned());
    }
}

/// A key of the file, read or not yet.
struct Slot {
    pem: &'static str,
    key: OnceLock<Option<SigningKey>>,
}

/// The key of that number, counted round the ones there are, under a new `kid`. A key is read when it is first asked for.
///
/// `None` would mean that the key file in this crate is broken, which a test rules out.
pub(super) fn signing_key(number: usize) -> Option<SigningKey> {
    static SLOTS: OnceLock<Vec<Slot>> = OnceLock::new();
    let slots = SLOTS.get_or_init(|| pems().map(|pem| Slot { pem, key: OnceLock::new() }).collect());
    let slot = slots.get(number.checked_rem(slots.len())?)?;
    let mut key = slot.key.get_or_init(|| read(slot.pem)).clone()?;
    key.key.kid = BASE64.encode(&rand::random::<[u8; 32]>());
    Some(key)
}

fn pems() -> impl Iterator<Item = &'static str> {
    PEM.split_inclusive(END).filter_map(|part| part.find("-----BEGIN").and_then(|start| part.get(start..)))
}

fn read(pem: &'static str) -> Option<SigningKey> {
    let key = Key::from_pem("", pem).ok()?;
    let jwk = key.jwk();
    let component = |name| jwk.get(name).and_then(Value::as_str);
    let verifying = DecodingKey::from_rsa_components(component("n")?, component("e")?).ok()?;
    Some(SigningKey { key, pem, verifying, verified: Arc::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_in_the_file_can_be_used() {
        assert_eq!(pems().count(), 16);
        for number in 0..17 {
            let key = signing_key(number).expect("a usable key");
            assert_eq!(key.key.kid.len(), 44);
            assert!(key.key.kid.ends_with('='));
        }
    }

    #[test]
    fn a_remembered_signature_vouches_for_its_own_text_and_key_only() {
        let (key, other) = (signing_key(0).expect("a key"), signing_key(1).expect("another key"));
        let signature = key.key.sign(b"text");
        for _ in 0..2 {
            assert!(key.has_signed("text", &signature));
            assert!(!key.has_signed("texts", &signature));
            assert!(!key.has_signed("text", &signature[1..]));
            assert!(!key.has_signed("text", ""));
            assert!(!other.has_signed("text", &signature));
        }
    }
}
