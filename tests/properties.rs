//! What holds for all input. The bytes that proptest makes and shrinks go through the bodies of the fuzz targets, with
//! their oracles, as the corpus does; so what a fuzzer finds these find again, and the other way round.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod strategies;

use arbitrary::Unstructured;
use cogspec::cognito::START;
use cogspec::fuzz_targets::TARGETS;
use cogspec::generate::request::Right;
use cogspec::generate::{options, response, token};
use cogspec::options::check;
use cogspec::oracle::{labels, secrecy};
use cogspec::target::{SecretKind, Secrets};
use cogspec::token::{AccessToken, Draft};
use cogspec::wire::{Response, classify};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestError, TestRng, TestRunner};
use strategies::{creation_options, requests, responses, tokens};

/// Failures are kept beside this file: where proptest keeps them otherwise there is no place for those of `tests/`.
fn config() -> ProptestConfig {
    let persistence = FileFailurePersistence::WithSource("proptest-regressions");
    ProptestConfig { failure_persistence: Some(Box::new(persistence)), ..ProptestConfig::default() }
}

/// The body of the fuzz target of that name.
fn target(name: &str, data: &[u8]) {
    let (_, body) = TARGETS.iter().find(|(n, _)| *n == name).unwrap();
    body(data);
}

/// Bytes to draw from.
fn drawn_from() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

/// Bytes, text and pieces of JSON, for what is read as it stands.
fn raw() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\u0041",
            "\\ud800",
            "null",
            "-0",
            "1e9",
            ".",
            "eyJ",
            "=",
            " ",
            "\n",
            "\"__type\"",
            "\"code\"",
            "\"AccessToken\"",
            "\"challenge\"",
            "NotAuthorizedException",
            "HTTP/1.1 400 \r\n",
            "x-amzn-errortype: a#b:c\r\n",
            "\r\n\r\n",
            "<html>",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn structured(bytes: &[u8]) -> Vec<u8> {
    [&[1], bytes].concat()
}

macro_rules! targets {
    ($($name:ident),*) => {
        $(mod $name {
            use super::*;

            proptest! {
                #![proptest_config(config())]

                #[test]
                fn holds_on_raw_bytes(bytes in raw()) {
                    target(stringify!($name), &bytes);
                }

                #[test]
                fn holds_on_what_is_drawn(bytes in drawn_from()) {
                    target(stringify!($name), &structured(&bytes));
                }
            }
        })*

        #[test]
        fn every_target_has_properties() {
            assert_eq!([$(stringify!($name)),*], *TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        }
    };
}

targets!(
    access_token,
    request_body,
    response_payload,
    error_classification,
    creation_options,
    emulator,
    sessions,
    complete_registration,
    ceremony
);

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_defective_token_is_never_parsed_as_a_right_one(drawn in tokens()) {
        let of_form = |layer: token::Layer| layer >= token::Layer::HeaderText && layer != token::Layer::Signature;
        if drawn.defects.iter().any(|defect| of_form(defect.layer)) {
            prop_assert!(AccessToken::parse(&drawn.text).is_err(), "{:?}", drawn);
        }
    }

    #[test]
    fn the_emulator_ends_sessions_as_the_model_says(steps in prop::collection::vec(any::<u8>(), 0..16)) {
        target("sessions", &[&[1, 3], steps.as_slice()].concat());
    }

    #[test]
    fn the_emulator_keeps_passkeys_as_the_model_says(steps in prop::collection::vec(any::<u8>(), 0..60)) {
        target("ceremony", &[&[1, 7], steps.as_slice()].concat());
    }

    #[test]
    fn what_a_draft_prints_is_parsed_as_it_was(name in "[a-z]{1,9}", text in any::<String>(), number in any::<i64>()) {
        let base = token::Base::example(token::Signer::Nobody);
        let draft: Draft = base.draft.claim(&format!("x-{name}"), text).claim(&format!("y-{name}"), number);
        let token = draft.with_signature("c2ln");
        prop_assert_eq!(Draft::of(&token), Some(draft));
        prop_assert!(AccessToken::parse(&token).is_ok());
    }

    #[test]
    fn a_defect_adds_findings_and_takes_none_that_is_not_of_its_place(drawn in creation_options()) {
        let context = drawn.base.context();
        let before = check(drawn.base.document().to_string().as_bytes(), &context);
        let after = check(&drawn.text, &context);
        prop_assume!(drawn.form == options::Form::Plain);
        let is_whole = drawn.defects.iter().any(|defect| defect.pointer().is_empty());
        prop_assume!(!is_whole);
        for finding in before {
            let at = finding.pointer.clone().unwrap_or_default();
            let is_near = drawn.defects.iter().any(|defect| {
                at.starts_with(defect.pointer()) || defect.pointer().starts_with(&at)
            });
            let is_still_told = after.iter().any(|f| f.rule == finding.rule && f.pointer == finding.pointer);
            prop_assert!(is_near || is_still_told, "{:?} took {:?}", drawn.defects, finding);
        }
    }

    #[test]
    fn redaction_leaves_nothing_of_a_secret(
        before in ".{0,20}", after in ".{0,20}", secrets in prop::collection::vec("[A-Za-z0-9_.-]{8,80}", 1..4),
    ) {
        let kept = Secrets::default();
        secrets.iter().for_each(|secret| kept.add_own(SecretKind::Password, secret));
        for secret in &secrets {
            let text = format!("{before}{secret}{after}{secret}");
            let redacted = kept.redact(&text);
            for secret in kept.all().iter().filter(|secret| !"<redacted>".contains(secret.as_str())) {
                prop_assert!(!redacted.contains(secret.as_str()), "a secret of {} bytes is left", secret.len());
            }
        }
    }

    #[test]
    fn a_part_of_a_tokens_signature_in_any_answer_is_seen(bytes in drawn_from(), at in 0usize..200, length in 47usize..120) {
        let base = token::Base::example(token::Signer::Nobody);
        let token = token::with(&mut Unstructured::new(&[]), &base, Vec::new()).unwrap().text;
        let drawn = response::right(&mut Unstructured::new(&bytes)).unwrap();
        let secrets = [token.as_str()].into_iter().collect();
        let signature = token.rsplit('.').next().unwrap();
        prop_assert!(secrecy(&drawn.response, &secrets).is_empty());
        let body = [drawn.response.body.as_slice(), &signature.as_bytes()[at..at + length]].concat();
        let leaky = Response { body, ..drawn.response };
        prop_assert!(!secrecy(&leaky, &secrets).is_empty());
    }

    #[test]
    fn a_saved_response_is_read_as_it_was(drawn in responses()) {
        let mut response = drawn.response;
        let head: String = response
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\r\n", String::from_utf8_lossy(value)))
            .collect();
        let saved = [format!("HTTP/1.1 {} \r\n{head}\r\n", response.status).as_bytes(), &response.body].concat();
        // What follows a whole body is an editor's, and white space around a value is no part of it (RFC 9110, 5.5).
        response.headers.iter_mut().for_each(|(_, value)| *value = value.trim_ascii().to_vec());
        prop_assume!(response.header("content-length").is_none());
        prop_assert_eq!(Response::parse(&saved), Ok(response));
    }

    #[test]
    fn a_wrong_answer_to_a_drawn_request_is_told(drawn in requests("a"), answer in responses()) {
        let classification = classify(&START, &answer.response);
        let told = labels::request(&drawn, "success", &classification);
        let is_served = classification.name() == "success";
        if is_served && drawn.must_be_refused().is_some() {
            prop_assert!(!told.is_empty(), "served: {:?}", drawn);
        }
        if !is_served && drawn.defects.iter().all(|defect| matches!(defect.right, Right::Served)) {
            prop_assert!(!told.is_empty(), "refused: {:?}", drawn);
        }
        if classification.status.is_some_and(|status| status >= 500 && !matches!(status, 501 | 505)) {
            // Unless its name is one that the label asks for.
            prop_assert!(!told.is_empty() || drawn.classes("success").contains(&*classification.name()), "{:?}", drawn);
        }
    }
}

/// Shrinking takes the bytes away, and with them all defects but the one that matters.
#[test]
fn a_failing_property_shrinks_to_one_label() {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let failed = runner.run(&requests("a"), |drawn| {
        prop_assert!(drawn.must_be_refused().is_none());
        Ok(())
    });
    let Err(TestError::Fail(_, smallest)) = failed else { panic!("{failed:?}") };
    assert_eq!(smallest.defects.len(), 1);
    let shown = format!("{smallest:?}");
    assert!(shown.len() < 100 && shown.contains(smallest.defects[0].name), "{shown}");
}
