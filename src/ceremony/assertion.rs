//! An assertion: the credential that answers the `WEB_AUTHN` challenge.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::authenticator_data::AuthenticatorData;
use super::client_data::ClientData;
use super::credential::{Credential, Key};
use super::options::RequestOptions;

/// A draft of an assertion.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What the browser says.
    pub client_data: ClientData,
    /// What the authenticator says.
    pub authenticator_data: AuthenticatorData,
    /// The id of the credential that signs.
    pub credential_id: Vec<u8>,
    /// The user handle; an authenticator may leave it out where the server named the credential.
    pub user_handle: Option<Vec<u8>>,
    /// The signature to send instead of a right one.
    pub signature: Option<Vec<u8>>,
    /// The document to send instead of the layers above.
    pub instead: Option<Value>,
    /// The relying party that it is for.
    pub rp_id: String,
    pub(super) key: Key,
}

impl Assertion {
    /// What a browser at `origin` sends for these options; counts the credential's signature.
    #[must_use]
    pub fn new(options: &RequestOptions, origin: &str, credential: &mut Credential) -> Self {
        credential.sign_count = credential.sign_count.saturating_add(1);
        Assertion {
            client_data: ClientData::new("webauthn.get", &options.challenge, origin),
            authenticator_data: AuthenticatorData::new(&options.rp_id, credential.sign_count, None),
            credential_id: credential.id.clone(),
            user_handle: Some(credential.user_handle.clone()),
            signature: None,
            instead: None,
            rp_id: options.rp_id.clone(),
            key: credential.key.clone(),
        }
    }

    /// What is signed (WebAuthn, 7.2 steps 20 and 21), the layers being as they now stand.
    #[must_use]
    pub fn signed(&self) -> Vec<u8> {
        [self.authenticator_data.bytes(), self.client_data.hash()].concat()
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> Vec<u8> {
        self.signature.clone().unwrap_or_else(|| self.key.sign(&self.signed()))
    }

    /// `AuthenticationResponseJSON` (WebAuthn, 5.1): its text is `CREDENTIAL` among the challenge responses.
    #[must_use]
    pub fn document(&self) -> Value {
        if let Some(document) = &self.instead {
            return document.clone();
        }
        let id = BASE64URL_NOPAD.encode(&self.credential_id);
        let mut document = json!({
            "type": "public-key",
            "id": id,
            "rawId": id,
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&self.client_data.bytes()),
                "authenticatorData": BASE64URL_NOPAD.encode(&self.authenticator_data.bytes()),
                "signature": BASE64URL_NOPAD.encode(&self.signature()),
            },
            "authenticatorAttachment": "platform",
        });
        if let Some(handle) = &self.user_handle {
            document["response"]["userHandle"] = BASE64URL_NOPAD.encode(handle).into();
        }
        document
    }
}
