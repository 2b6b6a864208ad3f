//! The document model against `serde_json`, which we did not write.
//!
//! The two may differ in these, and only these: a byte order mark before the text, surrogates without a pair, more than 127
//! levels of nesting, and numbers beyond what an f64 holds. `serde_json` refuses each; the model reads them, so that each
//! can be told by its own rule.

use cogspec::options::json::{Json, Kind, ParseErrorKind, Value};
use proptest::prelude::*;

/// The value as `serde_json` has it, the last of several members of a name.
fn converted(value: Value<'_>) -> serde_json::Value {
    match value.kind() {
        Kind::Null => serde_json::Value::Null,
        Kind::Boolean(b) => b.into(),
        Kind::Number(text) => serde_json::from_str(text).unwrap(),
        Kind::String(text) => text.into(),
        Kind::Array => value.items().map(converted).collect(),
        Kind::Object => {
            value.members().map(|(name, value)| (name.string().unwrap().to_owned(), converted(value))).collect()
        }
    }
}

/// Whether the difference is one that is named above.
fn may_differ(json: &Json<'_>) -> bool {
    json.byte_order_mark
        || json.depth > 127
        || json.values().any(|value| {
            value.has_lone_surrogate()
                || matches!(value.kind(), Kind::Number(n) if n.parse::<f64>().unwrap().is_infinite())
        })
}

fn agree(text: &[u8]) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_slice::<serde_json::Value>(text);
    match (Json::parse(text), theirs) {
        (Ok(ours), Ok(theirs)) => prop_assert_eq!(converted(ours.root()), theirs),
        (Ok(ours), Err(e)) => prop_assert!(may_differ(&ours), "only serde_json refuses: {}", e),
        (Err(e), Ok(_)) => prop_assert!(false, "only the model refuses: {}", e),
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

/// Pieces that JSON text is made of, and some that it is not.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\t",
        "\r",
        "\u{b}",
        "\u{a0}",
        "true",
        "false",
        "null",
        "nul",
        "0",
        "-0",
        "1",
        "12",
        "01",
        "-",
        "+1",
        "1.5",
        "1.",
        ".5",
        "1e3",
        "1E+3",
        "1e-3",
        "1e",
        "1e999",
        "-1e999",
        "1e-999",
        "18446744073709551616",
        "\"\"",
        "\"a\"",
        "\"\\\"\"",
        "\"\\u0041\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\ud83d\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"\u{1}\"",
        "\"\u{7f}\"",
        "\"\u{e9}\"",
        "\"",
        "\\",
        "//",
        "'a'",
        "NaN",
        "\u{feff}",
        "\"a\":",
        "\"b\":",
    ])
}

/// JSON text of a random value.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..6).prop_map(|m| m.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_on_pieces(pieces in prop::collection::vec(piece(), 0..12)) {
        agree(pieces.concat().as_bytes())?;
    }

    #[test]
    fn agrees_on_values(value in value()) {
        agree(value.to_string().as_bytes())?;
        agree(serde_json::to_string_pretty(&value).unwrap().as_bytes())?;
    }

    #[test]
    fn agrees_on_damaged_values(value in value(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut text = value.to_string().into_bytes();
        let at = at.index(text.len());
        if cut { text.truncate(at) } else { text[at] = byte }
        agree(&text)?;
    }

    #[test]
    fn agrees_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..32)) {
        agree(&bytes)?;
    }

    #[test]
    fn points_to_each_value(value in value()) {
        let text = value.to_string();
        // serde_json reads some numbers of 17 digits as their neighbour; ours come through the same reader.
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let json = Json::parse(text.as_bytes()).unwrap();
        let mut values = vec![json.root()];
        while let Some(found) = values.pop() {
            prop_assert_eq!(value.pointer(&found.pointer()), Some(&converted(found)));
            prop_assert_eq!(&text[found.range()], found.raw());
            values.extend(found.items());
            values.extend(found.members().map(|(_, value)| value));
        }
    }
}

#[test]
fn the_named_differences_are_real() {
    for text in ["\u{feff}1", r#""\ud800""#, "1e999", &format!("{}{}", "[".repeat(128), "]".repeat(128))] {
        assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        assert!(may_differ(&Json::parse(text.as_bytes()).unwrap()), "{text}");
    }
}

#[test]
fn says_what_is_wrong_and_where() {
    let error = |text: &str| {
        let e = Json::parse(text.as_bytes()).unwrap_err();
        (e.kind, e.line, e.column)
    };
    assert_eq!(error("{\n  \"a\": 1,\n}"), (ParseErrorKind::Expected("a member's name"), 3, 1));
    assert_eq!(error("[1 2]"), (ParseErrorKind::Expected("`,` or `]`"), 1, 4));
    assert_eq!(error("{\"a\""), (ParseErrorKind::End("`:`"), 1, 5));
    assert_eq!(error("[1] ]"), (ParseErrorKind::Trailing, 1, 5));
    assert_eq!(error("\"\\q\""), (ParseErrorKind::Escape, 1, 2));
    assert_eq!(error("-"), (ParseErrorKind::Number, 1, 2));
    assert_eq!(error("\"\u{1}\""), (ParseErrorKind::ControlCharacter, 1, 2));
    assert_eq!(error(""), (ParseErrorKind::End("a value"), 1, 1));
}

#[test]
fn keeps_what_lenient_readers_lose() {
    let json = Json::parse(br#"{"b": 1.0, "a": 6e4, "b": -0}"#).unwrap();
    let members: Vec<_> = json.root().members().map(|(n, v)| (n.string().unwrap(), v.raw())).collect();
    assert_eq!(members, [("b", "1.0"), ("a", "6e4"), ("b", "-0")]);
    assert_eq!(json.root().member("b").unwrap().raw(), "-0");
}

#[test]
fn nests_without_a_stack() {
    let levels = 1_000_000;
    let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(Json::parse(text.as_bytes()).unwrap().depth, levels);
    let text = "{\"a\":".repeat(levels);
    assert!(Json::parse(text.as_bytes()).is_err());
}
