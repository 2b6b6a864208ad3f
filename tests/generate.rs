//! The generators: what is drawn is called what its labels say, and every rule and class is reached.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod seeds;

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use cogspec::cognito::{ERRORS, Level, PROTOCOL_ERRORS, START, rules};
use cogspec::generate::{options, request, response, token};
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

/// What is drawn from the bytes: the defects of the response, and those of the options in it.
fn defects_in(bytes: &[u8]) -> (Vec<&'static str>, usize) {
    let drawn = response::draw(&mut Unstructured::new(bytes)).unwrap();
    let of_options = drawn.options.map_or(0, |(options, _)| options.defects.len());
    (drawn.defects.iter().map(|defect| defect.name).collect(), of_options)
}

#[test]
fn bytes_without_one_defect_draw_the_others() {
    let mut tried = 0;
    for seed in 0..400 {
        let bytes = bytes(seed);
        let (all, of_options) = defects_in(&bytes);
        let less: Vec<_> = response::with_one_less(&bytes).iter().map(|bytes| defects_in(bytes)).collect();
        // Where two are chosen for one place only the first is drawn, and without it the other is.
        if less.len() != all.len() + of_options {
            continue;
        }
        for gone in all.iter().filter(|_| all.len() > 1) {
            let rest: Vec<_> = all.iter().filter(|label| *label != gone).copied().collect();
            assert!(less.iter().any(|(left, _)| *left == rest), "seed {seed}: {all:?} without {gone}: {less:?}");
            tried += 1;
        }
        if all.len() == 1 {
            assert!(less.iter().any(|(left, _)| left.is_empty()), "seed {seed}: {all:?}: {less:?}");
        }
        if all.is_empty() && of_options > 0 {
            assert!(less.contains(&(Vec::new(), of_options - 1)), "seed {seed}: {of_options}: {less:?}");
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
    assert!(response::with_one_less(&[]).is_empty() && response::with_one_less(&[0, 0]).is_empty());
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

const KINDS: [response::To; 2] = [response::To::Success, response::To::Error];

#[test]
fn a_response_without_a_defect_breaks_no_rule() {
    let mut reached = BTreeSet::new();
    for seed in 0..600 {
        for to in KINDS {
            let drawn = response::with(&mut Unstructured::new(&bytes(seed)), to, Vec::new()).unwrap();
            assert_eq!(drawn.rules, BTreeSet::new());
            assert_eq!(labels::response(&drawn), [""; 0], "seed {seed}");
            reached.insert(drawn.class);
        }
    }
    let errors = START.errors.iter().copied().chain(PROTOCOL_ERRORS.iter().map(|error| error.name));
    assert_eq!(reached, errors.chain(["success"]).collect());
}

#[test]
fn one_defect_of_a_response_is_told_under_its_rules_and_no_others() {
    for defect in response::defects() {
        for to in KINDS.into_iter().filter(|to| defect.fits(*to)) {
            for seed in 0..60 {
                let bytes = bytes(seed);
                let right = response::with(&mut Unstructured::new(&bytes), to, Vec::new()).unwrap();
                let drawn = response::with(&mut Unstructured::new(&bytes), to, vec![defect]).unwrap();
                assert_eq!(labels::response(&drawn), [""; 0], "seed {seed}");
                // Of the front end's errors less is known, so that less of them can be wrong.
                if to == response::To::Success || START.errors.contains(&right.class) {
                    assert_eq!(drawn.rules, defect.rules.iter().copied().collect(), "{defect:?}, seed {seed}");
                }
            }
        }
    }
}

#[test]
fn every_class_and_every_rule_of_a_single_answer_is_drawn() {
    let (mut classes, mut rules, mut names, mut most) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), 0);
    // Names of other operations' errors are many.
    let elsewhere = response::defects().iter().find(|defect| defect.name == "name.elsewhere").unwrap();
    let of_others =
        |seed| response::with(&mut Unstructured::new(&bytes(seed)), response::To::Error, vec![elsewhere]).unwrap();
    let any = |seed| response::draw(&mut Unstructured::new(&bytes(seed))).unwrap();
    for (seed, drawn) in (0..600).map(|seed| (seed, of_others(seed))).chain((0..5000).map(|seed| (seed, any(seed)))) {
        assert_eq!(labels::response(&drawn), [""; 0], "seed {seed}");
        most = most.max(drawn.defects.len());
        names.extend(drawn.defects.iter().map(|defect| defect.name));
        classes.insert(drawn.class);
        rules.extend(drawn.rules);
    }
    assert_eq!(most, 3);
    assert_eq!(names, response::defects().iter().map(|defect| defect.name).collect(), "labels are unique, and drawn");
    let errors = ERRORS.iter().map(|error| error.name).chain(PROTOCOL_ERRORS.iter().map(|error| error.name));
    let broken = ["empty", "html", "no-code", "not-json", "not-object", "success-with-error-body", "truncated", "xml"]
        .map(|reason| format!("not-aws-json:{reason}"));
    let others = ["success", "unknown:CogspecException", "unknown:notauthorizedexception"];
    let wanted: BTreeSet<&str> = errors.chain(broken.iter().map(String::as_str)).chain(others).collect();
    assert_eq!(classes, wanted);
    // The other rules on answers and errors want more than one answer, or a request.
    let of_one_answer = [
        "error.code",
        "error.code.agrees",
        "error.message",
        "error.modelled",
        "error.status",
        "error.status-fault",
        "error.type-bare",
        "error.type-header",
        "error.type-member",
        "response.content-type",
        "response.framing",
        "response.json",
        "response.members",
        "response.no-stack-trace",
        "response.request-id",
        "response.status",
        "response.unknown-members",
    ];
    assert_eq!(rules, BTreeSet::from(of_one_answer));
}

#[test]
fn every_rule_on_creation_options_is_drawn() {
    let mut reached = BTreeSet::new();
    for seed in 0..6000 {
        let drawn = options::draw(&mut Unstructured::new(&bytes(seed))).unwrap();
        assert_eq!(labels::options(&drawn), [""; 0], "seed {seed}");
        reached.extend(drawn.rules().into_iter().map(|id| format!("options.{id}")));
    }
    let of_an_origin: BTreeSet<&str> =
        options::origin_defects().iter().flat_map(|(_, defect)| &defect.rules).copied().collect();
    let wanted = rules::options::ALL.iter().chain(rules::cognito_options::ALL).map(|rule| rule.id);
    let missing: Vec<&str> = wanted.filter(|id| !reached.contains(*id)).collect();
    assert!(missing.iter().all(|id| of_an_origin.contains(&id["options.".len()..])), "{missing:?}");
}

/// The rules of two defects are those of the one and those of the other, whichever two they are.
#[test]
fn independent_defects_of_creation_options_compose() {
    for base in options::Base::ALL {
        let small: Vec<_> = options::defects(base).iter().filter(|defect| !defect.is_large).collect();
        let mut pairs = 0;
        for (n, defect) in small.iter().enumerate() {
            for other in small[..n].iter().filter(|other| defect.is_independent_of(other)) {
                let drawn = options::with(base, vec![other, defect], options::Form::Plain);
                assert_eq!(labels::options(&drawn), [""; 0]);
                pairs += 1;
            }
        }
        assert!(pairs > 500, "{pairs} pairs");
    }
}

#[test]
fn a_form_of_creation_options_adds_its_rule_and_no_other() {
    for base in options::Base::ALL {
        let of_a_place = options::defects(base).iter().filter(|defect| !defect.pointer().is_empty());
        for defects in of_a_place.map(|defect| vec![defect]).chain([vec![]]) {
            for form in [options::Form::Wrapped("publicKey"), options::Form::Text] {
                assert_eq!(labels::options(&options::with(base, defects.clone(), form)), [""; 0]);
            }
        }
    }
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
        assert_eq!(drawn_names, wanted);
        assert!(most > 1, "several at once");
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

#[test]
fn a_body_is_read_as_its_label_says_and_one_without_its_label_is_told() {
    const TOKEN: &str = "eyJraWQiOiJrIiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJ1In0.c2ln";
    let of_body = |defect: &&&request::RequestDefect| defect.layer == request::Layer::Body && !defect.is_large;
    for defect in request::defects().iter().filter(of_body) {
        for seed in 0..20 {
            let drawn = request::with(&mut Unstructured::new(&bytes(seed)), TOKEN, vec![*defect]).unwrap();
            assert_eq!(labels::body(&drawn, TOKEN), [""; 0]);
            let unlabelled = request::Drawn { defects: Vec::new(), ..drawn };
            let is_told = !labels::body(&unlabelled, TOKEN).is_empty();
            assert!(is_told || !defect.right.is_refusal(), "{defect:?}");
        }
    }
}

#[test]
fn most_bodies_have_a_defect_and_none_has_two() {
    let drawn = (0..200).map(|seed| request::draw_body(&mut Unstructured::new(&bytes(seed)), "a").unwrap());
    let counts: Vec<usize> = drawn.map(|drawn| drawn.defects.len()).collect();
    assert_eq!(BTreeSet::from_iter(counts.iter().copied()), BTreeSet::from([0, 1]));
    assert!(counts.iter().sum::<usize>() > 100);
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
