//! A passkey on a page: made in a browser with the emulator's options, taken by the emulator, and used to sign in.

use std::time::Duration;

use cogspec::browser::{Answer, Kind, fitting_origin};
use cogspec::emulator::{Config, Emulator};
use cogspec::target::{Fixtures, PoolSpec, Target};
use serde_json::{Value, json};

#[tokio::test]
async fn a_passkey_is_registered_and_signs_in_in_chromium() {
    a_passkey_is_registered_and_signs_in(Kind::Chromium).await;
}

#[tokio::test]
async fn a_passkey_is_registered_and_signs_in_in_firefox() {
    a_passkey_is_registered_and_signs_in(Kind::Firefox).await;
}

async fn a_passkey_is_registered_and_signs_in(browser: Kind) {
    let Some(mut browser) = crate::browser(browser, "the ceremony").await else { return };
    let emulator = Emulator::start(Config::default()).await.unwrap();
    let target = Target::embedded(&emulator.endpoint(), "us-east-1", Duration::from_secs(10)).unwrap();
    let fixtures = Fixtures::new(target, "page", None);
    let user = fixtures.new_user(&PoolSpec::VERIFICATION_REQUIRED).await.unwrap();
    let client = &user.pool.as_ref().unwrap().client_id;
    let token = &user.tokens.access;
    let call = async |operation: &str, input: Value| fixtures.call_unsigned(operation, input).await.unwrap();

    let started = call("StartWebAuthnRegistration", json!({ "AccessToken": token })).await;
    let options = started["CredentialCreationOptions"].to_string();
    let origin = fitting_origin(options.as_bytes());
    let answer = browser.create(&origin, &options).await.unwrap();
    assert_eq!(answer.mended(options.as_bytes(), &origin), [""; 0]);
    let Answer::Made(credential) = answer else { panic!("{answer:?}") };
    call("CompleteWebAuthnRegistration", json!({ "AccessToken": token, "Credential": credential })).await;
    let listed = call("ListWebAuthnCredentials", json!({ "AccessToken": token })).await;
    assert_eq!(listed["Credentials"][0]["CredentialId"], credential["id"]);

    let parameters = json!({ "USERNAME": user.username, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
    let input = json!({ "ClientId": client, "AuthFlow": "USER_AUTH", "AuthParameters": parameters });
    let asked = call("InitiateAuth", input).await;
    let options = asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str().unwrap();
    let answer = browser.get(&origin, options).await.unwrap();
    let Answer::Made(assertion) = answer else { panic!("{answer:?}") };
    let respond = |credential: &Value| {
        json!({
            "ClientId": client,
            "ChallengeName": "WEB_AUTHN",
            "Session": asked["Session"],
            "ChallengeResponses": { "USERNAME": user.username, "CREDENTIAL": credential.to_string() },
        })
    };
    let signed_in = call("RespondToAuthChallenge", respond(&assertion)).await;
    assert_eq!(signed_in["AuthenticationResult"]["TokenType"], "Bearer");
    assert!(
        fixtures.call_unsigned("RespondToAuthChallenge", respond(&assertion)).await.is_err(),
        "a session works once"
    );

    let started = call("StartWebAuthnRegistration", json!({ "AccessToken": token })).await;
    let options = &started["CredentialCreationOptions"];
    assert_eq!(options["excludeCredentials"][0]["id"], credential["id"]);
    browser.end().await;
    emulator.shutdown().await;
}
