//! Registrations, assertions and steps of users with passkeys, over real HTTP to the embedded emulator: each is answered as its
//! label, or the model, says.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod strategies;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cogspec::ceremony::{
    ASSERTION, Algorithm, Assertion, Creation, Credential, Defect, REGISTRATION, Registration, RequestOptions,
    UserVerification, broken_by_assertion, broken_by_registration, origin,
};
use cogspec::cognito::{COMPLETE, INITIATE_AUTH, RESPOND};
use cogspec::emulator::{Config, Emulator, Fault};
use cogspec::fuzz::replay;
use cogspec::generate::call::Input;
use cogspec::generate::credential::{Drawn, Right, with};
use cogspec::target::{Fixtures, PoolSpec, Target, User};
use cogspec::wire::{Exchange, Request};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

struct Server {
    // Dropping it ends it.
    _emulator: Emulator,
    fixtures: Arc<Fixtures>,
}

impl Server {
    async fn start(fault: Option<&str>) -> Server {
        let fault = fault.map(|fault| Fault::find(fault).unwrap());
        let emulator = Emulator::start(Config { fault, ..Config::default() }).await.unwrap();
        let target = Target::embedded(&emulator.endpoint(), "us-east-1", Duration::from_secs(10)).unwrap();
        Server { _emulator: emulator, fixtures: Arc::new(Fixtures::new(target, "test", None)) }
    }

    async fn call(&self, operation: &str, input: Value) -> Exchange {
        self.fixtures.target().transport.send(Request::call(operation, input.to_string())).await
    }

    async fn user(&self, user_verification: UserVerification) -> User {
        let spec = match user_verification {
            UserVerification::Required => &PoolSpec::VERIFICATION_REQUIRED,
            _ => &PoolSpec::MAIN,
        };
        self.fixtures.new_user(spec).await.unwrap()
    }

    async fn begin(&self, user: &User) -> Creation {
        let begun = output(&self.fixtures.target().transport.send(Request::start(&user.tokens.access)).await);
        Creation::of(&begun["CredentialCreationOptions"]).unwrap()
    }

    async fn complete(&self, user: &User, draft: &Registration) -> Exchange {
        let input = json!({ "AccessToken": user.tokens.access, "Credential": draft.document() });
        self.call(COMPLETE.name, input).await
    }

    /// What disagrees with the labels of a registration.
    async fn register(&self, drawn: &Drawn<Registration>) -> Vec<String> {
        let user = self.user(drawn.user_verification()).await;
        let creation = self.begin(&user).await;
        let draft = drawn.register(&creation, &origin(&creation.rp_id));
        let right = drawn.right(broken_by_registration(&draft.document(), &creation));
        disagreement(drawn.labels(), &right, &self.complete(&user, &draft).await)
    }

    /// The same of an assertion.
    async fn sign_in(&self, drawn: &Drawn<Assertion>) -> Vec<String> {
        let user = self.user(drawn.user_verification()).await;
        let creation = self.begin(&user).await;
        let mut passkey = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
        self.complete(&user, &Registration::new(&creation, &origin(&creation.rp_id), &passkey)).await;
        let client = &user.pool.as_ref().unwrap().client_id;
        let parameters = json!({ "USERNAME": user.username, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
        let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters });
        let begun = output(&self.call(INITIATE_AUTH.name, input).await);
        let options = begun["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"].as_str().unwrap();
        let options = RequestOptions::of(&serde_json::from_str(options).unwrap()).unwrap();
        let document = drawn.assert(&options, &origin(&options.rp_id), &mut passkey).document();
        let right = drawn.right(broken_by_assertion(&document, &options, &passkey));
        let input = json!({
            "ClientId": client,
            "ChallengeName": "WEB_AUTHN",
            "Session": begun["Session"],
            "ChallengeResponses": { "USERNAME": user.username, "CREDENTIAL": document.to_string() },
        });
        disagreement(drawn.labels(), &right, &self.call(RESPOND.name, input).await)
    }
}

fn output(exchange: &Exchange) -> Value {
    serde_json::from_slice(&exchange.result.as_ref().unwrap().body).unwrap()
}

fn disagreement(labels: Vec<&str>, right: &Right, exchange: &Exchange) -> Vec<String> {
    let class = exchange.classify(exchange.request.operation()).name().into_owned();
    let status = exchange.result.as_ref().unwrap().status;
    if right.is(&class, status) { Vec::new() } else { vec![format!("{labels:?}: {right:?}, got {class} ({status})")] }
}

#[tokio::test]
async fn each_registration_is_answered_as_its_label_says() {
    let server = Server::start(None).await;
    let mut told = server.register(&with([])).await;
    for defect in REGISTRATION.iter() {
        told.extend(server.register(&with([defect])).await);
    }
    assert_eq!(told, [""; 0]);
}

#[tokio::test]
async fn each_assertion_is_answered_as_its_label_says() {
    let server = Server::start(None).await;
    let mut told = server.sign_in(&with([])).await;
    for defect in ASSERTION.iter() {
        told.extend(server.sign_in(&with([defect])).await);
    }
    assert_eq!(told, [""; 0]);
}

#[test]
fn several_defects_are_answered_as_their_labels_say() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start(None));
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() });
    let holds = |told: Vec<String>| {
        prop_assert!(told.is_empty(), "{}", told.join("\n"));
        Ok(())
    };
    runner
        .run(&strategies::registrations(), |drawn| holds(runtime.block_on(server.register(&drawn))))
        .unwrap_or_else(|e| panic!("{e}"));
    runner
        .run(&strategies::assertions(), |drawn| holds(runtime.block_on(server.sign_in(&drawn))))
        .unwrap_or_else(|e| panic!("{e}"));
}

/// Labels and model would be worth nothing if they saw nothing.
#[tokio::test]
async fn what_a_fault_overlooks_a_label_sees() {
    fn named<T>(table: &'static [Defect<T>], name: &str) -> Drawn<T> {
        with(table.iter().filter(|defect| defect.name == name))
    }
    for (fault, label) in [
        ("ceremony.complete.origin.not-checked", "origin-other-host"),
        ("ceremony.complete.key.not-checked", "key-off-curve"),
        ("ceremony.complete.class.internal", "credential-string"),
        ("ceremony.complete.user-verified.not-checked", "user-not-verified"),
        ("ceremony.complete.user-verified.always", "user-not-verified-preferred"),
    ] {
        let told = Server::start(Some(fault)).await.register(&named(&REGISTRATION, label)).await;
        assert_eq!(told.len(), 1, "{fault}, {label}");
    }
    for (fault, label) in [
        ("ceremony.sign-in.signature.not-checked", "signature-flipped"),
        ("ceremony.sign-in.user-handle.not-checked", "user-handle-other"),
    ] {
        let told = Server::start(Some(fault)).await.sign_in(&named(&ASSERTION, label)).await;
        assert_eq!(told.len(), 1, "{fault}, {label}");
    }
}

/// Faults of the emulator, the seed in `corpus/ceremony` that meets each, and the rule that it breaks.
const FAULTS: &[(&str, &str, &str)] = &[
    ("ceremony.complete.challenge.reusable", "registration-replayed", "credentials.complete.challenge"),
    ("ceremony.complete.challenge.of-anybody", "challenge-of-another", "credentials.complete.challenge"),
    ("ceremony.complete.challenge.for-ever", "challenge-expired", "credentials.complete.challenge"),
    ("ceremony.complete.credential-id.moves", "same-passkey-by-another", "ceremony.registration.credential-id.unique"),
    ("ceremony.complete.not-kept", "register-list-delete", "credentials.list.registered"),
    ("ceremony.complete.replaces", "pages", "credentials.excluded"),
    ("ceremony.complete.kept-first", "defect-then-right", "credentials.excluded"),
    ("ceremony.complete.class.challenge", "challenge-of-another", "ceremony.class.challenge"),
    ("ceremony.list.of-everyone", "delete-of-another", "credentials.list.own"),
    ("ceremony.list.max-results.ignored", "pages", "credentials.list.max-results"),
    ("ceremony.list.next-token.not-given", "pages", "credentials.list.registered"),
    ("ceremony.delete.unknown-ok", "register-list-delete", "credentials.delete.unknown"),
    ("ceremony.delete.of-anybody", "delete-of-another", "credentials.delete.own"),
    ("ceremony.delete.nothing", "deleted-passkey-registered-again", "credentials.excluded"),
    ("ceremony.delete.exclude-list-keeps", "register-list-delete", "credentials.excluded"),
    ("ceremony.factors.without-passkey", "sign-in", "sign-in.factors"),
    ("ceremony.sign-in.challenge.not-checked", "sign-in-defect", "ceremony.assertion.challenge"),
    ("ceremony.sign-in.passkey.of-anybody", "sign-in-with-anothers", "ceremony.assertion.credential"),
    ("ceremony.sign-in.deleted", "sign-in-with-deleted", "sign-in.deleted"),
    ("ceremony.sign-in.disabled", "sign-in-disabled", "sign-in.disabled"),
    ("ceremony.sign-in.session.reusable", "sign-in-replayed", "sign-in.session.once"),
    ("ceremony.sign-in.session.for-ever", "sign-in-expired", "sign-in.session.expires"),
    ("ceremony.sign-in.options.allow-nothing", "sign-in", "sign-in.options.allow"),
    ("ceremony.sign-in.without-passkey", "sign-in-with-deleted", "sign-in.not-offered"),
    ("state.sign-out.ignored", "sign-out-and-in", "state.revoked"),
    ("state.disabled.revives", "sign-in-disabled", "state.disabled"),
];

#[tokio::test]
async fn what_a_fault_changes_the_model_sees() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/ceremony");
    let mut wrong = Vec::new();
    for (fault, seed, rule) in FAULTS {
        let input = Input::of_file(&std::fs::read(corpus.join(format!("drawn-{seed}"))).unwrap()).unwrap();
        let server = Server::start(Some(fault)).await;
        let told: Vec<String> = match replay(&server.fixtures, &input).await {
            Ok(replayed) => replayed.findings.iter().map(|finding| finding.rule.to_string()).collect(),
            Err(e) => vec![e.to_string()],
        };
        if !told.iter().any(|told| told == rule) {
            wrong.push(format!("{fault}, {seed}: {told:?}, not {rule}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn nothing_is_found_by_the_seeds_on_a_right_server() {
    let server = Server::start(None).await;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/ceremony")).unwrap() {
        let path = entry.unwrap().path();
        let replayed = replay(&server.fixtures, &Input::of_file(&std::fs::read(&path).unwrap()).unwrap()).await;
        match replayed {
            Ok(replayed) => assert!(replayed.findings.is_empty(), "{}: {:?}", path.display(), replayed.findings),
            Err(e) => panic!("{}: {e}", path.display()),
        }
    }
}
