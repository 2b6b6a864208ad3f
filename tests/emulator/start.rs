//! `StartWebAuthnRegistration` for a signed-in user.

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use crate::support::{Fixture, create_client, create_pool, create_user, decode, sign_in};

#[tokio::test]
async fn a_signed_in_user_gets_creation_options() {
    let fixture = Fixture::new().await;
    let reply = fixture.start().await;
    assert_eq!(reply.header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(reply.header("x-amzn-requestid").map(str::len), Some(36));
    assert_eq!(reply.header("x-amzn-errortype"), None);

    let (_, claims) = decode(&fixture.access_token);
    let user_id = BASE64URL_NOPAD.encode(claims["sub"].as_str().unwrap().as_bytes());
    insta::with_settings!({ filters => vec![
        (user_id.as_str(), "[sub in base64url]"),
        (r#""challenge": "[A-Za-z0-9_-]{22}""#, r#""challenge": "[22 characters]""#),
    ]}, {
        insta::assert_snapshot!(serde_json::to_string_pretty(&reply.output()).unwrap());
    });
}

#[tokio::test]
async fn challenges_are_fresh_and_the_user_id_is_stable() {
    let fixture = Fixture::new().await;
    let first = fixture.start().await.output();
    let second = fixture.start().await.output();
    let part = |output: &serde_json::Value, pointer| output.pointer(pointer).unwrap().clone();
    let challenge = "/CredentialCreationOptions/challenge";
    let user = "/CredentialCreationOptions/user/id";
    assert_ne!(part(&first, challenge), part(&second, challenge));
    assert_eq!(part(&first, user), part(&second, user));

    create_user(&fixture.server, &fixture.pool, "other").await;
    let tokens = sign_in(&fixture.server, &fixture.client, "other").await;
    let other = fixture.server.start_registration(tokens["AccessToken"].as_str().unwrap()).await.output();
    assert_ne!(part(&first, user), part(&other, user));
}

#[tokio::test]
async fn user_verification_follows_the_pool() {
    let fixture = Fixture::new().await;
    for (configuration, expected) in [
        (json!({ "RelyingPartyId": "example.com" }), "preferred"),
        (json!({ "RelyingPartyId": "example.com", "UserVerification": "required" }), "required"),
        (
            json!({
                "RelyingPartyId": "example.com",
                "UserVerification": "preferred",
                "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
            }),
            "required",
        ),
    ] {
        let input = json!({ "UserPoolId": fixture.pool, "WebAuthnConfiguration": configuration });
        let output = fixture.server.call("SetUserPoolMfaConfig", input).await.output();
        assert_eq!(output["WebAuthnConfiguration"], configuration);
        let options = fixture.start().await.output();
        let selection = options.pointer("/CredentialCreationOptions/authenticatorSelection/userVerification");
        assert_eq!(selection.unwrap(), expected);
    }
}

#[tokio::test]
async fn the_relying_party_is_configured_or_a_domain() {
    let fixture = Fixture::new().await;
    let server = &fixture.server;
    let pool = create_pool(server, json!(["PASSWORD", "WEB_AUTHN"])).await;
    let client = create_client(server, &pool, json!({})).await;
    create_user(server, &pool, "testuser").await;
    let token = sign_in(server, &client, "testuser").await["AccessToken"].as_str().unwrap().to_owned();

    let missing = server.start_registration(&token).await.wire();
    insta::assert_snapshot!(missing, @r#"
    400
    content-type: application/x-amz-json-1.1
    x-amzn-errortype: WebAuthnConfigurationMissingException:
    x-amzn-errormessage: The user pool has no relying party id and no domain.

    {"__type":"WebAuthnConfigurationMissingException","message":"The user pool has no relying party id and no domain."}
    "#);

    let relying_party = async || {
        let output = server.start_registration(&token).await.output();
        let rp = output.pointer("/CredentialCreationOptions/rp").unwrap().clone();
        assert_eq!(rp["id"], rp["name"]);
        rp["id"].as_str().unwrap().to_owned()
    };
    let domain = async |operation, domain, custom: serde_json::Value| {
        let input = json!({ "UserPoolId": pool, "Domain": domain, "CustomDomainConfig": custom });
        server.call(operation, input).await.output();
    };
    domain("CreateUserPoolDomain", "my-app", json!(null)).await;
    assert_eq!(relying_party().await, "my-app.auth.us-east-1.amazoncognito.com");
    domain("CreateUserPoolDomain", "auth.example.org", json!({ "CertificateArn": "arn:aws:acm:any" })).await;
    assert_eq!(relying_party().await, "auth.example.org");
    let configuration = json!({ "RelyingPartyId": "example.net" });
    let input = json!({ "UserPoolId": pool, "WebAuthnConfiguration": configuration });
    server.call("SetUserPoolMfaConfig", input).await.output();
    assert_eq!(relying_party().await, "example.net");
    let input = json!({ "UserPoolId": pool, "WebAuthnConfiguration": {} });
    server.call("SetUserPoolMfaConfig", input).await.output();
    domain("DeleteUserPoolDomain", "auth.example.org", json!(null)).await;
    assert_eq!(relying_party().await, "my-app.auth.us-east-1.amazoncognito.com");
}
