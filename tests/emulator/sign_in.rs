//! Sign-in: what a developer meets on the way to a token.

use std::fmt::Write;

use serde_json::json;

use crate::support::{Fixture, PASSWORD, create_client, create_user, decode, sign_in, try_sign_in};

#[tokio::test]
async fn refusals_read_as_those_of_cognito() {
    let fixture = Fixture::new().await;
    let (server, pool) = (&fixture.server, fixture.pool.as_str());
    let closed = create_client(server, pool, json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] })).await;
    let discreet = create_client(server, pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let secret = create_client(server, pool, json!({ "GenerateSecret": true })).await;
    create_user(server, pool, "disabled").await;
    server.call("AdminDisableUser", json!({ "UserPoolId": pool, "Username": "disabled" })).await.output();
    create_user(server, pool, "reset").await;
    server.call("AdminResetUserPassword", json!({ "UserPoolId": pool, "Username": "reset" })).await.output();

    let client = fixture.client.as_str();
    let mut told = String::new();
    for (name, client, username, password) in [
        ("wrong password", client, "testuser", "wrong"),
        ("unknown user", client, "unknown", PASSWORD),
        ("unknown user, not to be told", &discreet, "unknown", PASSWORD),
        ("disabled user", client, "disabled", PASSWORD),
        ("password to be reset", client, "reset", PASSWORD),
        ("flow not enabled", &closed, "testuser", PASSWORD),
        ("client with secret", &secret, "testuser", PASSWORD),
        ("unknown client", "unknown", "testuser", PASSWORD),
        ("no client id at all", "", "testuser", PASSWORD),
        ("pool id for client id", pool, "testuser", PASSWORD),
    ] {
        let reply = try_sign_in(server, client, username, password).await;
        writeln!(told, "{name}\n  {} {}", reply.status, reply.body).unwrap();
    }
    for (name, input) in [
        ("no members", json!({})),
        ("unknown flow", json!({ "ClientId": client, "AuthFlow": "MAGIC" })),
        ("no parameters", json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH" })),
        ("parameters as text", json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": "x" })),
        ("flow of an administrator", json!({ "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH" })),
    ] {
        let reply = server.call("InitiateAuth", input).await;
        writeln!(told, "{name}\n  {} {}", reply.status, reply.body).unwrap();
    }
    insta::with_settings!({ filters => vec![("[a-z0-9]{26}", "[client]"), (r"us-east-1_\w{9}", "[pool]")] }, {
        insta::assert_snapshot!(told);
    });
}

#[tokio::test]
async fn a_temporary_password_leads_to_a_challenge() {
    let fixture = Fixture::new().await;
    let input = json!({ "UserPoolId": fixture.pool, "Username": "new", "TemporaryPassword": PASSWORD });
    let created = fixture.server.call("AdminCreateUser", input).await.output();
    assert_eq!(created["User"]["UserStatus"], "FORCE_CHANGE_PASSWORD");
    let output = try_sign_in(&fixture.server, &fixture.client, "new", PASSWORD).await.output();
    assert_eq!(output["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    assert_eq!(output.get("AuthenticationResult"), None);
}

#[tokio::test]
async fn an_administrator_signs_a_user_in() {
    let fixture = Fixture::new().await;
    let input = json!({
        "UserPoolId": fixture.pool,
        "ClientId": fixture.client,
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": "testuser", "PASSWORD": PASSWORD },
    });
    let output = fixture.server.call("AdminInitiateAuth", input).await.output();
    let token = output.pointer("/AuthenticationResult/AccessToken").unwrap().as_str().unwrap();
    assert_eq!(fixture.server.start_registration(token).await.status, 200);
}

#[tokio::test]
async fn a_refresh_keeps_session_and_time_of_sign_in() {
    let fixture = Fixture::new().await;
    let input = json!({
        "ClientId": fixture.client,
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": { "REFRESH_TOKEN": fixture.refresh_token },
    });
    let result = fixture.server.call("InitiateAuth", input).await.output()["AuthenticationResult"].clone();
    assert_eq!(result.get("RefreshToken"), None);
    let token = result["AccessToken"].as_str().unwrap();
    assert_eq!(fixture.server.start_registration(token).await.status, 200);
    let (before, after) = (decode(&fixture.access_token).1, decode(token).1);
    for same in ["sub", "origin_jti", "auth_time", "username"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_ne!(before["jti"], after["jti"]);
}

#[tokio::test]
async fn users_of_a_pool_with_email_names_have_their_sub_as_name() {
    let fixture = Fixture::new().await;
    let input = json!({ "PoolName": "by e-mail", "UsernameAttributes": ["email"] });
    let created = fixture.server.call("CreateUserPool", input).await.output();
    let pool = created.pointer("/UserPool/Id").unwrap().as_str().unwrap();
    let client = create_client(&fixture.server, pool, json!({})).await;
    let refused = fixture.server.call("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "name" })).await;
    assert_eq!(refused.message(), "Username should be an email.");
    create_user(&fixture.server, pool, "user@example.com").await;
    let again = json!({ "UserPoolId": pool, "Username": "user@example.com" });
    assert_eq!(fixture.server.call("AdminCreateUser", again).await.json()["__type"], "UsernameExistsException");
    let tokens = sign_in(&fixture.server, &client, "user@example.com").await;
    let (_, claims) = decode(tokens["AccessToken"].as_str().unwrap());
    assert_eq!(claims["username"], claims["sub"]);
}
