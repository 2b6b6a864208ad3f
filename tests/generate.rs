//! The generators: what is drawn is called what its labels say, and every rule and class is reached.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod seeds;

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use cogspec::cognito::{ERRORS, Level, PROTOCOL_ERRORS};
use cogspec::generate::{request, response, token};
use cogspec::oracle::labels;
use cogspec::token::{Jwks, Key};
use cogspec::wire::{Framing, Request};
use seeds::bytes;
use serde_json::json;

fn key() -> Key {
    Key::from_pem("test-kid", include_str!("data/test-key.pem")).unwrap()
}

fn base() -> (token::Base, Jwks) {
    let keys = Jwks::parse(json!({ "keys": [key().jwk()] }).to_string().as_bytes()).unwrap();
    (token::Base::example(token::Signer::key(key())), keys)
}

#[test]
fn a_token_without_a_defect_is_accepted() {
    let (base, keys) = base();
    let drawn = token::with(&mut Unstructured::new(&[]), &base, Vec::new()).unwrap();
    assert_eq!(drawn.refusal(), None);
    assert_eq!(labels::token(&drawn, base.now, Some(&keys)), [""; 0]);
}

#[test]
fn one_defect_of_a_token_is_told_under_its_rules_and_no_others() {
    let (base, keys) = base();
    for defect in token::defects() {
        for seed in 0..20 {
            let bytes = bytes(seed);
            let drawn = token::with(&mut Unstructured::new(&bytes), &base, vec![defect]).unwrap();
            assert_eq!(labels::token(&drawn, base.now, Some(&keys)), [""; 0], "{:?}, seed {seed}", defect.layer);
        }
    }
}

#[test]
fn every_layer_and_every_rule_on_a_single_token_is_reached() {
    let layers: BTreeSet<_> = token::defects().iter().map(|defect| defect.layer).collect();
    assert_eq!(layers.len(), 11);
    let names: BTreeSet<_> = token::defects().iter().map(|defect| defect.name).collect();
    assert_eq!(names.len(), token::defects().len(), "labels are unique");
    let reached: BTreeSet<_> = token::defects().iter().flat_map(|defect| defect.rules).copied().collect();
    let expected = [
        "request.pattern",
        "token.algorithm",
        "token.base64url",
        "token.base64url.canonical",
        "token.claim-missing",
        "token.claim-type",
        "token.claims",
        "token.critical",
        "token.duplicate-claim",
        "token.expiry",
        "token.expiry.required",
        "token.header",
        "token.issuer",
        "token.key",
        "token.not-yet-valid",
        "token.scope",
        "token.signature",
        "token.structure",
        "token.token-use",
        "token.user",
    ];
    assert_eq!(reached, BTreeSet::from(expected));
}

#[test]
fn defects_that_are_combined_are_drawn_and_told() {
    let (base, keys) = base();
    let mut most = 0;
    for seed in 0..500 {
        let bytes = bytes(seed);
        let drawn = token::draw(&mut Unstructured::new(&bytes), &base).unwrap();
        most = most.max(drawn.defects.len());
        assert_eq!(labels::token(&drawn, base.now, Some(&keys)), [""; 0], "seed {seed}");
    }
    assert_eq!(most, 3);
}

#[test]
fn each_response_has_the_class_that_its_label_says() {
    let mut reached = BTreeSet::new();
    for seed in 0..600 {
        let bytes = bytes(seed);
        for make in [response::of_success, response::of_error] {
            let u = &mut Unstructured::new(&bytes);
            let right = make(u).unwrap();
            assert_eq!(labels::response(&right), [""; 0], "seed {seed}");
            reached.insert(right.class);
            let kind = if right.class == "success" { response::To::Success } else { response::To::Error };
            for defect in response::DEFECTS.iter().filter(|defect| [kind, response::To::Any].contains(&defect.to)) {
                let drawn = response::with(u, right.clone(), defect).unwrap();
                assert_eq!(labels::response(&drawn), [""; 0], "seed {seed}");
                reached.insert(drawn.class);
            }
        }
    }
    let errors = ERRORS.iter().map(|error| error.name).chain(PROTOCOL_ERRORS.iter().map(|error| error.name));
    let missing: Vec<_> = errors.filter(|name| !reached.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let broken: Vec<_> = reached.iter().filter_map(|class| class.strip_prefix("not-aws-json:")).collect();
    assert_eq!(
        broken,
        ["empty", "html", "no-code", "not-json", "not-object", "success-with-error-body", "truncated", "xml"]
    );
}

#[test]
fn a_request_without_a_defect_is_served() {
    let right = request::with(&mut Unstructured::new(&[]), "a", Vec::new()).unwrap();
    assert_eq!(right.request, Request::start("a"));
    assert_eq!(right.classes("success"), BTreeSet::from(["success"]));
}

#[test]
fn every_defect_of_a_request_and_every_class_is_drawn() {
    let names: BTreeSet<_> = request::defects().iter().map(|defect| defect.name).collect();
    assert_eq!(names.len(), request::defects().len(), "labels are unique");
    for (draw, has_framing) in [(request::draw as Draw, false), (request::draw_for_socket, true)] {
        let (mut drawn_names, mut classes, mut most) = (BTreeSet::new(), BTreeSet::new(), 0);
        for seed in 0..3000 {
            let bytes = bytes(seed);
            let drawn = draw(&mut Unstructured::new(&bytes), "a").unwrap();
            let on_socket = drawn.request.framing != Framing::Length;
            assert_eq!(on_socket, drawn.defects.iter().any(|defect| defect.layer == request::Layer::Framing));
            most = most.max(drawn.defects.len());
            drawn_names.extend(drawn.defects.iter().map(|defect| defect.name));
            classes.extend(drawn.classes("success"));
        }
        let wanted: BTreeSet<_> = request::defects()
            .iter()
            .filter(|defect| !defect.waits())
            .filter(|defect| has_framing || (defect.layer != request::Layer::Framing && !defect.is_large))
            .map(|defect| defect.name)
            .collect();
        assert_eq!((drawn_names, most), (wanted, 3));
        for class in [
            "success",
            "SerializationException",
            "InvalidParameterException",
            "NotAuthorizedException",
            "UnknownOperationException",
            "transport:closed",
            request::ANY_REFUSAL,
        ] {
            assert!(classes.contains(class), "{class}");
        }
    }
}

/// How a request is drawn.
type Draw = fn(&mut Unstructured<'_>, &str) -> arbitrary::Result<request::Drawn>;

/// A label that says more than the suite's case for the same thing would be a false alarm.
#[test]
fn what_a_request_must_be_is_said_by_a_rule_that_asks_for_it() {
    for defect in request::defects() {
        let is_open = matches!(defect.right, request::Right::Either);
        assert!(is_open || defect.rule.level != Level::May, "{defect:?}");
    }
}
