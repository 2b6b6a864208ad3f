//! A passkey whose bytes are put together by hand, each of which a test can change before it is sent.

use ciborium::{Value as Cbor, cbor};
use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

/// The relying party of the fixture.
pub(crate) const RP_ID: &str = "auth.example.com";

/// The flags: user present and verified.
pub(crate) const PRESENT_AND_VERIFIED: u8 = 0x05;

/// What signs.
pub(crate) enum Key {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl Key {
    pub(crate) fn es256() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        Key::Es256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap())
    }

    pub(crate) fn rs256() -> Self {
        let pem = include_str!("../data/test-key.pem");
        let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        Key::Rs256(RsaKeyPair::from_pkcs8(&data_encoding::BASE64.decode(text.as_bytes()).unwrap()).unwrap())
    }

    /// `COSE_Key`.
    pub(crate) fn cose(&self) -> Cbor {
        match self {
            Key::Es256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                cbor!({ 1 => 2, 3 => -7, -1 => 1, -2 => Cbor::from(x), -3 => Cbor::from(y) }).unwrap()
            }
            Key::Rs256(pair) => {
                let rsa::PublicKeyComponents { n, e } = rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                cbor!({ 1 => 3, 3 => -257, -1 => Cbor::from(n), -2 => Cbor::from(e) }).unwrap()
            }
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Key::Es256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

/// A passkey.
pub(crate) struct Passkey {
    pub(crate) id: Vec<u8>,
    pub(crate) key: Key,
}

impl Passkey {
    pub(crate) fn new(key: Key) -> Self {
        Passkey { id: digest(&SHA256, &rand::random::<[u8; 8]>()).as_ref().to_vec(), key }
    }

    /// What a right client sends to register it.
    pub(crate) fn registration(&self, challenge: &str) -> Registration {
        Registration {
            client_data: client_data("webauthn.create", challenge).to_string().into_bytes(),
            rp_id: RP_ID.to_owned(),
            flags: PRESENT_AND_VERIFIED | 0x40,
            id: self.id.clone(),
            key: written(&self.key.cose()),
            format: "none",
            statement: cbor!({}).unwrap(),
            behind: Vec::new(),
        }
    }

    /// What a right client sends to sign in with it.
    pub(crate) fn assertion(&self, challenge: &str) -> Assertion<'_> {
        Assertion {
            passkey: self,
            client_data: client_data("webauthn.get", challenge).to_string().into_bytes(),
            rp_id: RP_ID.to_owned(),
            flags: PRESENT_AND_VERIFIED,
            user_handle: None,
        }
    }
}

/// A registration before it is sent.
pub(crate) struct Registration {
    pub(crate) client_data: Vec<u8>,
    pub(crate) rp_id: String,
    pub(crate) flags: u8,
    pub(crate) id: Vec<u8>,
    /// `COSE_Key` in CBOR.
    pub(crate) key: Vec<u8>,
    pub(crate) format: &'static str,
    pub(crate) statement: Cbor,
    /// What stands behind the attestation object.
    pub(crate) behind: Vec<u8>,
}

impl Registration {
    pub(crate) fn authenticator_data(&self) -> Vec<u8> {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        [&head(&self.rp_id, self.flags)[..], &[0; 16], &length, &self.id, &self.key].concat()
    }

    /// What a packed self-attestation signs.
    pub(crate) fn signed(&self) -> Vec<u8> {
        [&self.authenticator_data()[..], digest(&SHA256, &self.client_data).as_ref()].concat()
    }

    /// `RegistrationResponseJSON`.
    pub(crate) fn document(&self) -> Value {
        let data = Cbor::from(self.authenticator_data());
        let object = cbor!({ "fmt" => self.format, "attStmt" => self.statement, "authData" => data }).unwrap();
        json!({
            "id": text(&self.id),
            "rawId": text(&self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": text(&self.client_data),
                "attestationObject": text(&[written(&object), self.behind.clone()].concat()),
                "transports": ["internal", "hybrid"],
            },
        })
    }
}

/// An assertion before it is sent.
pub(crate) struct Assertion<'a> {
    pub(crate) passkey: &'a Passkey,
    pub(crate) client_data: Vec<u8>,
    pub(crate) rp_id: String,
    pub(crate) flags: u8,
    pub(crate) user_handle: Option<String>,
}

impl Assertion<'_> {
    /// `AuthenticationResponseJSON`.
    pub(crate) fn document(&self) -> Value {
        let data = head(&self.rp_id, self.flags);
        let signed = [&data[..], digest(&SHA256, &self.client_data).as_ref()].concat();
        json!({
            "id": text(&self.passkey.id),
            "rawId": text(&self.passkey.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&self.client_data),
                "authenticatorData": text(&data),
                "signature": text(&self.passkey.key.sign(&signed)),
                "userHandle": self.user_handle.as_ref().map(|handle| text(handle.as_bytes())),
            },
        })
    }
}

pub(crate) fn client_data(kind: &str, challenge: &str) -> Value {
    let origin = format!("https://{RP_ID}");
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
}

pub(crate) fn written(item: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(item, &mut bytes).unwrap();
    bytes
}

pub(crate) fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn head(rp_id: &str, flags: u8) -> Vec<u8> {
    [digest(&SHA256, rp_id.as_bytes()).as_ref(), &[flags, 0, 0, 0, 0]].concat()
}
