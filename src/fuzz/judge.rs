//! One call, sent and judged: what its labels, its answer and the answers before it tell.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::callers::Subject;
use super::ceremony;
use super::shot::{self, NoShot, Shot, Sketch};
use crate::cognito::rules::state;
use crate::cognito::{Finding, START};
use crate::generate::call::{Drawn, Input};
use crate::oracle;
use crate::target::Fixtures;
use crate::wire::{Class, Classification, Exchange, Request, Response, TransportErrorKind};

/// So many challenges are remembered; a repeated one is seen among these.
const CHALLENGES: usize = 200_000;

/// What makes two findings one: the rule, and the way in which it is broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) rule: &'static str,
    /// The class of the wrong answer, that defects were overlooked, or the place in a document, without numbers.
    pub(super) how: String,
}

/// A finding, and what makes it one with others.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) key: Key,
    pub(super) finding: Finding,
    /// Whether the labels say so; else the answer shows it by itself, or beside others.
    pub(super) by_label: bool,
}

/// What an answer shows.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    /// Findings, or none where all is as it should be.
    Judged(Vec<Broken>),
    /// Nothing: the server throttles.
    Throttled,
    /// Nothing: the user has met a limit.
    Limit,
    /// Nothing: no connection can be made, or no request is left to be sent.
    Gone,
}

/// Sends and judges, and remembers what later answers are held against.
pub(super) struct Judge {
    fixtures: Arc<Fixtures>,
    before: Mutex<Before>,
}

#[derive(Default)]
struct Before {
    challenges: HashSet<String>,
    /// By the user's number.
    user_ids: HashMap<usize, String>,
}

impl Judge {
    pub(super) fn new(fixtures: Arc<Fixtures>) -> Judge {
        Judge { fixtures, before: Mutex::default() }
    }

    /// Sends what is drawn from an input, and judges the answer.
    ///
    /// # Errors
    /// When there is nothing to send, or nobody to send it as.
    pub(super) async fn shoot(&self, input: &Input, subject: &Subject) -> Result<Shot, NoShot> {
        if let Some(steps) = input.sessions() {
            return shot::sessions(&self.fixtures, steps).await;
        }
        if let Some(steps) = input.ceremony() {
            return ceremony::shoot(&self.fixtures, steps).await;
        }
        let drawn = subject.draw(input).map_err(|_| NoShot::NotDrawn)?;
        let exchange = self.fixtures.target().transport.send(drawn.http.request.clone()).await;
        let classification = exchange.classify(&START);
        let shown = self.judge(&drawn, &exchange, &classification, subject);
        Ok(Shot {
            sketch: Sketch::Call(drawn.labels(), Box::new(drawn.http.request)),
            user: subject.name().to_owned(),
            access: subject.access().into(),
            secret: Some(drawn.token.text),
            exchange,
            classification,
            shown,
            requests: 1,
        })
    }

    /// Whether a plain request is served: the proof that server and user are well. The answer in short where it is not.
    pub(super) async fn witness(&self, subject: &Subject) -> Result<(), Refusal> {
        let exchange = self.fixtures.target().transport.send(Request::start(subject.access())).await;
        let classification = exchange.classify(&START);
        match causes(&exchange, &classification) {
            Some(cause) => Err(Refusal::Cause(cause)),
            None if matches!(classification.class, Class::Success) => Ok(()),
            None => Err(Refusal::Refused(exchange.in_short(&classification))),
        }
    }

    fn judge(&self, drawn: &Drawn, exchange: &Exchange, classification: &Classification, subject: &Subject) -> Shown {
        if let Some(cause) = causes(exchange, classification) {
            return cause;
        }
        let class = if drawn.is_overlooked(classification) { "overlooked".into() } else { classification.name() };
        let by_label = oracle::call(drawn, exchange, classification);
        let mut broken: Vec<Broken> = by_label.into_iter().map(|finding| Broken::of_label(finding, &class)).collect();
        if let Ok(answer) = &exchange.result {
            let secrets = &self.fixtures.target().secrets;
            let request = &exchange.request;
            let found = secrets.search(|secrets| oracle::answer(&START, request, answer, classification, secrets));
            broken.extend(found.into_iter().map(Broken::at_place));
            if drawn.token.defects.is_empty() && matches!(classification.class, Class::Success) {
                broken.extend(self.hold_against_before(answer, subject));
            }
        }
        Shown::Judged(broken)
    }

    /// A challenge that came before, and a user id that is another than before.
    fn hold_against_before(&self, answer: &Response, subject: &Subject) -> Vec<Broken> {
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(&answer.body) else { return Vec::new() };
        let options = body.get(START.output[0].name);
        let text = |at: &str| options.and_then(|options| options.pointer(at)?.as_str().map(str::to_owned));
        let mut before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let mut broken = Vec::new();
        if let Some(challenge) = text("/challenge") {
            if before.challenges.len() >= CHALLENGES {
                before.challenges.clear();
            }
            if !before.challenges.insert(challenge) {
                let got = "a challenge that had come before";
                let finding = Finding::new(&state::CHALLENGE_FRESH, got, "a new challenge in each answer");
                broken.push(Broken::at_place(finding));
            }
        }
        if let Some(id) = text("/user/id") {
            let first = before.user_ids.entry(subject.number).or_insert_with(|| id.clone());
            if *first != id {
                let got = "two different values of user.id for one user";
                broken.push(Broken::at_place(Finding::new(&state::USER_ID_STABLE, got, "one value")));
            }
        }
        broken
    }
}

/// Why a witness was not served.
pub(super) enum Refusal {
    /// The server, or the user, is the cause.
    Cause(Shown),
    /// It answered something else, in short.
    Refused(String),
}

impl Broken {
    pub(super) fn of_label(finding: Finding, class: &str) -> Broken {
        Broken { key: Key { rule: finding.rule.id, how: class.to_owned() }, finding, by_label: true }
    }

    /// Whether both are one to somebody who takes defects away one by one. Of several defects now this, now that rule is told.
    pub(super) fn is_like(&self, other: &Broken) -> bool {
        self.by_label == other.by_label
            && self.key.how == other.key.how
            && (self.by_label || self.key.rule == other.key.rule)
    }

    /// Of a step: another rule is another thing, whichever steps led to it.
    pub(super) fn of_step(finding: Finding, class: &str) -> Broken {
        Broken { by_label: false, ..Broken::of_label(finding, class) }
    }

    fn at_place(finding: Finding) -> Broken {
        let pointer = finding.pointer.as_deref().unwrap_or_default();
        let how = pointer.split('/').filter(|part| part.parse::<usize>().is_err()).collect::<Vec<_>>().join("/");
        Broken { key: Key { rule: finding.rule.id, how }, finding, by_label: false }
    }
}

/// What keeps an answer from telling anything of the input.
pub(super) fn causes(exchange: &Exchange, classification: &Classification) -> Option<Shown> {
    match (&exchange.result, &classification.class) {
        (Err(e), _) => match e.kind {
            TransportErrorKind::Connect | TransportErrorKind::Tls | TransportErrorKind::Budget => Some(Shown::Gone),
            _ => None,
        },
        _ if classification.is_throttled() => Some(Shown::Throttled),
        (_, Class::Modelled(shape)) if shape.name == "LimitExceededException" => Some(Shown::Limit),
        _ => None,
    }
}
