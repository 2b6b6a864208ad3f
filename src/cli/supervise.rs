//! `cogspec supervise`: what cogspec starts a server or an installation with. Not for people.

use super::signal::stop_signal;
use super::target::seconds;
use super::{Exit, Failure};
use crate::implementation::{Signal, Stop, supervise};

/// Run a command until standard input is closed, then stop it with its process group
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(super) struct Args {
    /// The signal that asks it to stop: TERM, INT or KILL.
    #[arg(long, value_name = "NAME", value_parser = |name: &str| Signal::named(name).ok_or("TERM, INT or KILL"))]
    signal: Signal,

    /// Seconds until it is killed.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    grace: std::time::Duration,

    /// The program and its arguments.
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Ends the process with the exit code of the command.
pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    let signalled = stop_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?;
    let (sender, closed) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // Whatever comes is of no meaning; what counts is the end.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _ = sender.send(());
    });
    let asked = async {
        tokio::select! {
            _ = closed => {}
            () = signalled => {}
        }
    };
    let code = supervise(&args.command, Stop { signal: args.signal, grace: args.grace }, asked).await;
    std::process::exit(code.into())
}
