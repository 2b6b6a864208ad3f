//! Servers that speak the Cognito user pools API, as data: how one is installed, started, waited for and stopped.
//!
//! A **recipe** is a folder `implementations/NAME` with the file `implementation.toml`; its other files are what the
//! installation needs, the `baseline.toml` of its known failures, and `last.json`, what its last run showed. The folders of the
//! repository are in the binary. Data flows one way: a recipe is installed into a [`Cache`], the [`Installed`] server is
//! started, and a running [`Server`] has an endpoint, which is judged like any other.
//!
//! ```no_run
//! # async fn judge() -> Result<(), Box<dyn std::error::Error>> {
//! use cogspec::implementation::{Cache, Implementation, Supervisor};
//!
//! let awsim = Implementation::named("awsim").ok_or("no such recipe")?;
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
mod fields;
mod install;
mod last;
mod listening;
mod process;
mod recipe;
mod server;
mod supervise;

pub use cache::{Cache, CacheError};
pub use catalogue::{Implementation, ReadError};
pub use install::{InstallError, Installed};
pub use last::{Last, LastError};
pub use process::Supervisor;
pub use recipe::{Install, Needs, Ready, Recipe, RecipeError, Signal, Start, Stop};
pub use server::{Ended, Server, StartError};
pub use supervise::supervise;
