//! What makes a run fail, as it is asked for.

use std::path::PathBuf;

use crate::run::{Bar, FailOn};

/// The bar of a run, and what is known to fail.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("expectations").multiple(true)))]
pub(super) struct VerdictArgs {
    /// The quietest verdict that fails the run.
    #[arg(help_heading = "Verdict", long, value_name = "VERDICT", default_value = "fail")]
    fail_on: FailOn,

    /// The most cases, in percent, that may be inconclusive before the run is.
    #[arg(help_heading = "Verdict", long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    max_inconclusive: u8,

    /// The known failures of this implementation: they are told as `known`, and do not fail the run.
    #[arg(help_heading = "Verdict", long, value_name = "FILE", group = "expectations")]
    pub(super) baseline: Option<PathBuf>,

    /// Fail when an entry of the baseline has expired or no case is judged by it, and when a snapshot has no case.
    #[arg(help_heading = "Verdict", long, requires = "expectations")]
    strict: bool,
}

impl VerdictArgs {
    /// What fails the run.
    pub(super) fn bar(&self) -> Bar {
        Bar { fail_on: self.fail_on, max_inconclusive: self.max_inconclusive, strict: self.strict }
    }
}
