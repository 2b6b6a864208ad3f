//! The labels of ceremony defects against py_webauthn, a relying party that we did not write.
//!
//! What we say must be taken it verifies, and what we say must be refused it refuses, but for the rows of the tables below.
//! With each registration the key is loaded, as the first sign-in would; an assertion is verified with the key that the library
//! has itself read from the registration. Where there is no Python with `webauthn`, and the package registry cannot be reached,
//! the test says so and passes.

mod python;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cogspec::ceremony::{
    ASSERTION, Algorithm, Assertion, Creation, Credential, Defect, Expect, REGISTRATION, Registration, RequestOptions,
    UserVerification,
};
use serde_json::{Value, json};

const ORIGIN: &str = "https://auth.example.com";
const RP_ID: &str = "auth.example.com";
const CHALLENGE: &str = "9DAxgg4vPiaxvAxc-JbMuw";

/// What it takes and we say must be refused, and why.
const IT_TAKES: &[(&str, &[&str])] = &[
    ("It decodes base64url with a reader that passes over what is none.", &["challenge-array", "challenge-space"]),
    ("It compares challenges as bytes, however they are written.", &["challenge-base64", "challenge-padded"]),
    (
        "It guesses the encoding of JSON, and reads a credential from its text too.",
        &["client-data-utf-16", "credential-string"],
    ),
    (
        "It looks neither at the type of extensions nor at that of authenticator data.",
        &["attestation-data-array", "extensions-not-map"],
    ),
    (
        "Where there is no attestation it does not look for a statement, but for members of one.",
        &["attestation-statement-array", "attestation-statement-missing"],
    ),
    ("It counts no bytes of credential ids.", &["credential-id-1024", "credential-id-65535"]),
    (
        "It does not hold the algorithm of a public key to its type, nor to its curve, nor to its size.",
        &["key-algorithm-of-rsa", "key-curve-p384", "key-rsa-1024", "key-rsa-for-es256"],
    ),
    (
        "It leaves to its caller which credential it is, and whose.",
        &[
            "credential-cut-id",
            "credential-extended-id",
            "credential-unknown-id",
            "user-handle-cut",
            "user-handle-empty",
            "user-handle-other",
        ],
    ),
];

/// What it refuses and we say must be taken, and why.
const IT_REFUSES: &[(&str, &[&str])] =
    &[("It knows two attachments; WebAuthn, 5.1, wants an unknown one treated as none.", &["attachment-unknown"])];

/// A draft for the library, and what we say must be made of it.
struct Labelled {
    /// Ceremony, algorithm and defect.
    name: String,
    defect: &'static str,
    must: Expect,
    draft: Value,
}

#[test]
fn labels_agree_with_py_webauthn() {
    let packages = ["webauthn==3.0.1", "cbor2==6.3.0", "cryptography==50.0.2"];
    let Some(python) = python::python("py-venv-webauthn", "webauthn", &packages) else { return };
    let (registrations, assertions) = (registrations(), assertions());
    let drafts = |labelled: &[Labelled]| labelled.iter().map(|labelled| labelled.draft.clone()).collect::<Value>();
    let documents = json!({
        "challenge": CHALLENGE,
        "rp_id": RP_ID,
        "origin": ORIGIN,
        "registrations": drafts(&registrations),
        "assertions": drafts(&assertions),
    });
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ceremony-drafts.json");
    std::fs::write(&file, documents.to_string()).expect("a file below target");
    let printed = python::output(&python, "webauthn_verify.py", file.to_str().expect("a path in UTF-8"));
    let mut refusals: BTreeMap<String, Option<String>> = serde_json::from_slice(&printed).expect("refusals by name");

    let mut disagreements = Vec::new();
    let mut used = BTreeSet::new();
    for Labelled { name, defect, must, .. } in registrations.iter().chain(&assertions) {
        let refusal = refusals.remove(name).expect("it was asked about each");
        let table = match must {
            Expect::Refused if refusal.is_none() => IT_TAKES,
            Expect::Accepted if refusal.is_some() => IT_REFUSES,
            // Also what is only observed: nobody knows what is right, and the library may choose.
            _ => continue,
        };
        if table.iter().any(|(_, defects)| defects.contains(defect)) {
            used.insert(*defect);
        } else {
            disagreements.push(format!("{name}: {must:?} by our label; py_webauthn: {refusal:?}"));
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    for defect in IT_TAKES.iter().chain(IT_REFUSES).flat_map(|(_, defects)| *defects) {
        assert!(used.contains(defect), "{defect} is no difference any more");
    }
}

/// Plain registrations, and each defect: without attestation, and with self attestation.
fn registrations() -> Vec<Labelled> {
    let mut labelled = Vec::new();
    for (algorithm, self_attested) in
        ALGORITHMS.into_iter().flat_map(|algorithm| [(algorithm, false), (algorithm, true)])
    {
        let ceremony = if self_attested { "self-attested registration" } else { "registration" };
        // Edits of the public key are of an ES256 one, and nobody signs for them.
        let is_meant = |name: &str| (algorithm == Algorithm::Es256 && !self_attested) || !name.starts_with("key-");
        let meant = REGISTRATION.iter().filter(|defect| is_meant(defect.name));
        labelled.extend(std::iter::once(None).chain(meant.map(Some)).map(|defect| {
            let mut draft = registration(&credential(algorithm));
            draft.self_attested = self_attested;
            edit(&mut draft, defect);
            self::labelled(ceremony, algorithm, defect, draft.document())
        }));
    }
    labelled
}

/// Plain assertions, and each defect, with the registration of their credential.
fn assertions() -> Vec<Labelled> {
    let of = |algorithm, defect: Option<&'static Defect<Assertion>>| {
        let mut credential = credential(algorithm);
        let registered = registration(&credential).document();
        let options = json!({ "challenge": CHALLENGE, "rpId": RP_ID });
        let options = RequestOptions::of(&options).expect("request options");
        let mut draft = Assertion::new(&options, ORIGIN, &mut credential);
        edit(&mut draft, defect);
        let mut labelled = labelled("assertion", algorithm, defect, draft.document());
        labelled.draft["registration"] = json!({ "document": registered, "verification_required": false });
        labelled
    };
    let plain = ALGORITHMS.map(|algorithm| of(algorithm, None));
    let defects =
        ALGORITHMS.into_iter().flat_map(|algorithm| ASSERTION.iter().map(move |defect| of(algorithm, Some(defect))));
    plain.into_iter().chain(defects).collect()
}

const ALGORITHMS: [Algorithm; 2] = [Algorithm::Es256, Algorithm::Rs256];

fn credential(algorithm: Algorithm) -> Credential {
    Credential::new(RP_ID, b"3c46320b-c60e-4a21-9d64-5829bfede1c4".to_vec(), algorithm)
}

fn registration(credential: &Credential) -> Registration {
    let creation = Creation {
        challenge: CHALLENGE.to_owned(),
        rp_id: RP_ID.to_owned(),
        user_id: credential.user_handle.clone(),
        user_verification: UserVerification::Preferred,
        algorithms: vec![-7, -257],
    };
    Registration::new(&creation, ORIGIN, credential)
}

fn edit<T>(draft: &mut T, defect: Option<&Defect<T>>) {
    if let Some(defect) = defect {
        (defect.edit)(draft);
    }
}

/// A draft without a defect must be taken.
fn labelled<T>(ceremony: &str, algorithm: Algorithm, defect: Option<&Defect<T>>, document: Value) -> Labelled {
    let (defect, must, user_verification) = match defect {
        Some(defect) => (defect.name, defect.must, defect.user_verification),
        None => ("plain", Expect::Accepted, None),
    };
    let name = format!("{ceremony} {algorithm:?} {defect}");
    let is_verification_required = user_verification == Some(UserVerification::Required);
    let draft = json!({ "name": name, "document": document, "verification_required": is_verification_required });
    Labelled { name, defect, must, draft }
}
