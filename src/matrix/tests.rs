use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::cognito::{Finding, Rule, rules};
use crate::report::Schema;
use crate::run::{
    EVENTS_VERSION, ExchangeReport, FindingReport, Listed, Outcome, Results, RunInfo, Summary, finding_report,
};
use crate::snapshot::Profile;
use crate::suite::{Role, Side};
use crate::target::Secrets;

/// Cases of which the profile `cognito` knows something: recorded, of served options, recorded, inferred.
const EXPIRED: &str = "token.time.expired-hour";
const SERVED: &str = "options.served";
const CAUSE: &str = "errors.cause.not-authorized";
const INFERRED: &str = "request.body.empty";

pub(super) fn profile() -> &'static Profile {
    static PROFILE: LazyLock<Profile> = LazyLock::new(|| Profile::find("cognito").unwrap());
    &PROFILE
}

/// The schema, strict in that it must describe all that is written.
fn schema() -> &'static jsonschema::Validator {
    static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let mut schema: serde_json::Value = serde_json::from_str(Schema::Matrix.text()).unwrap();
        schema["additionalProperties"] = false.into();
        for described in schema["$defs"].as_object_mut().unwrap().values_mut() {
            described["additionalProperties"] = false.into();
        }
        jsonschema::draft202012::new(&schema).unwrap()
    });
    &SCHEMA
}

fn finding(rule: &'static Rule, got: &str) -> FindingReport {
    finding_report(&Finding::new(rule, got, "what the rule says"), &Secrets::default())
}

pub(super) fn outcome(id: &str, verdict: Verdict, observation: &str) -> Outcome {
    let exchange = ExchangeReport {
        role: Role::Test,
        curl: format!("curl -sS -i 'http://127.0.0.1:4000/' --data-binary '{id}'"),
        status: Some(400),
        class: "NotAuthorizedException".to_owned(),
        message: None,
        answer: "HTTP 400".to_owned(),
        elapsed_ms: 3,
    };
    Outcome {
        title: format!("shows {id}"),
        rules: vec!["token.expiry".into()],
        verdict,
        exchanges: vec![exchange],
        observation: (!observation.is_empty()).then(|| observation.to_owned()),
        ..Outcome::example(id)
    }
}

fn refused(message: &str) -> String {
    format!("status: 400\nclass: NotAuthorizedException\nmessage: {message}\nmembers: __type, message")
}

fn served(timeout: u32) -> String {
    format!(
        "status: 200\nclass: success\nbody: {{\"CredentialCreationOptions\": {{\"timeout\": {timeout}, \"hints\": []}}}}"
    )
}

pub(super) fn input(name: &str, cases: Vec<Outcome>) -> Input {
    let run = RunInfo {
        version: EVENTS_VERSION,
        cogspec: "0.1.0".into(),
        target: name.to_owned(),
        endpoint: "http://127.0.0.1:4000".to_owned(),
        cases: cases.len(),
        seed: 1,
        case_set: "0123456789ab".to_owned(),
        started: 1_800_000_000,
        token: "cogspec1.1.0123456789ab.0.1800000000".to_owned(),
        side: Side::Server,
        name: None,
    };
    let summary = Summary::default();
    let results = Results { version: EVENTS_VERSION, run, cases, notices: Vec::new(), summary };
    Input { name: name.to_owned(), version: Some("1.2.3".to_owned()), homepage: None, results }
}

pub(super) fn not_implemented(name: &str) -> Input {
    let mut input = input(name, Vec::new());
    input.results.notices = vec![format!("{name} does not implement the operation: 404 <b>|</b>")];
    input.results.summary.not_run = 1491;
    input
}

/// Two servers that differ in each way, and one that does not know the operation.
fn eventful() -> Vec<Input> {
    let failed = |id: &str, observation: &str, rule: &'static Rule| Outcome {
        findings: vec![finding(rule, "success (200)"), finding(rule, "the same again")],
        ..outcome(id, Verdict::Fail, observation)
    };
    let one = vec![
        outcome(INFERRED, Verdict::Pass, "status: 400\nclass: SerializationException"),
        outcome("request.plain", Verdict::Pass, &served(60_000)),
        Outcome { reason: Some("no key".to_owned()), ..outcome("token.key.jku", Verdict::Skip, "") },
        failed(EXPIRED, &served(60_000), &rules::token::EXPIRY),
        outcome("token.time.exp-zero", Verdict::Pass, &refused("Invalid Access Token")),
        outcome(SERVED, Verdict::Pass, &served(1000)),
        Outcome {
            kind: Kind::Audit,
            findings: vec![finding(&rules::options::CHALLENGE_UUID_TEXT, "a UUID")],
            ..outcome("options.challenge.uuid-text", Verdict::Warn, "")
        },
        outcome(CAUSE, Verdict::Pass, &refused("Invalid Access Token")),
    ];
    let known = Listed {
        found: Verdict::Fail,
        fingerprint: Vec::new(),
        reason: "upstream knows it".to_owned(),
        link: None,
        expires: None,
        expired: false,
    };
    let other = vec![
        outcome(INFERRED, Verdict::Pass, "status: 500\nclass: SerializationException"),
        outcome("request.plain", Verdict::Pass, &served(30_000)),
        outcome("token.key.jku", Verdict::Pass, &refused("No.")),
        outcome(EXPIRED, Verdict::Pass, &refused("expired\n| <b>boldly</b> `at` http://evil.example")),
        Outcome {
            listed: Some(known),
            verdict: Verdict::Known,
            ..failed("token.time.exp-zero", "transport: timeout", &rules::token::EXPIRY)
        },
        outcome(SERVED, Verdict::Pass, &served(60_000)),
        outcome(CAUSE, Verdict::Inconclusive, "status: 400\nclass: Nonsense|Exception"),
    ];
    vec![input("one", one), not_implemented("gone"), input("other", other)]
}

#[test]
fn the_matrix_says_how_each_stands_to_live_cognito_and_to_the_other() {
    let matrix = Matrix::new(&eventful(), profile()).unwrap();
    insta::assert_snapshot!("json", matrix.to_json().unwrap());
    insta::assert_snapshot!("markdown", matrix.to_markdown());
    insta::assert_snapshot!("text", anstream::adapter::strip_str(&crate::report::matrix(&matrix)));
    is_well_formed(&matrix);
}

#[test]
fn a_column_has_one_name_that_can_stand_in_a_table() {
    let refused = |names: [&str; 2]| {
        let inputs = names.map(|name| input(name, Vec::new()));
        Matrix::new(&inputs, profile()).unwrap_err().to_string()
    };
    assert!(refused(["a", "a"]).contains("two results of `a`"));
    for wrong in ["", "a|b", "a b", "é", "\u{202e}", &"a".repeat(41)] {
        assert!(refused(["a", wrong]).contains("name the file after"), "{wrong}");
    }
    assert!(Matrix::new(&[], profile()).unwrap().rows.is_empty());
}

#[test]
fn a_run_that_was_stopped_is_no_judgement() {
    let mut part = input("part", vec![outcome(CAUSE, Verdict::Pass, &refused("No."))]);
    part.results.summary.not_run = 7;
    let mut stopped_early = input("early", Vec::new());
    stopped_early.results.summary = Summary { not_run: 8, interrupted: true, ..Summary::default() };
    let matrix = Matrix::new(&[part, stopped_early], profile()).unwrap();
    assert_eq!(matrix.columns[0].state, State::Partly { not_run: 7 });
    assert_eq!(matrix.columns[1].state, State::Partly { not_run: 8 });
}

/// What holds for every matrix.
pub(super) fn is_well_formed(matrix: &Matrix) {
    for column in &matrix.columns {
        let cells: Vec<&Cell> = matrix.rows.iter().filter_map(|row| row.cells.get(&column.name)).collect();
        let of_themes: Vec<&Tally> = column.themes.values().collect();
        assert_eq!(column.all.cells, cells.len());
        assert_eq!(column.all.cells, of_themes.iter().map(|tally| tally.cells).sum::<usize>());
        for tally in of_themes.into_iter().chain([&column.all]) {
            assert_eq!(tally.cells, tally.verdicts.values().sum::<usize>());
            assert_eq!(tally.cells, tally.live.values().sum::<usize>());
            assert!(tally.live_inferred.iter().all(|(standing, cases)| *cases <= tally.standing(*standing)));
            assert!(tally.known <= tally.of(Verdict::Fail) + tally.of(Verdict::Warn));
        }
        for verdict in Verdict::ALL {
            assert_eq!(column.all.of(verdict), cells.iter().filter(|cell| cell.verdict == verdict).count());
        }
        for wrong in &column.wrong {
            let breaks =
                |cell: &&&Cell| cell.findings.iter().any(|f| f.rule == wrong.rule && f.severity == wrong.severity);
            assert_eq!(cells.iter().filter(breaks).count(), wrong.cases);
        }
        assert!(column.wrong.is_sorted_by_key(|wrong| std::cmp::Reverse(wrong.cases)));
    }
    for row in &matrix.rows {
        assert!(row.cells.keys().all(|name| matrix.columns.iter().any(|column| column.name == *name)));
        for cell in row.cells.values() {
            assert_eq!(row.live.is_none(), cell.live == Standing::Unknown);
            assert_eq!(cell.live.differs(), !cell.differs.is_empty());
            assert!(cell.findings.iter().all(|finding| matrix.rules.contains_key(&finding.rule)));
        }
    }
    let json = matrix.to_json().unwrap();
    assert_eq!(serde_json::from_str::<Matrix>(&json).unwrap(), *matrix);
    let document = serde_json::from_str(&json).unwrap();
    let errors: Vec<String> = schema().iter_errors(&document).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    is_rectangular(&matrix.to_markdown());
}

/// Each row of a table has as many cells as its head, and nothing in one is HTML but what the document's own frame is.
fn is_rectangular(markdown: &str) {
    let mut width = None;
    for line in markdown.lines() {
        let own = ["<details><summary>", "</summary>", "</details>"];
        let words: String = line.split('`').step_by(2).collect();
        let words = own.iter().fold(words, |words, tag| words.replace(tag, ""));
        assert!(!words.contains('<') && !words.contains("://"), "{line}");
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        assert!(line.ends_with('|'), "{line}");
        let cells = line.matches('|').count();
        assert_eq!(*width.get_or_insert(cells), cells, "{line}");
    }
}

fn some_outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    let ids = vec![EXPIRED, SERVED, CAUSE, INFERRED, "ceremony.plain", "state.one", "response.survives"];
    let verdicts = Verdict::ALL.into_iter().filter(|verdict| !matches!(verdict, Verdict::Known | Verdict::Fixed));
    let verdicts = select(verdicts.collect::<Vec<_>>());
    let observation = prop_oneof![
        Just(String::new()),
        Just(served(60_000)),
        Just(format!("× 3\n{}\n\n{}", served(1), refused("Access Token has expired"))),
        "[^\n]{0,20}".prop_map(|message| refused(&message)),
        "[^\n]{0,20}".prop_map(|class| format!("status: 418\nclass: {class}")),
        "\\PC{0,40}",
    ];
    let rules = subsequence(vec![&rules::token::EXPIRY, &rules::token::SIGNATURE, &rules::request::PATH], 0..=3);
    let told = (verdicts, observation, rules, "\\PC{0,20}", any::<bool>());
    (subsequence(ids, 0..=7), prop::collection::vec(told, 7)).prop_map(|(ids, told)| {
        let make =
            |(id, (found, observation, rules, text, is_known)): (&str, (Verdict, String, Vec<_>, String, bool))| {
                let is_bad = matches!(found, Verdict::Warn | Verdict::Fail);
                let listed = Listed {
                    found,
                    fingerprint: Vec::new(),
                    reason: text.clone(),
                    link: None,
                    expires: None,
                    expired: false,
                };
                Outcome {
                    verdict: if is_bad && is_known { Verdict::Known } else { found },
                    listed: (is_bad && is_known).then_some(listed),
                    reason: (!is_bad).then(|| text.clone()),
                    findings: rules.into_iter().map(|rule| finding(rule, &text)).collect(),
                    ..outcome(id, found, &observation)
                }
            };
        ids.into_iter().zip(told).map(make).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    /// Whatever servers say: the counts add up, the JSON is read back and follows its schema, and no table breaks.
    #[test]
    fn any_results_make_a_matrix(a in some_outcomes(), b in some_outcomes(), c in some_outcomes()) {
        let inputs = [input("a", a), not_implemented("gone"), input("b", b), input("c", c)];
        is_well_formed(&Matrix::new(&inputs, profile()).unwrap());
    }
}
