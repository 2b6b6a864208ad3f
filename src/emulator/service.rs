//! The service without a socket: configuration, clock, and the state behind its lock.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use super::faults::{Active, Fault, Step};
use super::state::Store;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How an emulator is set up.
#[derive(Clone)]
pub struct Config {
    /// The TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The AWS Region in pool ids, issuers and domains.
    pub region: String,
    /// The time that tokens are issued and checked by.
    pub clock: Clock,
    /// What the emulator is to do wrong.
    pub fault: Option<&'static Fault>,
}

impl Default for Config {
    /// Any free port, `us-east-1`, the system's time, no fault.
    fn default() -> Self {
        Config { port: 0, region: "us-east-1".to_owned(), clock: Arc::new(SystemTime::now), fault: None }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut config = f.debug_struct("Config");
        config.field("port", &self.port).field("region", &self.region).field("fault", &self.fault);
        config.finish_non_exhaustive()
    }
}

/// One Cognito endpoint without a socket: requests in, responses out ([`Service::handle`]).
pub struct Service {
    pub(super) region: String,
    clock: Clock,
    store: RwLock<Store>,
    pub(super) fault: Option<Active>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("region", &self.region).finish_non_exhaustive()
    }
}

impl Service {
    /// A service without any user pool. The port of the configuration means nothing here.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        crate::crypto::install();
        Service {
            region: config.region.clone(),
            clock: Arc::clone(&config.clock),
            store: RwLock::default(),
            fault: config.fault.map(Active::new),
        }
    }

    /// Whether the fault that is switched on takes hold of that step.
    pub(super) fn faulty_at(&self, step: Step) -> bool {
        self.fault.as_ref().is_some_and(|fault| fault.is_at(step))
    }

    /// Whole seconds since 1970, as tokens count time.
    pub(super) fn now(&self) -> u64 {
        (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    /// Seconds since 1970 with milliseconds, as AWS JSON writes a timestamp.
    pub(super) fn timestamp(&self) -> f64 {
        let millis = (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        // A double holds milliseconds exactly until the year 287396.
        #[allow(clippy::cast_precision_loss, reason = "see above")]
        let millis = millis as f64;
        millis / 1000.0
    }

    // No guard lives across a panic that leaves the store half changed, so a poisoned lock is still good to use.

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }
}
