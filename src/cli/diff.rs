//! `cogspec diff`.

use std::io::Write;
use std::path::PathBuf;

use super::baseline::results;
use super::{Exit, Failure, Out};
use crate::report::{comparison_markdown, comparison_text};
use crate::run::{Comparison, FailOn};

/// Compare the results of two runs: new failures, fixed ones, and those that fail in another way
///
/// Takes what `cogspec run --report json=FILE` wrote, or `cogspec clients run`. The exit code is 1 when something fails anew or in another way. Baselines do
/// not count: a failure that is known fails in both.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The results of the earlier run.
    old: PathBuf,

    /// The results of the later run; `-` is standard input.
    new: PathBuf,

    /// The quietest verdict that is taken for a failure.
    #[arg(long, value_name = "VERDICT", default_value = "fail")]
    fail_on: FailOn,

    /// How to print it.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For a comment on a change
    Markdown,
    /// For programs; `cogspec schema diff` describes it
    Json,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let comparison = Comparison::of(&results(&args.old)?, &results(&args.new)?, args.fail_on);
    let comparison = comparison.map_err(|e| Failure::usage(e.to_string()))?;
    let text = match args.format {
        Form::Text => comparison_text(&comparison),
        Form::Markdown => comparison_markdown(&comparison),
        Form::Json => {
            let mut text = serde_json::to_string_pretty(&comparison).map_err(std::io::Error::other)?;
            text.push('\n');
            text
        }
    };
    let mut out = Out::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    let is_worse = !comparison.new_failures.is_empty() || !comparison.changed.is_empty();
    Ok(if is_worse { Exit::Failed } else { Exit::Held })
}
