//! The embedded emulator without a socket, with one signed-in user.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, UNIX_EPOCH};

use arbitrary::Unstructured;
use axum::body::Bytes;
use serde_json::{Value, json};

use crate::cognito::{Operation, START, Severity};
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
pub(super) const NOW: u32 = 1_800_000_000;

/// The relying party of every pool.
pub(super) const RELYING_PARTY: &str = "auth.example.com";

/// A service with a pool for passkeys and a user.
pub(super) struct Embedded {
    service: Service,
    /// The user.
    pub(super) caller: Caller,
    /// The pool's keys.
    pub(super) keys: Jwks,
    /// The user, as the operations on sessions name one.
    pub(super) actor: Actor,
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
        let actor = new_pool(&service, "preferred")?;
        let access = signed_in(&service, &actor)?;
        let pool = &actor.pool;
        let document = |path: &str| Some(send(&service, &Request::call("", "").method("GET").path(path))?.body);
        let key: Value = serde_json::from_slice(&document(&format!("/_cogspec/signing-key?pool={pool}"))?).ok()?;
        let key = Key::from_pem(text(&key, "/kid")?, text(&key, "/pem")?).ok()?;
        let keys = Jwks::parse(&document(&format!("/{pool}/.well-known/jwks.json"))?).ok()?;
        let base = Base { draft: Draft::of(&access)?, now: NOW.into(), signer: Signer::key(key) };
        let secrets = [access.as_str()].into_iter().collect();
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
        let actor = self.new_user(&self.actor);
        let mut sessions = Sessions::new(actor.clone());
        let mut told = Vec::new();
        let judge = |sessions: &Sessions, number: usize| {
            let request = Request::start(sessions.tokens().nth(number)?);
            let exchange = self.exchange(request);
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
        self.delete_user(&actor);
        told
    }

    /// A new user of the pool of that one.
    pub(super) fn new_user(&self, of: &Actor) -> Actor {
        // Tests call from several threads.
        static USERS: AtomicUsize = AtomicUsize::new(0);
        let actor = Actor { username: format!("user-{}", USERS.fetch_add(1, Ordering::Relaxed)), ..of.clone() };
        add_user(&self.service, &actor).expect("the emulator makes a user");
        actor
    }

    /// Deletes the user, with all that is theirs.
    pub(super) fn delete_user(&self, actor: &Actor) {
        self.control("AdminDeleteUser", &json!({ "UserPoolId": actor.pool, "Username": actor.username }));
    }

    /// A pool of its own, and a first user.
    pub(super) fn new_pool(&self, user_verification: &str) -> Actor {
        new_pool(&self.service, user_verification).expect("the emulator makes a pool")
    }

    /// An access token of the user.
    pub(super) fn signed_in(&self, actor: &Actor) -> String {
        signed_in(&self.service, actor).expect("the emulator signs a user in")
    }

    /// The output of another operation, where it succeeds.
    pub(super) fn control(&self, operation: &str, input: &Value) -> Option<Value> {
        control(&self.service, operation, input)
    }

    /// The exchange of that request.
    pub(super) fn exchange(&self, request: Request) -> Exchange {
        let answer = send(&self.service, &request).expect("a request that HTTP can carry");
        Exchange { request: request.into(), result: Ok(answer), elapsed: Duration::ZERO }
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
    judged(&START, request, &response, &embedded.secrets)
}

/// The class of an answer, and what fails in it by itself.
pub(super) fn judged(
    operation: &Operation,
    request: &Request,
    response: &Response,
    secrets: &SecretParts,
) -> (Classification, Vec<String>) {
    let classification = classify(operation, response);
    let findings = oracle::answer(operation, request, response, &classification, secrets);
    let told = findings.into_iter().filter(|finding| finding.severity() == Severity::Fail);
    let told = told.map(|finding| format!("{}: got {}, wanted {}", finding.rule.id, finding.got, finding.wanted));
    (classification, told.collect())
}

/// A pool for passkeys with a client and a first user.
fn new_pool(service: &Service, user_verification: &str) -> Option<Actor> {
    let owned = |output: &Value, at: &str| text(output, at).map(str::to_owned);
    let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
    let pool = control(service, "CreateUserPool", &json!({ "PoolName": "a", "Policies": policies }))?;
    let pool = owned(&pool, "/UserPool/Id")?;
    let web_authn = json!({ "RelyingPartyId": RELYING_PARTY, "UserVerification": user_verification });
    control(service, "SetUserPoolMfaConfig", &json!({ "UserPoolId": pool, "WebAuthnConfiguration": web_authn }))?;
    let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]);
    let client = json!({ "UserPoolId": pool, "ClientName": "a", "ExplicitAuthFlows": flows });
    let client = owned(&control(service, "CreateUserPoolClient", &client)?, "/UserPoolClient/ClientId")?;
    let actor = Actor { pool, client, username: "a".to_owned(), password: "Abcdef-1".to_owned() };
    add_user(service, &actor)?;
    Some(actor)
}

fn add_user(service: &Service, actor: &Actor) -> Option<()> {
    let Actor { pool, username, password, .. } = actor;
    control(service, "AdminCreateUser", &json!({ "UserPoolId": pool, "Username": username }))?;
    let input = json!({ "UserPoolId": pool, "Username": username, "Password": password, "Permanent": true });
    control(service, "AdminSetUserPassword", &input).map(drop)
}

/// An access token.
fn signed_in(service: &Service, actor: &Actor) -> Option<String> {
    let parameters = json!({ "USERNAME": actor.username, "PASSWORD": actor.password });
    let input = json!({ "ClientId": actor.client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    let output = control(service, "InitiateAuth", &input)?;
    text(&output, "/AuthenticationResult/AccessToken").map(str::to_owned)
}

/// The output of an operation, where it succeeds.
fn control(service: &Service, operation: &str, input: &Value) -> Option<Value> {
    let request = Request::call(operation, input.to_string()).header("Authorization", "any");
    let answer = send(service, &request).filter(Response::is_success)?;
    serde_json::from_slice(&answer.body).ok().or(Some(Value::Null))
}

fn text<'a>(output: &'a Value, at: &str) -> Option<&'a str> {
    output.pointer(at)?.as_str()
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
