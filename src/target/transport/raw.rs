//! Sending byte by byte on a socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{BODY_LIMIT, Connection, Endpoint, tls};
use crate::wire::{Response, TransportError, TransportErrorKind, read_response};

/// Sends bytes as they are, each time on a connection of its own.
#[derive(Clone)]
pub(super) struct Raw {
    endpoint: Endpoint,
    /// Empty where those of its name are to be used.
    addresses: Vec<SocketAddr>,
    tls: Arc<ClientConfig>,
    timeout: Duration,
    connect_timeout: Duration,
}

impl Raw {
    pub(super) fn new(
        endpoint: Endpoint,
        addresses: Vec<SocketAddr>,
        mut tls: ClientConfig,
        connection: &Connection,
    ) -> Self {
        // The bytes are those of HTTP/1.1.
        tls.alpn_protocols = vec![tls::HTTP_1_1.to_vec()];
        let Connection { timeout, connect_timeout, .. } = *connection;
        Raw { endpoint, addresses, tls: Arc::new(tls), timeout, connect_timeout }
    }

    /// Sends the bytes, with scheme and host where they have places for them, and reads the whole answer.
    pub(super) async fn send(&self, bytes: &[u8]) -> Result<Response, TransportError> {
        let bytes = with_endpoint(bytes, &self.endpoint);
        let whole = async {
            if self.endpoint.is_tls() {
                talk(self.in_time(self.secured()).await?, &bytes).await
            } else {
                talk(self.in_time(self.connected()).await?, &bytes).await
            }
        };
        timeout(self.timeout, whole).await.unwrap_or_else(|_| {
            let detail = format!("no whole answer in {} s", self.timeout.as_secs_f32());
            Err(TransportError { kind: TransportErrorKind::Timeout, detail })
        })
    }

    async fn in_time<T>(&self, connects: impl Future<Output = Result<T, TransportError>>) -> Result<T, TransportError> {
        timeout(self.connect_timeout, connects).await.unwrap_or_else(|_| {
            let detail = format!("it does not stand in {} s", self.connect_timeout.as_secs_f32());
            Err(TransportError { kind: TransportErrorKind::Connect, detail })
        })
    }

    async fn connected(&self) -> Result<TcpStream, TransportError> {
        let socket = match &self.addresses[..] {
            [] => TcpStream::connect((self.endpoint.host(), self.endpoint.port())).await,
            addresses => TcpStream::connect(addresses).await,
        };
        let socket = socket.map_err(|e| TransportError { kind: TransportErrorKind::Connect, detail: e.to_string() })?;
        // Delays that save packets would be measured as the server's.
        let _ = socket.set_nodelay(true);
        Ok(socket)
    }

    async fn secured(&self) -> Result<TlsStream<TcpStream>, TransportError> {
        let failed = |detail: String| TransportError { kind: TransportErrorKind::Tls, detail };
        let name = ServerName::try_from(self.endpoint.host().to_owned()).map_err(|e| failed(e.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        let secured = connector.connect(name, self.connected().await?).await;
        secured.map_err(|e| {
            let cause = e.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
            failed(cause.map_or_else(|| e.to_string(), tls::explain))
        })
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
    let bytes = replace(bytes.to_vec(), b"{scheme}", endpoint.scheme());
    // In absolute form the host stands in the request line too.
    let host = endpoint.authority();
    replace(replace(bytes, b"{host}", host), b"{host}", host)
}
