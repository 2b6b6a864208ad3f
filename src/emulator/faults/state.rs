//! Faults in sessions, users, pools and their configuration.

use axum::body::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use super::super::Service;
use super::super::state::Grant;
use super::Deviation::{Around, Options, Step as At};
use super::{Fault, Step, edit};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "state.sign-out.ignored",
        "GlobalSignOut succeeds and does nothing.",
        &["state.session.global-sign-out", "state.session.sign-out-of-all"],
        Around(|service, _, request| ignored(service, request, "GlobalSignOut")),
    ),
    Fault::new(
        "state.sign-out.own-session-only",
        "GlobalSignOut ends only the session that it is called with.",
        &["state.session.sign-out-of-all"],
        Around(|service, _, request| {
            if edit::operation(request) != Some("GlobalSignOut") {
                return service.serve(request);
            }
            let token = edit::member(request, "AccessToken").unwrap_or_default();
            let mut store = service.write();
            let ids: Vec<String> = store.pools().map(|pool| pool.id.clone()).collect();
            for id in ids {
                let Ok(pool) = store.pool_mut(&id) else { continue };
                let claim = |name| super::across::claim(&token, name).unwrap_or_default();
                if let Ok(user) = pool.user_mut(&claim("username")) {
                    user.sessions.remove(&claim("origin_jti"));
                }
            }
            edit::done()
        }),
    ),
    Fault::new(
        "state.sign-out.of-everyone",
        "GlobalSignOut ends the sessions of every user of the pool.",
        &["state.session.other-user"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if edit::operation(request) == Some("GlobalSignOut") && response.status().is_success() {
                let token = edit::member(request, "AccessToken").unwrap_or_default();
                let issuer = super::across::claim(&token, "iss").unwrap_or_default();
                let mut store = service.write();
                if let Ok(pool) = store.pool_mut(issuer.rsplit('/').next().unwrap_or_default()) {
                    let names: Vec<String> = pool.users().map(|user| user.username.clone()).collect();
                    names.iter().for_each(|name| drop(pool.sign_out(name, service.now())));
                }
            }
            response
        }),
    ),
    Fault::new(
        "state.sign-out.keeps-refresh-tokens",
        "GlobalSignOut ends access tokens, and refresh tokens go on giving new ones.",
        &["state.session.refresh-after-sign-out"],
        Around(|service, _, request| {
            if edit::operation(request) != Some("GlobalSignOut") {
                return service.serve(request);
            }
            let token = edit::member(request, "AccessToken").unwrap_or_default();
            let claim = |name| super::across::claim(&token, name).unwrap_or_default();
            let (issuer, name) = (claim("iss"), claim("username"));
            let pool = issuer.rsplit('/').next().unwrap_or_default();
            let grants: Vec<_> = match service.write().pool_mut(pool) {
                Ok(pool) => pool.grants.extract_if(|_, grant| grant.username == name).collect(),
                Err(_) => Vec::new(),
            };
            let response = service.serve(request);
            if let Ok(pool) = service.write().pool_mut(pool) {
                for (token, grant) in grants {
                    // The access tokens of the old session stay dead.
                    let origin_jti = format!("{}-again", grant.origin_jti);
                    if let Ok(user) = pool.user_mut(&name) {
                        user.sessions.insert(origin_jti.clone());
                    }
                    pool.grants.insert(token, Grant { origin_jti, ..grant });
                }
            }
            response
        }),
    ),
    Fault::new(
        "state.sign-out.for-good",
        "After GlobalSignOut the user's new tokens are refused too.",
        &["state.session.signed-in-again"],
        Around(|service, memory, request| {
            let user = edit::member(request, "AccessToken").and_then(|token| super::across::claim(&token, "sub"));
            let user = user.unwrap_or_default();
            if edit::operation(request) == Some("GlobalSignOut") {
                memory.swap(&user, true.into());
            }
            if edit::is_start(request) && memory.has(&user) {
                return edit::refusal("NotAuthorizedException", "Access Token has been revoked");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "state.sign-out.by-admin-ignored",
        "AdminUserGlobalSignOut succeeds and does nothing.",
        &["state.session.admin-sign-out"],
        Around(|service, _, request| ignored(service, request, "AdminUserGlobalSignOut")),
    ),
    Fault::new(
        "state.revocation.ignored",
        "RevokeToken succeeds and leaves access tokens alone.",
        &["state.session.revoke-token", "state.session.refreshed-then-revoked"],
        Around(|service, _, request| ignored(service, request, "RevokeToken")),
    ),
    Fault::new(
        "state.revocation.of-all-sessions",
        "RevokeToken ends all sessions of the user, and not only the token's.",
        &["state.session.revoke-one"],
        Around(|service, _, request| {
            if edit::operation(request) == Some("RevokeToken") {
                let token = edit::member(request, "Token").unwrap_or_default();
                let mut store = service.write();
                let pool = store.pools().find(|pool| pool.grants.contains_key(&token)).map(|pool| pool.id.clone());
                if let Some(Ok(pool)) = pool.map(|id| store.pool_mut(&id))
                    && let Some(name) = pool.grants.get(&token).map(|grant| grant.username.clone())
                {
                    drop(pool.sign_out(&name, service.now()));
                }
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "state.revocation.class",
        "A revoked token is told as an InternalErrorException.",
        &["state.session.global-sign-out", "state.session.revoke-token"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let text = edit::text(response.body()).unwrap_or_default();
            if edit::is_start(request) && text.contains("has been revoked") {
                return edit::refusal("InternalErrorException", "Internal error");
            }
            response
        }),
    ),
    Fault::new(
        "state.refresh.refused",
        "The access token that a refresh token gives is refused.",
        &["state.session.refreshed"],
        Around(|service, memory, request| {
            let response = service.serve(request);
            let text = edit::text(response.body()).unwrap_or_default();
            if edit::operation(request) == Some("InitiateAuth") && !text.contains("RefreshToken") {
                let body: Value = serde_json::from_str(text).unwrap_or_default();
                if let Some(token) = body.pointer("/AuthenticationResult/AccessToken").and_then(Value::as_str) {
                    memory.swap(token, true.into());
                }
            }
            if edit::is_start(request) && edit::member(request, "AccessToken").is_some_and(|token| memory.has(&token)) {
                return edit::refusal("NotAuthorizedException", "Invalid Access Token");
            }
            response
        }),
    ),
    Fault::new(
        "state.disabled.ignored",
        "AdminDisableUser succeeds and does nothing.",
        &["state.user.disabled"],
        Around(|service, _, request| ignored(service, request, "AdminDisableUser")),
    ),
    Fault::new(
        "state.disabled.revives",
        "A disabled user's sessions are kept, and live again once the user is enabled.",
        &["state.user.enabled-again"],
        Around(|service, _, request| {
            if edit::operation(request) != Some("AdminDisableUser") {
                return service.serve(request);
            }
            let member = |name| edit::member(request, name).unwrap_or_default();
            let mut store = service.write();
            if let Ok(pool) = store.pool_mut(&member("UserPoolId"))
                && let Ok(user) = pool.user_mut(&member("Username"))
            {
                user.enabled = false;
            }
            edit::done()
        }),
    ),
    Fault::new(
        "state.deleted-user.by-admin-ignored",
        "The tokens of a user whom an administrator deletes stay good.",
        &["state.user.deleted-by-admin"],
        Around(|service, _, request| ignored(service, request, "AdminDeleteUser")),
    ),
    Fault::new(
        "state.deleted-user.by-self-ignored",
        "The tokens of a user who deletes the account stay good.",
        &["state.user.deleted-by-self"],
        Around(|service, _, request| ignored(service, request, "DeleteUser")),
    ),
    Fault::new(
        "state.deleted-user.class",
        "A deleted user's token is told as a UserNotFoundException.",
        &["state.user.deleted-by-admin", "state.user.deleted-by-self"],
        Around(|service, memory, request| {
            let response = service.serve(request);
            if edit::operation(request) == Some("AdminDeleteUser") || edit::operation(request) == Some("DeleteUser") {
                let member = |name| edit::member(request, name);
                let name = member("Username").or_else(|| super::across::claim(&member("AccessToken")?, "username"));
                memory.swap(&name.unwrap_or_default(), true.into());
            }
            let name = edit::member(request, "AccessToken").and_then(|token| super::across::claim(&token, "username"));
            if edit::is_start(request) && edit::is_refusal(&response) && name.is_some_and(|name| memory.has(&name)) {
                return edit::refusal("UserNotFoundException", "User does not exist.");
            }
            response
        }),
    ),
    Fault::new(
        "state.deleted-client.ignored",
        "The tokens of a deleted app client stay good.",
        &["state.pool.client-deleted"],
        Around(|service, _, request| ignored(service, request, "DeleteUserPoolClient")),
    ),
    Fault::new(
        "state.deleted-pool.ignored",
        "The tokens of a deleted pool stay good.",
        &["state.pool.deleted"],
        Around(|service, _, request| ignored(service, request, "DeleteUserPool")),
    ),
    Fault::new(
        "state.not-enabled.ignored",
        "Whether passkeys are enabled is not looked at.",
        &["state.passkeys.not-enabled", "state.passkeys.switched-off"],
        At(Step::PasskeysEnabled),
    ),
    Fault::new(
        "state.not-enabled.class",
        "A pool without passkeys is told as an InvalidParameterException.",
        &["state.passkeys.not-enabled"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            edit::rename(&mut response, "WebAuthnNotEnabledException", "InvalidParameterException");
            response
        }),
    ),
    Fault::new(
        "state.configuration.default-localhost",
        "Without a relying party id and a domain, `localhost` is the relying party.",
        &["state.relying-party.missing"],
        At(Step::RelyingPartyMissing),
    ),
    Fault::new(
        "state.configuration.missing-class",
        "A missing relying party is told as a WebAuthnNotEnabledException.",
        &["state.relying-party.missing"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            edit::rename(&mut response, "WebAuthnConfigurationMissingException", "WebAuthnNotEnabledException");
            response
        }),
    ),
    Fault::new(
        "state.configuration.cached",
        "The configuration is read at a user's first call and kept.",
        &["state.relying-party.changed", "state.user-verification.changed"],
        Options(|o, memory| {
            let kept = memory.first(&o["user"]["id"].to_string(), || json!([o["rp"], o["authenticatorSelection"]]));
            o["rp"] = kept[0].clone();
            o["authenticatorSelection"] = kept[1].clone();
        }),
    ),
    Fault::new(
        "state.configuration.update-ignored",
        "UpdateUserPool succeeds and does nothing.",
        &["state.passkeys.switched-off", "state.passkeys.switched-on"],
        Around(|service, _, request| ignored(service, request, "UpdateUserPool")),
    ),
    Fault::new(
        "state.configuration.domain-ignored",
        "The pool's domain is not looked at: `localhost` is the relying party in its place.",
        &["state.relying-party.domain"],
        Options(|o, _| {
            if o["rp"]["id"].as_str().is_some_and(|id| id.ends_with(".amazoncognito.com")) {
                o["rp"] = json!({ "id": "localhost", "name": "localhost" });
            }
        }),
    ),
    Fault::new(
        "state.configuration.domain-prefix-only",
        "The relying party id is the prefix of the pool's domain instead of the domain.",
        &["state.relying-party.domain"],
        Options(|o, _| {
            if let Some((prefix, _)) = o["rp"]["id"].as_str().and_then(|id| id.split_once(".auth."))
                && !prefix.is_empty()
            {
                o["rp"] = json!({ "id": prefix, "name": prefix });
            }
        }),
    ),
    Fault::new(
        "state.configuration.of-first-pool",
        "Every pool has the relying party of the pool that was called first.",
        &["state.pool.other-relying-party"],
        Options(|o, memory| o["rp"] = memory.first("rp", || o["rp"].clone())),
    ),
    Fault::new(
        "state.user-verification.ignored",
        "`userVerification` is always `preferred`.",
        &["state.user-verification.required", "state.user-verification.changed"],
        Options(|o, _| o["authenticatorSelection"]["userVerification"] = "preferred".into()),
    ),
    Fault::new(
        "state.user-verification.always-required",
        "`userVerification` is always `required`.",
        &["state.user-verification.preferred", "state.user-verification.default"],
        Options(|o, _| o["authenticatorSelection"]["userVerification"] = "required".into()),
    ),
    Fault::new(
        "state.user-oracle",
        "A forged token is told that its user does not exist before its signature is verified.",
        &["response.no-user-oracle"],
        Around(|service, _, request| {
            if edit::is_start(request)
                && let Some(token) = edit::member(request, "AccessToken")
                && let Some(name) = super::across::claim(&token, "username")
                && !service.read().pools().any(|pool| pool.user(&name).is_ok())
            {
                return edit::refusal("NotAuthorizedException", "User does not exist.");
            }
            service.serve(request)
        }),
    )
    .noted(),
];

/// Answers that operation as done, without doing it.
fn ignored(service: &Service, request: &Request<Bytes>, operation: &str) -> Response<Bytes> {
    if edit::operation(request) == Some(operation) { edit::done() } else { service.serve(request) }
}
