//! Passkey registration.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::faults::Step;
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{Pool, User};
use super::super::token::authorize;
use crate::cognito::PASSKEYS_PER_USER;

/// How long a passkey provider has to answer, in milliseconds.
const TIMEOUT: u32 = 60_000;

/// `StartWebAuthnRegistration`.
pub(super) fn start(service: &Service, mut input: Input<'_>) -> Answer {
    let token = input.required("AccessToken", &shapes::TOKEN)?;
    input.finish()?;
    let store = service.read();
    let caller = authorize(&store, &service.region, token, service.now())?;
    passkeys_enabled(service, caller.pool)?;
    let relying_party = relying_party(service, caller.pool)?;
    room_for_another(caller.user)?;
    Ok(Some(json!({ "CredentialCreationOptions": creation_options(caller.pool, caller.user, &relying_party) })))
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
fn creation_options(pool: &Pool, user: &User, relying_party: &str) -> Value {
    let exclude: Vec<_> = user.passkeys.iter().map(|id| descriptor(&BASE64URL_NOPAD.encode(id))).collect();
    json!({
        "rp": { "id": relying_party, "name": relying_party },
        "user": {
            // The text of `sub` in ASCII, not the bytes of the UUID.
            "id": BASE64URL_NOPAD.encode(user.sub.as_bytes()),
            "name": user.username,
            "displayName": user.username,
        },
        "challenge": BASE64URL_NOPAD.encode(&rand::random::<[u8; 16]>()),
        "pubKeyCredParams": [algorithm(-7), algorithm(-257)],
        "timeout": TIMEOUT,
        "excludeCredentials": exclude,
        "authenticatorSelection": {
            "requireResidentKey": true,
            "residentKey": "required",
            "userVerification": pool.user_verification(),
        },
    })
}

fn algorithm(alg: i32) -> Value {
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

        let register =
            |id: u8| service.write().pool_mut(&pool).unwrap().user_mut("a").unwrap().passkeys.push(vec![id; 2]);
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
