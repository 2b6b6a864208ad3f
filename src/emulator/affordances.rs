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
                "capabilities": ["answer", "signing-key", "age"],
            }),
        )),
        "/signing-key" => Some(signing_key(service, request.uri().query().unwrap_or_default())),
        "/age" => Some(age(service, request.uri().query().unwrap_or_default())),
        _ => None,
    }
}

fn signing_key(service: &Service, query: &str) -> Response<Bytes> {
    match service.read().pool(parameter(query, "pool")) {
        Ok(pool) => {
            let key = &pool.keys.access;
            answer::document(StatusCode::OK, &json!({ "kid": key.key.kid, "pem": key.pem }))
        }
        Err(refusal) => answer::document(StatusCode::NOT_FOUND, &json!({ "message": refusal.message })),
    }
}

/// Ages the pending challenges and sign-ins of one user.
fn age(service: &Service, query: &str) -> Response<Bytes> {
    let Ok(seconds) = parameter(query, "seconds").parse::<u64>() else {
        return answer::document(StatusCode::BAD_REQUEST, &json!({ "message": "seconds is not a whole number" }));
    };
    let mut store = service.write();
    let aged = store.pool_mut(parameter(query, "pool")).and_then(|pool| {
        let user = pool.user_mut(parameter(query, "user"))?;
        for challenge in &mut user.challenges {
            challenge.issued = challenge.issued.saturating_sub(seconds);
        }
        let sub = user.sub.clone();
        for session in pool.auth_sessions.0.iter_mut().filter(|session| session.user == sub) {
            session.expires = session.expires.saturating_sub(seconds);
        }
        Ok(())
    });
    match aged {
        Ok(()) => answer::document(StatusCode::OK, &json!({})),
        Err(refusal) => answer::document(StatusCode::NOT_FOUND, &json!({ "message": refusal.message })),
    }
}

/// A parameter as it stands: pool ids have no character that a query escapes, nor have the names that tests give users.
fn parameter<'q>(query: &'q str, name: &str) -> &'q str {
    let values = query.split('&').filter_map(|pair| pair.split_once('='));
    values.into_iter().find(|(n, _)| *n == name).map(|(_, value)| value).unwrap_or_default()
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
