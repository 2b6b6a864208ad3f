//! Faults in the verification of access tokens.
//!
//! A verifier that leaves out one check is the right verifier, given a token in which what that check looks at has been
//! put right. So each of these takes the token apart, repairs it where the faulty verifier would not care, and signs it
//! again. A token whose signature does not hold is left alone, unless signatures are what the fault is about.

use axum::body::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::Request;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::super::Service;
use super::super::state::Pool;
use super::Deviation::Request as Changed;
use super::Fault;
use super::edit;
use super::resign::{Parts, repair, resign};
use crate::cognito::SCOPE;
use crate::token::mint;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "token.signature.not-verified",
        "Signatures are not verified.",
        &["token.signature.bit-flipped-middle", "token.signature.foreign-key"],
        Changed(|service, request| resign(service, request, |_, _| true)),
    ),
    Fault::new(
        "token.signature.optional",
        "A token without a signature is not verified.",
        &["token.signature.empty"],
        Changed(|service, request| resign(service, request, |token, _| token.signature.is_empty())),
    ),
    Fault::new(
        "token.signature.any-pool",
        "The key is looked for among those of all pools, whatever the issuer.",
        &["token.issuer.signed-by-other-pool"],
        Changed(|service, request| {
            edit::token(request, |text| {
                let token = Parts::read(text)?;
                let store = service.read();
                let issuer = token.claims.get("iss")?.as_str()?.to_owned();
                let kid = token.header.get("kid")?;
                let signer = store.pools().find(|pool| *kid == pool.keys.access.key.kid)?;
                if token.is_signed_by(&signer.keys.access) {
                    token.signed_again(store.pool(issuer.rsplit('/').next()?).ok()?)
                } else {
                    None
                }
            });
        }),
    ),
    Fault::new(
        "token.algorithm.none",
        "A token whose header says `none` is not verified.",
        &["token.algorithm.none-unsigned"],
        Changed(|service, request| {
            resign(service, request, |token, _| token.algorithm() == Some("none"));
        }),
    ),
    Fault::new(
        "token.algorithm.none-in-another-case",
        "`none` is refused in lower case only.",
        &["token.algorithm.none-title-case-unsigned", "token.algorithm.none-upper-case-unsigned"],
        Changed(|service, request| {
            let is_none = |alg: &str| alg != "none" && alg.eq_ignore_ascii_case("none");
            resign(service, request, |token, _| token.algorithm().is_some_and(is_none));
        }),
    ),
    Fault::new(
        "token.algorithm.hs256-with-public-key",
        "The header chooses the algorithm, so that the public key's PEM text verifies as an HS256 secret.",
        &["token.algorithm.hs256-public-pem"],
        Changed(|service, request| {
            resign(service, request, |token, pool| {
                let pem = pool.keys.access.key.public().pem();
                token.algorithm() == Some("HS256") && token.has_mac(pem.as_bytes())
            });
        }),
    ),
    Fault::new(
        "token.algorithm.hs256-with-modulus",
        "The header chooses the algorithm, so that `n` of the key set verifies as an HS256 secret.",
        &["token.algorithm.hs256-public-modulus-text"],
        Changed(|service, request| {
            resign(service, request, |token, pool| {
                let n = BASE64URL_NOPAD.encode(&pool.keys.access.key.public().modulus);
                token.algorithm() == Some("HS256") && token.has_mac(n.as_bytes())
            });
        }),
    ),
    Fault::new(
        "token.algorithm.any-rsa",
        "RS384, RS512 and PS256 are verified as well as RS256.",
        &["token.algorithm.rs384-signed", "token.algorithm.rs512-signed", "token.algorithm.ps256-signed"],
        Changed(|service, request| {
            resign(service, request, |token, pool| {
                let others = [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256];
                others.into_iter().any(|algorithm| token.verifies(&pool.keys.access.verifying, algorithm))
            });
        }),
    ),
    Fault::new(
        "token.algorithm.not-compared",
        "Every signature is verified as RS256, whatever algorithm the header names.",
        &["token.algorithm.lower-case", "token.algorithm.missing"],
        Changed(|service, request| {
            resign(service, request, |token, pool| token.is_signed_by(&pool.keys.access));
        }),
    ),
    Fault::new(
        "token.key.kid-ignored",
        "`kid` is not looked at: the pool's key verifies every token.",
        &["token.key.kid-unknown", "token.key.kid-missing"],
        Changed(|service, request| {
            resign(service, request, |token, pool| {
                token.algorithm() == Some("RS256") && token.is_signed_by(&pool.keys.access)
            });
        }),
    ),
    Fault::new(
        "token.key.of-id-tokens",
        "The pool's key for ID tokens verifies access tokens too.",
        &["token.kind.id-claims-as-access", "token.kind.id-token"],
        Changed(|service, request| {
            resign(service, request, |token, pool| {
                let is_signed = token.is_signed_by(&pool.keys.id);
                if is_signed {
                    as_access_token(token, pool);
                }
                is_signed
            });
        }),
    ),
    Fault::new(
        "token.key.embedded",
        "A key in the token's header is trusted.",
        &["token.key.jwk", "token.key.jwk-without-kid"],
        Changed(|service, request| {
            resign(service, request, |token, _| {
                let jwk = token.header.get("jwk");
                let member = |name: &str| jwk.and_then(|jwk| jwk.get(name)).and_then(Value::as_str);
                let (Some(n), Some(e)) = (member("n"), member("e")) else { return false };
                DecodingKey::from_rsa_components(n, e).is_ok_and(|key| token.verifies(&key, Algorithm::RS256))
            });
        }),
    ),
    Fault::new(
        "token.critical.ignored",
        "`crit` in a token's header is not looked at.",
        &["token.key.critical-unknown"],
        Changed(|service, request| repair(service, request, |token, _, _| token.header.remove("crit").is_some())),
    ),
    Fault::new(
        "token.expiry.not-checked",
        "`exp` is not looked at.",
        &["token.time.expired-hour", "token.time.expired-year"],
        Changed(|service, request| {
            repair(service, request, |token, _, now| {
                token.set("exp", now + 60);
                true
            });
        }),
    ),
    Fault::new(
        "token.expiry.leeway-of-an-hour",
        "A token is served for an hour after it has expired, as if clocks differed by that much.",
        &["token.time.expired-minute", "token.time.expired-hour"],
        Changed(|service, request| {
            repair(service, request, |token, _, now| {
                let exp = token.claims.get("exp").and_then(Value::as_u64);
                let is_late = exp.is_some_and(|exp| exp <= now && now <= exp + 3660);
                if is_late {
                    token.set("exp", now + 60);
                }
                is_late
            });
        }),
    ),
    Fault::new(
        "token.expiry.optional",
        "A token without `exp` never expires.",
        &["token.time.exp-missing"],
        Changed(|service, request| {
            repair(service, request, |token, _, now| {
                let is_missing = !token.claims.contains_key("exp");
                if is_missing {
                    token.set("exp", now + 60);
                }
                is_missing
            });
        }),
    ),
    Fault::new(
        "token.expiry.text-is-a-number",
        "`exp` may be the text of a number.",
        &["token.time.exp-string"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                let number = token.claims.get("exp").and_then(Value::as_str).and_then(|exp| exp.parse::<u64>().ok());
                if let Some(number) = number {
                    token.set("exp", number);
                }
                number.is_some()
            });
        }),
    ),
    Fault::new(
        "token.expiry.another-type-never-expires",
        "An `exp` that cannot be compared with the time is passed over.",
        &["token.time.exp-null", "token.time.exp-array"],
        Changed(|service, request| {
            repair(service, request, |token, _, now| {
                let is_odd = token.claims.get("exp").is_some_and(|exp| !exp.is_number());
                if is_odd {
                    token.set("exp", now + 60);
                }
                is_odd
            });
        }),
    ),
    Fault::new(
        "token.not-before.not-checked",
        "A token from the future is served.",
        &["token.time.nbf-future"],
        Changed(|service, request| {
            repair(service, request, |token, _, now| {
                let late: Vec<&str> = ["nbf", "iat", "auth_time"]
                    .into_iter()
                    .filter(|name| token.claims.get(*name).and_then(Value::as_u64).is_some_and(|time| time > now))
                    .collect();
                late.iter().for_each(|name| token.set(name, now));
                !late.is_empty()
            });
        }),
    ),
    Fault::new(
        "token.scope.not-checked",
        "Scopes are not looked at.",
        &["token.scope.openid", "token.scope.empty", "token.scope.missing"],
        Changed(|service, request| scopes(service, request, |_| true)),
    ),
    Fault::new(
        "token.scope.substring",
        "The scope is looked for anywhere in the text of the scopes.",
        &["token.scope.longer", "token.scope.prefixed"],
        Changed(|service, request| scopes(service, request, |scope| scope.contains(SCOPE))),
    ),
    Fault::new(
        "token.scope.prefix-match",
        "A scope that is a parent of the wanted one will do.",
        &["token.scope.parent"],
        Changed(|service, request| {
            scopes(service, request, |scope| scope.split(' ').any(|word| !word.is_empty() && SCOPE.starts_with(word)));
        }),
    ),
    Fault::new(
        "token.scope.case-insensitive",
        "Scopes are compared without regard to case.",
        &["token.scope.other-case"],
        Changed(|service, request| {
            scopes(service, request, |scope| scope.split(' ').any(|word| word.eq_ignore_ascii_case(SCOPE)));
        }),
    ),
    Fault::new(
        "token.scope.any-separator",
        "Scopes may be separated by commas and semicolons.",
        &["token.scope.comma-separated", "token.scope.semicolon-separated"],
        Changed(|service, request| {
            scopes(service, request, |scope| scope.split([',', ';', ' ']).any(|word| word == SCOPE))
        }),
    ),
    Fault::new(
        "token.scope.wildcards",
        "`*` in a scope stands for anything.",
        &["token.scope.wildcard", "token.scope.wildcard-end"],
        Changed(|service, request| {
            scopes(service, request, |scope| {
                scope.split(' ').any(|word| word.strip_suffix('*').is_some_and(|start| SCOPE.starts_with(start)))
            });
        }),
    ),
    Fault::new(
        "token.scope.array",
        "Scopes may be a JSON array.",
        &["token.scope.array"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                let has = |value: &Value| value.as_array().is_some_and(|scopes| scopes.iter().any(|s| s == SCOPE));
                let is_array = token.claims.get("scope").is_some_and(has);
                if is_array {
                    token.set("scope", SCOPE);
                }
                is_array
            });
        }),
    )
    .noted(),
    Fault::new(
        "token.scope.the-only-one",
        "The text of the scopes is compared as a whole, so that another scope beside it takes the right away.",
        &["token.scope.first", "token.scope.last"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                let is_other = token.claims.get("scope").is_some_and(|scope| scope != SCOPE);
                if is_other {
                    token.set("scope", "");
                }
                is_other
            });
        }),
    ),
    Fault::new(
        "token.scope.first-counts",
        "Only the first scope is looked at.",
        &["token.scope.middle", "token.scope.last"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                let scope = token.claims.get("scope").and_then(Value::as_str).unwrap_or_default();
                let is_behind = !scope.trim_start().starts_with(SCOPE);
                if is_behind {
                    token.set("scope", "");
                }
                is_behind
            });
        }),
    ),
    Fault::new(
        "token.token-use.not-checked",
        "`token_use` is not looked at.",
        &["token.kind.use-id", "token.kind.use-missing"],
        Changed(|service, request| repair(service, request, |token, _, _| token.replace("token_use", "access"))),
    ),
    Fault::new(
        "token.token-use.optional",
        "A token without `token_use` is taken for an access token.",
        &["token.kind.use-missing"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                !token.claims.contains_key("token_use") && token.replace("token_use", "access")
            });
        }),
    ),
    Fault::new(
        "token.token-use.case-insensitive",
        "`token_use` is compared without regard to case.",
        &["token.kind.use-upper-case"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                let kind = token.claims.get("token_use").and_then(Value::as_str).unwrap_or_default();
                kind.eq_ignore_ascii_case("access") && token.replace("token_use", "access")
            });
        }),
    ),
    Fault::new(
        "token.issuer.not-checked",
        "`iss` is not looked at: the key tells the pool.",
        &["token.issuer.other-host", "token.issuer.unknown-pool", "token.issuer.missing"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| token.replace("iss", &pool.issuer(&service.region)));
        }),
    ),
    Fault::new(
        "token.issuer.by-pool-id",
        "Of `iss` only the pool's id is looked at.",
        &["token.issuer.other-host", "token.issuer.longer-host", "token.issuer.other-scheme"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| {
                let issuer = token.claims.get("iss").and_then(Value::as_str).unwrap_or_default();
                issuer.ends_with(&pool.id) && token.replace("iss", &pool.issuer(&service.region))
            });
        }),
    ),
    Fault::new(
        "token.issuer.normalised",
        "`iss` is compared like an address: without regard to case and to a slash at its end.",
        &["token.issuer.trailing-slash", "token.issuer.upper-case"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| {
                let right = pool.issuer(&service.region);
                let issuer = token.claims.get("iss").and_then(Value::as_str).unwrap_or_default();
                issuer.trim_end_matches('/').eq_ignore_ascii_case(&right) && token.replace("iss", &right)
            });
        }),
    ),
    Fault::new(
        "token.issuer.starts-with",
        "`iss` need only begin with the pool's issuer.",
        &["token.issuer.trailing-path", "token.issuer.trailing-space"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| {
                let right = pool.issuer(&service.region);
                let issuer = token.claims.get("iss").and_then(Value::as_str).unwrap_or_default();
                issuer.starts_with(&right) && token.replace("iss", &right)
            });
        }),
    ),
    Fault::new(
        "token.client.not-checked",
        "`client_id` is not looked at.",
        &["token.claims.client-unknown", "token.claims.client-of-other-pool"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| {
                pool.clients.keys().next().is_some_and(|client| token.replace("client_id", client))
            });
        }),
    ),
    Fault::new(
        "token.user.by-name",
        "The user is found by `username` alone.",
        &["token.claims.sub-unknown", "token.claims.sub-of-other-user", "state.user.made-again"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| {
                let name = token.claims.get("username").and_then(Value::as_str);
                let Some(user) = name.and_then(|name| pool.user(name).ok()) else { return false };
                let session = user.sessions.iter().next().cloned();
                let is_other = token.replace("sub", &user.sub);
                is_other && session.is_none_or(|session| token.replace("origin_jti", &session))
            });
        }),
    ),
    Fault::new(
        "token.user.by-sub",
        "The user is found by `sub` alone.",
        &["token.claims.username-unknown", "token.claims.username-of-other-user"],
        Changed(|service, request| {
            repair(service, request, |token, pool, _| {
                let sub = token.claims.get("sub").and_then(Value::as_str);
                let user = pool.users().find(|user| Some(user.sub.as_str()) == sub);
                user.is_some_and(|user| token.replace("username", &user.username))
            });
        }),
    ),
    Fault::new(
        "token.claims.unknown-refused",
        "A claim that is not Cognito's own makes a token invalid.",
        &["token.claims.extra-string", "token.claims.extra-object"],
        Changed(|_, request| {
            const KNOWN: &[&str] = &[
                "sub",
                "iss",
                "client_id",
                "origin_jti",
                "event_id",
                "token_use",
                "scope",
                "auth_time",
                "exp",
                "iat",
                "jti",
                "username",
                "nbf",
                "aud",
                "version",
                "cognito:groups",
                "device_key",
            ];
            edit::token(request, |text| {
                let token = Parts::read(text)?;
                token.claims.keys().any(|name| !KNOWN.contains(&name.as_str())).then(|| "unknown.claim".to_owned())
            });
        }),
    ),
    Fault::new(
        "token.claims.first-of-two",
        "Of two claims of one name the first counts.",
        &["token.json.duplicate-*"],
        Changed(|service, request| {
            repair(service, request, |token, _, _| {
                let first = token.first_claims();
                let differs = first.as_ref().is_some_and(|first| *first != token.claims);
                token.claims = first.unwrap_or_default();
                differs
            });
        }),
    ),
    Fault::new(
        "token.segments.padded",
        "Padding at the end of a token is accepted.",
        &["token.base64.signature-padded", "token.structure.equals-sign"],
        Changed(|_, request| edit::token(request, |token| Some(token.trim_end_matches('=').to_owned()))),
    ),
    Fault::new(
        "token.segments.more-than-three",
        "What stands behind a token's third segment is not read.",
        &["token.structure.four-segments", "token.structure.five-segments"],
        Changed(|_, request| {
            edit::token(request, |token| {
                let segments: Vec<&str> = token.split('.').collect();
                segments.get(..3).filter(|_| segments.len() > 3).map(|segments| segments.join("."))
            });
        }),
    ),
    Fault::new(
        "token.segments.empty-skipped",
        "Empty segments are skipped.",
        &["token.structure.trailing-dot", "token.structure.leading-dot", "token.structure.doubled-dot"],
        Changed(|_, request| {
            edit::token(request, |token| {
                Some(token.split('.').filter(|segment| !segment.is_empty()).collect::<Vec<_>>().join("."))
            });
        }),
    ),
    Fault::new(
        "token.class.invalid-parameter",
        "A token that cannot be read is told as an InvalidParameterException.",
        &["token.structure.garbage", "errors.cause.not-authorized"],
        Changed(|_, request| {
            edit::token(request, |token| Parts::read(token).is_none().then(|| "no token".to_owned()));
        }),
    ),
    Fault::new(
        "token.kind.refresh-token",
        "A refresh token is served like the access token of its session.",
        &["token.kind.refresh-token"],
        Changed(|service, request| {
            edit::token(request, |text| {
                let store = service.read();
                let pool = store.pools().find(|pool| pool.grants.contains_key(text))?;
                let grant = pool.grants.get(text)?;
                let claims = serde_json::json!({
                    "sub": grant.sub, "iss": pool.issuer(&service.region), "client_id": grant.client_id,
                    "origin_jti": grant.origin_jti, "event_id": "none", "token_use": "access", "scope": SCOPE,
                    "auth_time": grant.auth_time, "exp": grant.expires, "iat": grant.auth_time, "jti": "none",
                    "username": grant.username,
                });
                let header = serde_json::json!({ "kid": pool.keys.access.key.kid, "alg": "RS256" });
                Some(mint(header.to_string().as_bytes(), claims.to_string().as_bytes(), &pool.keys.access.key))
            });
        }),
    ),
];

/// Gives a token the scope, where the fault takes its scopes for enough.
fn scopes(service: &Service, request: &mut Request<Bytes>, enough: impl FnOnce(&str) -> bool) {
    repair(service, request, |token, _, _| {
        let scope = token.claims.get("scope").and_then(Value::as_str).unwrap_or_default();
        enough(scope) && token.replace("scope", SCOPE)
    });
}

/// Gives an ID token the claims of an access token.
fn as_access_token(token: &mut Parts, pool: &Pool) {
    let mut move_claim = |from: &str, to: &str| {
        if let Some(value) = token.claims.get(from).cloned() {
            token.set(to, value);
        }
    };
    move_claim("aud", "client_id");
    move_claim("cognito:username", "username");
    token.set("token_use", "access");
    token.set("scope", SCOPE);
    if !token.claims.contains_key("client_id") {
        pool.clients.keys().take(1).for_each(|client| token.set("client_id", client.as_str()));
    }
}
