//! The embedded emulator behind TLS, under a name that live Cognito has.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use cogspec::emulator::{Config, Emulator};
use http::{HeaderMap, Request, Response};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::authority::Authority;

pub(crate) const HOST: &str = "cognito-idp.us-east-1.amazonaws.com";

/// What a connection was opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) name: String,
    pub(crate) protocol: String,
}

/// A request that came over HTTP/2.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) authority: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    /// The bare name of the operation.
    pub(crate) fn operation(&self) -> &str {
        let target = self.headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
        target.rsplit('.').next().unwrap_or_default()
    }
}

/// An answer in place of the emulator's.
pub(crate) type InPlace = Response<&'static str>;

type Answer = dyn Fn(&Asked) -> Option<InPlace> + Send + Sync;

/// The front, until it is dropped.
pub(crate) struct Front {
    _runtime: tokio::runtime::Runtime,
    emulator: Emulator,
    address: SocketAddr,
    ca: PathBuf,
    shared: Arc<Shared>,
}

struct Shared {
    emulator: String,
    answer: Box<Answer>,
    opened: Mutex<Vec<Opened>>,
    asked: Mutex<Vec<Asked>>,
    client: reqwest::Client,
}

impl Front {
    /// A front that offers these protocols. What is asked over HTTP/2 is looked at; bytes of HTTP/1.1 pass as they are.
    pub(crate) fn start(protocols: &[&str]) -> Self {
        Front::answering(protocols, |_| None)
    }

    /// A front that gives some answers itself.
    pub(crate) fn answering(
        protocols: &[&str],
        answer: impl Fn(&Asked) -> Option<InPlace> + Send + Sync + 'static,
    ) -> Self {
        cogspec::crypto::install();
        let authority = Authority::new("cogspec test");
        let acceptor = TlsAcceptor::from(authority.server(HOST, protocols));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (emulator, listener) = runtime.block_on(async {
            let emulator = Emulator::start(Config::default()).await.unwrap();
            (emulator, TcpListener::bind("127.0.0.1:0").await.unwrap())
        });
        let address = listener.local_addr().unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let shared = Arc::new(Shared {
            emulator: emulator.endpoint(),
            answer: Box::new(answer),
            opened: Mutex::default(),
            asked: Mutex::default(),
            client,
        });
        let serving = Arc::clone(&shared);
        runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, shared) = (acceptor.clone(), Arc::clone(&serving));
                tokio::spawn(async move {
                    // A client that does not trust the certificate goes away.
                    if let Ok(stream) = acceptor.accept(socket).await {
                        shared.serve(stream).await;
                    }
                });
            }
        });
        Front { _runtime: runtime, emulator, address, ca: authority.file(), shared }
    }

    /// The arguments by which it is reached.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut arguments = self.arguments_without_authority();
        arguments.extend(["--ca-cert".to_owned(), self.ca.display().to_string()]);
        arguments
    }

    pub(crate) fn arguments_without_authority(&self) -> Vec<String> {
        let resolve = format!("{HOST}:443:{}", self.address);
        ["--endpoint", &format!("https://{HOST}"), "--resolve", &resolve].map(str::to_owned).to_vec()
    }

    /// The emulator's own endpoint.
    pub(crate) fn emulator(&self) -> String {
        self.emulator.endpoint()
    }

    pub(crate) fn opened(&self) -> Vec<Opened> {
        self.shared.opened.lock().unwrap().clone()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// How often an operation was asked for.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.asked().iter().filter(|asked| asked.operation() == operation).count()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.ca);
    }
}

impl Shared {
    async fn serve(self: Arc<Self>, stream: TlsStream<TcpStream>) {
        let (_, session) = stream.get_ref();
        let protocol = String::from_utf8_lossy(session.alpn_protocol().unwrap_or_default()).into_owned();
        let name = session.server_name().unwrap_or_default().to_owned();
        self.opened.lock().unwrap().push(Opened { name, protocol: protocol.clone() });
        if protocol == "h2" { self.serve_requests(stream).await } else { self.pass_on(stream).await }
    }

    async fn pass_on(&self, mut stream: TlsStream<TcpStream>) {
        let address = self.emulator.trim_start_matches("http://");
        let mut behind = TcpStream::connect(address).await.unwrap();
        // Either side may go away at any time.
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut behind).await;
    }

    async fn serve_requests(self: Arc<Self>, stream: TlsStream<TcpStream>) {
        let Ok(mut connection) = h2::server::handshake(stream).await else { return };
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            let shared = Arc::clone(&self);
            tokio::spawn(async move {
                let Some(asked) = asked(request).await else { return };
                let response = shared.response(asked).await;
                let (parts, body) = response.into_parts();
                // A client that has seen enough resets its stream.
                if let Ok(mut stream) = respond.send_response(Response::from_parts(parts, ()), false) {
                    let _ = stream.send_data(body, true);
                }
            });
        }
    }

    async fn response(&self, asked: Asked) -> Response<Bytes> {
        self.asked.lock().unwrap().push(asked.clone());
        if let Some(answer) = (self.answer)(&asked) {
            return answer.map(|body| Bytes::from_static(body.as_bytes()));
        }
        let method = reqwest::Method::from_bytes(asked.method.as_bytes()).unwrap();
        let url = format!("{}{}", self.emulator, asked.path);
        let request = self.client.request(method, url).headers(asked.headers).body(asked.body);
        let answer = request.send().await.unwrap();
        let mut response = Response::builder().status(answer.status());
        // What HTTP/2 has no place for (RFC 9113, 8.2.2).
        let of_http_1 = ["connection", "transfer-encoding"];
        for (name, value) in answer.headers().iter().filter(|(name, _)| !of_http_1.contains(&name.as_str())) {
            response = response.header(name, value);
        }
        response.body(answer.bytes().await.unwrap()).unwrap()
    }
}

async fn asked(request: Request<h2::RecvStream>) -> Option<Asked> {
    let (parts, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(chunk) = stream.data().await {
        let chunk = chunk.ok()?;
        body.extend_from_slice(&chunk);
        let _ = stream.flow_control().release_capacity(chunk.len());
    }
    Some(Asked {
        method: parts.method.to_string(),
        authority: parts.uri.authority()?.to_string(),
        path: parts.uri.path_and_query()?.to_string(),
        headers: parts.headers,
        body: body.into(),
    })
}

/// An error of AWS JSON 1.1.
pub(crate) fn error(status: u16, body: &'static str) -> InPlace {
    Response::builder().status(status).header("content-type", "application/x-amz-json-1.1").body(body).unwrap()
}

/// How many pools there are.
pub(crate) fn pools(endpoint: &str) -> usize {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pools = runtime.block_on(async {
        let timeout = std::time::Duration::from_secs(10);
        let target = cogspec::target::Target::endpoint(endpoint, "us-east-1", timeout).unwrap();
        target.control.call("ListUserPools", serde_json::json!({ "MaxResults": 60 })).await.unwrap()
    });
    pools["UserPools"].as_array().map_or(0, Vec::len)
}

/// The verdicts of a JSON report, by case, and the reasons where there are some.
pub(crate) fn verdicts(report: &Value) -> Vec<(String, String, String)> {
    let text = |outcome: &Value, name: &str| outcome[name].as_str().unwrap_or_default().to_owned();
    let outcomes = report["cases"].as_array().expect("outcomes").iter();
    let mut verdicts: Vec<_> =
        outcomes.map(|outcome| (text(outcome, "id"), text(outcome, "verdict"), text(outcome, "reason"))).collect();
    verdicts.sort();
    verdicts
}
