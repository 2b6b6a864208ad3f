//! Credentials: an id, a key, and whose they are.

use std::fmt;
use std::sync::{Arc, LazyLock};

use ciborium::Value;
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};

use super::cbor;
use crate::tape;

/// What a credential signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256. All such credentials have the same key: making one takes longer than a whole run.
    Rs256,
}

impl Algorithm {
    /// The COSE identifier (RFC 9053, 2.1; RFC 8812, 2).
    #[must_use]
    pub fn cose(self) -> i64 {
        match self {
            Algorithm::Es256 => -7,
            Algorithm::Rs256 => -257,
        }
    }
}

/// A credential that an authenticator holds: discoverable, bound to one relying party and one user.
#[derive(Clone)]
pub struct Credential {
    /// Its id: random.
    pub id: Vec<u8>,
    /// The relying party that it is bound to.
    pub rp_id: String,
    /// The user that it is for: `user.id` of the creation options.
    pub user_handle: Vec<u8>,
    /// The signature counter: 1 at registration, so that one that goes back can be told, and 1 more with each assertion.
    pub sign_count: u32,
    pub(super) key: Key,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = HEXLOWER.encode(&self.id);
        f.debug_struct("Credential").field("id", &id).field("rp_id", &self.rp_id).finish_non_exhaustive()
    }
}

impl Credential {
    /// A new one, with an id of 32 random bytes.
    #[must_use]
    pub fn new(rp_id: &str, user_handle: Vec<u8>, algorithm: Algorithm) -> Self {
        let key = Key::new(algorithm);
        Credential { id: random(32), rp_id: rp_id.to_owned(), user_handle, sign_count: 1, key }
    }

    /// Its id as JSON has it: unpadded base64url.
    #[must_use]
    pub fn id_text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.id)
    }

    /// What it signs with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// The public key as `SubjectPublicKeyInfo` (RFC 5280, 4.1), DER.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.key.spki()
    }
}

/// A key pair.
#[derive(Clone)]
pub(super) enum Key {
    Es256(Arc<EcdsaKeyPair>),
    Rs256(Arc<RsaKeyPair>),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} key", self.algorithm())
    }
}

impl Key {
    #[expect(clippy::expect_used, reason = "only a system without randomness cannot make a key")]
    pub(super) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Es256 => {
                let random = SystemRandom::new();
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let pair = EcdsaKeyPair::generate_pkcs8(algorithm, &random)
                    .ok()
                    .and_then(|document| EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).ok());
                Key::Es256(Arc::new(pair.expect("the system gives random bytes")))
            }
            Algorithm::Rs256 => Key::Rs256(Arc::clone(&RSA)),
        }
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            Key::Es256(_) => Algorithm::Es256,
            Key::Rs256(_) => Algorithm::Rs256,
        }
    }

    /// The public key as the entries of a COSE_Key in their canonical order (RFC 9053, 7.1; RFC 8230, 4).
    pub(super) fn cose(&self) -> Vec<(Value, Value)> {
        let alg = Value::from(self.algorithm().cose());
        match self {
            Key::Es256(pair) => {
                // An uncompressed point: 4, x, y.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                cbor::labelled([
                    (1, Value::from(2)),
                    (3, alg),
                    (-1, Value::from(1)),
                    (-2, Value::from(x)),
                    (-3, Value::from(y)),
                ])
            }
            Key::Rs256(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                cbor::labelled([(1, Value::from(3)), (3, alg), (-1, Value::from(n)), (-2, Value::from(e))])
            }
        }
    }

    fn spki(&self) -> Vec<u8> {
        // What stands before the point of P-256, and before the RSAPublicKey of 270 bytes that a modulus of 2048 bits has.
        const P256: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
        const RSA_2048: &str = "30820122300d06092a864886f70d01010105000382010f00";
        let (head, key) = match self {
            Key::Es256(pair) => (P256, pair.public_key().as_ref()),
            Key::Rs256(pair) => (RSA_2048, pair.public().as_ref()),
        };
        [hex(head).as_slice(), key].concat()
    }

    /// A signature as WebAuthn sends it: DER for ECDSA (WebAuthn, sctn-signature-attestation-types).
    #[expect(clippy::expect_used, reason = "signing fails only without randomness")]
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let signed = match self {
            Key::Es256(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Key::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
        };
        signed.expect("the system gives random bytes")
    }
}

/// The key of all RS256 credentials. It is public: it is for tests.
#[expect(clippy::expect_used, reason = "the file is part of the program, and every test of RS256 reads it")]
static RSA: LazyLock<Arc<RsaKeyPair>> = LazyLock::new(|| {
    let base64: String = include_str!("test-key.pem").lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64.decode(base64.as_bytes()).expect("base64");
    Arc::new(RsaKeyPair::from_pkcs8(&der).expect("a PKCS #8 key of 2048 bits"))
});

/// Bytes that nobody can guess; in a replay, those of the recorded run.
#[expect(clippy::expect_used, reason = "only a system without randomness has none")]
pub(super) fn random(length: usize) -> Vec<u8> {
    hex(&tape::draw(|| {
        let mut bytes = vec![0; length];
        SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
        HEXLOWER.encode(&bytes)
    }))
}

/// The bytes of a text that this module wrote itself.
pub(super) fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap_or_default()
}
