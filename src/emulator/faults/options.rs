//! Faults in creation options.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Deviation::{Answer, Options};
use super::Fault;
use super::edit;

pub(super) static FAULTS: &[Fault] = &[
    // The relying party.
    Fault::new(
        "options.rp.missing",
        "`rp` is left out.",
        &["options.rp.required"],
        Options(|o, _| remove(o, "", "rp")),
    ),
    Fault::new(
        "options.rp.id-missing",
        "`rp.id` is left out.",
        &["options.cognito.rp-id.required"],
        Options(|o, _| remove(o, "/rp", "id")),
    ),
    Fault::new(
        "options.rp.id-url",
        "`rp.id` is an origin: a scheme stands in front of the domain.",
        &["options.rp-id.url"],
        Options(|o, _| map_text(o, "/rp/id", |id| format!("https://{id}"))),
    ),
    Fault::new(
        "options.rp.id-trailing-slash",
        "`rp.id` ends in a slash.",
        &["options.rp-id.url", "options.rp-id.domain"],
        Options(|o, _| map_text(o, "/rp/id", |id| format!("{id}/"))),
    ),
    Fault::new(
        "options.rp.id-port",
        "`rp.id` has a port.",
        &["options.rp-id.url"],
        Options(|o, _| map_text(o, "/rp/id", |id| format!("{id}:443"))),
    ),
    Fault::new(
        "options.rp.id-endpoint",
        "`rp.id` is the host of the API.",
        &["options.cognito.rp-id.endpoint", "state.relying-party.domain", "state.pool.other-relying-party"],
        Options(|o, _| set(o, "/rp", "id", "cognito-idp.us-east-1.amazonaws.com")),
    ),
    Fault::new(
        "options.rp.id-loopback",
        "`rp.id` is the address that the server listens on.",
        &["options.rp-id.ip-address"],
        Options(|o, _| set(o, "/rp", "id", "127.0.0.1")),
    ),
    Fault::new(
        "options.rp.id-upper-case",
        "`rp.id` is in upper case.",
        &["options.rp-id.lower-case"],
        Options(|o, _| map_text(o, "/rp/id", |id| id.to_ascii_uppercase())),
    ),
    Fault::new(
        "options.rp.id-public-suffix",
        "`rp.id` is the last label of the domain alone.",
        &["options.rp-id.public-suffix"],
        Options(|o, _| map_text(o, "/rp/id", |id| id.rsplit('.').next().unwrap_or_default().to_owned())),
    ),
    Fault::new(
        "options.rp.id-empty",
        "`rp.id` is empty.",
        &["options.rp-id.empty"],
        Options(|o, _| set(o, "/rp", "id", "")),
    ),
    Fault::new(
        "options.rp.name-missing",
        "`rp.name` is left out.",
        &["options.rp.name.required"],
        Options(|o, _| remove(o, "/rp", "name")),
    ),
    // The user.
    Fault::new(
        "options.user.id-sub",
        "`user.id` is the text of `sub` as it is.",
        &["options.user.id.uuid-text", "options.cognito.user.id.raw"],
        Options(|o, _| map_bytes(o, "/user/id", |id| String::from_utf8_lossy(id).into_owned())),
    ),
    Fault::new(
        "options.user.id-uuid-bytes",
        "`user.id` is the 16 bytes of `sub` instead of its text.",
        &["options.cognito.user.id.text", "options.cognito.user.id.length"],
        Options(|o, _| {
            map_bytes(o, "/user/id", |id| {
                BASE64URL_NOPAD.encode(&Uuid::try_parse_ascii(id).map(|sub| sub.into_bytes()).unwrap_or_default())
            });
        }),
    ),
    Fault::new(
        "options.user.id-username",
        "`user.id` is the user's name.",
        &["options.user.id.personal"],
        Options(|o, _| {
            if let Some(name) = o.pointer("/user/name").and_then(Value::as_str).map(str::to_owned) {
                set(o, "/user", "id", BASE64URL_NOPAD.encode(name.as_bytes()));
            }
        }),
    ),
    Fault::new(
        "options.user.id-hash",
        "`user.id` is the SHA-256 of the user's name.",
        &["options.user.id.hashed"],
        Options(|o, _| {
            if let Some(name) = o.pointer("/user/name").and_then(Value::as_str).map(str::to_owned) {
                let hash = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
                set(o, "/user", "id", BASE64URL_NOPAD.encode(hash.as_ref()));
            }
        }),
    ),
    Fault::new(
        "options.user.id-encoded-twice",
        "`user.id` is encoded twice.",
        &["state.user-id.sub"],
        Options(|o, _| map_text(o, "/user/id", |id| BASE64URL_NOPAD.encode(id.as_bytes()))),
    ),
    Fault::new(
        "options.user.id-hexadecimal",
        "`user.id` is hexadecimal.",
        &["state.user-id.sub", "options.cognito.user.id.*"],
        Options(|o, _| map_bytes(o, "/user/id", |id| data_encoding::HEXLOWER.encode(id))),
    ),
    Fault::new(
        "options.user.id-too-long",
        "`user.id` is the user's id twice, which is longer than 64 bytes.",
        &["options.user.id.length"],
        Options(|o, _| map_bytes(o, "/user/id", |id| BASE64URL_NOPAD.encode(&[id, id].concat()))),
    ),
    Fault::new(
        "options.user.id-empty",
        "`user.id` is empty.",
        &["options.user.id.empty"],
        Options(|o, _| set(o, "/user", "id", "")),
    ),
    Fault::new(
        "options.user.id-bytes",
        "`user.id` is an array of numbers, as a serialised buffer is.",
        &["options.user.id.json-type"],
        Options(|o, _| {
            if let Some(id) = bytes(o, "/user/id") {
                set(o, "/user", "id", id);
            }
        }),
    ),
    Fault::new(
        "options.user.missing",
        "`user` is left out.",
        &["options.user.required"],
        Options(|o, _| remove(o, "", "user")),
    ),
    Fault::new(
        "options.user.name-missing",
        "`user.name` is left out.",
        &["options.user.name.required"],
        Options(|o, _| remove(o, "/user", "name")),
    ),
    Fault::new(
        "options.user.display-name-missing",
        "`user.displayName` is left out where the user has none.",
        &["options.user.display-name.required"],
        Options(|o, _| remove(o, "/user", "displayName")),
    ),
    Fault::new(
        "options.user.display-name-null",
        "`user.displayName` is null where the user has none.",
        &["options.member.null", "options.user.display-name.json-type"],
        Options(|o, _| set(o, "/user", "displayName", Value::Null)),
    ),
    // The challenge.
    Fault::new(
        "options.challenge.missing",
        "`challenge` is left out.",
        &["options.challenge.required"],
        Options(|o, _| remove(o, "", "challenge")),
    ),
    Fault::new(
        "options.challenge.empty",
        "`challenge` is empty.",
        &["options.challenge.empty"],
        Options(|o, _| set(o, "", "challenge", "")),
    ),
    Fault::new(
        "options.challenge.uuid-text",
        "`challenge` is the text of a UUID.",
        &["options.challenge.uuid-text", "state.challenge.sequence"],
        Options(|o, _| set(o, "", "challenge", Uuid::new_v4().to_string())),
    ),
    Fault::new(
        "options.challenge.uuid-text-encoded",
        "`challenge` is the text of a UUID in base64url.",
        &["options.cognito.challenge.length", "state.challenge.sequence"],
        Options(|o, _| set(o, "", "challenge", BASE64URL_NOPAD.encode(Uuid::new_v4().to_string().as_bytes()))),
    ),
    Fault::new(
        "options.challenge.uuid-bytes",
        "`challenge` is the bytes of a random UUID, six bits of which are always the same.",
        &["state.challenge.sequence"],
        Options(|o, _| set(o, "", "challenge", BASE64URL_NOPAD.encode(Uuid::new_v4().as_bytes()))),
    ),
    Fault::new(
        "options.challenge.8-bytes",
        "`challenge` is 8 bytes.",
        &["options.challenge.length", "options.cognito.challenge.length"],
        Options(|o, _| set(o, "", "challenge", BASE64URL_NOPAD.encode(&rand::random::<[u8; 8]>()))),
    ),
    Fault::new(
        "options.challenge.32-bytes",
        "`challenge` is 32 bytes, where Cognito gives 16.",
        &["options.cognito.challenge.length"],
        Options(|o, _| set(o, "", "challenge", BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()))),
    )
    .noted(),
    Fault::new(
        "options.challenge.padded",
        "`challenge` is padded.",
        &["options.base64url.padding"],
        Options(|o, _| map_bytes(o, "/challenge", |bytes| BASE64URL.encode(bytes))),
    ),
    Fault::new(
        "options.challenge.standard-base64",
        "`challenge` is in base64 with its standard alphabet.",
        &["options.base64url.alphabet"],
        // With these two bytes in front the two alphabets always differ.
        Options(|o, _| {
            map_bytes(o, "/challenge", |bytes| {
                BASE64_NOPAD.encode(&[&[0xfb, 0xff], bytes.get(2..).unwrap_or_default()].concat())
            });
        }),
    ),
    Fault::new(
        "options.challenge.standard-base64-padded",
        "`challenge` is in the base64 of most libraries: standard alphabet, and padded.",
        &["options.base64url.padding", "options.base64url.alphabet"],
        Options(|o, _| map_bytes(o, "/challenge", |bytes| BASE64.encode(bytes))),
    ),
    Fault::new(
        "options.challenge.not-canonical",
        "`challenge` is random text, of which the last character has bits left over.",
        &["options.base64url.canonical"],
        Options(|o, _| {
            map_text(o, "/challenge", |text| format!("{}B", text.get(..21).unwrap_or_default()));
        }),
    ),
    Fault::new(
        "options.challenge.bytes",
        "`challenge` is an array of numbers, as a serialised buffer is.",
        &["options.challenge.json-type"],
        Options(|o, _| {
            if let Some(challenge) = bytes(o, "/challenge") {
                set(o, "", "challenge", challenge);
            }
        }),
    ),
    // The algorithms.
    Fault::new(
        "options.params.order",
        "RS256 stands before ES256.",
        &["options.cognito.params.order"],
        Options(|o, _| params(o, json!([{ "type": "public-key", "alg": -257 }, { "type": "public-key", "alg": -7 }]))),
    ),
    Fault::new(
        "options.params.es256-only",
        "RS256 is not offered.",
        &["options.cognito.params.both"],
        Options(|o, _| params(o, json!([{ "type": "public-key", "alg": -7 }]))),
    ),
    Fault::new(
        "options.params.eddsa-too",
        "EdDSA is offered too.",
        &["options.cognito.params.only"],
        Options(|o, _| {
            let entry = |alg: i32| json!({ "type": "public-key", "alg": alg });
            params(o, json!([entry(-8), entry(-7), entry(-257)]));
        }),
    ),
    Fault::new(
        "options.params.rs1",
        "RS1, which signs with SHA-1, is offered too.",
        &["options.params.alg.rs1"],
        Options(|o, _| {
            let entry = |alg: i32| json!({ "type": "public-key", "alg": alg });
            params(o, json!([entry(-7), entry(-257), entry(-65535)]));
        }),
    ),
    Fault::new(
        "options.params.alg-text",
        "Algorithms are the text of their numbers.",
        &["options.params.alg.json-type"],
        Options(|o, _| {
            each_param(o, |entry| {
                let alg = entry.get("alg").map(ToString::to_string).unwrap_or_default();
                entry.insert("alg".to_owned(), alg.into());
            })
        }),
    ),
    Fault::new(
        "options.params.alg-name",
        "Algorithms are named as in JOSE.",
        &["options.params.alg.json-type"],
        Options(|o, _| {
            params(o, json!([{ "type": "public-key", "alg": "ES256" }, { "type": "public-key", "alg": "RS256" }]))
        }),
    ),
    Fault::new(
        "options.params.alg-fraction",
        "Algorithms are written with a fraction.",
        &["options.params.alg.integer"],
        Options(|o, _| {
            params(o, json!([{ "type": "public-key", "alg": -7.0 }, { "type": "public-key", "alg": -257.0 }]))
        }),
    ),
    Fault::new(
        "options.params.type-missing",
        "Algorithms have no type.",
        &["options.params.type.required"],
        Options(|o, _| {
            each_param(o, |entry| {
                entry.shift_remove("type");
            })
        }),
    ),
    Fault::new(
        "options.params.type-wrong",
        "The type of algorithms is `public_key`.",
        &["options.params.none-usable"],
        Options(|o, _| {
            each_param(o, |entry| {
                entry.insert("type".to_owned(), "public_key".into());
            })
        }),
    ),
    Fault::new(
        "options.params.empty",
        "`pubKeyCredParams` is empty.",
        &["options.params.empty", "options.cognito.params.order"],
        Options(|o, _| params(o, json!([]))),
    ),
    Fault::new(
        "options.params.duplicate",
        "Each algorithm is offered twice.",
        &["options.cognito.params.*", "options.params.duplicate"],
        Options(|o, _| {
            let entry = |alg: i32| json!({ "type": "public-key", "alg": alg });
            params(o, json!([entry(-7), entry(-257), entry(-7), entry(-257)]));
        }),
    ),
    // The rest.
    Fault::new(
        "options.timeout.text",
        "`timeout` is text.",
        &["options.timeout.json-type"],
        Options(|o, _| set(o, "", "timeout", "60000")),
    ),
    Fault::new(
        "options.timeout.fraction",
        "`timeout` is written with a fraction.",
        &["options.timeout.integer"],
        Options(|o, _| set(o, "", "timeout", 60000.5)),
    ),
    Fault::new(
        "options.timeout.seconds",
        "`timeout` is in seconds.",
        &["options.cognito.timeout"],
        Options(|o, _| set(o, "", "timeout", 60)),
    ),
    Fault::new(
        "options.timeout.missing",
        "`timeout` is left out.",
        &["options.cognito.timeout.required"],
        Options(|o, _| remove(o, "", "timeout")),
    ),
    Fault::new(
        "options.exclude.missing",
        "`excludeCredentials` is left out where there is nothing to exclude.",
        &["options.cognito.exclude.required"],
        Options(|o, _| remove(o, "", "excludeCredentials")),
    ),
    Fault::new(
        "options.exclude.null",
        "`excludeCredentials` is null where there is nothing to exclude.",
        &["options.member.null", "options.exclude.json-type"],
        Options(|o, _| set(o, "", "excludeCredentials", Value::Null)),
    ),
    Fault::new(
        "options.selection.missing",
        "`authenticatorSelection` is left out.",
        &["options.cognito.selection.required"],
        Options(|o, _| remove(o, "", "authenticatorSelection")),
    ),
    Fault::new(
        "options.selection.resident-key-preferred",
        "`residentKey` is `preferred`, which does not agree with `requireResidentKey`.",
        &["options.cognito.selection.resident-key", "options.selection.resident-key.agrees"],
        Options(|o, _| set(o, SELECTION, "residentKey", "preferred")),
    ),
    Fault::new(
        "options.selection.resident-key-missing",
        "`residentKey` is left out.",
        &["options.cognito.selection.resident-key.required"],
        Options(|o, _| remove(o, SELECTION, "residentKey")),
    ),
    Fault::new(
        "options.selection.require-resident-key-false",
        "`requireResidentKey` is false, which does not agree with `residentKey`.",
        &["options.cognito.selection.require-resident-key", "options.selection.resident-key.agrees"],
        Options(|o, _| set(o, SELECTION, "requireResidentKey", false)),
    ),
    Fault::new(
        "options.selection.require-resident-key-text",
        "`requireResidentKey` is the text `true`.",
        &["options.selection.require-resident-key.json-type"],
        Options(|o, _| set(o, SELECTION, "requireResidentKey", "true")),
    ),
    Fault::new(
        "options.selection.user-verification-discouraged",
        "`userVerification` is `discouraged`.",
        &["options.cognito.selection.user-verification", "state.user-verification.*"],
        Options(|o, _| set(o, SELECTION, "userVerification", "discouraged")),
    ),
    Fault::new(
        "options.selection.user-verification-upper-case",
        "`userVerification` is in upper case.",
        &["options.cognito.selection.user-verification", "state.user-verification.*"],
        Options(|o, _| map_text(o, "/authenticatorSelection/userVerification", |word| word.to_ascii_uppercase())),
    ),
    Fault::new(
        "options.selection.user-verification-missing",
        "`userVerification` is left out.",
        &["options.cognito.selection.user-verification.required", "state.user-verification.*"],
        Options(|o, _| remove(o, SELECTION, "userVerification")),
    ),
    Fault::new(
        "options.selection.attachment-unknown",
        "`authenticatorAttachment` is a word that WebAuthn does not have.",
        &["options.cognito.members", "options.selection.attachment.unknown"],
        Options(|o, _| set(o, SELECTION, "authenticatorAttachment", "any")),
    ),
    Fault::new(
        "options.attestation.unknown",
        "`attestation` is a word that WebAuthn does not have.",
        &["options.attestation.unknown", "options.cognito.members"],
        Options(|o, _| set(o, "", "attestation", "basic")),
    ),
    // The document.
    Fault::new(
        "options.document.wrapped",
        "The options stand in a member `publicKey`, as `navigator.credentials.create` takes them.",
        &["options.object.wrapped"],
        Options(|o, _| *o = json!({ "publicKey": o.take() })),
    ),
    Fault::new(
        "options.document.string",
        "The options are a string that holds their JSON.",
        &["options.object.string"],
        Options(|o, _| *o = o.to_string().into()),
    ),
    Fault::new(
        "options.document.array",
        "The options are an array of one.",
        &["options.object"],
        Options(|o, _| *o = json!([o.take()])),
    ),
    Fault::new(
        "options.document.pascal-case",
        "Members begin with a capital, as those of the API do.",
        &["options.member.case"],
        Options(|o, _| {
            rename(o, &|name| name.get(..1).unwrap_or_default().to_uppercase() + name.get(1..).unwrap_or_default())
        }),
    ),
    Fault::new(
        "options.document.snake-case",
        "Members are in snake case.",
        &["options.cognito.selection.required", "options.cognito.exclude.required"],
        Options(|o, _| rename(o, &snake_case)),
    ),
    Fault::new(
        "options.document.null-members",
        "Optional members without a value are null.",
        &["options.member.null"],
        Options(|o, _| {
            set(o, "", "extensions", Value::Null);
            set(o, "", "hints", Value::Null);
        }),
    ),
    Fault::new(
        "options.document.duplicate-member",
        "`challenge` comes twice.",
        &["options.json.duplicate-member"],
        Answer(|_, response| {
            let text = edit::text(response.body()).unwrap_or_default();
            let twice = text.replacen("\"challenge\":", "\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"challenge\":", 1);
            *response.body_mut() = twice.into();
        }),
    ),
];

const SELECTION: &str = "/authenticatorSelection";

fn object<'o>(options: &'o mut Value, at: &str) -> Option<&'o mut Map<String, Value>> {
    options.pointer_mut(at)?.as_object_mut()
}

fn remove(options: &mut Value, at: &str, name: &str) {
    if let Some(members) = object(options, at) {
        members.shift_remove(name);
    }
}

fn set(options: &mut Value, at: &str, name: &str, value: impl Into<Value>) {
    if let Some(members) = object(options, at) {
        members.insert(name.to_owned(), value.into());
    }
}

fn map_text(options: &mut Value, pointer: &str, map: impl FnOnce(&str) -> String) {
    if let Some(value) = options.pointer_mut(pointer)
        && let Some(text) = value.as_str()
    {
        *value = map(text).into();
    }
}

fn bytes(options: &Value, pointer: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(options.pointer(pointer)?.as_str()?.as_bytes()).ok()
}

/// Replaces a base64url text by another text of its bytes.
fn map_bytes(options: &mut Value, pointer: &str, map: impl FnOnce(&[u8]) -> String) {
    if let Some(bytes) = bytes(options, pointer) {
        map_text(options, pointer, |_| map(&bytes));
    }
}

fn params(options: &mut Value, params: Value) {
    set(options, "", "pubKeyCredParams", params);
}

fn each_param(options: &mut Value, change: impl Fn(&mut Map<String, Value>)) {
    let params = options.get_mut("pubKeyCredParams").and_then(Value::as_array_mut);
    params.into_iter().flatten().filter_map(Value::as_object_mut).for_each(change);
}

fn rename(value: &mut Value, name: &dyn Fn(&str) -> String) {
    match value {
        Value::Object(members) => {
            *members = std::mem::take(members).into_iter().map(|(old, value)| (name(&old), value)).collect();
            members.values_mut().for_each(|value| rename(value, name));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, name)),
        _ => {}
    }
}

fn snake_case(name: &str) -> String {
    let word = |c: char| if c.is_ascii_uppercase() { format!("_{}", c.to_ascii_lowercase()) } else { c.to_string() };
    name.chars().map(word).collect()
}
