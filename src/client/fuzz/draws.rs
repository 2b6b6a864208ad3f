//! The answers of a run, one after the other: what the seed and the first inputs decide, and nothing else.

use std::collections::VecDeque;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::answer::Answer;
use crate::fuzz::input::{mutated, random};
use crate::generate::call::Input;

/// One draw in so many is a change of an input that the run began with, where there are any.
const CHANGED: u32 = 4;

pub(super) struct Draws {
    rng: StdRng,
    /// Those that are still to come first.
    first: VecDeque<Input>,
    seeds: Vec<Input>,
    drawn: u64,
    most: Option<u64>,
}

impl Draws {
    pub(super) fn new(seed: u64, seeds: Vec<Input>, most: Option<u64>) -> Self {
        Draws { rng: StdRng::seed_from_u64(seed), first: seeds.clone().into(), seeds, drawn: 0, most }
    }

    /// The next answer, with its number from 0; nothing after the last.
    pub(super) fn next(&mut self) -> Option<(u64, Answer)> {
        if self.most.is_some_and(|most| self.drawn >= most) {
            return None;
        }
        loop {
            let input = self.first.pop_front().unwrap_or_else(|| self.input());
            if let Some(answer) = Answer::draw(&input) {
                self.drawn += 1;
                return Some((self.drawn - 1, answer));
            }
        }
    }

    fn input(&mut self) -> Input {
        match self.seeds.len() {
            seeds @ 1.. if self.rng.random_range(0..CHANGED) == 0 => {
                mutated(&self.seeds[self.rng.random_range(0..seeds)], &mut self.rng)
            }
            _ => random(&mut self.rng),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_draws_the_same() {
        let inputs = |seed| {
            let mut draws = Draws::new(seed, vec![Input(vec![1, 5]), Input(vec![0])], Some(50));
            std::iter::from_fn(|| draws.next().map(|(_, answer)| answer.input)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(3), inputs(3));
        assert_ne!(inputs(3), inputs(4));
        assert_eq!(inputs(3)[..2], [Input(vec![1, 5]), Input(vec![0])]);
        assert_eq!(inputs(3).len(), 50);
    }
}
