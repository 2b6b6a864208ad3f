//! Public keys of ES256 and RS256 (RFC 9052, 7; RFC 9053, 7.1; RFC 8230, 4).

use ciborium::Value;
use ring::agreement::{self, ECDH_P256, EphemeralPrivateKey};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::{Broken, holds};
use crate::ceremony::credential::Key;
use crate::ceremony::{Algorithm, Credential};
use crate::cognito::rules::ceremony as rules;

/// The shortest modulus of RS256, in bytes (RFC 8812, 2).
const SHORTEST_MODULUS: usize = 256;

pub(super) enum PublicKey {
    /// An uncompressed point: 4, x, y.
    Es256(Vec<u8>),
    /// Modulus and exponent, big-endian.
    Rs256(RsaPublicKeyComponents<Vec<u8>>),
}

/// The key of a credential of our own.
pub(super) fn of(credential: &Credential) -> PublicKey {
    match &credential.key {
        Key::Es256(pair) => PublicKey::Es256(pair.public_key().as_ref().to_vec()),
        Key::Rs256(pair) => PublicKey::Rs256(pair.public().into()),
    }
}

/// Reads the key of a new credential, of one of the offered algorithms.
pub(super) fn read(key: &Value, offered: &[i64]) -> Result<PublicKey, Broken> {
    let rule = &rules::PUBLIC_KEY;
    let map = key.as_map().ok_or(rule)?;
    let is_twice = |label: &Value| map.iter().filter(|(other, _)| other == label).count() > 1;
    holds(!map.iter().any(|(label, _)| is_twice(label)), &rules::PUBLIC_KEY_UNIQUE)?;
    let get = |label: i64| map.iter().find(|(known, _)| *known == Value::from(label)).map(|(_, value)| value);
    let integer = |label: i64| -> Option<i64> { get(label)?.as_integer()?.try_into().ok() };
    let bytes = |label: i64| get(label).and_then(Value::as_bytes).ok_or(rule);
    let algorithm = integer(3).ok_or(rule)?;
    holds(offered.contains(&algorithm), &rules::ALGORITHM)?;
    match (algorithm, integer(1)) {
        (-7, Some(2)) => {
            holds(integer(-1) == Some(1), rule)?;
            let (x, y) = (bytes(-2)?, bytes(-3)?);
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            holds(x.len() == 32 && y.len() == 32 && is_on_curve(&point), &rules::PUBLIC_KEY_VALID)?;
            Ok(PublicKey::Es256(point))
        }
        (-257, Some(3)) => {
            let (modulus, exponent) = (bytes(-1)?, bytes(-2)?);
            holds(!modulus.is_empty() && is_exponent(exponent), &rules::PUBLIC_KEY_VALID)?;
            let is_strong = modulus.len() > SHORTEST_MODULUS
                || (modulus.len() == SHORTEST_MODULUS && modulus.first() >= Some(&0x80));
            holds(is_strong, &rules::PUBLIC_KEY_STRENGTH)?;
            Ok(PublicKey::Rs256(RsaPublicKeyComponents { n: modulus.clone(), e: exponent.clone() }))
        }
        _ => Err(rule),
    }
}

impl PublicKey {
    /// The COSE algorithm identifier.
    pub(super) fn algorithm(&self) -> i64 {
        match self {
            PublicKey::Es256(_) => Algorithm::Es256.cose(),
            PublicKey::Rs256(_) => Algorithm::Rs256.cose(),
        }
    }

    /// Whether its owner signed the message.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).is_ok()
            }
            PublicKey::Rs256(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok(),
        }
    }
}

/// An odd number greater than 1.
fn is_exponent(exponent: &[u8]) -> bool {
    let leading = exponent.iter().take_while(|byte| **byte == 0).count();
    !matches!(exponent[leading..], [] | [1]) && exponent.last().is_some_and(|last| last % 2 == 1)
}

/// A key agreement looks at the other side's point first.
fn is_on_curve(point: &[u8]) -> bool {
    let Ok(own) = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()) else { return false };
    agreement::agree_ephemeral(own, &agreement::UnparsedPublicKey::new(&ECDH_P256, point), |_| ()).is_ok()
}
