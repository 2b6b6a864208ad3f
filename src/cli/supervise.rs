//! `cogspec supervise`: what cogspec starts a server, an adapter or an installation with. Not for people.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::signal::first_signal;
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
    grace: Duration,

    /// Pass standard input on to it, and give it as many seconds to end by itself when that is closed.
    #[arg(long)]
    talk: bool,

    /// The program and its arguments.
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Ends the process with the exit code of the command.
pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    let signalled = first_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?;
    let (closes, closed) = oneshot::channel();
    // Without a bound, for nothing may hold up the end of input; whoever talks waits for an answer before the next line.
    let (input, of_child) = mpsc::unbounded_channel();
    let input = args.talk.then_some(input);
    std::thread::spawn(move || {
        read(|bytes| {
            // A program that is gone, or reads nothing any more, does not need it.
            let _ = input.as_ref().map(|input| input.send(bytes.to_vec()));
        });
        drop(input);
        let _ = closes.send(());
    });
    let asked = async {
        let closed = async {
            let _ = closed.await;
            if args.talk {
                tokio::time::sleep(args.grace).await;
            }
        };
        tokio::select! {
            () = closed => {}
            () = signalled => {}
        }
    };
    let stop = Stop { signal: args.signal, grace: args.grace };
    let code = supervise(&args.command, stop, args.talk.then_some(of_child), asked).await;
    std::process::exit(code.into())
}

/// Reads standard input to its end.
fn read(mut with: impl FnMut(&[u8])) {
    let (mut stdin, mut bytes) = (std::io::stdin().lock(), vec![0; 64 * 1024]);
    loop {
        match stdin.read(&mut bytes) {
            Ok(0) => return,
            Ok(length) => with(&bytes[..length]),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
