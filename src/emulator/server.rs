//! The thin shell of axum around [`Service`]: a socket on loopback, framing and sizes.

use std::future::IntoFuture;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use futures::StreamExt;
use http::header::HOST;
use http::{Request, Response, StatusCode, Version};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::front::BODY_LIMIT;
use super::{Config, Service};

/// How much of an oversized body is read and dropped, so that the client can read the answer; the rest is not waited for.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;

/// How long a shut-down waits for answers under way.
const GRACE: Duration = Duration::from_secs(1);

/// A running emulator. Dropping it stops it.
#[derive(Debug)]
pub struct Emulator {
    address: SocketAddr,
    // Dropping the sender ends the server too.
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Binds 127.0.0.1 and serves on the current tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(config: Config) -> io::Result<Emulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service::new(&config));
        let router = Router::new().fallback(move |request: Request<Body>| serve(Arc::clone(&service), request));
        let (stop, stopped) = oneshot::channel();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let server = tokio::spawn(async {
            // axum's serve goes on after every error of a connection, and so has no error to give.
            let _ = serving.into_future().await;
        });
        Ok(Emulator { address, stop, server })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it: answers under way are given, for at most a second, and the port is free.
    pub async fn shutdown(self) {
        let _ = self.stop.send(());
        let abort = self.server.abort_handle();
        if tokio::time::timeout(GRACE, self.server).await.is_err() {
            abort.abort();
        }
    }
}

async fn serve(service: Arc<Service>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    if head.version == Version::HTTP_11 && head.headers.get_all(HOST).iter().count() != 1 {
        return bad_request();
    }
    match read(body).await {
        Some(body) => service.handle(&Request::from_parts(head, body)).map(Body::from),
        None => bad_request(),
    }
}

/// The body up to one byte behind the limit. `None` where its framing is broken, or it ends early.
async fn read(body: Body) -> Option<Bytes> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.ok()?;
        seen += chunk.len();
        let room = (BODY_LIMIT + 1 - kept.len()).min(chunk.len());
        kept.extend_from_slice(chunk.get(..room)?);
        if seen > DRAIN_LIMIT {
            break;
        }
    }
    Some(Bytes::from(kept))
}

/// An HTTP message that breaks HTTP itself (RFC 9112, 3.2 and 6.3).
fn bad_request() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
    response
}
