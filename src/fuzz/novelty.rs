//! What guides the fuzzer: inputs that gave an answer not seen before are kept, and changed first.

use std::collections::HashSet;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;

use super::input::{mutated, random};
use crate::generate::call::{Input, Steps};
use crate::snapshot::volatile_as_shapes;
use crate::wire::{Classification, Exchange};

/// How often a new input is changed before others have their turn again.
const FIRST: usize = 32;

/// Of so many characters of a message a shape is made.
const MESSAGE: usize = 200;

/// What is alike in answers of one kind: status, class, the message's shape, and the order of magnitude of the time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    status: Option<u16>,
    class: String,
    message: Option<String>,
    /// The power of ten of the milliseconds; under ten they are all one.
    magnitude: u32,
}

impl Kind {
    pub(super) fn of(exchange: &Exchange, classification: &Classification) -> Kind {
        Kind {
            status: classification.status,
            class: classification.name().into_owned(),
            message: classification.message.as_deref().map(shape),
            magnitude: magnitude(exchange.elapsed),
        }
    }
}

/// A message without what the input put there: volatile words as shapes, numbers as one, quoted text left out.
fn shape(message: &str) -> String {
    let cut: String = message.chars().take(MESSAGE).collect();
    let mut shaped = String::new();
    for (n, part) in volatile_as_shapes(&cut).split(['\'', '"', '`']).enumerate() {
        // What is between a first and a second quote comes from the input.
        shaped.push_str(if n % 2 == 0 { part } else { "…" });
    }
    shaped.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("0")
}

fn magnitude(elapsed: Duration) -> u32 {
    let millis = u32::try_from(elapsed.as_millis()).unwrap_or(u32::MAX);
    millis.checked_ilog10().unwrap_or_default()
}

/// The inputs that are kept.
#[derive(Debug, Default)]
pub(super) struct Novelty {
    seen: HashSet<Kind>,
    kept: Vec<Kept>,
}

#[derive(Debug)]
struct Kept {
    input: Input,
    changed: usize,
}

impl Novelty {
    /// Keeps seeds, which are changed first.
    pub(super) fn seed(&mut self, seeds: impl IntoIterator<Item = Input>) {
        self.kept.extend(seeds.into_iter().map(|input| Kept { input, changed: 0 }));
    }

    /// Looks at the kind of an answer; whether it is new. The input of a new one is kept.
    pub(super) fn look(&mut self, kind: Kind, input: &Input) -> bool {
        let is_new = self.seen.insert(kind);
        if is_new {
            self.kept.push(Kept { input: input.clone(), changed: 0 });
        }
        is_new
    }

    /// How many kinds of answer were seen.
    pub(super) fn kinds(&self) -> usize {
        self.seen.len()
    }

    /// The next input: a change of one that is new, or as often a change of any kept one or a whole new draw. Steps
    /// only where they have their turn; those that are new are changed first when it comes.
    pub(super) fn next(&mut self, rng: &mut StdRng, turn: impl Fn(Steps) -> bool) -> Input {
        let has_turn = |input: &Input| input.steps().is_none_or(&turn);
        loop {
            let input = self.draw(rng, has_turn);
            if has_turn(&input) {
                return input;
            }
        }
    }

    fn draw(&mut self, rng: &mut StdRng, has_turn: impl Fn(&Input) -> bool) -> Input {
        let newest = self.kept.iter_mut().rev().find(|kept| kept.changed < FIRST && has_turn(&kept.input));
        if let Some(kept) = newest.filter(|_| rng.random()) {
            kept.changed += 1;
            return mutated(&kept.input, rng);
        }
        match self.kept.len() {
            kept @ 1.. if rng.random() => mutated(&self.kept[rng.random_range(0..kept)].input, rng),
            _ => random(rng),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn kind(class: &str) -> Kind {
        Kind { status: Some(400), class: class.to_owned(), message: None, magnitude: 0 }
    }

    #[test]
    fn only_the_first_answer_of_a_kind_is_new() {
        let mut novelty = Novelty::default();
        let input = Input(vec![1, 2, 3]);
        assert!(novelty.look(kind("a"), &input));
        assert!(!novelty.look(kind("a"), &input));
        assert!(novelty.look(kind("b"), &input));
        assert_eq!((novelty.kinds(), novelty.kept.len()), (2, 2));
    }

    #[test]
    fn a_new_input_is_changed_before_others() {
        let mut rng = StdRng::seed_from_u64(3);
        let mut novelty = Novelty::default();
        novelty.look(kind("a"), &Input(vec![7; 32]));
        let like_it = (0..40).filter(|_| novelty.next(&mut rng, |_| true).0.iter().filter(|b| **b == 7).count() > 16);
        assert!(like_it.count() > 15);
    }

    #[test]
    fn sessions_wait_for_their_turn() {
        let mut rng = StdRng::seed_from_u64(4);
        let mut novelty = Novelty::default();
        // The first byte of steps of sessions is 3.
        novelty.seed([Input(vec![3; 32])]);
        let mut sessions =
            |has_turn| (0..100).filter(|_| novelty.next(&mut rng, |_| has_turn).steps().is_some()).count();
        assert_eq!(sessions(false), 0);
        assert!(sessions(true) > 30);
    }

    #[test]
    fn what_the_input_put_into_a_message_makes_no_new_kind() {
        assert_eq!(shape("Unexpected token 'x' at position 17"), shape("Unexpected token '}' at position 4"));
        assert_ne!(shape("Invalid Access Token"), shape("Access Token has expired"));
    }

    #[test]
    fn times_are_told_by_their_power_of_ten() {
        let of = |millis| magnitude(Duration::from_millis(millis));
        assert_eq!([0, 9, 10, 99, 100, 2500].map(of), [0, 0, 1, 1, 2, 3]);
    }
}
