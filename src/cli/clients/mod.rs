//! `cogspec clients`.

mod fuzz;
mod listed;
mod run;

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::watch;

use super::implementation::{cache, one, supervisor};
use super::{Exit, Failure, Format, catalogue};
use crate::artefact::Guard;
use crate::cli::io::tell;
use crate::client::Tested;
use crate::implementation::{ClientRecipe, Implementation};
use crate::run::printable;

/// Judge clients; list and install those that there are, or see how the adapter of one is started
///
/// A client calls the operation: an SDK, or a library of the browser. It is described by a recipe: how it is installed, and how the
/// adapter around it is started, which makes one call for each line that it reads.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Fuzz(Box<fuzz::Args>),
    /// List the clients
    List(List),
    /// Install clients, as a run would
    Install(Install),
    Run(Box<run::Args>),
    /// Show a recipe, and how the adapter is started by hand
    Show(Box<Show>),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// How to print the list.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct Install {
    /// Names, or the folders of recipes, such as ./my-client.
    #[arg(value_name = "NAME|FOLDER", required = true, value_parser = one::<ClientRecipe>)]
    clients: Vec<Implementation<ClientRecipe>>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// A name, or the folder of a recipe, such as ./my-client.
    #[arg(value_name = "NAME|FOLDER", value_parser = one::<ClientRecipe>)]
    client: Implementation<ClientRecipe>,
}

pub(super) async fn execute(command: &Command, guard: &Guard) -> Result<Exit, Failure> {
    match command {
        Command::Fuzz(args) => fuzz::execute(args, guard).await,
        Command::List(list) => catalogue::list::<ClientRecipe>(list.format),
        Command::Install(install) => catalogue::install(&install.clients).await,
        Command::Run(args) => run::execute(args, guard).await,
        Command::Show(show) => catalogue::show(&show.client),
    }
}

/// A name that two of them have.
fn twin(clients: &[Implementation<ClientRecipe>]) -> Option<&str> {
    let mut names = BTreeSet::new();
    clients.iter().map(|client| client.recipe().name.as_str()).find(|name| !names.insert(*name))
}

/// Installs a client, where that is needed. A signal ends that.
async fn install(
    client: &Implementation<ClientRecipe>,
    stopped: &mut watch::Receiver<bool>,
) -> Result<Tested, Failure> {
    let (cache, supervisor) = (cache()?, supervisor()?);
    let tell = |line: &str| tell(&printable(line));
    let installed = tokio::select! {
        installed = client.install(&cache, &supervisor, &tell) => installed.map_err(|e| Failure::usage(e.to_string()))?,
        _ = stopped.wait_for(|stop| *stop) => return Err(Failure::unreachable("stopped before the client was installed")),
    };
    Ok(Tested { client: client.clone(), installed: Arc::new(installed), supervisor })
}
