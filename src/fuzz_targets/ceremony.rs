//! Steps of users with passkeys, each answer held to the model.

use super::service::{Embedded, NOW};
use crate::generate::ceremony::{Step, USERS};
use crate::oracle::ceremony::{AGE, Ceremonies};
use crate::wire::{Request, Response};

/// How long each request takes as the model sees it, in seconds. For the emulator no time passes: it tells a session that
/// has ended from the next one without it.
const PACE: i64 = 3;

/// Takes the steps as new users, and asks for all that they have at the end. After something wrong nothing is judged any more.
pub(super) fn hold(steps: &[Step]) -> Vec<String> {
    let embedded = Embedded::get();
    let actors: Vec<_> = (0..USERS).map(|_| embedded.new_user(&embedded.actor)).collect();
    let mut known = Ceremonies::new(actors.clone());
    let mut now = i64::from(NOW);
    let mut told = Vec::new();
    for step in steps.iter().copied().map(Some).chain([None]) {
        match step {
            Some(step) => known.begin(step),
            None => known.finish(),
        }
        if let Some((user, actor)) = step.and_then(|step| known.age(step)) {
            let path = format!("/_cogspec/age?pool={}&user={}&seconds={AGE}", actor.pool, actor.username);
            let aged = embedded.exchange(Request::call("", "").method("GET").path(&path));
            assert!(aged.result.as_ref().is_ok_and(Response::is_success), "the emulator ages on demand");
            known.aged(user);
        }
        while let Some(call) = known.call() {
            now += PACE;
            if call.is_signed {
                embedded.control(call.operation, &call.input).expect("the emulator serves its control plane");
                known.done(now);
                continue;
            }
            let exchange = embedded.exchange(Request::call(call.operation, call.input.to_string()));
            let findings = known.answer(&exchange, &exchange.classify(exchange.request.operation()), now);
            let words =
                |f: &crate::cognito::Finding| format!("{step:?}: {}: got {}, wanted {}", f.rule.id, f.got, f.wanted);
            told.extend(findings.iter().map(words));
            if !told.is_empty() {
                told.push(format!("of {steps:?}"));
                return told;
            }
        }
    }
    actors.iter().for_each(|actor| embedded.delete_user(actor));
    told
}
