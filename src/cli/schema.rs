//! `cogspec schema`.

use std::io::Write;

use super::{Exit, Failure, Out};
use crate::report::Schema;

/// Print the JSON Schema of a machine-readable report.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is to be described: the document of `--report json=FILE`, the lines of `--report ndjson=FILE` or of
    /// `run --cassette FILE`, or the document of `self-test`, `fuzz`, `diff` or `snapshots status` with `--format json`
    #[arg(value_enum, default_value_t = What::Run)]
    what: What,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    Run,
    Events,
    SelfTest,
    Fuzz,
    Snapshots,
    Cassette,
    Diff,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let schema = match args.what {
        What::Run => Schema::Run,
        What::Events => Schema::Events,
        What::SelfTest => Schema::SelfTest,
        What::Fuzz => Schema::Fuzz,
        What::Snapshots => Schema::Snapshots,
        What::Cassette => Schema::Cassette,
        What::Diff => Schema::Diff,
    };
    Out::stdout().write_all(schema.text().as_bytes())?;
    Ok(Exit::Held)
}
