//! A token to be changed and signed again: header and claims as JSON, in the order in which they stood.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::Algorithm;
use ring::hmac;
use serde_json::{Map, Value};

use super::mint::{Key, mint};
use super::parse::{Segments, inspect};

/// A token's header and claims, open for editing.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
}

impl Draft {
    /// The draft of a token whose header and claims are JSON objects; `None` for another text.
    #[must_use]
    pub fn of(token: &str) -> Option<Draft> {
        let inspection = inspect(token);
        Some(Draft { header: inspection.header?.members, claims: inspection.claims?.all })
    }

    /// The same with this claim, at its old place where there is one.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Draft {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// The same without this claim.
    #[must_use]
    pub fn without_claim(mut self, name: &str) -> Draft {
        self.claims.shift_remove(name);
        self
    }

    /// The same with this header member, at its old place where there is one.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Draft {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// The same without this header member.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Draft {
        self.header.shift_remove(name);
        self
    }

    /// The header's JSON text.
    #[must_use]
    pub fn header_text(&self) -> String {
        text(&self.header)
    }

    /// The claims' JSON text.
    #[must_use]
    pub fn claims_text(&self) -> String {
        text(&self.claims)
    }

    /// The token with an RS256 signature, whatever `alg` and `kid` say. For other JSON text see [`mint`].
    #[must_use]
    pub fn sign(&self, key: &Key) -> String {
        mint(self.header_text().as_bytes(), self.claims_text().as_bytes(), key)
    }

    /// The token with a signature by another algorithm for RSA keys, whatever `alg` says.
    pub(crate) fn sign_by(&self, key: &Key, algorithm: Algorithm) -> String {
        self.with_signature(&key.sign_by(self.segments("").message().as_bytes(), algorithm))
    }

    /// The token with an HS256 signature by this secret, whatever `alg` says.
    #[must_use]
    pub fn sign_hs256(&self, secret: &[u8]) -> String {
        let message = self.segments("").message();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        self.with_signature(&BASE64URL_NOPAD.encode(tag.as_ref()))
    }

    /// The token with this text for a signature.
    #[must_use]
    pub fn with_signature(&self, signature: &str) -> String {
        self.segments(signature).join()
    }

    /// The token with an empty signature, as an unsecured JWS has it (RFC 7515, A.5).
    #[must_use]
    pub fn unsigned(&self) -> String {
        self.with_signature("")
    }

    fn segments(&self, signature: &str) -> Segments {
        Segments::encode(self.header_text().as_bytes(), self.claims_text().as_bytes(), signature)
    }
}

fn text(members: &Map<String, Value>) -> String {
    // Names are strings and values are JSON already: there is nothing that could fail.
    serde_json::to_string(members).unwrap_or_default()
}
