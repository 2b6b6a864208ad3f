//! Reaching a server: transport, control plane, and the fixtures that cases need.

mod control;
mod fixtures;
mod implemented;
mod interlock;
pub mod live;
mod made;
mod pace;
mod provision;
mod secrets;
mod tally;
mod transport;

use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;

pub use control::{Control, Refused};
pub use fixtures::{Fixtures, Others, STAND_IN_KEY, Unavailable, foreign_key};
pub use implemented::{Implemented, implemented};
pub(crate) use interlock::{Place, place};
pub use pace::{BACK_OFF, Limits, Pace, without_turns};
pub use provision::{Login, Pool, PoolSpec, Tokens, User};
pub use secrets::{Form, SecretKind, Secrets, Sighting};
pub use tally::Tally;
pub use transport::{Connection, Endpoint, Resolve, Transport};

use crate::tape::Tape;

/// What reports call the embedded emulator.
pub(crate) const EMBEDDED: &str = "embedded emulator";

/// Why a target cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The endpoint is not one.
    #[error("`{endpoint}` is not an endpoint: {why}; give it as http://HOST:PORT")]
    Endpoint {
        /// What was given.
        endpoint: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no such AWS Region.
    #[error("`{0}` is no AWS Region; give it as us-east-1")]
    Region(String),
    /// Credentials are needed and cannot be had.
    #[error("{0}")]
    Credentials(String),
    /// Something on this machine is missing.
    #[error("{0}")]
    Setup(String),
}

/// How a server implementation is reached, and what it can do beyond Cognito's API.
#[derive(Clone)]
pub struct Target {
    /// What reports call it.
    pub name: String,
    /// The way to its data plane.
    pub transport: Transport,
    /// The way to its control plane.
    pub control: Control,
    /// How tokens with one changed claim can be signed.
    pub signing: Signing,
    /// Whether it can be told to answer with an error (the embedded emulator can).
    pub answers_on_demand: bool,
    /// Whether it can be told to make a user's challenges and sign-ins older (the embedded emulator can).
    pub ages_on_demand: bool,
    /// Whether pools are tagged, so that those that are left behind can be found (live Cognito).
    pub tags_pools: bool,
    /// Every secret that this run has seen.
    pub secrets: Arc<Secrets>,
}

/// Where a key comes from that the target takes for its own.
#[derive(Clone, Debug)]
pub enum Signing {
    /// Nowhere, unless the target is found to take any key.
    None,
    /// The target hands it out (the embedded emulator does, at `/_cogspec/signing-key`).
    FromTarget,
    /// The person gave it.
    Given(crate::token::Key),
}

impl Target {
    /// A target behind an endpoint, without powers beyond Cognito's API.
    ///
    /// # Errors
    /// When the endpoint is not one, or the connection cannot be set up.
    pub fn endpoint(endpoint: &str, region: &str, connection: impl Into<Connection>) -> Result<Self, TargetError> {
        let transport = Transport::new(Endpoint::parse(endpoint)?, &connection.into())?;
        let control = Control::new(transport.clone(), region);
        Ok(Target::behind(transport, control))
    }

    fn behind(transport: Transport, control: Control) -> Self {
        Target {
            name: transport.endpoint().to_string(),
            transport,
            control,
            signing: Signing::None,
            answers_on_demand: false,
            ages_on_demand: false,
            tags_pools: false,
            secrets: Arc::default(),
        }
    }

    /// Live Cognito: with an account's credentials, or without, for one user who is given.
    ///
    /// # Errors
    /// When the connection cannot be set up.
    pub fn live(
        endpoint: Endpoint,
        region: &str,
        connection: &Connection,
        account: Option<SharedCredentialsProvider>,
        secrets: Arc<Secrets>,
    ) -> Result<Self, TargetError> {
        let transport = Transport::new(endpoint, connection)?;
        let control = match account {
            Some(credentials) => Control::with_credentials(transport.clone(), region, credentials),
            None => Control::new(transport.clone(), region),
        };
        // Then it is whoever that authority lets it be, and reports and recordings are not to claim more.
        let vouched = if connection.ca_cert.is_some() { " (for which --ca-cert vouches)" } else { "" };
        let name = format!("Amazon Cognito in {region}{vouched}");
        Ok(Target { name, tags_pools: true, secrets, ..Target::behind(transport, control) })
    }

    /// The same target, with all that it is asked recorded on that tape or replayed from it.
    #[must_use]
    pub fn on_tape(self, tape: Tape) -> Self {
        let control = self.control.on_tape(tape.clone());
        Target { transport: self.transport.on_tape(tape), control, ..self }
    }

    /// The embedded emulator, which is a target like any other but for its test affordances.
    ///
    /// # Errors
    /// As for [`Target::endpoint`].
    pub fn embedded(endpoint: &str, region: &str, connection: impl Into<Connection>) -> Result<Self, TargetError> {
        let target = Target::endpoint(endpoint, region, connection)?;
        Ok(Target {
            name: EMBEDDED.to_owned(),
            signing: Signing::FromTarget,
            answers_on_demand: true,
            ages_on_demand: true,
            ..target
        })
    }
}
