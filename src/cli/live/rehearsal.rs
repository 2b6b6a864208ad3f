//! What a live run will ask, found by running its cases on the embedded emulator first.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::cli::Failure;
use crate::cli::caller::Callers;
use crate::emulator::{Config, Emulator};
use crate::run::{Plan, run};
use crate::target::{Fixtures, Login, PoolSpec, Target};

/// How often each operation is called; `""` stands for bytes that name none.
pub(super) struct Rehearsal(pub(super) BTreeMap<String, u64>);

impl Rehearsal {
    /// All requests.
    pub(super) fn requests(&self) -> u64 {
        self.0.values().sum()
    }

    /// How often that operation is called.
    pub(super) fn calls(&self, operation: &str) -> u64 {
        self.0.get(operation).copied().unwrap_or_default()
    }
}

/// Runs the plan on an emulator of its own, which is reached as live Cognito is, without what only the embedded one can do.
pub(super) async fn rehearse(
    plan: Plan,
    callers: Callers,
    stopped: watch::Receiver<bool>,
) -> Result<Rehearsal, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::usage(format!("the run cannot be rehearsed: {e}"));
    let emulator = Emulator::start(Config::default()).await.map_err(|e| failed(&e))?;
    // Each has a tally of its own, so that what only the rehearsal does is not counted.
    let target = || Target::endpoint(&emulator.endpoint(), "us-east-1", TIMEOUT).map_err(|e| failed(&e));
    let aside = Fixtures::new(target()?, "aside", None);
    let fixtures = match callers {
        Callers::Made => Fixtures::new(target()?, "rehearsal", None),
        Callers::Token => {
            let token = aside.user().await.map_err(|e| failed(&e))?.tokens.access.clone();
            Fixtures::new(target()?, "rehearsal", Some(token))
        }
        Callers::User => {
            let user = aside.new_user(&PoolSpec::MAIN).await.map_err(|e| failed(&e))?;
            let client_id = user.pool.as_ref().map(|pool| pool.client_id.clone()).unwrap_or_default();
            let password = aside.password().to_owned();
            let login = Login { client_id, username: user.username, password };
            Fixtures::of_user(target()?, "rehearsal", login).await.map_err(|e| failed(&e))?
        }
    };
    let fixtures = Arc::new(fixtures);
    let _ = crate::run::preflight(&fixtures).await;
    let (events, _) = mpsc::unbounded_channel();
    run(Arc::clone(&fixtures), plan, events, stopped).await;
    let calls = fixtures.target().transport.tally().calls();
    emulator.shutdown().await;
    Ok(Rehearsal(calls))
}

/// An emulator on this machine that does not answer in this time never will.
const TIMEOUT: Duration = Duration::from_secs(30);
