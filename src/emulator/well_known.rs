//! The documents that a pool publishes for those who verify its tokens, and the health check.

use axum::body::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::Service;
use super::answer;
use super::state::Pool;

/// `GET /<pool>/.well-known/…` and `GET /health`.
pub(super) fn document(service: &Service, request: &Request<Bytes>) -> Option<Response<Bytes>> {
    if request.method() != Method::GET {
        return None;
    }
    if request.uri().path() == "/health" {
        return Some(answer::document(StatusCode::OK, &json!({ "status": "ok" })));
    }
    let (id, name) = request.uri().path().strip_prefix('/')?.split_once("/.well-known/")?;
    let store = service.read();
    let pool = store.pool(id);
    let document = match (name, &pool) {
        ("jwks.json", Ok(pool)) => key_set(pool),
        ("openid-configuration", Ok(pool)) => openid_configuration(pool, &service.region),
        (_, Err(refusal)) => {
            return Some(answer::document(StatusCode::NOT_FOUND, &json!({ "message": refusal.message })));
        }
        _ => return None,
    };
    Some(answer::document(StatusCode::OK, &document))
}

fn key_set(pool: &Pool) -> Value {
    json!({ "keys": [pool.keys.id.key.jwk(), pool.keys.access.key.jwk()] })
}

fn openid_configuration(pool: &Pool, region: &str) -> Value {
    let issuer = pool.issuer(region);
    json!({
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
    })
}
