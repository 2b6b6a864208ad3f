//! Client data: what the browser says of the ceremony (WebAuthn, dictionary-client-data).

use ring::digest;
use serde_json::{Map, Value};

/// A draft of client data.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientData {
    /// Its members in their order.
    pub members: Map<String, Value>,
    /// The bytes to send instead of the members' JSON.
    pub instead: Option<Vec<u8>>,
}

impl ClientData {
    /// What a browser writes: `kind` is `webauthn.create` or `webauthn.get`.
    pub(super) fn new(kind: &str, challenge: &str, origin: &str) -> Self {
        let members = [
            ("type", Value::from(kind)),
            ("challenge", Value::from(challenge)),
            ("origin", Value::from(origin)),
            ("crossOrigin", Value::from(false)),
        ];
        let members = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        ClientData { members, instead: None }
    }

    /// Gives a member that value; a new one comes last.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.members.insert(name.to_owned(), value.into());
    }

    /// Takes a member away.
    pub fn remove(&mut self, name: &str) {
        self.members.shift_remove(name);
    }

    /// A member that is text; empty where it is not.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.members.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// `clientDataJSON`.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match &self.instead {
            Some(bytes) => bytes.clone(),
            None => Value::from(self.members.clone()).to_string().into_bytes(),
        }
    }

    /// The SHA-256 hash of the bytes, which signatures are over.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, &self.bytes()).as_ref().to_vec()
    }
}
