//! One request with its response.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Request, Response};

/// What kept an answer from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransportErrorKind {
    /// No connection: refused, unreachable, unknown host.
    Connect,
    /// TLS was refused or failed.
    Tls,
    /// No answer in time.
    Timeout,
    /// The connection ended before the answer was whole.
    Closed,
    /// The answer is not HTTP.
    Protocol,
    /// The answer is larger than the harness reads.
    TooLarge,
    /// Nothing was sent: the run's budget of requests is used up.
    Budget,
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Tls => "TLS failed",
            TransportErrorKind::Timeout => "no answer in time",
            TransportErrorKind::Closed => "connection closed before the answer was whole",
            TransportErrorKind::Protocol => "the answer is not HTTP",
            TransportErrorKind::TooLarge => "the answer is larger than is read",
            TransportErrorKind::Budget => "the budget of requests is used up",
        })
    }
}

/// A request without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct TransportError {
    /// What kept it.
    pub kind: TransportErrorKind,
    /// The cause in words, from the library or the system.
    pub detail: String,
}

/// Whole milliseconds.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// One request with its response, or with what kept it, and the time it took.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent. Requests take up to ten mebibytes, and several hold the same one.
    pub request: Arc<Request>,
    /// What came.
    pub result: Result<Response, TransportError>,
    /// From the first byte sent to the last one received.
    pub elapsed: Duration,
}
