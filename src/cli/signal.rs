//! Signals that end a command.

use std::io;

use super::Exit;
use super::io::tell;
use crate::artefact::end_writes;

/// Resolves at Ctrl-C or at the signal that ends a process; the second one ends the process at once. Set up before the first
/// output, so that none is missed.
#[cfg(unix)]
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut next = async move || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Ok(async move {
        next().await;
        tokio::spawn(async move {
            next().await;
            end_at_once();
        });
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where Ctrl-C cannot be waited for, the process is ended from outside.
        let _ = tokio::signal::ctrl_c().await;
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                end_at_once();
            }
        });
    })
}

/// Ends the process; a file that is being written is whole before.
fn end_at_once() {
    let _writes = end_writes();
    tell("stopped at once: what was made at the target may still be there");
    std::process::exit(Exit::Inconclusive as i32);
}
