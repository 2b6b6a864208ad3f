//! Sending a request: through the HTTP library, or byte by byte on a socket.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::uri::{Authority, Scheme};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::TargetError;
use crate::wire::{
    Exchange, Framing, MAX_HEAD, Request, Response, TransportError, TransportErrorKind, body_length, read_response,
};

/// The most of a body that is read, in bytes. Answers of Cognito take a few thousand; cases run side by side, and each holds
/// its answers several times over while it judges them.
const BODY_LIMIT: usize = 256 * 1024;

/// How long a connection is kept for the next request. Servers keep theirs longer than this.
const IDLE: Duration = Duration::from_secs(1);

/// Sends requests to one endpoint and to no other: redirects are not followed, proxies are not asked.
#[derive(Clone)]
pub struct Transport {
    endpoint: Endpoint,
    /// The endpoint as the library has it, with the path `/`, at which nearly all calls are made.
    root: Option<reqwest::Url>,
    client: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    timeout: Duration,
}

/// Where a server is: `http://host:port`, or https, with nothing behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
}

impl Endpoint {
    /// Reads an endpoint. A trailing `/` is allowed.
    ///
    /// # Errors
    /// When it is not an http or https URL of a host, or has a path, a query, or a user in it.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let wrong = |why: &str| TargetError::Endpoint { endpoint: text.to_owned(), why: why.to_owned() };
        let uri: http::Uri = text.parse().map_err(|e: http::uri::InvalidUri| wrong(&e.to_string()))?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.ok_or_else(|| wrong("it has no scheme"))?;
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(wrong("its scheme is neither http nor https"));
        }
        let authority = parts.authority.ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("a user and password in it are not used; give them in the environment"));
        }
        if parts.path_and_query.is_some_and(|p| p.as_str() != "/") {
            return Err(wrong("a path or query is not used; operations are called at /"));
        }
        Ok(Endpoint { scheme, authority })
    }

    /// The host name or address, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// Whether it is this machine itself.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host() == "localhost" || self.host().parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    pub(crate) fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.is_tls() { 443 } else { 80 })
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl Transport {
    /// A transport to that endpoint; a request without a whole answer in `timeout` has failed.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(endpoint: Endpoint, timeout: Duration) -> Result<Self, TargetError> {
        crate::crypto::install();
        let setup = |e: &dyn std::fmt::Display| TargetError::Setup(format!("TLS cannot be set up: {e}"));
        // Where there is no TLS the system's certificates are not needed, and may be missing.
        let tls = if endpoint.is_tls() {
            rustls::ClientConfig::builder().with_platform_verifier().map_err(|e| setup(&e))?.with_no_client_auth()
        } else {
            rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
        };
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_idle_timeout(IDLE)
            .timeout(timeout)
            .build()
            .map_err(|e| setup(&e))?;
        let root = reqwest::Url::parse(&endpoint.to_string()).ok();
        Ok(Transport { endpoint, root, client, tls: Arc::new(tls), timeout })
    }

    /// The endpoint.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: Request) -> Exchange {
        let started = Instant::now();
        let result = match &request.framing {
            Framing::Raw(bytes) => self.send_raw(bytes).await,
            Framing::Length => match self.library_request(&request) {
                Some(library_request) => match self.send_by_library(library_request).await {
                    // A server may close a kept connection just when it is used again: only a fresh one tells whether it
                    // has anything against the request.
                    Err(e) if e.kind == TransportErrorKind::Closed => self.send_raw(&request.raw_text()).await,
                    result => result,
                },
                // What the library would refuse to say goes out as it stands.
                None => self.send_raw(&request.raw_text()).await,
            },
        };
        Exchange { request, result, elapsed: started.elapsed() }
    }

    fn library_request(&self, request: &Request) -> Option<reqwest::Request> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).ok()?;
        let url = match request.path.as_str() {
            "/" => self.root.clone(),
            path => reqwest::Url::parse(&format!("{}{path}", self.endpoint)).ok(),
        }?;
        let mut library_request = reqwest::Request::new(method, url);
        for (name, value) in &request.headers {
            let name = reqwest::header::HeaderName::from_bytes(name.as_bytes()).ok()?;
            let value = reqwest::header::HeaderValue::from_bytes(value).ok()?;
            library_request.headers_mut().append(name, value);
        }
        *library_request.body_mut() = Some(request.body.clone().into());
        Some(library_request)
    }

    async fn send_by_library(&self, request: reqwest::Request) -> Result<Response, TransportError> {
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

    async fn send_raw(&self, bytes: &[u8]) -> Result<Response, TransportError> {
        let bytes = with_endpoint(bytes, &self.endpoint);
        let timed_out = || TransportError {
            kind: TransportErrorKind::Timeout,
            detail: format!("no whole answer in {} s", self.timeout.as_secs_f32()),
        };
        timeout(self.timeout, async {
            let socket = TcpStream::connect((self.endpoint.host(), self.endpoint.port()))
                .await
                .map_err(|e| TransportError { kind: TransportErrorKind::Connect, detail: e.to_string() })?;
            // Delays that save packets would be measured as the server's.
            let _ = socket.set_nodelay(true);
            if !self.endpoint.is_tls() {
                return talk(socket, &bytes).await;
            }
            let tls_failed = |detail: String| TransportError { kind: TransportErrorKind::Tls, detail };
            let name = rustls::pki_types::ServerName::try_from(self.endpoint.host().to_owned())
                .map_err(|e| tls_failed(e.to_string()))?;
            let connector = tokio_rustls::TlsConnector::from(Arc::clone(&self.tls));
            talk(connector.connect(name, socket).await.map_err(|e| tls_failed(e.to_string()))?, &bytes).await
        })
        .await
        .unwrap_or_else(|_| Err(timed_out()))
    }
}

/// Writes and reads at once: a server may answer before it has read everything, and then stop reading.
async fn talk(stream: impl AsyncRead + AsyncWrite, bytes: &[u8]) -> Result<Response, TransportError> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let write = async {
        // The answer tells what a failed write means.
        let _ = writer.write_all(bytes).await;
        let _ = writer.flush().await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = read_response(&mut reader, BODY_LIMIT) => answer,
        () = write => unreachable!("writing never ends by itself"),
    }
}

/// The bytes with scheme and host where the head has their places.
fn with_endpoint(bytes: &[u8], endpoint: &Endpoint) -> Vec<u8> {
    let replace = |bytes: Vec<u8>, place: &[u8], text: &str| {
        let head = bytes.get(..4096).unwrap_or(&bytes);
        let Some(at) = memchr::memmem::find(head, place) else { return bytes };
        [&bytes[..at], text.as_bytes(), &bytes[at + place.len()..]].concat()
    };
    let bytes = replace(bytes.to_vec(), b"{scheme}", endpoint.scheme.as_str());
    // In absolute form the host stands in the request line too.
    let host = endpoint.authority.as_str();
    replace(replace(bytes, b"{host}", host), b"{host}", host)
}

fn from_library(error: &reqwest::Error) -> TransportError {
    let causes: Vec<_> = std::iter::successors(Some(error as &(dyn Error + 'static)), |e| cause(*e)).skip(1).collect();
    let detail = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if causes.iter().any(|cause| cause.is::<rustls::Error>()) {
        TransportErrorKind::Tls
    } else if error.is_connect() {
        TransportErrorKind::Connect
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
