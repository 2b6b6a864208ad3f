//! Steps of users with passkeys, sent.

use std::collections::VecDeque;

use serde_json::Value;

use super::judge::{Broken, Shown, causes};
use super::shot::{NoShot, Shot, Sketch};
use crate::cognito::{COMPLETE, DELETE, FACTORS, INITIATE_AUTH, LIST, RESPOND};
use crate::generate::ceremony::{Step, USERS};
use crate::oracle::ceremony::{AGE, Ceremonies};
use crate::oracle::sessions::Call;
use crate::target::{Fixtures, PoolSpec, Unavailable, User};
use crate::wire::{Exchange, Request};

/// What making a user takes.
const REQUESTS_OF_A_USER: u64 = 3;

/// Takes the steps as new users, and asks for all that they have at the end. What is told is the first wrong answer, or the
/// last one.
pub(super) async fn shoot(fixtures: &Fixtures, steps: Vec<Step>) -> Result<Shot, NoShot> {
    for operation in [&COMPLETE, &LIST, &DELETE, &FACTORS, &INITIATE_AUTH, &RESPOND] {
        fixtures.needs(operation).await?;
    }
    let mut users = Vec::new();
    for _ in 0..USERS {
        users.push(fixtures.new_user(&PoolSpec::MAIN).await?);
    }
    let actors: Option<Vec<_>> = users.iter().map(|user| fixtures.actor(user)).collect();
    let mut known = Ceremonies::new(actors.ok_or(NoShot::NotOffered)?);
    for (number, user) in users.iter().enumerate() {
        known.signed_in(number, user.tokens.access.clone(), crate::token::now());
    }
    let mut requests = REQUESTS_OF_A_USER * users.len() as u64;
    let mut last = None;
    let mut left: VecDeque<Step> = steps.iter().copied().collect();
    loop {
        let step = left.pop_front();
        match step {
            Some(step) => take(fixtures, &users, &mut known, step).await?,
            None => known.finish(),
        }
        while let Some(call) = known.call() {
            requests += 1;
            if call.is_signed {
                control(fixtures, &mut known, call).await?;
                continue;
            }
            let access =
                call.input.get("AccessToken").and_then(Value::as_str).unwrap_or(&users[0].tokens.access).into();
            let request = Request::call(call.operation, call.input.to_string());
            let exchange = fixtures.target().transport.send(request).await;
            keep_secrets(fixtures, &exchange);
            let classification = exchange.classify(exchange.request.operation());
            let cause = causes(&exchange, &classification);
            let shown = cause.unwrap_or_else(|| {
                let findings = known.answer(&exchange, &classification, crate::token::now());
                let class = classification.name();
                Shown::Judged(findings.into_iter().map(|finding| Broken::of_step(finding, &class)).collect())
            });
            let is_end = !matches!(&shown, Shown::Judged(broken) if broken.is_empty());
            let (sketch, user) = (Sketch::Ceremony(steps.clone()), users[0].username.clone());
            let shot = Shot { sketch, user, access, secret: None, exchange, classification, shown, requests };
            if is_end {
                return Ok(shot);
            }
            last = Some(shot);
        }
        if step.is_none() {
            return last.ok_or(NoShot::NotOffered);
        }
    }
}

/// Begins a step; time passes where the target can be told so.
async fn take(fixtures: &Fixtures, users: &[User], known: &mut Ceremonies, step: Step) -> Result<(), NoShot> {
    known.begin(step);
    let Some((number, _)) = known.age(step) else { return Ok(()) };
    match fixtures.age(&users[number], AGE).await {
        Ok(()) => known.aged(number),
        Err(Unavailable::NotOffered(_)) => {}
        Err(unreachable) => return Err(unreachable.into()),
    }
    Ok(())
}

/// Calls the control plane; what the target refuses was not done.
async fn control(fixtures: &Fixtures, known: &mut Ceremonies, call: Call) -> Result<(), NoShot> {
    match fixtures.control(call.operation, call.input).await {
        Ok(_) => known.done(crate::token::now()),
        Err(Unavailable::NotOffered(_)) => {}
        Err(unreachable) => return Err(unreachable.into()),
    }
    Ok(())
}

/// What an answer gives that nobody is to see.
fn keep_secrets(fixtures: &Fixtures, exchange: &Exchange) {
    let Ok(answer) = &exchange.result else { return };
    fixtures.target().secrets.add_answer(&answer.body);
}
