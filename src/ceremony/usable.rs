//! The proof that creation options are usable: a client and an authenticator that we did not write make a credential of
//! them, and our own strict reading compares it with the options.

use ciborium::Value as Cbor;
use data_encoding::HEXLOWER;
use futures::FutureExt;
use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData, Origin, WebauthnError};
use passkey_crypto::rust_crypto::RustCryptoBackend;
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error};
use passkey_types::webauthn::{
    CreatedPublicKeyCredential, CredentialCreationOptions, PublicKeyCredentialCreationOptions,
};
use serde_json::Value;

use super::authenticator_data::{flags, rp_id_hash};
use super::{Creation, UserVerification};
use crate::cognito::Finding;
use crate::cognito::rules::ceremony as rules;

/// Why nothing is known of the options: the library cannot go on for a reason that is its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not proved: {0}")]
pub struct NotProved(pub String);

/// Makes a credential of creation options, with the library `passkey`, at the origin `https://` and `rp.id`
/// (`http://localhost` where that is the id), and tells what in it does not agree with them. Nothing is sent anywhere.
///
/// `options` is the text of `CredentialCreationOptions` exactly as it was received. What the library refuses is a finding of
/// a rule that is only inferred: another client might go on.
///
/// # Errors
/// When the options can be right and the library cannot tell: it knows no algorithm that they offer (it has no RS256), or
/// the relying party id is a public suffix, which only the origin's own page may use.
pub fn usable(options: &str) -> Result<Vec<Finding>, NotProved> {
    let request: PublicKeyCredentialCreationOptions = match serde_json::from_str(options) {
        Ok(request) => request,
        Err(error) => return Ok(vec![refused(&error.to_string())]),
    };
    let Some(creation) = serde_json::from_str(options).ok().as_ref().and_then(Creation::of) else {
        return Ok(vec![refused("a member that is needed cannot be read strictly")]);
    };
    let origin = super::origin(&creation.rp_id);
    let Ok(page) = origin.parse::<url::Url>() else {
        return Ok(vec![refused(&format!("no page has the origin {origin:?}"))]);
    };
    let authenticator = Authenticator::new(Aaguid::new_empty(), None::<Passkey>, ConsentingUser, RustCryptoBackend);
    let mut client = Client::new(authenticator).allows_insecure_localhost(true);
    let registration =
        client.register(Origin::from(page), CredentialCreationOptions { public_key: request }, DefaultClientData);
    // The library waits for a store, a user and the network only; here the first two answer at once, and the last is off.
    let Some(registered) = registration.now_or_never() else {
        return Err(NotProved("the library waits for something".into()));
    };
    match registered {
        Ok(created) => {
            let user = client.authenticator().store().as_ref().and_then(|passkey| passkey.user_handle.clone());
            Ok(compare_all(&creation, &created, user.as_deref().map(Vec::as_slice)))
        }
        Err(WebauthnError::AuthenticatorError(code)) if code == u8::from(Ctap2Error::UnsupportedAlgorithm) => {
            Err(NotProved(format!("the library knows none of the algorithms {:?}", creation.algorithms)))
        }
        Err(WebauthnError::InvalidRpId) => {
            Err(NotProved(format!("the library takes {:?} for a public suffix", creation.rp_id)))
        }
        Err(error) => Ok(vec![refused(&format!("{error:?}"))]),
    }
}

fn refused(reason: &str) -> Finding {
    Finding::new(&rules::USABLE, format!("the client refuses: {reason}"), "a credential")
}

/// What of the credential, and of the user it is for, does not agree with the options.
fn compare_all(creation: &Creation, created: &CreatedPublicKeyCredential, user: Option<&[u8]>) -> Vec<Finding> {
    let response = &created.response;
    let mut findings = compare(creation, &response.client_data_json, &response.authenticator_data);
    if user != Some(creation.user_id.as_slice()) {
        let got = user.map_or("no user handle".into(), |user| HEXLOWER.encode(user));
        findings.push(Finding::new(&rules::USABLE_USER, got, HEXLOWER.encode(&creation.user_id)).at("/user/id"));
    }
    findings
}

/// What of a new credential does not agree with the options: challenge, relying party, algorithm, and whether the user was
/// there and verified (WebAuthn, 7.1). The client data is JSON; the authenticator data is that of
/// sctn-authenticator-data, where what is cut off agrees with nothing.
#[must_use]
pub fn compare(creation: &Creation, client_data: &[u8], authenticator_data: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let client_data: Value = serde_json::from_slice(client_data).unwrap_or_default();
    let challenge = &client_data["challenge"];
    if challenge != &Value::from(creation.challenge.as_str()) {
        let wanted = format!("{:?}", creation.challenge);
        findings.push(Finding::new(&rules::USABLE_CHALLENGE, challenge.to_string(), wanted).at("/challenge"));
    }
    let data = authenticator_data;
    let hash = data.get(..32).unwrap_or_default();
    let wanted = rp_id_hash(&creation.rp_id);
    if hash != wanted {
        let (got, wanted) = (HEXLOWER.encode(hash), HEXLOWER.encode(&wanted));
        findings.push(Finding::new(&rules::USABLE_RELYING_PARTY, got, wanted).at("/rp/id"));
    }
    let algorithm = algorithm(data);
    if !algorithm.is_some_and(|algorithm| is_offered(creation, algorithm)) {
        let got = algorithm.map_or("none".into(), |algorithm| algorithm.to_string());
        let wanted = format!("one of {:?}", creation.algorithms);
        findings.push(Finding::new(&rules::USABLE_ALGORITHM, got, wanted).at("/pubKeyCredParams"));
    }
    let needed = match creation.user_verification {
        UserVerification::Required => flags::UP | flags::UV,
        UserVerification::Preferred | UserVerification::Discouraged => flags::UP,
    };
    let set = data.get(32).copied().unwrap_or_default();
    if set & needed != needed {
        let (got, wanted) = (format!("flags {set:#04x}"), format!("{needed:#04x} among them"));
        findings.push(Finding::new(&rules::USABLE_USER, got, wanted).at("/authenticatorSelection"));
    }
    findings
}

/// Whether the options offer it; an empty list offers ES256 and RS256 (WebAuthn, 5.1.3).
fn is_offered(creation: &Creation, algorithm: i64) -> bool {
    if creation.algorithms.is_empty() {
        [-7, -257].contains(&algorithm)
    } else {
        creation.algorithms.contains(&algorithm)
    }
}

/// The COSE algorithm of the new credential's public key (WebAuthn, sctn-attested-credential-data).
fn algorithm(data: &[u8]) -> Option<i64> {
    let length = usize::from(u16::from_be_bytes([*data.get(53)?, *data.get(54)?]));
    let key: Cbor = ciborium::from_reader(data.get(55 + length..)?).ok()?;
    let (_, algorithm) = key.as_map()?.iter().find(|(label, _)| *label == Cbor::from(3))?;
    algorithm.as_integer()?.try_into().ok()
}

/// A user who is there, is verified where that is asked for, and agrees to everything.
struct ConsentingUser;

#[async_trait::async_trait]
impl UserValidationMethod for ConsentingUser {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}
