//! `cogspec matrix`.

mod judge;
mod output;
mod repository;
mod sources;

use std::io::Write;
use std::path::PathBuf;

use super::drive::stopping;
use super::{Exit, Failure, Out, implementation};
use crate::artefact::Guard;
use crate::implementation::{Implementation, ServerRecipe};
use crate::matrix::Matrix;
use crate::report::{self, Asked};
use crate::run::Filter;
use crate::snapshot::Profile;
use output::Form;
use sources::Source;

/// Draw what several implementations make of each case, side by side, and beside what live Cognito is known to do
///
/// Installs, starts, judges and stops them one after another, or takes the results of runs that were made before. Verdicts are
/// told without the baselines, and what is known is marked. Where nobody knows what live Cognito does, the implementations are
/// only held against one another. Of results of clients it is a matrix of clients; servers and clients have none in common.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = EXAMPLES,
    group(clap::ArgGroup::new("columns").required(true).multiple(true)),
    group(clap::ArgGroup::new("to-be-run").multiple(true))
)]
pub(super) struct Args {
    /// Servers to run: a name (`cogspec implementations` lists them), or the folder of a recipe, such as ./my-server.
    #[arg(value_name = "NAME|FOLDER", value_parser = implementation::runnable::<ServerRecipe>, groups = ["columns", "to-be-run"])]
    names: Vec<Implementation<ServerRecipe>>,

    /// Run every server that comes with cogspec and can be run here.
    #[arg(long, groups = ["columns", "to-be-run"], conflicts_with = "names")]
    all: bool,

    /// Results of runs, which `cogspec run --report json=NAME.json` and `cogspec clients run --results FOLDER` write: files, or
    /// folders of files NAME.json. NAME is the column's name.
    #[arg(long, value_name = "PATH", num_args = 1.., group = "columns")]
    from: Vec<PathBuf>,

    /// Run only these cases: a glob on case ids, `level:MUST`, or `rule:` with a glob on rule ids; `!` in front excludes.
    #[arg(long, value_name = "FILTER", requires = "to-be-run")]
    filter: Vec<Filter>,

    /// The profile that states what live Cognito answers.
    #[arg(long, value_name = "PROFILE", default_value = "cognito")]
    snapshots: String,

    /// Write the grid: `html=FILE`, `json=FILE` or `markdown=FILE`; `-` is standard output.
    #[arg(long, value_name = "FORMAT=FILE")]
    report: Vec<Asked<Form>>,

    /// Keep the results of each server that is run in this folder, as NAME.json, for --from.
    #[arg(long, value_name = "FOLDER", requires = "to-be-run")]
    results: Option<PathBuf>,

    /// In a clone of cogspec's repository: write implementations/matrix.md and matrix.json, and what each last run showed into
    /// implementations/NAME/last.json. Of clients, in implementations/clients.
    #[arg(long, conflicts_with = "filter")]
    write: bool,
}

const EXAMPLES: &str = "\
Examples:
  cogspec matrix awsim moto                                runs them, and tells the counts
  cogspec matrix --all --results results                   keeps the results of each, to draw the grid again:
  cogspec matrix --from results --report markdown=matrix.md --report json=matrix.json
  cogspec run --endpoint URL --report json=mine.json       a server of one's own, beside another
  cogspec matrix emulator --from mine.json
  cogspec clients run --results results                    the same of clients:
  cogspec matrix --from results --report html=clients.html
  cogspec schema matrix                                    describes the JSON

Exit codes:
  0   the matrix was made, whatever is in it
  2   results cannot be read, a file cannot be written, or a server cannot be installed
  3   a server could not be started or stopped answering, or the command was stopped: the matrix lacks something";

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let profile = Profile::find(&args.snapshots).map_err(|e| Failure::usage(e.to_string()))?;
    output::check(&args.report)?;
    let repository = args.write.then(repository::find).transpose()?;
    let mut sources = sources::read(&args.from)?;
    let names = if args.all {
        Implementation::all().filter(|implementation| implementation.refused().is_none()).collect()
    } else {
        args.names.clone()
    };
    sources::check(&sources, &names)?;
    let mut failed = None;
    if !names.is_empty() {
        let (judged, exit) = judge::all(&names, &args.filter, &stopping()?, guard).await;
        if let Some(folder) = &args.results {
            sources::keep(&judged, folder, guard)?;
        }
        sources.extend(judged);
        failed = exit;
    }
    if sources.is_empty() {
        let message = "none of them could be run, so that there is no matrix".to_owned();
        return Err(Failure { exit: failed.unwrap_or(Exit::NothingRan), message });
    }
    let inputs: Vec<_> = sources.into_iter().map(Source::into_input).collect();
    let matrix = Matrix::new(&inputs, &profile).map_err(|e| Failure::usage(e.to_string()))?;
    let mut written = Vec::new();
    let mut out = Out::guarded(guard);
    for output in &args.report {
        output::write(output, &matrix, &mut out, guard)?;
        written.push(output.path.display().to_string());
    }
    match repository {
        Some(folder) if failed.is_none() => written.extend(repository::write(&folder, &matrix, &inputs, guard)?),
        Some(_) => super::io::tell("warning: nothing is written into the repository, for the matrix lacks something"),
        None => {}
    }
    if !args.report.iter().any(Asked::is_stdout) {
        write!(out, "{}", report::matrix(&matrix))?;
        let told = if written.is_empty() {
            "--report markdown=FILE, --report json=FILE".to_owned()
        } else {
            written.join(", ")
        };
        writeln!(out, "\ncell by cell: {told}")?;
    }
    out.flush()?;
    Ok(failed.unwrap_or(Exit::Held))
}
