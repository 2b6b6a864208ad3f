//! What a browser made of options.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ceremony::{Creation, compare};

/// What a browser made of options.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It refused them.
    Refused(Refusal),
    /// What goes to the server: of a new passkey a `RegistrationResponseJSON`, of a sign-in an `AuthenticationResponseJSON`.
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
    /// `PublicKeyCredential.parseCreationOptionsFromJSON`, at sign-in `parseRequestOptionsFromJSON`.
    Parse,
    /// `navigator.credentials.create`.
    Create,
    /// `navigator.credentials.get`.
    Get,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Json => "json",
            Stage::Parse => "parse",
            Stage::Create => "create",
            Stage::Get => "get",
        })
    }
}

impl Answer {
    /// What of the passkey does not agree with the document, as it is written, on a page of that origin: a browser mends what
    /// a stricter client refuses. Nothing where it made none.
    #[must_use]
    pub fn mended(&self, options: &[u8], origin: &str) -> Vec<String> {
        let Answer::Made(passkey) = self else { return Vec::new() };
        let Some(creation) = creation(options, origin) else {
            return vec!["a member that is needed cannot be read strictly".to_owned()];
        };
        let bytes = |member: &str| {
            let text = passkey["response"][member].as_str().unwrap_or_default();
            BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default()
        };
        let findings = compare(&creation, &bytes("clientDataJSON"), &bytes("authenticatorData"));
        findings.into_iter().map(|finding| format!("{}: {}", finding.rule.id, finding.got)).collect()
    }
}

/// What a registration needs; the domain of the page is the relying party where the document names none.
fn creation(options: &[u8], origin: &str) -> Option<Creation> {
    let mut options: Value = serde_json::from_slice(options).ok()?;
    let rp = options.get_mut("rp")?.as_object_mut()?;
    rp.entry("id").or_insert_with(|| origin.trim_start_matches("https://").into());
    // What is not canonical is given back as another text (RFC 4648, 3.5).
    let creation = Creation::of(&options)?;
    BASE64URL_NOPAD.decode(creation.challenge.as_bytes()).is_ok().then_some(creation)
}
