//! The options by which a person says how a server is reached, and how much is asked of it.

use std::path::PathBuf;
use std::time::Duration;

use super::Failure;
use super::target::seconds;
use crate::target::{Connection, Limits, Resolve};

/// How the server is reached.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct ConnectionArgs {
    /// Authorities in PEM whose certificates are trusted, besides those that the system trusts.
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<PathBuf>,

    /// Connect to this address for that host and port, as with curl; repeated, to any of the addresses.
    #[arg(long, value_name = "HOST:PORT:ADDRESS", requires = "server")]
    resolve: Vec<Resolve>,

    /// Seconds until a connection that does not stand has failed.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    connect_timeout: Duration,

    /// Seconds until a request without a whole answer has failed; 10 where the --implementation needs no more.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,

    /// The most requests a second; 5 where the server is not this machine.
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<f64>,

    /// The most requests in all, those that make and delete users and pools among them; 20000 where the server is not this
    /// machine.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget: Option<u64>,
}

impl Default for ConnectionArgs {
    fn default() -> Self {
        ConnectionArgs {
            ca_cert: None,
            resolve: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            timeout: None,
            rate: None,
            budget: None,
        }
    }
}

impl ConnectionArgs {
    /// The time for one request, where the person has named one.
    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The connection, within the given limits where the person has named no others.
    pub(super) fn connection(&self, limits: Limits) -> Result<Connection, Failure> {
        Ok(Connection {
            timeout: self.timeout.unwrap_or(Connection::TIMEOUT),
            connect_timeout: self.connect_timeout,
            ca_cert: self.ca_cert.as_deref().map(super::read_input).transpose()?,
            resolve: self.resolve.clone(),
            limits: Limits { rate: self.rate.or(limits.rate), budget: self.budget.or(limits.budget) },
        })
    }

    /// The limits that the person has named.
    pub(super) fn asked(&self) -> Limits {
        Limits { rate: self.rate, budget: self.budget }
    }

    /// Whether authorities are trusted that the person names.
    pub(super) fn has_own_authorities(&self) -> bool {
        self.ca_cert.is_some()
    }

    /// The addresses to connect to instead of those that the name has.
    pub(super) fn resolve(&self) -> &[Resolve] {
        &self.resolve
    }
}

/// Reads a number of requests a second.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.001..=1e6).contains(&rate) => Ok(rate),
        _ => Err("a number of requests a second, above 0.001 and below a million".to_owned()),
    }
}
