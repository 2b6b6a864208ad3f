//! Answers as such: what must hold of each, whatever it answers.

use std::collections::HashMap;
use std::time::Duration;

use super::judge::{in_short, not_served};
use super::{Audited, Case, Recorded, Stop, audits};
use crate::cognito::rules::{response, state};
use crate::cognito::{Finding, Rule};
use crate::target::foreign_key;
use crate::token::Draft;
use crate::wire::{Framing, Request};

/// No answer is slow below this.
const SLOW: Duration = Duration::from_secs(2);

/// Orders of magnitude: how many times the median an answer may take.
const TIMES_MEDIAN: u32 = 100;

/// What every answer is held to.
static OF_EVERY_ANSWER: [&Rule; 9] = [
    &response::CONTENT_TYPE,
    &response::JSON,
    &response::STATUS_SUCCESS,
    &response::MEMBERS,
    &response::UNKNOWN_MEMBERS,
    &response::REQUEST_ID,
    &response::SECRECY,
    &response::NO_STACK_TRACE,
    &response::FRAMING,
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        Case::steps(
            "response.survives",
            "serves a valid request after hostile ones",
            &[&response::CONNECTION],
            |ctx| async move {
                let user = ctx.user().await?;
                let nested = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
                let hostile = [
                    Request::start_with_body(nested),
                    Request::start(&"a".repeat(4 << 20)),
                    Request::start("x").header("X-Filler", "a".repeat(60_000)),
                    Request::start_with_body(vec![0xff; 100_000]),
                ];
                for request in hostile {
                    ctx.send_once(request).await?;
                }
                let recorded = ctx.send(Request::start(&user.tokens.access)).await?;
                Ok(not_served(&response::CONNECTION, &recorded).into_iter().collect())
            },
        )
        .large(),
        Case::steps(
            "response.no-user-oracle",
            "gives forged tokens one answer, whether their user exists or not",
            &[&state::NO_USER_ORACLE],
            |ctx| async move {
                let user = ctx.user().await?;
                let key = foreign_key(&user.tokens.access)?;
                let draft = Draft::of(&user.tokens.access)
                    .ok_or_else(|| Stop::Skip("the access token is not a JSON web token".to_owned()))?;
                let nobody = uuid::Uuid::new_v4().to_string();
                let unknown = draft.clone().claim("sub", nobody.clone()).claim("username", nobody);
                let known = ctx.send(Request::start(&draft.sign(&key))).await?;
                let unknown = ctx.send(Request::start(&unknown.sign(&key))).await?;
                let (known, unknown) = (in_short(&known), in_short(&unknown));
                Ok((known != unknown)
                    .then(|| {
                        Finding::new(
                            &state::NO_USER_ORACLE,
                            format!("{known}; for a user that does not exist: {unknown}"),
                            "one answer",
                        )
                    })
                    .into_iter()
                    .collect())
            },
        ),
        Case::audit(
            "response.every.request-id.fresh",
            "gives every answer its own request id",
            &response::REQUEST_ID_FRESH,
            request_ids,
        ),
        Case::audit("response.every.answered", "answers every well-formed request", &response::ANSWERED, answered),
        Case::audit(
            "response.every.time",
            "answers no request orders of magnitude later than another",
            &response::TIME,
            times,
        ),
    ];
    cases.extend(audits::of_answers(&OF_EVERY_ANSWER, "response"));
    cases
}

fn request_ids(log: &[Recorded]) -> Option<Audited> {
    let mut seen: HashMap<&str, Vec<&Recorded>> = HashMap::new();
    for recorded in log {
        if let Some(id) = recorded.classification.request_id.as_deref() {
            seen.entry(id).or_default().push(recorded);
        }
    }
    let repeated: Vec<_> = seen.values().filter(|answers| answers.len() > 1).collect();
    (!seen.is_empty()).then(|| {
        let found = repeated.first().map(|answers| {
            let got = format!("{} of {} request ids came more than once", repeated.len(), seen.len());
            (Finding::new(&response::REQUEST_ID_FRESH, got, "a new request id in each answer"), answers[0].clone())
        });
        found.into_iter().collect()
    })
}

fn answered(log: &[Recorded]) -> Option<Audited> {
    let mut well_formed = log.iter().filter(|recorded| recorded.exchange.request.framing == Framing::Length).peekable();
    well_formed.peek()?;
    let finding = |recorded: &Recorded| {
        let error = recorded.exchange.result.as_ref().err()?;
        let got = format!("{error} in case {}", recorded.case);
        Some((Finding::new(&response::ANSWERED, got, "an answer"), recorded.clone()))
    };
    Some(well_formed.filter_map(finding).collect())
}

fn times(log: &[Recorded]) -> Option<Audited> {
    let mut elapsed: Vec<_> = log.iter().map(|recorded| recorded.exchange.elapsed).collect();
    elapsed.sort();
    let median = *elapsed.get(elapsed.len() / 2)?;
    let bound = SLOW.max(median * TIMES_MEDIAN);
    let slow: Vec<_> = log.iter().filter(|recorded| recorded.exchange.elapsed > bound).collect();
    let slowest = slow.iter().max_by_key(|recorded| recorded.exchange.elapsed);
    let finding = slowest.map(|recorded| {
        let seconds = recorded.exchange.elapsed.as_secs_f32();
        let got = format!("{} answers took longer, the slowest {seconds:.1} s in {}", slow.len(), recorded.case);
        let wanted = format!("at most {:.1} s, the median being {:.3} s", bound.as_secs_f32(), median.as_secs_f32());
        (Finding::new(&response::TIME, got, wanted), (*recorded).clone())
    });
    Some(finding.into_iter().collect())
}
