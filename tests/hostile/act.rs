//! What a hostile server does on a connection, step by step.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a server that drips waits between two bytes.
const DRIP: Duration = Duration::from_millis(100);

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes again and again, as fast as they are read, until the client goes away.
    Endless(Vec<u8>),
    /// Sends these bytes one by one, slowly, again and again.
    Drip(Vec<u8>),
    /// Waits.
    Pause(Duration),
    /// Sends nothing more and keeps the connection open until the client goes away.
    Silence,
    /// Ends its own side only.
    HalfClose,
    /// Ends the connection so that the client sees a reset (`SO_LINGER` of 0).
    Reset,
}

impl Step {
    /// The same step with one text in place of another, wherever it is sent.
    pub(crate) fn replaced(self, text: &str, by: &str) -> Step {
        match self {
            Step::Send(bytes) => Step::Send(String::from_utf8(bytes).unwrap().replace(text, by).into_bytes()),
            other => other,
        }
    }
}

/// A step that sends these bytes.
pub(crate) fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// A step that sends these bytes without end.
pub(crate) fn endless(bytes: impl AsRef<[u8]>) -> Step {
    Step::Endless(bytes.as_ref().to_vec())
}

/// Takes the steps on a connection. An error means that the client went away.
pub(crate) async fn act(stream: &mut TcpStream, steps: &[Step]) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(bytes).await?,
            Step::HalfClose => stream.shutdown().await?,
            Step::Reset => return stream.set_zero_linger(),
            Step::Pause(time) => tokio::time::sleep(*time).await,
            Step::Endless(_) | Step::Drip(_) | Step::Silence => {
                let (mut reader, mut writer) = stream.split();
                // Whatever else the client sends is taken: it is not to be slowed down by a full window.
                tokio::select! {
                    gone = discard(&mut reader) => gone?,
                    failed = without_end(&mut writer, step) => failed?,
                }
            }
        }
    }
    Ok(())
}

/// Reads until the client goes away.
pub(crate) async fn discard(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    while reader.read(&mut buffer).await? > 0 {}
    Ok(())
}

async fn without_end(writer: &mut (impl AsyncWrite + Unpin), step: &Step) -> io::Result<()> {
    match step {
        Step::Endless(bytes) => loop {
            writer.write_all(bytes).await?;
        },
        Step::Drip(bytes) => {
            for byte in bytes.iter().cycle() {
                writer.write_all(&[*byte]).await?;
                tokio::time::sleep(DRIP).await;
            }
            Ok(())
        }
        _ => std::future::pending().await,
    }
}
