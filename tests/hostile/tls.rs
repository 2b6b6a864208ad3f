//! Servers whose TLS is not to be trusted: nothing of a request reaches them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use tokio::io::AsyncReadExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::act::{Step, act, send};
use crate::proxy::{Proxy, serve};
use crate::run::{Ended, cogspec, run_command};

const SLACK: Duration = Duration::from_secs(30);

/// A certificate authority that the runs trust, and the file that they know it from.
static AUTHORITY: LazyLock<(CertifiedIssuer<'static, KeyPair>, PathBuf)> = LazyLock::new(|| {
    let authority = authority("trusted");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-ca-{}.pem", std::process::id()));
    std::fs::write(&file, authority.pem()).unwrap();
    (authority, file)
});

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// The certificate of a server of that name.
fn named(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

fn with_dates(from: i32, to: i32) -> CertificateParams {
    let mut params = named("localhost");
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
    params
}

fn run_against(server: &Proxy, id: &str) -> Ended {
    let endpoint = format!("https://localhost:{}", server.address.port());
    let mut command = cogspec(&["run", "--endpoint", &endpoint, "--timeout", "1", "--filter", "options.*"]);
    command.env("SSL_CERT_FILE", &AUTHORITY.1).env_remove("SSL_CERT_DIR");
    let ended = run_command(command, SLACK);
    println!("{id:<44} exit {:?} {:.1} s {} MiB", ended.exit, ended.took.as_secs_f32(), ended.peak / 1024);
    ended
}

/// A server with that certificate, and how many bytes it was sent inside TLS.
fn certified(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> (Proxy, Arc<AtomicUsize>) {
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let received = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&received);
    let server = serve(move |stream| {
        let (acceptor, received) = (acceptor.clone(), Arc::clone(&counted));
        async move {
            let mut stream = acceptor.accept(stream).await?;
            let mut buffer = [0; 1024];
            loop {
                match stream.read(&mut buffer).await {
                    Ok(0) => return Ok(()),
                    Ok(read) => received.fetch_add(read, Ordering::Relaxed),
                    Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                    Err(e) => return Err(e),
                };
            }
        }
    });
    (server, received)
}

#[test]
fn certificates() {
    let signed = |params: CertificateParams| {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &AUTHORITY.0).unwrap();
        (vec![certificate.der().clone()], key)
    };
    let self_signed = {
        let key = KeyPair::generate().unwrap();
        (vec![named("localhost").self_signed(&key).unwrap().der().clone()], key)
    };
    let unknown_authority = {
        let key = KeyPair::generate().unwrap();
        (vec![named("localhost").signed_by(&key, &authority("unknown")).unwrap().der().clone()], key)
    };
    let long_chain = {
        let (mut chain, key) = signed(with_dates(2000, 2001));
        chain.extend(vec![chain[0].clone(); 100]);
        (chain, key)
    };
    let rows = [
        ("tls.self-signed", "UnknownIssuer", self_signed),
        ("tls.unknown-authority", "UnknownIssuer", unknown_authority),
        ("tls.expired", "expired", signed(with_dates(2000, 2001))),
        ("tls.not-yet-valid", "not valid yet", signed(with_dates(2090, 2091))),
        ("tls.other-name", "not valid for name", signed(named("cognito-idp.us-east-1.amazonaws.com"))),
        ("tls.other-wildcard", "not valid for name", signed(named("*.localhost"))),
        ("tls.no-name", "not valid for", signed(CertificateParams::new([]).unwrap())),
        ("tls.long-chain", "TLS failed", long_chain),
    ];
    std::thread::scope(|scope| {
        for (id, message, (chain, key)) in rows {
            scope.spawn(move || {
                let (server, received) = certified(chain, &key);
                let ended = run_against(&server, id);
                assert_eq!(ended.exit, Some(3), "{id}: {}", ended.stderr);
                assert!(ended.stderr.contains("TLS failed"), "{id}: {}", ended.stderr);
                assert!(ended.stderr.contains(message), "{id}: {}", ended.stderr);
                assert_eq!(received.load(Ordering::Relaxed), 0, "{id}: a request was sent");
            });
        }
    });
    // The same with a good certificate: what the others were refused for is the certificate.
    let (chain, key) = signed(named("localhost"));
    let (server, received) = certified(chain, &key);
    let ended = run_against(&server, "tls.good");
    assert!(ended.stderr.contains("no answer in time"), "{}", ended.stderr);
    assert!(received.load(Ordering::Relaxed) > 0);
}

#[test]
fn handshakes() {
    // A ServerHello of TLS 1.1 with a suite of its time.
    let body = [&[0x03, 0x02][..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
    let hello = [&[2, 0, 0, body.len() as u8][..], &body].concat();
    let record = |kind: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[kind, 3, 2][..], &length, content].concat()
    };
    let huge_handshake = record(22, &[&[11, 0xff, 0xff, 0xff][..], &[0; 16_000]].concat());
    let rows: [(&str, &str, Vec<Step>); 9] = [
        ("tls.version-1.1", "TLS failed", vec![send(record(22, &hello)), Step::Silence]),
        ("tls.plain-http", "TLS failed", vec![send("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"), Step::Silence]),
        ("tls.garbage", "TLS failed", vec![send([0xaa; 4096]), Step::Silence]),
        ("tls.alert", "TLS failed", vec![send(record(21, &[2, 40])), Step::Silence]),
        ("tls.endless-handshake", "TLS failed", vec![Step::Endless(huge_handshake)]),
        ("tls.silence", "does not answer", vec![Step::Silence]),
        ("tls.silence-in-a-record", "does not answer", vec![send([22, 3, 3, 0x40, 0]), Step::Silence]),
        ("tls.reset", "does not answer", vec![Step::Reset]),
        ("tls.closed", "does not answer", vec![]),
    ];
    std::thread::scope(|scope| {
        for (id, message, steps) in rows {
            scope.spawn(move || {
                let server = serve(move |mut stream| {
                    let steps = steps.clone();
                    async move {
                        if stream.read(&mut [0; 16 * 1024]).await? == 0 {
                            return Ok(());
                        }
                        act(&mut stream, &steps).await
                    }
                });
                let ended = run_against(&server, id);
                assert_eq!(ended.exit, Some(3), "{id}: {}", ended.stderr);
                assert!(ended.stderr.contains(message), "{id}: {}", ended.stderr);
            });
        }
    });
}
