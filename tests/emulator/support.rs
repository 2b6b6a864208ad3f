//! A client for the emulator, and a pool with a signed-in user.

use std::fmt::Write;

use cogspec::emulator::{Config, Emulator};
use cogspec::token::Key;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "Correct-horse-1";

/// An emulator and a client for it.
pub(crate) struct Server {
    pub(crate) emulator: Emulator,
    pub(crate) http: reqwest::Client,
}

/// One answer, read whole.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The output of a call that must have worked.
    pub(crate) fn output(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The message of a refusal.
    pub(crate) fn message(&self) -> String {
        assert_eq!(self.status, 400, "{}", self.body);
        self.json()["message"].as_str().unwrap().to_owned()
    }

    /// Everything that goes over the wire, but the date and the id of the request.
    pub(crate) fn wire(&self) -> String {
        let mut text = format!("{}\n", self.status);
        for name in ["content-type", "x-amzn-errortype", "x-amzn-errormessage"] {
            if let Some(value) = self.header(name) {
                writeln!(text, "{name}: {value}").unwrap();
            }
        }
        text + "\n" + &self.body + "\n"
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Server::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        cogspec::crypto::install();
        Server { emulator: Emulator::start(config).await.unwrap(), http: reqwest::Client::new() }
    }

    pub(crate) fn request(&self, operation: &str, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        self.http
            .post(self.emulator.endpoint())
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", format!("AWSCognitoIdentityProviderService.{operation}"))
            .body(body)
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        Reply::read(request.send().await.unwrap()).await
    }

    /// Calls an operation as an administrator may: any signature will do.
    pub(crate) async fn call(&self, operation: &str, input: Value) -> Reply {
        let signature = "AWS4-HMAC-SHA256 Credential=any, SignedHeaders=host, Signature=any";
        self.send(self.request(operation, input.to_string()).header("Authorization", signature)).await
    }

    pub(crate) async fn start_registration(&self, token: &str) -> Reply {
        let body = json!({ "AccessToken": token }).to_string();
        self.send(self.request("StartWebAuthnRegistration", body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.http.get(format!("{}{path}", self.emulator.endpoint()))).await
    }
}

/// A pool for passkeys with one user, who is signed in.
pub(crate) struct Fixture {
    pub(crate) server: Server,
    pub(crate) pool: String,
    pub(crate) client: String,
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    pub(crate) refresh_token: String,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        Fixture::on(Server::start().await).await
    }

    pub(crate) async fn on(server: Server) -> Self {
        let pool = create_pool(&server, json!(["PASSWORD", "WEB_AUTHN"])).await;
        let configuration = json!({ "RelyingPartyId": "auth.example.com", "UserVerification": "preferred" });
        server
            .call("SetUserPoolMfaConfig", json!({ "UserPoolId": pool, "WebAuthnConfiguration": configuration }))
            .await
            .output();
        let client = create_client(&server, &pool, json!({})).await;
        create_user(&server, &pool, "testuser").await;
        let tokens = sign_in(&server, &client, "testuser").await;
        let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Fixture {
            pool,
            client,
            access_token: token("AccessToken"),
            id_token: token("IdToken"),
            refresh_token: token("RefreshToken"),
            server,
        }
    }

    pub(crate) async fn start(&self) -> Reply {
        self.server.start_registration(&self.access_token).await
    }

    /// What an administrator does to the user.
    pub(crate) async fn administer(&self, operation: &str) {
        self.server.call(operation, json!({ "UserPoolId": self.pool, "Username": "testuser" })).await.output();
    }

    /// The access token with other claims, signed again with the pool's own key.
    pub(crate) async fn resigned(&self, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let (mut header, mut claims) = decode(&self.access_token);
        change(&mut header, &mut claims);
        let given = self.server.get(&format!("/_cogspec/signing-key?pool={}", self.pool)).await.output();
        let key = Key::from_pem(given["kid"].as_str().unwrap(), given["pem"].as_str().unwrap()).unwrap();
        cogspec::token::mint(header.to_string().as_bytes(), claims.to_string().as_bytes(), &key)
    }
}

/// Header and claims.
pub(crate) fn decode(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| BASE64URL_NOPAD.decode(part.as_bytes()).unwrap());
    let mut object = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (object(), object())
}

pub(crate) async fn create_pool(server: &Server, factors: Value) -> String {
    let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": factors } });
    let created = server.call("CreateUserPool", json!({ "PoolName": "test", "Policies": policies })).await.output();
    created["UserPool"]["Id"].as_str().unwrap().to_owned()
}

/// A client with password sign-in, and these members beside.
pub(crate) async fn create_client(server: &Server, pool: &str, others: Value) -> String {
    let mut input = json!({
        "UserPoolId": pool,
        "ClientName": "app",
        "ExplicitAuthFlows": [
            "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
        ],
    });
    input.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
    let created = server.call("CreateUserPoolClient", input).await.output();
    created["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned()
}

pub(crate) async fn create_user(server: &Server, pool: &str, username: &str) {
    let attributes = json!([{ "Name": "email", "Value": "testuser@example.com" }]);
    let input = json!({ "UserPoolId": pool, "Username": username, "UserAttributes": attributes });
    server.call("AdminCreateUser", input).await.output();
    let input = json!({ "UserPoolId": pool, "Username": username, "Password": PASSWORD, "Permanent": true });
    server.call("AdminSetUserPassword", input).await.output();
}

/// Calls `InitiateAuth` with a password, whatever comes of it.
pub(crate) async fn try_sign_in(server: &Server, client: &str, username: &str, password: &str) -> Reply {
    let parameters = json!({ "USERNAME": username, "PASSWORD": password });
    let input = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    server.send(server.request("InitiateAuth", input.to_string())).await
}

/// `AuthenticationResult`.
pub(crate) async fn sign_in(server: &Server, client: &str, username: &str) -> Value {
    try_sign_in(server, client, username, PASSWORD).await.output()["AuthenticationResult"].clone()
}
