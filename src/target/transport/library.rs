//! Sending through the HTTP library, which keeps connections and speaks HTTP/2 where the server does.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rustls::ClientConfig;

use super::{BODY_LIMIT, Connection, Endpoint, tls};
use crate::target::TargetError;
use crate::wire::{MAX_HEAD, Request, Response, TransportError, TransportErrorKind, body_length};

/// How long a connection is kept for the next request. Servers keep theirs longer than this.
const IDLE: Duration = Duration::from_secs(1);

/// What HTTP/2 says in another way, or not at all (RFC 9113, 8.2.2 and 8.3.1): the library would drop or change it.
const OF_HTTP_1: [&str; 8] =
    ["connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/// The body of a request that others hold, too.
struct BodyOf(Arc<Request>);

impl AsRef<[u8]> for BodyOf {
    fn as_ref(&self) -> &[u8] {
        &self.0.body
    }
}

/// Sends requests that the library can say.
#[derive(Clone)]
pub(super) struct Library {
    endpoint: Endpoint,
    /// The endpoint as the library has it, with the path `/`, at which nearly all calls are made.
    root: Option<reqwest::Url>,
    client: reqwest::Client,
}

impl Library {
    /// # Errors
    /// When the library cannot be set up.
    pub(super) fn new(
        endpoint: Endpoint,
        addresses: &[SocketAddr],
        mut tls: ClientConfig,
        connection: &Connection,
    ) -> Result<Self, TargetError> {
        tls.alpn_protocols = vec![tls::H2.to_vec(), tls::HTTP_1_1.to_vec()];
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            // Each request is one of the budget; who sent it decides whether it is sent again.
            .retry(reqwest::retry::never())
            .no_proxy()
            .pool_idle_timeout(IDLE)
            .connect_timeout(connection.connect_timeout)
            .timeout(connection.timeout);
        if !addresses.is_empty() {
            builder = builder.resolve_to_addrs(endpoint.host(), addresses);
        }
        let client =
            builder.build().map_err(|e| TargetError::Setup(format!("the HTTP client cannot be set up: {e}")))?;
        let root = reqwest::Url::parse(&endpoint.to_string()).ok();
        Ok(Library { endpoint, root, client })
    }

    /// The request as the library has it; `None` where it would refuse to say it, or say it in another way.
    pub(super) fn request(&self, request: &Arc<Request>) -> Option<reqwest::Request> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).ok()?;
        let url = match request.path.as_str() {
            "/" => self.root.clone(),
            path => reqwest::Url::parse(&format!("{}{path}", self.endpoint)).ok(),
        }?;
        let mut headers = HeaderMap::with_capacity(request.headers.len());
        for (name, value) in &request.headers {
            headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(value).ok()?);
        }
        if self.endpoint.is_tls() && OF_HTTP_1.iter().any(|name| headers.contains_key(*name)) {
            return None;
        }
        let mut library_request = reqwest::Request::new(method, url);
        *library_request.headers_mut() = headers;
        *library_request.body_mut() = Some(Bytes::from_owner(BodyOf(Arc::clone(request))).into());
        Some(library_request)
    }

    /// Sends it, and reads the whole answer.
    pub(super) async fn send(&self, request: reqwest::Request) -> Result<Response, TransportError> {
        let mut answer = self.client.execute(request).await.map_err(|e| from_library(&e))?;
        let headers =
            answer.headers().iter().map(|(n, v)| (n.as_str().to_owned(), v.as_bytes().to_vec())).collect::<Vec<_>>();
        let mut response = Response { status: answer.status().as_u16(), headers, body: Vec::new() };
        let head: usize = response.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if head > MAX_HEAD {
            let detail = format!("a head of more than {MAX_HEAD} bytes");
            return Err(TransportError { kind: TransportErrorKind::TooLarge, detail });
        }
        body_length(&response, BODY_LIMIT)?;
        while let Some(chunk) = answer.chunk().await.map_err(|e| from_library(&e))? {
            response.body.extend(&chunk);
            if response.body.len() > BODY_LIMIT {
                let detail = format!("a body of more than {BODY_LIMIT} bytes");
                return Err(TransportError { kind: TransportErrorKind::TooLarge, detail });
            }
        }
        Ok(response)
    }
}

fn from_library(error: &reqwest::Error) -> TransportError {
    let causes: Vec<_> = std::iter::successors(Some(error as &(dyn Error + 'static)), |e| cause(*e)).skip(1).collect();
    let detail = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
    let of_tls = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>());
    let detail = of_tls.map_or(detail, tls::explain);
    let kind = if of_tls.is_some() {
        TransportErrorKind::Tls
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if causes.iter().any(|cause| cause.to_string().contains("invalid HTTP")) {
        TransportErrorKind::Protocol
    } else {
        TransportErrorKind::Closed
    };
    TransportError { kind, detail }
}

/// The next cause. An I/O error names the source of the error that it holds, and so leaves out that one itself.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>() {
        Some(io) => io.get_ref().map(|held| held as &(dyn Error + 'static)),
        None => error.source(),
    }
}
