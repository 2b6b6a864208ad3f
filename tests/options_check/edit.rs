//! A document one edit away from a right one, and the rules that the edit breaks.

use cogspec::cognito::Finding;
use cogspec::options::{Context, check};
use serde_json::{Value, json};

/// One row of a table: the edit, where it is made, and the rules that it breaks, without the prefix `options.`.
pub(crate) struct Row {
    edit: Edit,
    pub(crate) expected: Vec<&'static str>,
}

type Change = Box<dyn Fn(&str) -> Vec<u8>>;

enum Edit {
    Set(&'static str, Value),
    Remove(&'static str),
    /// The member's other name.
    Rename(&'static str, &'static str),
    /// A change of the text, with the place that it concerns.
    Text(&'static str, Change),
}

/// Sets or adds the member at a pointer.
pub(crate) fn set(pointer: &'static str, value: Value, expected: &[&'static str]) -> Row {
    Row { edit: Edit::Set(pointer, value), expected: expected.to_vec() }
}

/// Takes a member away.
pub(crate) fn remove(pointer: &'static str, expected: &[&'static str]) -> Row {
    Row { edit: Edit::Remove(pointer), expected: expected.to_vec() }
}

/// Gives a member another name.
pub(crate) fn rename(pointer: &'static str, name: &'static str, expected: &[&'static str]) -> Row {
    Row { edit: Edit::Rename(pointer, name), expected: expected.to_vec() }
}

/// Changes the text.
pub(crate) fn text(
    pointer: &'static str,
    change: impl Fn(&str) -> Vec<u8> + 'static,
    expected: &[&'static str],
) -> Row {
    Row { edit: Edit::Text(pointer, Box::new(change)), expected: expected.to_vec() }
}

/// Puts other text in the place of some.
pub(crate) fn replace(pointer: &'static str, from: &'static str, to: &'static str, expected: &[&'static str]) -> Row {
    let change = move |text: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    text(pointer, change, expected)
}

impl Row {
    fn pointer(&self) -> &'static str {
        let (Edit::Set(pointer, _) | Edit::Remove(pointer) | Edit::Rename(pointer, _) | Edit::Text(pointer, _)) =
            &self.edit;
        // An addition to an array concerns the array.
        pointer.strip_suffix("/-").unwrap_or(pointer)
    }

    /// The edited document.
    pub(crate) fn apply(&self, base: &Value) -> Vec<u8> {
        let mut document = base.clone();
        match &self.edit {
            Edit::Set(pointer, value) => put(&mut document, pointer, value.clone()),
            Edit::Remove(pointer) => drop(take(&mut document, pointer)),
            Edit::Rename(pointer, name) => {
                let value = take(&mut document, pointer);
                let (parent, _) = pointer.rsplit_once('/').unwrap();
                put(&mut document, &format!("{parent}/{name}"), value);
            }
            Edit::Text(_, change) => return change(&base.to_string()),
        }
        document.to_string().into_bytes()
    }

    /// Judges the edited document and holds the findings, but for those that `base` has itself, to what is expected.
    pub(crate) fn hold(&self, base: &Value, context: &Context) {
        let before = check(base.to_string().as_bytes(), context);
        let document = self.apply(base);
        let findings = check(&document, context);
        let new: Vec<&Finding> = findings.iter().filter(|f| !before.iter().any(|b| b.rule == f.rule)).collect();
        let mut ids: Vec<&str> = new.iter().map(|f| f.rule.id.strip_prefix("options.").unwrap()).collect();
        let mut expected = self.expected.clone();
        ids.sort_unstable();
        expected.sort_unstable();
        assert_eq!(ids, expected, "\n{}\n{findings:#?}", String::from_utf8_lossy(&document));
        for finding in new {
            let pointer = finding.pointer.as_deref().unwrap_or_default();
            assert!(
                is_near(pointer, self.pointer()) || is_about_several(finding),
                "the edit of {:?} is told at {pointer:?}: {finding:?}",
                self.pointer()
            );
        }
    }
}

/// Whether one place holds the other, or they are members of one object where the name itself was edited.
fn is_near(a: &str, b: &str) -> bool {
    let holds = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    holds(a, b) || holds(b, a) || a.eq_ignore_ascii_case(b) || a.replace(['_', '-'], "").eq_ignore_ascii_case(b)
}

/// Rules that compare members with one another, so that they speak of another place than the edited one.
pub(crate) fn is_about_several(finding: &Finding) -> bool {
    [
        "options.params.duplicate",
        "options.exclude.duplicate",
        "options.hints.repeated",
        "options.hints.attachment",
        "options.selection.resident-key.agrees",
        "options.extensions.cred-protect.enforce-alone",
        "options.user.id.personal",
        "options.user.id.hashed",
        "options.cognito.rp.name",
        "options.cognito.user.display-name",
    ]
    .contains(&finding.rule.id)
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    if pointer.is_empty() {
        *document = value;
        return;
    }
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(name.to_owned(), value)),
        Value::Array(array) if name == "-" => array.push(value),
        Value::Array(array) => array[name.parse::<usize>().unwrap()] = value,
        _ => panic!("nothing at {pointer}"),
    }
}

fn take(document: &mut Value, pointer: &str) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(name).unwrap()
}

/// Options without any finding under the `w3c` profile.
pub(crate) fn clean() -> Value {
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

pub(crate) fn base64url(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}
