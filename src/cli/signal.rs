//! Signals that end a command.

use std::io;

use super::Exit;
use super::io::tell;
use crate::artefact::end_writes;

/// Resolves at Ctrl-C or at the signal that ends a process; the second one ends the process at once. Set up before the first
/// output, so that none is missed.
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut signals = Signals::new()?;
    Ok(async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            end_at_once();
        });
    })
}

/// The same for who must not end before what it has started: further signals are of no meaning.
pub(super) fn first_signal() -> io::Result<impl Future<Output = ()>> {
    let mut signals = Signals::new()?;
    Ok(async move { signals.next().await })
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Signals)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Where Ctrl-C cannot be waited for, the process is ended from outside.
            std::future::pending::<()>().await;
        }
    }
}

/// Ends the process; a file that is being written is whole before.
fn end_at_once() {
    let _writes = end_writes();
    tell("stopped at once: what was made at the target may still be there");
    std::process::exit(Exit::Inconclusive as i32);
}
