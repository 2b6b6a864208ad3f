//! A run: the adapter of one client is asked about every scenario, by several of its processes side by side.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::call::{Called, call};
use super::outcome::{outcome, rules};
use super::token::access_token;
use crate::adapter::{Adapter, Lost};
use crate::baseline::Baseline;
use crate::cognito::Rule;
use crate::implementation::{ClientRecipe, Implementation, Installed, Supervisor};
use crate::run::{
    Books, DriveError, EVENTS_VERSION, End, Event, Filter, Outcome, RunInfo, RunToken, Shard, Side, Subject, Summary,
    case_set_digest,
};
use crate::scenario::{Layer, Scenario};
use crate::suite::Stop;
use crate::target::{Endpoint, Secrets};
use crate::wire::millis;

/// Where `cogspec serve` listens, and where the command lines of reports send their requests.
pub const PORT: u16 = 9230;

/// After so many scenarios in a row in which the adapter is lost before it calls, it is taken for broken.
const BROKEN_AFTER: usize = 4;

/// A client that is installed.
pub struct Tested {
    /// Its recipe.
    pub client: Implementation<ClientRecipe>,
    /// Where it is installed.
    pub installed: Arc<Installed>,
    /// What starts its adapter.
    pub supervisor: Supervisor,
}

/// What to ask, and how.
pub struct Plan {
    /// The scenarios, in order.
    pub scenarios: Vec<&'static Scenario>,
    /// How many adapters run at once.
    pub jobs: usize,
    /// How long one may take to answer.
    pub within: Duration,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// The failures that are known.
    pub baseline: Option<Baseline>,
}

impl Plan {
    /// How many adapters run at once, where nothing else is said.
    pub const JOBS: usize = 4;

    /// How long one may take to answer, where nothing else is said: several tries, with what SDKs wait between them.
    pub const WITHIN: Duration = Duration::from_secs(60);
}

/// The digest of all scenarios.
#[must_use]
pub fn scenario_set() -> String {
    let all: Vec<(&Scenario, Vec<_>)> = crate::scenario::all().iter().map(|all| (all, rules(all, None))).collect();
    case_set_digest(all.iter().map(|(scenario, rules)| subject(scenario, rules)))
}

/// What a filter chooses a scenario by.
fn subject<'a>(scenario: &'a Scenario, rules: &'a [&'static Rule]) -> Subject<'a> {
    Subject { id: &scenario.id, title: &scenario.title, rules, is_of_all_parts: false }
}

/// The scenarios that are chosen by these filters, and belong to that part.
#[must_use]
pub fn choose(filters: &[Filter], shard: Option<Shard>) -> Vec<&'static Scenario> {
    let is_chosen = |scenario: &&Scenario| {
        let rules = rules(scenario, None);
        let subject = subject(scenario, &rules);
        Filter::choose(filters, subject) && shard.is_none_or(|shard| shard.holds(subject))
    };
    crate::scenario::all().iter().filter(is_chosen).collect()
}

/// Runs the plan and hands over each event, the first being `RunStarted`.
///
/// # Errors
/// With the first error of what takes the events. It gets them all, for what is wrong with one need not be with the next. And
/// where a bug ends a part of the run.
pub async fn run(
    tested: &Tested,
    plan: Plan,
    run: &RunToken,
    secrets: &Arc<Secrets>,
    mut stopped: watch::Receiver<bool>,
    mut take: impl FnMut(&Event) -> io::Result<()>,
) -> Result<Summary, DriveError> {
    let started = Instant::now();
    let Plan { scenarios, jobs, within, fail_fast, baseline } = plan;
    let chosen = scenarios.len();
    let token = access_token(run.clock);
    secrets.add(&token);
    let endpoint = Endpoint::loopback(PORT);
    let mut failed = take(&Event::RunStarted(info(tested, chosen, &endpoint, run)));
    let asked = Arc::new(Asked {
        scenarios,
        next: AtomicUsize::new(0),
        halt: AtomicBool::new(false),
        in_vain: AtomicUsize::new(0),
        layer: tested.layer(),
        within,
        token,
        secrets: Arc::clone(secrets),
        endpoint,
    });
    let (sender, mut told) = mpsc::unbounded_channel();
    let workers = jobs.clamp(1, chosen.max(1));
    let mut working = JoinSet::new();
    for _ in 0..workers {
        let worker = Worker { tested: tested.share(), asked: Arc::clone(&asked), events: sender.clone() };
        working.spawn(worker.work(stopped.clone()));
    }
    drop(sender);
    let mut books = Books::open(Side::Client, baseline, None);
    let mut interrupted = false;
    loop {
        let mut event = tokio::select! {
            event = told.recv() => match event {
                Some(event) => event,
                None => break,
            },
            _ = stopped.wait_for(|stop| *stop), if !asked.is_halted() => {
                interrupted = true;
                asked.halt();
                continue;
            }
        };
        if let Event::CaseFinished(outcome) = &mut event {
            books.enter(outcome);
            let counts = books.counts();
            if fail_fast && counts.fail + counts.error > 0 {
                interrupted = true;
                asked.halt();
            }
        }
        let taken = take(&event);
        failed = failed.and(taken);
    }
    let (summary, notices) = books.close(chosen);
    for text in notices {
        let taken = take(&Event::Notice { text });
        failed = failed.and(taken);
    }
    let duration_ms = millis(started.elapsed());
    let summary = Summary { interrupted, unreachable: asked.is_broken(), duration_ms, ..summary };
    let taken = take(&Event::RunFinished(summary.clone()));
    failed.and(taken)?;
    while let Some(ended) = working.join_next().await {
        ended?;
    }
    Ok(summary)
}

fn info(tested: &Tested, cases: usize, endpoint: &Endpoint, run: &RunToken) -> RunInfo {
    RunInfo {
        version: EVENTS_VERSION,
        cogspec: env!("CARGO_PKG_VERSION").into(),
        side: Side::Client,
        name: Some(tested.client.given()),
        target: tested.title(),
        endpoint: endpoint.to_string(),
        cases,
        seed: run.seed,
        case_set: run.case_set().to_owned(),
        started: run.clock,
        token: run.to_string(),
    }
}

impl Tested {
    /// Its title and version.
    pub(crate) fn title(&self) -> String {
        let recipe = self.client.recipe();
        format!("{} {}", recipe.title, recipe.version)
    }

    /// What it does with options.
    pub(super) fn layer(&self) -> Layer {
        self.client.recipe().role.layer
    }

    /// Starts its adapter.
    pub(super) fn start(&self) -> io::Result<Adapter> {
        Adapter::start(&self.client, &self.installed, &self.supervisor)
    }

    fn share(&self) -> Tested {
        Tested {
            client: self.client.clone(),
            installed: Arc::clone(&self.installed),
            supervisor: self.supervisor.clone(),
        }
    }
}

/// What the workers share.
struct Asked {
    scenarios: Vec<&'static Scenario>,
    next: AtomicUsize,
    halt: AtomicBool,
    /// Scenarios in a row in which an adapter was lost before it called.
    in_vain: AtomicUsize,
    layer: Layer,
    within: Duration,
    token: String,
    secrets: Arc<Secrets>,
    endpoint: Endpoint,
}

impl Asked {
    fn next(&self) -> Option<&'static Scenario> {
        if self.is_halted() || self.is_broken() {
            return None;
        }
        self.scenarios.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }

    fn halt(&self) {
        self.halt.store(true, Ordering::Relaxed);
    }

    fn is_halted(&self) -> bool {
        self.halt.load(Ordering::Relaxed)
    }

    fn is_broken(&self) -> bool {
        self.in_vain.load(Ordering::Relaxed) >= BROKEN_AFTER
    }

    /// Counts what was in vain; what was not shows that the adapter is not broken, unless that is decided.
    fn count(&self, in_vain: bool) {
        // Nothing else is read or written with it, so that no order is needed.
        let _ = self.in_vain.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| match (in_vain, count) {
            (_, BROKEN_AFTER..) => None,
            (true, count) => Some(count + 1),
            (false, _) => Some(0),
        });
    }

    fn outcome(&self, scenario: &Scenario, end: End, called: Option<&Called>) -> Outcome {
        outcome(scenario, self.layer, end, called, &self.secrets, &self.endpoint, &self.token)
    }
}

/// One process of the adapter after the other, each for as long as it lives.
struct Worker {
    tested: Tested,
    asked: Arc<Asked>,
    events: mpsc::UnboundedSender<Event>,
}

impl Worker {
    /// Works until there is no scenario left. Whoever stops the run does not wait for a client that hangs.
    async fn work(self, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            () = self.ask_all() => {}
            Ok(_) = stopped.wait_for(|stop| *stop) => {}
        }
    }

    async fn ask_all(&self) {
        let mut adapter = None;
        let mut before = None;
        while let Some(scenario) = self.asked.next() {
            self.tell(Event::CaseStarted { id: scenario.id.clone() });
            let mut outcome = self.ask(&mut adapter, scenario).await;
            if let (Err(lost), Some(before)) = (&outcome, before) {
                // It was sound when it was asked last: what happened since is told, and another one is asked.
                let text = format!("an adapter was lost after it had answered {before}: {lost}");
                self.tell(Event::Notice { text: self.asked.secrets.clean(&text) });
                outcome = self.ask(&mut adapter, scenario).await;
            }
            let (outcome, is_lost) = match outcome {
                Ok(outcome) => (outcome, adapter.is_none()),
                Err(lost) => {
                    self.asked.count(true);
                    let why = format!("before the client called: {lost}");
                    (self.asked.outcome(scenario, End::Stopped(Stop::Inconclusive(why)), None), true)
                }
            };
            before = (!is_lost).then_some(scenario.id.as_str());
            self.tell(Event::CaseFinished(Box::new(outcome)));
        }
        if let (Some(adapter), Some(before)) = (adapter, before)
            && let Err(lost) = adapter.stop().await
        {
            let text = format!("an adapter did not end well after it had answered {before}: {lost}");
            self.tell(Event::Notice { text: self.asked.secrets.clean(&text) });
        }
    }

    /// Asks about a scenario. The adapter is gone afterwards where it is lost; where it was so without a call, that is the error.
    async fn ask(&self, adapter: &mut Option<Adapter>, scenario: &'static Scenario) -> Result<Outcome, String> {
        let asked = &self.asked;
        let mut running = match adapter.take() {
            Some(running) => running,
            None => self.tested.start().map_err(|e| format!("it cannot be started: {e}"))?,
        };
        let called = call(&mut running, scenario, &asked.token, asked.within).await;
        let called = called.map_err(|e| format!("there is no port for the scenario: {e}"))?;
        if let (Err(lost), true) = (&called.told, called.is_in_vain())
            && !matches!(lost, Lost::Garbage { .. } | Lost::Other { .. })
        {
            return Err(lost.to_string());
        }
        asked.count(called.is_in_vain());
        let end = called.end(scenario, asked.layer, &asked.token);
        let outcome = asked.outcome(scenario, end, Some(&called));
        if called.told.is_ok() {
            *adapter = Some(running);
        }
        Ok(outcome)
    }

    fn tell(&self, event: Event) {
        // Nobody listens: then nobody misses it.
        let _ = self.events.send(event);
    }
}
