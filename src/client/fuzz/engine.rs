//! The run: workers ask the clients about one answer after the other; what came of it is looked at in the order of the draws.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::interval;

use super::super::run::Tested;
use super::super::token::access_token;
use super::answer::Answer;
use super::asker::{Asker, Clients, Sight};
use super::draws::Draws;
use super::event::{Event, Found, OfClient, Summary};
use super::investigate::Investigator;
use super::look::{Broken, Key, What, look};
use crate::adapter::Told;
use crate::cognito::Severity;
use crate::fuzz::{Ended, Progress, Repeats};
use crate::generate::call::Input;
use crate::generate::response;
use crate::run::Filter;
use crate::target::Secrets;
use crate::wire::millis;

/// After so many answers in a row of which nothing can be told of a client, it is taken for broken.
const BROKEN_AFTER: usize = 8;

/// So many findings of one kind are told, each with other defects; so often it is looked for one more.
const OF_A_KIND: usize = 4;
const LOOKS: usize = 12;

/// What did not come again so often is not looked for any more.
const FLAKY: usize = 3;

/// How often progress is told.
const TICK: Duration = Duration::from_millis(200);

/// What to do, and for how long.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The time after which no new answer is drawn.
    pub time: Option<Duration>,
    /// The number of answers after which no new one is drawn.
    pub answers: Option<u64>,
    /// How many answers are under way at once, each with an adapter of each client.
    pub jobs: usize,
    /// How long a client may take to come back from one answer.
    pub within: Duration,
    /// The seed of every random choice.
    pub seed: u64,
    /// Inputs to begin with.
    pub seeds: Vec<Input>,
    /// What is looked for, by rule; that clients differ has the ids `differ.LAYER.WHAT`.
    pub filters: Vec<Filter>,
}

/// Fuzzes the clients, each of a name of its own, until the plan's end or until `stop` turns true, and tells events.
///
/// `clock` is the time of the access token that they are given, in seconds of the Unix epoch.
pub async fn fuzz(
    tested: Vec<Tested>,
    plan: Plan,
    clock: u64,
    secrets: &Arc<Secrets>,
    events: mpsc::UnboundedSender<Event>,
    mut stop: watch::Receiver<bool>,
) -> Summary {
    let token = access_token(clock);
    secrets.add(&token);
    let clients = Arc::new(Clients { tested, token, within: plan.within });
    let shared = Arc::new(Shared {
        draws: Mutex::new(Draws::new(plan.seed, plan.seeds, plan.answers)),
        deadline: plan.time.map(|time| Instant::now() + time),
        calls: AtomicU64::new(0),
    });
    // So many that a worker hardly waits for those who look; what has come and is not looked at when the time is over is lost.
    let (sender, asked) = mpsc::channel(plan.jobs.max(1) * 4);
    let mut workers = JoinSet::new();
    for _ in 0..plan.jobs.max(1) {
        workers.spawn(work(
            Asker::new(Arc::clone(&clients)),
            Arc::clone(&clients),
            Arc::clone(&shared),
            sender.clone(),
        ));
    }
    drop(sender);
    let mut looker = Looker::new(Arc::clone(&clients), Arc::clone(secrets), plan.filters, events);
    let ended = {
        let calls = &shared.calls;
        tokio::select! {
            ended = looker.look_at_all(asked, calls) => ended,
            Ok(_) = stop.wait_for(|stop| *stop) => Some(Ended::Stopped),
        }
    };
    // Their adapters go with them.
    workers.shutdown().await;
    let by_answers = plan.answers.is_some_and(|most| looker.drawn >= most);
    let ended = ended.unwrap_or(if by_answers { Ended::Requests } else { Ended::Time });
    looker.summary(ended, shared.calls.load(Ordering::Relaxed))
}

/// What the workers share.
struct Shared {
    draws: Mutex<Draws>,
    deadline: Option<Instant>,
    calls: AtomicU64,
}

/// An answer by its number, and what each client made of it.
struct Asked {
    number: u64,
    answer: Answer,
    sights: Vec<(usize, Sight)>,
}

async fn work(mut asker: Asker, clients: Arc<Clients>, shared: Arc<Shared>, asked: mpsc::Sender<Asked>) {
    let all: Vec<usize> = (0..clients.tested.len()).collect();
    while shared.deadline.is_none_or(|deadline| Instant::now() < deadline) {
        let next = shared.draws.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((number, answer)) = next else { return };
        let sights = asker.ask(&answer.scenario, &all).await;
        shared.calls.fetch_add(sights.len() as u64, Ordering::Relaxed);
        if asked.send(Asked { number, answer, sights }).await.is_err() {
            return;
        }
    }
}

/// Who looks at what came, and keeps the books.
struct Looker {
    clients: Arc<Clients>,
    investigator: Investigator,
    filters: Vec<Filter>,
    events: mpsc::UnboundedSender<Event>,
    started: Instant,
    drawn: u64,
    spent: u64,
    labels: BTreeSet<String>,
    classes: BTreeMap<&'static str, u64>,
    kinds: BTreeSet<(usize, &'static str, Option<String>)>,
    outcomes: Vec<BTreeMap<&'static str, u64>>,
    known: HashMap<Key, Known>,
    found: Vec<Found>,
    noted: BTreeMap<Cow<'static, str>, u64>,
    /// Answers in a row of which nothing can be told of a client.
    in_vain: Vec<usize>,
    /// Clients of which that was told.
    noticed: BTreeSet<usize>,
}

/// What was found of one kind.
#[derive(Default)]
struct Known {
    /// The places in the list of findings.
    at: Vec<usize>,
    looks: usize,
    flaky: usize,
}

impl Looker {
    fn new(
        clients: Arc<Clients>,
        secrets: Arc<Secrets>,
        filters: Vec<Filter>,
        events: mpsc::UnboundedSender<Event>,
    ) -> Self {
        let count = clients.tested.len();
        Looker {
            investigator: Investigator::new(Arc::clone(&clients), secrets),
            clients,
            filters,
            events,
            started: Instant::now(),
            drawn: 0,
            spent: 0,
            labels: BTreeSet::new(),
            classes: BTreeMap::new(),
            kinds: BTreeSet::new(),
            outcomes: vec![BTreeMap::new(); count],
            known: HashMap::new(),
            found: Vec::new(),
            noted: BTreeMap::new(),
            in_vain: vec![0; count],
            noticed: BTreeSet::new(),
        }
    }

    /// Looks at all that comes, in the order of the numbers; why that ended early, where it did.
    async fn look_at_all(&mut self, mut asked: mpsc::Receiver<Asked>, calls: &AtomicU64) -> Option<Ended> {
        let mut waiting = BTreeMap::new();
        let mut tick = interval(TICK);
        loop {
            tokio::select! {
                next = asked.recv() => {
                    let next = next?;
                    waiting.insert(next.number, next);
                }
                _ = tick.tick() => {
                    self.tell(Event::Progress(self.progress(calls.load(Ordering::Relaxed))));
                    continue;
                }
            }
            while let Some(next) = waiting.remove(&self.drawn) {
                self.drawn += 1;
                if let Some(ended) = self.look_at(next.answer, next.sights).await {
                    return Some(ended);
                }
                self.tell(Event::Progress(self.progress(calls.load(Ordering::Relaxed))));
            }
        }
    }

    async fn look_at(&mut self, answer: Answer, sights: Vec<(usize, Sight)>) -> Option<Ended> {
        let look = look(&self.clients, &answer, &sights, &self.filters);
        self.count(&answer, &sights);
        if let Some(client) = look.unimplemented.first() {
            let name = self.clients.name(*client);
            return Some(Ended::NotServed(format!("{name} has no notion of the operation")));
        }
        for (client, _) in &sights {
            match look.nothing.iter().find(|(other, _)| other == client) {
                None => self.in_vain[*client] = 0,
                Some((_, why)) => {
                    self.in_vain[*client] += 1;
                    let told = format!("{}: {}", self.clients.name(*client), self.clean(why));
                    if self.in_vain[*client] >= BROKEN_AFTER {
                        return Some(Ended::Gone(told));
                    }
                    if self.noticed.insert(*client) {
                        self.tell(Event::Notice(format!("nothing can be told of an answer: {told}")));
                    }
                }
            }
        }
        let new: Vec<Broken> = look.broken.into_iter().filter(|broken| self.is_new(broken, &answer)).collect();
        for broken in new {
            let key = broken.key.clone();
            let found = self.investigator.investigate(answer.clone(), broken, &sights).await;
            self.enter(key, found);
        }
        None
    }

    /// Counts it where it is known, or only worth a note; else it is to be looked at closely.
    fn is_new(&mut self, broken: &Broken, answer: &Answer) -> bool {
        if let (Severity::Note, What::Rule(finding)) = (broken.severity(), &broken.what) {
            *self.noted.entry(finding.rule.id.into()).or_default() += 1;
            return false;
        }
        let known = self.known.entry(broken.key.clone()).or_default();
        let found = &mut self.found;
        let same = known.at.iter().find(|at| answer.has_all(&found[**at].labels));
        let is_spent = known.at.len() >= OF_A_KIND || known.looks >= LOOKS;
        if let Some(at) = same.or(known.at.first().filter(|_| is_spent)) {
            found[*at].times += 1;
            return false;
        }
        !is_spent && known.flaky < FLAKY
    }

    fn enter(&mut self, key: Key, found: Found) {
        self.spent += found.spent;
        let known = self.known.entry(key).or_default();
        known.looks += 1;
        if found.repeats == Repeats::Flaky {
            known.flaky += 1;
            if known.flaky > 1 {
                return;
            }
        } else if let Some(at) = known.at.iter().find(|at| self.found[**at].labels == found.labels) {
            // With other defects than before, which shrinking took away.
            self.found[*at].times += 1;
            return;
        } else {
            known.at.push(self.found.len());
        }
        self.found.push(found.clone());
        self.tell(Event::Found(Box::new(found)));
    }

    fn count(&mut self, answer: &Answer, sights: &[(usize, Sight)]) {
        self.labels.extend(answer.labels.iter().cloned());
        *self.classes.entry(answer.class).or_default() += 1;
        for (client, sight) in sights {
            let told = sight.as_ref().ok().and_then(|called| called.told.as_ref().ok());
            let outcome = told.map_or("lost", |told: &Told| told.outcome.name());
            *self.outcomes[*client].entry(outcome).or_default() += 1;
            let code = told.and_then(|told| told.code.as_deref()).map(|code| code.chars().take(60).collect());
            self.kinds.insert((*client, outcome, code));
        }
    }

    fn progress(&self, calls: u64) -> Progress {
        let is_known = |defect: &&response::ResponseDefect| self.labels.contains(defect.name);
        Progress {
            requests: calls + self.spent,
            labels: response::defects().iter().filter(is_known).count(),
            answers: self.kinds.len(),
            findings: self.found.iter().filter(|found| found.repeats == Repeats::Always).count(),
        }
    }

    fn summary(self, ended: Ended, calls: u64) -> Summary {
        let progress = self.progress(calls);
        let mut found = self.found;
        found.sort_by(|a, b| (a.repeats as u8, b.severity, &a.name).cmp(&(b.repeats as u8, a.severity, &b.name)));
        let clients = self.clients.tested.iter().zip(self.outcomes).map(|(tested, outcomes)| OfClient {
            name: tested.client.recipe().name.clone(),
            title: tested.title(),
            layer: tested.layer(),
            outcomes,
        });
        let all = response::defects().iter().map(|defect| defect.name);
        Summary {
            progress,
            drawn: self.drawn,
            clients: clients.collect(),
            labels_known: response::defects().len(),
            labels_missed: all.filter(|label| !self.labels.contains(*label)).collect(),
            classes: self.classes,
            found,
            noted: self.noted,
            ended,
            duration_ms: millis(self.started.elapsed()),
        }
    }

    fn clean(&self, text: &str) -> String {
        self.investigator.clean(text)
    }

    fn tell(&self, event: Event) {
        // Nobody listens: then nobody misses it.
        let _ = self.events.send(event);
    }
}
