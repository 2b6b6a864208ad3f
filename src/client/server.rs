//! The server of scenarios, on a socket: no library stands between a reply and the wire.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::cognito::{START, TARGET_PREFIX};
use crate::scenario::{ACCESS_TOKEN, Reply, Scenario};
use crate::wire::{self, Framing, Request};

/// The largest head and body of a request that are read, in bytes. An access token has a few thousand.
const LARGEST_HEAD: usize = 64 * 1024;
const LARGEST_BODY: usize = 1024 * 1024;

/// How long a client may take to send a request, and to hang up after the answer.
const PATIENCE: Duration = Duration::from_secs(30);
const LINGER: Duration = Duration::from_secs(2);

/// The headers that let a page of any origin read an answer, as Cognito sends them.
const CORS: [(&str, &str); 2] = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,x-amzn-query-error,Date,Retry-After,x-amz-retry-after",
    ),
];

/// One request to a scenario.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The request.
    pub request: Request,
    /// The reply that it was given, as it stands in the scenario.
    pub reply: Reply,
    /// When it had come.
    pub at: Instant,
}

/// A server that answers by scenarios, until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    choose: Choose,
    /// How many requests each scenario has had, and those of the server where it keeps them.
    seen: Mutex<Seen>,
    keeps: bool,
}

#[derive(Default)]
struct Seen {
    numbers: HashMap<String, usize>,
    attempts: Vec<Attempt>,
}

/// The scenario that requests are answered by: one of cogspec's own, or one that is gone when nobody holds it any more.
type One = Box<dyn Deref<Target = Scenario> + Send + Sync>;

/// What a request is answered by.
enum Choose {
    One(One),
    /// The scenario whose id is the first segment of its path.
    ByPath,
}

impl Choose {
    fn scenario(&self, request: &Request) -> Option<&Scenario> {
        match self {
            Choose::One(scenario) => Some(scenario),
            Choose::ByPath => crate::scenario::find(request.path.split(['/', '?']).nth(1)?),
        }
    }
}

impl Server {
    /// Answers one scenario on a free port of loopback, and keeps what is sent.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn of(scenario: impl Deref<Target = Scenario> + Send + Sync + 'static) -> io::Result<Self> {
        Server::start(([127, 0, 0, 1], 0).into(), true, Choose::One(Box::new(scenario))).await
    }

    /// Answers by scenarios at that address, and keeps nothing: the one that is given, or else the one whose id is the first
    /// segment of a request's path.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn at(address: SocketAddr, scenario: Option<&'static Scenario>) -> io::Result<Self> {
        let choose = scenario.map_or(Choose::ByPath, |scenario| Choose::One(Box::new(scenario)));
        Server::start(address, false, choose).await
    }

    async fn start(address: SocketAddr, keeps: bool, choose: Choose) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { choose, seen: Mutex::default(), keeps });
        let answering = Arc::clone(&shared);
        let serving = tokio::spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let shared = Arc::clone(&answering);
                        // A client that goes away has nothing to be told.
                        tokio::spawn(async move { drop(answer(stream, &shared).await) });
                    }
                    // Too many descriptors: some will be closed.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
        Ok(Server { address, shared, serving })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was sent until now, in order.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.seen().attempts.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reply to the next request of its scenario, in which the token of the request stands where it is echoed. A scenario
    /// that is over begins anew where nobody keeps count of its calls.
    fn next(&self, request: Request) -> Option<Reply> {
        let scenario = self.choose.scenario(&request)?;
        let mut seen = self.seen();
        let number = seen.numbers.entry(scenario.id.clone()).or_default();
        let reply = scenario.reply(if self.keeps { *number } else { *number % scenario.replies.len().max(1) })?;
        *number += 1;
        let sent = echoing(reply, &request);
        if self.keeps {
            seen.attempts.push(Attempt { request, reply: reply.clone(), at: Instant::now() });
        }
        Some(sent)
    }
}

/// The reply with the request's access token where it is to stand.
fn echoing(reply: &Reply, request: &Request) -> Reply {
    if !reply.echoes_token() {
        return reply.clone();
    }
    let object = wire::json::Object::parse(&request.body).ok();
    let token = object.as_ref().and_then(|object| object.last("AccessToken")?.string());
    // In a header it must not become another one.
    let token = token.filter(|token| token.bytes().all(|b| b.is_ascii_graphic())).unwrap_or_default();
    let filled = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(ACCESS_TOKEN, &token).into_bytes();
    let mut reply = reply.clone();
    reply.body = filled(&reply.body);
    reply.headers.iter_mut().for_each(|(_, value)| *value = filled(value));
    reply
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let request = match tokio::time::timeout(PATIENCE, read(&mut stream)).await {
        Ok(read) => read?,
        Err(_) => return Ok(()),
    };
    let Some(request) = request else { return Ok(()) };
    let is_page = request.header_value("Origin").is_some();
    let more: &[(&str, &str)] = if is_page { &CORS } else { &[] };
    let reply = if request.method == "OPTIONS" {
        preflight()
    } else if is_of_another_operation(&request) {
        other_operation()
    } else {
        match shared.next(request) {
            Some(reply) => reply,
            None => no_scenario(),
        }
    };
    tokio::time::sleep(reply.wait).await;
    let pause = reply.pieces.map(|pieces| pieces.pause);
    for (n, piece) in reply.bytes(more).iter().enumerate() {
        if let (Some(pause), true) = (pause, n > 0) {
            tokio::time::sleep(pause).await;
        }
        stream.write_all(piece).await?;
        stream.flush().await?;
    }
    if reply.cut.is_some_and(|cut| cut.reset) {
        // What was sent is to arrive before the reset, which overtakes what waits.
        tokio::time::sleep(Duration::from_millis(20)).await;
        return stream.set_zero_linger();
    }
    stream.shutdown().await?;
    // What the client still sends is read: a socket that is closed with something unread is reset.
    let mut rest = [0; 4096];
    let drained = async { while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {} };
    let _ = tokio::time::timeout(LINGER, drained).await;
    Ok(())
}

/// What a browser asks before it lets a page call (WHATWG Fetch, CORS preflight).
fn preflight() -> Reply {
    Reply::new(200, "")
        .without("Content-Type")
        .header("Access-Control-Allow-Methods", "POST, GET, OPTIONS")
        .header("Access-Control-Allow-Headers", "*, authorization, content-type, x-amz-target, x-amz-user-agent, amz-sdk-request, amz-sdk-invocation-id, cache-control")
        .header("Access-Control-Allow-Private-Network", "true")
        .header("Access-Control-Max-Age", "600")
}

/// Whether it calls something else, which no scenario is about.
fn is_of_another_operation(request: &Request) -> bool {
    let targets = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("X-Amz-Target"));
    let of_cognito = |value: &[u8]| {
        let name = std::str::from_utf8(value).ok()?.strip_prefix(TARGET_PREFIX)?.strip_prefix('.')?;
        Some(name != START.name)
    };
    targets.filter_map(|(_, value)| of_cognito(value)).any(|is_other| is_other)
}

fn other_operation() -> Reply {
    let body = r#"{"__type":"UnknownOperationException","message":"the scenarios are of StartWebAuthnRegistration"}"#;
    Reply::new(400, body).header("x-amzn-ErrorType", "UnknownOperationException:")
}

fn no_scenario() -> Reply {
    let body = r#"{"__type":"UnknownOperationException","message":"no scenario: call the path /ID, of an ID that `cogspec serve --list` shows, or give --scenario ID"}"#;
    Reply::new(404, body).header("x-amzn-ErrorType", "UnknownOperationException:")
}

/// One request; `None` where the client sends none, or none that can be read.
async fn read(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let (mut request, length) = loop {
        if bytes.len() > LARGEST_HEAD || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let mut fields = [httparse::EMPTY_HEADER; 100];
        let mut parsed = httparse::Request::new(&mut fields);
        match parsed.parse(&bytes) {
            Err(_) => return Ok(None),
            Ok(httparse::Status::Partial) => {}
            Ok(httparse::Status::Complete(length)) => {
                let headers =
                    parsed.headers.iter().map(|field| (field.name.to_owned(), field.value.to_vec())).collect();
                let (method, path) = (parsed.method.unwrap_or_default(), parsed.path.unwrap_or_default());
                let request = Request {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    headers,
                    body: Vec::new(),
                    framing: Framing::Length,
                };
                break (request, length);
            }
        }
    };
    let value =
        |name: &str| request.header_value(name).map(|value| String::from_utf8_lossy(value).trim().to_ascii_lowercase());
    if value("Expect").is_some_and(|value| value == "100-continue") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let is_chunked = value("Transfer-Encoding").is_some_and(|value| value.ends_with("chunked"));
    let wanted = value("Content-Length").and_then(|value| value.parse::<usize>().ok()).unwrap_or(0);
    let mut body = bytes.split_off(length);
    let whole = |body: &[u8]| match is_chunked {
        true => wire::decode_chunked(body),
        false => body.get(..wanted).map(<[u8]>::to_vec),
    };
    request.body = loop {
        if let Some(whole) = whole(&body) {
            break whole;
        }
        if body.len() > LARGEST_BODY || stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    };
    Ok(Some(request))
}
