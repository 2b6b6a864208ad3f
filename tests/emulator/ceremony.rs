//! The whole ceremony: a passkey is registered, listed, used to sign in, and deleted.

use std::fmt::Write;

use ciborium::{Value as Cbor, cbor};
use serde_json::{Value, json};

use crate::authenticator::{
    Assertion, Key, PRESENT_AND_VERIFIED, Passkey, RP_ID, Registration, client_data, text, written,
};
use crate::support::{Fixture, PASSWORD, Reply, Server, create_client, create_pool, create_user, decode, sign_in};

/// A signed-in user whose client has the flow `USER_AUTH`.
struct User {
    fixture: Fixture,
    client: String,
    token: String,
}

impl User {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let client = passkey_client(&fixture.server, &fixture.pool).await;
        let token = access_token(&fixture.server, &client, "testuser").await;
        User { fixture, client, token }
    }

    async fn call(&self, operation: &str, mut input: Value) -> Reply {
        input["AccessToken"] = self.token.as_str().into();
        self.fixture.server.send(self.fixture.server.request(operation, input.to_string())).await
    }

    /// The challenge of a new registration.
    async fn start(&self) -> String {
        let output = self.call("StartWebAuthnRegistration", json!({})).await.output();
        output["CredentialCreationOptions"]["challenge"].as_str().unwrap().to_owned()
    }

    async fn complete(&self, credential: Value) -> Reply {
        self.call("CompleteWebAuthnRegistration", json!({ "Credential": credential })).await
    }

    /// Registers a new passkey.
    async fn register(&self, key: Key) -> Passkey {
        let passkey = Passkey::new(key);
        let reply = self.complete(passkey.registration(&self.start().await).document()).await;
        assert_eq!((reply.status, reply.body.as_str()), (200, ""));
        passkey
    }

    /// What becomes of a registration with one change.
    async fn refused(&self, change: impl FnOnce(&Passkey, &mut Registration)) -> String {
        let passkey = Passkey::new(Key::es256());
        let mut registration = passkey.registration(&self.start().await);
        change(&passkey, &mut registration);
        class(&self.complete(registration.document()).await)
    }

    /// What becomes of a registration's document with one change.
    async fn document_refused(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut document = Passkey::new(Key::es256()).registration(&self.start().await).document();
        change(&mut document);
        class(&self.complete(document).await)
    }

    async fn listed(&self) -> Vec<Value> {
        let output = self.call("ListWebAuthnCredentials", json!({})).await.output();
        output["Credentials"].as_array().unwrap().clone()
    }

    async fn initiate(&self, parameters: Value) -> Reply {
        let input = json!({ "ClientId": self.client, "AuthFlow": "USER_AUTH", "AuthParameters": parameters });
        self.fixture.server.send(self.fixture.server.request("InitiateAuth", input.to_string())).await
    }

    /// A session and the request options of its challenge.
    async fn challenged(&self) -> (String, Value) {
        let parameters = json!({ "USERNAME": "testuser", "PREFERRED_CHALLENGE": "WEB_AUTHN" });
        let output = self.initiate(parameters).await.output();
        assert_eq!(output["ChallengeName"], "WEB_AUTHN", "{output}");
        let options = output["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str().unwrap();
        (output["Session"].as_str().unwrap().to_owned(), serde_json::from_str(options).unwrap())
    }

    async fn respond(&self, name: &str, session: &str, responses: Value) -> Reply {
        let input = json!({
            "ClientId": self.client, "ChallengeName": name, "Session": session, "ChallengeResponses": responses,
        });
        self.fixture.server.send(self.fixture.server.request("RespondToAuthChallenge", input.to_string())).await
    }

    async fn answer(&self, session: &str, credential: &Value) -> Reply {
        let responses = json!({ "USERNAME": "testuser", "CREDENTIAL": credential.to_string() });
        self.respond("WEB_AUTHN", session, responses).await
    }

    /// What becomes of a sign-in with one change.
    async fn sign_in_with(&self, passkey: &Passkey, change: impl FnOnce(&mut Assertion<'_>)) -> String {
        let (session, options) = self.challenged().await;
        let mut assertion = passkey.assertion(options["challenge"].as_str().unwrap());
        change(&mut assertion);
        class(&self.answer(&session, &assertion.document()).await)
    }

    async fn age(&self, seconds: u32) {
        let pool = &self.fixture.pool;
        let path = format!("/_cogspec/age?pool={pool}&user=testuser&seconds={seconds}");
        self.fixture.server.get(&path).await.output();
    }

    async fn configure(&self, configuration: Value) {
        let input = json!({ "UserPoolId": self.fixture.pool, "WebAuthnConfiguration": configuration });
        self.fixture.server.call("SetUserPoolMfaConfig", input).await.output();
    }
}

async fn passkey_client(server: &Server, pool: &str) -> String {
    let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
    create_client(server, pool, json!({ "ExplicitAuthFlows": flows })).await
}

async fn access_token(server: &Server, client: &str, username: &str) -> String {
    sign_in(server, client, username).await["AccessToken"].as_str().unwrap().to_owned()
}

/// `ok`, or the name of the error.
fn class(reply: &Reply) -> String {
    if reply.status == 200 { "ok".to_owned() } else { reply.json()["__type"].as_str().unwrap().to_owned() }
}

const NOT_VALID: &str = "InvalidParameterException";

#[tokio::test]
async fn a_passkey_is_registered_listed_used_and_deleted() {
    let user = User::new().await;
    let factors = async || user.call("GetUserAuthFactors", json!({})).await.output();
    assert_eq!(factors().await, json!({ "Username": "testuser", "ConfiguredUserAuthFactors": ["PASSWORD"] }));
    assert_eq!(user.listed().await, [json!(null); 0]);

    let mut passkeys = Vec::new();
    for key in [Key::es256(), Key::rs256()] {
        passkeys.push(user.register(key).await);
    }
    assert_eq!(factors().await["ConfiguredUserAuthFactors"], json!(["PASSWORD", "WEB_AUTHN"]));
    let listed = user.listed().await;
    assert_eq!(listed.len(), 2);
    let mut first = listed[0].clone();
    assert!(first["CreatedAt"].take().is_f64());
    assert_eq!(
        first,
        json!({
            "CredentialId": text(&passkeys[0].id),
            "FriendlyCredentialName": "Passkey",
            "RelyingPartyId": RP_ID,
            "AuthenticatorTransports": ["internal", "hybrid"],
            "CreatedAt": null,
            "AuthenticatorAttachment": "platform",
        })
    );
    let options = user.call("StartWebAuthnRegistration", json!({})).await.output();
    let excluded: Vec<_> =
        passkeys.iter().map(|passkey| json!({ "type": "public-key", "id": text(&passkey.id) })).collect();
    assert_eq!(options["CredentialCreationOptions"]["excludeCredentials"], json!(excluded));

    for passkey in &passkeys {
        let (session, options) = user.challenged().await;
        let allowed: Vec<_> = passkeys
            .iter()
            .map(|p| json!({ "type": "public-key", "id": text(&p.id), "transports": ["internal", "hybrid"] }))
            .collect();
        let challenge = options["challenge"].as_str().unwrap();
        assert_eq!(
            options,
            json!({
                "challenge": challenge, "timeout": 180_000, "rpId": RP_ID, "allowCredentials": allowed,
                "userVerification": "preferred",
            })
        );
        let mut assertion = passkey.assertion(challenge);
        assertion.user_handle = Some(decode(&user.token).1["sub"].as_str().unwrap().to_owned());
        let reply = user.answer(&session, &assertion.document()).await;
        let token = reply.output()["AuthenticationResult"]["AccessToken"].as_str().unwrap().to_owned();
        assert_eq!(user.fixture.server.start_registration(&token).await.status, 200);
        let again = user.answer(&session, &assertion.document()).await;
        assert_eq!(again.message(), "Invalid session for the user, session can only be used once.");
    }

    let id = json!({ "CredentialId": text(&passkeys[0].id) });
    let (session, options) = user.challenged().await;
    let deleted = user.call("DeleteWebAuthnCredential", id.clone()).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (200, ""));
    assert_eq!(class(&user.call("DeleteWebAuthnCredential", id).await), "ResourceNotFoundException");
    assert_eq!(user.listed().await, [listed[1].clone()]);
    let assertion = passkeys[0].assertion(options["challenge"].as_str().unwrap()).document();
    assert_eq!(class(&user.answer(&session, &assertion).await), "NotAuthorizedException");
}

#[tokio::test]
async fn each_check_of_a_registration_refuses_in_its_own_class() {
    let user = User::new().await;
    let mut table = String::new();
    let mut told = |name: &str, class: String| writeln!(table, "{name}: {class}").unwrap();
    told("nothing", user.refused(|_, _| ()).await);
    let data = |change: fn(&mut Value)| {
        move |_: &Passkey, r: &mut Registration| {
            let mut data: Value = serde_json::from_slice(&r.client_data).unwrap();
            change(&mut data);
            r.client_data = data.to_string().into_bytes();
        }
    };
    told("challenge", user.refused(data(|d| d["challenge"] = "AAAAAAAAAAAAAAAAAAAAAA".into())).await);
    told("type", user.refused(data(|d| d["type"] = "webauthn.get".into())).await);
    told("origin", user.refused(data(|d| d["origin"] = "https://evil.test".into())).await);
    told("origin below", user.refused(data(|d| d["origin"] = "https://a.auth.example.com:8443".into())).await);
    told("frame", user.refused(data(|d| d["crossOrigin"] = true.into())).await);
    told("other members", user.refused(data(|d| d["other"] = json!({}))).await);
    told("byte order mark", user.refused(|_, r| r.client_data.splice(..0, *b"\xef\xbb\xbf").for_each(drop)).await);
    told("relying party", user.refused(|_, r| r.rp_id = "example.com".to_owned()).await);
    told("present", user.refused(|_, r| r.flags &= !1).await);
    told("verified", user.refused(|_, r| r.flags &= !4).await);
    told("attested", user.refused(|_, r| r.flags &= !0x40).await);
    told("backed up, not eligible", user.refused(|_, r| r.flags |= 0x10).await);
    told("backed up", user.refused(|_, r| r.flags |= 0x18).await);
    for length in [0, 1, 1023, 1024] {
        told(
            &format!("id of {length}"),
            user.refused(|_, r| r.id = (0..length).map(|_| rand::random()).collect()).await,
        );
    }
    let key = |edit: fn(&mut Vec<(Cbor, Cbor)>)| {
        move |p: &Passkey, r: &mut Registration| {
            let mut key = p.key.cose();
            edit(key.as_map_mut().unwrap());
            r.key = written(&key);
        }
    };
    told("algorithm ES384", user.refused(key(|k| k[1].1 = (-35).into())).await);
    told("algorithm of another type", user.refused(key(|k| k[1].1 = (-257).into())).await);
    told("off the curve", user.refused(key(|k| k[4].1 = Cbor::Bytes(vec![1; 32]))).await);
    told("short coordinate", user.refused(key(|k| k[3].1 = Cbor::Bytes(vec![1; 31]))).await);
    told("other curve", user.refused(key(|k| k[2].1 = 2.into())).await);
    told("label twice", user.refused(key(|k| k.insert(4, k[3].clone()))).await);
    told("labels out of order", user.refused(key(|k| k.swap(0, 1))).await);
    told("one label more", user.refused(key(|k| k.push(((-4).into(), Cbor::Bytes(vec![1; 32]))))).await);
    let rsa = |modulus: Vec<u8>, exponent: Vec<u8>| {
        move |_: &Passkey, r: &mut Registration| {
            let (n, e) = (Cbor::Bytes(modulus), Cbor::Bytes(exponent));
            r.key = written(&cbor!({ 1 => 3, 3 => -257, -1 => n, -2 => e }).unwrap());
        }
    };
    told("modulus of 2048 bits", user.refused(rsa(vec![0x81; 256], vec![1, 0, 1])).await);
    told("modulus of 2047 bits", user.refused(rsa(vec![0x41; 256], vec![1, 0, 1])).await);
    told("modulus of 1024 bits", user.refused(rsa(vec![0x81; 128], vec![1, 0, 1])).await);
    told("exponent 1", user.refused(rsa(vec![0x81; 256], vec![1])).await);
    let packed = |sign: fn(&Passkey, &Registration) -> Vec<u8>, algorithm: i64| {
        move |p: &Passkey, r: &mut Registration| {
            let signature = Cbor::Bytes(sign(p, r));
            r.format = "packed";
            r.statement = cbor!({ "alg" => algorithm, "sig" => signature }).unwrap();
        }
    };
    told("packed", user.refused(packed(|p, r| p.key.sign(&r.signed()), -7)).await);
    told("packed over other bytes", user.refused(packed(|p, r| p.key.sign(&r.client_data), -7)).await);
    told("packed by another key", user.refused(packed(|_, r| Key::es256().sign(&r.signed()), -7)).await);
    told("packed with another algorithm", user.refused(packed(|p, r| p.key.sign(&r.signed()), -257)).await);
    told("none with a statement", user.refused(|_, r| r.statement = cbor!({ "a" => 1 }).unwrap()).await);
    told("apple", user.refused(|_, r| r.format = "apple").await);
    told("a format that is none", user.refused(|_, r| r.format = "fancy").await);
    told("a byte more", user.refused(|_, r| r.behind.push(0)).await);
    user.configure(json!({ "RelyingPartyId": RP_ID, "UserVerification": "required" })).await;
    told("verified, as required", user.refused(|_, _| ()).await);
    told("not verified, though required", user.refused(|_, r| r.flags &= !4).await);
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn the_document_around_a_registration_is_read_strictly() {
    let user = User::new().await;
    let mut table = String::new();
    let mut told = |name: &str, class: String| writeln!(table, "{name}: {class}").unwrap();
    let remove = |pointer: &'static str, name: &'static str| {
        move |d: &mut Value| drop(d.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name).unwrap())
    };
    told("no results of extensions", user.document_refused(remove("", "clientExtensionResults")).await);
    told("no attachment", user.document_refused(remove("", "authenticatorAttachment")).await);
    told("another attachment", user.document_refused(|d| d["authenticatorAttachment"] = "new".into()).await);
    told("other members", user.document_refused(|d| d["other"] = json!([])).await);
    told("transports empty", user.document_refused(|d| d["response"]["transports"] = json!([])).await);
    for name in ["id", "rawId", "type", "response"] {
        told(&format!("no {name}"), user.document_refused(remove("", name)).await);
    }
    for name in ["clientDataJSON", "attestationObject", "transports"] {
        told(&format!("no {name}"), user.document_refused(remove("/response", name)).await);
    }
    told("transports a text", user.document_refused(|d| d["response"]["transports"] = "usb".into()).await);
    told("a transport a number", user.document_refused(|d| d["response"]["transports"] = json!([1])).await);
    told("another type", user.document_refused(|d| d["type"] = "password".into()).await);
    told("another id", user.document_refused(|d| d["id"] = "AAAA".into()).await);
    told(
        "another id twice",
        user.document_refused(|d| {
            d["id"] = "AAAA".into();
            d["rawId"] = "AAAA".into();
        })
        .await,
    );
    told(
        "padded",
        user.document_refused(|d| {
            let padded = format!("{}=", d["id"].as_str().unwrap());
            d["id"] = padded.clone().into();
            d["rawId"] = padded.into();
        })
        .await,
    );
    told("a text", user.document_refused(|d| *d = d.to_string().into()).await);
    told("an array", user.document_refused(|d| *d = json!([d.clone()])).await);
    told("null", user.document_refused(|d| *d = Value::Null).await);
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn a_challenge_is_one_users_and_clients_and_is_used_once_in_time() {
    let user = User::new().await;
    let missing = "WebAuthnChallengeNotFoundException";
    let passkey = Passkey::new(Key::es256());
    let challenge = user.start().await;
    let complete = async |user: &User, challenge: &str| {
        class(&user.complete(Passkey::new(Key::es256()).registration(challenge).document()).await)
    };

    // Another client of the same user: the challenge is not spent.
    let (fixture, client) = (&user.fixture, passkey_client(&user.fixture.server, &user.fixture.pool).await);
    let token = access_token(&fixture.server, &client, "testuser").await;
    let input = json!({ "AccessToken": token, "Credential": passkey.registration(&challenge).document() });
    let reply = fixture.server.call("CompleteWebAuthnRegistration", input).await;
    assert_eq!(class(&reply), "WebAuthnClientMismatchException");
    // Another user.
    create_user(&fixture.server, &fixture.pool, "other").await;
    let token = access_token(&fixture.server, &user.client, "other").await;
    let input = json!({ "AccessToken": token, "Credential": passkey.registration(&challenge).document() });
    assert_eq!(class(&fixture.server.call("CompleteWebAuthnRegistration", input).await), missing);

    assert_eq!(complete(&user, &challenge).await, "ok");
    assert_eq!(complete(&user, &challenge).await, missing);
    // A verification that fails spends the challenge.
    let challenge = user.start().await;
    let mut wrong = passkey.registration(&challenge);
    wrong.rp_id = "example.org".to_owned();
    assert_eq!(class(&user.complete(wrong.document()).await), "WebAuthnRelyingPartyMismatchException");
    assert_eq!(complete(&user, &challenge).await, missing);
    // A document that cannot be read does not.
    let challenge = user.start().await;
    assert_eq!(class(&user.complete(json!({})).await), NOT_VALID);
    // A later start does not either, until there are too many.
    for left in (0..8).rev() {
        assert_ne!(user.start().await, challenge);
        if left == 1 {
            assert_eq!(complete(&user, &challenge).await, "ok");
        }
    }
    let oldest = user.start().await;
    for _ in 0..8 {
        user.start().await;
    }
    assert_eq!(complete(&user, &oldest).await, missing);

    let (early, late) = (user.start().await, user.start().await);
    user.age(250).await;
    assert_eq!(complete(&user, &early).await, "ok");
    user.age(50).await;
    assert_eq!(complete(&user, &late).await, missing);

    let challenge = user.start().await;
    user.configure(json!({ "RelyingPartyId": "example.org" })).await;
    assert_eq!(complete(&user, &challenge).await, "WebAuthnRelyingPartyMismatchException");
}

#[tokio::test]
async fn a_credential_id_is_registered_once_and_a_user_has_twenty() {
    let user = User::new().await;
    let passkey = user.register(Key::es256()).await;
    let again = passkey.registration(&user.start().await).document();
    assert_eq!(class(&user.complete(again).await), NOT_VALID);
    for _ in 1..19 {
        user.register(Key::es256()).await;
    }
    let (twentieth, after) = (user.start().await, user.start().await);
    let complete = async |challenge: &str| {
        class(&user.complete(Passkey::new(Key::es256()).registration(challenge).document()).await)
    };
    assert_eq!(complete(&twentieth).await, "ok");
    assert_eq!(complete(&after).await, "LimitExceededException");
    assert_eq!(class(&user.call("StartWebAuthnRegistration", json!({})).await), "LimitExceededException");

    let all: Vec<_> = user.listed().await;
    assert_eq!(all.len(), 20);
    let mut pages = Vec::new();
    let mut next = Value::Null;
    let mut sizes = Vec::new();
    loop {
        let page = user.call("ListWebAuthnCredentials", json!({ "MaxResults": 8, "NextToken": next })).await.output();
        let credentials = page["Credentials"].as_array().unwrap();
        sizes.push(credentials.len());
        pages.extend(credentials.clone());
        next = page["NextToken"].clone();
        if next.is_null() {
            break;
        }
        // A page's last passkey may be deleted before the next page is asked for.
        let id = credentials.last().unwrap()["CredentialId"].clone();
        user.call("DeleteWebAuthnCredential", json!({ "CredentialId": id })).await;
    }
    assert_eq!(sizes, [8, 8, 4]);
    assert_eq!(pages, all);
    let list = async |input: Value| class(&user.call("ListWebAuthnCredentials", input).await);
    assert_eq!(list(json!({ "MaxResults": 0 })).await, "ok");
    assert_eq!(list(json!({ "MaxResults": 21 })).await, NOT_VALID);
    assert_eq!(list(json!({ "NextToken": "AAAA" })).await, NOT_VALID);
}

#[tokio::test]
async fn each_check_of_a_sign_in_refuses() {
    let user = User::new().await;
    let passkey = user.register(Key::es256()).await;
    let unknown = Passkey { id: passkey.id.clone(), key: Key::es256() };
    let another = Passkey { id: vec![1; 32], key: Key::es256() };
    let refused = "NotAuthorizedException";
    assert_eq!(user.sign_in_with(&passkey, |_| ()).await, "ok");
    assert_eq!(user.sign_in_with(&unknown, |_| ()).await, refused, "another key");
    assert_eq!(user.sign_in_with(&another, |_| ()).await, refused, "another id");
    for (name, change) in [
        ("type", json!({ "type": "webauthn.create" })),
        ("challenge", json!({ "challenge": "AAAAAAAAAAAAAAAAAAAAAA" })),
        ("origin", json!({ "origin": "https://example.com" })),
        ("frame", json!({ "crossOrigin": true })),
    ] {
        let change = |assertion: &mut Assertion<'_>| {
            let mut data: Value = serde_json::from_slice(&assertion.client_data).unwrap();
            data.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assertion.client_data = data.to_string().into_bytes();
        };
        assert_eq!(user.sign_in_with(&passkey, change).await, refused, "{name}");
    }
    assert_eq!(user.sign_in_with(&passkey, |a| a.rp_id = "example.com".to_owned()).await, refused, "relying party");
    assert_eq!(user.sign_in_with(&passkey, |a| a.flags = 4).await, refused, "present");
    assert_eq!(user.sign_in_with(&passkey, |a| a.flags = 1).await, "ok", "verified is preferred only");
    assert_eq!(user.sign_in_with(&passkey, |a| a.flags |= 8).await, refused, "eligible for backup since");
    assert_eq!(user.sign_in_with(&passkey, |a| a.user_handle = Some("other".to_owned())).await, refused, "user");
    let (session, options) = user.challenged().await;
    let mut spoilt = passkey.assertion(options["challenge"].as_str().unwrap()).document();
    spoilt["response"]["signature"] = "AAAA".into();
    assert_eq!(class(&user.answer(&session, &spoilt).await), refused, "signature");
    let (session, options) = user.challenged().await;
    let right = passkey.assertion(options["challenge"].as_str().unwrap()).document().to_string();
    let twice = right.replacen('{', r#"{"id":"AAAA","#, 1);
    let responses = json!({ "USERNAME": "testuser", "CREDENTIAL": twice });
    assert_eq!(class(&user.respond("WEB_AUTHN", &session, responses).await), refused, "a member twice");

    user.configure(json!({ "RelyingPartyId": RP_ID, "UserVerification": "required" })).await;
    assert_eq!(user.sign_in_with(&passkey, |a| a.flags = PRESENT_AND_VERIFIED).await, "ok");
    assert_eq!(user.sign_in_with(&passkey, |a| a.flags = 1).await, refused, "verified");
}

#[tokio::test]
async fn a_session_is_one_users_and_clients_and_ends() {
    let user = User::new().await;
    let passkey = user.register(Key::es256()).await;
    let (server, pool) = (&user.fixture.server, &user.fixture.pool);
    let (session, options) = user.challenged().await;
    let right = passkey.assertion(options["challenge"].as_str().unwrap()).document();
    create_user(server, pool, "other").await;
    let responses = json!({ "USERNAME": "other", "CREDENTIAL": right.to_string() });
    let used = "Invalid session for the user, session can only be used once.";
    assert_eq!(user.respond("WEB_AUTHN", &session, responses).await.message(), used);
    let client = passkey_client(server, pool).await;
    let responses = json!({ "USERNAME": "testuser", "CREDENTIAL": right.to_string() });
    let input = json!({ "ClientId": client, "ChallengeName": "WEB_AUTHN", "Session": session, "ChallengeResponses": responses });
    assert_eq!(server.call("RespondToAuthChallenge", input).await.message(), used);
    user.age(170).await;
    assert_eq!(class(&user.answer(&session, &right).await), "ok");

    let (session, options) = user.challenged().await;
    let right = passkey.assertion(options["challenge"].as_str().unwrap()).document();
    user.age(180).await;
    let expired = "Invalid session for the user, session is expired.";
    assert_eq!(user.answer(&session, &right).await.message(), expired);

    let (session, options) = user.challenged().await;
    let right = passkey.assertion(options["challenge"].as_str().unwrap()).document();
    user.fixture.administer("AdminDisableUser").await;
    assert_eq!(user.answer(&session, &right).await.message(), "User is disabled.");
}

#[tokio::test]
async fn the_user_chooses_how_to_sign_in() {
    let user = User::new().await;
    let output = user.initiate(json!({ "USERNAME": "testuser", "PREFERRED_CHALLENGE": "WEB_AUTHN" })).await.output();
    assert_eq!(output["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(output["AvailableChallenges"], json!(["PASSWORD"]));
    let passkey = user.register(Key::es256()).await;

    let select = async || {
        let output = user.initiate(json!({ "USERNAME": "testuser" })).await.output();
        assert_eq!(output["ChallengeName"], "SELECT_CHALLENGE");
        assert_eq!(output["AvailableChallenges"], json!(["PASSWORD", "WEB_AUTHN"]));
        output["Session"].as_str().unwrap().to_owned()
    };
    let right = json!({ "USERNAME": "testuser", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    let wrong = json!({ "USERNAME": "testuser", "ANSWER": "PASSWORD", "PASSWORD": "Wrong-1-password" });
    assert_eq!(class(&user.respond("SELECT_CHALLENGE", &select().await, right.clone()).await), "ok");
    let refused = user.respond("SELECT_CHALLENGE", &select().await, wrong).await;
    assert_eq!(refused.message(), "Incorrect username or password.");

    let answer = json!({ "USERNAME": "testuser", "ANSWER": "WEB_AUTHN" });
    let output = user.respond("SELECT_CHALLENGE", &select().await, answer).await.output();
    assert_eq!(output["ChallengeName"], "WEB_AUTHN");
    let options = output["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str().unwrap();
    let options: Value = serde_json::from_str(options).unwrap();
    let credential = passkey.assertion(options["challenge"].as_str().unwrap()).document().to_string();
    let session = output["Session"].as_str().unwrap();
    let responses = json!({ "USERNAME": "testuser", "ANSWER": "WEB_AUTHN", "CREDENTIAL": credential });
    assert_eq!(class(&user.respond("SELECT_CHALLENGE", session, responses).await), "ok");

    let with_password = json!({ "USERNAME": "testuser", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD });
    assert!(user.initiate(with_password).await.output()["AuthenticationResult"].is_object());
    let preferred = json!({ "USERNAME": "testuser", "PREFERRED_CHALLENGE": "PASSWORD" });
    let output = user.initiate(preferred).await.output();
    assert_eq!(output["ChallengeName"], "PASSWORD");
    let session = output["Session"].as_str().unwrap();
    assert_eq!(class(&user.respond("PASSWORD", session, right).await), "ok");

    let other = user.fixture.client.clone();
    let input = json!({ "ClientId": other, "AuthFlow": "USER_AUTH", "AuthParameters": { "USERNAME": "testuser" } });
    let reply = user.fixture.server.call("InitiateAuth", input).await;
    assert_eq!(reply.message(), "USER_AUTH flow not enabled for this client");
}

#[tokio::test]
async fn an_unknown_user_is_told_only_where_the_client_tells() {
    let user = User::new().await;
    assert_eq!(class(&user.initiate(json!({ "USERNAME": "nobody" })).await), "UserNotFoundException");
    let flows = json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED" });
    let client = create_client(&user.fixture.server, &user.fixture.pool, flows).await;
    let user = User { client, ..user };
    let output = user.initiate(json!({ "USERNAME": "nobody", "PREFERRED_CHALLENGE": "WEB_AUTHN" })).await.output();
    assert_eq!(output["ChallengeName"], "SELECT_CHALLENGE");
    assert_eq!(output["AvailableChallenges"], json!(["PASSWORD", "WEB_AUTHN"]));
    let session = output["Session"].as_str().unwrap();
    let responses = json!({ "USERNAME": "nobody", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD });
    let reply = user.respond("SELECT_CHALLENGE", session, responses).await;
    assert_eq!(reply.message(), "Incorrect username or password.");
}

#[tokio::test]
async fn another_users_passkeys_are_out_of_reach() {
    let user = User::new().await;
    let passkey = user.register(Key::es256()).await;
    user.register(Key::es256()).await;
    let server = &user.fixture.server;
    create_user(server, &user.fixture.pool, "other").await;
    let token = access_token(server, &user.client, "other").await;
    let page = user.call("ListWebAuthnCredentials", json!({ "MaxResults": 1 })).await.output();
    let call = async |operation: &str, mut input: Value| {
        input["AccessToken"] = token.as_str().into();
        server.call(operation, input).await
    };
    assert_eq!(call("ListWebAuthnCredentials", json!({})).await.output(), json!({ "Credentials": [] }));
    let next = call("ListWebAuthnCredentials", json!({ "NextToken": page["NextToken"] })).await;
    assert_eq!(class(&next), NOT_VALID);
    let id = json!({ "CredentialId": text(&passkey.id) });
    assert_eq!(class(&call("DeleteWebAuthnCredential", id).await), "ResourceNotFoundException");
    assert_eq!(user.listed().await.len(), 2);

    let none = create_pool(server, json!(["PASSWORD"])).await;
    let client = passkey_client(server, &none).await;
    create_user(server, &none, "testuser").await;
    let token = access_token(server, &client, "testuser").await;
    let challenge = client_data("webauthn.create", "AAAA")["challenge"].as_str().unwrap().to_owned();
    let input = json!({ "AccessToken": token, "Credential": passkey.registration(&challenge).document() });
    let reply = server.call("CompleteWebAuthnRegistration", input).await;
    assert_eq!(class(&reply), "WebAuthnNotEnabledException");
}
