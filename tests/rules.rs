//! Rules and cases belong together, and the commands that tell them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use cogspec::cognito::rules;
use cogspec::{scenario, suite};

fn cogspec(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cogspec")).args(args).output().expect("cogspec runs")
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Lower-case words joined by hyphens, at least two of them joined by dots.
fn is_id(id: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    id.split('.').count() >= 2 && id.split('.').all(is_part) && !id.starts_with('-') && !id.contains("--")
}

/// Rules that need to know the web origin, which no server tells: `cogspec options check --origin` proves them, and
/// `tests/options_check` reaches each.
const OF_THE_ORIGIN: [&str; 3] = ["options.rp-id.origin", "options.origin.secure", "options.origin.domain"];

/// Rules of every call of a client, whatever it is answered: `tests/clients` proves them.
const OF_EACH_CALL: [&str; 8] = [
    "client.ends",
    "client.calls",
    "client.request",
    "client.token.secret",
    "client.token.echoed",
    "client.status",
    "client.request-id",
    "client.attempts",
];

#[test]
fn every_rule_is_proved_by_a_case_a_scenario_or_an_oracle() {
    let all = suite::all();
    let mut proved: BTreeSet<&str> = all.iter().flat_map(|case| case.rules.iter().map(|rule| rule.id)).collect();
    let demands = scenario::all().iter().flat_map(|scenario| &scenario.demands);
    proved.extend(demands.map(|demand| demand.rule.id));
    assert!(OF_EACH_CALL.iter().all(|rule| proved.insert(rule)), "a scenario demands what is demanded of each call");
    assert!(OF_THE_ORIGIN.iter().all(|rule| proved.insert(rule)), "a case proves what only an oracle is said to");
    let missing: Vec<&str> = rules::all().map(|rule| rule.id).filter(|id| !proved.contains(id)).collect();
    assert!(missing.is_empty(), "{} rules that no case proves:\n  {}", missing.len(), missing.join("\n  "));
}

#[test]
fn every_case_proves_a_rule_that_is_listed() {
    let listed: BTreeSet<&str> = rules::all().map(|rule| rule.id).collect();
    for case in suite::all() {
        assert!(!case.rules.is_empty(), "{} proves no rule", case.id);
        for rule in &case.rules {
            assert!(listed.contains(rule.id), "{} proves {}, which is in no list", case.id, rule.id);
        }
    }
}

#[test]
fn ids_are_well_formed_and_unique() {
    let cases = suite::all();
    let of_scenarios = scenario::all().iter().map(|scenario| scenario.id.as_str());
    let of_cases = cases.iter().map(|case| case.id.as_str());
    for ids in [rules::all().map(|rule| rule.id).collect::<Vec<_>>(), of_cases.chain(of_scenarios).collect()] {
        let mut seen = BTreeMap::<&str, usize>::new();
        for id in ids {
            assert!(is_id(id), "`{id}` is not an id");
            *seen.entry(id).or_default() += 1;
        }
        let twice: Vec<_> = seen.into_iter().filter(|(_, times)| *times > 1).collect();
        assert!(twice.is_empty(), "ids that are there more than once: {twice:?}");
    }
}

#[test]
fn every_rule_says_what_and_where() {
    for rule in rules::all() {
        let source = &rule.source;
        assert!(rule.statement.ends_with('.') && rule.statement.len() > 10, "{}: {}", rule.id, rule.statement);
        assert!(!source.section.trim().is_empty() && !source.document.title.is_empty(), "{}", rule.id);
        assert!(source.document.url.starts_with("https://"), "{}: {}", rule.id, source.document.url);
    }
    for case in suite::all() {
        assert!(!case.title.is_empty() && !case.title.ends_with('.'), "{}: {}", case.id, case.title);
        assert!(case.id.starts_with(&format!("{}.", case.theme)), "{} is in the theme {}", case.id, case.theme);
    }
}

#[test]
fn explains_a_rule_with_its_cases() {
    let text = stdout(&cogspec(&["explain", "token.signature"]));
    let cases = suite::all();
    for case in cases.iter().filter(|case| case.rules.iter().any(|rule| rule.id == "token.signature")) {
        assert!(text.contains(&format!("{}: {}", case.id, case.title)), "{} is missing in\n{text}", case.id);
    }
    // The cases are held above: a new one changes nothing here.
    let (rule, _) = text.split_once("proved by").expect("it tells what proves the rule");
    insta::assert_snapshot!(rule);
}

#[test]
fn explains_a_case() {
    let cases = suite::all();
    let case = cases
        .iter()
        .find(|case| case.rules.iter().all(|rule| rule.id != case.id))
        .expect("the suite has a case whose id is no rule's");
    let text = stdout(&cogspec(&["explain", &case.id]));
    assert!(text.contains(&case.title) && text.contains(case.rules[0].id), "{text}");
    assert!(text.contains(&format!("cogspec run --filter {}", case.id)), "{text}");
}

#[test]
fn explains_a_scenario_and_a_rule_on_clients() {
    let text = stdout(&cogspec(&["explain", "envelope.header-alone.forbidden"]));
    for part in [
        "HTTP/1.1 400 Bad Request",
        "x-amzn-errortype: ForbiddenException",
        "MUST documented: the code ForbiddenException",
    ] {
        assert!(text.to_ascii_lowercase().contains(&part.to_ascii_lowercase()), "{part}: {text}");
    }
    let rule = stdout(&cogspec(&["explain", "client.retry.after"]));
    assert!(rule.contains("demanded in") && rule.contains("retry.after.seconds.throttling"), "{rule}");
    let each = stdout(&cogspec(&["explain", "client.ends"]));
    assert!(each.contains("of each call"), "{each}");
}

#[test]
fn an_unknown_id_gets_suggestions() {
    let output = cogspec(&["explain", "token.signatur"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.starts_with(
            "error: there is no rule, case, scenario or error `token.signatur`; there is `token.signature"
        ),
        "{message}"
    );
    let output = cogspec(&["explain", "x"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("`cogspec rules` lists the rules"));
}

#[test]
fn lists_rules_by_glob_and_by_words() {
    insta::assert_snapshot!(stdout(&cogspec(&["rules", "token.scope*"])));
    assert_eq!(stdout(&cogspec(&["rules", "token signature VERIFIED"])).lines().count(), 2);
    assert_eq!(
        stdout(&cogspec(&["rules"])).lines().filter(|line| line.starts_with("  ")).count(),
        rules::all().count()
    );
    let output = cogspec(&["rules", "no-such-rule"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`no-such-rule`"));
}

#[test]
fn rules_as_json() {
    let text = stdout(&cogspec(&["rules", "token.scope", "--format", "json"]));
    let all: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&all[0]["id"], &all[0]["level"], &all[0]["severity"]),
        (&"token.scope".into(), &"MUST".into(), &"fail".into())
    );
    assert!(all[0]["source"]["url"].as_str().is_some_and(|url| url.starts_with("https://")));
}

#[test]
fn schemas_are_printed_as_they_are() {
    for (what, file) in [
        ("run", include_str!("../src/report/schema/run.schema.json")),
        ("events", include_str!("../src/report/schema/events.schema.json")),
        ("self-test", include_str!("../src/report/schema/self-test.schema.json")),
        ("snapshots", include_str!("../src/report/schema/snapshots.schema.json")),
        ("cassette", include_str!("../src/report/schema/cassette.schema.json")),
        ("matrix", include_str!("../src/report/schema/matrix.schema.json")),
        ("adapter", include_str!("../src/report/schema/adapter.schema.json")),
    ] {
        assert_eq!(stdout(&cogspec(&["schema", what])), file);
    }
}

#[test]
fn explains_an_error() {
    insta::assert_snapshot!(stdout(&cogspec(&["explain", "NotAuthorizedException"])));
    assert!(stdout(&cogspec(&["explain", "SerializationException"])).contains("front end"));
    let told = stdout(&cogspec(&["explain", "TooManyRequestsException", "--format", "json"]));
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["error"]["modelled"]["statuses"]["model"], 429);
    assert_eq!(told["error"]["operations"][0], "StartWebAuthnRegistration");
}
