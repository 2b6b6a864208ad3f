//! What holds for any request, in process and without a socket.

use axum::body::Bytes;
use cogspec::emulator::{Config, Service};
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Any JSON value that is not deep or long.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[A-Za-z0-9_=.-]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((member(), inner), 0..4).prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// Names that the operations know, and others.
fn member() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "AccessToken",
            "Token",
            "ClientId",
            "AuthFlow",
            "AuthParameters",
            "UserPoolId",
            "PoolName",
            "Policies",
            "SignInPolicy",
            "AllowedFirstAuthFactors",
            "PasswordPolicy",
            "WebAuthnConfiguration",
            "RelyingPartyId",
            "ClientName",
            "TokenValidityUnits",
            "AccessTokenValidity",
            "Domain",
            "CustomDomainConfig",
            "Username",
            "UserAttributes",
            "Name",
            "MaxResults",
            "NextToken",
        ])
        .prop_map(str::to_owned),
        "[A-Za-z]{1,8}",
    ]
}

fn operation() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("StartWebAuthnRegistration".to_owned()),
        proptest::sample::select(vec![
            "InitiateAuth",
            "GetUser",
            "RevokeToken",
            "CreateUserPool",
            "UpdateUserPool",
            "ListUserPools",
            "SetUserPoolMfaConfig",
            "CreateUserPoolClient",
            "CreateUserPoolDomain",
            "AdminCreateUser",
            "AdminInitiateAuth",
        ])
        .prop_map(str::to_owned),
        "[A-Za-z.]{0,20}",
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => vec((member(), json()), 0..6).prop_map(|members| {
            Value::Object(Map::from_iter(members)).to_string().into_bytes()
        }),
        1 => json().prop_map(|value| value.to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..64),
    ]
}

fn answer(service: &Service, operation: &str, body: Vec<u8>) -> http::Response<Bytes> {
    let request = Request::post("/")
        .header("Content-Type", "application/x-amz-json-1.1")
        .header("X-Amz-Target", format!("AWSCognitoIdentityProviderService.{operation}"))
        .header("Authorization", "any")
        .body(Bytes::from(body))
        .unwrap();
    service.handle(&request)
}

proptest! {
    /// No request is a server error, and every refusal names its error in header and body alike.
    #[test]
    fn any_request_gets_an_answer_of_the_protocol(operation in operation(), body in body()) {
        let response = answer(&Service::new(&Config::default()), &operation, body);
        let status = response.status().as_u16();
        prop_assert!(status == 200 || status == 400, "{status}");
        prop_assert_eq!(&response.headers()["content-type"], "application/x-amz-json-1.1");
        if status == 400 {
            let body: Value = serde_json::from_slice(response.body()).unwrap();
            let name = format!("{}:", body["__type"].as_str().unwrap());
            prop_assert_eq!(&response.headers()["x-amzn-errortype"], name.as_str());
        }
    }

    /// No access token is repeated in an answer, whatever it is.
    #[test]
    fn a_token_never_comes_back(token in "[!-~]{8,80}") {
        let body = serde_json::json!({ "AccessToken": token }).to_string();
        let response = answer(&Service::new(&Config::default()), "StartWebAuthnRegistration", body.into_bytes());
        let answer = String::from_utf8(response.body().to_vec()).unwrap();
        prop_assert!(!answer.contains(&token), "{answer}");
        prop_assert!(!response.headers().values().any(|value| value.to_str().unwrap().contains(&token)));
    }
}
