//! `cogspec schema`.

use std::io::Write;

use super::{Exit, Failure, Out};
use crate::report::Schema;

/// Print the JSON Schema of a machine-readable report, or of what adapters read and write.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is to be described.
    #[arg(value_enum, default_value_t = Schema::Run)]
    what: Schema,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    Out::stdout().write_all(args.what.text().as_bytes())?;
    Ok(Exit::Held)
}
