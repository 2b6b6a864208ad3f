//! `cogspec schema`.

use std::io::Write;

use super::{Exit, Failure, Out};
use crate::report::Schema;

/// Print the JSON Schema of a machine-readable report.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What is to be described: the document of `--report json=FILE`, the lines of `--report ndjson=FILE` or of
    /// `run --cassette FILE`, the document of `self-test`, `fuzz`, `diff` or `snapshots status` with `--format json`, that of
    /// `matrix --report json=FILE`, or a file of `export`
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
    ExportCases,
    ExportOptions,
    ExportResponses,
    ExportRules,
    Matrix,
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
        What::ExportCases => Schema::ExportCases,
        What::ExportOptions => Schema::ExportOptions,
        What::ExportResponses => Schema::ExportResponses,
        What::ExportRules => Schema::ExportRules,
        What::Matrix => Schema::Matrix,
    };
    Out::stdout().write_all(schema.text().as_bytes())?;
    Ok(Exit::Held)
}
