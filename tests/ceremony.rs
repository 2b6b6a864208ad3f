//! Drafts of the software authenticator, held against readers and verifiers that we did not write.

use std::collections::BTreeSet;

use ciborium::Value as Cbor;
use cogspec::ceremony::{
    ASSERTION, Algorithm, Assertion, Creation, Credential, Defect, Expect, REGISTRATION, Registration, RequestOptions,
    UserVerification, broken_by_assertion, broken_by_registration, flags,
};
use cogspec::cognito::rules::ceremony as rules;
use cogspec::generate::credential::{Right, with};
use data_encoding::BASE64URL_NOPAD;
use passkey_types::webauthn::{AuthenticatedPublicKeyCredential, CreatedPublicKeyCredential};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::{Value, json};

const ORIGIN: &str = "https://auth.example.com";
const RP_ID: &str = "auth.example.com";
const CHALLENGE: &str = "9DAxgg4vPiaxvAxc-JbMuw";

fn creation() -> Creation {
    let options = json!({
        "challenge": CHALLENGE,
        "rp": {"id": RP_ID, "name": RP_ID},
        "user": {"id": "M2M0NjMyMGItYzYwZS00YTIxLTlkNjQtNTgyOWJmZWRlMWM0", "name": "ann", "displayName": ""},
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "authenticatorSelection": {"userVerification": "required"},
    });
    Creation::of(&options).expect("creation options")
}

fn credential(algorithm: Algorithm) -> Credential {
    Credential::new(RP_ID, creation().user_id, algorithm)
}

fn registration(algorithm: Algorithm) -> Registration {
    Registration::new(&creation(), ORIGIN, &credential(algorithm))
}

fn request(credential: &Credential) -> RequestOptions {
    let options = json!({
        "challenge": CHALLENGE,
        "timeout": 180_000,
        "rpId": RP_ID,
        "allowCredentials": [{"id": BASE64URL_NOPAD.encode(&credential.id), "type": "public-key", "transports": []}],
        "userVerification": "preferred",
    });
    RequestOptions::of(&options).expect("request options")
}

fn assertion(credential: &mut Credential) -> Assertion {
    Assertion::new(&request(credential), ORIGIN, credential)
}

fn decoded(document: &Value, member: &str) -> Vec<u8> {
    let text = document["response"][member].as_str().unwrap_or_else(|| panic!("{member} is text in {document}"));
    BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64url")
}

/// The algorithm, and what ring takes for a public key: the point, or the RSAPublicKey, at the end of the SPKI.
fn verifier(credential: &Credential) -> UnparsedPublicKey<Vec<u8>> {
    let spki = credential.public_key();
    let (algorithm, head): (&'static dyn VerificationAlgorithm, usize) = match credential.algorithm() {
        Algorithm::Es256 => (&ECDSA_P256_SHA256_ASN1, 26),
        Algorithm::Rs256 => (&RSA_PKCS1_2048_8192_SHA256, 24),
    };
    UnparsedPublicKey::new(algorithm, spki[head..].to_vec())
}

/// What an assertion signs, put together from the document alone.
fn signed(document: &Value) -> Vec<u8> {
    let hash = digest(&SHA256, &decoded(document, "clientDataJSON"));
    [decoded(document, "authenticatorData").as_slice(), hash.as_ref()].concat()
}

fn is_verified(credential: &Credential, document: &Value) -> bool {
    verifier(credential).verify(&signed(document), &decoded(document, "signature")).is_ok()
}

#[test]
fn the_options_are_read() {
    let creation = creation();
    assert_eq!((creation.challenge.as_str(), creation.rp_id.as_str()), (CHALLENGE, RP_ID));
    assert_eq!(creation.user_id, b"3c46320b-c60e-4a21-9d64-5829bfede1c4");
    assert_eq!(creation.algorithms, [-7, -257]);
    assert_eq!(creation.user_verification, UserVerification::Required);
    let credential = credential(Algorithm::Es256);
    let request = request(&credential);
    assert_eq!((request.allow, request.user_verification), (vec![credential.id], UserVerification::Preferred));
    assert_eq!(RequestOptions::of(&json!({"challenge": "AA"})), None);
}

#[test]
fn a_signature_is_verified_by_ring() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let mut credential = credential(algorithm);
        let document = assertion(&mut credential).document();
        assert!(is_verified(&credential, &document), "{algorithm:?}");
        assert_eq!(credential.sign_count, 2);
        assert_eq!(decoded(&document, "authenticatorData")[33..37], [0, 0, 0, 2]);
        assert_eq!(decoded(&document, "userHandle"), credential.user_handle);
    }
}

#[test]
fn a_public_key_is_read_from_its_der_by_jsonwebtoken() {
    let credential = credential(Algorithm::Rs256);
    let base64 = data_encoding::BASE64.encode(&credential.public_key());
    let lines: Vec<&str> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
    jsonwebtoken::DecodingKey::from_rsa_pem(pem.as_bytes()).expect("an RSA public key");
}

#[test]
fn a_registration_is_read_by_ciborium() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let credential = credential(algorithm);
        let document = Registration::new(&creation(), ORIGIN, &credential).document();
        let object: Cbor = ciborium::from_reader(decoded(&document, "attestationObject").as_slice()).expect("CBOR");
        let object = object.as_map().expect("a map");
        let names: Vec<&str> = object.iter().filter_map(|(name, _)| name.as_text()).collect();
        assert_eq!(names, ["fmt", "attStmt", "authData"]);
        assert_eq!((&object[0].1, &object[1].1), (&Cbor::from("none"), &Cbor::Map(Vec::new())));
        let data = object[2].1.as_bytes().expect("bytes");
        assert_eq!(*data, decoded(&document, "authenticatorData"));
        assert_eq!(&data[..32], digest(&SHA256, RP_ID.as_bytes()).as_ref());
        assert_eq!(data[32], flags::UP | flags::UV | flags::AT);
        assert_eq!((&data[37..53], &data[53..55]), ([0; 16].as_slice(), [0, 32].as_slice()));
        assert_eq!(data[55..87], credential.id);
        let mut rest = &data[87..];
        let key: Cbor = ciborium::from_reader(&mut rest).expect("a COSE_Key");
        assert!(rest.is_empty(), "nothing follows the key");
        let key: Vec<(i64, Cbor)> = key
            .into_map()
            .expect("a map")
            .into_iter()
            .map(|(label, value)| (label.as_integer().and_then(|n| n.try_into().ok()).expect("a label"), value))
            .collect();
        let spki = credential.public_key();
        match algorithm {
            Algorithm::Es256 => {
                let labels: Vec<i64> = key.iter().map(|(label, _)| *label).collect();
                assert_eq!(labels, [1, 3, -1, -2, -3]);
                assert_eq!([&key[0].1, &key[1].1, &key[2].1], [&2.into(), &(-7).into(), &1.into()]);
                let point =
                    [&[4], key[3].1.as_bytes().expect("x").as_slice(), key[4].1.as_bytes().expect("y")].concat();
                assert!(spki.ends_with(&point));
            }
            Algorithm::Rs256 => {
                assert_eq!([&key[0].1, &key[1].1], [&3.into(), &(-257).into()]);
                let (modulus, exponent) = (key[2].1.as_bytes().expect("n"), key[3].1.as_bytes().expect("e"));
                assert_eq!((modulus.len(), exponent.as_slice()), (256, [1, 0, 1].as_slice()));
                assert!(spki.windows(256).any(|window| window == modulus.as_slice()));
            }
        }
    }
}

#[test]
fn the_documents_are_read_by_passkey_types() {
    let mut credential = credential(Algorithm::Es256);
    let document = Registration::new(&creation(), ORIGIN, &credential).document();
    let read: CreatedPublicKeyCredential = serde_json::from_value(document).expect("a registration");
    assert_eq!((read.raw_id.as_slice(), read.response.public_key_algorithm), (credential.id.as_slice(), -7));
    assert_eq!(read.response.public_key.as_deref(), Some(&credential.public_key()));
    let document = assertion(&mut credential).document();
    let read: AuthenticatedPublicKeyCredential = serde_json::from_value(document).expect("an assertion");
    assert_eq!(read.response.user_handle.as_deref(), Some(&credential.user_handle));
    let client_data: Value = serde_json::from_slice(&read.response.client_data_json).expect("JSON");
    assert_eq!(
        client_data,
        json!({"type": "webauthn.get", "challenge": CHALLENGE, "origin": ORIGIN, "crossOrigin": false})
    );
}

fn labels_hold<T>(defects: &[Defect<T>], least: usize) {
    assert!(defects.len() >= least, "{} defects", defects.len());
    let names: BTreeSet<&str> = defects.iter().map(|defect| defect.name).collect();
    assert_eq!(names.len(), defects.len(), "a name is there twice");
    let titles: BTreeSet<&str> = defects.iter().map(|defect| defect.title).collect();
    assert_eq!(titles.len(), defects.len(), "a title is there twice");
    for defect in defects {
        let name = defect.name;
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
        let verbs = match defect.must {
            Expect::Refused => ["refuses", "refuses"],
            Expect::Observed => ["observes", "observes"],
            Expect::Accepted => ["takes", "ignores"],
        };
        assert!(verbs.contains(&defect.title.split(' ').next().expect("a word")), "{name}: {}", defect.title);
        assert_eq!(defect.class.is_some(), defect.must == Expect::Refused, "{name}");
        for rule in [Some(defect.rule), defect.class.map(|(_, rule)| rule)].into_iter().flatten() {
            assert!(rules::ALL.iter().any(|known| std::ptr::eq(*known, rule)), "{name}: {}", rule.id);
        }
        for class in defect.class.iter().flat_map(|(classes, _)| *classes) {
            assert!(cogspec::cognito::error(class).is_some(), "{name}: {class}");
        }
    }
}

#[test]
fn the_defects_are_labelled() {
    labels_hold(&REGISTRATION, 200);
    labels_hold(&ASSERTION, 130);
}

/// The challenges of servers have 16 bytes, and others are fit for a test: neither may leave a defect without effect.
const CHALLENGES: [&str; 3] = [CHALLENGE, "AAAAAAAAAAAAAAAAAAAAAAAA", "7ZYQvqt16U_ZcQ6fx4okaQ"];

#[test]
fn each_defect_changes_a_registration() {
    for challenge in CHALLENGES {
        for origin in [ORIGIN, "https://login.auth.example.com:8080"] {
            for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
                let creation = Creation { challenge: challenge.into(), ..creation() };
                let draft = Registration::new(&creation, origin, &credential(algorithm));
                let plain = draft.document();
                // Edits of the public key are of an ES256 one.
                let is_meant = |name: &str| algorithm == Algorithm::Es256 || !name.starts_with("key-");
                for defect in REGISTRATION.iter().filter(|defect| is_meant(defect.name)) {
                    let mut edited = draft.clone();
                    (defect.edit)(&mut edited);
                    assert_ne!(edited.document(), plain, "{} at {origin} with {algorithm:?}", defect.name);
                }
            }
        }
    }
}

#[test]
fn each_defect_changes_an_assertion() {
    let mut credential = credential(Algorithm::Rs256);
    // RSA signatures are the same each time, so a difference is the defect's.
    let draft = assertion(&mut credential);
    let plain = draft.document();
    assert_eq!(draft.document(), plain);
    for defect in ASSERTION.iter() {
        let mut edited = draft.clone();
        (defect.edit)(&mut edited);
        assert_ne!(edited.document(), plain, "{}", defect.name);
    }
}

/// Every defect of an assertion but those of the signature and of the JSON around it is signed: it stands alone.
#[test]
fn only_the_defects_of_the_signature_spoil_it() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let mut credential = credential(algorithm);
        for defect in ASSERTION.iter() {
            let mut draft = assertion(&mut credential);
            (defect.edit)(&mut draft);
            if draft.instead.is_none() {
                let spoils = std::ptr::eq(defect.rule, &rules::SIGNATURE);
                let is_verified = is_verified(&credential, &draft.document());
                assert_eq!(is_verified, !spoils, "{} by {algorithm:?}", defect.name);
            }
        }
    }
}

#[test]
fn self_attestation_is_signed_by_the_credential() {
    let credential = credential(Algorithm::Es256);
    let draft = Registration::new(&creation(), ORIGIN, &credential);
    let mut right = 0;
    for defect in REGISTRATION.iter().filter(|defect| defect.name.starts_with("attestation-self")) {
        let mut draft = draft.clone();
        (defect.edit)(&mut draft);
        let statement = &draft.attestation.statement;
        let signature = statement.iter().find(|(name, _)| *name == Cbor::from("sig"));
        let Some(signature) = signature.and_then(|(_, signature)| signature.as_bytes()) else { continue };
        let is_right = verifier(&credential).verify(&signed(&draft.document()), signature).is_ok();
        let has_other_algorithm = statement[0].1 != Cbor::from(-7);
        assert_eq!(is_right && !has_other_algorithm, defect.must == Expect::Accepted, "{}", defect.name);
        right += usize::from(is_right);
    }
    assert_eq!(right, 2, "the right one, and the one that names another algorithm");
}

#[test]
fn the_point_off_the_curve_is_off_the_curve() {
    let mut draft = registration(Algorithm::Es256);
    let message = b"message";
    let point = |draft: &Registration| {
        let key = &draft.authenticator_data.attested.as_ref().expect("a credential").cose_key;
        [&[4], key[3].1.as_bytes().expect("x").as_slice(), key[4].1.as_bytes().expect("y")].concat()
    };
    // A key agreement tells a wrong point from a wrong signature, which a verification does not.
    let agree = |point: &[u8]| {
        let random = ring::rand::SystemRandom::new();
        let own = ring::agreement::EphemeralPrivateKey::generate(&ring::agreement::ECDH_P256, &random).expect("a key");
        let peer = ring::agreement::UnparsedPublicKey::new(&ring::agreement::ECDH_P256, point);
        ring::agreement::agree_ephemeral(own, &peer, |_| message.len()).is_ok()
    };
    assert!(agree(&point(&draft)));
    let defect = REGISTRATION.iter().find(|defect| defect.name == "key-off-curve").expect("it is there");
    (defect.edit)(&mut draft);
    assert!(!agree(&point(&draft)));
}

/// The judge's own verification refuses what a label refuses, and nothing that a server may take.
#[test]
fn the_verification_agrees_with_every_label() {
    let mut wrong = Vec::new();
    let mut agree = |name: &str, must: Expect, broken: Option<&'static cogspec::cognito::Rule>| {
        if broken.is_some() != (must == Expect::Refused) {
            wrong.push(format!("{name}: {must:?}, {:?}", broken.map(|rule| rule.id)));
        }
    };
    for defect in REGISTRATION.iter() {
        let mut draft = registration(Algorithm::Es256);
        (defect.edit)(&mut draft);
        let user_verification = defect.user_verification.unwrap_or_default();
        let creation = Creation { user_verification, ..creation() };
        agree(defect.name, defect.must, broken_by_registration(&draft.document(), &creation));
    }
    for defect in ASSERTION.iter() {
        let mut credential = credential(Algorithm::Es256);
        let mut draft = assertion(&mut credential);
        (defect.edit)(&mut draft);
        let user_verification = defect.user_verification.unwrap_or_default();
        let options = RequestOptions { user_verification, ..request(&credential) };
        agree(defect.name, defect.must, broken_by_assertion(&draft.document(), &options, &credential));
    }
    assert_eq!(wrong, [""; 0]);
    let mut rs256 = credential(Algorithm::Rs256);
    assert_eq!(broken_by_registration(&registration(Algorithm::Rs256).document(), &creation()), None);
    let document = assertion(&mut rs256).document();
    assert_eq!(broken_by_assertion(&document, &request(&rs256), &rs256), None);
}

/// Whatever defects of several places are put together, nothing panics, and most of it is still refused.
#[test]
fn defects_of_several_places_go_together() {
    let mut refused = 0;
    for (n, defect) in REGISTRATION.iter().enumerate() {
        for other in REGISTRATION[..n].iter().filter(|other| other.place != defect.place) {
            let drawn = with([defect, other]);
            let document = drawn.register(&creation(), ORIGIN).document();
            let right = drawn.right(broken_by_registration(&document, &creation()));
            refused += usize::from(matches!(right, Right::Refused(_, [])));
        }
    }
    assert!(refused > 8_000, "{refused} of two defects are refused");
    for (n, defect) in ASSERTION.iter().enumerate() {
        for other in ASSERTION[..n].iter().filter(|other| other.place != defect.place) {
            let mut credential = credential(Algorithm::Es256);
            let options = request(&credential);
            let document = with([defect, other]).assert(&options, ORIGIN, &mut credential).document();
            let is_refused = [defect, other].iter().any(|defect| defect.must == Expect::Refused);
            let broken = broken_by_assertion(&document, &options, &credential);
            assert!(is_refused || broken.is_none(), "{defect:?}, {other:?}: {broken:?}");
        }
    }
}
