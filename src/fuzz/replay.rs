//! One input again: what is sent for it, what comes, and what is wrong with that.

use std::sync::Arc;

use super::callers::Callers;
use super::judge::{Judge, Refusal, Shown};
use super::shot::{NoShot, Sketch};
use crate::generate::call::Input;
use crate::run::{ExchangeReport, FindingReport, exchange_report, finding_report};
use crate::target::Fixtures;

/// How often a call is sent: some rules are on several answers together.
const TIMES: usize = 2;

/// What one input shows.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Replayed {
    /// The labels of the defects in the call.
    pub labels: Vec<&'static str>,
    /// The classes of answer that the labels allow, or what else is right.
    pub wanted: Vec<String>,
    /// The last call and its answer.
    pub exchange: ExchangeReport,
    /// What is wrong with it, the loudest first.
    pub findings: Vec<FindingReport>,
    /// What a plain request got after it, where that was not served: then the findings prove nothing of the input.
    pub witness: Option<String>,
}

/// Why nothing was shown.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotReplayed {
    /// Nothing can be drawn from the bytes.
    #[error("no call can be drawn from these bytes")]
    NotDrawn,
    /// The target gives no user, or does not answer.
    #[error("{0}")]
    Target(String),
}

/// Sends the call that is drawn from an input, as a user of its own.
///
/// # Errors
/// When there is nothing to send, or nobody to send it as or to.
pub async fn replay(fixtures: &Arc<Fixtures>, input: &Input) -> Result<Replayed, NotReplayed> {
    let callers = Callers::new(Arc::clone(fixtures), 1);
    let subject = callers.get(0).await.map_err(|e| NotReplayed::Target(e.to_string()))?;
    let judge = Judge::new(Arc::clone(fixtures));
    let target = fixtures.target();
    let mut last = None;
    for _ in 0..TIMES {
        last = Some(judge.shoot(input, &subject).await.map_err(|e| match e {
            NoShot::NotDrawn => NotReplayed::NotDrawn,
            NoShot::NotOffered => NotReplayed::Target("the target does not offer what the input takes".to_owned()),
            NoShot::Gone => NotReplayed::Target("the target does not answer".to_owned()),
        })?);
    }
    let Some(shot) = last else { return Err(NotReplayed::NotDrawn) };
    let witness = match judge.witness(&subject).await {
        Ok(()) => None,
        Err(Refusal::Refused(why)) => Some(target.secrets.clean(&why)),
        Err(Refusal::Cause(cause)) => Some(format!("no answer that tells anything ({cause:?})")),
    };
    let mut broken = match &shot.shown {
        Shown::Judged(broken) => broken.clone(),
        other => {
            return Err(NotReplayed::Target(format!(
                "the server is the cause of the answer, not the call ({other:?})"
            )));
        }
    };
    broken.sort_by_key(|broken| std::cmp::Reverse(broken.finding.severity()));
    // A token that was signed with the target's key is as good as a given one.
    shot.secret.iter().for_each(|secret| target.secrets.add(secret));
    let findings = broken.iter().map(|broken| finding_report(&broken.finding, &target.secrets)).collect();
    let labels = shot.sketch.labels();
    let wanted = match (&shot.sketch, subject.draw(input)) {
        (Sketch::Ceremony(_), _) => vec!["each user's own passkeys, and each challenge and sign-in once".to_owned()],
        (Sketch::Call(..), Ok(drawn)) => drawn.classes().into_iter().map(str::to_owned).collect(),
        _ => vec!["each token served until its session ends, then refused".to_owned()],
    };
    let exchange = exchange_report(&shot.recorded(), target.transport.endpoint(), &target.secrets);
    Ok(Replayed { labels, wanted, exchange, findings, witness })
}
