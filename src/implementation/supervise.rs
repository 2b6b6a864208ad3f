//! The supervisor's part, in a process of its own: a program, and its end.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

use super::recipe::{Signal, Stop};

/// What is killed may take this long to be gone.
const GONE: Duration = Duration::from_secs(2);

/// Runs a command until it ends by itself, or until `asked` does: then it is stopped, with all of its process group. What
/// happened goes to standard error, which is a log.
///
/// The exit code is that of the command, or 127 where it cannot be started.
pub async fn supervise(command: &[String], stop: Stop, asked: impl Future<Output = ()>) -> u8 {
    let Some((program, arguments)) = command.split_first() else { return 127 };
    let mut process = Command::new(program);
    process.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    #[cfg(unix)]
    process.process_group(0);
    let mut child = match process.spawn() {
        Ok(child) => child,
        Err(e) => {
            eprintln!("cogspec: {program} cannot be started: {e}");
            return 127;
        }
    };
    let group = child.id();
    let ended = tokio::select! {
        ended = child.wait() => ended,
        () = asked => {
            signal(group, stop.signal);
            match tokio::time::timeout(stop.grace, child.wait()).await {
                Ok(ended) => ended,
                Err(_) => kill(&mut child).await,
            }
        }
    };
    // What it has started may still run.
    let gone = tokio::time::Instant::now() + GONE;
    while signal(group, Signal::Kill) && tokio::time::Instant::now() < gone {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    told(program, ended)
}

async fn kill(child: &mut Child) -> io::Result<ExitStatus> {
    eprintln!("cogspec: it does not stop, and is killed");
    child.start_kill()?;
    child.wait().await
}

/// Writes how it ended, and gives the exit code.
fn told(program: &str, ended: io::Result<ExitStatus>) -> u8 {
    match ended {
        Ok(status) => {
            eprintln!("cogspec: {program} ended: {status}");
            status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
        }
        Err(e) => {
            eprintln!("cogspec: {program} is lost: {e}");
            1
        }
    }
}

/// Sends a signal to a process group; `false` where there is none any more.
#[cfg(unix)]
fn signal(group: Option<u32>, signal: Signal) -> bool {
    use rustix::process::{Pid, Signal as System, kill_process_group};
    let Some(group) = group.and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) else { return false };
    let signal = match signal {
        Signal::Term => System::TERM,
        Signal::Int => System::INT,
        Signal::Kill => System::KILL,
    };
    kill_process_group(group, signal).is_ok()
}

/// Elsewhere there are no process groups: the program itself is killed after its grace.
#[cfg(not(unix))]
fn signal(_: Option<u32>, _: Signal) -> bool {
    false
}
