//! One input, sent: a call, or steps of sessions with calls in between; steps of users with passkeys are [`super::ceremony`]'s.

use std::sync::Arc;

use serde_json::{Value, json};

use super::callers::Subject;
use super::judge::{Broken, Shown, causes};
use crate::cognito::START;
use crate::generate::call::Input;
use crate::generate::ceremony;
use crate::generate::session::Step;
use crate::oracle::sessions::Sessions;
use crate::suite::{Recorded, Role};
use crate::target::{Fixtures, PoolSpec, Unavailable};
use crate::wire::{Classification, Exchange, Request};

/// What an input comes to for a user, before anything is sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sketch {
    /// A call, with the labels of its defects.
    Call(Vec<&'static str>, Box<Request>),
    /// Steps of sessions.
    Sessions(Vec<Step>),
    /// Steps of users with passkeys.
    Ceremony(Vec<ceremony::Step>),
}

impl Sketch {
    /// The sketch of an input; nothing where the bytes cannot be drawn from.
    pub(super) fn of(input: &Input, subject: &Subject) -> Option<Sketch> {
        if let Some(steps) = input.sessions() {
            return Some(Sketch::Sessions(steps));
        }
        if let Some(steps) = input.ceremony() {
            return Some(Sketch::Ceremony(steps));
        }
        let drawn = subject.draw(input).ok()?;
        Some(Sketch::Call(drawn.labels(), Box::new(drawn.http.request)))
    }

    pub(super) fn labels(&self) -> Vec<&'static str> {
        match self {
            Sketch::Call(labels, _) => labels.clone(),
            Sketch::Sessions(steps) => steps.iter().map(|step| step.name()).collect(),
            Sketch::Ceremony(steps) => steps.iter().map(|step| step.name()).collect(),
        }
    }
}

/// One input with what came.
pub(super) struct Shot {
    /// What its input comes to.
    pub(super) sketch: Sketch,
    /// The user who called.
    pub(super) user: String,
    /// A valid token that the call was made from.
    pub(super) access: Arc<str>,
    /// The token in the call, which may be as good as a valid one.
    pub(super) secret: Option<String>,
    pub(super) exchange: Exchange,
    pub(super) classification: Classification,
    pub(super) shown: Shown,
    /// How many requests it took.
    pub(super) requests: u64,
}

impl Shot {
    /// As the exchange of a case, for reports.
    pub(super) fn recorded(self) -> Recorded {
        Recorded {
            case: "fuzz".into(),
            role: Role::Test,
            exchange: self.exchange,
            classification: self.classification,
            findings: Vec::new(),
            token: Some(self.access),
        }
    }
}

/// Why nothing was sent.
#[derive(Debug)]
pub(super) enum NoShot {
    /// Nothing can be drawn from the bytes.
    NotDrawn,
    /// The target does not offer what it takes.
    NotOffered,
    /// The target does not answer.
    Gone,
}

impl From<Unavailable> for NoShot {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::NotOffered(_) => NoShot::NotOffered,
            Unavailable::Unreachable(_) => NoShot::Gone,
        }
    }
}

/// Takes the steps as a new user, then calls with each token once more. What is told is the first wrong answer, or the last
/// one.
pub(super) async fn sessions(fixtures: &Fixtures, steps: Vec<Step>) -> Result<Shot, NoShot> {
    let user = fixtures.new_user(&PoolSpec::MAIN).await?;
    let mut sessions = Sessions::new(fixtures.actor(&user).ok_or(NoShot::NotOffered)?);
    let first = json!({ "AccessToken": user.tokens.access, "RefreshToken": user.tokens.refresh });
    sessions.follow(Step::SignIn, &json!({ "AuthenticationResult": first }), crate::token::now());
    let sketch = Sketch::Sessions(steps.clone());
    // What making a user takes.
    let mut requests = 3;
    let shot = |token: String, exchange: Exchange, classification, shown, requests| Shot {
        sketch: sketch.clone(),
        user: user.username.clone(),
        access: token.into(),
        secret: None,
        exchange,
        classification,
        shown,
        requests,
    };
    let mut last = None;
    let mut steps = std::collections::VecDeque::from(steps);
    let mut at_end = 0;
    loop {
        let step = match steps.pop_front() {
            Some(step) => step,
            None if at_end < sessions.tokens().len() => {
                at_end += 1;
                Step::Call(at_end - 1)
            }
            None => break,
        };
        requests += 1;
        let Step::Call(number) = step else {
            take(fixtures, &mut sessions, step).await?;
            continue;
        };
        let Some(token) = sessions.tokens().nth(number).map(str::to_owned) else { continue };
        let exchange = fixtures.target().transport.send(Request::start(&token)).await;
        let classification = exchange.classify(&START);
        if let Some(cause) = causes(&exchange, &classification) {
            return Ok(shot(token, exchange, classification, cause, requests));
        }
        let finding = sessions.judge(number, &exchange, &classification);
        if let Some(finding) = finding {
            let broken = Broken::of_label(finding, &classification.name());
            return Ok(shot(token, exchange, classification, Shown::Judged(vec![broken]), requests));
        }
        last = Some((token, exchange, classification));
    }
    let (token, exchange, classification) = last.ok_or(NoShot::NotOffered)?;
    Ok(shot(token, exchange, classification, Shown::Judged(Vec::new()), requests))
}

/// Takes a step other than a call; what the target refuses was not done.
async fn take(fixtures: &Fixtures, sessions: &mut Sessions, step: Step) -> Result<(), NoShot> {
    let Some(call) = sessions.call(step) else { return Ok(()) };
    let output = if call.is_signed {
        fixtures.control(call.operation, call.input).await
    } else {
        fixtures.call_unsigned(call.operation, call.input).await
    };
    match output {
        Ok(output) => {
            for name in ["AccessToken", "IdToken", "RefreshToken"] {
                let token = output.pointer(&format!("/AuthenticationResult/{name}")).and_then(Value::as_str);
                token.into_iter().for_each(|token| fixtures.target().secrets.add(token));
            }
            sessions.follow(step, &output, crate::token::now());
            Ok(())
        }
        Err(Unavailable::NotOffered(_)) => Ok(()),
        Err(unreachable) => Err(unreachable.into()),
    }
}
