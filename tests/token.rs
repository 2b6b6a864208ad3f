//! Tokens: what is minted is read and verified; what is not a token is refused in words, and never panics.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use cogspec::cognito::SCOPE;
use cogspec::token::{AccessToken, Draft, Jwks, Key, Segments, VerifyError, check, inspect, mint, verify};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

fn key() -> Key {
    Key::from_pem("test-kid+/=", include_str!("data/test-key.pem")).unwrap()
}

fn keys() -> Jwks {
    Jwks::parse(json!({ "keys": [{ "kty": "EC" }, key().jwk()] }).to_string().as_bytes()).unwrap()
}

fn claims() -> Value {
    json!({
        "sub": "3c46320b-c60e-4a21-9d64-5829bfede1c4",
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dEfGh9",
        "client_id": "1example23456789abcdefghij",
        "origin_jti": "a1b2c3d4-0000-4000-8000-000000000001",
        "event_id": "a1b2c3d4-0000-4000-8000-000000000002",
        "token_use": "access",
        "scope": SCOPE,
        "auth_time": NOW - 60,
        "exp": NOW + 3540,
        "iat": NOW - 60,
        "jti": "a1b2c3d4-0000-4000-8000-000000000003",
        "username": "james",
    })
}

fn token() -> String {
    let header = r#"{"kid":"test-kid+\/=","alg":"RS256"}"#;
    mint(header.as_bytes(), claims().to_string().replace('/', "\\/").as_bytes(), &key())
}

fn draft() -> Draft {
    Draft::of(&token()).unwrap()
}

/// The ids of the rules that a token breaks in form, and then in its claims.
fn rules(token: &str) -> Vec<&'static str> {
    let inspection = inspect(token);
    let checked = inspection.claims.as_ref().map(|claims| check(claims, NOW)).unwrap_or_default();
    inspection.findings.iter().chain(&checked).map(|finding| finding.rule.id).collect()
}

#[test]
fn cognitos_own_shape_has_nothing_wrong() {
    let parsed = AccessToken::parse(&token()).unwrap();
    assert_eq!(parsed.header.kid.as_deref(), Some("test-kid+/="));
    assert_eq!(parsed.claims.issuer.unwrap().pool_id, "eu-west-1_aB3dEfGh9");
    assert_eq!(parsed.claims.exp, Some(NOW + 3540));
    assert_eq!(rules(&token()), [""; 0]);
    assert_eq!(verify(&token(), &keys()), Ok(()));
}

#[test]
fn each_defect_of_form_is_told_under_its_rule() {
    let segments = Segments::split(&token()).unwrap();
    let of = |header: &str, claims: &str| mint(header.as_bytes(), claims.as_bytes(), &key());
    let (header, good) = (r#"{"kid":"k","alg":"RS256"}"#, claims().to_string());
    for (name, token, want) in [
        ("empty", String::new(), vec!["request.pattern", "token.structure"]),
        ("two segments", segments.message(), vec!["token.structure"]),
        ("four segments", format!("{}.x", token()), vec!["token.structure"]),
        ("no signature", draft().unsigned(), vec!["token.structure"]),
        ("Bearer", format!("Bearer {}", token()), vec!["request.pattern", "token.base64url"]),
        ("newline", format!("{}\n", token()), vec!["request.pattern", "token.base64url"]),
        ("padding", format!("{}==", token()), vec!["token.base64url"]),
        ("length", draft().with_signature("AAAAA"), vec!["token.base64url"]),
        ("trailing bits", draft().with_signature("AB"), vec!["token.base64url.canonical"]),
        ("header is no JSON", of("{", &good), vec!["token.header"]),
        ("header is an array", of("[]", &good), vec!["token.header"]),
        ("claims are a string", of(header, "\"\""), vec!["token.claims"]),
        ("no alg", draft().without_header("alg").sign(&key()), vec!["token.algorithm"]),
        ("alg none", draft().header("alg", "none").sign(&key()), vec!["token.algorithm"]),
        ("alg in lower case", draft().header("alg", "rs256").sign(&key()), vec!["token.algorithm"]),
        ("no kid", draft().without_header("kid").sign(&key()), vec!["token.key"]),
        ("kid is a number", draft().header("kid", 1).sign(&key()), vec!["token.key"]),
        ("jwk", draft().header("jwk", key().jwk()).sign(&key()), vec!["token.key"]),
        ("jku", draft().header("jku", "https://example.com").sign(&key()), vec!["token.key"]),
        ("x5u", draft().header("x5u", "https://example.com").sign(&key()), vec!["token.key"]),
        ("crit", draft().header("crit", json!(["exp"])).sign(&key()), vec!["token.critical"]),
        ("duplicate claim", of(header, &good.replacen('{', r#"{"sub":"x","#, 1)), vec!["token.duplicate-claim"]),
        (
            "duplicate by escape",
            of(header, &good.replacen('{', r#"{"\u0073ub":"x","#, 1)),
            vec!["token.duplicate-claim"],
        ),
        ("fractional iat", draft().claim("iat", 1.5).sign(&key()), vec!["token.claim-type"]),
        ("groups is a string", draft().claim("cognito:groups", "a").sign(&key()), vec!["token.claim-type"]),
        ("null username", draft().claim("username", Value::Null).sign(&key()), vec!["token.claim-type"]),
    ] {
        assert_eq!(rules(&token), want, "{name}");
        assert!(AccessToken::parse(&token).is_err(), "{name}");
    }
}

#[test]
fn each_defect_of_the_claims_is_told_under_its_rule() {
    let machine = draft().claim("sub", "c").claim("client_id", "c").without_claim("username");
    for (name, draft, want) in [
        ("expired now", draft().claim("exp", NOW), vec!["token.expiry"]),
        ("valid for a second", draft().claim("exp", NOW + 1), vec![]),
        ("no exp", draft().without_claim("exp"), vec!["token.expiry.required", "token.claim-missing"]),
        ("exp is a string", draft().claim("exp", "1"), vec!["token.claim-type", "token.expiry.required"]),
        ("issued in the future", draft().claim("iat", NOW + 1), vec!["token.not-yet-valid"]),
        ("nbf", draft().claim("nbf", NOW + 1), vec!["token.not-yet-valid"]),
        ("ID token", draft().claim("token_use", "id"), vec!["token.token-use"]),
        ("no token_use", draft().without_claim("token_use"), vec!["token.token-use", "token.claim-missing"]),
        ("scope as a substring", draft().claim("scope", format!("{SCOPE}istrator")), vec!["token.scope"]),
        ("scope among others", draft().claim("scope", format!("openid {SCOPE} email")), vec![]),
        ("scopes of hosted UI", draft().claim("scope", "openid email profile"), vec!["token.scope"]),
        ("client credentials", machine, vec!["token.user", "token.claim-missing"]),
        ("another issuer", draft().claim("iss", "https://example.com/eu-west-1_a"), vec!["token.issuer"]),
        ("unknown claim", draft().claim("custom:x", json!({"a": []})), vec![]),
        ("no origin_jti, as without revocation", draft().without_claim("origin_jti"), vec![]),
    ] {
        assert_eq!(rules(&draft.sign(&key())), want, "{name}");
    }
}

#[test]
fn forged_signatures_do_not_verify() {
    let attack = draft().header("alg", "HS256");
    let other_key = Key::from_pem("other", include_str!("data/test-key.pem")).unwrap();
    let other = Jwks::parse(json!({ "keys": [other_key.jwk()] }).to_string().as_bytes()).unwrap();
    let good = Segments::split(&token()).unwrap();
    for (name, token, want) in [
        ("HS256 by PEM", attack.sign_hs256(key().public().pem().as_bytes()), VerifyError::Algorithm),
        ("HS256 by modulus", attack.sign_hs256(&key().public().modulus), VerifyError::Algorithm),
        ("HS256, said to be RS256", draft().sign_hs256(key().public().pem().as_bytes()), VerifyError::BadSignature),
        ("none", draft().header("alg", "none").unsigned(), VerifyError::Algorithm),
        ("unsigned", draft().unsigned(), VerifyError::BadSignature),
        ("no kid", draft().without_header("kid").sign(&key()), VerifyError::NoKid),
        ("unknown kid", draft().header("kid", "x").sign(&key()), VerifyError::NoKey),
        ("other claims", draft().claim("username", "eve").with_signature(&good.signature), VerifyError::BadSignature),
        ("garbage", "a.b".to_owned(), VerifyError::Malformed),
    ] {
        assert_eq!(verify(&token, &keys()), Err(want), "{name}");
    }
    assert_eq!(verify(&token(), &other), Err(VerifyError::NoKey));
    let weak = json!({ "keys": [{ "kty": "RSA", "kid": "test-kid+/=", "n": "AQAB", "e": "AQAB" }] });
    let weak = Jwks::parse(weak.to_string().as_bytes()).unwrap();
    assert_eq!(verify(&token(), &weak), Err(VerifyError::BadSignature));
}

/// The PEM text is the one that OpenSSL writes for the same key, as a server that was given a PEM file would hold it.
#[test]
fn the_public_key_is_openssls() {
    assert_eq!(key().public().pem(), include_str!("data/test-key.pub.pem"));
}

#[test]
fn debug_output_keeps_the_token_secret() {
    let segments = Segments::split(&token()).unwrap();
    assert!(!format!("{segments:?}").contains(&segments.signature));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_inspected(text in "\\PC{0,40}|[A-Za-z0-9_=.-]{0,80}") {
        let inspection = inspect(&text);
        prop_assert!(!inspection.findings.is_empty() || inspection.claims.is_some());
        let _ = verify(&text, &keys());
    }

    #[test]
    fn any_segments_are_inspected(header: Vec<u8>, claims: Vec<u8>, signature in "[A-Za-z0-9_-]{0,8}") {
        let _ = inspect(&Segments::encode(&header, &claims, &signature).join());
    }

    /// Whatever else a token says, it is read as it was minted.
    #[test]
    fn what_is_minted_is_parsed(extra in proptest::collection::hash_map("[a-z]{8}", any::<String>(), 0..4), seconds in 0..100_000i64) {
        let mut draft = draft().claim("exp", NOW + seconds);
        for (name, value) in &extra {
            draft = draft.claim(name, value.as_str());
        }
        let token = draft.sign(&key());
        let parsed = AccessToken::parse(&token);
        prop_assert_eq!(parsed.map(|token| token.claims.all), Ok(draft.claims));
        prop_assert_eq!(verify(&token, &keys()), Ok(()));
    }

    /// No other signature text verifies, the last character's unused bits among the changes.
    #[test]
    fn no_changed_signature_verifies(at in 0..342usize, with in "[A-Za-z0-9_-]") {
        let mut segments = Segments::split(&token()).unwrap();
        prop_assume!(segments.signature.get(at..=at) != Some(with.as_str()));
        segments.signature.replace_range(at..=at, &with);
        prop_assert!(verify(&segments.join(), &keys()).is_err());
    }
}

#[test]
fn no_other_last_character_verifies() {
    let segments = Segments::split(&token()).unwrap();
    let (rest, last) = segments.signature.split_at(segments.signature.len() - 1);
    for c in ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['-', '_']).filter(|c| !last.contains(*c)) {
        let changed = Segments { signature: format!("{rest}{c}"), ..segments.clone() };
        assert!(verify(&changed.join(), &keys()).is_err(), "{c}");
    }
}
