//! Sign-in: the flows of `InitiateAuth`, and among them those with a password and with a refresh token.

use std::sync::RwLockWriteGuard;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{Status, Store, User};
use super::parameters::Parameters;
use super::{tokens, user_auth};

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
        "USER_AUTH" => user_auth::initiate(service, &pool, client, &parameters),
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
    Ok((flow, client, Parameters(input.map("AuthParameters")?)))
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
    let store = service.write();
    let allowed = store.pool(pool)?.client(client)?;
    if !flows.iter().any(|flow| allowed.allows(flow)) {
        return Err(Refusal::invalid_parameter(not_enabled));
    }
    by_password(service, store, pool, client, parameters)
}

/// Signs in whoever knows the password, once the flow is allowed.
pub(super) fn by_password(
    service: &Service,
    store: RwLockWriteGuard<'_, Store>,
    pool: &str,
    client: &str,
    parameters: &Parameters<'_>,
) -> Answer {
    let (found, allowed) = (store.pool(pool)?, store.pool(pool)?.client(client)?);
    let username = parameters.required("USERNAME")?;
    let password = parameters.required("PASSWORD")?;
    parameters.check_secret_hash(allowed, username)?;
    let user = found
        .user(username)
        .map_err(|unknown| if allowed.tells_unknown_users() { unknown } else { wrong_password() })?;
    tokens::may_sign_in(user)?;
    if user.password.0 != password {
        return Err(wrong_password());
    }
    if user.status == Status::ForceChangePassword {
        return Ok(Some(new_password_required(user)));
    }
    tokens::issue(service, store, pool, client, username)
}

/// `auth_time` stays that of the sign-in, `iat` moves.
fn with_refresh_token(service: &Service, pool: &str, client: &str, parameters: &Parameters<'_>) -> Answer {
    let store = service.read();
    let pool = store.pool(pool)?;
    let client = pool.client(client)?;
    let token = parameters.required("REFRESH_TOKEN")?;
    let grant = pool.grants.get(token).filter(|grant| grant.client_id == client.id);
    let grant = grant.ok_or_else(|| Refusal::not_authorized("Invalid Refresh Token"))?;
    parameters.check_secret_hash(client, &grant.username)?;
    if grant.expires <= service.now() {
        return Err(Refusal::not_authorized("Refresh Token has expired"));
    }
    let user = pool.user(&grant.username)?;
    tokens::may_sign_in(user)?;
    let sign_in = tokens::sign_in(pool, client, user, grant, service);
    drop(store);
    Ok(Some(tokens::result(&sign_in, None)))
}

/// The password is wrong, or the user unknown and the client does not tell.
pub(super) fn wrong_password() -> Refusal {
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
