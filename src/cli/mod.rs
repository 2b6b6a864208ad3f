//! The command line, one file a sub-command.

mod baseline;
mod browser;
mod caller;
mod case;
mod cassette;
mod catalogue;
mod classify;
mod clients;
mod completions;
mod connection;
mod diff;
mod drive;
mod emulate;
mod exit;
mod explain;
mod export;
mod fault;
mod findings;
mod fuzz;
mod implementation;
mod implementations;
mod io;
mod live;
mod man;
mod matrix;
mod near;
mod options;
mod record;
mod replay;
mod report;
mod reporters;
mod rules;
mod run;
mod scenario;
mod schema;
mod self_test;
mod serve;
mod signal;
mod snapshots;
mod supervise;
mod target;
mod time;
mod token;
mod verdict;

use std::panic::{self, AssertUnwindSafe};
use std::process::{ExitCode, Termination};

use clap::{Parser, Subcommand};

use crate::artefact::Guard;
pub use exit::{Exit, Failure};
pub use io::{INPUT_LIMIT, Out, read_input};

/// Judges implementations of Amazon Cognito's passkey registration.
#[derive(Debug, Parser)]
#[command(name = "cogspec", version, about, after_long_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The form of a command's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(subcommand)]
    Baseline(baseline::Command),
    Browser(browser::Args),
    #[command(subcommand)]
    Case(case::Command),
    Classify(classify::Args),
    #[command(subcommand)]
    Clients(clients::Command),
    Completions(completions::Args),
    Diff(diff::Args),
    Emulate(emulate::Args),
    Explain(explain::Args),
    Export(export::Args),
    Fuzz(fuzz::Args),
    Implementations(implementations::Args),
    #[command(subcommand)]
    Live(live::Command),
    Man(man::Args),
    Matrix(matrix::Args),
    #[command(subcommand)]
    Options(options::Command),
    Record(record::Args),
    Replay(replay::Args),
    Report(report::Args),
    Rules(rules::Args),
    Run(run::Args),
    Schema(schema::Args),
    SelfTest(self_test::Args),
    Serve(serve::Args),
    #[command(subcommand)]
    Snapshots(snapshots::Command),
    Supervise(supervise::Args),
    #[command(subcommand)]
    Token(token::Command),
}

const EXIT_CODES: &str = "\
Exit codes:
  0   everything that was judged held
  1   a MUST was broken, or what --fail-on names
  2   the command line, a file or a configuration was wrong
  3   the target could not be reached, or too much was inconclusive
  4   nothing ran
  5   expectations are stale: the baseline lists what is fixed, or something else under --strict
  70  a bug in cogspec";

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    crate::crypto::install();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let exit = if e.use_stderr() { Exit::Usage } else { Exit::Held };
            // Nothing is left to tell where standard error or output is gone.
            let _ = e.print();
            return exit.report();
        }
    };
    let Some(runtime) = runtime() else {
        io::tell("error: this process cannot begin: there are too few file descriptors (`ulimit -n`) or threads");
        return Exit::Usage.report();
    };
    let guard = Guard::default();
    guard_panics(guard.clone());
    let result = panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(execute(cli.command, &guard))));
    // What is still under way is of no use to anyone, and may never end.
    runtime.shutdown_background();
    let leaks = guard.leaks();
    for leak in &leaks {
        io::tell(&format!("error: {leak}"));
    }
    match result {
        // The message of the panic has been told.
        Err(_) => Exit::Bug,
        Ok(Err(failure)) if leaks.is_empty() || failure.exit != Exit::Bug => {
            // What a server said may be in it.
            io::tell_guarded(&guard, &format!("error: {}", crate::run::printable(&failure.to_string())));
            if leaks.is_empty() { failure.exit } else { Exit::Bug }
        }
        Ok(Ok(exit)) if leaks.is_empty() => exit,
        Ok(_) => Exit::Bug,
    }
    .report()
}

/// The runtime; `None` where the system gives too little for one, of which tokio tells a part by panics.
fn runtime() -> Option<tokio::runtime::Runtime> {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let built = panic::catch_unwind(|| tokio::runtime::Builder::new_multi_thread().enable_all().build());
    panic::set_hook(tell);
    built.ok()?.ok()
}

/// The words of a panic can be a server's.
fn guard_panics(guard: Guard) {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if guard.check("the message of a panic", panic.to_string().as_bytes()).is_ok() {
            tell(panic);
        }
    }));
}

async fn execute(command: Command, guard: &Guard) -> Result<Exit, Failure> {
    match command {
        Command::Baseline(command) => baseline::execute(&command, guard),
        Command::Browser(args) => browser::execute(&args, guard).await,
        Command::Case(command) => case::execute(&command),
        Command::Fuzz(args) => fuzz::execute(&args, guard).await,
        Command::Implementations(args) => implementations::execute(&args).await,
        Command::Live(command) => live::execute(&command, guard).await,
        Command::Matrix(args) => matrix::execute(&args, guard).await,
        Command::Replay(args) => replay::execute(&args, guard).await,
        Command::Classify(args) => classify::execute(&args),
        Command::Clients(command) => clients::execute(&command, guard).await,
        Command::Completions(args) => completions::execute(&args),
        Command::Diff(args) => diff::execute(&args),
        Command::Emulate(args) => emulate::execute(&args).await,
        Command::Man(args) => man::execute(&args, guard),
        Command::Record(args) => record::execute(&args, guard).await,
        Command::Report(args) => report::execute(&args, guard),
        Command::Run(args) => run::execute(&args, guard).await,
        Command::Explain(args) => explain::execute(&args),
        Command::Export(args) => export::execute(&args, guard).await,
        Command::Options(command) => options::execute(&command),
        Command::Rules(args) => rules::execute(&args),
        Command::Schema(args) => schema::execute(&args),
        Command::SelfTest(args) => self_test::execute(&args).await,
        Command::Serve(args) => serve::execute(&args).await,
        Command::Snapshots(command) => snapshots::execute(&command),
        Command::Supervise(args) => supervise::execute(&args).await,
        Command::Token(command) => token::execute(&command, guard).await,
    }
}
