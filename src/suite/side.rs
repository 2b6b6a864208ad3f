//! The two sides of the wire.

use serde::{Deserialize, Serialize};

/// Which side of the wire a run judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// A server, which is called in right and wrong ways: by cases.
    #[default]
    Server,
    /// A client, which is answered in right and wrong ways: by scenarios.
    Client,
}

impl Side {
    /// Whether it is the server's. Documents that were written before clients were judged say nothing of a side.
    #[must_use]
    pub fn is_server(&self) -> bool {
        *self == Side::Server
    }
}
