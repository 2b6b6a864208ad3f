//! `cogspec snapshots`.

mod review;
mod status;

use clap::Subcommand;

use super::{Exit, Failure};
pub(super) use review::{Decision, review_all};

/// See which expectations there are, how they are known, and decide on pending ones
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Review(review::Args),
    Status(status::Args),
}

pub(super) fn execute(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Review(args) => review::execute(args),
        Command::Status(args) => status::execute(args),
    }
}
