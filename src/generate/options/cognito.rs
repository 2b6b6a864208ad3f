//! One edit away from options as Cognito sends them: the rules of the `cognito` profile, and of `w3c` where the same edit
//! cannot but break them too.

use serde_json::{Value, json};

use super::OptionsDefect;
use super::edit::{base, base64url, remove, rename, set};

pub(super) fn rows() -> Vec<OptionsDefect> {
    let algs = |algs: &[i64], expected: &[&'static str]| {
        let list: Vec<Value> = algs.iter().map(|alg| json!({"type": "public-key", "alg": alg})).collect();
        set("/pubKeyCredParams", json!(list), expected)
    };
    let rp = |id: &str, expected: &[&'static str]| set("/rp", json!({"id": id, "name": id}), expected);
    let id = |bytes: &[u8], expected: &[&'static str]| set("/user/id", json!(base64url(bytes)), expected);
    let long = format!("{}.{}.example", "a".repeat(63), "b".repeat(63));
    let twice = base64url(base64url(&[1; 32]).as_bytes());
    vec![
        remove("/rp/id", &["cognito.rp-id.required", "rp-id.default"]),
        rp(&long, &["cognito.rp-id.length", "name.length"]),
        rp("cognito-idp.eu-west-1.amazonaws.com", &["cognito.rp-id.endpoint"]),
        rp("demo.auth.us-west-2.amazoncognito.com", &[]),
        rp("localhost", &[]),
        set("/rp/name", json!("Example"), &["cognito.rp.name"]),
        set("/rp/id", json!("login.example.com"), &["cognito.rp.name"]),
        set("/rp/id", json!("https://auth.example.com"), &["rp-id.url"]),
        set("/challenge", json!(base64url(&[9; 32])), &["cognito.challenge.length"]),
        set("/challenge", json!(base64url(&[9; 12])), &["challenge.length"]),
        set(
            "/challenge",
            json!("5e0fb3a6-2f0c-4f7b-9a4e-0d3c6a1b7e58"),
            &["challenge.uuid-text", "cognito.challenge.length"],
        ),
        set("/user/id", json!("3c46320b-c60e-4a21-9d64-5829bfede1c4"), &["user.id.uuid-text", "cognito.user.id.raw"]),
        id(&[0xC3; 16], &["cognito.user.id.text"]),
        id(b"user-7", &["cognito.user.id.length"]),
        id(b"no-uuid-yet-thirty-six-characters-ok", &[]),
        // Pools whose users sign in with an e-mail address name them by their `sub`.
        set("/user/name", json!("3c46320b-c60e-4a21-9d64-5829bfede1c4"), &[]),
        set("/user/displayName", json!("james"), &[]),
        set("/user/displayName", json!("James"), &["cognito.user.display-name"]),
        algs(&[-8, -7, -257], &["cognito.params.only"]),
        algs(&[-7], &["cognito.params.both"]),
        algs(&[-257], &["cognito.params.both"]),
        algs(&[-257, -7], &["cognito.params.order"]),
        algs(&[], &["cognito.params.order", "params.empty"]),
        remove("/timeout", &["cognito.timeout.required"]),
        rename("/timeout", "Timeout", &["cognito.timeout.required", "member.case-optional"]),
        set("/timeout", json!(180_000), &["cognito.timeout"]),
        remove("/excludeCredentials", &["cognito.exclude.required"]),
        set("/excludeCredentials", json!([]), &[]),
        set("/excludeCredentials", json!(null), &["member.null"]),
        set("/excludeCredentials/0/id", json!(twice), &["cognito.exclude.double-encoded"]),
        remove("/authenticatorSelection", &["cognito.selection.required"]),
        remove(
            "/authenticatorSelection/residentKey",
            &["cognito.selection.resident-key.required", "selection.resident-key.agrees"],
        ),
        set(
            "/authenticatorSelection/residentKey",
            json!("preferred"),
            &["cognito.selection.resident-key", "selection.resident-key.agrees"],
        ),
        remove(
            "/authenticatorSelection/requireResidentKey",
            &["cognito.selection.require-resident-key.required", "selection.resident-key.agrees"],
        ),
        set(
            "/authenticatorSelection/requireResidentKey",
            json!(false),
            &["cognito.selection.require-resident-key", "selection.resident-key.agrees"],
        ),
        remove("/authenticatorSelection/userVerification", &["cognito.selection.user-verification.required"]),
        set("/authenticatorSelection/userVerification", json!("discouraged"), &["cognito.selection.user-verification"]),
        set("/authenticatorSelection/userVerification", json!("required"), &[]),
        set("/attestation", json!("none"), &["cognito.members"]),
        set("/hints", json!([]), &["cognito.members"]),
        set("/extensions", json!({}), &["cognito.members"]),
        set("/excludeCredentials/0/transports", json!(["usb"]), &["cognito.members"]),
        set("", json!({"publicKey": base()}), &["object.wrapped"]),
        set("", json!(base().to_string()), &["object.string"]),
    ]
}
