//! `cogspec schema`.

use std::io::Write;

use super::{Exit, Failure, Out};
use crate::report::Schema;

/// Print the JSON Schema of a machine-readable report.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is to be described: the document of `--report json=FILE`, or the lines of `--report ndjson=FILE`
    #[arg(value_enum, default_value_t = What::Run)]
    what: What,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    Run,
    Events,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let schema = match args.what {
        What::Run => Schema::Run,
        What::Events => Schema::Events,
    };
    Out::stdout().write_all(schema.text().as_bytes())?;
    Ok(Exit::Held)
}
