//! The access token that clients are given: right in everything that a client can see of it.

use serde_json::json;

use super::call::REGION;
use crate::cognito::SCOPE;
use crate::target::STAND_IN_KEY;
use crate::token::{Key, mint};

/// Seconds for which it is good: longer than any run.
const LIFETIME: u64 = 24 * 60 * 60;

/// A token of a pool that is nowhere, issued at that time of the Unix epoch. Its key is published, so that no server takes it;
/// reports keep it to themselves all the same.
pub(super) fn access_token(now: u64) -> String {
    let header = json!({"kid": "cogspec", "alg": "RS256"});
    let claims = json!({
        "sub": "3c46320b-c60e-4a21-9d64-5829bfede1c4",
        "iss": format!("https://cognito-idp.{REGION}.amazonaws.com/{REGION}_cogspec01"),
        "client_id": "1example23456789abcdefghij",
        "origin_jti": "a1b2c3d4-0000-4000-8000-000000000001",
        "event_id": "a1b2c3d4-0000-4000-8000-000000000002",
        "token_use": "access",
        "scope": SCOPE,
        "auth_time": now,
        "exp": now + LIFETIME,
        "iat": now,
        "jti": "a1b2c3d4-0000-4000-8000-000000000003",
        "username": "james",
    });
    // The key is in the source, and a test of it proves that it is one.
    let Ok(key) = Key::from_pem("cogspec", STAND_IN_KEY) else { return String::new() };
    mint(header.to_string().as_bytes(), claims.to_string().as_bytes(), &key)
}
