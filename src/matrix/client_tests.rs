//! A matrix of clients.

use proptest::prelude::*;
use serde_json::Value;

use super::tests::{input, is_well_formed, not_implemented, outcome, profile};
use super::*;
use crate::cognito::{Finding, rules};
use crate::run::{Outcome, finding_report};
use crate::target::Secrets;

fn scenario(id: &str, verdict: Verdict, made: &str) -> Outcome {
    let rule = &rules::token::EXPIRY;
    let finding = || finding_report(&Finding::new(rule, "nothing", "what the rule says"), &Secrets::default());
    let is_bad = matches!(verdict, Verdict::Warn | Verdict::Fail);
    Outcome {
        kind: Kind::Client { outcomes: vec!["error".into()] },
        findings: is_bad.then(finding).into_iter().collect(),
        reason: (verdict == Verdict::Skip).then(|| "it has no notion of the operation".to_owned()),
        ..outcome(id, verdict, made)
    }
}

fn client(name: &str, cases: Vec<Outcome>) -> Input {
    let mut input = input(name, cases);
    input.results.run.side = Side::Client;
    input.results.run.name = Some(name.to_owned());
    input
}

fn error(code: &str, message: &str) -> String {
    format!("outcome: error\ncode: {code}\nstatus: 400\nmessage: {message}\nattempts: 1")
}

/// Three clients that differ in each way, and one that has no notion of the operation.
fn clients() -> Vec<Input> {
    let failure = |code: &str| format!("outcome: failure\ncode: {code}\nmessage: {code} it is\nattempts: 3");
    let served = |options: &str| format!("outcome: success\nattempts: 1\noptions: {options}");
    let boto3 = vec![
        scenario("envelope.both", Verdict::Pass, &error("ForbiddenException", "no")),
        scenario("envelope.neither", Verdict::Pass, "outcome: error\nstatus: 400\nattempts: 1"),
        scenario("envelope.header", Verdict::Fail, &error("Unknown", "no")),
        scenario("transport.reset", Verdict::Pass, &failure("ConnectionClosedError")),
        scenario("document.plain", Verdict::Pass, &served(r#"{"challenge":"AA","timeout":60000}"#)),
        scenario("retry.after", Verdict::Skip, ""),
    ];
    let js = vec![
        scenario("envelope.both", Verdict::Pass, &error("ForbiddenException", "No | <b>way</b>")),
        scenario("envelope.neither", Verdict::Pass, "outcome: error\nstatus: 400\nattempts: 1"),
        scenario("envelope.header", Verdict::Pass, &error("ForbiddenException", "no")),
        scenario("transport.reset", Verdict::Pass, &failure("TimeoutError")),
        scenario("document.plain", Verdict::Pass, &served(r#"{"challenge":"AA"}"#)),
        scenario("retry.after", Verdict::Warn, &error("Slow|Down `it`", "wait")),
    ];
    let rust = vec![
        scenario("envelope.both", Verdict::Pass, &error("ForbiddenException", "no")),
        scenario("envelope.neither", Verdict::Pass, "outcome: error\nstatus: 400\nattempts: 1"),
        scenario("envelope.header", Verdict::Pass, &error("ForbiddenException", "no")),
        scenario("transport.reset", Verdict::Fail, &served("{}")),
    ];
    let mut none = not_implemented("none");
    none.results.run.side = Side::Client;
    vec![client("boto3", boto3), client("js", js), client("rust", rust), none]
}

#[test]
fn clients_stand_side_by_side_and_beside_nothing_else() {
    let matrix = Matrix::new(&clients(), profile()).unwrap();
    insta::assert_snapshot!("json", matrix.to_json().unwrap());
    insta::assert_snapshot!("markdown", matrix.to_markdown());
    insta::assert_snapshot!("text", anstream::adapter::strip_str(&crate::report::matrix(&matrix)));
    is_well_formed(&matrix);
    let page = crate::report::matrix_html(&matrix);
    let words = page.split_once("</style>").unwrap().1.split_once("<script>").unwrap().0;
    for text in [matrix.to_markdown(), words.to_owned(), crate::report::matrix(&matrix)] {
        assert!(!text.contains("live Cognito") && !text.contains("live Amazon") && !text.contains(" cases"), "{text}");
    }
}

#[test]
fn what_a_client_calls_its_own_failure_is_no_difference() {
    let matrix = Matrix::new(&clients()[..2], profile()).unwrap();
    let between: BTreeMap<&str, Between> = matrix.rows.iter().map(|row| (row.case.as_str(), row.between)).collect();
    let wanted = [
        ("document.plain", Between::Members),
        ("envelope.both", Between::Messages),
        ("envelope.header", Between::Classes),
        ("envelope.neither", Between::Alike),
        ("retry.after", Between::Single),
        ("transport.reset", Between::Alike),
    ];
    assert_eq!(between, BTreeMap::from(wanted));
    let whole = Matrix::new(&clients(), profile()).unwrap();
    let told: Vec<String> = whole.camps().iter().map(|camp| camp.told(str::to_owned)).collect();
    assert_eq!(told, ["boto3 / js, rust", "boto3, js / rust"]);
}

#[test]
fn servers_and_clients_make_no_matrix_together() {
    let mut inputs = clients();
    inputs.push(input("moto", vec![outcome("token.key.jku", Verdict::Pass, "")]));
    let refused = Matrix::new(&inputs, profile()).unwrap_err().to_string();
    assert!(refused.contains("`moto` is the result of a server, and `boto3` that of a client"), "{refused}");
}

/// What a client may tell of a scenario, with anything in it.
fn made() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("outcome: failure".to_owned()),
        "[^\n]{0,20}".prop_map(|code| format!("outcome: error\ncode: {code}\nattempts: 2")),
        "[^\n]{0,20}".prop_map(|text| format!("outcome: failure\ncode: {text}\nmessage: {text}")),
        "[^\n]{0,20}".prop_map(|text| format!("outcome: success\noptions: {{\"a\": {}}}", Value::from(text))),
        "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    /// Whatever clients tell: the counts add up, the JSON is read back and follows its schema, and no table breaks.
    #[test]
    fn any_results_of_clients_make_a_matrix(told in prop::collection::vec((made(), 0..4_usize), 8)) {
        let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::Skip, Verdict::Inconclusive];
        let ids = ["envelope.one", "gateway.two", "retry.three", "document.four"];
        let outcomes = told.iter().enumerate().map(|(at, (made, verdict))| scenario(ids[at % 4], verdicts[*verdict], made));
        let (a, b): (Vec<_>, Vec<_>) = outcomes.enumerate().partition(|(at, _)| *at < 4);
        let of = |outcomes: Vec<(usize, Outcome)>| outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        is_well_formed(&Matrix::new(&[client("a", of(a)), client("b", of(b))], profile()).unwrap());
    }
}
