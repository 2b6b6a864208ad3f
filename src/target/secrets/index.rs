//! Finding any of many secrets in a text, in a time that does not grow with their number.

use std::collections::HashMap;

use super::SecretKind;

/// The shortest secret that is looked for, in bytes: shorter ones would redact what is no secret.
pub(super) const SHORTEST: usize = 8;

/// How many bits tell with which four bytes secrets begin.
const BITS: usize = 1 << 16;

/// Secrets by their beginnings.
pub(super) struct Index {
    /// Most places of a text begin no secret, and are told by one bit.
    begins: Box<[u64; BITS / 64]>,
    entries: HashMap<[u8; SHORTEST], Vec<Entry>>,
}

/// A secret as it may stand in a text.
pub(super) struct Entry {
    pub(super) bytes: Vec<u8>,
    pub(super) kind: SecretKind,
}

impl Default for Index {
    fn default() -> Self {
        Index { begins: Box::new([0; BITS / 64]), entries: HashMap::new() }
    }
}

impl Index {
    /// Remembers a secret; whether it is new. A short one is passed over.
    pub(super) fn insert(&mut self, kind: SecretKind, bytes: &[u8]) -> bool {
        let Some(beginning) = bytes.first_chunk() else { return false };
        let entries = self.entries.entry(*beginning).or_default();
        if entries.iter().any(|entry| entry.bytes == bytes) {
            return false;
        }
        entries.push(Entry { bytes: bytes.to_vec(), kind });
        let bit = bit(beginning);
        self.begins[bit / 64] |= 1 << (bit % 64);
        true
    }

    /// The longest secret that the bytes begin with, so that a whole token is found before its signature.
    pub(super) fn at_start_of(&self, bytes: &[u8]) -> Option<&Entry> {
        let beginning = bytes.first_chunk()?;
        let bit = bit(beginning);
        if self.begins[bit / 64] & (1 << (bit % 64)) == 0 {
            return None;
        }
        let candidates = self.entries.get(beginning)?.iter();
        candidates.filter(|entry| bytes.starts_with(&entry.bytes)).max_by_key(|entry| entry.bytes.len())
    }

    /// A secret that is in the bytes.
    pub(super) fn find_in(&self, bytes: &[u8]) -> Option<&Entry> {
        (0..bytes.len()).find_map(|at| self.at_start_of(&bytes[at..]))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().flatten()
    }
}

/// The bit of the first four bytes (multiplicative hashing).
fn bit(beginning: &[u8; SHORTEST]) -> usize {
    let [a, b, c, d, ..] = *beginning;
    (u32::from_le_bytes([a, b, c, d]).wrapping_mul(0x9e37_79b1) >> 16) as usize
}
