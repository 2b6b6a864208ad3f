//! The JSON documents of W3C WebAuthn L3, 5.1: `RegistrationResponseJSON` and `AuthenticationResponseJSON`.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::client_data::ClientData;
use crate::emulator::json;

/// A new passkey, as the client tells of it.
pub(in crate::emulator) struct Registration {
    pub(super) id: Vec<u8>,
    pub(in crate::emulator) client_data: ClientData,
    pub(super) client_data_bytes: Vec<u8>,
    pub(super) attestation_object: Vec<u8>,
    pub(super) transports: Vec<String>,
    /// `platform` or `cross-platform`; what is neither is ignored.
    pub(super) attachment: Option<String>,
}

/// A proof that the user has a passkey.
pub(in crate::emulator) struct Assertion {
    pub(in crate::emulator) id: Vec<u8>,
    pub(super) client_data: ClientData,
    pub(super) client_data_bytes: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: Option<Vec<u8>>,
}

impl Registration {
    /// Reads the document. That `transports` must be there is inferred from a published refusal (aws-sdk-net#4386).
    /// `clientExtensionResults` may be missing, for Amplify for Swift does not send it.
    pub(in crate::emulator) fn read(document: &Value) -> Option<Self> {
        let document = document.as_object()?;
        let (id, response) = (id(document)?, document.get("response")?.as_object()?);
        let client_data_bytes = bytes(response, "clientDataJSON")?;
        let transports = response.get("transports")?.as_array()?.iter().map(|item| item.as_str().map(str::to_owned));
        Some(Registration {
            id,
            client_data: ClientData::read(&client_data_bytes)?,
            client_data_bytes,
            attestation_object: bytes(response, "attestationObject")?,
            transports: transports.collect::<Option<_>>()?,
            attachment: match document.get("authenticatorAttachment") {
                None | Some(Value::Null) => None,
                Some(value) => Some(value.as_str()?).filter(|name| ATTACHMENTS.contains(name)).map(str::to_owned),
            },
        })
    }
}

/// `AuthenticatorAttachment`.
const ATTACHMENTS: &[&str] = &["platform", "cross-platform"];

impl Assertion {
    /// Reads the document from its text, in which sign-in carries it.
    pub(in crate::emulator) fn read(text: &str) -> Option<Self> {
        let document = json::object(text.as_bytes())?;
        let (id, response) = (id(&document)?, document.get("response")?.as_object()?);
        let client_data_bytes = bytes(response, "clientDataJSON")?;
        Some(Assertion {
            id,
            client_data: ClientData::read(&client_data_bytes)?,
            client_data_bytes,
            authenticator_data: bytes(response, "authenticatorData")?,
            signature: bytes(response, "signature")?,
            user_handle: match response.get("userHandle") {
                None | Some(Value::Null) => None,
                Some(_) => Some(bytes(response, "userHandle")?),
            },
        })
    }
}

/// The credential id, which stands in the document twice, after what both kinds have in common.
fn id(document: &Map<String, Value>) -> Option<Vec<u8>> {
    let results = document.get("clientExtensionResults").unwrap_or(&Value::Null);
    let is_right = document.get("type")? == "public-key"
        && document.get("id")? == document.get("rawId")?
        && (results.is_null() || results.is_object());
    is_right.then(|| bytes(document, "rawId")).flatten()
}

/// Base64url without padding, the unused bits zero.
fn bytes(members: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(members.get(name)?.as_str()?.as_bytes()).ok()
}
