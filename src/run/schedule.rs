//! Scheduling: cases side by side, each with a time limit, then the audits over all exchanges.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::{FutureExt, StreamExt};
use tokio::sync::{Semaphore, mpsc, watch};

use super::books::Books;
use super::event::{Event, Outcome, Summary};
use super::outcome::{End, Ended, outcome};
use super::printable;
use crate::baseline::Baseline;
use crate::snapshot::Profile;
use crate::suite::{Case, Check, Ctx, Recorded, Side, Stop};
use crate::tape::NOT_REPLAYABLE;
use crate::target::{Fixtures, without_turns};
use crate::wire::{Class, Exchange, Framing, Request, TransportErrorKind, beginning, millis};

/// After so many cases in a row that could not reach the target, it is taken for gone.
const GONE_AFTER: usize = 8;

/// How long a target that is gone has to come back: a server that is started again takes a few seconds.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// The time between two looks whether it is back.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Requests above this, in bytes, are dropped once their case has ended: nothing looks at them again.
const KEPT_REQUEST: usize = 64 * 1024;

/// Answers above this, in bytes, are dropped too. Audits go by their class and findings, and quote them as examples.
const KEPT_ANSWER: usize = 16 * 1024;

/// What to run, and how.
pub struct Plan {
    /// The cases, in order.
    pub cases: Vec<Case>,
    /// How many run at once.
    pub jobs: usize,
    /// How long one may take.
    pub case_timeout: Duration,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// The seed of every random choice.
    pub seed: u64,
    /// The observations to expect, where they are compared.
    pub expectations: Option<Profile>,
    /// The failures that are known.
    pub baseline: Option<Baseline>,
}

impl Plan {
    /// How many cases run at once, where nothing else is said.
    pub const JOBS: usize = 8;

    /// How long one may take, where nothing else is said.
    pub const CASE_TIMEOUT: Duration = Duration::from_secs(60);
}

/// Runs the cases, tells every event, and deletes the fixtures at the end, also when `stop` turns true before it.
pub async fn run(
    fixtures: Arc<Fixtures>,
    plan: Plan,
    events: mpsc::UnboundedSender<Event>,
    mut stop: watch::Receiver<bool>,
) -> Summary {
    let started = Instant::now();
    let Plan { cases, jobs, case_timeout, fail_fast, seed, expectations, baseline } = plan;
    let chosen = cases.len();
    let (audits, steps): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(|case| matches!(case.check, Check::Audit(_)));

    let mut state = State {
        books: Books::open(Side::Server, baseline, expectations),
        log: Vec::new(),
        gone: 0,
        interrupted: false,
    };
    {
        // Once it is set no case begins any more; those that have begun come to their end, for a fixture that one of them is
        // making could not be deleted before it is there.
        let halt = Arc::new(AtomicBool::new(false));
        let one_large = Arc::new(Semaphore::new(1));
        let mut running = futures::stream::iter(steps)
            .take_while(|_| futures::future::ready(!halt.load(Ordering::Relaxed)))
            .map(|case| {
                let (fixtures, events) = (Arc::clone(&fixtures), events.clone());
                let (halt, one_large) = (Arc::clone(&halt), Arc::clone(&one_large));
                // A task of its own, so that cases use every core.
                tokio::spawn(async move {
                    let _turn = if case.is_large { one_large.acquire().await.ok() } else { None };
                    if halt.load(Ordering::Relaxed) {
                        return None;
                    }
                    send(&events, Event::CaseStarted { id: case.id.clone() });
                    Some(run_case(&case, fixtures, seed, case_timeout).await)
                })
            })
            .buffer_unordered(jobs.max(1));
        loop {
            let next = tokio::select! {
                next = running.next() => next,
                _ = stop.wait_for(|stop| *stop), if !halt.load(Ordering::Relaxed) => {
                    state.interrupted = true;
                    halt.store(true, Ordering::Relaxed);
                    continue;
                }
            };
            let Some(finished) = next else { break };
            let Ok(Some((outcome, recorded))) = finished else { continue };
            state.finish(outcome, recorded, &events);
            if state.is_gone() && !halt.load(Ordering::Relaxed) {
                // No case begins meanwhile: it would be lost too.
                let back = tokio::select! {
                    back = is_back(&fixtures) => back,
                    Ok(_) = stop.wait_for(|stop| *stop) => {
                        state.interrupted = true;
                        false
                    }
                };
                if back {
                    state.gone = 0;
                    let text = "the target stopped answering for a while: the cases of that time are inconclusive";
                    send(&events, Event::Notice { text: text.to_owned() });
                }
            }
            let counts = state.books.counts();
            if (fail_fast && counts.fail + counts.error > 0) || state.is_gone() {
                state.interrupted |= !state.is_gone();
                halt.store(true, Ordering::Relaxed);
            }
            if fixtures.target().transport.pace().is_spent() && !halt.swap(true, Ordering::Relaxed) {
                state.interrupted = true;
                let text = "the budget of requests is used up; --budget allows more, --filter and --shard ask for less";
                send(&events, Event::Notice { text: text.to_owned() });
            }
        }
    }
    // Nobody looks at the exchanges after the audits.
    let log = std::mem::take(&mut state.log);
    if !state.interrupted || !log.is_empty() {
        for case in &audits {
            let outcome = audit(case, &log, &fixtures);
            state.finish(outcome, Vec::new(), &events);
        }
    }
    drop(log);
    for left in fixtures.clean_up().await {
        let left = printable(&fixtures.target().secrets.clean(&left));
        send(&events, Event::Notice { text: format!("could not be deleted: {left}") });
    }
    let (interrupted, unreachable) = (state.interrupted, state.is_gone());
    let (summary, notices) = state.books.close(chosen);
    for text in notices {
        send(&events, Event::Notice { text });
    }
    let summary = Summary { interrupted, unreachable, duration_ms: millis(started.elapsed()), ..summary };
    send(&events, Event::RunFinished(summary.clone()));
    summary
}

struct State {
    books: Books,
    log: Vec<Recorded>,
    /// Cases in a row that could not reach the target.
    gone: usize,
    interrupted: bool,
}

impl State {
    fn finish(&mut self, mut outcome: Outcome, recorded: Vec<Recorded>, events: &mpsc::UnboundedSender<Event>) {
        self.books.enter(&mut outcome);
        if recorded.last().is_some_and(|recorded| is_unreached(&recorded.exchange)) {
            self.gone += 1;
        } else if !recorded.is_empty() && !self.is_gone() {
            self.gone = 0;
        }
        self.log.extend(recorded);
        send(events, Event::CaseFinished(Box::new(outcome)));
    }

    fn is_gone(&self) -> bool {
        self.gone >= GONE_AFTER
    }
}

/// Whether a target that could not be reached can be, in time.
async fn is_back(fixtures: &Fixtures) -> bool {
    let looking = async {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let exchange = fixtures.target().transport.send(Request::start_with_body("{}")).await;
            if !is_unreached(&exchange) {
                return;
            }
        }
    };
    tokio::time::timeout(BACK_WITHIN, looking).await.is_ok()
}

fn is_unreached(exchange: &Exchange) -> bool {
    matches!(&exchange.result, Err(e) if e.kind == TransportErrorKind::Connect)
}

async fn run_case(case: &Case, fixtures: Arc<Fixtures>, seed: u64, limit: Duration) -> (Outcome, Vec<Recorded>) {
    let started = Instant::now();
    let ctx = Ctx::new(&case.id, Arc::clone(&fixtures), seed);
    let end = match &case.check {
        Check::Audit(_) => End::Bug("an audit was run as a case with exchanges".to_owned()),
        Check::Steps(steps) => {
            let steps = fixtures.tape().on_track(&case.id, steps(ctx.clone()));
            let steps = AssertUnwindSafe(steps).catch_unwind();
            match without_turns(limit, steps).await {
                Some(Ok(Ok(findings))) => End::Judged(findings),
                Some(Ok(Err(stop))) => End::Stopped(stop),
                Some(Err(panic)) => End::Bug(format!("the case panicked: {}", panic_text(&*panic))),
                None => End::Stopped(Stop::Inconclusive(format!("it took longer than {} s", limit.as_secs_f32()))),
            }
        }
    };
    let (end, replayable) = match not_replayable(&fixtures, &case.id, &end) {
        Some(why) => (End::Stopped(Stop::Skip(why)), false),
        None => (end, true),
    };
    // What was not replayed is judged by nobody, nor by an audit.
    let mut recorded = if replayable { ctx.recorded() } else { Vec::new() };
    let prepared = ctx.prepared();
    let ended = Ended { end, recorded: &recorded, prepared: &prepared, duration: started.elapsed() };
    let outcome = outcome(case, ended, fixtures.target());
    recorded.iter_mut().for_each(shrink);
    (outcome, recorded)
}

/// Drops what would fill memory until the audits: a server may answer each of thousands of requests with a megabyte.
fn shrink(recorded: &mut Recorded) {
    let request = &recorded.exchange.request;
    let is_long = |bytes: &[u8]| bytes.len() > KEPT_REQUEST;
    if is_long(&request.body) || matches!(&request.framing, Framing::Raw(bytes) if is_long(bytes)) {
        let kept = |bytes: &Vec<u8>| if is_long(bytes) { Vec::new() } else { bytes.clone() };
        recorded.exchange.request = Arc::new(Request {
            method: request.method.clone(),
            path: request.path.clone(),
            headers: request.headers.clone(),
            body: kept(&request.body),
            framing: match &request.framing {
                Framing::Length => Framing::Length,
                Framing::Raw(bytes) => Framing::Raw(kept(bytes)),
            },
        });
    }
    let Ok(response) = &mut recorded.exchange.result else { return };
    let head: usize = response.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    let length = head + response.body.len();
    if length > KEPT_ANSWER {
        response.headers = Vec::new();
        response.body = format!("(an answer of {length} bytes, which was not kept)").into_bytes();
        let classification = &mut recorded.classification;
        classification.codes = Vec::new();
        classification.code = None;
        classification.message = None;
        classification.request_id = classification.request_id.as_deref().map(|id| beginning(id).to_owned());
        if let Class::UnknownError(name) = &mut classification.class {
            *name = beginning(name).to_owned();
        }
    }
}

/// Why the case cannot be replayed: it, or a case that made a fixture for it, asked for what is not on its track.
fn not_replayable(fixtures: &Fixtures, case: &str, end: &End) -> Option<String> {
    if !fixtures.tape().is_replay() {
        return None;
    }
    match (fixtures.tape().missing(case), end) {
        (Some(why), _) => Some(format!("{NOT_REPLAYABLE}: {why}")),
        (None, End::Stopped(Stop::Skip(why) | Stop::Inconclusive(why))) if why.contains(NOT_REPLAYABLE) => {
            Some(why.clone())
        }
        _ => None,
    }
}

fn audit(case: &Case, log: &[Recorded], fixtures: &Fixtures) -> Outcome {
    let started = Instant::now();
    let mut examples = Vec::new();
    let end = match &case.check {
        Check::Steps(_) => End::Bug("a case with exchanges was run as an audit".to_owned()),
        Check::Audit(audit) => match std::panic::catch_unwind(AssertUnwindSafe(|| audit(log))) {
            Ok(Some(audited)) => {
                examples = audited.examples;
                End::Judged(audited.findings)
            }
            Ok(None) => End::Stopped(Stop::Skip("no answer of this run can be judged by it".to_owned())),
            Err(panic) => End::Bug(format!("the audit panicked: {}", panic_text(&*panic))),
        },
    };
    let ended = Ended { end, recorded: &examples, prepared: &[], duration: started.elapsed() };
    outcome(case, ended, fixtures.target())
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned())
}

fn send(events: &mpsc::UnboundedSender<Event>, event: Event) {
    // Nobody listens: then nobody misses it.
    let _ = events.send(event);
}
