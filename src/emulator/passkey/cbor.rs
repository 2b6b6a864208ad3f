//! CBOR (RFC 8949) as authenticators write it: definite lengths, shortest forms, and no map key twice.

use std::collections::BTreeSet;

use ciborium::Value;

/// The one item that fills the bytes.
pub(super) fn whole(bytes: &[u8]) -> Option<Value> {
    first(bytes).filter(|(_, rest)| rest.is_empty()).map(|(item, _)| item)
}

/// The item that the bytes begin with, and what stands behind it.
///
/// `None` also where the item is not in the form that W3C WebAuthn L3, 2.4 lets a reader insist on; only the order of map
/// keys is free here.
pub(super) fn first(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let mut rest = bytes;
    let item: Value = ciborium::from_reader(&mut rest).ok()?;
    let read = bytes.get(..bytes.len().checked_sub(rest.len())?)?;
    (written(&item)? == read && is_unique(&item)?).then_some((item, rest))
}

/// Whether the keys of a map stand in the order of CTAP 2.1, 8: shorter ones first, then by their bytes.
pub(super) fn is_in_order(map: &[(Value, Value)]) -> bool {
    let keys: Option<Vec<_>> = map.iter().map(|(key, _)| written(key)).collect();
    // The major type counts before the length; it is in the first byte.
    let rank = |key: &Vec<u8>| (key.first().map(|first| first >> 5), key.len(), key.clone());
    keys.is_some_and(|keys| keys.is_sorted_by_key(rank))
}

/// What a map has under a key, be it a number or a text.
pub(super) fn get(map: &[(Value, Value)], key: impl Into<Value>) -> Option<&Value> {
    let key = key.into();
    map.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// An item in shortest form with definite lengths, map keys in the order in which they stand.
fn written(item: &Value) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(item, &mut bytes).ok()?;
    Some(bytes)
}

fn is_unique(item: &Value) -> Option<bool> {
    match item {
        Value::Array(items) => items.iter().try_fold(true, |so_far, item| Some(so_far && is_unique(item)?)),
        Value::Tag(_, item) => is_unique(item),
        Value::Map(entries) => {
            let mut keys = BTreeSet::new();
            entries.iter().try_fold(true, |so_far, (key, value)| {
                Some(so_far && keys.insert(written(key)?) && is_unique(key)? && is_unique(value)?)
            })
        }
        _ => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_definite_shortest_and_without_duplicates() {
        for (good, rest) in [
            (&[0xa1, 0x01, 0x02][..], 0),
            (&[0xa2, 0x02, 0x02, 0x01, 0x80], 0),
            (&[0x43, 1, 2, 3, 9, 9], 2),
            (&[0x18, 0x18], 0),
        ] {
            assert_eq!(first(good).map(|(_, rest)| rest.len()), Some(rest), "{good:x?}");
            assert_eq!(whole(good).is_some(), rest == 0, "{good:x?}");
        }
        for bad in [
            &[][..],
            &[0xa2, 0x01, 0x02, 0x01, 0x03],
            &[0x81, 0xa2, 0x01, 0x02, 0x01, 0x02],
            &[0xbf, 0x01, 0x02, 0xff],
            &[0x5f, 0x41, 1, 0xff],
            &[0x18, 0x17],
            &[0x58, 0x01, 9],
            &[0x43, 1, 2],
            &[0x61, 0xff],
            &[0xff],
        ] {
            assert_eq!(first(bad), None, "{bad:x?}");
        }
    }

    #[test]
    fn keys_are_ordered_by_type_length_and_bytes() {
        let in_order = |bytes: &[u8]| is_in_order(whole(bytes).unwrap().as_map().unwrap());
        assert!(in_order(&[0xa5, 0x01, 0, 0x03, 0, 0x20, 0, 0x21, 0, 0x22, 0]));
        assert!(in_order(&[0xa3, 0x18, 0x18, 0, 0x20, 0, 0x61, 0x61, 0]));
        assert!(!in_order(&[0xa2, 0x03, 0, 0x01, 0]));
        assert!(!in_order(&[0xa2, 0x20, 0, 0x01, 0]));
    }
}
