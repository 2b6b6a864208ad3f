//! Faults in what must hold from one call to another.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::Deviation::{Answer, Around, Options};
use super::{Fault, edit};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "across.challenge.constant",
        "Every call gets the same challenge.",
        &["state.challenge.sequence", "state.challenge.users"],
        Options(|o, _| o["challenge"] = "Y29uc3RhbnRjaGFsbGVuZw".into()),
    ),
    Fault::new(
        "across.challenge.of-process",
        "The challenge is drawn once, when the first call comes.",
        &["state.challenge.sequence", "state.challenge.users"],
        Options(|o, memory| o["challenge"] = memory.first("challenge", || o["challenge"].clone())),
    ),
    Fault::new(
        "across.challenge.of-user",
        "A user keeps the challenge of the first call.",
        &["state.challenge.sequence"],
        Options(|o, memory| {
            let user = o["user"]["id"].to_string();
            o["challenge"] = memory.first(&user, || o["challenge"].clone());
        }),
    ),
    Fault::new(
        "across.challenge.of-the-second",
        "The challenge is made from the time in seconds.",
        &["state.challenge.sequence", "state.challenge.parallel"],
        Options(|o, _| {
            let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            o["challenge"] = number(seconds.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        }),
    ),
    Fault::new(
        "across.challenge.counter",
        "Challenges count up.",
        &["state.challenge.sequence"],
        Options(|o, memory| o["challenge"] = number(memory.count())),
    ),
    Fault::new(
        "across.challenge.of-few",
        "There are only four challenges, given in turn.",
        &["state.challenge.sequence"],
        Options(|o, memory| {
            let slot = format!("slot {}", memory.count() % 4);
            o["challenge"] = memory.first(&slot, || o["challenge"].clone());
        }),
    ),
    Fault::new(
        "across.challenge.half-fixed",
        "Only the second half of a challenge is random.",
        &["state.challenge.sequence"],
        Options(|o, _| {
            let challenge = o["challenge"].as_str().unwrap_or_default();
            o["challenge"] = format!("Y29nbml0by{}", challenge.get(10..).unwrap_or_default()).into();
        }),
    ),
    Fault::new(
        "across.user-id.random",
        "`user.id` is drawn anew for each call.",
        &["state.user-id.stable"],
        Options(|o, _| {
            o["user"]["id"] = BASE64URL_NOPAD.encode(uuid::Uuid::new_v4().to_string().as_bytes()).into();
        }),
    ),
    Fault::new(
        "across.user-id.shared",
        "All users have the `user.id` of the first.",
        &["state.user-id.unique"],
        Options(|o, memory| o["user"]["id"] = memory.first("user", || o["user"]["id"].clone())),
    ),
    Fault::new(
        "across.user-id.of-name",
        "`user.id` is kept by the user's name, also for a new user who takes it.",
        &["state.user.made-again-id", "state.pool.same-name"],
        Options(|o, memory| {
            let name = o["user"]["name"].to_string();
            o["user"]["id"] = memory.first(&name, || o["user"]["id"].clone());
        }),
    ),
    Fault::new(
        "across.user-id.of-session",
        "`user.id` is made from the session, and so changes with each sign-in.",
        &["state.user-id.sign-ins"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            if edit::is_start(request) {
                let session = edit::member(request, "AccessToken").and_then(|token| claim(&token, "origin_jti"));
                let session = session.unwrap_or_default();
                edit::options(&mut response, |o| o["user"]["id"] = BASE64URL_NOPAD.encode(session.as_bytes()).into());
            }
            response
        }),
    ),
    Fault::new(
        "across.exclude.pending",
        "A registration that was only begun is excluded from then on.",
        &["state.exclude.empty", "options.exclude.*"],
        Options(|o, _| {
            let id = o["challenge"].clone();
            o["excludeCredentials"] = json!([{ "type": "public-key", "id": id }]);
        }),
    ),
    Fault::new(
        "across.answer.of-the-call-before",
        "A call is given the options that were made for the call before it, whoever made that.",
        &["state.pool.other-relying-party", "state.user-id.*"],
        Options(|o, memory| {
            if let Some(before) = memory.swap("options", o.clone()) {
                *o = before;
            }
        }),
    ),
    Fault::new(
        "across.request-id.constant",
        "Every answer has the same request id.",
        &["response.every.request-id.fresh"],
        Answer(|_, response| {
            edit::set(response.headers_mut(), "x-amzn-requestid", "b69e68b4-3e60-491d-aea4-c54a9a911add");
        }),
    ),
];

/// 16 bytes that end in a number, in base64url.
fn number(number: u64) -> Value {
    BASE64URL_NOPAD.encode(&u128::from(number).to_be_bytes()).into()
}

/// A claim of a token that was served.
pub(super) fn claim(token: &str, name: &str) -> Option<String> {
    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1)?.as_bytes()).ok()?;
    serde_json::from_slice::<Value>(&claims).ok()?.get(name)?.as_str().map(str::to_owned)
}
