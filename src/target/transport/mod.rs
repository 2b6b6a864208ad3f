//! Sending a request: through the HTTP library, or byte by byte on a socket.

mod connection;
mod endpoint;
mod library;
mod raw;
mod resolve;
mod tls;

use std::sync::Arc;
use std::time::{Duration, Instant};

pub use connection::Connection;
pub use endpoint::Endpoint;
pub use resolve::Resolve;

use super::pace::{BACK_OFF, Purse};
use super::{Pace, Tally, TargetError};
use crate::tape::Tape;
use crate::wire::{Exchange, Framing, Request, Response, TransportError, TransportErrorKind};
use library::Library;
use raw::Raw;

/// The most of a body that is read, in bytes. Answers of Cognito take a few thousand; cases run side by side, and each holds
/// its answers several times over while it judges them.
const BODY_LIMIT: usize = 256 * 1024;

/// Sends requests to one endpoint and to no other: redirects are not followed, proxies are not asked. Clones keep one pace.
#[derive(Clone)]
pub struct Transport {
    endpoint: Endpoint,
    library: Library,
    raw: Raw,
    pace: Arc<Pace>,
    tally: Arc<Tally>,
    tape: Tape,
}

impl Transport {
    /// A transport to that endpoint. Over TLS it speaks HTTP/2 where the server does, but for raw bytes.
    ///
    /// # Errors
    /// When the system's certificates cannot be read, or the connection's options are not right for the endpoint.
    pub fn new(endpoint: Endpoint, connection: &Connection) -> Result<Self, TargetError> {
        crate::crypto::install();
        let addresses = resolve::addresses(&endpoint, &connection.resolve)?;
        let tls = tls::client_config(&endpoint, connection.ca_cert.as_deref())?;
        let library = Library::new(endpoint.clone(), &addresses, tls.clone(), connection)?;
        let raw = Raw::new(endpoint.clone(), addresses, tls, connection);
        let pace = Arc::new(Pace::new(connection.limits));
        Ok(Transport { endpoint, library, raw, pace, tally: Arc::default(), tape: Tape::default() })
    }

    /// The same transport, with all that it sends recorded on that tape, or replayed from it and not sent.
    #[must_use]
    pub fn on_tape(self, tape: Tape) -> Self {
        Transport { tape, ..self }
    }

    /// The tape that it records on or replays from.
    #[must_use]
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The pace that all requests keep.
    #[must_use]
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// What has been sent.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Sends a request when its turn has come, and reads the whole answer. Once the budget is used up nothing is sent.
    pub async fn send(&self, request: impl Into<Arc<Request>>) -> Exchange {
        self.send_from(Purse::Budget, request.into()).await
    }

    /// Sends a request that is no part of a case. While the answer is throttling it is sent again, later.
    pub async fn send_patiently(&self, request: impl Into<Arc<Request>>) -> Exchange {
        self.patiently(Purse::Budget, request.into()).await
    }

    /// Sends a request of those that were set aside with [`Pace::reserve`], as patiently.
    pub async fn send_reserved(&self, request: impl Into<Arc<Request>>) -> Exchange {
        self.patiently(Purse::Reserve, request.into()).await
    }

    async fn patiently(&self, purse: Purse, request: Arc<Request>) -> Exchange {
        let mut waits = BACK_OFF.into_iter();
        loop {
            let exchange = self.send_from(purse, Arc::clone(&request)).await;
            if !exchange.classify(request.operation()).is_throttled() {
                return exchange;
            }
            self.pace.slow_down();
            let Some(wait) = waits.next() else { return exchange };
            tokio::time::sleep(wait).await;
        }
    }

    async fn send_from(&self, purse: Purse, request: Arc<Request>) -> Exchange {
        self.tape.exchange(request, |request| self.send_now(purse, request)).await
    }

    async fn send_now(&self, purse: Purse, request: Arc<Request>) -> Exchange {
        if let Err(spent) = self.pace.turn(purse).await {
            return Exchange { request, result: Err(spent), elapsed: Duration::ZERO };
        }
        self.tally.count(&request);
        let started = Instant::now();
        let result = match &request.framing {
            Framing::Raw(bytes) => self.raw.send(bytes).await,
            Framing::Length => match self.library.request(&request) {
                Some(library_request) => match self.library.send(library_request).await {
                    // A server may close a kept connection just when it is used again: only a fresh one tells whether it
                    // has anything against the request.
                    Err(e) if e.kind == TransportErrorKind::Closed => self.send_anew(purse, &request).await,
                    result => result,
                },
                // What the library would refuse to say goes out as it stands.
                None => self.raw.send(&request.raw_text()).await,
            },
        };
        Exchange { request, result, elapsed: started.elapsed() }
    }

    async fn send_anew(&self, purse: Purse, request: &Request) -> Result<Response, TransportError> {
        self.pace.turn(purse).await?;
        self.tally.count(request);
        self.raw.send(&request.raw_text()).await
    }
}
