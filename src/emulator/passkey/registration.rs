//! Registering a new credential (W3C WebAuthn L3, 7.1).

use ring::digest::{SHA256, digest};

use super::attestation::Attestation;
use super::authenticator_data::AuthenticatorData;
use super::{Asked, Check, ES256, Pass, PublicKey, RS256, Registration, cose_key};

/// The longest credential id, in bytes (step 25).
const LONGEST_ID: usize = 1023;

/// What a verified registration says of the passkey.
pub(in crate::emulator) struct Verified {
    pub(in crate::emulator) id: Vec<u8>,
    pub(in crate::emulator) key: PublicKey,
    pub(in crate::emulator) sign_count: u32,
    pub(in crate::emulator) backup_eligible: bool,
    pub(in crate::emulator) transports: Vec<String>,
    pub(in crate::emulator) attachment: Option<String>,
}

impl Registration {
    /// Verifies everything that can be seen without knowing other passkeys. The challenge was looked up before.
    pub(in crate::emulator) fn verify(self, asked: &Asked, pass: Pass<'_>) -> Result<Verified, Check> {
        pass(Check::Type, self.client_data.kind == "webauthn.create")?;
        pass(Check::Origin, self.client_data.is_from(&asked.relying_party))?;
        pass(Check::Frame, !self.client_data.is_framed)?;
        let attestation = Attestation::read(&self.attestation_object).ok_or(Check::Encoding)?;
        let data = AuthenticatorData::read(&attestation.authenticator_data).ok_or(Check::Encoding)?;
        pass(Check::RelyingParty, data.is_for(&asked.relying_party))?;
        pass(Check::UserPresent, data.user_present())?;
        pass(Check::Backup, data.backup_is_consistent())?;
        let attested = data.attested.as_ref().ok_or(Check::Encoding)?;
        pass(Check::CredentialId, attested.id == self.id && (1..=LONGEST_ID).contains(&attested.id.len()))?;
        let algorithm = cose_key::algorithm(&attested.key).ok_or(Check::Encoding)?;
        pass(Check::Algorithm, algorithm == ES256 || algorithm == RS256)?;
        pass(Check::UserVerified, data.user_verified() || !asked.user_verification)?;
        let key = PublicKey::read(&attested.key).ok_or(Check::Encoding)?;
        pass(Check::Key, key.is_sound())?;
        let client_data_hash = digest(&SHA256, &self.client_data_bytes);
        pass(Check::Attestation, attestation.holds(&key, client_data_hash.as_ref()))?;
        Ok(Verified {
            key,
            sign_count: data.sign_count,
            backup_eligible: data.backup_eligible(),
            id: self.id,
            transports: self.transports,
            attachment: self.attachment,
        })
    }
}
