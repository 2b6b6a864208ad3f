//! Reaching a server: transport, control plane, and the fixtures that cases need.

mod control;
mod fixtures;
mod implemented;
mod made;
mod pace;
mod provision;
mod secrets;
mod transport;

use std::sync::Arc;

pub use control::{Control, Refused};
pub use fixtures::{Fixtures, STAND_IN_KEY, Unavailable, foreign_key};
pub use implemented::{Implemented, implemented};
pub use pace::{BACK_OFF, Limits, Pace, without_turns};
pub use provision::{Pool, PoolSpec, Tokens, User};
pub use secrets::{Form, SecretKind, Secrets, Sighting};
pub use transport::{Connection, Endpoint, Resolve, Transport};

use crate::tape::Tape;

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
        Ok(Target {
            name: endpoint.trim_end_matches('/').to_owned(),
            transport,
            control,
            signing: Signing::None,
            answers_on_demand: false,
            ages_on_demand: false,
            secrets: Arc::default(),
        })
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
            name: "embedded emulator".to_owned(),
            signing: Signing::FromTarget,
            answers_on_demand: true,
            ages_on_demand: true,
            ..target
        })
    }
}
