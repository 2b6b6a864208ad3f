//! Issuing: the header and claims that Cognito writes, in its order.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::cognito::SCOPE;
use crate::emulator::keys::SigningKey;
use crate::token::mint;

/// Everything that the tokens of one sign-in say. Signing takes long, so this holds no lock.
pub(in crate::emulator) struct SignIn {
    pub(in crate::emulator) issuer: String,
    pub(in crate::emulator) client_id: String,
    pub(in crate::emulator) sub: String,
    pub(in crate::emulator) username: String,
    pub(in crate::emulator) email: Option<String>,
    /// Absent where the client has token revocation switched off.
    pub(in crate::emulator) origin_jti: Option<String>,
    /// In Unix seconds, as is `now`.
    pub(in crate::emulator) auth_time: u64,
    pub(in crate::emulator) now: u64,
    /// How long the tokens are valid, in seconds.
    pub(in crate::emulator) access_lifetime: u64,
    pub(in crate::emulator) id_lifetime: u64,
    pub(in crate::emulator) access_key: Arc<SigningKey>,
    pub(in crate::emulator) id_key: Arc<SigningKey>,
}

impl SignIn {
    /// An access token with the scope that sign-in through the API gives.
    pub(in crate::emulator) fn access_token(&self) -> String {
        let claims = json!({
            "sub": self.sub,
            "iss": self.issuer,
            "client_id": self.client_id,
            "origin_jti": self.origin_jti,
            "event_id": Uuid::new_v4().to_string(),
            "token_use": "access",
            "scope": SCOPE,
            "auth_time": self.auth_time,
            "exp": self.now.saturating_add(self.access_lifetime),
            "iat": self.now,
            "jti": Uuid::new_v4().to_string(),
            "username": self.username,
        });
        signed(claims, &self.access_key)
    }

    /// An ID token, signed by the pool's other key.
    pub(in crate::emulator) fn id_token(&self) -> String {
        let claims = json!({
            "sub": self.sub,
            "iss": self.issuer,
            "cognito:username": self.username,
            "origin_jti": self.origin_jti,
            "aud": self.client_id,
            "event_id": Uuid::new_v4().to_string(),
            "token_use": "id",
            "auth_time": self.auth_time,
            "exp": self.now.saturating_add(self.id_lifetime),
            "iat": self.now,
            "jti": Uuid::new_v4().to_string(),
            "email": self.email,
        });
        signed(claims, &self.id_key)
    }
}

/// `kid` stands before `alg`; a claim without a value is left out.
fn signed(mut claims: Value, key: &SigningKey) -> String {
    if let Value::Object(claims) = &mut claims {
        claims.retain(|_, value| !value.is_null());
    }
    let header = json!({ "kid": key.key.kid, "alg": "RS256" });
    mint(text(&header).as_bytes(), text(&claims).as_bytes(), &key.key)
}

/// JSON with `/` as `\/`, as Cognito writes it. A slash stands only in strings, and serde_json does not escape it.
fn text(value: &Value) -> String {
    value.to_string().replace('/', "\\/")
}
