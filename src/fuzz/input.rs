//! How inputs are made and changed.

use rand::RngExt;
use rand::rngs::StdRng;

use crate::generate::call::{Input, LONGEST};

/// A new one.
pub(crate) fn random(rng: &mut StdRng) -> Input {
    Input((0..LONGEST).map(|_| rng.random()).collect())
}

/// The same with a few changes, of the kinds that libFuzzer makes.
pub(crate) fn mutated(input: &Input, rng: &mut StdRng) -> Input {
    let mut bytes = input.0.clone();
    for _ in 0..rng.random_range(1..=3) {
        let at = rng.random_range(0..=bytes.len());
        match rng.random_range(0..8) {
            0..4 if at < bytes.len() => bytes[at] = rng.random(),
            4 if at < bytes.len() => bytes[at] = bytes[at].wrapping_add(1),
            5 if at < bytes.len() => drop(bytes.remove(at)),
            6 => bytes.truncate(at),
            _ => bytes.insert(at, rng.random()),
        }
    }
    bytes.truncate(LONGEST);
    Input(bytes)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn changes_stay_within_the_length() {
        let mut rng = StdRng::seed_from_u64(2);
        let mut input = Input::default();
        let mut changed = 0;
        for _ in 0..10_000 {
            let next = mutated(&input, &mut rng);
            assert!(next.0.len() <= LONGEST);
            changed += usize::from(next != input);
            input = next;
        }
        assert!(changed > 8000, "{changed}");
    }
}
