//! What a user who has signed in gets: `AuthenticationResult`.

use std::sync::{Arc, RwLockWriteGuard};

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::state::{Client, Grant, Pool, Status, Store, User};
use super::super::token::SignIn;

/// The first segment of the encrypted token that Cognito gives: `{"alg":"RSA-OAEP","enc":"A256GCM"}`.
const REFRESH_TOKEN_HEADER: &[u8] = br#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#;

/// Refuses users who may not sign in, whatever they prove.
pub(super) fn may_sign_in(user: &User) -> Result<(), Refusal> {
    if !user.enabled {
        return Err(Refusal::not_authorized("User is disabled."));
    }
    if user.status == Status::ResetRequired {
        return Err(Refusal::new("PasswordResetRequiredException", "Password reset required for the user"));
    }
    Ok(())
}

/// Begins a session for a user who has proved who they are.
pub(super) fn issue(
    service: &Service,
    mut store: RwLockWriteGuard<'_, Store>,
    pool: &str,
    client: &str,
    username: &str,
) -> Answer {
    let pool = store.pool_mut(pool)?;
    let (client, user) = (pool.client(client)?, pool.user(username)?);
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
    pool.user_mut(username)?.sessions.insert(grant.origin_jti.clone());
    pool.grants.insert(refresh_token.clone(), grant);
    drop(store);
    Ok(Some(result(&sign_in, Some(&refresh_token))))
}

/// What the tokens of a grant say now.
pub(super) fn sign_in(pool: &Pool, client: &Client, user: &User, grant: &Grant, service: &Service) -> SignIn {
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

/// Signs the tokens.
pub(super) fn result(sign_in: &SignIn, refresh_token: Option<&str>) -> Value {
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
