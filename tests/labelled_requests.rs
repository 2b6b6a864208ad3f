//! Requests with labelled defects, over real HTTP to the embedded emulator: each is answered as its label says.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod seeds;

use std::time::Duration;

use arbitrary::Unstructured;
use cogspec::cognito::{START, Severity};
use cogspec::emulator::{Config, Emulator, Fault};
use cogspec::generate::request::{self, RequestDefect};
use cogspec::oracle::{self, labels};
use cogspec::target::{Fixtures, Target};
use futures::StreamExt;
use seeds::bytes;

struct Server {
    // Dropping it ends it.
    _emulator: Emulator,
    target: Target,
    token: String,
}

impl Server {
    /// An emulator with a signed-in user; a request without an answer fails after `timeout`.
    async fn start(config: Config, timeout: Duration) -> Server {
        let emulator = Emulator::start(config).await.unwrap();
        let target = Target::embedded(&emulator.endpoint(), "us-east-1", timeout).unwrap();
        let patient = Target::embedded(&emulator.endpoint(), "us-east-1", Duration::from_secs(10)).unwrap();
        let token = Fixtures::new(patient, "test", None).user().await.unwrap().tokens.access.clone();
        Server { _emulator: emulator, target, token }
    }

    /// Sends what is drawn: what disagrees with the labels, and what fails in the answer by itself.
    async fn hold(&self, drawn: request::Drawn) -> Vec<String> {
        let exchange = self.target.transport.send(drawn.request.clone()).await;
        let classification = exchange.classify(&START);
        let mut told = labels::request(&drawn, "success", &classification);
        if let Ok(response) = &exchange.result {
            let secrets = [self.token.as_str()].into_iter().collect();
            let findings = oracle::answer(&START, &drawn.request, response, &classification, &secrets);
            let fails = findings.into_iter().filter(|finding| finding.severity() == Severity::Fail);
            told.extend(fails.map(|finding| format!("{:?}: {}: {}", drawn.defects, finding.rule.id, finding.got)));
        }
        told
    }

    /// What is told of all draws.
    async fn hold_all(&self, draws: impl Iterator<Item = request::Drawn>) -> Vec<String> {
        let told: Vec<Vec<String>> =
            futures::stream::iter(draws).map(|drawn| self.hold(drawn)).buffered(8).collect().await;
        told.concat()
    }

    /// The defect by itself, drawn from that many seeds.
    fn draws(&self, defect: &'static RequestDefect, seeds: u32) -> impl Iterator<Item = request::Drawn> {
        (0..seeds)
            .map(move |seed| request::with(&mut Unstructured::new(&bytes(seed)), &self.token, vec![defect]).unwrap())
    }
}

const PATIENCE: Duration = Duration::from_secs(10);

/// Faults of the emulator, the defect that meets each, and the rule that it breaks.
const FAULTS: &[(&str, &str, &str)] = &[
    ("request.chunked.refused", "chunked", "request.chunked"),
    ("request.content-type.exact", "content-type.parameter", "request.content-type.parameters"),
    ("request.json.class", "json.cut", "request.json.class.other"),
    ("request.json.escapes-kept", "json.escapes.any", "request.json.escapes"),
    ("request.json.overlong-utf-8", "encoding.utf-8", "request.json.utf8"),
    ("request.json.server-error", "json.cut", "response.no-server-error"),
    ("request.json.trailing-comma", "json.lenient", "request.json.strict"),
    ("request.member-name.trimmed", "input.name", "request.member-name"),
    ("request.method.any", "http.method", "request.method"),
    ("request.path.absolute-form-refused", "path.absolute-form", "request.http.absolute-form"),
    ("request.size.small", "size.white-space", "request.size.served"),
];

#[tokio::test]
async fn one_defect_is_answered_as_its_label_says() {
    let server = Server::start(Config::default(), PATIENCE).await;
    let defects = request::defects().iter().filter(|defect| !defect.waits());
    let told = server.hold_all(defects.flat_map(|defect| server.draws(defect, 12))).await;
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[tokio::test]
async fn requests_without_a_whole_body_are_not_run() {
    let server = Server::start(Config::default(), Duration::from_millis(300)).await;
    let defects = request::defects().iter().filter(|defect| defect.waits());
    let draws: Vec<_> = defects.flat_map(|defect| server.draws(defect, 12)).collect();
    assert!(!draws.is_empty());
    let told = server.hold_all(draws.into_iter()).await;
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[tokio::test]
async fn defects_that_are_combined_are_answered_as_one_of_their_labels_says() {
    let server = Server::start(Config::default(), PATIENCE).await;
    let draws =
        (0..1500).map(|seed| request::draw_for_socket(&mut Unstructured::new(&bytes(seed)), &server.token).unwrap());
    let told = server.hold_all(draws).await;
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What these faults overlook, the labels see, each under the rule that it breaks.
#[tokio::test]
async fn a_server_with_a_fault_is_told_under_its_rule() {
    for (fault, name, rule) in FAULTS {
        let config = Config { fault: Some(Fault::find(fault).unwrap()), ..Config::default() };
        let server = Server::start(config, PATIENCE).await;
        let defect = request::defects().iter().find(|defect| defect.name == *name).unwrap();
        let told = server.hold_all(server.draws(defect, 100)).await;
        assert!(told.iter().any(|told| told.contains(&format!(": {rule}: "))), "{fault}: {}", told.join("\n"));
    }
}
