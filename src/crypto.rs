//! The one cryptography provider: ring, for TLS and for token signatures.
//!
//! jsonwebtoken leaves the choice of provider open; its built-in ones would add a second implementation of RSA
//! beside the one that TLS needs anyway. Only the algorithms that tokens need here are offered: RS256, which Cognito
//! signs with; RS384, RS512 and PS256, which its key could sign with too; and HS256, which a forger would like a server
//! to take for it.

use std::sync::Once;

use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::{hmac, rand, signature as rsa};
use signature::{Error, Signer, Verifier};

static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: KeyUtils::new_unimplemented() };

/// Makes ring the provider of jsonwebtoken and of rustls in this process. May be called any number of times.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the embedding program has chosen a provider already: then that one serves.
        let _ = PROVIDER.install_default();
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match (algorithm, key.family()) {
        (_, AlgorithmFamily::Rsa) => match padding(*algorithm) {
            Some((signing, _)) => Ok(Box::new(RsaSigner(key.clone(), *algorithm, signing))),
            None => Err(ErrorKind::InvalidAlgorithm.into()),
        },
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256(key.as_bytes().to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.family()) {
        (_, AlgorithmFamily::Rsa) => match padding(*algorithm) {
            Some((_, verifying)) => Ok(Box::new(RsaVerifier(key.clone(), *algorithm, verifying))),
            None => Err(ErrorKind::InvalidAlgorithm.into()),
        },
        (Algorithm::HS256, AlgorithmFamily::Hmac) => Ok(Box::new(Hs256(key.try_get_as_bytes()?.to_vec()))),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

/// How ring signs and verifies by an algorithm for RSA keys.
fn padding(algorithm: Algorithm) -> Option<(&'static dyn rsa::RsaEncoding, &'static rsa::RsaParameters)> {
    match algorithm {
        Algorithm::RS256 => Some((&rsa::RSA_PKCS1_SHA256, &rsa::RSA_PKCS1_2048_8192_SHA256)),
        Algorithm::RS384 => Some((&rsa::RSA_PKCS1_SHA384, &rsa::RSA_PKCS1_2048_8192_SHA384)),
        Algorithm::RS512 => Some((&rsa::RSA_PKCS1_SHA512, &rsa::RSA_PKCS1_2048_8192_SHA512)),
        Algorithm::PS256 => Some((&rsa::RSA_PSS_SHA256, &rsa::RSA_PSS_2048_8192_SHA256)),
        _ => None,
    }
}

struct RsaSigner(EncodingKey, Algorithm, &'static dyn rsa::RsaEncoding);

impl Signer<Vec<u8>> for RsaSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let key = rsa::RsaKeyPair::from_der(self.0.as_bytes()).map_err(|e| Error::from_source(e.to_string()))?;
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(self.2, &rand::SystemRandom::new(), message, &mut signature)
            .map_err(|e| Error::from_source(e.to_string()))?;
        Ok(signature)
    }
}

impl JwtSigner for RsaSigner {
    fn algorithm(&self) -> Algorithm {
        self.1
    }
}

struct RsaVerifier(DecodingKey, Algorithm, &'static rsa::RsaParameters);

impl Verifier<Vec<u8>> for RsaVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let verified = match self.0.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                rsa::RsaPublicKeyComponents { n, e }.verify(self.2, message, signature)
            }
            DecodingKeyKind::SecretOrDer(der) => rsa::UnparsedPublicKey::new(self.2, der).verify(message, signature),
        };
        verified.map_err(|_| Error::new())
    }
}

impl JwtVerifier for RsaVerifier {
    fn algorithm(&self) -> Algorithm {
        self.1
    }
}

struct Hs256(Vec<u8>);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), message).as_ref().to_vec())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), message, signature).map_err(|_| Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
