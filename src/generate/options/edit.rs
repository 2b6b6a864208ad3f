//! An edit of a right document, with the rules that it breaks.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// One labelled defect of creation options: the edit, where it is made, and the rules that it breaks.
pub struct OptionsDefect {
    edit: Edit,
    /// The broken rules, all of them, without the prefix `options.`; none where the edited document is as right as before.
    pub rules: Vec<&'static str>,
    /// Whether the edit makes a document so large that a fuzzer had better not draw it.
    pub is_large: bool,
    /// The text of the document that it is made for, edited, once that was drawn.
    alone: OnceLock<Vec<u8>>,
}

impl std::fmt::Debug for OptionsDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OptionsDefect").field("at", &self.pointer()).field("rules", &self.rules).finish_non_exhaustive()
    }
}

type Change = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

enum Edit {
    Set(&'static str, Value),
    Remove(&'static str),
    /// The member's other name.
    Rename(&'static str, &'static str),
    /// A change of the text, with the place that it concerns.
    Text(&'static str, Change),
}

impl OptionsDefect {
    fn new(edit: Edit, rules: &[&'static str]) -> OptionsDefect {
        OptionsDefect { edit, rules: rules.to_vec(), is_large: false, alone: OnceLock::new() }
    }

    /// The same, as one that makes a large document.
    pub(super) fn large(self) -> OptionsDefect {
        OptionsDefect { is_large: true, ..self }
    }

    /// The JSON pointer (RFC 6901) to the place that is edited. An addition to an array concerns the array.
    #[must_use]
    pub fn pointer(&self) -> &'static str {
        let (Edit::Set(pointer, _) | Edit::Remove(pointer) | Edit::Rename(pointer, _) | Edit::Text(pointer, _)) =
            &self.edit;
        pointer.strip_suffix("/-").unwrap_or(pointer)
    }

    /// The text of the edited document. Where the document has no such place it stays as it is.
    #[must_use]
    pub fn apply(&self, base: &Value) -> Vec<u8> {
        apply_all(&[self], base)
    }

    /// The same for the document that it is made for, which is always the same: it is edited once.
    pub(super) fn apply_once(&self, own: &Value) -> Vec<u8> {
        if self.is_large { self.apply(own) } else { self.alone.get_or_init(|| self.apply(own)).clone() }
    }

    /// Whether the two do not get into each other's way, nor into that of each other's rules: they edit different members
    /// of the options, none of which a rule compares with the other.
    #[must_use]
    pub fn is_independent_of(&self, other: &OptionsDefect) -> bool {
        const COMPARED: [&str; 2] = ["authenticatorSelection", "hints"];
        let member = |defect: &OptionsDefect| defect.pointer().split('/').nth(1);
        match (member(self), member(other)) {
            // A member in another case is one that is misspelt.
            (Some(a), Some(b)) => {
                let is_compared = COMPARED.contains(&a) && COMPARED.contains(&b);
                !is_compared && !a.eq_ignore_ascii_case(b)
            }
            _ => false,
        }
    }
}

/// The text of the document with these edits, independent of each other where they are several.
pub(super) fn apply_all(defects: &[&OptionsDefect], base: &Value) -> Vec<u8> {
    let mut document = base.clone();
    for defect in defects {
        match &defect.edit {
            Edit::Set(pointer, value) => put(&mut document, pointer, value.clone()),
            Edit::Remove(pointer) => drop(take(&mut document, pointer)),
            Edit::Rename(pointer, name) => {
                let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
                if let Some(value) = take(&mut document, pointer) {
                    put(&mut document, &format!("{parent}/{name}"), value);
                }
            }
            Edit::Text(..) => {}
        }
    }
    let mut text = document.to_string().into_bytes();
    for defect in defects {
        if let Edit::Text(_, change) = &defect.edit {
            // Only the edit of a whole document leaves bytes that are no text, and that comes alone.
            text = change(&String::from_utf8_lossy(&text));
        }
    }
    text
}

/// Sets or adds the member at a pointer.
pub(super) fn set(pointer: &'static str, value: Value, rules: &[&'static str]) -> OptionsDefect {
    OptionsDefect::new(Edit::Set(pointer, value), rules)
}

/// Takes a member away.
pub(super) fn remove(pointer: &'static str, rules: &[&'static str]) -> OptionsDefect {
    OptionsDefect::new(Edit::Remove(pointer), rules)
}

/// Gives a member another name.
pub(super) fn rename(pointer: &'static str, name: &'static str, rules: &[&'static str]) -> OptionsDefect {
    OptionsDefect::new(Edit::Rename(pointer, name), rules)
}

/// Changes the text.
pub(super) fn text(
    pointer: &'static str,
    change: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
    rules: &[&'static str],
) -> OptionsDefect {
    OptionsDefect::new(Edit::Text(pointer, Box::new(change)), rules)
}

/// Puts other text in the place of some.
pub(super) fn replace(
    pointer: &'static str,
    from: &'static str,
    to: &'static str,
    rules: &[&'static str],
) -> OptionsDefect {
    text(pointer, move |text: &str| text.replacen(from, to, 1).into_bytes(), rules)
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        *document = value;
        return;
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.insert(name.to_owned(), value)),
        Some(Value::Array(array)) if name == "-" => array.push(value),
        Some(Value::Array(array)) => {
            if let Some(item) = name.parse::<usize>().ok().and_then(|index| array.get_mut(index)) {
                *item = value;
            }
        }
        _ => {}
    }
}

fn take(document: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let object: &mut Map<String, Value> = document.pointer_mut(parent)?.as_object_mut()?;
    object.shift_remove(name)
}

/// Options without any finding under the `w3c` profile.
pub(super) fn clean() -> Value {
    json!({
        "rp": {"id": "login.example.com", "name": "Example"},
        "user": {"id": base64url(&[7; 64]), "name": "ada", "displayName": ""},
        "challenge": base64url(&[9; 32]),
        "pubKeyCredParams": [
            {"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}
        ],
        "timeout": 300_000,
        "excludeCredentials": [{"type": "public-key", "id": base64url(&[1; 32]), "transports": ["internal", "hybrid"]}],
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "preferred",
            "authenticatorAttachment": "platform"
        },
        "hints": ["client-device"],
        "attestation": "none",
        "attestationFormats": ["packed"],
        "extensions": {"credProps": true}
    })
}

pub(super) fn base64url(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}

/// Options as Cognito sends them: only notes under the `cognito` profile.
pub(super) fn base() -> Value {
    json!({
        "rp": {"id": "auth.example.com", "name": "auth.example.com"},
        "user": {"id": base64url(b"3c46320b-c60e-4a21-9d64-5829bfede1c4"), "name": "james", "displayName": ""},
        "challenge": "zsBch6DlNLUb6SgRdzHysw",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 60_000,
        "excludeCredentials": [{"type": "public-key", "id": "1oG8PrTycHFuWdHAjIelCnsVx7XsrGIL44Whwr_8F8k"}],
        "authenticatorSelection": {
            "requireResidentKey": true, "residentKey": "required", "userVerification": "preferred"
        }
    })
}
