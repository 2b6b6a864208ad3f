//! The bodies of the fuzz targets: bytes in, a panic where an oracle disagrees.
//!
//! They are in the library so that `cargo test` replays the corpus on a stable toolchain through the very same code.
//! An input that begins with the byte [`STRUCTURED`] is drawn from ([`Unstructured`]); any other is taken as it stands. No text that
//! any parser here takes begins with that byte, nor with the byte 2, behind which [`emulator`] takes a body.

mod body;
mod ceremony;
mod passkeys;
mod service;

use std::sync::LazyLock;

use arbitrary::Unstructured;

use crate::cognito::START;
use crate::generate::STRUCTURED;
use crate::generate::call::Input;
use crate::generate::token::{Base, Signer};
use crate::generate::{options, request, response, token};
use crate::options::{Context, Document, Profile, check, from_response};
use crate::oracle::{self, labels};
use crate::token::{AccessToken, Draft};
use crate::wire::json::Object;
use crate::wire::{Response, classify};
use service::{Embedded, exchange};

/// The first byte of an input of [`emulator`] whose other bytes are a request's body as it stands.
const BODY: u8 = 2;

/// One target: its name, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("access_token", access_token),
    ("request_body", request_body),
    ("response_payload", response_payload),
    ("error_classification", error_classification),
    ("creation_options", creation_options),
    ("emulator", emulator),
    ("sessions", sessions),
    ("complete_registration", complete_registration),
    ("ceremony", ceremony),
];

/// The bytes to draw from, where the input says so.
fn structured(data: &[u8]) -> Option<Unstructured<'_>> {
    data.strip_prefix(&[STRUCTURED]).map(Unstructured::new)
}

/// What was drawn; bytes that cannot be drawn from prove nothing.
fn hold(disagreements: arbitrary::Result<Vec<String>>) {
    if let Ok(disagreements) = disagreements {
        assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    }
}

/// The strict parser of access tokens.
pub fn access_token(data: &[u8]) {
    if let Some(mut u) = structured(data) {
        static BASE: LazyLock<Base> = LazyLock::new(|| Base::example(Signer::Nobody));
        return hold(token::draw(&mut u, &BASE).map(|drawn| labels::token(&drawn, BASE.now, None)));
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match AccessToken::parse(text) {
        Ok(parsed) => {
            assert_eq!(text.split('.').count(), 3);
            assert_eq!(parsed.header.alg.as_deref(), Some("RS256"));
            // What is printed is read again as the same.
            let again = Draft::of(text).map(|draft| draft.with_signature("c2ln"));
            let again = again.map(|text| AccessToken::parse(&text)).expect("a parsed token is a draft");
            assert_eq!(again.as_ref().ok(), Some(&parsed));
        }
        Err(findings) => assert!(!findings.is_empty()),
    }
}

/// Request bodies: the reader of JSON objects, held to two others.
pub fn request_body(data: &[u8]) {
    const TOKEN: &str = "eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJ1In0.c2ln";
    let Some(mut u) = structured(data) else { return body::hold(data) };
    let Ok(drawn) = request::draw_body(&mut u, TOKEN) else { return };
    hold(Ok(labels::body(&drawn, TOKEN)));
    body::hold(&drawn.request.body);
}

/// Whole responses, with the options in them.
pub fn response_payload(data: &[u8]) {
    if let Some(mut u) = structured(data) {
        return hold(response::draw_of(&mut u, response::To::Success).map(|drawn| labels::response(&drawn)));
    }
    let Ok(response) = Response::parse(data) else { return };
    let classification = classify(&START, &response);
    let _ = oracle::response::findings(&START, &response, &classification);
    if let Ok(options) = from_response(&response.body) {
        assert!(std::ptr::eq(options.text, options.text.trim()), "the value's text only");
        let _ = options.findings();
        let _ = check(options.text.as_bytes(), &Context::new(Profile::Cognito));
    }
}

/// The class of any response, and that it does not change with what means nothing. The options in it are those of
/// [`response_payload`].
pub fn error_classification(data: &[u8]) {
    let (mut response, class) = match structured(data) {
        Some(mut u) => {
            let Ok(drawn) = response::draw(&mut u) else { return };
            let classification = classify(&START, &drawn.response);
            hold(Ok(labels::answer(&drawn, &classification)));
            (drawn.response, classification.class)
        }
        None => {
            let response = Response::parse(data).unwrap_or_else(|_| Response {
                status: 400,
                headers: Vec::new(),
                body: data.to_vec(),
            });
            let class = classify(&START, &response).class;
            (response, class)
        }
    };
    response.headers.iter_mut().for_each(|(name, _)| name.make_ascii_uppercase());
    if !response.is_blank() && Object::parse(&response.body).is_ok() {
        response.body = [b"\n ", &*response.body, b" \r\n\t"].concat();
    }
    assert_eq!(classify(&START, &response).class, class, "in other letters, with white space around");
}

/// The judge of creation options.
pub fn creation_options(data: &[u8]) {
    if let Some(mut u) = structured(data) {
        return hold(options::draw(&mut u).map(|drawn| labels::options(&drawn)));
    }
    let ids = |profile| -> Vec<&'static str> {
        check(data, &Context::new(profile)).into_iter().map(|finding| finding.rule.id).collect()
    };
    let (w3c, cognito) = (ids(Profile::W3c), ids(Profile::Cognito));
    for id in &w3c {
        assert!(cognito.contains(id), "{id} is told by the w3c profile only");
    }
    let is_read = Document::parse(data).map(|document| (document.challenge(), document.exclude_ids())).is_ok();
    let is_refused =
        w3c.iter().any(|id| matches!(*id, "options.json.syntax" | "options.json.utf8" | "options.json.trailing"));
    assert!(is_read || is_refused);
}

/// Requests to the embedded emulator, in process.
pub fn emulator(data: &[u8]) {
    let embedded = Embedded::get();
    if let Some(body) = data.strip_prefix(&[BODY]) {
        return embedded.hold_body(body);
    }
    let Some(mut u) = structured(data) else {
        // Any text for a token.
        let text = String::from_utf8_lossy(data);
        let (class, mut told) = exchange(embedded, &crate::wire::Request::start(&text));
        // libFuzzer writes what it has seen compared into its inputs, the answer's own words among them.
        told.retain(|told| !told.starts_with(crate::cognito::rules::response::SECRECY.id) || !embedded.says(&text));
        assert!(told.is_empty(), "{told:?}");
        assert!(matches!(&*class.name(), "InvalidParameterException" | "NotAuthorizedException"), "{}", class.name());
        return;
    };
    hold(embedded.hold_call(&mut u));
}

/// Steps of sessions at the embedded emulator, in process. They take signatures, and so a target of their own.
pub fn sessions(data: &[u8]) {
    let steps = Input::of_file(data).ok().and_then(|input| input.sessions());
    // Other bytes are no steps.
    let Some(steps) = steps else { return };
    hold(Ok(Embedded::get().hold_sessions(&steps)));
}

/// Registrations, and assertions, at the embedded emulator, in process. Behind the bytes 2 to 7 stand layers of either as they
/// are, and other bytes are the text of a registration.
pub fn complete_registration(data: &[u8]) {
    match structured(data) {
        Some(mut u) => hold(passkeys::hold_drawn(&mut u)),
        None => hold(Ok(passkeys::hold_raw(data))),
    }
}

/// Steps of users with passkeys at the embedded emulator, in process.
pub fn ceremony(data: &[u8]) {
    let steps = Input::of_file(data).ok().and_then(|input| input.ceremony());
    // Other bytes are no steps.
    let Some(steps) = steps else { return };
    hold(Ok(ceremony::hold(&steps)));
}
