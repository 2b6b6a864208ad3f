//! Typed reading of the options, for what compares them with something else: a pool's settings, another answer.

use data_encoding::BASE64URL_NOPAD;

use super::json::{Json, ParseError, Value};

/// Options that can be read; whether they are right is [`check`](super::check)'s matter.
///
/// Each reader takes the member by its exact name (the last, of several) and gives nothing where the member is missing or
/// of another type. Byte strings are strict base64url: no padding, canonical.
#[derive(Debug)]
pub struct Document<'a> {
    json: Json<'a>,
}

impl<'a> Document<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn parse(text: &'a [u8]) -> Result<Self, ParseError> {
        Json::parse(text).map(|json| Document { json })
    }

    /// The JSON value.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        self.json.root()
    }

    /// `challenge`, as it is sent.
    #[must_use]
    pub fn challenge_text(&self) -> Option<&str> {
        self.root().member("challenge")?.string()
    }

    /// `challenge`, in bytes.
    #[must_use]
    pub fn challenge(&self) -> Option<Vec<u8>> {
        bytes(self.challenge_text()?)
    }

    /// `user.id`, as it is sent.
    #[must_use]
    pub fn user_id_text(&self) -> Option<&str> {
        self.root().member("user")?.member("id")?.string()
    }

    /// `user.id`, in bytes.
    #[must_use]
    pub fn user_id(&self) -> Option<Vec<u8>> {
        bytes(self.user_id_text()?)
    }

    /// `user.name`.
    #[must_use]
    pub fn user_name(&self) -> Option<&str> {
        self.root().member("user")?.member("name")?.string()
    }

    /// `rp.id`.
    #[must_use]
    pub fn rp_id(&self) -> Option<&str> {
        self.root().member("rp")?.member("id")?.string()
    }

    /// `authenticatorSelection.userVerification`.
    #[must_use]
    pub fn user_verification(&self) -> Option<&str> {
        self.root().member("authenticatorSelection")?.member("userVerification")?.string()
    }

    /// The ids of `excludeCredentials`, in bytes. Nothing where one cannot be read, or the member is no array.
    #[must_use]
    pub fn exclude_ids(&self) -> Option<Vec<Vec<u8>>> {
        let exclude = self.root().member("excludeCredentials")?;
        (exclude.kind() == super::json::Kind::Array).then_some(())?;
        exclude.items().map(|entry| bytes(entry.member("id")?.string()?)).collect()
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}
