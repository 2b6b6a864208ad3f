//! Implementations as data: servers that speak the Cognito user pools API, and clients that call it.
//!
//! A **recipe** is a folder with the file `implementation.toml`: `implementations/NAME` tells how a server is installed, started,
//! waited for and stopped, `implementations/clients/NAME` how a client is installed and the adapter around it started. Its other
//! files are what the installation needs, the `baseline.toml` of its known failures, and `last.json`, what its last run showed.
//! The folders of the repository are in the binary. Data flows one way: a recipe is installed into a [`Cache`], the [`Installed`]
//! server is started, and a running [`Server`] has an endpoint, which is judged like any other. The adapter of an installed
//! client is started by [`adapter`](crate::adapter).
//!
//! ```no_run
//! # async fn judge() -> Result<(), Box<dyn std::error::Error>> {
//! use cogspec::implementation::{Cache, Implementation, ServerRecipe, Supervisor};
//!
//! let awsim = Implementation::<ServerRecipe>::named("awsim").ok_or("no such recipe")?;
//! let tell = |line: &str| eprintln!("{line}");
//! let supervisor = Supervisor::this_program()?;
//! let server = awsim.start(&Cache::find()?, &supervisor, &tell).await?;
//! println!("{}", server.endpoint());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```

mod cache;
mod catalogue;
mod client_recipe;
mod fields;
mod install;
mod last;
mod listening;
mod place;
mod process;
mod recipe;
mod refused;
mod role;
mod server;
mod server_recipe;
mod shell;
mod supervise;

pub use cache::{Cache, CacheError};
pub use catalogue::{Implementation, ReadError};
pub use client_recipe::ClientRecipe;
pub use install::{InstallError, Installed};
pub use last::{Last, LastError};
pub(crate) use place::{Place, variables};
pub use process::Supervisor;
pub(crate) use process::{Supervise, Supervised};
pub(crate) use recipe::fill;
pub use recipe::{Install, Needs, Recipe, RecipeError};
pub use refused::NotRunHere;
pub use role::Role;
pub use server::{Ended, Server, StartError};
pub use server_recipe::{Ready, ServerRecipe, Signal, Start, Stop};
pub use supervise::supervise;
