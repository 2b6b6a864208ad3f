//! Faults in `CompleteWebAuthnRegistration`.

use axum::body::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::{Request, Response};
use serde_json::{Value, json};

use super::super::super::Service;
use super::super::super::passkey::{Asked, Check, RS256};
use super::super::super::state::{Challenge, Pool};
use super::super::Deviation::{Around, Request as Asking, Step as At};
use super::super::{Fault, Step, edit};
use super::{COMPLETE, answered, claim, client_data, input, is, read, renamed, with_caller, with_user};
use crate::cognito::PASSKEYS_PER_USER;

pub(in super::super) static FAULTS: &[Fault] = &[
    Fault::new(
        "ceremony.complete.challenge.any",
        "Any challenge is taken.",
        &["ceremony.complete.challenge.never-given", "ceremony.complete.challenge.without-start"],
        Around(|service, _, request| {
            let region = &service.region;
            prepared(service, request, |answer, pool| {
                let mut asked = Asked::new(pool.relying_party_id(region)?, pool);
                asked.challenge.clone_from(&answer.challenge);
                let challenge = Challenge { asked, client_id: answer.client.clone(), issued: service.now() };
                pool.user_mut(&answer.username).ok()?.challenges.push(challenge);
                Some(())
            })
        }),
    ),
    Fault::new(
        "ceremony.complete.challenge.reusable",
        "A challenge is not used up by the registration that answers it.",
        &["ceremony.complete.challenge.used"],
        Around(|service, _, request| {
            let before = with_user(service, request, |user| user.challenges.clone());
            let response = service.serve(request);
            if is(request, COMPLETE)
                && let Some(before) = before
            {
                with_user(service, request, |user| user.challenges = before);
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.complete.challenge.of-anybody",
        "The challenge of another user of the pool is taken.",
        &["ceremony.complete.challenge.of-another-user"],
        Around(|service, _, request| {
            prepared(service, request, |answer, pool| {
                let is_it = |challenge: &&Challenge| challenge.asked.challenge == answer.challenge;
                let given = pool.users().flat_map(|user| &user.challenges).find(is_it)?.clone();
                let user = pool.user_mut(&answer.username).ok()?;
                if !user.challenges.iter().any(|own| is_it(&own)) {
                    user.challenges.push(Challenge { client_id: answer.client.clone(), ..given });
                }
                Some(())
            })
        }),
    ),
    Fault::new(
        "ceremony.complete.challenge.for-ever",
        "A challenge does not expire.",
        &["ceremony.complete.challenge.expired"],
        Around(|service, _, request| {
            prepared(service, request, |answer, pool| {
                let challenges = &mut pool.user_mut(&answer.username).ok()?.challenges;
                challenges.iter_mut().for_each(|challenge| challenge.issued = service.now());
                Some(())
            })
        }),
    ),
    Fault::new(
        "ceremony.complete.other-client",
        "The app client need not be the one that the registration began at.",
        &["ceremony.complete.other-client"],
        Around(|service, _, request| {
            prepared(service, request, |answer, pool| {
                let challenges = &mut pool.user_mut(&answer.username).ok()?.challenges;
                challenges.iter_mut().for_each(|challenge| challenge.client_id.clone_from(&answer.client));
                Some(())
            })
        }),
    ),
    Fault::new(
        "ceremony.complete.type.not-checked",
        "The `type` of client data is not looked at.",
        &["ceremony.complete.defect.type-of-other-ceremony"],
        At(Step::Registration(Check::Type)),
    ),
    Fault::new(
        "ceremony.complete.origin.not-checked",
        "The origin is not looked at.",
        &["ceremony.complete.defect.origin-other-host"],
        At(Step::Registration(Check::Origin)),
    ),
    Fault::new(
        "ceremony.complete.origin.ends-with",
        "An origin is taken whose host ends in the relying party id, with a dot before it or without.",
        &["ceremony.complete.defect.origin-prefixed"],
        Asking(|service, request| {
            let relying_party = with_caller(service, request, |pool, _| pool.relying_party_id(&service.region));
            if let Some(relying_party) = relying_party {
                origin(request, |origin| origin.ends_with(&relying_party).then(|| format!("https://{relying_party}")));
            }
        }),
    ),
    Fault::new(
        "ceremony.complete.origin.starts-with",
        "An origin is taken that begins with the right one.",
        &["ceremony.complete.defect.origin-suffixed"],
        Asking(|service, request| {
            let relying_party = with_caller(service, request, |pool, _| pool.relying_party_id(&service.region));
            if let Some(right) = relying_party.map(|relying_party| format!("https://{relying_party}")) {
                origin(request, |origin| origin.starts_with(&right).then_some(right));
            }
        }),
    ),
    Fault::new(
        "ceremony.complete.origin.insecure",
        "An origin without TLS is taken.",
        &["ceremony.complete.defect.origin-scheme"],
        Asking(|_, request| {
            origin(request, |origin| Some(format!("https://{}", origin.strip_prefix("http://")?)));
        }),
    ),
    Fault::new(
        "ceremony.complete.rp-id-hash.not-checked",
        "The hash of the relying party id is not looked at.",
        &["ceremony.complete.defect.rp-id-hash-other"],
        At(Step::Registration(Check::RelyingParty)),
    ),
    Fault::new(
        "ceremony.complete.user-present.not-checked",
        "The flag for a user who is present is not looked at.",
        &["ceremony.complete.defect.user-absent"],
        At(Step::Registration(Check::UserPresent)),
    ),
    Fault::new(
        "ceremony.complete.user-verified.not-checked",
        "The flag for a verified user is not looked at where the pool requires one.",
        &["ceremony.complete.defect.user-not-verified"],
        At(Step::Registration(Check::UserVerified)),
    ),
    Fault::new(
        "ceremony.complete.user-verified.always",
        "A user must be verified where that is only preferred.",
        &["ceremony.complete.defect.user-not-verified-preferred"],
        Around(|service, _, request| {
            prepared(service, request, |answer, pool| {
                let challenges = &mut pool.user_mut(&answer.username).ok()?.challenges;
                challenges.iter_mut().for_each(|challenge| challenge.asked.user_verification = true);
                Some(())
            })
        }),
    ),
    Fault::new(
        "ceremony.complete.backup-flags.not-checked",
        "A passkey may be backed up that is not eligible for it.",
        &["ceremony.complete.defect.backup-state-alone"],
        At(Step::Registration(Check::Backup)),
    ),
    Fault::new(
        "ceremony.complete.credential-id.not-checked",
        "The credential id may have any length, and another value than in the document around it.",
        &["ceremony.complete.defect.credential-id-*"],
        At(Step::Registration(Check::CredentialId)),
    ),
    Fault::new(
        "ceremony.complete.credential-id.moves",
        "A credential id that is registered already goes over to whoever registers it again.",
        &["ceremony.complete.id.registered", "ceremony.complete.id.of-another-user"],
        Around(|service, _, request| {
            let id = document(request).and_then(|document| document.get("id")?.as_str().map(str::to_owned));
            prepared(service, request, |_, pool| {
                let id = BASE64URL_NOPAD.decode(id?.as_bytes()).ok()?;
                let names: Vec<_> = pool.users().map(|user| user.username.clone()).collect();
                for name in names {
                    pool.user_mut(&name).ok()?.passkeys.retain(|passkey| passkey.id != id);
                }
                Some(())
            })
        }),
    ),
    Fault::new(
        "ceremony.complete.algorithm.any",
        "A passkey of an algorithm that was not offered is answered with success.",
        &["ceremony.complete.defect.key-es384", "ceremony.complete.defect.key-eddsa"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let text = edit::text(response.body()).unwrap_or_default();
            if is(request, COMPLETE) && text.contains("algorithm of the passkey") { edit::empty() } else { response }
        }),
    ),
    Fault::new(
        "ceremony.complete.algorithm.es256-only",
        "RS256 is offered, and a passkey of it refused.",
        &["ceremony.complete.rs256"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let refused = with_user(service, request, |user| {
                let passkey = user.passkeys.pop_if(|passkey| passkey.key.algorithm() == RS256);
                passkey.is_some()
            });
            if is(request, COMPLETE) && response.status().is_success() && refused == Some(true) {
                return edit::refusal("WebAuthnCredentialNotSupportedException", "RS256 is not supported.");
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.complete.key.not-checked",
        "A public key need not be a point on its curve, nor an RSA modulus long enough.",
        &["ceremony.complete.defect.key-off-curve"],
        At(Step::Registration(Check::Key)),
    ),
    Fault::new(
        "ceremony.complete.attestation.not-checked",
        "Attestation statements are not verified.",
        &["ceremony.complete.defect.attestation-self-other-key"],
        At(Step::Registration(Check::Attestation)),
    ),
    Fault::new(
        "ceremony.complete.attestation.required",
        "A passkey without attestation is refused.",
        &["ceremony.complete.es256"],
        Around(|service, _, request| {
            let is_unattested =
                is(request, COMPLETE) && document(request).as_ref().and_then(format).as_deref() == Some("none");
            if is_unattested {
                return edit::refusal("InvalidParameterException", "The attestation format is not supported.");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.complete.credential.string",
        "A credential may be a string with its JSON in it.",
        &["ceremony.complete.defect.credential-string"],
        Asking(|_, request| {
            input(request, COMPLETE, |members| {
                if let Some(credential) = members.get_mut("Credential")
                    && let Some(Ok(read)) = credential.as_str().map(serde_json::from_str)
                {
                    *credential = read;
                }
            });
        }),
    ),
    Fault::new(
        "ceremony.complete.credential.raw-id-only",
        "The `id` of a credential is not looked at beside its `rawId`.",
        &["ceremony.complete.defect.id-other", "ceremony.complete.defect.id-missing"],
        Asking(|_, request| {
            input(request, COMPLETE, |members| {
                if let Some(Value::Object(credential)) = members.get_mut("Credential")
                    && let Some(raw) = credential.get("rawId").cloned()
                {
                    credential.insert("id".to_owned(), raw);
                }
            });
        }),
    ),
    Fault::new(
        "ceremony.complete.credential.any-type",
        "The `type` of a credential is not looked at.",
        &["ceremony.complete.defect.credential-type-other"],
        Asking(|_, request| {
            input(request, COMPLETE, |members| {
                if let Some(Value::Object(credential)) = members.get_mut("Credential") {
                    credential.insert("type".to_owned(), "public-key".into());
                }
            });
        }),
    ),
    Fault::new(
        "ceremony.complete.limit.ignored",
        "A user may have any number of passkeys.",
        &["ceremony.limit.twenty-first"],
        Around(|service, _, request| {
            if is(request, COMPLETE) || edit::is_start(request) {
                beyond_limit(service, request)
            } else {
                service.serve(request)
            }
        }),
    ),
    Fault::new(
        "ceremony.complete.limit.at-start-only",
        "How many passkeys the user has is looked at when a registration begins, and not when it ends.",
        &["ceremony.limit.begun-before"],
        Around(
            |service, _, request| {
                if is(request, COMPLETE) { beyond_limit(service, request) } else { service.serve(request) }
            },
        ),
    ),
    Fault::new(
        "ceremony.complete.limit.ten",
        "A user may have ten passkeys only.",
        &["ceremony.limit.twenty"],
        Around(|service, _, request| {
            if is(request, COMPLETE) && with_user(service, request, |user| user.passkeys.len() >= 10) == Some(true) {
                return edit::refusal("LimitExceededException", "The user has too many passkeys.");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "ceremony.complete.not-kept",
        "A registration is answered with success, and the passkey is not kept.",
        &["ceremony.complete.es256", "ceremony.complete.rs256"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if is(request, COMPLETE) && response.status().is_success() {
                with_user(service, request, |user| user.passkeys.pop());
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.complete.replaces",
        "A new passkey takes the place of the user's older ones.",
        &["ceremony.complete.second-passkey"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if is(request, COMPLETE) && response.status().is_success() {
                with_user(service, request, |user| {
                    let newest = user.passkeys.pop();
                    user.passkeys = newest.into_iter().collect();
                });
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.complete.kept-first",
        "A passkey is kept before it is verified.",
        &["ceremony.complete.defect.rp-id-hash-other"],
        Around(|service, memory, request| {
            if !is(request, COMPLETE) {
                let mut response = service.serve(request);
                let user = claim(request, "sub").unwrap_or_default();
                if edit::is_start(request)
                    && let Some(id) = memory.get(&user)
                {
                    edit::options(&mut response, |options| {
                        options["excludeCredentials"] = json!([{ "type": "public-key", "id": id }]);
                    });
                }
                return response;
            }
            let response = service.serve(request);
            let id = document(request).and_then(|document| document.get("id").cloned());
            if let (true, Some(user), Some(id)) = (edit::is_refusal(&response), claim(request, "sub"), id) {
                memory.swap(&user, id);
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.complete.output",
        "A registration is answered with a status instead of an empty body.",
        &["ceremony.complete.output"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if is(request, COMPLETE) && response.status().is_success() {
                return edit::output(json!({ "Status": "SUCCESS" }));
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.complete.class.challenge",
        "A challenge that is not known is told as a NotAuthorizedException.",
        &["ceremony.complete.challenge.never-given"],
        Around(|service, _, request| {
            renamed(service, request, COMPLETE, "WebAuthnChallengeNotFoundException", "NotAuthorizedException")
        }),
    )
    .noted(),
    Fault::new(
        "ceremony.complete.class.client",
        "Another app client is told as a NotAuthorizedException.",
        &["ceremony.complete.other-client"],
        Around(|service, _, request| {
            renamed(service, request, COMPLETE, "WebAuthnClientMismatchException", "NotAuthorizedException")
        }),
    ),
    Fault::new(
        "ceremony.complete.class.origin",
        "An origin that is not allowed is told as an InvalidParameterException.",
        &["ceremony.complete.defect.origin-other-host"],
        Around(|service, _, request| {
            renamed(service, request, COMPLETE, "WebAuthnOriginNotAllowedException", "InvalidParameterException")
        }),
    ),
    Fault::new(
        "ceremony.complete.class.relying-party",
        "Another relying party is told as an InvalidParameterException.",
        &["ceremony.complete.defect.rp-id-hash-other"],
        Around(|service, _, request| {
            renamed(service, request, COMPLETE, "WebAuthnRelyingPartyMismatchException", "InvalidParameterException")
        }),
    ),
    Fault::new(
        "ceremony.complete.class.algorithm",
        "An algorithm that is not supported is told as a NotAuthorizedException.",
        &["ceremony.complete.defect.key-es384"],
        Around(|service, _, request| {
            renamed(service, request, COMPLETE, "WebAuthnCredentialNotSupportedException", "NotAuthorizedException")
        }),
    )
    .noted(),
    Fault::new(
        "ceremony.complete.class.not-enabled",
        "A pool whose passkeys were switched off is told as an InvalidParameterException.",
        &["ceremony.complete.not-enabled"],
        Around(|service, _, request| {
            renamed(service, request, COMPLETE, "WebAuthnNotEnabledException", "InvalidParameterException")
        }),
    ),
    Fault::new(
        "ceremony.complete.class.internal",
        "A credential that cannot be read is an InternalErrorException.",
        &["ceremony.complete.defect.client-data-array", "ceremony.complete.defect.response-missing"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let text = edit::text(response.body()).unwrap_or_default();
            if is(request, COMPLETE) && text.contains("Credential data is not valid") {
                return edit::refusal("InternalErrorException", "Internal error");
            }
            response
        }),
    ),
];

/// The attestation format in a document of the client.
fn format(document: &Value) -> Option<String> {
    let text = document.pointer("/response/attestationObject")?.as_str()?;
    let object: ciborium::Value =
        ciborium::from_reader(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.as_slice()).ok()?;
    let (_, format) = object.as_map()?.iter().find(|(name, _)| name.as_text() == Some("fmt"))?;
    format.as_text().map(str::to_owned)
}

/// A registration that is to be completed: by whom, and which challenge it answers.
struct Answer {
    username: String,
    client: String,
    challenge: String,
}

/// Serves a request, after the pool was changed if it completes a registration.
fn prepared(
    service: &Service,
    request: &Request<Bytes>,
    prepare: impl FnOnce(&Answer, &mut Pool) -> Option<()>,
) -> Response<Bytes> {
    let read = || {
        let challenge = answered(&document(request)?)?;
        Some(Answer { username: claim(request, "username")?, client: claim(request, "client_id")?, challenge })
    };
    if is(request, COMPLETE)
        && let Some(answer) = read()
    {
        with_caller(service, request, |pool, _| prepare(&answer, pool));
    }
    service.serve(request)
}

/// Serves a request as if a user of twenty passkeys had room for another.
fn beyond_limit(service: &Service, request: &Request<Bytes>) -> Response<Bytes> {
    let hidden =
        with_user(service, request, |user| (user.passkeys.len() >= PASSKEYS_PER_USER).then(|| user.passkeys.remove(0)));
    let response = service.serve(request);
    if let Some(hidden) = hidden.flatten() {
        with_user(service, request, |user| user.passkeys.insert(0, hidden));
    }
    response
}

fn document(request: &Request<Bytes>) -> Option<Value> {
    read(request)?.remove("Credential")
}

/// Puts another origin in the client data of a registration. Without a statement nothing signs it.
fn origin(request: &mut Request<Bytes>, change: impl FnOnce(&str) -> Option<String>) {
    input(request, COMPLETE, |members| {
        let Some(credential) = members.get_mut("Credential") else { return };
        let Some(mut data) = client_data(credential) else { return };
        if let Some(changed) = data.get("origin").and_then(Value::as_str).and_then(change) {
            data["origin"] = changed.into();
            credential["response"]["clientDataJSON"] = BASE64URL_NOPAD.encode(data.to_string().as_bytes()).into();
        }
    });
}
