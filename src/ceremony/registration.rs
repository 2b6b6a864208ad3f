//! A registration: the credential that `CompleteWebAuthnRegistration` takes.

use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::authenticator_data::{AttestedCredential, AuthenticatorData};
use super::cbor;
use super::client_data::ClientData;
use super::credential::{Credential, Key};
use super::options::Creation;

/// A draft of a registration.
#[derive(Clone, Debug)]
pub struct Registration {
    /// What the browser says.
    pub client_data: ClientData,
    /// What the authenticator says, with the new credential.
    pub authenticator_data: AuthenticatorData,
    /// What the authenticator sends it in.
    pub attestation: Attestation,
    /// Whether an attestation that is left as it was made (`none`, without a statement) becomes self attestation, signed over
    /// the layers as they stand when the document is made.
    pub self_attested: bool,
    /// The document to send instead of the layers above.
    pub instead: Option<Value>,
    /// The relying party that it is for.
    pub rp_id: String,
    /// The public key as `SubjectPublicKeyInfo`, which the document shows beside the attestation object; browsers leave it
    /// out where they do not know the algorithm (WebAuthn, sctn-public-key-easy).
    pub public_key: Option<Vec<u8>>,
    key: Key,
}

/// A draft of an attestation object (WebAuthn, sctn-generating-an-attestation-object).
#[derive(Clone, Debug, PartialEq)]
pub struct Attestation {
    /// `fmt`.
    pub format: Cbor,
    /// `attStmt`.
    pub statement: Vec<(Cbor, Cbor)>,
    /// The bytes to send instead of the map of these and the authenticator data.
    pub instead: Option<Vec<u8>>,
}

impl Registration {
    /// What a browser at `origin` sends for a credential that was made for these options, without attestation.
    #[must_use]
    pub fn new(creation: &Creation, origin: &str, credential: &Credential) -> Self {
        let attested = AttestedCredential {
            aaguid: [0; 16],
            credential_id: credential.id.clone(),
            cose_key: credential.key.cose(),
        };
        Registration {
            client_data: ClientData::new("webauthn.create", &creation.challenge, origin),
            authenticator_data: AuthenticatorData::new(&creation.rp_id, credential.sign_count, Some(attested)),
            attestation: Attestation { format: "none".into(), statement: Vec::new(), instead: None },
            self_attested: false,
            instead: None,
            rp_id: creation.rp_id.clone(),
            public_key: Some(credential.public_key()),
            key: credential.key.clone(),
        }
    }

    /// The attestation object, CBOR.
    #[must_use]
    pub fn attestation_object(&self) -> Vec<u8> {
        match &self.attestation.instead {
            Some(bytes) => bytes.clone(),
            None => cbor::bytes(&Cbor::Map(self.attestation_map())),
        }
    }

    /// The entries of the attestation object in their canonical order.
    pub(super) fn attestation_map(&self) -> Vec<(Cbor, Cbor)> {
        let Attestation { format, statement, .. } = &self.attestation;
        let (format, statement) = if self.self_attested && *format == "none".into() && statement.is_empty() {
            ("packed".into(), self.self_statement())
        } else {
            (format.clone(), statement.clone())
        };
        cbor::text_map([
            ("fmt", format),
            ("attStmt", Cbor::Map(statement)),
            ("authData", Cbor::from(self.authenticator_data.bytes())),
        ])
    }

    /// What an attestation signs (WebAuthn, sctn-packed-attestation), the layers being as they now stand.
    pub(super) fn signed(&self) -> Vec<u8> {
        [self.authenticator_data.bytes(), self.client_data.hash()].concat()
    }

    /// The statement of self attestation.
    fn self_statement(&self) -> Vec<(Cbor, Cbor)> {
        cbor::text_map([("alg", self.algorithm().into()), ("sig", Cbor::Bytes(self.self_signature()))])
    }

    /// The new credential's own signature over it.
    pub(super) fn self_signature(&self) -> Vec<u8> {
        self.key.sign(&self.signed())
    }

    /// The COSE algorithm that the public key names; that of the credential where it names none.
    pub(super) fn algorithm(&self) -> i64 {
        let label = Cbor::from(3);
        let entry = self.authenticator_data.attested.iter().flat_map(|attested| &attested.cose_key);
        let named = entry.filter(|(known, _)| *known == label).find_map(|(_, alg)| alg.as_integer());
        named.and_then(|alg| alg.try_into().ok()).unwrap_or(self.key.algorithm().cose())
    }

    /// `RegistrationResponseJSON` (WebAuthn, 5.1), with the members that AWS Amplify sends: `Credential` of
    /// `CompleteWebAuthnRegistration`.
    #[must_use]
    pub fn document(&self) -> Value {
        if let Some(document) = &self.instead {
            return document.clone();
        }
        let attested = self.authenticator_data.attested.as_ref();
        let id = BASE64URL_NOPAD.encode(attested.map_or(&[], |attested| attested.credential_id.as_slice()));
        let mut document = json!({
            "type": "public-key",
            "id": id,
            "rawId": id,
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": BASE64URL_NOPAD.encode(&self.client_data.bytes()),
                "attestationObject": BASE64URL_NOPAD.encode(&self.attestation_object()),
                "transports": ["internal"],
                "publicKeyAlgorithm": self.algorithm(),
                "authenticatorData": BASE64URL_NOPAD.encode(&self.authenticator_data.bytes()),
            },
            "authenticatorAttachment": "platform",
        });
        if let Some(key) = &self.public_key {
            document["response"]["publicKey"] = BASE64URL_NOPAD.encode(key).into();
        }
        document
    }
}
