//! How the connection to an endpoint is made.

use std::time::Duration;

use super::Resolve;
use crate::target::Limits;

/// How the connection to an endpoint is made, and how much may be asked over it.
#[derive(Clone, Debug)]
pub struct Connection {
    /// A request without a whole answer in this time has failed.
    pub timeout: Duration,
    /// A connection that does not stand in this time, TLS handshake included, has failed.
    pub connect_timeout: Duration,
    /// Certificates of authorities in PEM that are trusted besides the system's.
    pub ca_cert: Option<Vec<u8>>,
    /// Addresses that are used for an endpoint instead of those that its name has. Each must be of the endpoint called.
    pub resolve: Vec<Resolve>,
    /// How much may be asked.
    pub limits: Limits,
}

impl Connection {
    /// The time for one request, where nothing else is said.
    pub const TIMEOUT: Duration = Duration::from_secs(10);
}

/// With that time for connection and answer together, the system's authorities and names, and no limits.
impl From<Duration> for Connection {
    fn from(timeout: Duration) -> Self {
        Connection { timeout, connect_timeout: timeout, ca_cert: None, resolve: Vec::new(), limits: Limits::default() }
    }
}
