//! The service without a socket: configuration, clock, and the state behind its lock.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{SystemTime, UNIX_EPOCH};

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
}

impl Default for Config {
    /// Any free port, `us-east-1`, the system's time.
    fn default() -> Self {
        Config { port: 0, region: "us-east-1".to_owned(), clock: Arc::new(SystemTime::now) }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("port", &self.port).field("region", &self.region).finish_non_exhaustive()
    }
}

/// One Cognito endpoint without a socket: requests in, responses out ([`Service::handle`]).
pub struct Service {
    pub(super) region: String,
    clock: Clock,
    store: RwLock<Store>,
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
        Service { region: config.region.clone(), clock: Arc::clone(&config.clock), store: RwLock::default() }
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
