//! Faults in sign-in with a passkey.

use axum::body::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::{Request, Response};
use serde_json::{Value, json};

use super::super::super::Service;
use super::super::super::passkey::Check;
use super::super::super::state::{AuthSession, Awaited, Pool};
use super::super::Deviation::{Around, Request as Asking, Step as At};
use super::super::{Fault, Step, edit};
use super::{DELETE, INITIATE, LIST, RESPOND, answered, input, is, output, read};

/// As long as one of 16 bytes, and always the same.
const CONSTANT: &str = "Y29uc3RhbnRjaGFsbGVuZw";

pub(in super::super) static FAULTS: &[Fault] = &[
    Fault::new(
        "ceremony.sign-in.signature.not-checked",
        "The signature is not verified.",
        &["ceremony.sign-in.defect.signature-flipped", "ceremony.sign-in.defect.signature-other-key"],
        At(Step::Assertion(Check::Signature)),
    ),
    Fault::new(
        "ceremony.sign-in.challenge.not-checked",
        "The challenge is not looked at.",
        &["ceremony.sign-in.assertion-replayed", "ceremony.sign-in.defect.challenge-other"],
        At(Step::Assertion(Check::Challenge)),
    ),
    Fault::new(
        "ceremony.sign-in.challenge.constant",
        "Every sign-in gets the same challenge.",
        &["ceremony.sign-in.challenge.fresh"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            let session = serde_json::from_slice::<Value>(response.body()).unwrap_or_default();
            let session = session.get("Session").and_then(Value::as_str).unwrap_or_default();
            with_session(service, request, session, |session, _| match &mut session.awaited {
                Awaited::Passkey(asked) => CONSTANT.clone_into(&mut asked.challenge),
                Awaited::Choice | Awaited::Password => (),
            });
            options_in(&mut response, |options| options["challenge"] = CONSTANT.into());
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.type.not-checked",
        "The `type` of client data is not looked at.",
        &["ceremony.sign-in.defect.type-of-other-ceremony"],
        At(Step::Assertion(Check::Type)),
    ),
    Fault::new(
        "ceremony.sign-in.origin.not-checked",
        "The origin is not looked at.",
        &["ceremony.sign-in.defect.origin-other-host"],
        At(Step::Assertion(Check::Origin)),
    ),
    Fault::new(
        "ceremony.sign-in.rp-id-hash.not-checked",
        "The hash of the relying party id is not looked at.",
        &["ceremony.sign-in.defect.rp-id-hash-other"],
        At(Step::Assertion(Check::RelyingParty)),
    ),
    Fault::new(
        "ceremony.sign-in.user-present.not-checked",
        "The flag for a user who is present is not looked at.",
        &["ceremony.sign-in.defect.user-absent"],
        At(Step::Assertion(Check::UserPresent)),
    ),
    Fault::new(
        "ceremony.sign-in.user-verified.not-checked",
        "The flag for a verified user is not looked at where the pool requires one.",
        &["ceremony.sign-in.defect.user-not-verified"],
        At(Step::Assertion(Check::UserVerified)),
    ),
    Fault::new(
        "ceremony.sign-in.backup-flags.not-checked",
        "A passkey may be backed up that is not eligible for it.",
        &["ceremony.sign-in.defect.backup-state-alone"],
        At(Step::Assertion(Check::Backup)),
    ),
    Fault::new(
        "ceremony.sign-in.user-handle.not-checked",
        "The user handle is not looked at.",
        &["ceremony.sign-in.defect.user-handle-other"],
        At(Step::Assertion(Check::UserHandle)),
    ),
    Fault::new(
        "ceremony.sign-in.passkey.of-anybody",
        "Any passkey that is registered at all signs the named user in.",
        &["ceremony.sign-in.passkey-of-another-user", "ceremony.sign-in.passkey-of-another-pool"],
        Around(|service, _, request| {
            let lent = credential(request).and_then(|mut document| {
                let id = BASE64URL_NOPAD.decode(document.get("id")?.as_str()?.as_bytes()).ok()?;
                let mut store = service.write();
                let all = store.pools().flat_map(Pool::users).flat_map(|user| &user.passkeys);
                let passkey = all.into_iter().find(|passkey| passkey.id == id)?.clone();
                let pool = store.pool_of_client(&edit::member(request, "ClientId")?).ok()?.id.clone();
                let name = response(request, "USERNAME")?;
                let user = store.pool_mut(&pool).ok()?.user_mut(&name).ok()?;
                if user.passkeys.iter().any(|own| own.id == id) {
                    return None;
                }
                user.passkeys.push(passkey);
                document.get_mut("response")?.as_object_mut()?.shift_remove("userHandle");
                Some((pool, name, document.to_string()))
            });
            let Some((pool, name, document)) = lent else { return service.serve(request) };
            let mut request = request.clone();
            set_response(&mut request, "CREDENTIAL", &document);
            let response = service.serve(&request);
            if let Ok(user) = service.write().pool_mut(&pool).and_then(|pool| pool.user_mut(&name)) {
                user.passkeys.pop();
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.deleted",
        "A deleted passkey is not listed any more, and goes on signing its user in.",
        &["ceremony.sign-in.deleted", "ceremony.sign-in.deleted-meanwhile"],
        Around(|service, memory, request| {
            if is(request, DELETE) {
                let id = edit::member(request, "CredentialId").unwrap_or_default();
                if memory.has(&id) {
                    return edit::refusal(
                        "ResourceNotFoundException",
                        "The user has no passkey of this credential id.",
                    );
                }
                let before = super::with_user(service, request, |user| user.passkeys.clone());
                let response = service.serve(request);
                if let (true, Some(before)) = (response.status().is_success(), before) {
                    super::with_user(service, request, |user| user.passkeys = before);
                    memory.swap(&id, true.into());
                }
                return response;
            }
            let mut response = output(service, request, LIST, |body| {
                let listed = body["Credentials"].as_array_mut();
                listed
                    .into_iter()
                    .for_each(|l| l.retain(|e| !memory.has(e["CredentialId"].as_str().unwrap_or_default())));
            });
            edit::options(&mut response, |options| {
                let excluded = options["excludeCredentials"].as_array_mut();
                excluded.into_iter().for_each(|l| l.retain(|e| !memory.has(e["id"].as_str().unwrap_or_default())));
            });
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.disabled",
        "A disabled user can sign in with a passkey.",
        &["ceremony.sign-in.disabled", "ceremony.sign-in.disabled-meanwhile"],
        Around(|service, _, request| {
            let named = name(request).filter(|_| is(request, INITIATE) || is(request, RESPOND));
            let set = |enabled: bool| {
                let mut store = service.write();
                let pool = store.pool_of_client(&edit::member(request, "ClientId")?).ok()?.id.clone();
                let user = store.pool_mut(&pool).ok()?.user_mut(named.as_deref()?).ok()?;
                Some(std::mem::replace(&mut user.enabled, enabled))
            };
            let before = set(true);
            let response = service.serve(request);
            before.map(set);
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.session.reusable",
        "A Session can be used again.",
        &["ceremony.sign-in.session.replayed", "ceremony.sign-in.session.used"],
        Around(|service, _, request| {
            let id = edit::member(request, "Session").unwrap_or_default();
            let session = with_session(service, request, &id, |session, _| session.clone());
            let response = service.serve(request);
            // The lock for reading is given back before the one for writing is asked for.
            let pool = session
                .as_ref()
                .map(|session| service.read().pool_of_client(&session.client_id).map(|pool| pool.id.clone()));
            if let (Some(session), Some(Ok(pool))) = (session, pool)
                && let Ok(pool) = service.write().pool_mut(&pool)
                && !pool.auth_sessions.0.iter().any(|kept| kept.id == session.id)
            {
                pool.auth_sessions.add(session);
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.session.for-ever",
        "A Session does not expire.",
        &["ceremony.sign-in.session.expired"],
        Around(|service, _, request| {
            let id = edit::member(request, "Session").unwrap_or_default();
            with_session(service, request, &id, |session, _| session.expires = u64::MAX);
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.sign-in.session.not-looked-at",
        "The challenge alone finds the sign-in that an answer belongs to: the Session is not looked at.",
        &["ceremony.sign-in.session.of-another-user", "ceremony.sign-in.session.made-up"],
        Asking(|service, request| {
            let challenge = credential(request).as_ref().and_then(answered);
            let found = challenge.and_then(|challenge| {
                let store = service.read();
                let pool = store.pool_of_client(&edit::member(request, "ClientId")?).ok()?;
                let is_it = |session: &&AuthSession| match &session.awaited {
                    Awaited::Passkey(asked) => asked.challenge == challenge,
                    Awaited::Choice | Awaited::Password => false,
                };
                pool.auth_sessions.0.iter().find(is_it).map(|session| session.id.clone())
            });
            if let Some(id) = found {
                input(request, RESPOND, |members| drop(members.insert("Session".to_owned(), id.into())));
            }
        }),
    ),
    Fault::new(
        "ceremony.sign-in.session.of-other-client",
        "A Session can be brought to another app client.",
        &["ceremony.sign-in.other-client"],
        Around(|service, _, request| {
            let client = edit::member(request, "ClientId").unwrap_or_default();
            let id = edit::member(request, "Session").unwrap_or_default();
            with_session(service, request, &id, |session, _| session.client_id = client);
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.sign-in.username.not-looked-at",
        "The Session tells whose sign-in it is: USERNAME is not compared.",
        &["ceremony.sign-in.username-of-another-user"],
        Asking(|service, request| {
            let id = edit::member(request, "Session").unwrap_or_default();
            let found = with_session(service, request, &id, |session, names| {
                names.iter().find(|(sub, _)| *sub == session.user).map(|(_, name)| name.clone())
            });
            if let Some(name) = found.flatten() {
                set_response(request, "USERNAME", &name);
            }
        }),
    ),
    Fault::new(
        "ceremony.sign-in.options.object",
        "CREDENTIAL_REQUEST_OPTIONS is an object instead of a string.",
        &["ceremony.sign-in.options"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            edit::json(&mut response, |body| {
                let text = body.pointer_mut("/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS");
                if let Some(text) = text
                    && let Some(Ok(object)) = text.as_str().map(serde_json::from_str)
                {
                    *text = object;
                }
            });
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.options.pascal-case",
        "The members of the request options begin with a capital.",
        &["ceremony.sign-in.options"],
        Around(|service, _, request| {
            changed(service, request, |options| {
                let names = [
                    ("challenge", "Challenge"),
                    ("timeout", "Timeout"),
                    ("rpId", "RpId"),
                    ("allowCredentials", "AllowCredentials"),
                    ("userVerification", "UserVerification"),
                ];
                *options = names.into_iter().map(|(name, other)| (other.to_owned(), options[name].take())).collect();
            })
        }),
    ),
    Fault::new(
        "ceremony.sign-in.options.allow-nothing",
        "The request options name no passkey.",
        &["ceremony.sign-in.options"],
        Around(|service, _, request| changed(service, request, |options| options["allowCredentials"] = json!([]))),
    ),
    Fault::new(
        "ceremony.sign-in.options.allow-one",
        "The request options name the oldest passkey only.",
        &["ceremony.sign-in.options"],
        Around(|service, _, request| {
            changed(service, request, |options| {
                options["allowCredentials"].as_array_mut().into_iter().for_each(|allowed| allowed.truncate(1));
            })
        }),
    ),
    Fault::new(
        "ceremony.sign-in.options.relying-party",
        "The request options name the service as relying party.",
        &["ceremony.sign-in.options"],
        Around(|service, _, request| {
            changed(service, request, |options| {
                options["rpId"] = format!("cognito-idp.{}.amazonaws.com", service.region).into();
            })
        }),
    ),
    Fault::new(
        "ceremony.sign-in.options.verification",
        "The request options prefer user verification where the pool requires it.",
        &["ceremony.sign-in.options.verification-required"],
        Around(|service, _, request| {
            changed(service, request, |options| options["userVerification"] = "preferred".into())
        }),
    ),
    Fault::new(
        "ceremony.sign-in.options.timeout",
        "The time limit of the request options is a text.",
        &["ceremony.sign-in.options"],
        Around(|service, _, request| changed(service, request, |options| options["timeout"] = "180000".into())),
    )
    .noted(),
    Fault::new(
        "ceremony.sign-in.flow.not-checked",
        "The app client need not allow USER_AUTH.",
        &["ceremony.sign-in.flow-not-enabled"],
        Around(|service, _, request| {
            let client = edit::member(request, "ClientId").unwrap_or_default();
            let pool = service.read().pool_of_client(&client).map(|pool| pool.id.clone());
            if let Ok(pool) = pool
                && is(request, INITIATE)
                && let Ok(pool) = service.write().pool_mut(&pool)
                && let Some(client) = pool.clients.get_mut(&client)
                && !client.allows("USER_AUTH")
            {
                client.flows.push("ALLOW_USER_AUTH".to_owned());
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.sign-in.unknown-user",
        "An unknown user is told as one, whatever the app client is set to.",
        &["ceremony.sign-in.unknown-user"],
        Around(|service, _, request| {
            let flow = edit::member(request, "AuthFlow");
            if is(request, INITIATE)
                && flow.as_deref() == Some("USER_AUTH")
                && let (Some(client), Some(name)) = (edit::member(request, "ClientId"), name(request))
                && service.read().pool_of_client(&client).is_ok_and(|pool| pool.user(&name).is_err())
            {
                return edit::refusal("UserNotFoundException", "User does not exist.");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.sign-in.without-passkey",
        "A preferred passkey that is not there is an error instead of a choice.",
        &["ceremony.sign-in.without-passkey"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let text = edit::text(response.body()).unwrap_or_default();
            let preferred = read(request).unwrap_or_default();
            let preferred = preferred.get("AuthParameters").and_then(|p| p.get("PREFERRED_CHALLENGE"));
            if preferred.is_some_and(|p| p == "WEB_AUTHN") && text.contains("SELECT_CHALLENGE") {
                return edit::refusal("InvalidParameterException", "The user has no passkey.");
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.sign-in.select.refused",
        "The challenge WEB_AUTHN is available and cannot be selected.",
        &["ceremony.sign-in.select-challenge"],
        Around(|service, _, request| {
            if response(request, "ANSWER").as_deref() == Some("WEB_AUTHN") && is(request, RESPOND) {
                return edit::refusal("InvalidParameterException", "Invalid ANSWER");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.sign-in.passkey.of-old-relying-party",
        "Passkeys of the relying party that the pool had before are offered, under its id.",
        &["ceremony.sign-in.relying-party-changed"],
        Around(|service, memory, request| {
            let mut request = request.clone();
            input(&mut request, "SetUserPoolMfaConfig", |members| {
                let pool = members.get("UserPoolId").and_then(Value::as_str).unwrap_or_default().to_owned();
                if let Some(configuration) = members.get_mut("WebAuthnConfiguration") {
                    let first = memory.first(&pool, || configuration["RelyingPartyId"].clone());
                    if !first.is_null() {
                        configuration["RelyingPartyId"] = first;
                    }
                }
            });
            service.serve(&request)
        }),
    ),
    Fault::new(
        "ceremony.sign-in.class",
        "A passkey that cannot be verified is an InternalErrorException.",
        &["ceremony.sign-in.defect.signature-flipped"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let text = edit::text(response.body()).unwrap_or_default();
            if is(request, RESPOND) && text.contains("could not be verified") {
                return edit::refusal("InternalErrorException", "Internal error");
            }
            response
        }),
    ),
];

/// The member of `ChallengeResponses`.
fn response(request: &Request<Bytes>, name: &str) -> Option<String> {
    read(request)?.get("ChallengeResponses")?.get(name)?.as_str().map(str::to_owned)
}

fn set_response(request: &mut Request<Bytes>, name: &str, value: &str) {
    input(request, RESPOND, |members| {
        if let Some(Value::Object(responses)) = members.get_mut("ChallengeResponses") {
            responses.insert(name.to_owned(), value.into());
        }
    });
}

/// Who signs in.
fn name(request: &Request<Bytes>) -> Option<String> {
    let in_parameters = || read(request)?.get("AuthParameters")?.get("USERNAME")?.as_str().map(str::to_owned);
    response(request, "USERNAME").or_else(in_parameters)
}

/// What a passkey answers with.
fn credential(request: &Request<Bytes>) -> Option<Value> {
    serde_json::from_str(&response(request, "CREDENTIAL").filter(|_| is(request, RESPOND))?).ok()
}

/// Changes a sign-in under way at the client that the request names. It is given each user's `sub` and name, too.
fn with_session<T>(
    service: &Service,
    request: &Request<Bytes>,
    id: &str,
    change: impl FnOnce(&mut AuthSession, &[(String, String)]) -> T,
) -> Option<T> {
    let client = edit::member(request, "ClientId")?;
    let mut store = service.write();
    let pool = store.pool_of_client(&client).ok()?.id.clone();
    let pool = store.pool_mut(&pool).ok()?;
    let names: Vec<_> = pool.users().map(|user| (user.sub.clone(), user.username.clone())).collect();
    pool.auth_sessions.0.iter_mut().find(|session| session.id == id).map(|session| change(session, &names))
}

/// Changes the request options of an answer.
fn options_in(response: &mut Response<Bytes>, change: impl FnOnce(&mut Value)) {
    edit::json(response, |body| {
        let text = body.pointer_mut("/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS");
        if let Some(text) = text
            && let Some(Ok(mut options)) = text.as_str().map(serde_json::from_str)
        {
            change(&mut options);
            *text = options.to_string().into();
        }
    });
}

/// Serves a request, and changes the request options of the answer.
fn changed(service: &Service, request: &Request<Bytes>, change: impl FnOnce(&mut Value)) -> Response<Bytes> {
    let mut response = service.serve(request);
    options_in(&mut response, change);
    response
}
