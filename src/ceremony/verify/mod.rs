//! The judge's own verification of registrations and assertions (WebAuthn, 7.1 and 7.2), from the documents as they were
//! sent.
//!
//! It tells the rule that a server breaks by taking one. It is strict only where a rule asks for a refusal: what the
//! server may choose, and what readers differ on, passes in any of its readings. So all that is told is wrong, and a
//! document of which nothing is told may be refused all the same.

mod attestation;
mod authenticator_data;
mod client_data;
mod envelope;
mod key;

use ring::digest;

use authenticator_data::AuthenticatorData;
pub use authenticator_data::credential_id;
use envelope::Envelope;
use serde_json::Value;

use super::authenticator_data::{flags, rp_id_hash};
use super::defects::steps::{ASSERTION, REGISTRATION, Steps};
use super::{Creation, Credential, RequestOptions, UserVerification};
use crate::cognito::Rule;
use crate::cognito::rules::ceremony as rules;

/// The longest credential id, in bytes (WebAuthn, 7.1 step 25).
const LONGEST_ID: usize = 1023;

type Broken = &'static Rule;

/// The first rule that a server breaks by taking this registration (`RegistrationResponseJSON`) for these options; none where
/// a server may take it. Whether the challenge is still good, and the credential id new, only the server's past tells.
#[must_use]
pub fn broken_by_registration(document: &Value, creation: &Creation) -> Option<&'static Rule> {
    registration(document, creation).err()
}

/// The first rule that a server breaks by taking this assertion (`AuthenticationResponseJSON`) for these options, where the
/// user has that credential and no other; none where a server may take it.
#[must_use]
pub fn broken_by_assertion(
    document: &Value,
    options: &RequestOptions,
    credential: &Credential,
) -> Option<&'static Rule> {
    assertion(document, options, credential).err()
}

fn registration(document: &Value, creation: &Creation) -> Result<(), Broken> {
    let steps = &REGISTRATION;
    let envelope = Envelope::read(document, steps)?;
    let client_data = envelope.bytes("clientDataJSON")?;
    client_data::check(&client_data, "webauthn.create", &creation.challenge, &creation.rp_id, steps)?;
    let attestation = attestation::read(&envelope.bytes("attestationObject")?)?;
    let data = AuthenticatorData::read(&attestation.authenticator_data).ok_or(steps.authenticator_data)?;
    common(&data, &creation.rp_id, creation.user_verification, steps)?;
    let attested = data.attested.as_ref().ok_or(&rules::ATTESTED)?;
    holds(!attested.id.is_empty(), &rules::CREDENTIAL_ID_EMPTY)?;
    holds(attested.id.len() <= LONGEST_ID, &rules::CREDENTIAL_ID_LENGTH)?;
    holds(envelope.id == attested.id, steps.identity)?;
    let key = key::read(&attested.key, &creation.algorithms)?;
    attestation.check(&key, digest::digest(&digest::SHA256, &client_data).as_ref())
}

fn assertion(document: &Value, options: &RequestOptions, credential: &Credential) -> Result<(), Broken> {
    let steps = &ASSERTION;
    let envelope = Envelope::read(document, steps)?;
    let client_data = envelope.bytes("clientDataJSON")?;
    client_data::check(&client_data, "webauthn.get", &options.challenge, &options.rp_id, steps)?;
    let bytes = envelope.bytes("authenticatorData")?;
    let data = AuthenticatorData::read(&bytes).ok_or(steps.authenticator_data)?;
    common(&data, &options.rp_id, options.user_verification, steps)?;
    holds(envelope.id == credential.id, &rules::CREDENTIAL)?;
    let handle = envelope.optional_bytes("userHandle")?;
    holds(handle.is_none_or(|handle| handle == credential.user_handle), &rules::USER_HANDLE)?;
    let key = key::of(credential);
    let signed = [bytes.as_slice(), digest::digest(&digest::SHA256, &client_data).as_ref()].concat();
    holds(key.has_signed(&signed, &envelope.bytes("signature")?), &rules::SIGNATURE)
}

/// What both ceremonies ask of authenticator data.
fn common(
    data: &AuthenticatorData<'_>,
    rp_id: &str,
    user_verification: UserVerification,
    steps: &Steps,
) -> Result<(), Broken> {
    holds(data.rp_id_hash == rp_id_hash(rp_id), steps.rp_id_hash)?;
    holds(data.flags & flags::UP != 0, steps.user_present)?;
    holds(data.flags & flags::UV != 0 || user_verification != UserVerification::Required, steps.user_verified)?;
    holds(data.flags & flags::BE != 0 || data.flags & flags::BS == 0, steps.backup)
}

fn holds(does: bool, rule: Broken) -> Result<(), Broken> {
    if does { Ok(()) } else { Err(rule) }
}
