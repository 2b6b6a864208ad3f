//! What the service knows: pools, and in them clients, users and sessions.

mod auth_session;
mod client;
mod passkey;
mod password;
mod pool;
mod user;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use auth_session::{AuthSession, AuthSessions, Awaited};
pub(super) use client::{Client, Lifetime};
pub(super) use passkey::{Challenge, Passkey};
pub(super) use password::PasswordPolicy;
pub(super) use pool::{CustomDomain, Grant, Pool, PoolKeys, RelyingParty, Settings};
pub(super) use user::{Password, Status, User};

use super::answer::Refusal;
use super::keys;

/// Everything the service knows.
#[derive(Default)]
pub(super) struct Store {
    pools: BTreeMap<String, Pool>,
    keys_taken: usize,
}

impl Store {
    /// The pool of that id.
    pub(super) fn pool(&self, id: &str) -> Result<&Pool, Refusal> {
        self.pools.get(id).ok_or_else(|| no_pool(id))
    }

    /// The pool of that id, to be changed.
    pub(super) fn pool_mut(&mut self, id: &str) -> Result<&mut Pool, Refusal> {
        self.pools.get_mut(id).ok_or_else(|| no_pool(id))
    }

    /// All pools, by id.
    pub(super) fn pools(&self) -> impl Iterator<Item = &Pool> {
        self.pools.values()
    }

    /// The pool that this app client belongs to.
    pub(super) fn pool_of_client(&self, client: &str) -> Result<&Pool, Refusal> {
        let owner = self.pools().find(|pool| pool.clients.contains_key(client));
        owner.ok_or_else(|| no_client(client))
    }

    /// The pool that has this domain, prefix or custom.
    pub(super) fn pool_of_domain(&self, domain: &str) -> Option<&Pool> {
        self.pools().find(|pool| pool.prefix_domain.as_deref() == Some(domain) || pool.has_custom_domain(domain))
    }

    /// Adds a pool.
    pub(super) fn add(&mut self, pool: Pool) {
        self.pools.insert(pool.id.clone(), pool);
    }

    /// Removes a pool with everything in it.
    pub(super) fn remove(&mut self, id: &str) {
        self.pools.remove(id);
    }

    /// The next two keys.
    pub(super) fn take_keys(&mut self) -> Result<PoolKeys, Refusal> {
        let mut take = || {
            let key = keys::signing_key(self.keys_taken);
            self.keys_taken = self.keys_taken.wrapping_add(1);
            key.map(Arc::new).ok_or(Refusal::bare("InternalErrorException"))
        };
        Ok(PoolKeys { access: take()?, id: take()? })
    }
}

fn no_pool(id: &str) -> Refusal {
    Refusal::not_found(format!("User pool {id} does not exist."))
}

/// There is no such app client.
pub(super) fn no_client(id: &str) -> Refusal {
    Refusal::not_found(format!("User pool client {id} does not exist."))
}

/// That many random characters of an alphabet.
pub(super) fn random_text(alphabet: &[u8], length: usize) -> String {
    use rand::RngExt;
    let mut random = rand::rng();
    let pick = |_| alphabet.get(random.random_range(0..alphabet.len())).copied().map(char::from);
    (0..length).filter_map(pick).collect()
}

/// Lower-case letters and digits, as in client ids.
pub(super) const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// Letters and digits, as in pool ids.
pub(super) const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
