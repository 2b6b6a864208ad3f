//! The page on which passkeys are made: one empty document, over TLS, on loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::BrowserError;

/// Certificate and key. They are public, and a browser takes them where it was told their hash only.
const PEM: &[u8] = include_bytes!("page.pem");

/// The SHA-256 of the certificate's public key (SubjectPublicKeyInfo), in base64.
pub(super) const KEY_HASH: &str = "od/7FGM8xhVaXBt6ECuuh5YH+LnMzS4zpr/ct4rfpNI=";

/// The server of the page; it ends when this is dropped.
pub(super) struct Page {
    pub(super) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Page {
    pub(super) async fn serve() -> Result<Self, BrowserError> {
        let certificate = CertificateDer::from_pem_slice(PEM).map_err(BrowserError::failed)?;
        let key = PrivateKeyDer::from_pem_slice(PEM).map_err(BrowserError::failed)?;
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(BrowserError::failed)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(BrowserError::failed)?;
        let address = listener.local_addr().map_err(BrowserError::failed)?;
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A connection that fails is the browser's to try again, or to report.
                    let _ = tokio::time::timeout(Duration::from_secs(10), answer(acceptor, stream)).await;
                });
            }
        });
        Ok(Page { address, serving })
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers one request: with the document at `/`, and nowhere else. A browser asks for `/.well-known/webauthn`, too, where
/// `rp.id` does not fit the origin.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < 1 << 16 {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let (status, body) = match head.starts_with(b"GET / ") {
        true => ("200 OK", "<!doctype html><title>cogspec</title>"),
        false => ("404 Not Found", ""),
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
