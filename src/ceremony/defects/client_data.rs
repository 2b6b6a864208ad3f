//! Client data: its type, its members and its text.

use serde_json::{Value, json};

use super::draft::{Draft, client_data_bytes, client_data_text};
use super::steps::Steps;
use super::{Defect, accepted, observed, refused};

pub(super) fn defects<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    types(steps).into_iter().chain(texts(steps)).chain(spellings(steps)).collect()
}

fn types<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let row = |name, title, edit| refused(name, title, edit, steps.type_, steps.class);
    vec![
        row("type-of-other-ceremony", "refuses client data of the other ceremony", |draft: &mut T| {
            let data = draft.client_data();
            let is_registration = data.text("type") == "webauthn.create";
            data.set("type", if is_registration { "webauthn.get" } else { "webauthn.create" });
        }),
        row("type-payment", "refuses client data of a payment", |draft| {
            draft.client_data().set("type", "payment.get");
        }),
        row("type-case", "refuses client data whose type is in capitals", |draft| {
            let data = draft.client_data();
            data.set("type", data.text("type").to_uppercase());
        }),
        row("type-missing", "refuses client data without a type", |draft| draft.client_data().remove("type")),
        row("type-empty", "refuses client data whose type is empty", |draft| draft.client_data().set("type", "")),
        row("type-null", "refuses client data whose type is null", |draft| {
            draft.client_data().set("type", Value::Null);
        }),
        row("type-number", "refuses client data whose type is a number", |draft| draft.client_data().set("type", 1)),
    ]
}

/// What is no JSON object.
fn texts<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let row = |name, title, edit| refused(name, title, edit, steps.client_data, steps.class);
    vec![
        row("client-data-empty", "refuses client data of no bytes", |draft: &mut T| {
            draft.client_data().instead = Some(Vec::new());
        }),
        row("client-data-object-empty", "refuses client data without members", |draft| {
            draft.client_data().members.clear();
        }),
        row("client-data-array", "refuses client data that is an array", |draft| {
            client_data_text(draft, |text| format!("[{text}]"));
        }),
        row("client-data-string", "refuses client data that is a string with the text in it", |draft| {
            client_data_text(draft, |text| Value::from(text).to_string());
        }),
        row("client-data-null", "refuses client data that is null", |draft| {
            draft.client_data().instead = Some(b"null".to_vec());
        }),
        row("client-data-truncated", "refuses client data that is cut off", |draft| {
            client_data_bytes(draft, |mut bytes| {
                bytes.pop();
                bytes
            });
        }),
        row("client-data-trailing", "refuses client data with bytes after it", |draft| {
            client_data_text(draft, |text| format!("{text}}}"));
        }),
        row("client-data-twice", "refuses two client data, one after the other", |draft| {
            client_data_text(draft, |text| format!("{text}{text}"));
        }),
        row("client-data-utf-16", "refuses client data in UTF-16", |draft| {
            client_data_text(draft, |text| text.chars().flat_map(|letter| [letter, '\0']).collect());
        }),
        row(
            "client-data-not-utf-8",
            "refuses client data with a byte that is not UTF-8 between its members",
            |draft| {
                client_data_bytes(draft, |mut bytes| {
                    bytes.insert(1, 0xff);
                    bytes
                });
            },
        ),
    ]
}

/// What is the same client data, or nearly.
fn spellings<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let taken = |name, title, edit| accepted(name, title, edit, steps.tolerant);
    let open = |name, title, edit| observed(name, title, edit, steps.ambiguous);
    vec![
        taken("client-data-unknown", "ignores members of client data that it does not know", |draft: &mut T| {
            draft.client_data().set("other_keys_can_be_added_here", json!({"a": [1, null, true]}));
        }),
        taken("client-data-reordered", "takes client data in another order", |draft| {
            let data = draft.client_data();
            data.members = std::mem::take(&mut data.members).into_iter().rev().collect();
        }),
        taken("client-data-white-space", "takes client data with white space", |draft| {
            client_data_text(draft, |text| format!(" \n{}\r\n\t", text.replace("\",\"", "\" ,\n \"")));
        }),
        taken("client-data-escapes", "takes client data with escapes", |draft| {
            client_data_text(draft, |text| text.replace('/', "\\/").replace("webauthn", "\\u0077ebauthn"));
        }),
        taken("client-data-byte-order-mark", "takes client data with a byte order mark", |draft| {
            client_data_text(draft, |text| format!("\u{feff}{text}"));
        }),
        taken("client-data-token-binding", "takes client data of a client that tells of token binding", |draft| {
            draft.client_data().set("tokenBinding", json!({"status": "supported"}));
        }),
        taken("cross-origin-missing", "takes client data that does not say whether it is cross-origin", |draft| {
            draft.client_data().remove("crossOrigin");
        }),
        open(
            "client-data-unknown-not-utf-8",
            "observes client data with a byte that is not UTF-8 in an unknown member",
            |draft| {
                draft.client_data().set("unknown", "?");
                client_data_bytes(draft, |bytes| {
                    bytes.iter().map(|&byte| if byte == b'?' { 0xff } else { byte }).collect()
                });
            },
        ),
        open("client-data-type-twice", "observes client data with two types, the second one right", |draft| {
            client_data_text(draft, |text| text.replacen('{', r#"{"type":"webauthn.none","#, 1));
        }),
        open("client-data-challenge-twice", "observes client data with two challenges, the first one right", |draft| {
            client_data_text(draft, |text| {
                format!(r#"{},"challenge":"AAAAAAAAAAAAAAAAAAAAAA"}}"#, text.trim_end_matches('}'))
            });
        }),
        open("client-data-origin-twice", "observes client data with two origins, the first one right", |draft| {
            client_data_text(draft, |text| format!(r#"{},"origin":"https://evil.test"}}"#, text.trim_end_matches('}')));
        }),
        observed(
            "cross-origin-true",
            "observes a ceremony in a frame of another origin",
            |draft| {
                draft.client_data().set("crossOrigin", true);
            },
            steps.cross_origin,
        ),
        observed(
            "top-origin",
            "observes a ceremony in a frame of a page that nobody knows",
            |draft| {
                draft.client_data().set("crossOrigin", true);
                draft.client_data().set("topOrigin", "https://evil.test");
            },
            steps.top_origin,
        ),
    ]
}
