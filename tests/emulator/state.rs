//! What ends a token, and what does not.

use serde_json::json;

use crate::support::{Fixture, create_user, sign_in};

const REVOKED: &str = "Access Token has been revoked";

#[tokio::test]
async fn a_signed_out_token_is_revoked_and_a_new_one_is_served() {
    let fixture = Fixture::new().await;
    create_user(&fixture.server, &fixture.pool, "other").await;
    let other = sign_in(&fixture.server, &fixture.client, "other").await;
    let input = json!({ "AccessToken": fixture.access_token }).to_string();
    let reply = fixture.server.send(fixture.server.request("GlobalSignOut", input)).await;
    assert_eq!(reply.output(), json!({}));
    insta::assert_snapshot!(fixture.start().await.wire(), @r#"
    400
    content-type: application/x-amz-json-1.1
    x-amzn-errortype: NotAuthorizedException:
    x-amzn-errormessage: Access Token has been revoked

    {"__type":"NotAuthorizedException","message":"Access Token has been revoked"}
    "#);

    let new = sign_in(&fixture.server, &fixture.client, "testuser").await;
    for token in [&new, &other] {
        assert_eq!(fixture.server.start_registration(token["AccessToken"].as_str().unwrap()).await.status, 200);
    }
    fixture.administer("AdminUserGlobalSignOut").await;
    let reply = fixture.server.start_registration(new["AccessToken"].as_str().unwrap()).await;
    assert_eq!(reply.message(), REVOKED);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_own_session_only() {
    let fixture = Fixture::new().await;
    let second = sign_in(&fixture.server, &fixture.client, "testuser").await;
    let input = json!({ "Token": fixture.refresh_token, "ClientId": fixture.client }).to_string();
    fixture.server.send(fixture.server.request("RevokeToken", input)).await.output();
    assert_eq!(fixture.start().await.message(), REVOKED);
    assert_eq!(fixture.server.start_registration(second["AccessToken"].as_str().unwrap()).await.status, 200);
    let parameters = json!({ "REFRESH_TOKEN": fixture.refresh_token });
    let input = json!({ "ClientId": fixture.client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters });
    assert_eq!(fixture.server.call("InitiateAuth", input).await.message(), "Invalid Refresh Token");
}

#[tokio::test]
async fn a_disabled_user_is_refused_and_enabling_does_not_restore_the_token() {
    let fixture = Fixture::new().await;
    fixture.administer("AdminDisableUser").await;
    assert_eq!(fixture.start().await.message(), "User is disabled.");
    fixture.administer("AdminEnableUser").await;
    assert_eq!(fixture.start().await.message(), REVOKED);
}

#[tokio::test]
async fn a_deleted_user_is_refused_also_when_the_name_is_taken_again() {
    let fixture = Fixture::new().await;
    fixture.administer("AdminDeleteUser").await;
    assert_eq!(fixture.start().await.message(), "Invalid Access Token");
    create_user(&fixture.server, &fixture.pool, "testuser").await;
    assert_eq!(fixture.start().await.message(), "Invalid Access Token");

    let token = sign_in(&fixture.server, &fixture.client, "testuser").await;
    let token = token["AccessToken"].as_str().unwrap();
    let input = json!({ "AccessToken": token }).to_string();
    assert_eq!(fixture.server.send(fixture.server.request("DeleteUser", input)).await.body, "");
    assert_eq!(fixture.server.start_registration(token).await.message(), "Invalid Access Token");
}

#[tokio::test]
async fn a_password_reset_is_told() {
    let fixture = Fixture::new().await;
    fixture.administer("AdminResetUserPassword").await;
    let reply = fixture.start().await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["__type"], "PasswordResetRequiredException");
}

#[tokio::test]
async fn a_pool_without_passkeys_is_told_from_the_next_call_on() {
    let fixture = Fixture::new().await;
    for (factors, expected) in
        [(json!(["PASSWORD"]), json!("WebAuthnNotEnabledException")), (json!(["PASSWORD", "WEB_AUTHN"]), json!(null))]
    {
        let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": factors } });
        fixture
            .server
            .call("UpdateUserPool", json!({ "UserPoolId": fixture.pool, "Policies": policies }))
            .await
            .output();
        assert_eq!(fixture.start().await.json()["__type"], expected);
    }
}

#[tokio::test]
async fn tokens_end_with_their_client_and_their_pool() {
    let fixture = Fixture::new().await;
    let input = json!({ "UserPoolId": fixture.pool, "ClientId": fixture.client });
    assert_eq!(fixture.server.call("DeleteUserPoolClient", input).await.body, "");
    assert_eq!(fixture.start().await.message(), "Invalid Access Token");
    fixture.server.call("DeleteUserPool", json!({ "UserPoolId": fixture.pool })).await.output();
    assert_eq!(fixture.start().await.message(), "Invalid Access Token");
}

#[tokio::test]
async fn without_revocation_only_a_sign_out_ends_a_token() {
    let fixture = Fixture::new().await;
    let plain = json!({ "EnableTokenRevocation": false });
    let client = crate::support::create_client(&fixture.server, &fixture.pool, plain).await;
    let tokens = sign_in(&fixture.server, &client, "testuser").await;
    let token = tokens["AccessToken"].as_str().unwrap();
    assert_eq!(crate::support::decode(token).1.get("origin_jti"), None);
    assert_eq!(fixture.server.start_registration(token).await.status, 200);
    fixture.administer("AdminUserGlobalSignOut").await;
    assert_eq!(fixture.server.start_registration(token).await.message(), REVOKED);
}
