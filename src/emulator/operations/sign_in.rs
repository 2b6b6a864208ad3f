//! Sign-in with a password, and with a refresh token.

use std::sync::Arc;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::hmac;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{Client, Grant, Pool, Status, User};
use super::super::token::SignIn;

/// The first segment of the encrypted token that Cognito gives: `{"alg":"RSA-OAEP","enc":"A256GCM"}`.
const REFRESH_TOKEN_HEADER: &[u8] = br#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#;

type Parameters<'a> = Vec<(&'a str, &'a str)>;

/// `InitiateAuth`.
pub(super) fn initiate_auth(service: &Service, mut input: Input<'_>) -> Answer {
    let (flow, client, parameters) = read(&mut input)?;
    input.finish()?;
    let pool = service.read().pool_of_client(client)?.id.clone();
    match flow {
        "USER_PASSWORD_AUTH" => {
            let message = "USER_PASSWORD_AUTH flow not enabled for this client";
            with_password(service, &pool, client, &parameters, &[flow], message)
        }
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => with_refresh_token(service, &pool, client, &parameters),
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => {
            Err(Refusal::invalid_parameter("Initiate Auth method not supported."))
        }
        _ => Err(not_served(flow)),
    }
}

/// `AdminInitiateAuth`.
pub(super) fn admin_initiate_auth(service: &Service, mut input: Input<'_>) -> Answer {
    let pool = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let (flow, client, parameters) = read(&mut input)?;
    input.finish()?;
    service.read().pool(pool)?.client(client)?;
    match flow {
        "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" => {
            let flows = ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"];
            with_password(service, pool, client, &parameters, &flows, "Auth flow not enabled for this client")
        }
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => with_refresh_token(service, pool, client, &parameters),
        "USER_PASSWORD_AUTH" => Err(Refusal::invalid_parameter("Initiate Auth method not supported.")),
        _ => Err(not_served(flow)),
    }
}

fn read<'a>(input: &mut Input<'a>) -> Result<(&'a str, &'a str, Parameters<'a>), Refusal> {
    let flow = input.required("AuthFlow", &shapes::AUTH_FLOW)?;
    let client = input.required("ClientId", &shapes::CLIENT_ID)?;
    Ok((flow, client, input.map("AuthParameters")?))
}

fn not_served(flow: &str) -> Refusal {
    Refusal::invalid_parameter(format!("This emulator does not serve the flow {flow}; use a password flow."))
}

fn with_password(
    service: &Service,
    pool: &str,
    client: &str,
    parameters: &Parameters<'_>,
    flows: &[&str],
    not_enabled: &str,
) -> Answer {
    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    let client = pool.client(client)?;
    if !flows.iter().any(|flow| client.allows(flow)) {
        return Err(Refusal::invalid_parameter(not_enabled));
    }
    let username = parameter(parameters, "USERNAME")?;
    let password = parameter(parameters, "PASSWORD")?;
    check_secret_hash(client, username, parameters)?;
    let user = pool.user(username).map_err(|unknown| match client.prevent_user_existence_errors.as_str() {
        "ENABLED" => wrong_password(),
        _ => unknown,
    })?;
    may_sign_in(user)?;
    if user.password.0 != password {
        return Err(wrong_password());
    }
    if user.status == Status::ForceChangePassword {
        return Ok(Some(new_password_required(user)));
    }

    let grant = Grant {
        username: user.username.clone(),
        sub: user.sub.clone(),
        client_id: client.id.clone(),
        origin_jti: Uuid::new_v4().to_string(),
        auth_time: service.now(),
        expires: service.now().saturating_add(client.refresh_token.seconds()),
    };
    let sign_in = sign_in(pool, client, user, &grant, service);
    let refresh_token = new_refresh_token();
    let username = grant.username.clone();
    pool.user_mut(&username)?.sessions.insert(grant.origin_jti.clone());
    pool.grants.insert(refresh_token.clone(), grant);
    drop(store);
    Ok(Some(result(&sign_in, Some(&refresh_token))))
}

/// `auth_time` stays that of the sign-in, `iat` moves.
fn with_refresh_token(service: &Service, pool: &str, client: &str, parameters: &Parameters<'_>) -> Answer {
    let store = service.read();
    let pool = store.pool(pool)?;
    let client = pool.client(client)?;
    let token = parameter(parameters, "REFRESH_TOKEN")?;
    let grant = pool.grants.get(token).filter(|grant| grant.client_id == client.id);
    let grant = grant.ok_or_else(|| Refusal::not_authorized("Invalid Refresh Token"))?;
    check_secret_hash(client, &grant.username, parameters)?;
    if grant.expires <= service.now() {
        return Err(Refusal::not_authorized("Refresh Token has expired"));
    }
    let user = pool.user(&grant.username)?;
    may_sign_in(user)?;
    let sign_in = sign_in(pool, client, user, grant, service);
    drop(store);
    Ok(Some(result(&sign_in, None)))
}

fn parameter<'a>(parameters: &Parameters<'a>, name: &str) -> Result<&'a str, Refusal> {
    let value = parameters.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
    value.ok_or_else(|| Refusal::invalid_parameter(format!("Missing required parameter {name}")))
}

/// A client with a secret proves that it knows it: HMAC-SHA256 over user name and client id.
fn check_secret_hash(client: &Client, username: &str, parameters: &Parameters<'_>) -> Result<(), Refusal> {
    let Some(secret) = &client.secret else { return Ok(()) };
    let Ok(hash) = parameter(parameters, "SECRET_HASH") else {
        let message = format!("Client {} is configured with secret but SECRET_HASH was not received", client.id);
        return Err(Refusal::not_authorized(&message));
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let message = format!("{username}{}", client.id);
    let proved = BASE64.decode(hash.as_bytes()).is_ok_and(|tag| hmac::verify(&key, message.as_bytes(), &tag).is_ok());
    if proved {
        return Ok(());
    }
    Err(Refusal::not_authorized(&format!("Unable to verify secret hash for client {}", client.id)))
}

fn may_sign_in(user: &User) -> Result<(), Refusal> {
    if !user.enabled {
        return Err(Refusal::not_authorized("User is disabled."));
    }
    if user.status == Status::ResetRequired {
        return Err(Refusal::new("PasswordResetRequiredException", "Password reset required for the user"));
    }
    Ok(())
}

fn wrong_password() -> Refusal {
    Refusal::not_authorized("Incorrect username or password.")
}

/// The challenge that a temporary password leads to. The emulator does not take its answer: `AdminSetUserPassword` does.
fn new_password_required(user: &User) -> Value {
    let attributes: serde_json::Map<_, _> =
        user.attributes.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    json!({
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()),
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": "[]",
            "userAttributes": Value::Object(attributes).to_string(),
        },
    })
}

fn sign_in(pool: &Pool, client: &Client, user: &User, grant: &Grant, service: &Service) -> SignIn {
    SignIn {
        issuer: pool.issuer(&service.region),
        client_id: client.id.clone(),
        sub: user.sub.clone(),
        username: user.username.clone(),
        email: user.attribute("email").map(str::to_owned),
        origin_jti: client.revocation.then(|| grant.origin_jti.clone()),
        auth_time: grant.auth_time,
        now: service.now(),
        access_lifetime: client.access_token.seconds(),
        id_lifetime: client.id_token.seconds(),
        access_key: Arc::clone(&pool.keys.access),
        id_key: Arc::clone(&pool.keys.id),
    }
}

fn result(sign_in: &SignIn, refresh_token: Option<&str>) -> Value {
    let mut result = json!({
        "AccessToken": sign_in.access_token(),
        "ExpiresIn": sign_in.access_lifetime,
        "TokenType": "Bearer",
        "IdToken": sign_in.id_token(),
    });
    if let Some(token) = refresh_token {
        result["RefreshToken"] = token.into();
    }
    json!({ "ChallengeParameters": {}, "AuthenticationResult": result })
}

/// Five segments, as an encrypted token has; what is in them means nothing.
fn new_refresh_token() -> String {
    let part = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    let [key, vector, text, tag] = [
        &rand::random::<[u8; 32]>()[..],
        &rand::random::<[u8; 12]>(),
        &rand::random::<[u8; 32]>(),
        &rand::random::<[u8; 16]>(),
    ]
    .map(part);
    format!("{}.{key}.{vector}.{text}.{tag}", part(REFRESH_TOKEN_HEADER))
}
