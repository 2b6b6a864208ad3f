//! `cogspec implementations`.

mod listed;

use super::implementation::one;
use super::{Exit, Failure, Format, catalogue};
use crate::implementation::{Implementation, ServerRecipe};

/// List the servers that can be installed and judged, install one, or see how it is started
///
/// A server is described by a recipe: how it is installed, started, waited for and stopped. `cogspec run --implementation NAME`
/// does all of it.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// How to print the list.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Install a server, as a run would
    Install(Named),
    /// Show a recipe, and how the server is started by hand
    Show(Named),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// A name, or the folder of a recipe, such as ./my-server.
    #[arg(value_name = "NAME|FOLDER", value_parser = one::<ServerRecipe>)]
    implementation: Implementation<ServerRecipe>,
}

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        None => catalogue::list::<ServerRecipe>(args.format),
        Some(Command::Install(named)) => catalogue::install(std::slice::from_ref(&named.implementation)).await,
        Some(Command::Show(named)) => catalogue::show(&named.implementation),
    }
}
