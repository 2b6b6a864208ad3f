//! `cogspec implementations`.

mod list;
mod show;

use super::implementation::{cache, one, supervisor, unless_stopped};
use super::io::tell;
use super::{Exit, Failure, Format, Out};
use crate::implementation::Implementation;

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
    #[arg(value_name = "NAME|FOLDER", value_parser = one)]
    implementation: Implementation,
}

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        None => list::list(args.format),
        Some(Command::Install(named)) => install(&named.implementation).await,
        Some(Command::Show(named)) => show::show(&named.implementation),
    }
}

async fn install(implementation: &Implementation) -> Result<Exit, Failure> {
    if let Some(refused) = implementation.refused() {
        return Err(Failure::usage(refused.to_string()));
    }
    let (cache, supervisor) = (cache()?, supervisor()?);
    let tell = |line: &str| tell(&crate::run::printable(line));
    let installed = unless_stopped(implementation.install(&cache, &supervisor, &tell)).await?;
    let installed = installed.map_err(|e| Failure::usage(e.to_string()))?;
    let told = match implementation.recipe().install {
        Some(_) => format!("{} is in {}", implementation.recipe().title, installed.prefix().display()),
        None => format!("{} needs no installation", implementation.recipe().title),
    };
    std::io::Write::write_all(&mut Out::stdout(), format!("{told}\n").as_bytes())?;
    Ok(Exit::Held)
}
