//! One edit away from options without a finding: the rules of the `w3c` profile.

use serde_json::{Value, json};

use super::OptionsDefect;
use super::edit::{base64url, clean, remove, rename, replace, set, text};

pub(super) fn rows() -> Vec<OptionsDefect> {
    [envelope(), rp(), user(), names(), bytes(), params(), timeout(), exclude(), selection(), extensions()]
        .into_iter()
        .flatten()
        .collect()
}

fn envelope() -> Vec<OptionsDefect> {
    let deep = |levels: usize| {
        move |t: &str| {
            let nest = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            t.replacen("\"hints\":[\"client-device\"]", &format!("\"hints\":[\"client-device\"],\"deep\":{nest}"), 1)
                .into_bytes()
        }
    };
    // One finding an object: its required members, and its optional ones.
    let of_pascal_case = || {
        let (required, optional) = (["member.case"; 7], ["member.case-optional"; 4]);
        [&required[..], &optional, &["extensions.id.registered"]].concat()
    };
    vec![
        text("", |t| [b"\xFF", t.as_bytes()].concat(), &["json.utf8"]),
        text("", |t| t.replace("ada", "a\u{e9}").chars().map(|c| c as u8).collect(), &["json.utf8"]),
        text("", |t| [b"\xEF\xBB\xBF", t.as_bytes()].concat(), &["json.bom"]),
        text("", |t| t.as_bytes()[..t.len().saturating_sub(1)].to_vec(), &["json.syntax"]),
        text("", |_| Vec::new(), &["json.syntax"]),
        replace("", "300000", "0300000", &["json.syntax"]),
        replace("", "300000", "NaN", &["json.syntax"]),
        replace("", "\"ada\"", "'ada'", &["json.syntax"]),
        replace("", "\"ada\"", "\"a\tda\"", &["json.syntax"]),
        text("", |t| format!("{t}{t}").into_bytes(), &["json.trailing"]),
        text("", deep(127), &["member.unknown"]),
        text("", deep(128), &["json.depth", "member.unknown"]),
        text("", deep(1500), &["json.depth", "member.unknown"]),
        text(
            "",
            |t| t.replacen('{', &format!("{{\"huge\":\"{}\",", "a".repeat(4000)), 1).into_bytes(),
            &["member.unknown"],
        ),
        text("", pascal_case, &of_pascal_case()),
        text("", deep(1_000_000), &["json.depth", "member.unknown"]).large(),
        text("", |_| "[".repeat(1_000_000).into_bytes(), &["json.syntax"]).large(),
        replace("/timeout", "\"timeout\"", "\"timeout\":1,\"timeout\"", &["json.duplicate-member"]),
        replace(
            "/rp/name",
            "\"name\":\"Example\"",
            "\"name\":\"Example\",\"n\\u0061me\":\"E\"",
            &["json.duplicate-member"],
        ),
        replace("/user/displayName", "\"displayName\":\"\"", "\"displayName\":\"\\ud83d\"", &["json.lone-surrogate"]),
        replace(
            "/rp/\u{fffd}",
            "\"name\":\"Example\"",
            "\"name\":\"Example\",\"\\udc00\":1",
            &["json.lone-surrogate", "member.unknown"],
        ),
        set("", json!(null), &["object"]),
        set("", json!([clean()]), &["object"]),
        set("", json!(clean().to_string()), &["object.string"]),
        set("", json!("options"), &["object.string", "json.syntax"]),
        set("", json!({"publicKey": clean()}), &["object.wrapped"]),
        set("", json!({"PublicKey": clean()}), &["object.wrapped"]),
        set("", json!({"credentialCreationOptions": clean()}), &["object.wrapped"]),
        rename("/challenge", "Challenge", &["member.case"]),
        rename("/pubKeyCredParams", "pub_key_cred_params", &["member.case"]),
        rename("/rp/id", "Id", &["member.case-optional"]),
        rename("/timeout", "Timeout", &["member.case-optional"]),
        set("/Timeout", json!(1), &["member.unknown"]),
        set("/rp/icon", json!("https://example.com/icon.png"), &["member.unknown"]),
        set("/timeout", json!(null), &["member.null"]),
        set("/excludeCredentials", json!(null), &["member.null"]),
        set("/challenge", json!(null), &["member.null"]),
        set("/rp/name", json!(null), &["member.null"]),
        set("/extensions/credProps", json!(null), &["member.null"]),
        remove("/challenge", &["challenge.required"]),
        remove("/pubKeyCredParams", &["params.required"]),
        remove("/timeout", &[]),
        remove("/excludeCredentials", &[]),
        remove("/extensions", &[]),
    ]
}

/// The document with every member's name in PascalCase, as serialisers write it whose classes are named so.
fn pascal_case(text: &str) -> Vec<u8> {
    fn renamed(value: Value) -> Value {
        match value {
            Value::Object(members) => members
                .into_iter()
                .map(|(name, value)| {
                    let (first, rest) = name.split_at(name.len().min(1));
                    (first.to_ascii_uppercase() + rest, renamed(value))
                })
                .collect(),
            Value::Array(items) => items.into_iter().map(renamed).collect(),
            value => value,
        }
    }
    let document = serde_json::from_str(text).map(renamed).unwrap_or_default();
    document.to_string().into_bytes()
}

fn rp() -> Vec<OptionsDefect> {
    let id = |id: &str, expected: &[&'static str]| set("/rp/id", json!(id), expected);
    vec![
        remove("/rp", &["rp.required"]),
        set("/rp", json!("login.example.com"), &["rp.json-type"]),
        remove("/rp/name", &["rp.name.required"]),
        set("/rp/name", json!(7), &["rp.name.json-type"]),
        set("/rp/name", json!(""), &["rp.name.empty"]),
        set("/rp/name", json!(" Example  Ltd"), &["rp.name.precis"]),
        set("/rp/name", json!("Example Ltd"), &[]),
        remove("/rp/id", &["rp-id.default"]),
        set("/rp/id", json!(["login.example.com"]), &["rp-id.json-type"]),
        id("", &["rp-id.empty"]),
        id("https://login.example.com", &["rp-id.url"]),
        id("login.example.com/", &["rp-id.url"]),
        id("login.example.com:443", &["rp-id.url"]),
        id("127.0.0.1", &["rp-id.ip-address"]),
        id("::1", &["rp-id.ip-address"]),
        id("[::1]", &["rp-id.ip-address"]),
        id("example.0x7f", &["rp-id.ip-address"]),
        id("example.1", &["rp-id.ip-address"]),
        id("example.1.", &["rp-id.ip-address"]),
        id(".example.com", &["rp-id.domain"]),
        id("example.com.", &["rp-id.domain"]),
        id("login..example.com", &["rp-id.domain"]),
        id("my_app.example.com", &["rp-id.domain"]),
        id("*.example.com", &["rp-id.domain"]),
        id("-a.example.com", &["rp-id.domain"]),
        id("login example.com", &["rp-id.domain"]),
        id("login.example.com\n", &["rp-id.domain"]),
        set("/rp/id", json!(format!("{}.example.com", "a".repeat(64))), &["rp-id.domain"]),
        set("/rp/id", json!("a.".repeat(3000)), &["rp-id.domain"]),
        id("Login.example.com", &["rp-id.lower-case"]),
        id("b\u{fc}cher.example", &["rp-id.lower-case"]),
        id("xn--bcher-kva.example", &[]),
        id("localhost", &[]),
        id("com", &["rp-id.public-suffix"]),
        id("co.uk", &["rp-id.public-suffix"]),
        id("auth.us-east-1.amazoncognito.com", &["rp-id.public-suffix"]),
        id("demo.auth.us-east-1.amazoncognito.com", &[]),
    ]
}

/// Rows with the origin that the document is judged on.
pub(super) fn origin_rows() -> Vec<(&'static str, OptionsDefect)> {
    let id = |id: &str, expected: &[&'static str]| set("/rp/id", json!(id), expected);
    vec![
        ("https://login.example.com", id("login.example.com", &[])),
        ("https://login.example.com:8443/path", id("login.example.com", &[])),
        ("https://LOGIN.example.com", id("example.com", &[])),
        ("https://app.example.com", id("login.example.com", &["rp-id.origin"])),
        ("https://badexample.com", id("example.com", &["rp-id.origin"])),
        ("https://example.com", id("com", &["rp-id.public-suffix"])),
        ("https://github.io", id("github.io", &[])),
        ("http://localhost:3000", id("localhost", &[])),
        ("http://login.example.com", id("login.example.com", &["origin.secure"])),
        ("http://192.0.2.7", id("localhost", &["origin.domain", "origin.secure", "rp-id.origin"])),
        ("https://[2001:db8::1]", remove("/rp/id", &["origin.domain", "rp-id.default"])),
    ]
}

fn user() -> Vec<OptionsDefect> {
    let id = |bytes: &[u8], expected: &[&'static str]| set("/user/id", json!(base64url(bytes)), expected);
    let digest = |algorithm| ring::digest::digest(algorithm, b"ada").as_ref().to_vec();
    vec![
        remove("/user", &["user.required"]),
        set("/user", json!([]), &["user.json-type"]),
        remove("/user/id", &["user.id.required"]),
        set("/user/id", json!([7, 7]), &["user.id.json-type"]),
        set("/user/id", json!(""), &["user.id.empty"]),
        id(&[7; 65], &["user.id.length"]),
        id(&[7; 16], &["user.id.recommended-length"]),
        id(b"ada", &["user.id.personal", "user.id.recommended-length"]),
        id(b"ada@example.com", &["user.id.personal", "user.id.recommended-length"]),
        set("/user/name", json!(base64url(&[7; 64])), &["user.id.personal", "name.length"]),
        id(&digest(&ring::digest::SHA256), &["user.id.hashed", "user.id.recommended-length"]),
        id(&digest(&ring::digest::SHA512), &["user.id.hashed"]),
        set(
            "/user/id",
            json!("3c46320b-c60e-4a21-9d64-5829bfede1c4"),
            &["user.id.uuid-text", "user.id.recommended-length"],
        ),
        remove("/user/name", &["user.name.required"]),
        set("/user/name", json!({"first": "Ada"}), &["user.name.json-type"]),
        set("/user/name", json!(""), &["user.name.empty"]),
        set("/user/name", json!("alex.mueller@example.com (prod-env)"), &["user.name.precis"]),
        remove("/user/displayName", &["user.display-name.required"]),
        set("/user/displayName", json!(false), &["user.display-name.json-type"]),
        set("/user/displayName", json!("Ada  Lovelace"), &["user.display-name.precis"]),
        set("/user/displayName", json!("Ada Lovelace \u{1f9ee}"), &[]),
    ]
}

fn names() -> Vec<OptionsDefect> {
    vec![
        set("/user/name", json!("a".repeat(64)), &[]),
        set("/user/name", json!("a".repeat(65)), &["name.length"]),
        set("/user/displayName", json!("\u{e9}".repeat(33)), &["name.length"]),
        set("/rp/name", json!("Exam\u{ad}ple"), &["name.characters"]),
        set("/user/displayName", json!("Ada\u{202e}"), &["name.characters"]),
        set("/user/name", json!("ada\u{0}"), &["name.characters"]),
        set("/user/name", json!("\u{feff}ada"), &["name.characters"]),
    ]
}

fn bytes() -> Vec<OptionsDefect> {
    let challenge = |text: &str, expected: &[&'static str]| set("/challenge", json!(text), expected);
    vec![
        challenge("zsBch6DlNLUb6SgRdz/yyw", &["base64url.alphabet"]),
        challenge("zsBch6DlNLUb6SgRdz+yyw==", &["base64url.alphabet"]),
        challenge("zsBch6DlNLUb6SgR dzyyw", &["base64url.alphabet"]),
        challenge("zsBch6DlNLUb6SgRdz=yyw", &["base64url.alphabet"]),
        challenge("zsBch6DlNLUb6SgRdzHysw==", &["base64url.padding"]),
        challenge("wxvbDicyqQqvF2EXAMPLE", &["base64url.length"]),
        challenge("zsBch6DlNLUb6SgRdzHysx", &["base64url.canonical"]),
        challenge("zsBch6DlNLUb6SgRdzHysx==", &["base64url.padding", "base64url.canonical"]),
        set("/user/id", json!("_w=="), &["base64url.padding", "user.id.recommended-length"]),
        set("/excludeCredentials/0/id", json!("/w"), &["base64url.alphabet"]),
        challenge("", &["challenge.empty"]),
        challenge(&base64url(&[9; 15]), &["challenge.length"]),
        challenge(&base64url(&[9; 16]), &[]),
        challenge("5e0fb3a6-2f0c-4f7b-9a4e-0d3c6a1b7e58", &["challenge.uuid-text"]),
        set("/challenge", json!(12), &["challenge.json-type"]),
        set("/challenge", json!({"type": "Buffer", "data": [1, 2]}), &["challenge.json-type"]),
    ]
}

fn params() -> Vec<OptionsDefect> {
    let alg = |value: Value, expected: &[&'static str]| set("/pubKeyCredParams/0/alg", value, expected);
    let algs = |algs: &[i64], expected: &[&'static str]| {
        let list: Vec<Value> = algs.iter().map(|alg| json!({"type": "public-key", "alg": alg})).collect();
        set("/pubKeyCredParams", json!(list), expected)
    };
    vec![
        set("/pubKeyCredParams", json!({"type": "public-key", "alg": -7}), &["params.json-type"]),
        set("/pubKeyCredParams", json!([]), &["params.empty"]),
        set("/pubKeyCredParams/0", json!(-8), &["params.entry.json-type"]),
        remove("/pubKeyCredParams/0/type", &["params.type.required"]),
        set("/pubKeyCredParams/0/type", json!(1), &["params.type.json-type"]),
        set("/pubKeyCredParams/-", json!({"type": "password", "alg": -7}), &["params.type.unknown"]),
        set("/pubKeyCredParams", json!([{"type": "Public-Key", "alg": -7}]), &["params.none-usable"]),
        remove("/pubKeyCredParams/0/alg", &["params.alg.required"]),
        alg(json!("EdDSA"), &["params.alg.json-type"]),
        alg(json!("-8"), &["params.alg.json-type"]),
        alg(json!(-8.0), &["params.alg.integer"]),
        replace("/pubKeyCredParams/0/alg", "-8", "-8e0", &["params.alg.integer"]),
        alg(json!(4_294_967_288_u32), &["params.alg.range"]),
        replace("/pubKeyCredParams/0/alg", "-8", "-99999999999999999999", &["params.alg.range"]),
        algs(&[-8, -7, -257, 7], &["params.alg.registered"]),
        algs(&[-8, -7, -257, -9], &[]),
        algs(&[-8, -7, -257, -51], &["params.alg.fully-specified"]),
        algs(&[-8, -9, -257], &["params.alg.fully-specified", "params.recommended"]),
        algs(&[-8, -7, -257, -65535], &["params.alg.rs1"]),
        algs(&[-36, -37], &["params.supported"]),
        algs(&[-7, -257], &["params.recommended"]),
        algs(&[-8, -7, -257, -7], &["params.duplicate"]),
    ]
}

fn timeout() -> Vec<OptionsDefect> {
    vec![
        set("/timeout", json!("300000"), &["timeout.json-type"]),
        set("/timeout", json!(true), &["timeout.json-type"]),
        set("/timeout", json!(300_000.0), &["timeout.integer"]),
        replace("/timeout", "300000", "3e5", &["timeout.integer"]),
        set("/timeout", json!(-1), &["timeout.range"]),
        set("/timeout", json!(4_294_967_296_u64), &["timeout.range"]),
        replace("/timeout", "300000", "300000000000000000000000000", &["timeout.range"]),
        set("/timeout", json!(60000), &["timeout.recommended"]),
        replace("/timeout", "300000", "-0", &["timeout.recommended"]),
        set("/timeout", json!(600_001), &["timeout.recommended"]),
    ]
}

fn exclude() -> Vec<OptionsDefect> {
    let entry = |n: u8| json!({"type": "public-key", "id": base64url(&[n; 20]), "transports": ["usb"]});
    let entries = |count: u8| json!((0..count).map(entry).collect::<Vec<_>>());
    vec![
        set("/excludeCredentials", json!({}), &["exclude.json-type"]),
        set("/excludeCredentials/0", json!(base64url(&[1; 32])), &["exclude.entry.json-type"]),
        remove("/excludeCredentials/0/type", &["exclude.type.required"]),
        set("/excludeCredentials/0/type", json!(["public-key"]), &["exclude.type.json-type"]),
        set("/excludeCredentials/0/type", json!("passkey"), &["exclude.type.unknown"]),
        remove("/excludeCredentials/0/id", &["exclude.id.required"]),
        set("/excludeCredentials/0/id", json!(1), &["exclude.id.json-type"]),
        set("/excludeCredentials/0/id", json!(""), &["exclude.id.empty"]),
        set("/excludeCredentials/0/id", json!(base64url(&[1; 1023])), &[]),
        set("/excludeCredentials/0/id", json!(base64url(&[1; 1024])), &["exclude.id.length"]),
        remove("/excludeCredentials/0/transports", &["exclude.transports"]),
        set("/excludeCredentials/0/transports", json!("usb"), &["exclude.transports.json-type"]),
        set("/excludeCredentials/0/transports/0", json!(4), &["exclude.transports.json-type"]),
        set("/excludeCredentials/0/transports/0", json!("USB"), &["exclude.transports.unknown"]),
        set("/excludeCredentials", entries(64), &[]),
        set("/excludeCredentials", entries(65), &["exclude.count"]),
        set("/excludeCredentials", json!([entry(1), entry(1)]), &["exclude.duplicate"]),
    ]
}

fn selection() -> Vec<OptionsDefect> {
    vec![
        set("/authenticatorSelection", json!("required"), &["selection.json-type", "hints.attachment"]),
        set("/authenticatorSelection/residentKey", json!(true), &["selection.resident-key.json-type"]),
        set("/authenticatorSelection/residentKey", json!("Required"), &["selection.resident-key.unknown"]),
        set("/authenticatorSelection/residentKey", json!("preferred"), &["selection.resident-key.agrees"]),
        remove("/authenticatorSelection/residentKey", &["selection.resident-key.agrees"]),
        remove("/authenticatorSelection/requireResidentKey", &["selection.resident-key.agrees"]),
        set("/authenticatorSelection/requireResidentKey", json!("true"), &["selection.require-resident-key.json-type"]),
        set("/authenticatorSelection/userVerification", json!(1), &["selection.user-verification.json-type"]),
        set("/authenticatorSelection/userVerification", json!("always"), &["selection.user-verification.unknown"]),
        set("/authenticatorSelection/userVerification", json!("discouraged"), &[]),
        set(
            "/authenticatorSelection/authenticatorAttachment",
            json!({}),
            &["selection.attachment.json-type", "hints.attachment"],
        ),
        set(
            "/authenticatorSelection/authenticatorAttachment",
            json!("usb"),
            &["selection.attachment.unknown", "hints.attachment"],
        ),
        set("/attestation", json!(false), &["attestation.json-type"]),
        set("/attestation", json!("None"), &["attestation.unknown"]),
        set("/attestationFormats", json!("packed"), &["attestation-formats.json-type"]),
        set("/attestationFormats/0", json!("x509"), &["attestation-formats.registered"]),
        set("/hints", json!("client-device"), &["hints.json-type"]),
        set("/hints", json!(["client-device", 3]), &["hints.json-type"]),
        set("/hints/-", json!("phone"), &["hints.unknown"]),
        set("/hints/-", json!("client-device"), &["hints.repeated"]),
        set("/hints", json!(["hybrid"]), &["hints.attachment"]),
        set("/hints", json!(["client-device", "hybrid"]), &[]),
    ]
}

fn extensions() -> Vec<OptionsDefect> {
    let extension = |value: Value, expected: &[&'static str]| set("/extensions", value, expected);
    vec![
        extension(json!(["credProps"]), &["extensions.json-type"]),
        extension(json!({"a b": true}), &["extensions.id"]),
        extension(json!({"\u{e9}": true}), &["extensions.id"]),
        extension(json!({"abcdefghijklmnopqrstuvwxyz0123456": true}), &["extensions.id"]),
        extension(json!({"example.org_ext": true}), &["extensions.id.registered"]),
        extension(json!({"credProps": "true"}), &["extensions.value.json-type"]),
        extension(json!({"minPinLength": 1}), &["extensions.value.json-type"]),
        extension(json!({"appidExclude": true}), &["extensions.value.json-type"]),
        extension(json!({"prf": true}), &["extensions.value.json-type"]),
        extension(json!({"credBlob": "AA=="}), &["base64url.padding"]),
        extension(json!({"appid": "https://example.com"}), &["extensions.appid"]),
        extension(json!({"credProps": false}), &["extensions.cred-props"]),
        extension(json!({"prf": {}}), &[]),
        extension(json!({"prf": {"eval": {"first": "AA", "second": ""}}}), &[]),
        extension(json!({"prf": {"eval": {"first": "A"}}}), &["base64url.length"]),
        extension(json!({"prf": {"eval": {}}}), &["extensions.prf.first"]),
        extension(json!({"prf": {"evalByCredential": {}}}), &["extensions.prf.by-credential"]),
        extension(json!({"largeBlob": {"support": "required"}}), &[]),
        extension(json!({"largeBlob": {"read": true}}), &["extensions.large-blob.read-write"]),
        extension(json!({"largeBlob": {"support": "always"}}), &["extensions.large-blob.support"]),
        extension(json!({"credentialProtectionPolicy": "userVerificationRequired"}), &[]),
        extension(json!({"credentialProtectionPolicy": "required"}), &["extensions.cred-protect.policy"]),
        extension(json!({"enforceCredentialProtectionPolicy": true}), &["extensions.cred-protect.enforce-alone"]),
    ]
}
