//! A server that is the emulator, but for the calls that it answers with its own steps.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use cogspec::emulator::{Config, Emulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::act::{Step, act, discard};

/// The runtime of all servers of this process.
pub(crate) static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

static EMULATOR: LazyLock<(Emulator, SocketAddr)> = LazyLock::new(|| {
    let emulator = RUNTIME.block_on(Emulator::start(Config::default())).unwrap();
    let address = emulator.endpoint().trim_start_matches("http://").parse().unwrap();
    (emulator, address)
});

/// Which calls of StartWebAuthnRegistration are answered by hostile steps.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Victims {
    /// Those of two cases, [`crate::table::BY_LIBRARY`] and [`crate::table::BY_SOCKET`].
    TwoCases,
    /// All after the first look at the target.
    All,
    /// None.
    None,
}

/// A listening proxy. Dropping it closes its port and every connection.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The emulator, with these steps in place of its answers to the victims' calls.
    pub(crate) fn start(steps: Vec<Step>, victims: Victims) -> Proxy {
        let (steps, calls) = (Arc::new(steps), Arc::new(AtomicUsize::new(0)));
        // A task of the runtime could not wait for it.
        LazyLock::force(&EMULATOR);
        serve(move |stream| {
            let (steps, calls) = (Arc::clone(&steps), Arc::clone(&calls));
            async move { connection(stream, &steps, victims, &calls).await }
        })
    }

    /// A server that takes these steps on every connection: at once, or after a first read.
    pub(crate) fn greets(steps: Vec<Step>, reads_first: bool) -> Proxy {
        let steps = Arc::new(steps);
        serve(move |mut stream| {
            let steps = Arc::clone(&steps);
            async move {
                if reads_first && stream.read(&mut [0; 64 * 1024]).await? == 0 {
                    return Ok(());
                }
                act(&mut stream, &steps).await
            }
        })
    }
}

/// The emulator behind a port that is closed after so many requests, all connections with it.
pub(crate) struct Mortal {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Mortal {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Mortal {
    /// Dies at that request, and is back on the same port after `back`, if ever.
    pub(crate) fn start(requests: usize, back: Option<Duration>) -> Mortal {
        LazyLock::force(&EMULATOR);
        let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let task = RUNTIME.spawn(async move {
            let (dying, mut dead) = mpsc::channel::<()>(1);
            let left = Arc::new(AtomicUsize::new(requests));
            let serves = move |stream| {
                let (left, dying) = (Arc::clone(&left), dying.clone());
                async move { counted(stream, &left, &dying).await }
            };
            tokio::select! {
                () = accept(listener, serves) => {}
                _ = dead.recv() => {}
            }
            let Some(back) = back else { return };
            tokio::time::sleep(back).await;
            let calls = Arc::new(AtomicUsize::new(0));
            let serves = move |stream| {
                let calls = Arc::clone(&calls);
                async move { connection(stream, &[], Victims::None, &calls).await }
            };
            accept(TcpListener::bind(address).await.unwrap(), serves).await;
        });
        Mortal { address, task }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Hands through what both sides say, for as long as there are requests left. A request is a read from the client.
async fn counted(mut client: TcpStream, left: &AtomicUsize, dying: &mpsc::Sender<()>) -> io::Result<()> {
    let mut server = TcpStream::connect(EMULATOR.1).await?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let requests = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = from_client.read(&mut buffer).await?;
            if read == 0 {
                return to_server.shutdown().await;
            }
            if left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err() {
                let _ = dying.send(()).await;
                return std::future::pending().await;
            }
            to_server.write_all(&buffer[..read]).await?;
        }
    };
    let answers = tokio::io::copy(&mut from_server, &mut to_client);
    tokio::try_join!(requests, answers)?;
    Ok(())
}

/// Serves each connection by that task.
pub(crate) fn serve<F>(connection: impl Fn(TcpStream) -> F + Send + 'static) -> Proxy
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    Proxy { address, task: RUNTIME.spawn(accept(listener, connection)) }
}

/// The connections are ended with the task that accepts them.
async fn accept<F>(listener: TcpListener, connection: impl Fn(TcpStream) -> F)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let _ = stream.set_nodelay(true);
                connections.spawn(connection(stream));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(mut client: TcpStream, steps: &[Step], victims: Victims, calls: &AtomicUsize) -> io::Result<()> {
    let mut server = TcpStream::connect(EMULATOR.1).await?;
    server.set_nodelay(true)?;
    loop {
        let Some(message) = Message::read(&mut client).await? else { return Ok(()) };
        if message.is_hit(victims, calls) {
            act(&mut client, steps).await?;
            // Closing with bytes unread would reset the connection, and with it what was sent.
            client.shutdown().await?;
            return discard(&mut client).await;
        }
        server.write_all(&message.bytes).await?;
        if !message.is_whole {
            // Its end is the server's to find.
            tokio::io::copy_bidirectional(&mut client, &mut server).await?;
            return Ok(());
        }
        let Some(answer) = Message::read(&mut server).await? else { return Ok(()) };
        client.write_all(&answer.bytes).await?;
        if !answer.is_whole {
            tokio::io::copy_bidirectional(&mut client, &mut server).await?;
            return Ok(());
        }
    }
}

/// A request or an answer.
struct Message {
    bytes: Vec<u8>,
    head: usize,
    /// Whether its end is known and was read.
    is_whole: bool,
}

impl Message {
    /// Reads a head, and the body where one `Content-Length` says how long it is. `None` where the connection has ended.
    async fn read(stream: &mut TcpStream) -> io::Result<Option<Message>> {
        let mut bytes = Vec::new();
        let head = loop {
            if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut bytes).await? == 0 {
                let head = bytes.len();
                return Ok((head > 0).then_some(Message { bytes, head, is_whole: false }));
            }
            if bytes.len() > 512 * 1024 {
                let head = bytes.len();
                return Ok(Some(Message { bytes, head, is_whole: false }));
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
        let lengths: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("content-length: ")).collect();
        let end = match lengths[..] {
            [length] if !text.contains("transfer-encoding") => length.parse().ok().map(|length: usize| head + length),
            _ => None,
        };
        while end.is_some_and(|end| bytes.len() < end) {
            if stream.read_buf(&mut bytes).await? == 0 {
                break;
            }
        }
        let is_whole = end == Some(bytes.len());
        Ok(Some(Message { bytes, head, is_whole }))
    }

    /// Whether this call is one that the hostile steps answer.
    fn is_hit(&self, victims: Victims, calls: &AtomicUsize) -> bool {
        let head = String::from_utf8_lossy(&self.bytes[..self.head]).to_ascii_lowercase();
        if !head.contains("startwebauthnregistration") {
            return false;
        }
        let earlier = calls.fetch_add(1, Ordering::Relaxed);
        match victims {
            Victims::TwoCases => &self.bytes[self.head..] == b"{}" || head.contains("accept: text/html"),
            Victims::All => earlier > 0,
            Victims::None => false,
        }
    }
}
