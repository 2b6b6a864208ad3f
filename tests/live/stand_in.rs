//! An emulator in the place of AWS, and a command that sees nothing of this machine's own account.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cogspec::emulator::{Config, Emulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;

/// Keys that are nobody's.
pub(crate) const KEY_ID: &str = "AKIAENVIRONMENT00000";
pub(crate) const SECRET: &str = "environment/secret+of+forty+characters00";

/// The emulator behind TLS.
pub(crate) struct StandIn {
    runtime: Runtime,
    emulator: Emulator,
    region: String,
    host: String,
    port: u16,
    ca_cert: PathBuf,
    connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl StandIn {
    /// In place of the Region's plain endpoint.
    pub(crate) fn start(region: &str) -> Self {
        StandIn::under(&format!("cognito-idp.{region}.amazonaws.com"), region)
    }

    /// In place of the Region's endpoint of that name.
    pub(crate) fn under(host: &str, region: &str) -> Self {
        cogspec::crypto::install();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let config = Config { region: region.to_owned(), ..Config::default() };
        let emulator = runtime.block_on(Emulator::start(config)).unwrap();
        let behind = emulator.endpoint().trim_start_matches("http://").to_owned();
        let authority = Authority::new("cogspec test");
        // Without an offer of HTTP/2: what comes is text.
        let acceptor = TlsAcceptor::from(authority.server(host, &[]));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, seen) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<u8>>>::default());
        let front = front(listener, acceptor, behind, Arc::clone(&connections), Arc::clone(&seen), &runtime);
        runtime.spawn(front);
        let (region, host) = (region.to_owned(), host.to_owned());
        StandIn { runtime, emulator, region, host, port, ca_cert: authority.file(), connections, seen }
    }

    /// The command with these words in front, reaching live Cognito here. No rate: nobody waits for quotas.
    pub(crate) fn live(&self, command: &[&str]) -> Command {
        let mut live = self.at(&["--live", "--region", &self.region]);
        let command: Vec<_> = command.iter().map(|word| (*word).to_owned()).collect();
        live.splice(0..0, command);
        cogspec(&live.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// These words, and those by which the connection ends here.
    pub(crate) fn at(&self, words: &[&str]) -> Vec<String> {
        let ca_cert = self.ca_cert.display().to_string();
        let resolve = format!("{}:443:127.0.0.1:{}", self.host, self.port);
        let here = ["--ca-cert", &ca_cert, "--resolve", &resolve, "--rate", "100000"];
        words.iter().chain(&here).map(|word| (*word).to_owned()).collect()
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("https://{}", self.host)
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Everything that was sent, as text.
    pub(crate) fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }

    /// How often that text was sent.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.seen().matches(text).count()
    }

    /// Calls the control plane behind the stand-in's back.
    pub(crate) fn control(&self, operation: &str, input: &Value) -> Value {
        let timeout = std::time::Duration::from_secs(10);
        let target = cogspec::target::Target::endpoint(&self.emulator.endpoint(), &self.region, timeout).unwrap();
        self.runtime.block_on(target.control.call(operation, input.clone())).unwrap()
    }

    /// The names of all pools.
    pub(crate) fn pools(&self) -> Vec<String> {
        let page = self.control("ListUserPools", &serde_json::json!({ "MaxResults": 60 }));
        page["UserPools"].as_array().unwrap().iter().map(|pool| pool["Name"].as_str().unwrap().to_owned()).collect()
    }
}

/// Takes TLS off, notes what comes, and passes it on, both ways.
fn front(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    behind: String,
    connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<u8>>>,
    runtime: &Runtime,
) -> impl Future<Output = ()> + Send + use<> {
    let _inside = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    async move {
        while let Ok((socket, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::SeqCst);
            let (acceptor, behind, seen) = (acceptor.clone(), behind.clone(), Arc::clone(&seen));
            tokio::spawn(async move {
                let Ok(tls) = acceptor.accept(socket).await else { return };
                let Ok(upstream) = TcpStream::connect(&behind).await else { return };
                let (mut from_client, mut to_client) = tokio::io::split(tls);
                let (mut from_server, mut to_server) = upstream.into_split();
                let up = async {
                    let mut buffer = vec![0; 64 * 1024];
                    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
                        seen.lock().unwrap().extend(&buffer[..read]);
                        if to_server.write_all(&buffer[..read]).await.is_err() {
                            break;
                        }
                    }
                    let _ = to_server.shutdown().await;
                };
                let down = async {
                    let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
                    let _ = to_client.shutdown().await;
                };
                tokio::join!(up, down);
            });
        }
    }
}

/// The command, with nothing in its environment but a home without files.
pub(crate) fn cogspec(args: &[&str]) -> Command {
    let home = tempfile("home");
    std::fs::create_dir_all(&home).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(args).env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin").env("NO_COLOR", "1");
    // Not the instance that this test may run on.
    command.env("AWS_EC2_METADATA_DISABLED", "true").stdin(Stdio::null());
    command
}

/// With credentials in the environment.
pub(crate) fn with_keys(command: &mut Command) -> &mut Command {
    command.env("AWS_ACCESS_KEY_ID", KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET)
}

/// That a command ended with this code; what it wrote to standard output, and to standard error.
#[track_caller]
pub(crate) fn ended(command: &mut Command, exit: i32) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!(status.code(), Some(exit), "{stdout}{stderr}");
    (stdout, stderr)
}

/// A path for a file or folder of that name, which no other test and no other run at the same time uses.
pub(crate) fn tempfile(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("live-{}-{name}", std::process::id()))
}
