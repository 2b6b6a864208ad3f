//! The control plane: settings that are read back, and refusals that a developer meets.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Fixture, Server, create_pool};

#[tokio::test]
async fn refusals_read_as_those_of_cognito() {
    let fixture = Fixture::new().await;
    let pool = fixture.pool.as_str();
    let with_domain = create_pool(&fixture.server, json!(["PASSWORD"])).await;
    let input = json!({ "UserPoolId": with_domain, "Domain": "taken" });
    fixture.server.call("CreateUserPoolDomain", input).await.output();
    let factors = |factors: Value| json!({ "SignInPolicy": { "AllowedFirstAuthFactors": factors } });
    let relying_party = |configuration: Value| json!({ "UserPoolId": pool, "WebAuthnConfiguration": configuration });

    let mut told = String::new();
    for (operation, input) in [
        ("CreateUserPool", json!({})),
        ("CreateUserPool", json!({ "PoolName": "" })),
        ("CreateUserPool", json!({ "PoolName": "a", "Policies": factors(json!(["WEB_AUTHN"])) })),
        ("CreateUserPool", json!({ "PoolName": "a", "Policies": factors(json!(["PASSKEY"])) })),
        ("CreateUserPool", json!({ "PoolName": "a", "Policies": factors(json!("PASSWORD")) })),
        ("CreateUserPool", json!({ "PoolName": "a", "Policies": "PASSWORD" })),
        (
            "CreateUserPool",
            json!({ "PoolName": "a", "UserPoolTier": "LITE", "Policies": factors(json!(["PASSWORD", "WEB_AUTHN"])) }),
        ),
        ("DescribeUserPool", json!({ "UserPoolId": "us-east-1_unknown" })),
        ("DescribeUserPool", json!({ "UserPoolId": "unknown" })),
        ("DescribeUserPool", json!({ "UserPoolId": 1 })),
        ("DeleteUserPool", json!({ "UserPoolId": with_domain })),
        ("ListUserPools", json!({})),
        ("ListUserPools", json!({ "MaxResults": 61 })),
        ("SetUserPoolMfaConfig", relying_party(json!({ "RelyingPartyId": "" }))),
        ("SetUserPoolMfaConfig", relying_party(json!({ "RelyingPartyId": "co.uk" }))),
        ("SetUserPoolMfaConfig", relying_party(json!({ "UserVerification": "discouraged" }))),
        ("SetUserPoolMfaConfig", json!({ "UserPoolId": pool, "MfaConfiguration": "ON" })),
        (
            "SetUserPoolMfaConfig",
            json!({
                "UserPoolId": pool,
                "MfaConfiguration": "ON",
                "SoftwareTokenMfaConfiguration": { "Enabled": true },
                "WebAuthnConfiguration": { "FactorConfiguration": "SINGLE_FACTOR" },
            }),
        ),
        ("CreateUserPoolClient", json!({ "UserPoolId": pool, "ClientName": "a", "ExplicitAuthFlows": ["ALLOW"] })),
        ("CreateUserPoolClient", json!({ "UserPoolId": pool, "ClientName": "a", "GenerateSecret": "yes" })),
        (
            "CreateUserPoolClient",
            json!({
                "UserPoolId": pool, "ClientName": "a",
                "AccessTokenValidity": 1, "TokenValidityUnits": { "AccessToken": "minutes" },
            }),
        ),
        ("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": "unknown" })),
        ("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "taken" })),
        ("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "my-cognito" })),
        ("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "Upper" })),
        ("DeleteUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "taken" })),
        ("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "testuser" })),
        ("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "a b" })),
        ("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "a", "TemporaryPassword": "short" })),
        ("AdminSetUserPassword", json!({ "UserPoolId": pool, "Username": "testuser", "Password": "lowercase" })),
        ("AdminGetUser", json!({ "UserPoolId": pool, "Username": "unknown" })),
        ("AdminGetUser", json!({ "UserPoolId": "us-east-1_unknown", "Username": "testuser" })),
    ] {
        let reply = fixture.server.call(operation, input.clone()).await;
        writeln!(told, "{operation} {input}\n  {} {}", reply.status, reply.body).unwrap();
    }
    let unsigned = fixture.server.send(fixture.server.request("ListUserPools", "{}")).await;
    writeln!(told, "unsigned\n  {} {}", unsigned.status, unsigned.body).unwrap();
    insta::with_settings!({ filters => vec![(r"us-east-1_\w{9}\b", "[pool]")] }, {
        insta::assert_snapshot!(told);
    });
}

#[tokio::test]
async fn settings_are_read_back() {
    let server = Server::start().await;
    let policies = json!({
        "PasswordPolicy": { "MinimumLength": 12 },
        "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] },
    });
    let input = json!({ "PoolName": "kept", "Policies": policies, "AutoVerifiedAttributes": ["email"] });
    let created = server.call("CreateUserPool", input).await.output()["UserPool"].clone();
    let id = created["Id"].as_str().unwrap();
    assert_eq!(server.call("DescribeUserPool", json!({ "UserPoolId": id })).await.output()["UserPool"], created);
    let mask = |name: &str| (format!(r#""{name}": [0-9.]+"#), format!(r#""{name}": "[time]""#));
    let (created_date, modified_date) = (mask("CreationDate"), mask("LastModifiedDate"));
    insta::with_settings!({ filters => vec![
        (r"us-east-1_\w{9}", "[pool]"),
        (created_date.0.as_str(), created_date.1.as_str()),
        (modified_date.0.as_str(), modified_date.1.as_str()),
    ]}, {
        insta::assert_snapshot!(serde_json::to_string_pretty(&created).unwrap());
    });

    let set = json!({ "UserPoolId": id, "WebAuthnConfiguration": { "UserVerification": "required" } });
    let set = server.call("SetUserPoolMfaConfig", set).await.output();
    assert_eq!(server.call("GetUserPoolMfaConfig", json!({ "UserPoolId": id })).await.output(), set);
    assert_eq!(set, json!({ "MfaConfiguration": "OFF", "WebAuthnConfiguration": { "UserVerification": "required" } }));

    let input = json!({ "UserPoolId": id, "Domain": "my-app" });
    server.call("CreateUserPoolDomain", input.clone()).await.output();
    let described = server.call("DescribeUserPoolDomain", json!({ "Domain": "my-app" })).await.output();
    assert_eq!(described["DomainDescription"]["UserPoolId"], id);
    server.call("DeleteUserPoolDomain", input).await.output();
    let described = server.call("DescribeUserPoolDomain", json!({ "Domain": "my-app" })).await.output();
    assert_eq!(described, json!({ "DomainDescription": {} }));
}

#[tokio::test]
async fn pools_are_listed_page_by_page() {
    let server = Server::start().await;
    let mut created = Vec::new();
    for _ in 0..3 {
        created.push(create_pool(&server, json!(["PASSWORD"])).await);
    }
    created.sort();
    let mut listed = Vec::new();
    let mut next = Value::Null;
    for _ in 0..2 {
        let page = server.call("ListUserPools", json!({ "MaxResults": 2, "NextToken": next })).await.output();
        let ids = page["UserPools"].as_array().unwrap().iter().map(|pool| pool["Id"].as_str().unwrap().to_owned());
        listed.extend(ids);
        next = page["NextToken"].clone();
    }
    assert_eq!(listed, created);
    assert_eq!(next, Value::Null);
}
