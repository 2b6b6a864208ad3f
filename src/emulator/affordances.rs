//! What only a test harness needs, and no Cognito has. The module documentation of [`super`] tells how to use it.

use axum::body::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::json;

use super::Service;
use super::answer::{self, Refusal};
use super::operations::Operation;
use crate::cognito;

/// `GET /_cogspec` and what is below it.
pub(super) fn document(service: &Service, request: &Request<Bytes>) -> Option<Response<Bytes>> {
    let below = request.uri().path().strip_prefix("/_cogspec")?;
    if request.method() != Method::GET {
        return None;
    }
    match below {
        "" => Some(answer::document(
            StatusCode::OK,
            &json!({
                "name": "cogspec",
                "version": env!("CARGO_PKG_VERSION"),
                "capabilities": ["answer", "signing-key"],
            }),
        )),
        "/signing-key" => Some(signing_key(service, request.uri().query().unwrap_or_default())),
        _ => None,
    }
}

fn signing_key(service: &Service, query: &str) -> Response<Bytes> {
    // A pool id has no character that a query would escape.
    let id = query.split('&').find_map(|pair| pair.strip_prefix("pool=")).unwrap_or_default();
    match service.read().pool(id) {
        Ok(pool) => {
            let key = &pool.keys.access;
            answer::document(StatusCode::OK, &json!({ "kid": key.key.kid, "pem": key.pem }))
        }
        Err(refusal) => answer::document(StatusCode::NOT_FOUND, &json!({ "message": refusal.message })),
    }
}

/// The error that the header `X-Cogspec-Answer` orders, on operations that take no AWS signature.
pub(super) fn ordered(operation: &Operation, headers: &HeaderMap) -> Option<Refusal> {
    let name = headers.get("x-cogspec-answer").filter(|_| !operation.signed)?;
    let Some(error) = name.to_str().ok().and_then(cognito::error) else {
        return Some(Refusal::invalid_parameter("X-Cogspec-Answer does not name an error of the service model"));
    };
    let message = match error.name {
        "ForbiddenException" => "Request not allowed due to WAF block.",
        "TooManyRequestsException" => "Too many requests",
        _ => "Ordered by X-Cogspec-Answer",
    };
    Some(Refusal::new(error.name, message))
}
