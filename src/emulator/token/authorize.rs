//! Who calls: the checks that an access token goes through, in the order in which live Cognito's messages suggest.

use super::unverified::{Claims, Unverified};
use crate::cognito::SCOPE;
use crate::emulator::answer::Refusal;
use crate::emulator::state::{Client, Pool, Status, Store, User};

/// The signed-in user who makes a request.
pub(in crate::emulator) struct Caller<'s> {
    pub(in crate::emulator) pool: &'s Pool,
    /// The app client that the token was issued to.
    pub(in crate::emulator) client: &'s Client,
    pub(in crate::emulator) user: &'s User,
}

/// Checks an access token at a time in Unix seconds, and finds its user.
pub(in crate::emulator) fn authorize<'s>(
    store: &'s Store,
    region: &str,
    token: &str,
    now: u64,
) -> Result<Caller<'s>, Refusal> {
    let token = Unverified::read(token).ok_or_else(invalid)?;
    let claims = &token.claims;
    let pool = issuer(store, region, claims)?;
    signature(pool, &token)?;
    not_expired(claims, now)?;
    not_from_the_future(claims, now)?;
    let client = pool.client(&claims.client_id).map_err(|_| invalid())?;
    let user = user(pool, claims)?;
    enabled(user)?;
    not_revoked(user, client, claims)?;
    password_settled(user)?;
    scope(claims)?;
    Ok(Caller { pool, client, user })
}

fn invalid() -> Refusal {
    Refusal::not_authorized("Invalid Access Token")
}

/// `iss` is a pool, in the form that the pool is set to.
fn issuer<'s>(store: &'s Store, region: &str, claims: &Claims) -> Result<&'s Pool, Refusal> {
    let (_, id) = claims.iss.rsplit_once('/').ok_or_else(invalid)?;
    store.pool(id).ok().filter(|pool| pool.issuer(region) == claims.iss).ok_or_else(invalid)
}

/// The pool's own key for access tokens, found by `kid`, has signed header and claims as they came.
fn signature(pool: &Pool, token: &Unverified<'_>) -> Result<(), Refusal> {
    let key = &pool.keys.access;
    if token.kid == key.key.kid && key.has_signed(token.signed, token.signature) {
        Ok(())
    } else {
        Err(Refusal::not_authorized("Could not verify signature for Access Token"))
    }
}

/// On or after `exp` a token is refused; there is no leeway.
fn not_expired(claims: &Claims, now: u64) -> Result<(), Refusal> {
    if now < claims.exp { Ok(()) } else { Err(Refusal::not_authorized("Access Token has expired")) }
}

fn not_from_the_future(claims: &Claims, now: u64) -> Result<(), Refusal> {
    let latest = claims.iat.max(claims.auth_time).max(claims.nbf.unwrap_or(0));
    if latest <= now { Ok(()) } else { Err(invalid()) }
}

/// The name may have been taken by a new user since: `sub` tells.
fn user<'s>(pool: &'s Pool, claims: &Claims) -> Result<&'s User, Refusal> {
    pool.user(&claims.username).ok().filter(|user| user.sub == claims.sub).ok_or_else(invalid)
}

fn enabled(user: &User) -> Result<(), Refusal> {
    if user.enabled { Ok(()) } else { Err(Refusal::not_authorized("User is disabled.")) }
}

/// The token's session has not ended. Without an `origin_jti` only a sign-out of the whole user ends it.
fn not_revoked(user: &User, client: &Client, claims: &Claims) -> Result<(), Refusal> {
    let live = match &claims.origin_jti {
        Some(session) => user.sessions.contains(session),
        None if client.revocation => return Err(invalid()),
        None => user.signed_out_at.is_none_or(|at| at < claims.iat),
    };
    if live { Ok(()) } else { Err(Refusal::not_authorized("Access Token has been revoked")) }
}

fn password_settled(user: &User) -> Result<(), Refusal> {
    if user.status == Status::ResetRequired {
        return Err(Refusal::new("PasswordResetRequiredException", "Password reset required for the user"));
    }
    Ok(())
}

/// Scopes are words between spaces, in any order.
fn scope(claims: &Claims) -> Result<(), Refusal> {
    if claims.scope.split(' ').any(|scope| scope == SCOPE) {
        Ok(())
    } else {
        Err(Refusal::not_authorized("Access Token does not have required scopes"))
    }
}
