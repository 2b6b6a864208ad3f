//! Passkey registration.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::faults::Step;
use super::super::input::Input;
use super::super::passkey::{Asked, Check, ES256, RS256, Registration};
use super::super::shapes;
use super::super::state::{Challenge, Passkey, Pool, User};
use super::super::token::authorize;
use crate::cognito::PASSKEYS_PER_USER;

/// How long a passkey provider has to answer, in milliseconds.
const TIMEOUT: u32 = 60_000;

/// `StartWebAuthnRegistration`. A second call does not end what the first began; whether it does at Cognito is not known.
pub(super) fn start(service: &Service, mut input: Input<'_>) -> Answer {
    let token = input.required("AccessToken", &shapes::TOKEN)?;
    input.finish()?;
    let mut store = service.write();
    let caller = authorize(&store, &service.region, token, service.now())?;
    passkeys_enabled(service, caller.pool)?;
    let relying_party = relying_party(service, caller.pool)?;
    room_for_another(caller.user)?;
    let asked = Asked::new(relying_party, caller.pool);
    let options = creation_options(&asked, caller.user);
    let challenge = Challenge { asked, client_id: caller.client.id.clone(), issued: service.now() };
    let (pool, username) = (caller.pool.id.clone(), caller.user.username.clone());
    let challenges = &mut store.pool_mut(&pool)?.user_mut(&username)?.challenges;
    challenges.drain(..(challenges.len() + 1).saturating_sub(Challenge::KEPT));
    challenges.push(challenge);
    Ok(Some(json!({ "CredentialCreationOptions": options })))
}

/// `CompleteWebAuthnRegistration`. The challenge is used up as soon as it is known to be this client's.
pub(super) fn complete(service: &Service, mut input: Input<'_>) -> Answer {
    let token = input.required("AccessToken", &shapes::TOKEN)?;
    let credential = input.document("Credential");
    input.finish()?;
    let mut store = service.write();
    let caller = authorize(&store, &service.region, token, service.now())?;
    passkeys_enabled(service, caller.pool)?;
    let registration = Registration::read(credential).ok_or_else(not_valid)?;
    let (client, username) = (caller.client.id.clone(), caller.user.username.clone());
    let pool = caller.pool.id.clone();
    let pool = store.pool_mut(&pool)?;
    let challenge = take_challenge(pool.user_mut(&username)?, &registration, &client, service.now())?;
    let pass = |check, holds| {
        if holds || service.faulty_at(Step::Registration(check)) { Ok(()) } else { Err(check) }
    };
    let verified = registration.verify(&challenge.asked, &pass).map_err(refusal)?;
    // The relying party can have changed since the start.
    if pool.relying_party_id(&service.region).as_ref() != Some(&challenge.asked.relying_party) {
        return Err(refusal(Check::RelyingParty));
    }
    if pool.users().any(|user| user.passkeys.iter().any(|passkey| passkey.id == verified.id)) {
        return Err(not_valid());
    }
    let user = pool.user_mut(&username)?;
    room_for_another(user)?;
    user.passkeys.push(Passkey {
        id: verified.id,
        key: verified.key,
        sign_count: verified.sign_count,
        backup_eligible: verified.backup_eligible,
        transports: verified.transports,
        attachment: verified.attachment,
        relying_party: challenge.asked.relying_party,
        created: service.timestamp(),
        serial: user.passkeys_ever,
    });
    user.passkeys_ever += 1;
    Ok(None)
}

/// The user's challenge that the client data repeats. One of another client is not spent.
fn take_challenge(user: &mut User, registration: &Registration, client: &str, now: u64) -> Result<Challenge, Refusal> {
    let answered = &registration.client_data.challenge;
    let is_it = |challenge: &Challenge| challenge.asked.challenge == *answered && challenge.is_live(now);
    let index = user.challenges.iter().position(is_it);
    let found = index.and_then(|index| Some((index, user.challenges.get(index)?)));
    let Some((index, challenge)) = found else {
        return Err(Refusal::new("WebAuthnChallengeNotFoundException", "The challenge was not found or has expired."));
    };
    if challenge.client_id != client {
        let message = "The registration was started with another app client.";
        return Err(Refusal::new("WebAuthnClientMismatchException", message));
    }
    Ok(user.challenges.remove(index))
}

/// The text that is known from a live refusal (aws-sdk-net#4386).
fn not_valid() -> Refusal {
    Refusal::invalid_parameter("Credential data is not valid")
}

/// How a check that failed is told: by the causes that the service model documents, and else as data that is not valid.
fn refusal(check: Check) -> Refusal {
    match check {
        Check::Origin => Refusal::new("WebAuthnOriginNotAllowedException", "The origin is not allowed."),
        Check::RelyingParty => Refusal::new(
            "WebAuthnRelyingPartyMismatchException",
            "The passkey was made for another relying party than the user pool's.",
        ),
        Check::Algorithm => {
            Refusal::new("WebAuthnCredentialNotSupportedException", "The algorithm of the passkey is not supported.")
        }
        Check::UserVerified => {
            Refusal::new("WebAuthnCredentialNotSupportedException", "The passkey did not verify its user.")
        }
        _ => not_valid(),
    }
}

fn passkeys_enabled(service: &Service, pool: &Pool) -> Result<(), Refusal> {
    if pool.allows_passkeys() || service.faulty_at(Step::PasskeysEnabled) {
        return Ok(());
    }
    Err(Refusal::new("WebAuthnNotEnabledException", "WebAuthn is not enabled for this user pool."))
}

fn relying_party(service: &Service, pool: &Pool) -> Result<String, Refusal> {
    let assumed = || service.faulty_at(Step::RelyingPartyMissing).then(|| "localhost".to_owned());
    pool.relying_party_id(&service.region).or_else(assumed).ok_or_else(|| {
        Refusal::new("WebAuthnConfigurationMissingException", "The user pool has no relying party id and no domain.")
    })
}

/// That the limit is told at the start, and not only at completion, is a guess.
fn room_for_another(user: &User) -> Result<(), Refusal> {
    if user.passkeys.len() < PASSKEYS_PER_USER {
        return Ok(());
    }
    let message = format!("The user has {PASSKEYS_PER_USER} passkeys, the most that are allowed.");
    Err(Refusal::new("LimitExceededException", message))
}

/// `PublicKeyCredentialCreationOptionsJSON`, with the members of the published captures and no others.
fn creation_options(asked: &Asked, user: &User) -> Value {
    let exclude: Vec<_> =
        user.passkeys.iter().map(|passkey| descriptor(&BASE64URL_NOPAD.encode(&passkey.id))).collect();
    let relying_party = &asked.relying_party;
    json!({
        "rp": { "id": relying_party, "name": relying_party },
        "user": {
            // The text of `sub` in ASCII, not the bytes of the UUID.
            "id": BASE64URL_NOPAD.encode(user.sub.as_bytes()),
            "name": user.username,
            "displayName": user.username,
        },
        "challenge": asked.challenge,
        "pubKeyCredParams": [algorithm(ES256), algorithm(RS256)],
        "timeout": TIMEOUT,
        "excludeCredentials": exclude,
        "authenticatorSelection": {
            "requireResidentKey": true,
            "residentKey": "required",
            "userVerification": if asked.user_verification { "required" } else { "preferred" },
        },
    })
}

fn algorithm(alg: i64) -> Value {
    json!({ "type": "public-key", "alg": alg })
}

fn descriptor(id: &str) -> Value {
    json!({ "type": "public-key", "id": id })
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use http::Request;

    use super::*;
    use crate::cognito::{CONTENT_TYPE, TARGET_PREFIX};
    use crate::emulator::Config;
    use crate::emulator::passkey::PublicKey;

    fn call(service: &Service, operation: &str, input: &Value) -> Value {
        let request = Request::post("/")
            .header("Content-Type", CONTENT_TYPE)
            .header("X-Amz-Target", format!("{TARGET_PREFIX}.{operation}"))
            .header("Authorization", "any")
            .body(Bytes::from(input.to_string()))
            .unwrap();
        serde_json::from_slice(service.handle(&request).body()).unwrap()
    }

    fn text(output: &Value, pointer: &str) -> String {
        output.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
    }

    #[test]
    fn registered_passkeys_are_excluded_and_there_is_no_twenty_first() {
        let service = Service::new(&Config::default());
        let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
        let pool = call(&service, "CreateUserPool", &json!({ "PoolName": "a", "Policies": policies }));
        let pool = text(&pool, "/UserPool/Id");
        call(&service, "CreateUserPoolDomain", &json!({ "UserPoolId": pool, "Domain": "a" }));
        let flows = json!(["ALLOW_USER_PASSWORD_AUTH"]);
        let client = json!({ "UserPoolId": pool, "ClientName": "a", "ExplicitAuthFlows": flows });
        let client = text(&call(&service, "CreateUserPoolClient", &client), "/UserPoolClient/ClientId");
        call(&service, "AdminCreateUser", &json!({ "UserPoolId": pool, "Username": "a" }));
        let password = json!({ "UserPoolId": pool, "Username": "a", "Password": "Abcdef-1", "Permanent": true });
        call(&service, "AdminSetUserPassword", &password);
        let parameters = json!({ "USERNAME": "a", "PASSWORD": "Abcdef-1" });
        let sign_in = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        let token = text(&call(&service, "InitiateAuth", &sign_in), "/AuthenticationResult/AccessToken");

        let register = |id: u8| {
            let passkey = Passkey {
                id: vec![id; 2],
                key: PublicKey::Es256(Vec::new()),
                sign_count: 0,
                backup_eligible: false,
                transports: Vec::new(),
                attachment: None,
                relying_party: String::new(),
                created: 0.0,
                serial: id.into(),
            };
            service.write().pool_mut(&pool).unwrap().user_mut("a").unwrap().passkeys.push(passkey);
        };
        let start = || call(&service, "StartWebAuthnRegistration", &json!({ "AccessToken": token }));
        register(0);
        register(255);
        let excluded = start().pointer("/CredentialCreationOptions/excludeCredentials").unwrap().clone();
        assert_eq!(excluded, json!([{ "type": "public-key", "id": "AAA" }, { "type": "public-key", "id": "__8" }]));
        (2..19).for_each(register);
        assert_eq!(start()["__type"], Value::Null);
        register(19);
        assert_eq!(start()["__type"], "LimitExceededException");
    }
}
