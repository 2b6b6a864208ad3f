//! `cogspec token`.

mod check;
mod new;

use super::{Exit, Failure};

/// Look at access tokens, and get one
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Check(check::Args),
    New(Box<new::Args>),
}

pub(super) async fn execute(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::execute(args).await,
        Command::New(args) => new::execute(args).await,
    }
}
