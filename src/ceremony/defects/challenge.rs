//! Challenges in client data.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::Value;

use super::draft::Draft;
use super::steps::Steps;
use super::{Defect, refused};
use crate::ceremony::credential::random;

pub(super) fn defects<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let other = |name, title, edit| refused(name, title, edit, steps.challenge, steps.class_challenge);
    let spelt = |name, title, edit| refused(name, title, edit, steps.challenge_text, steps.class_challenge);
    vec![
        other("challenge-other", "refuses a challenge that it did not send", |draft: &mut T| {
            draft.client_data().set("challenge", BASE64URL_NOPAD.encode(&random(16)));
        }),
        other("challenge-truncated", "refuses the first half of the challenge", |draft| {
            edit(draft, |text| text.chars().take(text.len() / 2).collect());
        }),
        other("challenge-extended", "refuses a challenge that only begins with its own", |draft| {
            edit(draft, |text| format!("{text}AAAA"));
        }),
        other("challenge-case", "refuses a challenge with its letters in the other case", |draft| {
            edit(draft, |text| text.chars().map(other_case).collect());
        }),
        other("challenge-encoded-twice", "refuses a challenge that is encoded twice", |draft| {
            edit(draft, |text| BASE64URL_NOPAD.encode(text.as_bytes()));
        }),
        other("challenge-empty", "refuses an empty challenge", |draft| draft.client_data().set("challenge", "")),
        other("challenge-missing", "refuses client data without a challenge", |draft| {
            draft.client_data().remove("challenge");
        }),
        other("challenge-null", "refuses a challenge that is null", |draft| {
            draft.client_data().set("challenge", Value::Null);
        }),
        other("challenge-array", "refuses a challenge that is an array with its own in it", |draft| {
            let data = draft.client_data();
            data.set("challenge", vec![Value::from(data.text("challenge"))]);
        }),
        spelt("challenge-padded", "refuses a challenge with padding", |draft| edit(draft, |text| format!("{text}=="))),
        spelt("challenge-base64", "refuses a challenge in plain base64", |draft| {
            edit(draft, |text| {
                let plain = BASE64.encode(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default());
                // Some challenges are the same in both.
                if plain == text { format!("{plain}=") } else { plain }
            });
        }),
        spelt("challenge-space", "refuses a challenge with a space after it", |draft| {
            edit(draft, |text| format!("{text} "));
        }),
    ]
}

fn edit<T: Draft>(draft: &mut T, edit: impl FnOnce(&str) -> String) {
    let data = draft.client_data();
    data.set("challenge", edit(data.text("challenge")));
}

fn other_case(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}
