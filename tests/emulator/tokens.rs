//! Access tokens: as they are issued, and what becomes of wrong ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use cogspec::emulator::Config;
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::support::{Fixture, Server, create_client, decode, sign_in};

#[tokio::test]
async fn an_access_token_is_written_as_cognito_writes_it() {
    let fixture = Fixture::new().await;
    let mut parts = fixture.access_token.split('.');
    let mut part = || String::from_utf8(BASE64URL_NOPAD.decode(parts.next().unwrap().as_bytes()).unwrap()).unwrap();
    let (header, claims) = (part(), part());
    let issuer = format!(r#""iss":"https:\/\/cognito-idp.us-east-1.amazonaws.com\/{}""#, fixture.pool);
    assert!(claims.contains(&issuer), "{claims}");
    insta::with_settings!({ filters => vec![
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[uuid]"),
        (r"us-east-1_\w{9}", "[pool]"),
        (r#""kid":"[^"]{43,}=""#, r#""kid":"[44 characters]""#),
        ("[a-z0-9]{26}", "[client]"),
        ("[0-9]{10}", "[time]"),
    ]}, {
        insta::assert_snapshot!(format!("{header}\n{claims}"), @r#"
        {"kid":"[44 characters]","alg":"RS256"}
        {"sub":"[uuid]","iss":"https:\/\/cognito-idp.us-east-1.amazonaws.com\/[pool]","client_id":"[client]","origin_jti":"[uuid]","event_id":"[uuid]","token_use":"access","scope":"aws.cognito.signin.user.admin","auth_time":[time],"exp":[time],"iat":[time],"jti":"[uuid]","username":"testuser"}
        "#);
    });
}

#[tokio::test]
async fn the_key_set_verifies_both_tokens_each_with_its_own_key() {
    let fixture = Fixture::new().await;
    let keys = fixture.server.get(&format!("/{}/.well-known/jwks.json", fixture.pool)).await.output();
    let mut kids = Vec::new();
    for token in [&fixture.access_token, &fixture.id_token] {
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid).unwrap();
        let key = DecodingKey::from_rsa_components(key["n"].as_str().unwrap(), key["e"].as_str().unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_aud = false;
        jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap();
        kids.push(kid);
    }
    assert_ne!(kids[0], kids[1]);
}

#[tokio::test]
async fn a_wrong_token_is_refused_with_the_message_of_live_cognito() {
    const INVALID: &str = "Invalid Access Token";
    const SIGNATURE: &str = "Could not verify signature for Access Token";
    const EXPIRED: &str = "Access Token has expired";
    const SCOPE: &str = "Access Token does not have required scopes";
    let fixture = Fixture::new().await;
    let other = Fixture::new().await;
    let (_, claims) = decode(&fixture.access_token);
    let now = claims["iat"].as_u64().unwrap();
    let (signed, signature) = fixture.access_token.rsplit_once('.').unwrap();
    let (header, body) = signed.split_once('.').unwrap();
    let encode = |value: Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let with = async |name: &str, value: Value| fixture.resigned(|_, claims| claims[name] = value).await;
    let without =
        async |name: &str| fixture.resigned(|_, claims| drop(claims.as_object_mut().unwrap().shift_remove(name))).await;

    assert_eq!(fixture.server.start_registration(&with("unknown", json!([1])).await).await.status, 200);
    assert_eq!(fixture.server.start_registration(&without("none").await).await.status, 200);
    let extra_scopes = with("scope", json!("openid aws.cognito.signin.user.admin email")).await;
    assert_eq!(fixture.server.start_registration(&extra_scopes).await.status, 200);

    for (name, token, expected) in [
        ("garbage", "THIS_IS_NOT_VALID_TOKEN".to_owned(), INVALID),
        ("dots", "...".to_owned(), INVALID),
        ("ID token", fixture.id_token.clone(), INVALID),
        ("refresh token", fixture.refresh_token.clone(), INVALID),
        ("padded", format!("{}=", fixture.access_token), INVALID),
        ("other user pool", other.access_token.clone(), INVALID),
        ("alg none", format!("{}.{body}.", encode(json!({ "alg": "none" }))), INVALID),
        ("alg HS256", fixture.resigned(|header, _| header["alg"] = json!("HS256")).await, INVALID),
        ("crit", fixture.resigned(|header, _| header["crit"] = json!(["exp"])).await, INVALID),
        ("unknown kid", fixture.resigned(|header, _| header["kid"] = json!("unknown")).await, SIGNATURE),
        (
            "other claims",
            format!("{header}.{}.{signature}", {
                let mut c = claims.clone();
                c["exp"] = json!(now + 9);
                encode(c)
            }),
            SIGNATURE,
        ),
        ("expired", with("exp", json!(now)).await, EXPIRED),
        ("no exp", without("exp").await, INVALID),
        ("exp as text", with("exp", json!((now + 99).to_string())).await, INVALID),
        ("issued in the future", with("iat", json!(now + 100)).await, INVALID),
        ("not yet valid", with("nbf", json!(now + 100)).await, INVALID),
        (
            "other issuer form",
            with("iss", json!(claims["iss"].as_str().unwrap().replace("cognito-idp", "issuer-cognito-idp"))).await,
            INVALID,
        ),
        ("no client", with("client_id", json!("unknown")).await, INVALID),
        ("no user", with("username", json!("unknown")).await, INVALID),
        ("other sub", with("sub", json!("00000000-0000-0000-0000-000000000000")).await, INVALID),
        ("scope as a part", with("scope", json!("aws.cognito.signin.user.administrator")).await, SCOPE),
        ("no scope", with("scope", json!("openid")).await, SCOPE),
        ("other session", with("origin_jti", json!("unknown")).await, "Access Token has been revoked"),
        ("no session", without("origin_jti").await, INVALID),
    ] {
        let reply = fixture.server.start_registration(&token).await;
        assert_eq!(reply.json()["__type"], "NotAuthorizedException", "{name}");
        assert_eq!(reply.message(), expected, "{name}");
    }
}

#[tokio::test]
async fn a_token_is_valid_until_its_last_second() {
    let time = Arc::new(AtomicU64::new(1_800_000_000));
    let clock = Arc::clone(&time);
    let clock = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
    let fixture = Fixture::on(Server::with(Config { clock: Arc::new(clock), ..Config::default() }).await).await;
    time.store(1_800_000_000 + 3599, Ordering::Relaxed);
    assert_eq!(fixture.start().await.status, 200);
    time.store(1_800_000_000 + 3600, Ordering::Relaxed);
    assert_eq!(fixture.start().await.message(), "Access Token has expired");
    time.store(1_800_000_000 - 1, Ordering::Relaxed);
    assert_eq!(fixture.start().await.message(), "Invalid Access Token");
}

#[tokio::test]
async fn lifetimes_are_counted_in_the_unit_of_the_client() {
    let fixture = Fixture::new().await;
    for (amount, unit, seconds) in [(300, "seconds", 300), (15, "minutes", 900), (2, "hours", 7200), (1, "days", 86400)]
    {
        let validity = json!({ "AccessTokenValidity": amount, "TokenValidityUnits": { "AccessToken": unit } });
        let client = create_client(&fixture.server, &fixture.pool, validity).await;
        let tokens = sign_in(&fixture.server, &client, "testuser").await;
        assert_eq!(tokens["ExpiresIn"], seconds);
        let (_, claims) = decode(tokens["AccessToken"].as_str().unwrap());
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), seconds);
    }
}

#[tokio::test]
async fn the_updated_issuer_is_served_where_the_pool_asks_for_it() {
    let fixture = Fixture::new().await;
    let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
    let input =
        json!({ "UserPoolId": fixture.pool, "Policies": policies, "IssuerConfiguration": { "Type": "UPDATED" } });
    fixture.server.call("UpdateUserPool", input).await.output();
    assert_eq!(fixture.start().await.message(), "Invalid Access Token");
    let tokens = sign_in(&fixture.server, &fixture.client, "testuser").await;
    let token = tokens["AccessToken"].as_str().unwrap();
    let issuer = format!("https://issuer-cognito-idp.us-east-1.amazonaws.com/{}", fixture.pool);
    assert_eq!(decode(token).1["iss"], issuer);
    assert_eq!(fixture.server.start_registration(token).await.status, 200);
    let configuration = fixture.server.get(&format!("/{}/.well-known/openid-configuration", fixture.pool)).await;
    assert_eq!(configuration.output()["issuer"], issuer);
}
