//! The embedded emulator without a socket, with one signed-in user.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, UNIX_EPOCH};

use arbitrary::Unstructured;
use axum::body::Bytes;
use serde_json::{Value, json};

use crate::cognito::{START, Severity};
use crate::emulator::{Config, Service};
use crate::generate::call::{self, Caller};
use crate::generate::session::Step;
use crate::generate::token::{Base, Signer};
use crate::oracle::sessions::{Actor, Sessions};
use crate::oracle::{self, SecretParts, labels};
use crate::token::{Draft, Jwks, Key};
use crate::wire::json::{Member, Object};
use crate::wire::{Classification, Exchange, Request, Response, classify};

/// When it is, in seconds since the epoch: the same inputs give the same answers.
const NOW: u32 = 1_800_000_000;

/// A service with a pool for passkeys and a user.
pub(super) struct Embedded {
    service: Service,
    /// The user.
    pub(super) caller: Caller,
    /// The pool's keys.
    pub(super) keys: Jwks,
    /// The user, as the operations on sessions name one.
    actor: Actor,
    /// The user's token, for the search through answers.
    secrets: SecretParts,
}

impl Embedded {
    /// The one service of this process.
    pub(super) fn get() -> &'static Embedded {
        static EMBEDDED: LazyLock<Embedded> =
            LazyLock::new(|| Embedded::new().expect("the emulator sets up a pool and a user"));
        &EMBEDDED
    }

    fn new() -> Option<Embedded> {
        let clock = Arc::new(|| UNIX_EPOCH + Duration::from_secs(NOW.into()));
        let service = Service::new(&Config { clock, ..Config::default() });
        let call = |operation: &str, input: Value| {
            let request = Request::call(operation, input.to_string()).header("Authorization", "any");
            serde_json::from_slice::<Value>(&send(&service, &request)?.body).ok().or(Some(Value::Null))
        };
        let text = |output: &Value, at: &str| Some(output.pointer(at)?.as_str()?.to_owned());
        let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
        let pool = text(&call("CreateUserPool", json!({ "PoolName": "a", "Policies": policies }))?, "/UserPool/Id")?;
        let web_authn = json!({ "RelyingPartyId": "auth.example.com", "UserVerification": "preferred" });
        call("SetUserPoolMfaConfig", json!({ "UserPoolId": pool, "WebAuthnConfiguration": web_authn }))?;
        let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
        let client = json!({ "UserPoolId": pool, "ClientName": "a", "ExplicitAuthFlows": flows });
        let client = text(&call("CreateUserPoolClient", client)?, "/UserPoolClient/ClientId")?;
        call("AdminCreateUser", json!({ "UserPoolId": pool, "Username": "a" }))?;
        let password = json!({ "UserPoolId": pool, "Username": "a", "Password": "Abcdef-1", "Permanent": true });
        call("AdminSetUserPassword", password)?;
        let parameters = json!({ "USERNAME": "a", "PASSWORD": "Abcdef-1" });
        let sign_in = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        let access = text(&call("InitiateAuth", sign_in)?, "/AuthenticationResult/AccessToken")?;
        let document = |path: &str| Some(send(&service, &Request::call("", "").method("GET").path(path))?.body);
        let key: Value = serde_json::from_slice(&document(&format!("/_cogspec/signing-key?pool={pool}"))?).ok()?;
        let key = Key::from_pem(text(&key, "/kid")?, &text(&key, "/pem")?).ok()?;
        let keys = Jwks::parse(&document(&format!("/{pool}/.well-known/jwks.json"))?).ok()?;
        let base = Base { draft: Draft::of(&access)?, now: NOW.into(), signer: Signer::key(key) };
        let secrets = [access.as_str()].into_iter().collect();
        let actor = Actor { pool, client, username: "a".to_owned(), password: "Abcdef-1".to_owned() };
        Some(Embedded { service, caller: Caller { access, base }, keys, actor, secrets })
    }

    /// Sends a body: what is no object is refused, and what is served has a right token.
    pub(super) fn hold_body(&self, body: &[u8]) {
        let (class, _) = exchange(self, &Request::start_with_body(body));
        match Object::parse(body) {
            Ok(object) if class.name() == "success" => {
                let token = object.last("AccessToken").and_then(Member::string).unwrap_or_default();
                let findings = labels::token_findings(&token, self.caller.base.now, Some(&self.keys));
                assert!(findings.iter().all(|finding| finding.severity() < Severity::Fail), "{findings:?}");
            }
            Ok(_) => {}
            Err(_) => assert!(
                matches!(&*class.name(), "SerializationException" | "InvalidParameterException"),
                "a body that is no object: {}",
                class.name()
            ),
        }
    }

    /// Draws a call and holds parser, verifier and emulator to its labels.
    pub(super) fn hold_call(&self, u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<String>> {
        let drawn = call::draw(u, &self.caller)?;
        let (class, mut told) = exchange(self, &drawn.http.request);
        if !drawn.is_right(&class) {
            told.push(format!("{:?}: expected {:?}, got {}", drawn.labels(), drawn.classes(), class.name()));
        }
        told.extend(labels::token(&drawn.token, self.caller.base.now, Some(&self.keys)));
        Ok(told)
    }

    /// Takes steps of sessions as a user of their own, calls with each token at the end, and holds the answers to the model.
    pub(super) fn hold_sessions(&self, steps: &[Step]) -> Vec<String> {
        // Tests call from several threads.
        static USERS: AtomicUsize = AtomicUsize::new(0);
        let username = &format!("user-{}", USERS.fetch_add(1, Ordering::Relaxed));
        let of_user = json!({ "UserPoolId": self.actor.pool, "Username": username });
        let mut password = of_user.clone();
        password["Password"] = json!(self.actor.password);
        password["Permanent"] = json!(true);
        self.control("AdminCreateUser", &of_user);
        self.control("AdminSetUserPassword", &password);
        let mut sessions = Sessions::new(Actor { username: username.to_owned(), ..self.actor.clone() });
        let mut told = Vec::new();
        let judge = |sessions: &Sessions, number: usize| {
            let request = Request::start(sessions.tokens().nth(number)?);
            let answer = send(&self.service, &request)?;
            let exchange = Exchange { request, result: Ok(answer), elapsed: Duration::ZERO };
            let finding = sessions.judge(number, &exchange, &exchange.classify(&START))?;
            Some(format!("{steps:?}: {}: got {}, wanted {}", finding.rule.id, finding.got, finding.wanted))
        };
        for step in [Step::SignIn].iter().chain(steps) {
            if let Step::Call(number) = step {
                told.extend(judge(&sessions, *number));
            } else if let Some(output) = sessions.call(*step).and_then(|call| self.control(call.operation, &call.input))
            {
                sessions.follow(*step, &output, NOW.into());
            }
        }
        told.extend((0..sessions.tokens().len()).filter_map(|number| judge(&sessions, number)));
        self.control("AdminDeleteUser", &of_user);
        told
    }

    /// The output of another operation, where it succeeds.
    fn control(&self, operation: &str, input: &Value) -> Option<Value> {
        let request = Request::call(operation, input.to_string()).header("Authorization", "any");
        let answer = send(&self.service, &request).filter(Response::is_success)?;
        serde_json::from_slice(&answer.body).ok().or(Some(Value::Null))
    }

    /// Whether the emulator's own words hold a part of this text, whatever token it was sent.
    pub(super) fn says(&self, text: &str) -> bool {
        let parts: SecretParts = [text].into_iter().collect();
        let answers = ["a.b.c", "\0"].map(|token| send(&self.service, &Request::start(token)));
        let is_in = |answer: &Response| {
            parts.are_in(&answer.body) || answer.headers.iter().any(|(_, value)| parts.are_in(value))
        };
        answers.iter().flatten().any(is_in)
    }
}

/// Sends a request: the answer's class, and what fails in the answer by itself.
pub(super) fn exchange(embedded: &Embedded, request: &Request) -> (Classification, Vec<String>) {
    let response = send(&embedded.service, request).expect("a request that HTTP can carry");
    let classification = classify(&START, &response);
    let findings = oracle::answer(&START, request, &response, &classification, &embedded.secrets);
    let told = findings.into_iter().filter(|finding| finding.severity() == Severity::Fail);
    let told = told.map(|finding| format!("{}: got {}, wanted {}", finding.rule.id, finding.got, finding.wanted));
    (classification, told.collect())
}

/// The answer; `None` where the request is none that the HTTP library can hold.
fn send(service: &Service, request: &Request) -> Option<Response> {
    let mut builder = http::Request::builder().method(request.method.as_str()).uri(&request.path);
    for (name, value) in &request.headers {
        builder = builder.header(name, value.as_slice());
    }
    let request = builder.body(Bytes::copy_from_slice(&request.body)).ok()?;
    let response = service.handle(&request);
    let headers =
        response.headers().iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    Some(Response { status: response.status().as_u16(), headers, body: response.body().to_vec() })
}
