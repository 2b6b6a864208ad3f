//! The users whom the fuzzer calls as, in turn.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::generate::call::{Caller, Drawn, Input};
use crate::generate::token::{Base, Signer};
use crate::target::{Fixtures, PoolSpec, Unavailable, User};

/// So many calls are made as one user, then another one is made.
const CALLS: u64 = 5000;

/// A user is left after this time: tokens live for an hour on most targets.
const AGE: Duration = Duration::from_secs(600);

/// One user, with the valid token open for defects.
#[derive(Debug)]
pub(super) struct Subject {
    /// Tells users apart.
    pub(super) number: usize,
    user: User,
    /// Made anew each second.
    caller: std::sync::Mutex<Arc<Caller>>,
    calls: AtomicU64,
    since: Instant,
}

impl Subject {
    /// The call that is drawn from an input for this user, now.
    pub(super) fn draw(&self, input: &Input) -> arbitrary::Result<Drawn> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        input.draw(&self.caller_now())
    }

    /// The caller, whose tokens are judged now.
    fn caller_now(&self) -> Arc<Caller> {
        let now = crate::token::now();
        let mut caller = self.caller.lock().unwrap_or_else(PoisonError::into_inner);
        if caller.base.now != now {
            let base = Base { now, ..caller.base.clone() };
            *caller = Arc::new(Caller { access: caller.access.clone(), base });
        }
        Arc::clone(&caller)
    }

    /// The valid token.
    pub(super) fn access(&self) -> &str {
        &self.user.tokens.access
    }

    /// The user's name, for reports.
    pub(super) fn name(&self) -> &str {
        &self.user.username
    }

    /// Whether a changed token is signed again.
    pub(super) fn signs(&self) -> bool {
        matches!(self.caller_now().base.signer, Signer::Key(_))
    }

    fn is_spent(&self) -> bool {
        self.calls.load(Ordering::Relaxed) >= CALLS || self.since.elapsed() >= AGE
    }
}

/// Hands users out, and makes new ones for those who are spent or were retired.
pub(super) struct Callers {
    fixtures: Arc<Fixtures>,
    slots: Vec<Mutex<Option<Arc<Subject>>>>,
    made: AtomicUsize,
}

impl Callers {
    /// Users on that target, so many at once.
    pub(super) fn new(fixtures: Arc<Fixtures>, users: usize) -> Callers {
        let users = if fixtures.has_one_user() { 1 } else { users.max(1) };
        Callers { fixtures, slots: (0..users).map(|_| Mutex::default()).collect(), made: AtomicUsize::new(0) }
    }

    /// The user of a worker.
    ///
    /// # Errors
    /// When none can be made.
    pub(super) async fn get(&self, worker: usize) -> Result<Arc<Subject>, Unavailable> {
        let mut slot = self.slots[worker % self.slots.len()].lock().await;
        if let Some(subject) = slot.as_ref().filter(|subject| !subject.is_spent() || self.fixtures.has_one_user()) {
            return Ok(Arc::clone(subject));
        }
        let subject = Arc::new(self.new_subject().await?);
        *slot = Some(Arc::clone(&subject));
        Ok(subject)
    }

    /// Leaves a user who has met a limit, or whose token is refused now. Whoever asks next gets another one; the one user of
    /// whom only the token was given stays.
    pub(super) async fn retire(&self, retired: &Arc<Subject>) {
        if self.fixtures.has_one_user() {
            return;
        }
        for slot in &self.slots {
            let mut slot = slot.lock().await;
            if slot.as_ref().is_some_and(|subject| Arc::ptr_eq(subject, retired)) {
                *slot = None;
            }
        }
    }

    /// How many users were made.
    pub(super) fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    async fn new_subject(&self) -> Result<Subject, Unavailable> {
        let user = if self.fixtures.has_one_user() {
            (*self.fixtures.user().await?).clone()
        } else {
            self.fixtures.new_user(&PoolSpec::MAIN).await?
        };
        let caller = self.fixtures.caller(&user).await?;
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let caller = std::sync::Mutex::new(Arc::new(caller));
        Ok(Subject { number, user, caller, calls: AtomicU64::new(0), since: Instant::now() })
    }
}
