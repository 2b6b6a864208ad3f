//! Ending sessions.

use serde_json::json;

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::{profile, users};

/// `GlobalSignOut`.
pub(super) fn global_sign_out(service: &Service, input: Input<'_>) -> Answer {
    let (pool, username) =
        profile::as_caller(service, input, |caller| (caller.pool.id.clone(), caller.user.username.clone()))?;
    service.write().pool_mut(&pool)?.sign_out(&username, service.now())?;
    Ok(Some(json!({})))
}

/// `AdminUserGlobalSignOut`.
pub(super) fn admin_user_global_sign_out(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, username) = users::names(&mut input)?;
    input.finish()?;
    service.write().pool_mut(pool)?.sign_out(username, service.now())?;
    Ok(Some(json!({})))
}

/// `RevokeToken`: ends the one session of a refresh token. A token that is not known is no error (RFC 7009, 2.2).
pub(super) fn revoke_token(service: &Service, mut input: Input<'_>) -> Answer {
    let token = input.required("Token", &shapes::TOKEN)?;
    let client = input.required("ClientId", &shapes::CLIENT_ID)?;
    let secret = input.text("ClientSecret", &shapes::STRING)?;
    input.finish()?;

    let mut store = service.write();
    let pool = store.pool_of_client(client)?;
    let client = pool.client(client)?;
    if client.secret.as_deref() != secret {
        return Err(Refusal::not_authorized("Invalid client credentials"));
    }
    if !client.revocation {
        return Err(Refusal::new("UnsupportedOperationException", "Token revocation is not enabled for this client."));
    }
    // The three segments of a signed token: an access or ID token, which cannot be revoked by itself.
    if token.split('.').count() == 3 {
        return Err(Refusal::new("UnsupportedTokenTypeException", "Unsupported token type"));
    }
    let (pool, client) = (pool.id.clone(), client.id.clone());
    let pool = store.pool_mut(&pool)?;
    if let Some(grant) = pool.grants.get(token).filter(|grant| grant.client_id == client).cloned() {
        pool.grants.remove(token);
        pool.user_mut(&grant.username)?.sessions.remove(&grant.origin_jti);
    }
    Ok(Some(json!({})))
}
