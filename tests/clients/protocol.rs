//! The schema of the protocol says what is read, no less and no more.

use cogspec::adapter::{Ask, NoMessage, Outcome, Told};
use cogspec::report::Schema;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::ask;

/// The schema of one of the two lines.
fn validator(of: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(Schema::Adapter.text()).unwrap();
    schema.as_object_mut().unwrap().remove("anyOf");
    schema["$ref"] = format!("#/$defs/{of}").into();
    jsonschema::validator_for(&schema).unwrap()
}

fn is_ask(line: &str) -> bool {
    Ask::parse(line.as_bytes()).is_ok()
}

fn is_told(line: &str) -> bool {
    Told::parse(line.as_bytes()).is_ok()
}

#[test]
fn the_schema_describes_its_own_members_and_no_others() {
    let schema: Value = serde_json::from_str(Schema::Adapter.text()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let asked = serde_json::to_value(ask("one")).unwrap();
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&asked), members(&schema["$defs"]["ask"]["properties"]));
    assert!(validator("ask").is_valid(&asked) && !validator("told").is_valid(&asked));
    let outcomes = Outcome::ALL.map(Outcome::name);
    assert_eq!(schema["$defs"]["told"]["properties"]["outcome"]["enum"], json!(outcomes));
    // Either of both is a line of the protocol.
    let either = jsonschema::validator_for(&schema).unwrap();
    assert!(either.is_valid(&asked) && either.is_valid(&json!({ "scenario": "one", "outcome": "failure" })));
    assert!(!either.is_valid(&json!({ "scenario": "one" })));
}

#[test]
fn what_is_asked_is_one_line_and_its_token_is_not_shown() {
    let asked = Ask { scenario: "one\ntwo".to_owned(), ..ask("") };
    let line = asked.to_line();
    assert_eq!(line.find('\n'), Some(line.len() - 1));
    assert_eq!(Ask::parse(line.as_bytes()).unwrap(), asked);
    assert!(!format!("{asked:?}").contains("eyJ"), "{asked:?}");
}

/// What JSON has no words for is told apart from it all the same.
#[test]
fn a_line_that_is_no_object() {
    for line in [
        "",
        "null",
        "[]",
        r#"["one","success"]"#,
        "\"one\"",
        "1",
        "{",
        "{}{}",
        r#"{"scenario":"a","outcome":"error"},"#,
    ] {
        assert!(!is_told(line) && !is_ask(line), "{line}");
    }
    assert!(matches!(Told::parse(b"{\"scenario\":\"\xff\"}"), Err(NoMessage::NotUtf8)));
    assert!(is_told(" \t{\"outcome\":\"error\",\"scenario\":\"\"}\r"));
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<u8>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-2.0e5..2.0e5f64).prop_map(|float| float.round().into()),
        prop::sample::select(vec![
            json!(65535),
            json!(65536),
            json!(65535.0),
            json!(-0.0),
            json!(0.5),
            json!(4294967295_u64)
        ]),
        prop::sample::select(vec![json!(4294967296_u64), json!(4294967295.0), json!(1e300), json!(-1)]),
    ];
    let text = prop_oneof![
        any::<String>(),
        prop::sample::select(Outcome::ALL.map(|outcome| outcome.name().to_owned()).to_vec()),
        prop::sample::select(vec!["Success".to_owned(), "true".to_owned(), "400".to_owned()]),
    ];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text.prop_map(Value::from)];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An object that is near a line of the protocol: a right one, some of whose members are others or away.
fn near(right: Value) -> impl Strategy<Value = Value> {
    let mut names: Vec<String> = right.as_object().unwrap().keys().cloned().collect();
    names.push("of_later".to_owned());
    let edits = prop::collection::vec((prop::sample::select(names), prop::option::weighted(0.8, value())), 0..4);
    edits.prop_map(move |edits| {
        let mut members: Map<String, Value> = right.as_object().unwrap().clone();
        for (name, value) in edits {
            match value {
                Some(value) => members.insert(name, value),
                None => members.remove(&name),
            };
        }
        Value::Object(members)
    })
}

fn right_told() -> Value {
    json!({
        "scenario": "one", "outcome": "error", "code": "A", "message": "m", "status": 400, "request_id": "r", "attempts": 3,
        "retryable": true, "options": {}, "detail": "d"
    })
}

#[test]
fn what_the_schema_takes_is_read_and_nothing_else() {
    let (schema_ask, schema_told) = (validator("ask"), validator("told"));
    let (mut taken, mut refused) = (0, 0);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(4000));
    let documents = prop_oneof![
        2 => near(right_told()),
        1 => near(serde_json::to_value(ask("one")).unwrap()),
        1 => value(),
    ];
    let counts = std::cell::RefCell::new((&mut taken, &mut refused));
    runner
        .run(&documents, |document| {
            let line = document.to_string();
            prop_assert_eq!(is_told(&line), schema_told.is_valid(&document), "told: {}", line);
            prop_assert_eq!(is_ask(&line), schema_ask.is_valid(&document), "ask: {}", line);
            let mut counts = counts.borrow_mut();
            *(if is_told(&line) { &mut *counts.0 } else { &mut *counts.1 }) += 1;
            Ok(())
        })
        .unwrap();
    // Both happen, else this shows nothing.
    assert!(taken > 200 && refused > 200, "{taken} taken, {refused} refused");
}

#[test]
fn every_member_is_held_to_its_type() {
    let schema = validator("told");
    let values = [
        Value::Null,
        json!(true),
        json!(1),
        json!(1.5),
        json!(-1),
        json!(70_000),
        json!("text"),
        json!([1]),
        json!({}),
    ];
    for member in right_told().as_object().unwrap().keys() {
        let mut takes = 0;
        for value in &values {
            let mut document = right_told();
            document[member] = value.clone();
            assert_eq!(is_told(&document.to_string()), schema.is_valid(&document), "{document}");
            takes += usize::from(schema.is_valid(&document));
        }
        let wanted = match member.as_str() {
            "scenario" => 1,
            "outcome" => 0,
            "code" | "message" | "request_id" | "detail" | "retryable" | "status" => 2,
            "attempts" => 3,
            _ => values.len(),
        };
        assert_eq!(takes, wanted, "{member}");
    }
}
