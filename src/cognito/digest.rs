//! A digest of the service model's facts, by which an expectation can tell that it was written for another model.

use std::fmt::Write;

use data_encoding::HEXLOWER;

use super::{
    CONTENT_TYPE, ERRORS, Fault, Member, OPERATIONS, Operation, PASSKEYS_PER_USER, PROTOCOL_ERRORS, SCOPE,
    TARGET_PREFIX, TOKEN_PATTERN,
};

/// The digest, 12 hexadecimal digits.
///
/// It covers what a server's answers depend on: the operations with their members, constraints and errors, the errors with
/// fault, retryability and statuses, and the constants of the protocol. The order in which they are declared does not
/// change it. Rules are not in it: they say how an answer is judged, not what the service answers.
#[must_use]
pub fn model_digest() -> String {
    let mut facts: Vec<String> = OPERATIONS.iter().map(|operation| operation_facts(operation)).collect();
    facts.extend(ERRORS.iter().map(|e| {
        let fault = if e.fault == Fault::Client { "client" } else { "server" };
        let statuses = (e.statuses.model, e.statuses.reference, e.statuses.live);
        format!("error {:?} {fault} retryable={} {statuses:?}", e.name, e.retryable)
    }));
    facts.extend(
        PROTOCOL_ERRORS.iter().map(|e| format!("protocol error {:?} retryable={} {}", e.name, e.retryable, e.status)),
    );
    facts.extend([TARGET_PREFIX, CONTENT_TYPE, SCOPE, TOKEN_PATTERN].map(|constant| format!("constant {constant:?}")));
    facts.push(format!("passkeys {PASSKEYS_PER_USER}"));
    of_facts(facts)
}

fn of_facts(mut facts: Vec<String>) -> String {
    facts.sort_unstable();
    let digest = ring::digest::digest(&ring::digest::SHA256, facts.join("\n").as_bytes());
    HEXLOWER.encode(&digest.as_ref()[..6])
}

fn operation_facts(operation: &Operation) -> String {
    let mut errors = operation.errors.to_vec();
    errors.sort_unstable();
    let mut text = format!("operation {:?} no_auth={} errors={errors:?}", operation.name, operation.no_auth);
    for (side, members) in [("input", operation.input), ("output", operation.output)] {
        let mut members: Vec<String> = members.iter().map(member_facts).collect();
        members.sort_unstable();
        // Writing into a string cannot fail.
        let _ = write!(text, " {side}=[{}]", members.join(", "));
    }
    text
}

fn member_facts(member: &Member) -> String {
    let Member { name, shape, kind, required, sensitive, pattern } = member;
    format!("{name:?} {shape:?} {kind:?} required={required} sensitive={sensitive} pattern={pattern:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::START;

    #[test]
    fn the_order_of_declaration_does_not_change_it() {
        let facts = |names: &[&str]| of_facts(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(facts(&["a", "b"]), facts(&["b", "a"]));
        assert_ne!(facts(&["a", "b"]), facts(&["a", "c"]));
        let errors: &'static [&'static str] = Box::leak(START.errors.iter().rev().copied().collect::<Vec<_>>().into());
        let turned = Operation { errors, ..START };
        assert_eq!(operation_facts(&turned), operation_facts(&START));
    }

    #[test]
    fn every_fact_of_a_member_is_in_it() {
        let plain = Member { name: "A", shape: "S", kind: "string", required: false, sensitive: false, pattern: None };
        let changed = [
            Member { name: "B", ..plain },
            Member { shape: "T", ..plain },
            Member { kind: "map", ..plain },
            Member { required: true, ..plain },
            Member { sensitive: true, ..plain },
            Member { pattern: Some("x"), ..plain },
        ];
        for member in &changed {
            assert_ne!(member_facts(member), member_facts(&plain));
        }
    }
}
