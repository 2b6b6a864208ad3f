//! Asking clients: one running adapter of each.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;

use super::super::call::{Called, call};
use super::super::run::Tested;
use crate::adapter::{Adapter, Lost};
use crate::scenario::Scenario;

/// The clients, and what each is asked with.
pub(super) struct Clients {
    pub(super) tested: Vec<Tested>,
    pub(super) token: String,
    /// How long one may take to answer.
    pub(super) within: Duration,
}

impl Clients {
    /// The name of one.
    pub(super) fn name(&self, client: usize) -> &str {
        &self.tested[client].client.recipe().name
    }
}

/// What came of asking one client: a call, or why there was none.
pub(super) type Sight = Result<Arc<Called>, String>;

/// One process of the adapter of each client after the other, each for as long as it lives.
pub(super) struct Asker {
    clients: Arc<Clients>,
    adapters: Vec<Option<Adapter>>,
}

impl Asker {
    pub(super) fn new(clients: Arc<Clients>) -> Self {
        let adapters = clients.tested.iter().map(|_| None).collect();
        Asker { clients, adapters }
    }

    /// Asks these clients about the same answer, side by side.
    pub(super) async fn ask(&mut self, scenario: &Arc<Scenario>, which: &[usize]) -> Vec<(usize, Sight)> {
        let clients = &self.clients;
        let asked = self.adapters.iter_mut().enumerate().filter(|(client, _)| which.contains(client));
        join_all(asked.map(|(client, adapter)| async move { (client, one(clients, client, adapter, scenario).await) }))
            .await
    }
}

/// Asks one. An adapter that was lost since it was asked last is started again: that says nothing about this answer.
async fn one(clients: &Clients, client: usize, adapter: &mut Option<Adapter>, scenario: &Arc<Scenario>) -> Sight {
    loop {
        let is_new = adapter.is_none();
        let mut running = match adapter.take() {
            Some(running) => running,
            None => clients.tested[client].start().map_err(|e| format!("its adapter cannot be started: {e}"))?,
        };
        let called = call(&mut running, Arc::clone(scenario), &clients.token, clients.within).await;
        let called = called.map_err(|e| format!("there is no port for the answer: {e}"))?;
        match &called.told {
            Ok(_) => *adapter = Some(running),
            Err(Lost::Garbage { .. } | Lost::Other { .. }) => {}
            Err(lost) if called.is_in_vain() && is_new => return Err(format!("before it called: {lost}")),
            Err(_) if called.is_in_vain() => continue,
            Err(_) => {}
        }
        return Ok(Arc::new(called));
    }
}
