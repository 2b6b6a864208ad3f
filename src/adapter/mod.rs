//! The adapter protocol: a client of `StartWebAuthnRegistration`, driven by a small program around it.
//!
//! An **adapter** is what the recipe of a client names: a program that makes one call of the client for each line of its standard
//! input ([`Ask`]), and writes one line of what came of it ([`Told`]). docs/adapters.md tells how one is written; `cogspec schema
//! adapter` prints the JSON Schema of both lines. [`Adapter`] is one that runs, under the same supervisor as a server: whatever
//! ends this process ends it, with all that it has started. An adapter that ends, is silent or does not keep to the protocol is a
//! result ([`Lost`]), not an error.
//!
//! ```no_run
//! # async fn ask(ask: cogspec::adapter::Ask) -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use cogspec::adapter::Adapter;
//! use cogspec::implementation::{Cache, ClientRecipe, Implementation, Supervisor};
//!
//! let client = Implementation::<ClientRecipe>::named("boto3").ok_or("no such recipe")?;
//! let supervisor = Supervisor::this_program()?;
//! let installed = Arc::new(client.install(&Cache::find()?, &supervisor, &|line| eprintln!("{line}")).await?);
//! let mut adapter = Adapter::start(&client, &installed, &supervisor)?;
//! let told = adapter.ask(&ask, Duration::from_secs(120)).await?;
//! println!("{:?}", told.outcome);
//! adapter.stop().await?;
//! # Ok(())
//! # }
//! ```

mod lines;
mod lost;
mod message;
mod process;

pub use lost::Lost;
pub use message::{Ask, NoMessage, Outcome, Told};
pub use process::Adapter;
