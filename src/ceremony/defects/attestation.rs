//! Attestation objects: their CBOR, formats and statements.

use ciborium::Value;

use super::steps::CLASS_INVALID;
use super::{Class, Defect, accepted, observed, refused};
use crate::ceremony::{Algorithm, Registration, cbor, credential::Key};
use crate::cognito::Rule;
use crate::cognito::rules::ceremony as rules;

pub(super) fn defects() -> Vec<Defect<Registration>> {
    objects().chain(encodings()).chain(statements()).collect()
}

type Row = (&'static str, &'static str, fn(&mut Registration));

fn all<const N: usize>(rows: [Row; N], rule: &'static Rule) -> impl Iterator<Item = Defect<Registration>> {
    let class: Class = CLASS_INVALID;
    rows.into_iter().map(move |(name, title, edit)| refused(name, title, edit, rule, class))
}

/// What is no attestation object.
fn objects() -> impl Iterator<Item = Defect<Registration>> {
    let rows: [Row; 13] = [
        ("attestation-object-empty", "refuses an attestation object of no bytes", |draft| bytes(draft, Vec::clear)),
        ("attestation-object-not-cbor", "refuses an attestation object that is not CBOR", |draft| {
            bytes(draft, |bytes| *bytes = vec![0xff; bytes.len()]);
        }),
        ("attestation-object-json", "refuses an attestation object in JSON", |draft| {
            bytes(draft, |bytes| *bytes = br#"{"fmt":"none","attStmt":{},"authData":""}"#.to_vec());
        }),
        ("attestation-object-truncated", "refuses an attestation object that is cut off", |draft| {
            bytes(draft, |bytes| {
                bytes.pop();
            });
        }),
        ("attestation-object-array", "refuses an attestation object that is an array", |draft| {
            let values = draft.attestation_map().into_iter().map(|(_, value)| value).collect();
            draft.attestation.instead = Some(cbor::bytes(&Value::Array(values)));
        }),
        ("attestation-object-map-empty", "refuses an attestation object without members", |draft| {
            map(draft, Vec::clear)
        }),
        ("attestation-format-missing", "refuses an attestation object without a format", |draft| remove(draft, "fmt")),
        ("attestation-format-number", "refuses an attestation format that is a number", |draft| {
            draft.attestation.format = 0.into();
        }),
        ("attestation-format-bytes", "refuses an attestation format that is a byte string", |draft| {
            draft.attestation.format = Value::Bytes(b"none".to_vec());
        }),
        ("attestation-data-missing", "refuses an attestation object without authenticator data", |draft| {
            remove(draft, "authData");
        }),
        ("attestation-data-null", "refuses authenticator data that is null", |draft| {
            set(draft, "authData", Value::Null)
        }),
        ("attestation-data-text", "refuses authenticator data that is text", |draft| {
            let text = data_encoding::BASE64URL_NOPAD.encode(&draft.authenticator_data.bytes());
            set(draft, "authData", text);
        }),
        ("attestation-data-array", "refuses authenticator data that is an array of numbers", |draft| {
            let numbers = draft.authenticator_data.bytes().into_iter().map(Value::from).collect();
            set(draft, "authData", Value::Array(numbers));
        }),
    ];
    all(rows, &rules::ATTESTATION_OBJECT)
}

/// What decoders of CBOR differ on.
fn encodings() -> impl Iterator<Item = Defect<Registration>> {
    let rows: [Row; 7] = [
        ("attestation-object-trailing", "observes an attestation object with bytes after it", |draft| {
            bytes(draft, |bytes| bytes.push(0));
        }),
        ("attestation-object-indefinite", "observes an attestation object of indefinite length", |draft| {
            bytes(draft, |bytes| {
                bytes[0] = 0xbf;
                bytes.push(0xff);
            });
        }),
        (
            "attestation-object-long-length",
            "observes an attestation object with its length in more bytes than it needs",
            |draft| {
                bytes(draft, |bytes| bytes.splice(..1, [0xb8, 3]).for_each(drop));
            },
        ),
        ("attestation-object-tagged", "observes an attestation object that is tagged as CBOR", |draft| {
            bytes(draft, |bytes| bytes.splice(..0, [0xd9, 0xd9, 0xf7]).for_each(drop));
        }),
        ("attestation-object-reordered", "observes an attestation object in another order", |draft| {
            map(draft, |map| map.reverse());
        }),
        ("attestation-object-unknown", "observes an attestation object with a member that nobody knows", |draft| {
            set(draft, "epAtt", true);
        }),
        (
            "attestation-data-twice",
            "observes an attestation object with two authenticator data, the first one right",
            |draft| {
                map(draft, |map| map.push(("authData".into(), Value::Bytes(vec![0; 37]))));
            },
        ),
    ];
    rows.into_iter().map(|(name, title, edit)| observed(name, title, edit, &rules::CBOR_CHOICE))
}

fn statements() -> impl Iterator<Item = Defect<Registration>> {
    let unknown: [Row; 2] = [
        ("attestation-format-unknown", "refuses an attestation format that nobody knows", |draft| {
            draft.attestation.format = "cogspec".into();
        }),
        ("attestation-format-case", "refuses an attestation format in capitals", |draft| {
            draft.attestation.format = "NONE".into();
        }),
    ];
    let wrong: [Row; 9] = [
        ("attestation-statement-missing", "refuses an attestation object without a statement", |draft| {
            remove(draft, "attStmt");
        }),
        ("attestation-statement-array", "refuses an attestation statement that is an array", |draft| {
            set(draft, "attStmt", Value::Array(Vec::new()));
        }),
        ("attestation-none-statement", "refuses a statement where there is no attestation", |draft| {
            draft.attestation.statement = cbor::text_map([("alg", (-7).into())]);
        }),
        ("attestation-self-empty", "refuses self attestation without a statement", |draft| {
            draft.attestation.format = "packed".into();
        }),
        ("attestation-self-unsigned", "refuses self attestation without a signature", |draft| {
            packed(draft, None, Vec::new());
            draft.attestation.statement.retain(|(key, _)| *key != Value::from("sig"));
        }),
        ("attestation-self-other-key", "refuses self attestation by another key", |draft| {
            let signature = Key::new(Algorithm::Es256).sign(&draft.signed());
            packed(draft, None, signature);
        }),
        ("attestation-self-other-bytes", "refuses self attestation of other bytes", |draft| {
            let mut other = draft.clone();
            other.authenticator_data.sign_count ^= 1;
            let signature = other.self_signature();
            packed(draft, None, signature);
        }),
        ("attestation-self-other-client-data", "refuses self attestation of other client data", |draft| {
            let mut other = draft.clone();
            other.client_data.set("challenge", "AAAAAAAAAAAAAAAAAAAAAA");
            let signature = other.self_signature();
            packed(draft, None, signature);
        }),
        (
            "attestation-self-algorithm",
            "refuses self attestation that names another algorithm than the key's",
            |draft| {
                let signature = draft.self_signature();
                packed(draft, Some(-36), signature);
            },
        ),
    ];
    let right = accepted(
        "attestation-self",
        "takes self attestation",
        |draft: &mut Registration| {
            let signature = draft.self_signature();
            packed(draft, None, signature);
        },
        &rules::ATTESTATION_SELF,
    );
    all(unknown, &rules::ATTESTATION_FORMAT).chain(all(wrong, &rules::ATTESTATION_STATEMENT)).chain([right])
}

/// Makes it packed, with the key's algorithm where no other is given.
fn packed(draft: &mut Registration, algorithm: Option<i64>, signature: Vec<u8>) {
    let algorithm = algorithm.unwrap_or_else(|| draft.algorithm());
    draft.attestation.format = "packed".into();
    draft.attestation.statement = cbor::text_map([("alg", algorithm.into()), ("sig", Value::Bytes(signature))]);
}

fn bytes(draft: &mut Registration, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = draft.attestation_object();
    edit(&mut bytes);
    draft.attestation.instead = Some(bytes);
}

fn map(draft: &mut Registration, edit: impl FnOnce(&mut Vec<(Value, Value)>)) {
    let mut map = draft.attestation_map();
    edit(&mut map);
    draft.attestation.instead = Some(cbor::bytes(&Value::Map(map)));
}

fn set(draft: &mut Registration, name: &str, value: impl Into<Value>) {
    map(draft, |map| {
        map.retain(|(key, _)| *key != Value::from(name));
        map.push((name.into(), value.into()));
    });
}

fn remove(draft: &mut Registration, name: &str) {
    map(draft, |map| map.retain(|(key, _)| *key != Value::from(name)));
}
