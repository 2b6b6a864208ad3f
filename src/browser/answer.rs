//! What a browser made of a document.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::options::Document;
use crate::options::json::Kind;

/// What a browser made of creation options.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It refused them.
    Refused(Refusal),
    /// It made a passkey: a `RegistrationResponseJSON`.
    Made(Value),
}

/// The exception that a browser threw.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Refusal {
    /// Who threw it.
    pub at: Stage,
    /// Its name: `EncodingError`.
    pub name: String,
    /// Its message, in the browser's own words.
    pub message: String,
}

/// The functions that a document goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// `JSON.parse`.
    Json,
    /// `PublicKeyCredential.parseCreationOptionsFromJSON`.
    Parse,
    /// `navigator.credentials.create`.
    Create,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Json => "JSON.parse",
            Stage::Parse => "parseCreationOptionsFromJSON",
            Stage::Create => "create",
        })
    }
}

impl Answer {
    /// In what the passkey is not the one that the document asks for on that origin: the members of the document that the
    /// browser read otherwise. Nothing where it made none.
    #[must_use]
    pub fn mended(&self, options: &[u8], origin: &str) -> Vec<&'static str> {
        let Answer::Made(passkey) = self else { return Vec::new() };
        let Ok(document) = Document::parse(options) else { return vec!["the document, which is no JSON"] };
        let response = &passkey["response"];
        let bytes = |member: &str| BASE64URL_NOPAD.decode(response[member].as_str().unwrap_or_default().as_bytes());
        let client_data: Value =
            bytes("clientDataJSON").ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let authenticator_data = bytes("authenticatorData").unwrap_or_default();
        let rp_id = document.rp_id().or_else(|| origin.strip_prefix("https://")).unwrap_or_default();
        let mut mended = Vec::new();
        // Section 7.1 of WebAuthn, "Registering a New Credential": the steps on challenge, rpIdHash and alg.
        if client_data["challenge"].as_str() != document.challenge_text() || document.challenge().is_none() {
            mended.push("challenge");
        }
        if authenticator_data.get(..SHA256.output_len()) != Some(digest(&SHA256, rp_id.as_bytes()).as_ref()) {
            mended.push("rp.id");
        }
        let algorithm = response["publicKeyAlgorithm"].as_i64();
        if !algorithm.is_some_and(|algorithm| offered(&document).contains(&algorithm)) {
            mended.push("pubKeyCredParams");
        }
        mended
    }

    /// Whether it made the passkey that the document asks for.
    #[must_use]
    pub fn is_usable(&self, options: &[u8], origin: &str) -> bool {
        matches!(self, Answer::Made(_)) && self.mended(options, origin).is_empty()
    }
}

/// The algorithms that a document offers as it is written; ES256 and RS256 where its list is empty.
fn offered(document: &Document<'_>) -> Vec<i64> {
    let Some(params) = document.root().member("pubKeyCredParams") else { return Vec::new() };
    if params.items().next().is_none() {
        return vec![-7, -257];
    }
    let algorithm = |entry: crate::options::json::Value<'_>| match entry.member("alg")?.kind() {
        Kind::Number(text) => text.parse().ok(),
        _ => None,
    };
    params.items().filter_map(algorithm).collect()
}
