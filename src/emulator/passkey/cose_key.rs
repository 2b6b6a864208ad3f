//! Credential public keys: `COSE_Key` (RFC 9052, 7; RFC 9053, 7.1; RFC 8230, 4), as W3C WebAuthn L3, 6.5.1.1 narrows it.

use ciborium::Value;
use ring::agreement::{self, ECDH_P256, EphemeralPrivateKey};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};

use super::cbor;

/// ES256: ECDSA with SHA-256, here always on P-256.
pub(in crate::emulator) const ES256: i64 = -7;
/// RS256: RSASSA-PKCS1-v1_5 with SHA-256.
pub(in crate::emulator) const RS256: i64 = -257;

/// Labels and values of the parameters.
const KTY: i64 = 1;
const ALG: i64 = 3;
const KTY_EC2: i64 = 2;
const KTY_RSA: i64 = 3;
const CRV: i64 = -1;
const CRV_P256: i64 = 1;
const X: i64 = -2;
const Y: i64 = -3;
const N: i64 = -1;
const E: i64 = -2;

/// A key of one of the algorithms that are offered.
#[derive(Clone)]
pub(in crate::emulator) enum PublicKey {
    /// An uncompressed point: 4, x, y.
    Es256(Vec<u8>),
    /// Modulus and exponent, big-endian.
    Rs256 { modulus: Vec<u8>, exponent: Vec<u8> },
}

/// What the key says that it is for. `None` where it is no map in canonical form, or does not say it in a number.
pub(super) fn algorithm(key: &Value) -> Option<i64> {
    integer(key.as_map().filter(|map| cbor::is_in_order(map))?, ALG)
}

impl PublicKey {
    /// The parameters of a key: those that its type must have, each of its type, and no others.
    pub(super) fn read(key: &Value) -> Option<Self> {
        let map = key.as_map()?;
        let bytes = |label: i64| cbor::get(map, label)?.as_bytes();
        match (integer(map, ALG)?, integer(map, KTY)?, map.len()) {
            (ES256, KTY_EC2, 5) if integer(map, CRV)? == CRV_P256 => {
                let (x, y) = (bytes(X)?, bytes(Y)?);
                (x.len() == 32 && y.len() == 32).then(|| PublicKey::Es256([&[4], &x[..], &y[..]].concat()))
            }
            (RS256, KTY_RSA, 4) => Some(PublicKey::Rs256 { modulus: bytes(N)?.clone(), exponent: bytes(E)?.clone() }),
            _ => None,
        }
    }

    /// The COSE algorithm identifier.
    pub(in crate::emulator) fn algorithm(&self) -> i64 {
        match self {
            PublicKey::Es256(_) => ES256,
            PublicKey::Rs256 { .. } => RS256,
        }
    }

    /// Whether signatures can be verified with it: a point on the curve, or a modulus of 2048 to 8192 bits with an odd
    /// exponent.
    pub(super) fn is_sound(&self) -> bool {
        match self {
            PublicKey::Es256(point) => is_on_p256(point),
            PublicKey::Rs256 { modulus, exponent } => {
                let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
                let is_long = match modulus.len() {
                    256 => modulus.first() >= Some(&0x80),
                    257..=1024 => modulus.first() > Some(&0),
                    _ => false,
                };
                let is_exponent = exponent.len() <= 4 && !matches!(exponent[..], [] | [1] | [0, ..]);
                is_long && is_odd(modulus) && is_exponent && is_odd(exponent)
            }
        }
    }

    /// Whether this key's owner signed the message. An ES256 signature is in ASN.1 DER (W3C WebAuthn L3, 6.5.5).
    pub(in crate::emulator) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).is_ok()
            }
            PublicKey::Rs256 { modulus, exponent } => {
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
        }
    }
}

/// A key agreement looks at the other side's point first.
fn is_on_p256(point: &[u8]) -> bool {
    let Ok(own) = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()) else { return false };
    agreement::agree_ephemeral(own, &agreement::UnparsedPublicKey::new(&ECDH_P256, point), |_| ()).is_ok()
}

fn integer(map: &[(Value, Value)], label: i64) -> Option<i64> {
    cbor::get(map, label)?.as_integer()?.try_into().ok()
}
