//! What holds for all options.

use std::collections::BTreeSet;

use cogspec::cognito::Finding;
use cogspec::generate::options::Base;
use cogspec::options::{Context, Document, Profile, check, from_response};
use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::edit::is_about_several;
use crate::fixtures::fixture;

fn clean() -> Value {
    Base::W3c.document().clone()
}

const PROFILES: [Profile; 2] = [Profile::W3c, Profile::Cognito];

fn told(text: &[u8], profile: Profile) -> BTreeSet<(&'static str, Option<String>)> {
    check(text, &Context::new(profile)).into_iter().map(|f| (f.rule.id, f.pointer)).collect()
}

/// Every place in a document.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(object) => object.iter().for_each(|(name, v)| pointers(v, &format!("{at}/{name}"), all)),
        Value::Array(array) => array.iter().enumerate().for_each(|(n, v)| pointers(v, &format!("{at}/{n}"), all)),
        _ => {}
    }
}

/// What a server might put in any place.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(-7),
            json!(-65535),
            json!(1.5),
            json!(60000),
            json!([]),
            json!({}),
            json!([null]),
            json!([{}]),
            json!(""),
            json!("public-key"),
            json!("required"),
            json!("platform"),
            json!("localhost"),
            json!("com"),
            json!("3c46320b-c60e-4a21-9d64-5829bfede1c4"),
            json!("AA=="),
            json!("a b"),
            json!("\u{202e}"),
            json!(["hybrid"]),
            json!({"prf": {"eval": {}}}),
        ]),
        any::<String>().prop_map(Value::from),
        "[A-Za-z0-9_-]{0,100}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
    ]
}

/// The text with its members in reverse order, or with white space wherever it may stand.
fn rewritten(value: &Value, is_reversed: bool, space: &str) -> String {
    let list = |parts: Vec<String>| parts.join(&format!("{space},{space}"));
    match value {
        Value::Object(object) => {
            let mut parts: Vec<String> = object
                .iter()
                .map(|(n, v)| format!("{}{space}:{space}{}", json!(n), rewritten(v, is_reversed, space)))
                .collect();
            if is_reversed {
                parts.reverse();
            }
            format!("{{{space}{}{space}}}", list(parts))
        }
        Value::Array(array) => {
            let parts = array.iter().map(|v| rewritten(v, is_reversed, space)).collect();
            format!("[{space}{}{space}]", list(parts))
        }
        scalar => scalar.to_string(),
    }
}

/// A right document with one value in one place replaced.
fn edited() -> impl Strategy<Value = (Value, String, Value)> {
    let capture: Value = serde_json::from_slice(&fixture("amplify-capture.json")).unwrap();
    (prop::sample::select(vec![clean(), capture]), any::<prop::sample::Index>(), anything()).prop_map(
        |(base, index, value)| {
            let mut all = Vec::new();
            pointers(&base, "", &mut all);
            let pointer = all.swap_remove(index.index(all.len()));
            let mut document = base.clone();
            *document.pointer_mut(&pointer).unwrap() = value;
            (base, pointer, document)
        },
    )
}

proptest! {
    #[test]
    fn never_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for profile in PROFILES {
            let _ = check(&bytes, &Context::new(profile));
        }
        let _ = from_response(&bytes);
        let _ = Document::parse(&bytes).map(|d| (d.challenge(), d.user_id(), d.exclude_ids()));
    }

    #[test]
    fn never_panics_on_damaged_options(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut text = fixture("amplify-capture.json");
        for (at, byte) in changes {
            let at = at.index(text.len());
            text[at] = byte;
        }
        for profile in PROFILES {
            let _ = check(&text, &Context::new(profile));
        }
    }

    #[test]
    fn order_and_white_space_do_not_matter((_, _, document) in edited()) {
        for profile in PROFILES {
            let plain = told(document.to_string().as_bytes(), profile);
            for (is_reversed, space) in [(true, ""), (false, " \n\t\r"), (true, " ")] {
                prop_assert_eq!(&told(rewritten(&document, is_reversed, space).as_bytes(), profile), &plain);
            }
        }
    }

    #[test]
    fn findings_point_to_the_edited_place((base, pointer, document) in edited()) {
        for profile in PROFILES {
            let before = told(base.to_string().as_bytes(), profile);
            for finding in check(document.to_string().as_bytes(), &Context::new(profile)) {
                let at = finding.pointer.clone().unwrap();
                let is_new = !before.contains(&(finding.rule.id, finding.pointer.clone()));
                let is_near = at.starts_with(&pointer) || pointer.starts_with(&at);
                prop_assert!(!is_new || is_near || is_about_several(&finding), "{} {:?}", pointer, finding);
            }
        }
    }

    #[test]
    fn cognito_holds_all_of_w3c((_, _, document) in edited()) {
        let text = document.to_string();
        let [w3c, cognito] = PROFILES.map(|profile| told(text.as_bytes(), profile));
        prop_assert!(w3c.is_subset(&cognito), "{:?}", w3c.difference(&cognito));
        prop_assert!(cognito.difference(&w3c).all(|(id, _)| id.starts_with("options.cognito.")));
    }

    #[test]
    fn base64url_is_what_its_encoder_writes(text in prop_oneof!["[A-Za-z0-9_=+/ -]{1,12}", any::<String>()]) {
        prop_assume!(!text.is_empty());
        let mut document = clean();
        document["excludeCredentials"][0]["id"] = json!(text);
        let is_refused = check(document.to_string().as_bytes(), &Context::new(Profile::W3c))
            .iter()
            .any(|finding: &Finding| finding.rule.id.starts_with("options.base64url."));
        // The definition: text is base64url if some bytes are encoded to it.
        let is_written = BASE64URL_NOPAD.decode(text.as_bytes()).is_ok_and(|b| BASE64URL_NOPAD.encode(&b) == text);
        prop_assert_eq!(is_refused, !is_written, "{:?}", text);
    }

    #[test]
    fn encoded_bytes_are_accepted(bytes in prop::collection::vec(any::<u8>(), 16..80)) {
        let mut document = clean();
        document["challenge"] = json!(BASE64URL_NOPAD.encode(&bytes));
        prop_assert!(told(document.to_string().as_bytes(), Profile::W3c).is_empty());
    }

    #[test]
    fn an_accepted_rp_id_is_the_host_of_its_url(id in prop_oneof![
        "[a-z0-9.-]{1,20}", "(xn--)?[a-zA-Z0-9_]{1,8}\\.(com|example|0x1|7|co\\.uk)", "\\PC{1,12}"
    ]) {
        let mut document = clean();
        document["rp"]["id"] = json!(id);
        if told(document.to_string().as_bytes(), Profile::W3c).is_empty() {
            let url = reqwest::Url::parse(&format!("https://{id}/")).unwrap();
            prop_assert_eq!(url.domain(), Some(id.as_str()));
        }
    }
}

#[test]
fn large_documents_take_time_with_their_size_only() {
    const MANY: usize = 50_000;
    let params: Vec<Value> = (0..MANY).map(|n| json!({"type": "public-key", "alg": n})).collect();
    let exclude: Vec<Value> = (0..MANY).map(|n| json!({"type": "public-key", "id": format!("{n:08}")})).collect();
    let extensions: serde_json::Map<_, _> = (0..MANY).map(|n| (format!("x{n}"), json!(true))).collect();
    // A middle dot asks PRECIS to look through the whole name.
    let name = format!("{}\u{30a2}", "\u{30fb}".repeat(MANY));
    let mut document = clean();
    document["pubKeyCredParams"] = json!(params);
    document["excludeCredentials"] = json!(exclude);
    document["extensions"] = json!(extensions);
    document["rp"] = json!({"id": "\u{fc}.".repeat(MANY), "name": name});
    document["user"] = json!({"id": "a".repeat(MANY), "name": name, "displayName": name});
    let start = std::time::Instant::now();
    assert!(!check(document.to_string().as_bytes(), &Context::new(Profile::Cognito)).is_empty());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn many_wrong_entries_are_told_in_few_lines() {
    let params = vec![Value::Null; 100_000];
    let names: String = (0..100_000).map(|n| format!(",\"n{}\":0", n / 2)).collect();
    let text = format!("{{\"pubKeyCredParams\":{}{names}}}", json!(params));
    let findings = check(text.as_bytes(), &Context::new(Profile::Cognito));
    assert!(findings.len() < 100, "{}", findings.len());
}
