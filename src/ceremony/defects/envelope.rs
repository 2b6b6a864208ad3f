//! The JSON that a credential is sent in.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};

use super::draft::{Draft, document, remove, set, text};
use super::steps::{ASSERTION, REGISTRATION, Steps};
use super::{Defect, accepted, observed, refused};
use crate::ceremony::credential::random;
use crate::ceremony::{Assertion, Registration};
use crate::cognito::rules::ceremony as rules;

/// What both ceremonies have.
pub(super) fn defects<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    whole(steps).chain(identity(steps)).chain(byte_strings(steps)).chain(others(steps)).collect()
}

type Row<T> = (&'static str, &'static str, fn(&mut T));

/// What is no credential.
fn whole<T: Draft>(steps: &Steps) -> impl Iterator<Item = Defect<T>> {
    let rows: [Row<T>; 12] = [
        ("credential-empty", "refuses an empty credential", |draft| document(draft, |document| *document = json!({}))),
        ("credential-array", "refuses a credential in an array", |draft| {
            document(draft, |document| *document = json!([document]))
        }),
        ("credential-string", "refuses a credential that is a string with its JSON in it", |draft| {
            document(draft, |document| *document = document.to_string().into());
        }),
        ("credential-wrapped", "refuses a credential with an object around it", |draft| {
            document(draft, |document| *document = json!({"credential": document}));
        }),
        ("response-missing", "refuses a credential without a response", |draft| remove(draft, "/response")),
        ("response-null", "refuses a response that is null", |draft| set(draft, "/response", Value::Null)),
        ("response-array", "refuses a response in an array", |draft| {
            document(draft, |document| document["response"] = json!([document["response"]]));
        }),
        ("response-string", "refuses a response that is a string with its JSON in it", |draft| {
            document(draft, |document| document["response"] = document["response"].to_string().into());
        }),
        ("client-data-json-missing", "refuses a response without client data", |draft| {
            remove(draft, "/response/clientDataJSON")
        }),
        ("client-data-json-null", "refuses client data that is null in JSON", |draft| {
            set(draft, "/response/clientDataJSON", Value::Null);
        }),
        ("client-data-json-object", "refuses client data that is an object", |draft| {
            let members = Value::from(draft.client_data().members.clone());
            set(draft, "/response/clientDataJSON", members);
        }),
        ("client-data-json-not-base64", "refuses client data that is not in base64", |draft| {
            let bytes = draft.client_data().bytes();
            set(draft, "/response/clientDataJSON", String::from_utf8_lossy(&bytes));
        }),
    ];
    let (rule, class) = (steps.response, steps.class);
    rows.into_iter().map(move |(name, title, edit)| refused(name, title, edit, rule, class))
}

fn identity<T: Draft>(steps: &Steps) -> impl Iterator<Item = Defect<T>> {
    let rows: [Row<T>; 8] = [
        ("id-other", "refuses an id that is not that of the raw id", |draft| set(draft, "/id", other_id())),
        ("raw-id-other", "refuses a raw id that is not that of the id", |draft| set(draft, "/rawId", other_id())),
        ("id-missing", "refuses a credential without an id", |draft| remove(draft, "/id")),
        ("id-empty", "refuses a credential whose id is empty", |draft| set(draft, "/id", "")),
        ("id-number", "refuses a credential whose id is a number", |draft| set(draft, "/id", 7)),
        ("credential-type-missing", "refuses a credential without a type", |draft| remove(draft, "/type")),
        ("credential-type-other", "refuses a credential of another type", |draft| set(draft, "/type", "password")),
        ("credential-type-case", "refuses a credential whose type is in capitals", |draft| {
            set(draft, "/type", "PUBLIC-KEY")
        }),
    ];
    let (rule, class) = (steps.identity, steps.class);
    rows.into_iter().map(move |(name, title, edit)| refused(name, title, edit, rule, class))
}

/// Other spellings of the same bytes.
fn byte_strings<T: Draft>(steps: &Steps) -> impl Iterator<Item = Defect<T>> {
    let rows: [Row<T>; 4] = [
        ("ids-padded", "observes ids with padding", |draft| {
            text(draft, "/id", |text| format!("{text}="));
            text(draft, "/rawId", |text| format!("{text}="));
        }),
        ("raw-id-base64", "observes a raw id in plain base64", |draft| text(draft, "/rawId", plain)),
        ("client-data-json-base64", "observes client data in plain base64", |draft| {
            // A member that makes padding needed, whatever the lengths of the others.
            while draft.client_data().instead.is_none() && draft.client_data().bytes().len().is_multiple_of(3) {
                let padding = format!("{} ", draft.client_data().text("padding"));
                draft.client_data().set("padding", padding);
            }
            text(draft, "/response/clientDataJSON", plain);
        }),
        ("client-data-json-line-break", "observes client data with a line break in its base64", |draft| {
            text(draft, "/response/clientDataJSON", |text| {
                let (head, tail) = text.split_at(text.len().min(64));
                format!("{head}\n{tail}")
            });
        }),
    ];
    let rule = steps.encoding;
    rows.into_iter().map(move |(name, title, edit)| observed(name, title, edit, rule))
}

/// Members that no step reads.
fn others<T: Draft>(steps: &Steps) -> impl Iterator<Item = Defect<T>> {
    let open: [Row<T>; 4] = [
        ("raw-id-missing", "observes a credential without a raw id", |draft| remove(draft, "/rawId")),
        ("extension-results-missing", "observes a credential without extension results", |draft| {
            remove(draft, "/clientExtensionResults");
        }),
        ("extension-results-null", "observes extension results that are null", |draft| {
            set(draft, "/clientExtensionResults", Value::Null);
        }),
        ("attachment-null", "observes an attachment that is null", |draft| {
            set(draft, "/authenticatorAttachment", Value::Null);
        }),
    ];
    let ignored: [Row<T>; 4] = [
        ("attachment-missing", "takes a credential without an attachment", |draft| {
            remove(draft, "/authenticatorAttachment")
        }),
        ("attachment-unknown", "takes an attachment that it does not know", |draft| {
            set(draft, "/authenticatorAttachment", "hybrid");
        }),
        ("credential-unknown", "ignores members of the credential that it does not know", |draft| {
            set(draft, "/unknown", json!({"a": [1, null, true]}));
        }),
        ("response-unknown", "ignores members of the response that it does not know", |draft| {
            set(draft, "/response/unknown", json!({"a": [1, null, true]}));
        }),
    ];
    let results = observed(
        "extension-results",
        "observes results of extensions that nobody asked for",
        |draft: &mut T| {
            set(draft, "/clientExtensionResults", json!({"credProps": {"rk": true}, "prf": {"enabled": false}}));
        },
        steps.extensions,
    );
    let (members, unknown) = (steps.members, steps.unknown);
    open.into_iter()
        .map(move |(name, title, edit)| observed(name, title, edit, members))
        .chain(ignored.into_iter().map(move |(name, title, edit)| accepted(name, title, edit, unknown)))
        .chain([results])
}

/// What only a registration has.
pub(super) fn registration() -> Vec<Defect<Registration>> {
    let (rule, class) = (REGISTRATION.response, REGISTRATION.class);
    let transports = |name, title, edit| observed(name, title, edit, &rules::TRANSPORTS);
    let members = |name, title, edit| observed(name, title, edit, REGISTRATION.members);
    vec![
        refused(
            "attestation-json-missing",
            "refuses a response without an attestation object",
            |draft: &mut Registration| {
                remove(draft, "/response/attestationObject");
            },
            rule,
            class,
        ),
        refused(
            "attestation-json-null",
            "refuses an attestation object that is null",
            |draft| {
                set(draft, "/response/attestationObject", Value::Null);
            },
            rule,
            class,
        ),
        refused(
            "attestation-json-not-base64",
            "refuses an attestation object that is not in base64",
            |draft| {
                set(draft, "/response/attestationObject", "{}");
            },
            rule,
            class,
        ),
        transports("transports-missing", "observes a registration without transports", |draft| {
            remove(draft, "/response/transports");
        }),
        transports("transports-null", "observes transports that are null", |draft| {
            set(draft, "/response/transports", Value::Null);
        }),
        transports("transports-string", "observes transports that are one string", |draft| {
            set(draft, "/response/transports", "internal");
        }),
        accepted(
            "transports-empty",
            "takes a registration with no transport",
            |draft| {
                set(draft, "/response/transports", json!([]));
            },
            REGISTRATION.served,
        ),
        accepted(
            "transports-unknown",
            "takes a transport that it does not know",
            |draft| {
                set(draft, "/response/transports", json!(["internal", "carrier-pigeon"]));
            },
            REGISTRATION.unknown,
        ),
        members("algorithm-json-other", "observes an algorithm beside the public key that is another", |draft| {
            document(draft, |document| {
                let named = &mut document["response"]["publicKeyAlgorithm"];
                *named = if *named == -7 { json!(-257) } else { json!(-7) };
            });
        }),
        members("public-key-json-missing", "observes a registration without the public key in DER", |draft| {
            remove(draft, "/response/publicKey");
        }),
        members(
            "authenticator-data-json-other",
            "observes authenticator data beside the attestation object that are others",
            |draft| set(draft, "/response/authenticatorData", BASE64URL_NOPAD.encode(&[0; 37])),
        ),
        members(
            "bare-response",
            "observes a registration with nothing but client data and attestation object in its response",
            |draft| {
                for member in ["transports", "publicKeyAlgorithm", "authenticatorData", "publicKey"] {
                    remove(draft, &format!("/response/{member}"));
                }
            },
        ),
    ]
}

/// What only an assertion has.
pub(super) fn assertion() -> Vec<Defect<Assertion>> {
    let rows: [Row<Assertion>; 6] = [
        ("signature-json-missing", "refuses a response without a signature", |draft| {
            remove(draft, "/response/signature")
        }),
        ("signature-json-null", "refuses a signature that is null", |draft| {
            set(draft, "/response/signature", Value::Null)
        }),
        ("signature-json-not-base64", "refuses a signature that is not in base64", |draft| {
            set(draft, "/response/signature", "{}")
        }),
        ("authenticator-data-json-missing", "refuses a response without authenticator data", |draft| {
            remove(draft, "/response/authenticatorData");
        }),
        ("authenticator-data-json-null", "refuses authenticator data that are null", |draft| {
            set(draft, "/response/authenticatorData", Value::Null);
        }),
        ("authenticator-data-json-not-base64", "refuses authenticator data that are not in base64", |draft| {
            set(draft, "/response/authenticatorData", "{}");
        }),
    ];
    rows.into_iter()
        .map(|(name, title, edit)| refused(name, title, edit, ASSERTION.response, ASSERTION.class))
        .collect()
}

fn other_id() -> String {
    BASE64URL_NOPAD.encode(&random(32))
}

fn plain(text: &str) -> String {
    BASE64.encode(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default())
}
