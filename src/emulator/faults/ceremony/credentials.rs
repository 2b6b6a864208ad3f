//! Faults in `ListWebAuthnCredentials`, `DeleteWebAuthnCredential` and `GetUserAuthFactors`.

use axum::body::Bytes;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::{Request, Response};
use serde_json::{Map, Value, json};

use super::super::super::Service;
use super::super::Deviation::{Around, Options, Request as Asking};
use super::super::{Fault, edit};
use super::{DELETE, FACTORS, LIST, claim, input, is, output, renamed, with_caller, with_user};

pub(in super::super) static FAULTS: &[Fault] = &[
    Fault::new(
        "ceremony.list.of-everyone",
        "The passkeys of all users of the pool are listed.",
        &["ceremony.list.own"],
        Around(|service, _, request| {
            if !is(request, LIST) {
                return service.serve(request);
            }
            let own = with_caller(service, request, |pool, username| {
                let all: Vec<_> = pool.users().flat_map(|user| user.passkeys.clone()).collect();
                Some(std::mem::replace(&mut pool.user_mut(username).ok()?.passkeys, all))
            });
            put_back(service, request, own)
        }),
    ),
    Fault::new(
        "ceremony.list.max-results.ignored",
        "MaxResults is not looked at.",
        &["ceremony.list.max-results.one", "ceremony.list.max-results.two"],
        Asking(|_, request| input(request, LIST, |members| drop(members.remove("MaxResults")))),
    ),
    Fault::new(
        "ceremony.list.max-results.clamped",
        "A MaxResults above 20 is taken for 20.",
        &["ceremony.list.max-results.twenty-one"],
        Asking(|_, request| {
            input(request, LIST, |members| {
                if members.get("MaxResults").and_then(Value::as_i64) > Some(20) {
                    members.insert("MaxResults".to_owned(), 20.into());
                }
            });
        }),
    ),
    Fault::new(
        "ceremony.list.max-results.string",
        "MaxResults may be a text, which counts for nothing.",
        &["ceremony.list.max-results.string"],
        Asking(|_, request| {
            input(request, LIST, |members| members.retain(|name, value| name != "MaxResults" || !value.is_string()));
        }),
    ),
    Fault::new(
        "ceremony.list.next-token.not-given",
        "A page that is not the last one has no NextToken.",
        &["ceremony.list.max-results.one", "ceremony.list.max-results.two"],
        Around(|service, _, request| output(service, request, LIST, |body| remove(body, "NextToken"))),
    ),
    Fault::new(
        "ceremony.list.next-token.always-given",
        "Every page has a NextToken, also the last one.",
        &["ceremony.list.max-results.exact"],
        Around(|service, _, request| {
            output(service, request, LIST, |body| {
                let end = format!("{}.{}", claim(request, "sub").unwrap_or_default(), u64::MAX);
                if body["NextToken"].is_null() {
                    body["NextToken"] = BASE64URL_NOPAD.encode(end.as_bytes()).into();
                }
            })
        }),
    ),
    Fault::new(
        "ceremony.list.next-token.of-anybody",
        "The NextToken of another user gives the other's passkeys.",
        &["ceremony.list.next-token.of-another-user"],
        Around(|service, _, request| {
            let owner = edit::member(request, "NextToken").and_then(|token| {
                let text = String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()?;
                text.rsplit_once('.').map(|(sub, last)| (sub.to_owned(), last.to_owned()))
            });
            let (true, Some((owner, last))) = (is(request, LIST), owner) else { return service.serve(request) };
            let mut request = request.clone();
            let own = with_caller(service, &request, |pool, username| {
                let theirs = pool.users().find(|user| user.sub == owner)?.passkeys.clone();
                let user = pool.user_mut(username).ok()?;
                let own = std::mem::replace(&mut user.passkeys, theirs);
                Some((own, BASE64URL_NOPAD.encode(format!("{}.{last}", user.sub).as_bytes())))
            });
            if let Some((_, token)) = &own {
                input(&mut request, LIST, |members| {
                    drop(members.insert("NextToken".to_owned(), token.as_str().into()))
                });
            }
            put_back(service, &request, own.map(|(own, _)| own))
        }),
    ),
    Fault::new(
        "ceremony.list.next-token.any",
        "A NextToken that was made up gives the first page.",
        &["ceremony.list.next-token.made-up"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if is(request, LIST) && edit::text(response.body()).is_some_and(|text| text.contains("Invalid NextToken")) {
                let mut first = request.clone();
                input(&mut first, LIST, |members| drop(members.remove("NextToken")));
                return service.serve(&first);
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.list.created-at.whole",
        "CreatedAt is a whole number of seconds.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            #[allow(clippy::cast_possible_truncation, reason = "seconds since 1970 are far from the end of i64")]
            entries(service, request, |entry| {
                entry["CreatedAt"] = (entry["CreatedAt"].as_f64().unwrap_or_default() as i64).into();
            })
        }),
    )
    .noted(),
    Fault::new(
        "ceremony.list.created-at.milliseconds",
        "CreatedAt is in milliseconds.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            entries(service, request, |entry| {
                entry["CreatedAt"] = (entry["CreatedAt"].as_f64().unwrap_or_default() * 1000.0).into();
            })
        }),
    ),
    Fault::new(
        "ceremony.list.created-at.text",
        "CreatedAt is a date in a string.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            entries(service, request, |entry| entry["CreatedAt"] = "2025-01-07T23:51:16.115Z".into())
        }),
    ),
    Fault::new(
        "ceremony.list.member-case",
        "The members of a description begin with a small letter.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            entries(service, request, |entry| {
                let Value::Object(members) = entry else { return };
                let lower = |name: String| {
                    name.chars()
                        .next()
                        .map(|c| c.to_ascii_lowercase())
                        .into_iter()
                        .chain(name.chars().skip(1))
                        .collect()
                };
                *members = std::mem::take(members).into_iter().map(|(name, value)| (lower(name), value)).collect::<Map<
                    String,
                    Value,
                >>(
                );
            })
        }),
    ),
    Fault::new(
        "ceremony.list.id.base64",
        "CredentialId is in plain base64 with padding.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            entries(service, request, |entry| {
                let id = BASE64URL_NOPAD.decode(entry["CredentialId"].as_str().unwrap_or_default().as_bytes());
                entry["CredentialId"] = BASE64.encode(&id.unwrap_or_default()).into();
            })
        }),
    ),
    Fault::new(
        "ceremony.list.relying-party",
        "RelyingPartyId is the origin instead of the domain.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            entries(service, request, |entry| {
                entry["RelyingPartyId"] =
                    format!("https://{}", entry["RelyingPartyId"].as_str().unwrap_or_default()).into();
            })
        }),
    ),
    Fault::new(
        "ceremony.list.transports.text",
        "AuthenticatorTransports is one text.",
        &["ceremony.list.entry"],
        Around(|service, _, request| {
            entries(service, request, |entry| entry["AuthenticatorTransports"] = "internal".into())
        }),
    )
    .noted(),
    Fault::new(
        "ceremony.delete.unknown-ok",
        "Deleting a passkey that is not there succeeds.",
        &["ceremony.delete.unknown", "ceremony.delete.twice"],
        Around(|service, _, request| {
            let response = service.serve(request);
            let unknown = edit::code(&response).as_deref() == Some("ResourceNotFoundException");
            if is(request, DELETE) && unknown { edit::empty() } else { response }
        }),
    ),
    Fault::new(
        "ceremony.delete.of-anybody",
        "A user can delete another user's passkey.",
        &["ceremony.delete.of-another-user"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if !is(request, DELETE) || !edit::is_refusal(&response) {
                return response;
            }
            let id = edit::member(request, "CredentialId").unwrap_or_default();
            let deleted = with_caller(service, request, |pool, _| {
                let is_it = |passkey: &_| has_id(passkey, &id);
                let owner = pool.users().find(|user| user.passkeys.iter().any(is_it))?.username.clone();
                pool.user_mut(&owner).ok()?.passkeys.retain(|passkey| !is_it(passkey));
                Some(())
            });
            if deleted.is_some() { edit::empty() } else { response }
        }),
    ),
    Fault::new(
        "ceremony.delete.nothing",
        "A deletion succeeds and deletes nothing.",
        &["ceremony.delete.gone"],
        Around(|service, _, request| {
            let before = with_user(service, request, |user| user.passkeys.clone());
            let response = service.serve(request);
            if is(request, DELETE) {
                with_user(service, request, |user| user.passkeys = before.unwrap_or_default());
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.delete.everything",
        "A deletion deletes all passkeys of the user.",
        &["ceremony.delete.the-other-stays"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if is(request, DELETE) && response.status().is_success() {
                with_user(service, request, |user| user.passkeys.clear());
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.delete.padding",
        "The id of a passkey may have padding.",
        &["ceremony.delete.padded"],
        Asking(|_, request| {
            input(request, DELETE, |members| {
                if let Some(Value::String(id)) = members.get_mut("CredentialId") {
                    id.truncate(id.trim_end_matches('=').len());
                }
            });
        }),
    ),
    Fault::new(
        "ceremony.delete.class",
        "A passkey that is not there is told as an InvalidParameterException.",
        &["ceremony.delete.unknown"],
        Around(|service, _, request| {
            renamed(service, request, DELETE, "ResourceNotFoundException", "InvalidParameterException")
        }),
    ),
    Fault::new(
        "ceremony.delete.exclude-list-keeps",
        "A deleted passkey stays excluded.",
        &["ceremony.delete.gone"],
        Around(|service, memory, request| {
            let mut response = service.serve(request);
            let user = claim(request, "sub").unwrap_or_default();
            if is(request, DELETE) && response.status().is_success() {
                memory.swap(&user, edit::member(request, "CredentialId").into());
            }
            if let (true, Some(id)) = (edit::is_start(request), memory.get(&user)) {
                edit::options(&mut response, |options| {
                    let deleted = json!({ "type": "public-key", "id": id });
                    options["excludeCredentials"].as_array_mut().into_iter().for_each(|all| all.push(deleted.clone()));
                });
            }
            response
        }),
    ),
    Fault::new(
        "ceremony.exclude.nothing",
        "Nothing is ever excluded.",
        &["ceremony.complete.es256", "ceremony.complete.second-passkey"],
        Options(|options, _| options["excludeCredentials"] = json!([])),
    ),
    Fault::new(
        "ceremony.exclude.latest-only",
        "Only the latest passkey is excluded.",
        &["ceremony.complete.second-passkey"],
        Options(|options, _| {
            if let Some(entries) = options["excludeCredentials"].as_array_mut() {
                entries.drain(..entries.len().saturating_sub(1));
            }
        }),
    ),
    Fault::new(
        "ceremony.exclude.encoded-twice",
        "The ids that are excluded are in base64url twice.",
        &["ceremony.complete.es256", "ceremony.complete.second-passkey"],
        Options(|options, _| {
            for entry in options["excludeCredentials"].as_array_mut().into_iter().flatten() {
                entry["id"] = BASE64URL_NOPAD.encode(entry["id"].as_str().unwrap_or_default().as_bytes()).into();
            }
        }),
    ),
    Fault::new(
        "ceremony.factors.without-passkey",
        "WEB_AUTHN is not among the factors of a user who has a passkey.",
        &["ceremony.factors.with-passkey"],
        Around(|service, _, request| {
            output(service, request, FACTORS, |body| body["ConfiguredUserAuthFactors"] = json!(["PASSWORD"]))
        }),
    ),
    Fault::new(
        "ceremony.factors.of-pool",
        "The factors of a user are those that the pool allows.",
        &["ceremony.factors.without-passkey", "ceremony.factors.deleted-passkey"],
        Around(|service, _, request| {
            output(service, request, FACTORS, |body| {
                body["ConfiguredUserAuthFactors"] = json!(["PASSWORD", "WEB_AUTHN"]);
            })
        }),
    ),
];

fn has_id(passkey: &crate::emulator::state::Passkey, id: &str) -> bool {
    BASE64URL_NOPAD.encode(&passkey.id) == id
}

fn remove(body: &mut Value, member: &str) {
    if let Value::Object(members) = body {
        members.shift_remove(member);
    }
}

/// Changes each description of a passkey that is listed.
fn entries(service: &Service, request: &Request<Bytes>, change: impl Fn(&mut Value)) -> Response<Bytes> {
    output(service, request, LIST, |body| {
        body["Credentials"].as_array_mut().into_iter().flatten().for_each(change);
    })
}

/// Serves a request, and then gives the user their own passkeys again.
fn put_back(
    service: &Service,
    request: &Request<Bytes>,
    own: Option<Vec<crate::emulator::state::Passkey>>,
) -> Response<Bytes> {
    let response = service.serve(request);
    if let Some(own) = own {
        with_user(service, request, |user| user.passkeys = own);
    }
    response
}
