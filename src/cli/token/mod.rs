//! `cogspec token`.

mod check;
mod new;

use super::{Exit, Failure};
use crate::artefact::Guard;

/// Look at access tokens, and get one
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Check(check::Args),
    New(Box<new::Args>),
}

pub(super) async fn execute(command: &Command, guard: &Guard) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::execute(args, guard).await,
        Command::New(args) => new::execute(args, guard).await,
    }
}
