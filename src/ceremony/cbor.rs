//! Writing CBOR (RFC 8949). Maps keep the order that they are given, so duplicates and wrong orders can be written too.

use ciborium::Value;

/// The bytes of a value.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail, and a `Value` has nothing that has no CBOR form.
    let _ = ciborium::into_writer(value, &mut bytes);
    bytes
}

/// A map with text keys, as attestation objects and statements have.
pub(super) fn text_map<const N: usize>(entries: [(&str, Value); N]) -> Vec<(Value, Value)> {
    entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect()
}

/// A map with integer labels, as COSE keys have.
pub(super) fn labelled<const N: usize>(entries: [(i64, Value); N]) -> Vec<(Value, Value)> {
    entries.into_iter().map(|(label, value)| (Value::from(label), value)).collect()
}
