//! The token parser and verifier against jsonwebtoken's, which we did not write.
//!
//! What ours takes, jsonwebtoken takes. What jsonwebtoken takes and ours does not is refused by one of the rules below, and
//! by no other: jsonwebtoken is told the key, so `kid` is a hint to it; it lets any JSON be a claim, and of duplicates the
//! last count.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use cogspec::generate::token::{self, Base, Signer};
use cogspec::token::{Jwks, Key, inspect, verify};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The rules that only ours asks for.
const ONLY_OURS: &[&str] = &["token.claim-type", "token.critical", "token.duplicate-claim", "token.key"];

fn key() -> Key {
    Key::from_pem("test-kid", include_str!("data/test-key.pem")).unwrap()
}

fn library(token: &str) -> bool {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    validation.validate_aud = false;
    let public = include_bytes!("data/test-key.pub.pem");
    decode::<Map<String, Value>>(token, &DecodingKey::from_rsa_pem(public).unwrap(), &validation).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_take_the_same_tokens_but_for_named_rules(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let keys = Jwks::parse(json!({ "keys": [key().jwk()] }).to_string().as_bytes()).unwrap();
        let base = Base::example(Signer::key(key()));
        let drawn = token::draw(&mut Unstructured::new(&bytes), &base).unwrap();
        let ours: BTreeSet<&str> = inspect(&drawn.text).findings.iter().map(|finding| finding.rule.id).collect();
        let verified = verify(&drawn.text, &keys);
        let theirs = library(&drawn.text);
        if ours.is_empty() && verified.is_ok() {
            prop_assert!(theirs, "{:?} is refused by jsonwebtoken only", drawn);
        }
        if theirs {
            let strict: Vec<_> = ours.iter().filter(|rule| !ONLY_OURS.contains(rule)).collect();
            prop_assert!(strict.is_empty(), "{:?} is refused by ours only: {:?}", drawn, strict);
            prop_assert!(verified.is_ok() || !ours.is_empty(), "{:?}: {:?}", drawn, verified);
        }
    }
}
