//! Whether creation options came through as they were sent.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::scenario::Layer;

/// One place in which the options differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The JSON pointer (RFC 6901) to it.
    pub(super) pointer: String,
    /// What the application got there.
    pub(super) got: String,
    /// What was sent.
    pub(super) wanted: String,
}

/// What a client of WebAuthn may do with a member of right options (W3C WebAuthn L3, 5.4 to 5.8).
enum Member {
    /// It is handed on as it is.
    Kept,
    /// Bytes, which are decoded.
    Bytes,
    /// One of these words; another one is ignored (2.1.1), so that anything may become of it.
    Word(&'static [&'static str]),
    /// A list of which items that the client does not know may be left out.
    List,
    /// A set of inputs of which a client may ignore any.
    Inputs,
}

/// The members of the dictionaries, by the name of their dictionary; `None` for those that WebAuthn does not know.
fn member(pointer: &str) -> Option<Member> {
    const REQUIREMENTS: &[&str] = &["required", "preferred", "discouraged"];
    Some(match pointer {
        "/rp"
        | "/user"
        | "/timeout"
        | "/authenticatorSelection"
        | "/rp/name"
        | "/rp/id"
        | "/user/name"
        | "/user/displayName"
        | "/authenticatorSelection/requireResidentKey" => Member::Kept,
        "/challenge" | "/user/id" => Member::Bytes,
        "/authenticatorSelection/authenticatorAttachment" => Member::Word(&["platform", "cross-platform"]),
        "/authenticatorSelection/residentKey" | "/authenticatorSelection/userVerification" => {
            Member::Word(REQUIREMENTS)
        }
        "/attestation" => Member::Word(&["none", "indirect", "direct", "enterprise"]),
        "/pubKeyCredParams" | "/excludeCredentials" | "/hints" | "/attestationFormats" => Member::List,
        "/extensions" => Member::Inputs,
        _ => return None,
    })
}

/// Every difference. An SDK hands on a document, in which everything counts but how numbers are written. A client of WebAuthn
/// hands on dictionaries of right options: members that WebAuthn does not know, and those that hold their default or null, are
/// nothing there.
pub(super) fn differences(sent: &Value, got: &Value, layer: Layer) -> Vec<Difference> {
    let mut found = Vec::new();
    match (layer, sent, got) {
        (Layer::Webauthn, Value::Object(sent), Value::Object(got)) => dictionary(sent, got, "", &mut found),
        _ => compare(sent, got, "", &mut found),
    }
    found
}

fn compare(sent: &Value, got: &Value, at: &str, found: &mut Vec<Difference>) {
    match (sent, got) {
        (Value::Object(sent), Value::Object(got)) => {
            for (name, value) in sent {
                let pointer = below(at, name);
                match got.get(name) {
                    Some(got) => compare(value, got, &pointer, found),
                    None => found.push(Difference { pointer, got: NOTHING.to_owned(), wanted: value.to_string() }),
                }
            }
            for (name, value) in got.iter().filter(|(name, _)| !sent.contains_key(*name)) {
                found.push(Difference { pointer: below(at, name), got: value.to_string(), wanted: NOTHING.to_owned() });
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(n, (sent, got))| compare(sent, got, &format!("{at}/{n}"), found));
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        _ if sent == got => {}
        _ => found.push(difference(at, sent, got)),
    }
}

const NOTHING: &str = "nothing";

fn difference(at: &str, sent: &Value, got: &Value) -> Difference {
    Difference { pointer: at.to_owned(), got: got.to_string(), wanted: sent.to_string() }
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn dictionary(sent: &Map<String, Value>, got: &Map<String, Value>, at: &str, found: &mut Vec<Difference>) {
    for (name, value) in sent {
        let pointer = below(at, name);
        let Some(member) = member(&pointer) else { continue };
        match (got.get(name).unwrap_or(&Value::Null), member) {
            (Value::Null, Member::List | Member::Inputs) => {}
            (Value::Null, Member::Word(words)) if !is_one_of(value, words) => {}
            (Value::Null, _) if is_default(name, value) => {}
            (Value::Null, _) => {
                found.push(Difference { pointer, got: NOTHING.to_owned(), wanted: value.to_string() });
            }
            (Value::Object(got), Member::Kept) if value.is_object() => {
                dictionary(value.as_object().unwrap_or(got), got, &pointer, found);
            }
            (got, Member::Kept) => compare(value, got, &pointer, found),
            (got, Member::Bytes) if !are_same_bytes(value, got) => found.push(difference(&pointer, value, got)),
            (got, Member::Word(words)) if is_one_of(value, words) => compare(value, got, &pointer, found),
            (got, Member::List) if !is_list_out_of(value, got) => found.push(difference(&pointer, value, got)),
            (_, Member::Bytes | Member::Word(_) | Member::List | Member::Inputs) => {}
        }
    }
    for (name, value) in got.iter().filter(|(name, _)| !sent.contains_key(*name)) {
        // The default of `rp.id` is the domain of the page (5.4.2).
        let is_domain = at == "/rp" && name == "id" && value.is_string();
        if !is_default(name, value) && !is_domain {
            found.push(Difference { pointer: below(at, name), got: value.to_string(), wanted: NOTHING.to_owned() });
        }
    }
}

fn is_one_of(value: &Value, words: &[&str]) -> bool {
    value.as_str().is_some_and(|value| words.contains(&value))
}

/// Whether a member of a dictionary that holds this value may as well not be there (5.4: the defaults).
fn is_default(name: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        // Only members that are null.
        Value::Object(members) => members.values().all(|value| is_default("", value)),
        Value::Bool(flag) => name == "requireResidentKey" && !flag,
        Value::String(text) => {
            matches!((name, text.as_str()), ("attestation", "none") | ("userVerification", "preferred"))
        }
        Value::Number(_) => false,
    }
}

/// Whether a list holds nothing that was not sent, in the order in which it was sent: algorithms by their number, passkeys by
/// their id, words as they are.
fn is_list_out_of(sent: &Value, got: &Value) -> bool {
    let (Some(sent), Some(got)) = (sent.as_array(), got.as_array()) else { return false };
    let mut rest = sent.iter();
    got.iter().all(|got| rest.any(|sent| is_same_item(sent, got)))
}

fn is_same_item(sent: &Value, got: &Value) -> bool {
    let is_number = |name: &str| sent[name].as_f64().is_some() && sent[name].as_f64() == got[name].as_f64();
    match (sent, got) {
        (Value::Object(_), Value::Object(_)) => is_number("alg") || are_same_bytes(&sent["id"], &got["id"]),
        _ => sent == got,
    }
}

/// Whether a member of bytes, which a client decodes and an adapter encodes again, holds the same bytes.
fn are_same_bytes(a: &Value, b: &Value) -> bool {
    let bytes = |value: &Value| BASE64URL_NOPAD.decode(value.as_str()?.trim_end_matches('=').as_bytes()).ok();
    bytes(a).is_some() && bytes(a) == bytes(b)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pointers(sent: &Value, got: &Value, layer: Layer) -> Vec<String> {
        differences(sent, got, layer).into_iter().map(|difference| difference.pointer).collect()
    }

    #[test]
    fn a_document_is_the_same_to_the_last_member() {
        let sent = json!({"a": [1, {"b/c": null}], "d": 60000});
        assert_eq!(pointers(&sent, &json!({"d": 60000.0, "a": [1.0, {"b/c": null}]}), Layer::Sdk), [""; 0]);
        assert_eq!(pointers(&sent, &json!({"a": [1, {}], "d": 1, "e": null}), Layer::Sdk), ["/a/1/b~1c", "/d", "/e"]);
        assert_eq!(pointers(&sent, &json!({"a": [1], "d": "60000"}), Layer::Sdk), ["/a", "/d"]);
        assert_eq!(pointers(&sent, &Value::Null, Layer::Sdk), [""]);
    }

    #[test]
    fn dictionaries_lose_what_a_client_may_ignore_and_nothing_else() {
        let sent = json!({
            "rp": {"name": "a", "icon": "b"}, "challenge": "zsBch6DlNLUb6SgRdzHysw", "zone": 1, "attestation": "none",
            "authenticatorSelection": {"userVerification": "preferred", "residentKey": "required"},
            "pubKeyCredParams": [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}],
            "excludeCredentials": [{"type": "public-key", "id": "AQID", "transports": ["smart-card"]}],
            "hints": ["later", "hybrid"], "extensions": {"prf": {}}, "timeout": 60000,
        });
        let right = json!({
            "rp": {"name": "a", "id": null}, "challenge": "zsBch6DlNLUb6SgRdzHysw==", "timeout": 60000.0,
            "authenticatorSelection": {"residentKey": "required", "requireResidentKey": false}, "attestationFormats": [],
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}], "hints": ["hybrid"],
            "excludeCredentials": [{"type": "public-key", "id": "AQID"}], "extensions": {"credProps": null},
        });
        assert_eq!(pointers(&sent, &right, Layer::Webauthn), [""; 0]);
        for (pointer, value) in [
            ("/rp/name", json!("b")),
            ("/rp/id", json!(1)),
            ("/challenge", json!("zsBch6DlNLUb6SgRdzHysg")),
            ("/timeout", json!(1)),
            ("/authenticatorSelection/residentKey", json!("preferred")),
            ("/pubKeyCredParams", json!([{"type": "public-key", "alg": -257}])),
            ("/pubKeyCredParams", json!([{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -8}])),
            ("/excludeCredentials", json!([{"type": "public-key", "id": "AQIE"}])),
            ("/hints", json!(["client-device"])),
            ("/attestationFormats", json!(["packed"])),
        ] {
            let mut wrong = right.clone();
            *wrong.pointer_mut(pointer).unwrap() = value;
            assert_eq!(pointers(&sent, &wrong, Layer::Webauthn), [pointer]);
        }
        let mut with_domain = right.clone();
        *with_domain.pointer_mut("/rp/id").unwrap() = json!("auth.example.com");
        assert_eq!(pointers(&sent, &with_domain, Layer::Webauthn), [""; 0]);
        let mut without = right.clone();
        without.as_object_mut().unwrap().remove("timeout");
        assert_eq!(pointers(&sent, &without, Layer::Webauthn), ["/timeout"]);
    }
}
