//! Public keys of new credentials.

use ciborium::Value;

use super::steps::{CLASS_INVALID, CLASS_NOT_SUPPORTED};
use super::{Class, Defect, observed, refused};
use crate::ceremony::credential::hex;
use crate::ceremony::{Registration, cbor};
use crate::cognito::Rule;
use crate::cognito::rules::ceremony as rules;

// Labels of COSE_Key (RFC 9052, 7.1; RFC 9053, 7.1; RFC 8230, 4).
const KTY: i64 = 1;
const ALG: i64 = 3;
/// The curve of EC2; the modulus of RSA.
const CRV: i64 = -1;
const N: i64 = -1;
/// The x-coordinate of EC2; the exponent of RSA.
const X: i64 = -2;
const E: i64 = -2;
const Y: i64 = -3;
/// The private key of EC2.
const D: i64 = -4;

// Public keys of other algorithms, whose private keys nobody has kept.
const P384: [&str; 2] = [
    "6d219540b8cc829846d842e438dee5bc6f0aedc89fe0b029a23c557d328419762cc8034f4b6e3584faf674c72b0371be",
    "2446d8c0de34cee89dfb30e19d0d5404b47eedf4aa8092d8cd8e2a0a87fa9f701fb016ad9893988880ad98c09ec570e5",
];
const P521: [&str; 2] = [
    "013fe624ff6d4edbf3f98f66d630381da354a4db1e7682bc4c0b4da72c4d050f28518468338136557d9daad0ca515f686b67ea66235097724e3175d05dd433b96113",
    "01a596c6a9e54532b374e9226286b5127dbd0f5b19eabfa601ddee9b0506546256bdfa745013255eba72045b57d50c75c4d22dad6a3b5dc6abb572ff263d54b55c0d",
];
const SECP256K1: [&str; 2] = [
    "401c981a817b9c2f00f9c3ff3181557e8b3a1b0e05f8b35460765f796701ec85",
    "564460043f4bc165a2b4f0da873c393d4078bcdb422acf4c19f417e8b24df824",
];
const ED25519: &str = "8bec33446d43d7a2463dd65d1c3a54f42092bc38ac78269fd88c3b24a76d16b1";
const RSA_1024: &str = "d1cabec51c9c182d9c1b619dba83a774621d557449d3561ee0d57e90a9dcebd57e82b60888527c70437873c52414082c795e4b150fee180844a6f15446838b8749b26b9605ded3cc1a97cd7599e047cc8ec91108fa8e62ad2a6c55636e693cd8bca4d1c097caadacc589eab5b3b6e001e8785f0f3418f0fc89c49872d8f06ea3";

pub(super) fn defects() -> Vec<Defect<Registration>> {
    not_offered().chain(unnamed()).chain(required()).chain(invalid()).chain(extra()).collect()
}

type Row = (&'static str, &'static str, fn(&mut Registration));

/// Sound keys of algorithms that the options do not offer: Cognito offers ES256 and RS256.
fn not_offered() -> impl Iterator<Item = Defect<Registration>> {
    let rows: [Row; 8] = [
        ("key-eddsa", "refuses an EdDSA key, which it did not ask for", |draft| {
            replace(draft, [(KTY, 1.into()), (ALG, (-8).into()), (CRV, 6.into()), (X, bytes(ED25519))]);
        }),
        ("key-es384", "refuses an ES384 key, which it did not ask for", |draft| ec(draft, -35, 2, P384)),
        ("key-es512", "refuses an ES512 key, which it did not ask for", |draft| ec(draft, -36, 3, P521)),
        ("key-es256k", "refuses an ES256K key, which it did not ask for", |draft| ec(draft, -47, 8, SECP256K1)),
        ("key-ps256", "refuses a PS256 key, which it did not ask for", |draft| rsa(draft, -37)),
        ("key-ps384", "refuses a PS384 key, which it did not ask for", |draft| rsa(draft, -38)),
        ("key-rs384", "refuses an RS384 key, which it did not ask for", |draft| rsa(draft, -258)),
        ("key-rs1", "refuses an RS1 key, which it did not ask for", |draft| rsa(draft, -65535)),
    ];
    all(rows, &rules::ALGORITHM, CLASS_NOT_SUPPORTED)
}

/// What names no algorithm.
fn unnamed() -> impl Iterator<Item = Defect<Registration>> {
    let rows: [Row; 4] = [
        ("key-empty", "refuses a public key without parameters", |draft| replace(draft, [])),
        ("key-algorithm-missing", "refuses a public key without an algorithm", |draft| remove(draft, ALG)),
        ("key-algorithm-text", "refuses a public key whose algorithm is a name", |draft| set(draft, ALG, "ES256")),
        ("key-labels-text", "refuses a public key with names for labels", |draft| {
            if let Some(key) = key(draft) {
                let names = ["kty", "alg", "crv", "x", "y"];
                key.iter_mut().zip(names).for_each(|((label, _), name)| *label = name.into());
            }
        }),
    ];
    all(rows, &rules::ALGORITHM, CLASS_INVALID)
}

/// What a key must have besides.
fn required() -> impl Iterator<Item = Defect<Registration>> {
    let rows: [Row; 15] = [
        ("key-type-missing", "refuses a public key without a type", |draft| remove(draft, KTY)),
        ("key-type-of-rsa", "refuses an elliptic curve key that says it is an RSA key", |draft| set(draft, KTY, 3)),
        ("key-type-of-okp", "refuses an elliptic curve key that says it is an octet key pair", |draft| {
            set(draft, KTY, 1)
        }),
        ("key-type-symmetric", "refuses a symmetric key", |draft| {
            replace(draft, [(KTY, 4.into()), (ALG, (-7).into()), (-1, vec![7_u8; 32].as_slice().into())]);
        }),
        ("key-algorithm-of-rsa", "refuses an elliptic curve key for RS256", |draft| set(draft, ALG, -257)),
        ("key-rsa-for-es256", "refuses an RSA key for ES256", |draft| rsa(draft, -7)),
        ("key-curve-missing", "refuses a public key without a curve", |draft| remove(draft, CRV)),
        ("key-curve-p384", "refuses an ES256 key on P-384", |draft| ec(draft, -7, 2, P384)),
        ("key-curve-named-p384", "refuses a key on P-256 that says it is on P-384", |draft| set(draft, CRV, 2)),
        ("key-x-missing", "refuses a public key without x", |draft| remove(draft, X)),
        ("key-y-missing", "refuses a public key without y", |draft| remove(draft, Y)),
        ("key-y-compressed", "refuses an ES256 key in the compressed form", |draft| set(draft, Y, false)),
        ("key-x-text", "refuses a public key whose x is text", |draft| set(draft, X, "x")),
        ("key-rsa-modulus-missing", "refuses an RSA key without a modulus", |draft| {
            rsa(draft, -257);
            remove(draft, N);
        }),
        ("key-rsa-exponent-missing", "refuses an RSA key without an exponent", |draft| {
            rsa(draft, -257);
            remove(draft, E);
        }),
    ];
    all(rows, &rules::PUBLIC_KEY, CLASS_INVALID)
}

/// What no signature can be verified with, or should be.
fn invalid() -> impl Iterator<Item = Defect<Registration>> {
    let rows: [Row; 7] = [
        ("key-off-curve", "refuses a point that is not on the curve", |draft| {
            coordinate(draft, Y, |y| y.last_mut().into_iter().for_each(|last| *last ^= 1));
        }),
        ("key-infinity", "refuses a point of zeros", |draft| {
            coordinate(draft, X, |x| x.fill(0));
            coordinate(draft, Y, |y| y.fill(0));
        }),
        ("key-x-short", "refuses an x that is a byte too short", |draft| {
            coordinate(draft, X, |x| {
                x.pop();
            })
        }),
        ("key-x-long", "refuses an x that is a byte too long", |draft| coordinate(draft, X, |x| x.push(0))),
        ("key-x-empty", "refuses an empty x", |draft| coordinate(draft, X, Vec::clear)),
        ("key-rsa-modulus-empty", "refuses an RSA key with an empty modulus", |draft| {
            rsa(draft, -257);
            set(draft, N, Value::Bytes(Vec::new()));
        }),
        ("key-rsa-exponent-1", "refuses an RSA key whose exponent is 1", |draft| {
            rsa(draft, -257);
            set(draft, E, Value::Bytes(vec![1]));
        }),
    ];
    let weak: [Row; 1] = [("key-rsa-1024", "refuses an RSA key of 1024 bits", |draft| {
        rsa(draft, -257);
        set(draft, N, bytes(RSA_1024));
    })];
    all(rows, &rules::PUBLIC_KEY_VALID, CLASS_INVALID).chain(all(weak, &rules::PUBLIC_KEY_STRENGTH, CLASS_INVALID))
}

fn extra() -> Vec<Defect<Registration>> {
    vec![
        refused(
            "key-algorithm-twice",
            "refuses a public key with two algorithms",
            |draft: &mut Registration| {
                if let Some(key) = key(draft) {
                    key.insert(0, (ALG.into(), (-8).into()));
                }
            },
            &rules::PUBLIC_KEY_UNIQUE,
            CLASS_INVALID,
        ),
        observed(
            "key-operations",
            "observes a public key that says what it is for",
            |draft| {
                set(draft, 4, Value::Array(vec![2.into()]));
            },
            &rules::PUBLIC_KEY_EXTRA,
        ),
        observed(
            "key-unknown-parameter",
            "observes a public key with a parameter that nobody knows",
            |draft| {
                set(draft, -70_000, "?");
            },
            &rules::PUBLIC_KEY_EXTRA,
        ),
        observed(
            "key-private",
            "observes a public key with a private key in it",
            |draft| {
                set(draft, D, vec![7_u8; 32].as_slice());
            },
            &rules::PUBLIC_KEY_EXTRA,
        ),
        observed(
            "key-reordered",
            "observes a public key in another order",
            |draft| {
                if let Some(key) = key(draft) {
                    key.reverse();
                }
            },
            &rules::CBOR_CHOICE,
        ),
    ]
}

fn all<const N: usize>(
    rows: [Row; N],
    rule: &'static Rule,
    class: Class,
) -> impl Iterator<Item = Defect<Registration>> {
    rows.into_iter().map(move |(name, title, edit)| refused(name, title, edit, rule, class))
}

/// The entries of the public key, which the document then shows in no other form.
fn key(draft: &mut Registration) -> Option<&mut Vec<(Value, Value)>> {
    draft.public_key = None;
    draft.authenticator_data.attested.as_mut().map(|attested| &mut attested.cose_key)
}

fn replace<const N: usize>(draft: &mut Registration, entries: [(i64, Value); N]) {
    if let Some(key) = key(draft) {
        *key = cbor::labelled(entries);
    }
}

fn set(draft: &mut Registration, label: i64, value: impl Into<Value>) {
    if let Some(key) = key(draft) {
        let label = Value::from(label);
        let value = value.into();
        match key.iter_mut().find(|(known, _)| *known == label) {
            Some((_, old)) => *old = value,
            None => key.push((label, value)),
        }
    }
}

fn remove(draft: &mut Registration, label: i64) {
    if let Some(key) = key(draft) {
        key.retain(|(known, _)| *known != Value::from(label));
    }
}

fn coordinate(draft: &mut Registration, label: i64, edit: impl FnOnce(&mut Vec<u8>)) {
    let label = Value::from(label);
    let entry = key(draft).and_then(|key| key.iter_mut().find(|(known, _)| *known == label));
    if let Some(bytes) = entry.and_then(|(_, value)| value.as_bytes_mut()) {
        edit(bytes);
    }
}

fn ec(draft: &mut Registration, alg: i64, crv: i64, [x, y]: [&str; 2]) {
    replace(draft, [(KTY, 2.into()), (ALG, alg.into()), (CRV, crv.into()), (X, bytes(x)), (Y, bytes(y))]);
}

fn rsa(draft: &mut Registration, alg: i64) {
    let cose = super::super::credential::Key::new(crate::ceremony::Algorithm::Rs256).cose();
    if let Some(key) = key(draft) {
        *key = cose;
    }
    set(draft, ALG, alg);
}

fn bytes(text: &str) -> Value {
    Value::Bytes(hex(text))
}
