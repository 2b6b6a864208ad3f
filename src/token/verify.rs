//! Verifying a token's signature with a JSON Web Key Set (RFC 7517).

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::parse::{Segments, inspect};
use crate::crypto;

/// A set of public keys, as a pool publishes it at `ISSUER/.well-known/jwks.json`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Jwks {
    keys: Vec<Jwk>,
}

/// One key. Members that do not matter here are passed over, as are keys of other types (RFC 7517, 5).
#[derive(Clone, Debug, Deserialize)]
struct Jwk {
    #[serde(default)]
    kid: Option<String>,
    kty: String,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
}

/// A text that is no key set.
#[derive(Debug, thiserror::Error)]
#[error("not a JSON Web Key Set (an object with a list `keys`): {0}")]
pub struct JwksError(#[from] serde_json::Error);

impl Jwks {
    /// Reads a key set from JSON.
    ///
    /// # Errors
    /// When the text is no JSON, or has no list `keys` of objects with a `kty`.
    pub fn parse(json: &[u8]) -> Result<Jwks, JwksError> {
        Ok(serde_json::from_slice(json)?)
    }

    /// The ids of the RSA keys for signatures, in the set's order.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|key| key.is_rs256()).filter_map(|key| key.kid.as_deref())
    }
}

impl Jwk {
    fn is_rs256(&self) -> bool {
        self.kty == "RSA"
            && self.alg.as_deref().is_none_or(|alg| alg == "RS256")
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
    }

    fn decoding_key(&self) -> Option<DecodingKey> {
        let decode = |text: &Option<String>| BASE64URL_NOPAD.decode(text.as_deref()?.as_bytes()).ok();
        Some(DecodingKey::from_rsa_raw_components(&decode(&self.n)?, &decode(&self.e)?))
    }
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// No three segments, or a header or signature that does not decode.
    #[error("the token has no header or signature that can be read")]
    Malformed,
    /// The header asks for another algorithm than RS256.
    #[error("the token's algorithm is not RS256")]
    Algorithm,
    /// The header names no key.
    #[error("the token names no key (`kid`)")]
    NoKid,
    /// The set has no key of that id for RS256.
    #[error("the key set has no RSA signature key with the token's `kid`")]
    NoKey,
    /// The key's modulus or exponent does not decode.
    #[error("the key with the token's `kid` is not a usable RSA key")]
    BadKey,
    /// The signature is not that of the key over header and claims.
    #[error("the signature does not match the key")]
    BadSignature,
}

/// Verifies a token's RS256 signature over header and claims as they are written, with the key that `kid` names.
///
/// The signature's text must be canonical base64url, so that no other text verifies for the same token.
///
/// # Errors
/// When it does not hold; see [`VerifyError`].
pub fn verify(token: &str, keys: &Jwks) -> Result<(), VerifyError> {
    crypto::install();
    let segments = Segments::split(token).ok_or(VerifyError::Malformed)?;
    let header = inspect(token).header.ok_or(VerifyError::Malformed)?;
    if BASE64URL_NOPAD.decode(segments.signature.as_bytes()).is_err() {
        return Err(VerifyError::Malformed);
    }
    if header.alg.as_deref() != Some("RS256") {
        return Err(VerifyError::Algorithm);
    }
    let kid = header.kid.ok_or(VerifyError::NoKid)?;
    let named = |key: &&Jwk| key.is_rs256() && key.kid.as_deref() == Some(&kid);
    let key = keys.keys.iter().find(named).ok_or(VerifyError::NoKey)?;
    let key = key.decoding_key().ok_or(VerifyError::BadKey)?;
    let message = segments.message();
    match jsonwebtoken::crypto::verify(&segments.signature, message.as_bytes(), &key, Algorithm::RS256) {
        Ok(true) => Ok(()),
        Ok(false) => Err(VerifyError::BadSignature),
        Err(_) => Err(VerifyError::BadKey),
    }
}
