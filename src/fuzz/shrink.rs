//! Smaller inputs: what is tried in the place of one that shows a finding.

use crate::generate::call::Input;

/// Inputs that are simpler than this one, the boldest first: shorter ones, those with more zeros, then those with smaller
/// bytes.
///
/// Bytes that are missing are drawn as zeros are: as no defect, or the first choice of a table.
pub(crate) fn simpler(input: &Input) -> impl Iterator<Item = Input> + use<> {
    let bytes = input.0.clone();
    let length = bytes.len();
    let halves = || std::iter::successors(Some(length), |size| Some(size / 2)).take_while(|size| *size > 0);
    let shorter = {
        let bytes = bytes.clone();
        halves().map(move |size| bytes[..length - size].to_vec())
    };
    let zeroed = {
        let bytes = bytes.clone();
        let runs = halves().flat_map(move |size| (0..length).step_by(size).map(move |at| at..length.min(at + size)));
        runs.filter_map(move |run| {
            let mut bytes = bytes.clone();
            let is_new = bytes[run.clone()].iter().any(|byte| *byte != 0);
            bytes[run].fill(0);
            is_new.then_some(bytes)
        })
    };
    let smaller = (0..length).flat_map(move |at| {
        let byte = bytes[at];
        let values = [byte / 2, byte.saturating_sub(1)].into_iter().filter(move |value| *value < byte && *value > 0);
        let bytes = bytes.clone();
        values.map(move |value| {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            bytes
        })
    });
    shorter.chain(zeroed).chain(smaller).map(Input)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The simplest input for which `holds`, by trying again and again.
    fn shrink(input: Input, holds: impl Fn(&[u8]) -> bool) -> Input {
        let mut best = input;
        while let Some(next) = simpler(&best).find(|input| holds(&input.0)) {
            best = next;
        }
        best
    }

    #[test]
    fn it_ends_at_the_simplest_input() {
        let input = Input((0..40).map(|n| n * 6).collect());
        assert_eq!(shrink(input.clone(), |_| true).0, [0u8; 0]);
        assert_eq!(shrink(input.clone(), |bytes| bytes.len() >= 3).0, [0, 0, 0]);
        assert_eq!(shrink(input.clone(), |bytes| bytes.contains(&36)).0, [0, 0, 0, 0, 0, 0, 36]);
        assert_eq!(shrink(input, |bytes| bytes.get(2).is_some_and(|byte| *byte > 5)).0, [0, 0, 6]);
    }

    #[test]
    fn each_is_simpler() {
        let input = Input(vec![3, 0, 200, 1]);
        for other in simpler(&input) {
            let (a, b) = (&other.0, &input.0);
            assert!(a.len() < b.len() || (a.len() == b.len() && a < b), "{a:?}");
        }
        assert_eq!(simpler(&Input::default()).count(), 0);
    }
}
