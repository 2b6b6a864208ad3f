//! The workers: each draws, sends and judges until the end, and looks closely at what it finds.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{RwLock, mpsc, watch};
use tokio::time::{interval, sleep};

use super::callers::{Callers, Subject};
use super::event::{Ended, Event, Found, Progress, Repeats, Summary};
use super::investigate::{Sight, investigate};
use super::judge::{Broken, Judge, Key, Shown};
use super::novelty::{Kind, Novelty};
use super::shot::{NoShot, Shot};
use crate::cognito::Severity;
use crate::generate;
use crate::generate::call::{Input, Steps};
use crate::generate::ceremony;
use crate::generate::session::Step;
use crate::target::{Fixtures, Pace};
use crate::wire::millis;

/// The most users who call at once.
const USERS: usize = 4;

/// How often a call is drawn anew for another user, when users meet a limit.
const ANOTHER_USER: usize = 3;

/// How long a target that takes no connection is waited for.
const OUTAGE: Duration = Duration::from_secs(10);

/// How long it is waited before an outage is looked at again.
const KNOCK: Duration = Duration::from_millis(250);

/// The first wait when the server throttles; each further one is twice as long, up to the longest.
const BACK_OFF: Duration = Duration::from_millis(250);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(8);

/// After the first ones, at most one request in so many is one of steps of a kind, but for those that are under way: they
/// make the server sign tokens, which takes it several times as long as other answers.
const STEPS: u64 = 20;

/// So many requests of steps come first, so that a short run, or one on a slow server, has enough of them.
const FIRST_OF_SESSIONS: u64 = 2000;
const FIRST_OF_CEREMONIES: u64 = 1000;

/// What did not come again so often is not looked for any more.
const FLAKY: usize = 3;

/// How often progress is told.
const TICK: Duration = Duration::from_millis(200);

/// What to do, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The time after which no new call is drawn.
    pub time: Option<Duration>,
    /// The number of calls after which no new one is drawn.
    pub requests: Option<u64>,
    /// How many calls are under way at once.
    pub jobs: usize,
    /// The seed of every random choice. With one job and a target that always answers alike it repeats the run.
    pub seed: u64,
    /// Inputs to begin with.
    pub seeds: Vec<Input>,
}

/// Fuzzes the target until the plan's end or until `stop` turns true, tells events, and deletes the fixtures.
pub async fn fuzz(
    fixtures: Arc<Fixtures>,
    plan: Plan,
    events: mpsc::UnboundedSender<Event>,
    mut stop: watch::Receiver<bool>,
) -> Summary {
    let started = Instant::now();
    let deadline = plan.time.map(|time| started + time);
    let jobs = plan.jobs.max(1);
    let engine = Arc::new(Engine::new(Arc::clone(&fixtures), plan, deadline, events));
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..jobs {
        let engine = Arc::clone(&engine);
        workers.spawn(async move { engine.work(worker).await });
    }
    let mut tick = interval(TICK);
    let mut is_stopped = false;
    loop {
        tokio::select! {
            ended = workers.join_next() => match ended {
                Some(_) => {}
                None => break,
            },
            _ = tick.tick() => engine.tell(Event::Progress(engine.progress())),
            stopped = stop.wait_for(|stop| *stop), if !is_stopped => {
                is_stopped = true;
                // Where nobody can ask to stop any more the run goes on.
                if stopped.is_ok() {
                    engine.end(Ended::Stopped);
                }
            }
        }
    }
    for left in fixtures.clean_up().await {
        engine.tell(Event::Notice(format!("could not be deleted: {}", engine.clean(&left))));
    }
    engine.summary(started.elapsed())
}

/// What the workers share.
pub(super) struct Engine {
    pub(super) fixtures: Arc<Fixtures>,
    pub(super) callers: Callers,
    pub(super) judge: Judge,
    plan: Plan,
    deadline: Option<Instant>,
    events: mpsc::UnboundedSender<Event>,
    /// Calls hold it to read; who looks closely at a finding holds it alone.
    quiet: RwLock<()>,
    is_halted: AtomicBool,
    requests: AtomicU64,
    /// Those of them that steps of sessions took.
    of_sessions: AtomicU64,
    /// Those of them that steps of users with passkeys took.
    of_ceremonies: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    novelty: Novelty,
    labels: BTreeMap<&'static str, u64>,
    classes: BTreeMap<String, u64>,
    /// What was found, by what makes it one.
    known: HashMap<Key, Known>,
    /// Defects that lead to an answer of that class, as far as they could be taken away.
    explained: Vec<(Vec<&'static str>, String)>,
    /// How often each was looked for in vain.
    flaky: HashMap<Key, usize>,
    found: Vec<Found>,
    noted: BTreeMap<Cow<'static, str>, u64>,
    /// What each worker has under way.
    under_way: Vec<Option<Input>>,
    suspects: Vec<Input>,
    throttled: u64,
    back_off: Option<Duration>,
    outages: u64,
    signs: bool,
    ended: Option<Ended>,
}

struct Known {
    times: u64,
    /// Its place in the list of findings.
    at: usize,
}

impl Engine {
    fn new(
        fixtures: Arc<Fixtures>,
        plan: Plan,
        deadline: Option<Instant>,
        events: mpsc::UnboundedSender<Event>,
    ) -> Engine {
        let mut state = State { under_way: vec![None; plan.jobs.max(1)], ..State::default() };
        state.novelty.seed(plan.seeds.iter().cloned());
        Engine {
            callers: Callers::new(Arc::clone(&fixtures), USERS.min(plan.jobs.max(1))),
            judge: Judge::new(Arc::clone(&fixtures)),
            fixtures,
            plan,
            deadline,
            events,
            quiet: RwLock::new(()),
            is_halted: AtomicBool::new(false),
            requests: AtomicU64::new(0),
            of_sessions: AtomicU64::new(0),
            of_ceremonies: AtomicU64::new(0),
            state: Mutex::new(state),
        }
    }

    async fn work(&self, worker: usize) {
        let mut rng = StdRng::seed_from_u64(self.plan.seed ^ (worker as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        while !self.is_over() {
            let input = self.state().novelty.next(&mut rng, |steps| self.have_turn(steps));
            if let Err(ended) = self.one(worker, input).await {
                self.end(ended);
            }
        }
    }

    /// One call, from draw to verdict.
    async fn one(&self, worker: usize, input: Input) -> Result<(), Ended> {
        for _ in 0..ANOTHER_USER {
            let subject = self.subject(worker).await?;
            let shot = {
                let _calling = self.quiet.read().await;
                self.state().under_way[worker] = Some(input.clone());
                self.judge.shoot(&input, &subject).await
            };
            let shot = match shot {
                Ok(shot) => shot,
                Err(NoShot::NotDrawn | NoShot::NotOffered) => return Ok(()),
                Err(NoShot::Gone) => {
                    let _alone = self.quiet.write().await;
                    return self.await_target(&subject).await;
                }
            };
            self.count_requests(shot.requests);
            if let Some(steps) = input.steps() {
                self.requests_of(steps).fetch_add(shot.requests, Ordering::Relaxed);
            }
            match &shot.shown {
                Shown::Throttled => return self.back_off().await,
                Shown::Limit => self.callers.retire(&subject).await,
                Shown::Gone => {
                    let _alone = self.quiet.write().await;
                    return self.await_target(&subject).await;
                }
                Shown::Judged(_) => return self.take(worker, input, shot, subject).await,
            }
        }
        Ok(())
    }

    /// Counts what an answer shows, and looks closely at what is new in it.
    async fn take(&self, worker: usize, input: Input, shot: Shot, subject: Arc<Subject>) -> Result<(), Ended> {
        if !self.count(&shot, &input) {
            return Ok(());
        }
        let _alone = self.quiet.write().await;
        // Another worker may have found it meanwhile.
        let broken = self.new_in(&shot);
        if broken.is_empty() || self.is_halted() {
            return Ok(());
        }
        let (found, broken) = investigate(self, worker, input, Sight { shot, subject, broken }).await?;
        self.tell_found(found, broken.key, broken.by_label);
        Ok(())
    }

    /// Counts an answer; whether there is something to look at closely.
    fn count(&self, shot: &Shot, input: &Input) -> bool {
        let kind = Kind::of(&shot.exchange, &shot.classification);
        let mut state = self.state();
        state.back_off = None;
        for label in shot.sketch.labels() {
            *state.labels.entry(label).or_default() += 1;
        }
        *state.classes.entry(shot.classification.name().into_owned()).or_default() += 1;
        state.novelty.look(kind, input);
        let Shown::Judged(broken) = &shot.shown else { return false };
        for broken in broken {
            if broken.finding.severity() == Severity::Note {
                *state.noted.entry(broken.key.rule.into()).or_default() += 1;
            } else if let Some(known) = state.known.get_mut(&broken.key) {
                known.times += 1;
            }
        }
        drop(state);
        !self.new_in(shot).is_empty()
    }

    /// What was not found before: no rule that was broken in this way already, and nothing that fewer defects explain.
    fn new_in(&self, shot: &Shot) -> Vec<Broken> {
        let Shown::Judged(broken) = &shot.shown else { return Vec::new() };
        let state = self.state();
        let labels = shot.sketch.labels();
        let is_explained = |how: &str| {
            let explains =
                |(fewer, other): &(Vec<&str>, String)| other == how && fewer.iter().all(|label| labels.contains(label));
            state.explained.iter().any(explains)
        };
        let is_new = |broken: &&Broken| {
            broken.finding.severity() > Severity::Note
                && !state.known.contains_key(&broken.key)
                && state.flaky.get(&broken.key).is_none_or(|times| *times < FLAKY)
                && !(broken.by_label && is_explained(&broken.key.how))
        };
        broken.iter().filter(is_new).cloned().collect()
    }

    fn tell_found(&self, found: Found, key: Key, by_label: bool) {
        let mut state = self.state();
        if found.repeats == Repeats::Flaky {
            let times = state.flaky.entry(key).or_default();
            *times += 1;
            let is_first = *times == 1;
            if !is_first || found.severity == Severity::Note {
                return;
            }
            state.found.push(found.clone());
            drop(state);
            return self.tell(Event::Found(Box::new(found)));
        }
        if by_label {
            state.explained.push((found.labels.clone(), key.how.clone()));
        }
        if found.severity == Severity::Note {
            *state.noted.entry(found.finding.rule.clone()).or_default() += 1;
            return;
        }
        if let Some(known) = state.known.get_mut(&key) {
            // With other defects than before, which were not seen to be the same until they were shrunk.
            known.times += 1;
            return;
        }
        let at = state.found.len();
        state.known.insert(key, Known { times: 1, at });
        state.found.push(found.clone());
        drop(state);
        self.tell(Event::Found(Box::new(found)));
    }

    /// A user to call as.
    pub(super) async fn subject(&self, worker: usize) -> Result<Arc<Subject>, Ended> {
        let subject = self.callers.get(worker).await?;
        self.state().signs = subject.signs();
        Ok(subject)
    }

    /// Waits longer each time, as the server asks for by throttling.
    ///
    /// # Errors
    /// When the run ends meanwhile.
    pub(super) async fn back_off(&self) -> Result<(), Ended> {
        let wait = {
            let mut state = self.state();
            state.throttled += 1;
            let wait = state.back_off.map_or(BACK_OFF, |wait| (wait * 2).min(LONGEST_BACK_OFF));
            state.back_off = Some(wait);
            wait
        };
        self.pace().slow_down();
        sleep(wait).await;
        if self.is_over() { Err(Ended::Time) } else { Ok(()) }
    }

    /// Waits for a target that takes no connection. Nothing else goes on meanwhile.
    ///
    /// # Errors
    /// When it does not come back, or no request is left to be sent.
    pub(super) async fn await_target(&self, subject: &Subject) -> Result<(), Ended> {
        if self.pace().is_spent() {
            return Err(Ended::Requests);
        }
        let since = Instant::now();
        let suspects: Vec<Input> = self.state().under_way.iter().flatten().cloned().collect();
        while since.elapsed() < OUTAGE && !self.is_halted() {
            let gone = matches!(self.judge.witness(subject).await, Err(super::judge::Refusal::Cause(Shown::Gone)));
            if !gone {
                self.state().outages += 1;
                let seconds = since.elapsed().as_secs_f32();
                self.tell(Event::Notice(format!("the target took no connection for {seconds:.1} s, and then again")));
                return Ok(());
            }
            sleep(KNOCK).await;
        }
        self.state().suspects = suspects;
        Err(Ended::Gone(format!("no connection for {} s", OUTAGE.as_secs())))
    }

    pub(super) fn count_requests(&self, requests: u64) {
        self.requests.fetch_add(requests, Ordering::Relaxed);
    }

    fn have_turn(&self, steps: Steps) -> bool {
        let first = match steps {
            Steps::Sessions => FIRST_OF_SESSIONS,
            Steps::Ceremony => FIRST_OF_CEREMONIES,
        };
        let taken = self.requests_of(steps).load(Ordering::Relaxed);
        taken < first || taken * STEPS <= self.requests.load(Ordering::Relaxed)
    }

    fn requests_of(&self, steps: Steps) -> &AtomicU64 {
        match steps {
            Steps::Sessions => &self.of_sessions,
            Steps::Ceremony => &self.of_ceremonies,
        }
    }

    /// Whether what is under way is to be cut short.
    pub(super) fn is_halted(&self) -> bool {
        self.is_halted.load(Ordering::Relaxed)
    }

    /// The text without secrets.
    pub(super) fn clean(&self, text: &str) -> String {
        self.fixtures.target().secrets.clean(text)
    }

    /// Whether no new call is drawn.
    fn is_over(&self) -> bool {
        self.is_halted()
            || self.pace().is_spent()
            || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
            || self.plan.requests.is_some_and(|most| self.requests.load(Ordering::Relaxed) >= most)
    }

    /// Ends the run; the first reason counts.
    fn end(&self, ended: Ended) {
        self.is_halted.store(true, Ordering::Relaxed);
        // Users that could not be made any more are no sign of the target's.
        let ended = if self.pace().is_spent() { Ended::Requests } else { ended };
        self.state().ended.get_or_insert(ended);
    }

    fn pace(&self) -> &Pace {
        self.fixtures.target().transport.pace()
    }

    fn tell(&self, event: Event) {
        // Nobody listens: then nobody misses it.
        let _ = self.events.send(event);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn progress(&self) -> Progress {
        let state = self.state();
        Progress {
            requests: self.requests.load(Ordering::Relaxed),
            labels: state.labels.len(),
            answers: state.novelty.kinds(),
            findings: state.found.iter().filter(|found| found.repeats == Repeats::Always).count(),
        }
    }

    fn summary(&self, duration: Duration) -> Summary {
        let progress = self.progress();
        let mut state = self.state();
        let by_requests = self.pace().is_spent() || self.plan.requests.is_some_and(|most| progress.requests >= most);
        let ended = match state.ended.take() {
            Some(Ended::Gone(why)) => Ended::Gone(self.clean(&why)),
            Some(Ended::NotServed(why)) => Ended::NotServed(self.clean(&why)),
            Some(ended) => ended,
            None if by_requests => Ended::Requests,
            None => Ended::Time,
        };
        let mut found = std::mem::take(&mut state.found);
        for known in state.known.values() {
            if let Some(found) = found.get_mut(known.at) {
                found.times = known.times;
            }
        }
        found.sort_by(|a, b| (a.repeats as u8, b.severity, &a.name).cmp(&(b.repeats as u8, a.severity, &b.name)));
        // A server can name errors as it likes.
        let mut classes = BTreeMap::new();
        for (class, times) in std::mem::take(&mut state.classes) {
            *classes.entry(self.clean(&class)).or_default() += times;
        }
        let known = labels(state.signs, self.fixtures.has_one_user());
        Summary {
            progress,
            labels_known: known.len(),
            labels_missed: known.into_iter().filter(|label| !state.labels.contains_key(label)).collect(),
            signs: state.signs,
            classes,
            found,
            noted: std::mem::take(&mut state.noted),
            throttled: state.throttled,
            users: self.callers.made(),
            outages: state.outages,
            suspects: std::mem::take(&mut state.suspects),
            ended,
            duration_ms: millis(duration),
        }
    }
}

/// Every label that can be drawn, with or without a key to sign with.
fn labels(signs: bool, has_one_user: bool) -> Vec<&'static str> {
    let request = generate::request::defects().iter().filter(|defect| !defect.waits()).map(|defect| defect.name);
    let token =
        generate::token::defects().iter().filter(|defect| signs || !defect.is_signed()).map(|defect| defect.name);
    let steps = [&Step::NAMES[..], &ceremony::Step::NAMES].concat();
    let session = if has_one_user { Vec::new() } else { steps };
    let kept = (!signs).then_some(generate::token::SIGNATURE_KEPT.name);
    request.chain(token).chain(session).chain(kept).collect()
}
