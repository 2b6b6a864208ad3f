//! The pace of a run: how many requests in all, and how many a second.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::wire::{TransportError, TransportErrorKind};

/// The slowest that throttling answers make a run, in requests a second.
const SLOWEST: f64 = 1.0;

/// What a run without a rate is at least slowed down from: one that has just begun has sent little.
const UNBOUND: f64 = 20.0;

/// Answers to requests that were under way when the pace was slowed down do not slow it down again.
const SETTLES: Duration = Duration::from_secs(1);

/// After this time a pace that was slowed down is twice as fast.
const DOUBLES: Duration = Duration::from_secs(10);

/// Waits before a throttled request is sent again.
pub const BACK_OFF: [Duration; 3] = [Duration::from_millis(250), Duration::from_secs(1), Duration::from_secs(3)];

/// How much a run may ask of its target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The most requests a second.
    pub rate: Option<f64>,
    /// The most requests in all, those that delete the fixtures among them.
    pub budget: Option<u64>,
}

impl Limits {
    /// For a server that is not this machine, where a person says nothing else. Cognito's documented quotas of the operations
    /// that fixtures need begin at 15 requests a second for pools and clients (Quotas, "Request rate quotas"), which all that
    /// goes on in an account and Region shares.
    pub const REMOTE: Limits = Limits { rate: Some(5.0), budget: Some(20_000) };
}

/// Says when the next request may go out, and whether. Data plane and control plane share one.
#[derive(Debug)]
pub struct Pace {
    limits: Limits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the next request may go out.
    next: Instant,
    sent: u64,
    /// Requests that are set aside.
    reserved: u64,
    /// Whether a request was refused.
    is_spent: bool,
    slowed: Option<Slowed>,
    /// The beginning of the second that is counted, and the requests in it.
    counted: (Instant, u32),
}

#[derive(Clone, Copy, Debug)]
struct Slowed {
    since: Instant,
    /// Requests a second at that time.
    rate: f64,
    /// Requests a second before it was slowed down.
    from: f64,
}

/// Where a request is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    /// What is left of the budget, but for the reserve.
    Budget,
    /// What was set aside.
    Reserve,
}

impl Pace {
    /// A pace within these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let now = Instant::now();
        let state = State { next: now, sent: 0, reserved: 0, is_spent: false, slowed: None, counted: (now, 0) };
        Pace { limits, state: Mutex::new(state) }
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// How many requests went out, or were about to.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.state().sent
    }

    /// Whether the budget is used up: a request was refused, and all further ones will be.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.state().is_spent
    }

    /// Sets so many requests of the budget aside, to clean up with.
    ///
    /// # Errors
    /// When so many are not left.
    pub fn reserve(&self, requests: u64) -> Result<(), TransportError> {
        self.state().reserve(self.limits, requests).map_err(|Spent| self.spent())
    }

    /// Halves the rate, as a throttling answer asks for; without a rate, that of the last second. It recovers slowly.
    pub fn slow_down(&self) {
        self.state().slow_down(self.limits, Instant::now());
    }

    /// Waits until a request may go out, and counts it.
    pub(super) async fn turn(&self, purse: Purse) -> Result<(), TransportError> {
        let now = Instant::now();
        let turn = self.state().turn(self.limits, purse, now).map_err(|Spent| self.spent())?;
        if turn > now {
            let _ = WAITED.try_with(|waited| waited.add(turn - now));
            tokio::time::sleep_until(turn.into()).await;
        }
        Ok(())
    }

    fn spent(&self) -> TransportError {
        let requests = self.limits.budget.unwrap_or_default();
        let detail = format!("{requests} requests; --budget allows more");
        TransportError { kind: TransportErrorKind::Budget, detail }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The budget is used up.
#[derive(Debug, PartialEq, Eq)]
struct Spent;

impl State {
    fn reserve(&mut self, limits: Limits, requests: u64) -> Result<(), Spent> {
        if limits.budget.is_some_and(|budget| self.sent + self.reserved + requests > budget) {
            self.is_spent = true;
            return Err(Spent);
        }
        self.reserved += requests;
        Ok(())
    }

    fn turn(&mut self, limits: Limits, purse: Purse, now: Instant) -> Result<Instant, Spent> {
        let kept_back = match purse {
            Purse::Budget => self.reserved,
            Purse::Reserve => 0,
        };
        if limits.budget.is_some_and(|budget| self.sent + kept_back >= budget) {
            self.is_spent = true;
            return Err(Spent);
        }
        if purse == Purse::Reserve {
            self.reserved = self.reserved.saturating_sub(1);
        }
        self.sent += 1;
        if now.saturating_duration_since(self.counted.0) >= SETTLES {
            self.counted = (now, 0);
        }
        self.counted.1 += 1;
        let turn = self.next.max(now);
        self.next = turn + self.rate(limits, now).map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate));
        Ok(turn)
    }

    /// Requests a second now; `None` where nothing bounds them.
    fn rate(&mut self, limits: Limits, now: Instant) -> Option<f64> {
        if let Some(Slowed { since, rate, from }) = self.slowed {
            let recovered = rate * (now.saturating_duration_since(since).as_secs_f64() / DOUBLES.as_secs_f64()).exp2();
            if recovered < from {
                return Some(recovered);
            }
            self.slowed = None;
        }
        limits.rate
    }

    fn slow_down(&mut self, limits: Limits, now: Instant) {
        if self.slowed.is_some_and(|slowed| now.saturating_duration_since(slowed.since) < SETTLES) {
            return;
        }
        let counted =
            f64::from(self.counted.1) / now.saturating_duration_since(self.counted.0).max(SETTLES).as_secs_f64();
        let rate = self.rate(limits, now).unwrap_or(counted.max(UNBOUND));
        let from = self.slowed.map_or(rate, |slowed| slowed.from);
        self.slowed = Some(Slowed { since: now, rate: (rate / 2.0).max(SLOWEST.min(rate)), from });
    }
}

tokio::task_local! {
    /// What the task has waited for its turns.
    static WAITED: Arc<Waited>;
}

#[derive(Default)]
struct Waited(AtomicU64);

impl Waited {
    fn add(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn time(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

/// What the future gives, where it takes no longer than `limit` besides the waiting for its turns.
pub async fn without_turns<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let waited = Arc::<Waited>::default();
    let started = Instant::now();
    let mut future = std::pin::pin!(WAITED.scope(Arc::clone(&waited), future));
    loop {
        let deadline = started + limit + waited.time();
        if let Ok(output) = tokio::time::timeout_at(deadline.into(), &mut future).await {
            return Some(output);
        }
        if started + limit + waited.time() <= deadline {
            return None;
        }
    }
}

/// Spawns a task whose waiting for turns is that of the task that it is spawned from.
pub(super) fn spawn<F>(future: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    match WAITED.try_with(Arc::clone) {
        Ok(waited) => tokio::spawn(WAITED.scope(waited, future)),
        Err(_) => tokio::spawn(future),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limits(rate: Option<f64>, budget: Option<u64>) -> (Limits, State, Instant) {
        let pace = Pace::new(Limits { rate, budget });
        let now = pace.state().next;
        (pace.limits, pace.state.into_inner().unwrap(), now)
    }

    #[test]
    fn turns_come_at_the_rate_and_are_not_saved_up() {
        let (limits, mut state, start) = limits(Some(4.0), None);
        let mut turn = |now| state.turn(limits, Purse::Budget, now).unwrap() - start;
        let quarter = SECOND / 4;
        assert_eq!([turn(start), turn(start), turn(start)], [Duration::ZERO, quarter, 2 * quarter]);
        let later = start + 10 * SECOND;
        assert_eq!([turn(later), turn(later)], [10 * SECOND, 10 * SECOND + quarter]);
    }

    #[test]
    fn what_is_set_aside_is_left_when_the_budget_is_used_up() {
        let (limits, mut state, now) = limits(None, Some(5));
        assert_eq!(state.reserve(limits, 2), Ok(()));
        for _ in 0..3 {
            assert_eq!(state.turn(limits, Purse::Budget, now), Ok(now));
        }
        assert!(!state.is_spent);
        assert_eq!(state.turn(limits, Purse::Budget, now), Err(Spent));
        assert!(state.is_spent);
        assert_eq!(state.reserve(limits, 1), Err(Spent));
        for _ in 0..2 {
            assert_eq!(state.turn(limits, Purse::Reserve, now), Ok(now));
        }
        assert_eq!(state.turn(limits, Purse::Reserve, now), Err(Spent));
        assert_eq!(state.sent, 5);
    }

    #[test]
    fn throttling_halves_the_rate_once_a_second_and_it_recovers() {
        let (limits, mut state, start) = limits(Some(8.0), None);
        state.slow_down(limits, start);
        state.slow_down(limits, start);
        assert_eq!(state.rate(limits, start), Some(4.0));
        let later = start + SECOND;
        let before = state.rate(limits, later).unwrap();
        state.slow_down(limits, later);
        assert_eq!(state.rate(limits, later), Some(before / 2.0));
        assert!(state.rate(limits, later + DOUBLES).unwrap() < 8.0);
        assert_eq!(state.rate(limits, later + 3 * DOUBLES), Some(8.0));
    }

    #[test]
    fn without_a_rate_half_of_what_the_last_second_had_is_left() {
        let (limits, mut state, start) = limits(None, None);
        for _ in 0..100 {
            state.turn(limits, Purse::Budget, start).unwrap();
        }
        state.slow_down(limits, start + SECOND / 2);
        assert_eq!(state.rate(limits, start + SECOND / 2), Some(50.0));
        assert_eq!(state.rate(limits, start + SECOND / 2 + DOUBLES), None);
    }

    #[test]
    fn it_never_gets_slower_than_that_nor_faster_than_asked() {
        for rate in [0.1, 0.6, 100.0] {
            let (limits, mut state, start) = limits(Some(rate), None);
            for second in 0..20 {
                state.slow_down(limits, start + second * SECOND);
            }
            let slow = state.rate(limits, start + 19 * SECOND).unwrap();
            assert!(slow >= SLOWEST.min(rate) && slow <= rate, "{rate}: {slow}");
        }
    }

    #[tokio::test]
    async fn waiting_for_turns_is_not_the_case_s_time() {
        let pace = Pace::new(Limits { rate: Some(4.0), budget: None });
        let turns = async {
            for _ in 0..5 {
                pace.turn(Purse::Budget).await.unwrap();
            }
        };
        assert_eq!(without_turns(Duration::from_millis(700), turns).await, Some(()));
        assert_eq!(without_turns(Duration::from_millis(1), std::future::pending::<()>()).await, None);
    }
}
