//! App clients.

use serde_json::Value;

/// How long something is valid, in the unit that the client was set up with.
#[derive(Clone)]
pub(in crate::emulator) struct Lifetime {
    pub(in crate::emulator) amount: u64,
    /// `seconds`, `minutes`, `hours` or `days`.
    pub(in crate::emulator) unit: String,
}

impl Lifetime {
    /// The same in seconds.
    pub(in crate::emulator) fn seconds(&self) -> u64 {
        let unit = match self.unit.as_str() {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 60 * 60,
            _ => 24 * 60 * 60,
        };
        self.amount.saturating_mul(unit)
    }
}

/// One app client.
pub(in crate::emulator) struct Client {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) secret: Option<String>,
    pub(in crate::emulator) flows: Vec<String>,
    pub(in crate::emulator) access_token: Lifetime,
    pub(in crate::emulator) id_token: Lifetime,
    pub(in crate::emulator) refresh_token: Lifetime,
    /// How long a sign-in may take from challenge to challenge, in minutes.
    pub(in crate::emulator) auth_session_minutes: u64,
    /// Whether tokens carry an `origin_jti`, by which they can be revoked one session at a time.
    pub(in crate::emulator) revocation: bool,
    /// Whether sign-in tells an unknown user from a wrong password: `LEGACY` does.
    pub(in crate::emulator) prevent_user_existence_errors: String,
    pub(in crate::emulator) created: f64,
    /// Members that mean nothing to the emulator, given back as they came.
    pub(in crate::emulator) kept: serde_json::Map<String, Value>,
}

impl Client {
    /// Whether the flow is allowed, under its present name or under the one from before 2019.
    pub(in crate::emulator) fn allows(&self, flow: &str) -> bool {
        self.flows.iter().any(|allowed| allowed.strip_prefix("ALLOW_").unwrap_or(allowed) == flow)
    }

    /// Whether sign-in may tell that there is no such user.
    pub(in crate::emulator) fn tells_unknown_users(&self) -> bool {
        self.prevent_user_existence_errors != "ENABLED"
    }
}
