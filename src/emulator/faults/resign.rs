//! Tokens taken apart, repaired and signed again.

use std::fmt;

use axum::body::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::Request;
use jsonwebtoken::{Algorithm, DecodingKey};
use ring::hmac;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::super::Service;
use super::super::keys::SigningKey;
use super::super::state::Pool;
use super::edit;
use crate::token::mint;

/// A token taken apart, without any check.
pub(super) struct Parts {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// The claims as they came.
    claims_text: Vec<u8>,
    signed: String,
    pub(super) signature: String,
}

impl Parts {
    pub(super) fn read(token: &str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |segment: &str| BASE64URL_NOPAD.decode(segment.as_bytes()).ok();
        let claims_text = decode(claims)?;
        Some(Parts {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            claims: serde_json::from_slice(&claims_text).ok()?,
            claims_text,
            signed: signed.to_owned(),
            signature: signature.to_owned(),
        })
    }

    pub(super) fn algorithm(&self) -> Option<&str> {
        self.header.get("alg")?.as_str()
    }

    pub(super) fn verifies(&self, key: &DecodingKey, algorithm: Algorithm) -> bool {
        jsonwebtoken::crypto::verify(&self.signature, self.signed.as_bytes(), key, algorithm).unwrap_or(false)
    }

    pub(super) fn is_signed_by(&self, key: &SigningKey) -> bool {
        self.verifies(&key.verifying, Algorithm::RS256)
    }

    /// Whether the signature is an HMAC-SHA256 with that secret.
    pub(super) fn has_mac(&self, secret: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let signature = BASE64URL_NOPAD.decode(self.signature.as_bytes()).unwrap_or_default();
        hmac::verify(&key, self.signed.as_bytes(), &signature).is_ok()
    }

    pub(super) fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims.insert(claim.to_owned(), value.into());
    }

    /// Sets a claim, and tells whether it was another.
    pub(super) fn replace(&mut self, claim: &str, value: &str) -> bool {
        self.claims.insert(claim.to_owned(), value.into()).is_none_or(|before| before != value)
    }

    /// The claims, the first of those with one name.
    pub(super) fn first_claims(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice::<First>(&self.claims_text).ok().map(|first| first.0)
    }

    pub(super) fn signed_again(mut self, pool: &Pool) -> Option<String> {
        self.header.insert("alg".to_owned(), "RS256".into());
        self.header.insert("kid".to_owned(), pool.keys.access.key.kid.as_str().into());
        let (header, claims) = (serde_json::to_vec(&self.header).ok()?, serde_json::to_vec(&self.claims).ok()?);
        Some(mint(&header, &claims, &pool.keys.access.key))
    }
}

/// Signs a token again with the key of the pool that its `iss` names, where the fault has its own idea of signatures.
pub(super) fn resign(service: &Service, request: &mut Request<Bytes>, holds: impl FnOnce(&mut Parts, &Pool) -> bool) {
    edit::token(request, |text| {
        let mut token = Parts::read(text)?;
        let store = service.read();
        let (_, id) = token.claims.get("iss")?.as_str()?.rsplit_once('/')?;
        let pool = store.pool(id).ok()?;
        if holds(&mut token, pool) { token.signed_again(pool) } else { None }
    });
}

/// Repairs a rightly signed token, at a time in Unix seconds; it is signed again where the repair says so.
pub(super) fn repair(
    service: &Service,
    request: &mut Request<Bytes>,
    repair: impl FnOnce(&mut Parts, &Pool, u64) -> bool,
) {
    edit::token(request, |text| {
        let mut token = Parts::read(text)?;
        let store = service.read();
        let kid = token.header.get("kid")?.as_str()?;
        let pool = store.pools().find(|pool| pool.keys.access.key.kid == kid)?;
        let is_signed = token.algorithm() == Some("RS256") && token.is_signed_by(&pool.keys.access);
        if is_signed && repair(&mut token, pool, service.now()) { token.signed_again(pool) } else { None }
    });
}

/// A JSON object of which the first of several members of one name counts.
struct First(Map<String, Value>);

impl<'de> Deserialize<'de> for First {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = First;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<First, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    members.entry(name).or_insert(value);
                }
                Ok(First(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
