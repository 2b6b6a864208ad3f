//! The supervisor's part, in a process of its own: a program, and its end.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc::UnboundedReceiver;

use super::server_recipe::{Signal, Stop};

/// What is killed may take this long to be gone.
const GONE: Duration = Duration::from_secs(2);

/// Runs a command until it ends by itself, or until `asked` does: then it is stopped, with all of its process group and, on
/// Linux, all that it has started otherwise. Its standard input is what comes from `input`, until that ends, or nothing. What
/// happened goes to standard error, which is a log.
///
/// The exit code is that of the command, 128 and the signal's number where a signal ended it, or 127 where it cannot be started.
pub async fn supervise(
    command: &[String],
    stop: Stop,
    input: Option<UnboundedReceiver<Vec<u8>>>,
    asked: impl Future<Output = ()>,
) -> u8 {
    let Some((program, arguments)) = command.split_first() else { return 127 };
    let mut process = Command::new(program);
    process.args(arguments).stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() }).kill_on_drop(true);
    #[cfg(unix)]
    process.process_group(0);
    #[cfg(target_os = "linux")]
    orphans::adopt();
    let mut child = match process.spawn() {
        Ok(child) => child,
        Err(e) => {
            eprintln!("cogspec: {program} cannot be started: {e}");
            return 127;
        }
    };
    let group = child.id();
    #[cfg(target_os = "linux")]
    tokio::spawn(orphans::take_leave(group));
    if let Some((input, stdin)) = input.zip(child.stdin.take()) {
        leave_output();
        tokio::spawn(pass_on(input, stdin));
    }
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
    while is_left(group) && tokio::time::Instant::now() < gone {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    told(program, ended)
}

/// Lets go of standard output, so that it ends for its reader where the program closes it.
fn leave_output() {
    #[cfg(unix)]
    if let Ok(nothing) = std::fs::File::options().write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdout(nothing);
    }
}

/// Passes on what there is to read. A program that does not read holds up nothing but this.
async fn pass_on(mut input: UnboundedReceiver<Vec<u8>>, mut stdin: ChildStdin) {
    while let Some(bytes) = input.recv().await {
        if stdin.write_all(&bytes).await.is_err() {
            return;
        }
    }
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
            code(status).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
        }
        Err(e) => {
            eprintln!("cogspec: {program} is lost: {e}");
            1
        }
    }
}

/// As a shell tells it.
#[cfg(unix)]
fn code(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| Some(128 + std::os::unix::process::ExitStatusExt::signal(&status)?))
}

#[cfg(not(unix))]
fn code(status: ExitStatus) -> Option<i32> {
    status.code()
}

/// Kills what is left of what was started; `false` where there is nothing any more.
fn is_left(group: Option<u32>) -> bool {
    let in_group = signal(group, Signal::Kill);
    #[cfg(target_os = "linux")]
    let in_group = orphans::kill() || in_group;
    in_group
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

/// Processes that have lost their parent, such as those of a browser that has ended: they become children of the supervisor,
/// whatever their group is.
#[cfg(target_os = "linux")]
mod orphans {
    use rustix::process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, waitpid};
    use tokio::signal::unix::{SignalKind, signal};

    use crate::implementation::listening::linux::processes;

    /// From now on they do.
    pub(super) fn adopt() {
        // Without it they are somebody else's, as on other systems.
        let _ = set_child_subreaper(Some(getpid()));
    }

    /// Takes leave of each that ends, which would stay as a zombie else. The program itself is waited for elsewhere.
    pub(super) async fn take_leave(program: Option<u32>) {
        let Ok(mut ended) = signal(SignalKind::child()) else { return };
        let program = program.and_then(pid);
        while ended.recv().await.is_some() {
            for child in children().filter(|child| Some(*child) != program) {
                let _ = waitpid(Some(child), WaitOptions::NOHANG);
            }
        }
    }

    /// Kills them, once the program itself is gone; `false` where there are none any more.
    pub(super) fn kill() -> bool {
        let mut any = false;
        for child in children() {
            let _ = kill_process(child, Signal::KILL);
            // The next time it is not there any more, and its own children are here.
            let _ = waitpid(Some(child), WaitOptions::NOHANG);
            any = true;
        }
        any
    }

    fn children() -> impl Iterator<Item = Pid> {
        let own = getpid();
        let is_child = move |parent| pid(parent) == Some(own);
        processes().into_iter().filter(move |process| is_child(process.parent)).filter_map(|process| pid(process.id))
    }

    fn pid(id: u32) -> Option<Pid> {
        Pid::from_raw(i32::try_from(id).ok()?)
    }
}
