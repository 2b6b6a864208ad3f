//! One track, and how far it has been played.

use std::time::Duration;

use serde_json::Value;

use crate::wire::{Exchange, Framing, Request, Response, TransportError};

/// Of a request's bytes so many are kept; larger ones are padding.
pub(crate) const KEPT: usize = 16 * 1024;

/// An answer, or what kept it from coming.
pub type Answer = Result<Response, TransportError>;

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Heard {
    /// An answer.
    Answer(Answer),
    /// Nothing for as long as the case waited.
    Nothing,
    /// Something that was not kept, for that reason.
    NotKept(String),
}

/// What one owner asked, heard and drew, in order.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// Its exchanges.
    pub steps: Vec<Step>,
    /// What it drew.
    pub drawn: Vec<Value>,
}

/// One exchange.
#[derive(Clone, Debug)]
pub struct Step {
    /// The request, its body cut after 16 KiB; `None` where it was not kept.
    pub request: Option<Request>,
    /// What the request asks.
    pub asks: String,
    /// What came of it.
    pub answer: Heard,
    /// How long it took.
    pub elapsed: Duration,
}

/// A track and how far it has been played.
#[derive(Debug, Default)]
pub(super) struct Playing {
    pub(super) track: Track,
    pub(super) missing: Option<String>,
    heard: usize,
    drawn: usize,
}

impl From<Track> for Playing {
    fn from(track: Track) -> Self {
        Playing { track, ..Playing::default() }
    }
}

impl Playing {
    /// Takes the next place for an exchange that begins now.
    pub(super) fn begin(&mut self, request: &Request, asks: String) -> usize {
        let mut kept = request.clone();
        kept.body.truncate(KEPT);
        if let Framing::Raw(bytes) = &mut kept.framing {
            bytes.truncate(KEPT);
        }
        self.track.steps.push(Step { request: Some(kept), asks, answer: Heard::Nothing, elapsed: Duration::ZERO });
        self.track.steps.len() - 1
    }

    /// Puts the answer in its place.
    pub(super) fn end(&mut self, place: usize, exchange: &Exchange) {
        if let Some(step) = self.track.steps.get_mut(place) {
            step.answer = Heard::Answer(exchange.result.clone());
            step.elapsed = exchange.elapsed;
        }
    }

    /// The next answer and how long it took, where the next request is this one; `None` where none came.
    pub(super) fn hear(&mut self, asks: &str) -> Result<Option<(Answer, Duration)>, String> {
        let number = self.heard + 1;
        let step = self.track.steps.get(self.heard);
        let step = step.ok_or_else(|| format!("request {number} was not sent in the recorded run"))?;
        self.heard += 1;
        if step.asks != asks {
            return Err(format!("request {number} is another one than in the recorded run"));
        }
        match &step.answer {
            Heard::Answer(answer) => Ok(Some((answer.clone(), step.elapsed))),
            Heard::Nothing => Ok(None),
            Heard::NotKept(why) => Err(format!("answer {number} was not kept: {why}")),
        }
    }

    /// What is drawn next.
    pub(super) fn drawn(&mut self) -> Option<Value> {
        let drawn = self.track.drawn.get(self.drawn).cloned();
        self.drawn += 1;
        drawn
    }
}
