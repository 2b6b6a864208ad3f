//! Finding any of many secrets in a text, in a time that does not grow with their number.

use std::collections::HashMap;

use super::SecretKind;

/// The shortest secret that is looked for, in bytes: shorter ones would redact what is no secret.
pub(super) const SHORTEST: usize = 8;

/// How many bits tell with which four bytes secrets begin.
const BITS: usize = 1 << 20;

/// Secrets by their beginnings.
pub(super) struct Index {
    /// Most places of a text begin no secret, and are told by one bit.
    begins: Vec<u64>,
    entries: HashMap<[u8; SHORTEST], Vec<Entry>>,
}

/// A secret as it may stand in a text.
pub(super) struct Entry {
    pub(super) bytes: Vec<u8>,
    pub(super) kind: SecretKind,
    /// How many secrets were known before.
    pub(super) number: usize,
}

impl Default for Index {
    fn default() -> Self {
        Index { begins: vec![0; BITS / 64], entries: HashMap::new() }
    }
}

impl Index {
    /// Remembers a secret; whether it is new. A short one is passed over.
    pub(super) fn insert(&mut self, kind: SecretKind, bytes: &[u8], number: usize) -> bool {
        let Some(beginning) = bytes.first_chunk() else { return false };
        // Few begin alike, and there are tens of thousands.
        let entries = self.entries.entry(*beginning).or_insert_with(|| Vec::with_capacity(1));
        if entries.iter().any(|entry| entry.bytes == bytes) {
            return false;
        }
        entries.push(Entry { bytes: bytes.to_vec(), kind, number });
        let [a, b, c, d, ..] = *beginning;
        let bit = bit(u32::from_le_bytes([a, b, c, d]));
        self.begins[bit / 64] |= 1 << (bit % 64);
        true
    }

    /// The first secret in the bytes that is not among the `known` first ones, and where it is; of several the longest, so that
    /// a whole token is found before its signature.
    pub(super) fn find_in(&self, bytes: &[u8], known: usize) -> Option<(usize, &Entry)> {
        let mut four = u32::from_le_bytes(*bytes.first_chunk()?);
        let last = bytes.len().checked_sub(SHORTEST)?;
        let mut at = 0;
        // Plain steps: every byte that is written comes by here several times, in builds without optimisation, too.
        loop {
            let bit = bit(four);
            if self.begins[bit / 64] & (1 << (bit % 64)) != 0
                && let Some(entry) = self.at_start_of(&bytes[at..], known)
            {
                return Some((at, entry));
            }
            if at == last {
                return None;
            }
            four = four >> 8 | (bytes[at + 4] as u32) << 24;
            at += 1;
        }
    }

    fn at_start_of(&self, bytes: &[u8], known: usize) -> Option<&Entry> {
        let candidates = self.entries.get(bytes.first_chunk::<SHORTEST>()?)?.iter();
        candidates
            .filter(|entry| entry.number >= known && bytes.starts_with(&entry.bytes))
            .max_by_key(|entry| entry.bytes.len())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().flatten()
    }
}

/// The bit of the first four bytes (multiplicative hashing).
fn bit(four: u32) -> usize {
    (four.wrapping_mul(0x9e37_79b1) >> 12) as usize
}
