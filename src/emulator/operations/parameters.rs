//! `AuthParameters` and `ChallengeResponses`: what a client says of the user who signs in.

use data_encoding::BASE64;
use ring::hmac;

use super::super::answer::Refusal;
use super::super::state::Client;

/// Names and values.
pub(super) struct Parameters<'a>(pub(super) Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    /// A parameter that may be missing.
    pub(super) fn optional(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
    }

    /// A parameter that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&'a str, Refusal> {
        let missing = || Refusal::invalid_parameter(format!("Missing required parameter {name}"));
        self.optional(name).ok_or_else(missing)
    }

    /// A client with a secret proves that it knows it: HMAC-SHA256 over user name and client id.
    pub(super) fn check_secret_hash(&self, client: &Client, username: &str) -> Result<(), Refusal> {
        let Some(secret) = &client.secret else { return Ok(()) };
        let Some(hash) = self.optional("SECRET_HASH") else {
            let message = format!("Client {} is configured with secret but SECRET_HASH was not received", client.id);
            return Err(Refusal::not_authorized(&message));
        };
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let message = format!("{username}{}", client.id);
        let is_right = |tag: Vec<u8>| hmac::verify(&key, message.as_bytes(), &tag).is_ok();
        if BASE64.decode(hash.as_bytes()).is_ok_and(is_right) {
            return Ok(());
        }
        Err(Refusal::not_authorized(&format!("Unable to verify secret hash for client {}", client.id)))
    }
}
