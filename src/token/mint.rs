//! Minting: header and claims as they are given, right or wrong, signed with RS256.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::PublicKey;
use crate::crypto;

/// An RSA key pair with the id that tokens and key sets name it by.
#[derive(Clone)]
pub struct Key {
    /// The `kid`.
    pub kid: String,
    signing: EncodingKey,
    public: PublicKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("not an RSA private key of 2048 bits or more in PEM (PKCS#8 or PKCS#1): {0}")]
pub struct KeyError(String);

impl Key {
    /// Reads a private key in PEM, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// When the text is not such a key, or the key is shorter than 2048 bits.
    pub fn from_pem(kid: impl Into<String>, pem: &str) -> Result<Key, KeyError> {
        crypto::install();
        let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|e| KeyError(e.to_string()))?;
        let pair = ring::signature::RsaKeyPair::from_der(signing.as_bytes()).map_err(|e| KeyError(e.to_string()))?;
        let public = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
        let public = PublicKey { modulus: public.n, exponent: public.e };
        Ok(Key { kid: kid.into(), signing, public })
    }

    /// The public key as one entry of a JSON Web Key Set (RFC 7517), in the form of Cognito's `jwks.json`.
    #[must_use]
    pub fn jwk(&self) -> Value {
        json!({
            "alg": "RS256",
            "e": BASE64URL_NOPAD.encode(&self.public.exponent),
            "kid": self.kid,
            "kty": "RSA",
            "n": BASE64URL_NOPAD.encode(&self.public.modulus),
            "use": "sig",
        })
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The RS256 signature over these bytes, base64url without padding.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        self.sign_by(message, Algorithm::RS256)
    }

    /// The same by RS384, RS512 or PS256; empty where the algorithm is none of these.
    pub(crate) fn sign_by(&self, message: &[u8], algorithm: Algorithm) -> String {
        crypto::install();
        // `from_pem` has proved that the key signs.
        jsonwebtoken::crypto::sign(message, &self.signing, algorithm).unwrap_or_default()
    }
}

/// A compact JWS over header and claims exactly as given (RFC 7515, 7.1).
#[must_use]
pub fn mint(header: &[u8], claims: &[u8], key: &Key) -> String {
    let message = format!("{}.{}", BASE64URL_NOPAD.encode(header), BASE64URL_NOPAD.encode(claims));
    let signature = key.sign(message.as_bytes());
    format!("{message}.{signature}")
}
