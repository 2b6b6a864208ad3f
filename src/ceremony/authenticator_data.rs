//! Authenticator data: what the authenticator says (WebAuthn, sctn-authenticator-data).

use ciborium::Value;
use ring::digest;

use super::cbor;

/// The bits of the flags.
pub mod flags {
    /// The user was present.
    pub const UP: u8 = 0x01;
    /// Reserved, zero.
    pub const RFU1: u8 = 0x02;
    /// The user was verified.
    pub const UV: u8 = 0x04;
    /// The credential may be backed up.
    pub const BE: u8 = 0x08;
    /// The credential is backed up.
    pub const BS: u8 = 0x10;
    /// Reserved, zero.
    pub const RFU2: u8 = 0x20;
    /// Attested credential data follows.
    pub const AT: u8 = 0x40;
    /// Extension data follows.
    pub const ED: u8 = 0x80;
}

/// A draft of authenticator data. The flags are as they are set: nothing makes them fit what follows.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthenticatorData {
    /// The SHA-256 hash of the relying party id; 32 bytes where it is right.
    pub rp_id_hash: Vec<u8>,
    /// See [`flags`].
    pub flags: u8,
    /// The signature counter.
    pub sign_count: u32,
    /// The new credential; a registration has it.
    pub attested: Option<AttestedCredential>,
    /// What follows: extensions where the flag says so, else rubbish.
    pub trailing: Vec<u8>,
    /// The bytes to send instead of all the above.
    pub instead: Option<Vec<u8>>,
}

/// A draft of attested credential data (WebAuthn, sctn-attested-credential-data).
#[derive(Clone, Debug, PartialEq)]
pub struct AttestedCredential {
    /// The authenticator's model; zeros where it does not say.
    pub aaguid: [u8; 16],
    /// The credential id; its length is written before it, in two bytes.
    pub credential_id: Vec<u8>,
    /// The public key: the entries of a COSE_Key map in their order (RFC 9052, 7).
    pub cose_key: Vec<(Value, Value)>,
}

impl AuthenticatorData {
    /// The data of an authenticator that has verified its user.
    pub(super) fn new(rp_id: &str, sign_count: u32, attested: Option<AttestedCredential>) -> Self {
        let included = if attested.is_some() { flags::AT } else { 0 };
        AuthenticatorData {
            rp_id_hash: rp_id_hash(rp_id),
            flags: flags::UP | flags::UV | included,
            sign_count,
            attested,
            trailing: Vec::new(),
            instead: None,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(bytes) = &self.instead {
            return bytes.clone();
        }
        let mut bytes = self.rp_id_hash.clone();
        bytes.push(self.flags);
        bytes.extend(self.sign_count.to_be_bytes());
        if let Some(attested) = &self.attested {
            bytes.extend(attested.aaguid);
            // Two bytes hold every length that is drawn here.
            bytes.extend((attested.credential_id.len() as u16).to_be_bytes());
            bytes.extend(&attested.credential_id);
            bytes.extend(cbor::bytes(&Value::Map(attested.cose_key.clone())));
        }
        bytes.extend(&self.trailing);
        bytes
    }
}

/// The SHA-256 hash of a relying party id.
pub(super) fn rp_id_hash(rp_id: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, rp_id.as_bytes()).as_ref().to_vec()
}
