//! Multi-factor settings, and among them those of passkeys.

use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{Pool, RelyingParty};

const METHODS: &[&str] = &["SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];

/// `SetUserPoolMfaConfig`. What is left out stays as it is; a `WebAuthnConfiguration` replaces the one before.
pub(super) fn set(service: &Service, mut input: Input<'_>) -> Answer {
    let id = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let mode = input.text("MfaConfiguration", &shapes::MFA_CONFIGURATION)?;
    let relying_party = input.structure("WebAuthnConfiguration", relying_party)?;
    for &method in METHODS {
        input.structure(method, |_| Ok(()))?;
    }
    input.finish()?;

    let mut store = service.write();
    let pool = store.pool_mut(id)?;
    let mut mfa = pool.mfa.clone();
    mfa.methods.extend(input.kept(METHODS));
    if let Some(mode) = mode {
        mode.clone_into(&mut mfa.mode);
    }
    if mode.is_some_and(|mode| mode != "OFF") && mfa.methods.is_empty() {
        return Err(Refusal::invalid_parameter(
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
        ));
    }
    if let Some(relying_party) = &relying_party {
        check_relying_party(relying_party)?;
        let single = relying_party.factor_configuration.as_deref() == Some("SINGLE_FACTOR");
        if single && mfa.mode == "ON" && pool.allows_passkeys() {
            return Err(Refusal::invalid_parameter(
                "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an \
                 allowed first auth factor",
            ));
        }
    }
    pool.mfa = mfa;
    pool.relying_party = relying_party.or(pool.relying_party.take());
    Ok(Some(document(pool)))
}

/// `GetUserPoolMfaConfig`.
pub(super) fn show(service: &Service, mut input: Input<'_>) -> Answer {
    let id = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    input.finish()?;
    Ok(Some(document(service.read().pool(id)?)))
}

fn relying_party(input: &mut Input<'_>) -> Result<RelyingParty, Refusal> {
    Ok(RelyingParty {
        id: input.text("RelyingPartyId", &shapes::RELYING_PARTY_ID)?.map(str::to_owned),
        user_verification: input.text("UserVerification", &shapes::USER_VERIFICATION)?.map(str::to_owned),
        factor_configuration: input.text("FactorConfiguration", &shapes::FACTOR_CONFIGURATION)?.map(str::to_owned),
    })
}

/// "Any domain name not in the public suffix list" (developer guide, passkeys). The message is a guess.
fn check_relying_party(relying_party: &RelyingParty) -> Result<(), Refusal> {
    let Some(id) = &relying_party.id else { return Ok(()) };
    if cogspec_suffix::is_public_suffix(&id.to_ascii_lowercase()) {
        return Err(Refusal::invalid_parameter("The relying party id is in the public suffix list."));
    }
    Ok(())
}

fn document(pool: &Pool) -> Value {
    let mut document = pool.mfa.methods.clone();
    document.insert("MfaConfiguration".to_owned(), pool.mfa.mode.as_str().into());
    if let Some(relying_party) = &pool.relying_party {
        let members = [
            ("RelyingPartyId", &relying_party.id),
            ("UserVerification", &relying_party.user_verification),
            ("FactorConfiguration", &relying_party.factor_configuration),
        ];
        let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))));
        document.insert("WebAuthnConfiguration".to_owned(), Value::Object(given.collect()));
    }
    Value::Object(document)
}
