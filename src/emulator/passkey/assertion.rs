//! Verifying an assertion (W3C WebAuthn L3, 7.2).

use ring::digest::{SHA256, digest};

use super::authenticator_data::AuthenticatorData;
use super::{Asked, Assertion, Check, Pass};
use crate::emulator::state::Passkey;

impl Assertion {
    /// Verifies the proof with the passkey that it names, and gives the passkey's new signature counter.
    ///
    /// A counter that does not grow is taken: the specification leaves that to the relying party (step 22), and what
    /// Cognito does is not known.
    pub(in crate::emulator) fn verify(
        &self,
        asked: &Asked,
        passkey: &Passkey,
        user_handle: &[u8],
        pass: Pass<'_>,
    ) -> Result<u32, Check> {
        pass(Check::UserHandle, self.user_handle.as_deref().is_none_or(|handle| handle == user_handle))?;
        pass(Check::Type, self.client_data.kind == "webauthn.get")?;
        pass(Check::Challenge, self.client_data.challenge == asked.challenge)?;
        pass(Check::Origin, self.client_data.is_from(&asked.relying_party))?;
        pass(Check::Frame, !self.client_data.is_framed)?;
        let data = AuthenticatorData::read(&self.authenticator_data).ok_or(Check::Encoding)?;
        pass(Check::RelyingParty, data.is_for(&asked.relying_party))?;
        pass(Check::UserPresent, data.user_present())?;
        pass(Check::UserVerified, data.user_verified() || !asked.user_verification)?;
        let is_as_registered = data.backup_eligible() == passkey.backup_eligible;
        pass(Check::Backup, data.backup_is_consistent() && is_as_registered)?;
        let signed = [&self.authenticator_data[..], digest(&SHA256, &self.client_data_bytes).as_ref()].concat();
        pass(Check::Signature, passkey.key.has_signed(&signed, &self.signature))?;
        Ok(data.sign_count)
    }
}
