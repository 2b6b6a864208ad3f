//! What holds for all input. The bytes that proptest makes and shrinks go through the bodies of the fuzz targets, with
//! their oracles, as the corpus does; so what a fuzzer finds these find again, and the other way round.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use arbitrary::Unstructured;
use cogspec::fuzz_targets::TARGETS;
use cogspec::generate::{options, response, token};
use cogspec::options::check;
use cogspec::oracle::secrecy;
use cogspec::target::Secrets;
use cogspec::token::{AccessToken, Draft};
use cogspec::wire::Response;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

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

targets!(access_token, request_body, response_payload, error_classification, creation_options, emulator);

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_defective_token_is_never_parsed_as_a_right_one(bytes in drawn_from()) {
        let base = token::Base::example(token::Signer::Nobody);
        let drawn = token::draw(&mut Unstructured::new(&bytes), &base).unwrap();
        let of_form = |layer: token::Layer| layer >= token::Layer::HeaderText && layer != token::Layer::Signature;
        if drawn.defects.iter().any(|defect| of_form(defect.layer)) {
            prop_assert!(AccessToken::parse(&drawn.text).is_err(), "{:?}", drawn);
        }
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
    fn a_defect_adds_findings_and_takes_none_that_is_not_of_its_place(bytes in drawn_from()) {
        let drawn = options::draw(&mut Unstructured::new(&bytes)).unwrap();
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
        secrets.iter().for_each(|secret| kept.add(secret));
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
}
