//! From a first sight of a finding to one that is confirmed and small. The other workers wait meanwhile, so that nothing
//! else is the cause.

use std::sync::Arc;

use super::callers::Subject;
use super::engine::Engine;
use super::event::{Ended, Found, Repeats};
use super::judge::{Broken, Refusal, Shown};
use super::shot::{NoShot, Shot, Sketch};
use super::shrink;
use crate::generate::call::Input;
use crate::run;
use crate::target::Unavailable;

/// How often a finding must come again.
const CONFIRMED: usize = 2;

/// The most calls that are spent on shrinking one finding; where it is one of steps, each try takes many.
const SHRINKING: u64 = 300;
const SHRINKING_STEPS: u64 = 1500;

/// How many users are tried before a plain request counts as not served.
const USERS: usize = 3;

/// Looks closely at an input, from the first sight of what is wrong with its answer.
///
/// # Errors
/// When the target is gone, or no longer serves plain requests: then these were the cause, and nothing was found.
pub(super) async fn investigate(
    engine: &Engine,
    worker: usize,
    input: Input,
    first: Sight,
) -> Result<(Found, Broken), Ended> {
    let mut investigation = Investigation { engine, worker, sought: first.broken.clone(), spent: 0 };
    let mut last = first;
    for _ in 0..CONFIRMED {
        match investigation.again(&input).await? {
            Some(again) => last = again,
            None => return Ok(investigation.found(input, last, Repeats::Flaky)),
        }
    }
    let (input, last) = investigation.shrink(input, last).await?;
    Ok(investigation.found(input, last, Repeats::Always))
}

struct Investigation<'a> {
    engine: &'a Engine,
    worker: usize,
    /// What is looked for.
    sought: Vec<Broken>,
    spent: u64,
}

/// A call that shows the finding.
pub(super) struct Sight {
    pub(super) shot: Shot,
    pub(super) subject: Arc<Subject>,
    /// Those of its findings that are looked for.
    pub(super) broken: Vec<Broken>,
}

impl Investigation<'_> {
    /// Sends it once more, between two witnesses; what it shows of that which is looked for. Nothing where it shows none of it,
    /// or where the second witness is not served: then the server had been ill already.
    async fn again(&mut self, input: &Input) -> Result<Option<Sight>, Ended> {
        let subject = self.well().await?;
        let Some(again) = self.shoot(input, &subject).await? else { return Ok(None) };
        // That a plain request is not served can be what was found.
        let is_plain = again.shot.sketch.labels().is_empty();
        if !is_plain && self.witness(&subject).await?.is_some() {
            return Ok(None);
        }
        Ok(Some(again))
    }

    /// A user whose plain request is served.
    async fn well(&mut self) -> Result<Arc<Subject>, Ended> {
        let mut why = String::new();
        for _ in 0..USERS {
            let subject = self.engine.subject(self.worker).await?;
            match self.witness(&subject).await? {
                None => return Ok(subject),
                Some(refused) => why = refused,
            }
            self.engine.callers.retire(&subject).await;
        }
        Err(Ended::NotServed(why))
    }

    /// What a plain request gets that is not served.
    async fn witness(&mut self, subject: &Arc<Subject>) -> Result<Option<String>, Ended> {
        loop {
            self.spend(1);
            match self.engine.judge.witness(subject).await {
                Ok(()) => return Ok(None),
                Err(Refusal::Refused(why)) => return Ok(Some(why)),
                Err(Refusal::Cause(Shown::Throttled)) => self.engine.back_off().await?,
                Err(Refusal::Cause(Shown::Gone)) => self.engine.await_target(subject).await?,
                Err(Refusal::Cause(_)) => return Ok(Some("LimitExceededException".to_owned())),
            }
        }
    }

    async fn shoot(&mut self, input: &Input, subject: &Arc<Subject>) -> Result<Option<Sight>, Ended> {
        loop {
            let shot = match self.engine.judge.shoot(input, subject).await {
                Ok(shot) => shot,
                Err(NoShot::Gone) => {
                    self.engine.await_target(subject).await?;
                    continue;
                }
                Err(NoShot::NotDrawn | NoShot::NotOffered) => return Ok(None),
            };
            self.spend(shot.requests);
            match &shot.shown {
                Shown::Judged(broken) => {
                    let is_sought = |broken: &&Broken| self.sought.iter().any(|sought| broken.is_like(sought));
                    let broken: Vec<Broken> = broken.iter().filter(is_sought).cloned().collect();
                    let subject = Arc::clone(subject);
                    return Ok((!broken.is_empty()).then_some(Sight { shot, subject, broken }));
                }
                Shown::Throttled => self.engine.back_off().await?,
                Shown::Gone => self.engine.await_target(subject).await?,
                Shown::Limit => return Ok(None),
            }
        }
    }

    fn spend(&mut self, requests: u64) {
        self.spent += requests;
        self.engine.count_requests(requests);
    }

    /// The simplest input that still shows it.
    async fn shrink(&mut self, input: Input, last: Sight) -> Result<(Input, Sight), Ended> {
        let (mut best, mut last) = (input, last);
        let most = if best.steps().is_some() { SHRINKING_STEPS } else { SHRINKING };
        'simpler: while self.spent < most && !self.engine.is_halted() {
            for candidate in shrink::simpler(&best) {
                let Some(sketch) = Sketch::of(&candidate, &last.subject) else { continue };
                if sketch.labels().len() > last.shot.sketch.labels().len() {
                    continue;
                }
                if sketch == last.shot.sketch {
                    // The same, from a simpler input.
                    best = candidate;
                    continue 'simpler;
                }
                if let Some(again) = self.again(&candidate).await? {
                    (best, last) = (candidate, again);
                    continue 'simpler;
                }
                if self.spent >= most || self.engine.is_halted() {
                    break;
                }
            }
            break;
        }
        Ok((best, last))
    }

    fn found(&self, input: Input, last: Sight, repeats: Repeats) -> (Found, Broken) {
        let Sight { shot, broken, .. } = last;
        let labels = shot.sketch.labels();
        let Some(loudest) = broken.into_iter().max_by_key(|broken| broken.finding.severity()) else {
            unreachable!("only what shows a finding is told")
        };
        let severity = match &shot.shown {
            // Where several defects are needed to show it, one of them may hide another.
            Shown::Judged(all) if loudest.by_label && labels.len() > 1 => {
                all.iter().filter(|broken| broken.by_label).map(|broken| broken.finding.severity()).min()
            }
            _ => None,
        };
        let severity = severity.unwrap_or(loudest.finding.severity());
        let target = self.engine.fixtures.target();
        // A token that was signed with the target's key is as good as a given one.
        shot.secret.iter().for_each(|secret| target.secrets.add(secret));
        let secrets_known = target.secrets.count();
        let finding = run::finding_report(&loudest.finding, &target.secrets);
        let user = target.secrets.clean(&shot.user);
        let exchange = run::exchange_report(&shot.recorded(), target.transport.endpoint(), &target.secrets);
        let name = format!("{}-{}", finding.rule, input.digest());
        let spent = self.spent;
        let found =
            Found { name, severity, repeats, finding, labels, user, exchange, times: 1, spent, input, secrets_known };
        (found, loudest)
    }
}

impl From<Unavailable> for Ended {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::NotOffered(why) => Ended::NotServed(why),
            Unavailable::Unreachable(why) => Ended::Gone(why),
        }
    }
}
