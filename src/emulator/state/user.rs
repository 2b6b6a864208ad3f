//! Users.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Challenge, Passkey};

/// Where a user stands with their password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) enum Status {
    /// The password is a temporary one.
    ForceChangePassword,
    /// The user can sign in.
    Confirmed,
    /// An administrator asked for a new password.
    ResetRequired,
}

impl Status {
    /// `UserStatusType`.
    pub(in crate::emulator) fn name(self) -> &'static str {
        match self {
            Status::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Status::Confirmed => "CONFIRMED",
            Status::ResetRequired => "RESET_REQUIRED",
        }
    }
}

/// A password. It has no `Debug`, so that it reaches no log.
pub(in crate::emulator) struct Password(pub(in crate::emulator) String);

/// One user.
pub(in crate::emulator) struct User {
    pub(in crate::emulator) sub: String,
    pub(in crate::emulator) username: String,
    /// Name and value, without `sub`.
    pub(in crate::emulator) attributes: Vec<(String, String)>,
    pub(in crate::emulator) password: Password,
    pub(in crate::emulator) status: Status,
    pub(in crate::emulator) enabled: bool,
    /// In Unix seconds with milliseconds, as is `modified`.
    pub(in crate::emulator) created: f64,
    pub(in crate::emulator) modified: f64,
    /// The `origin_jti` of each session that has not ended.
    pub(in crate::emulator) sessions: HashSet<String>,
    /// When all sessions were ended last, in Unix seconds.
    pub(in crate::emulator) signed_out_at: Option<u64>,
    /// The registered passkeys, oldest first.
    pub(in crate::emulator) passkeys: Vec<Passkey>,
    /// How many passkeys were ever registered, deleted ones too.
    pub(in crate::emulator) passkeys_ever: u64,
    /// The registrations that were started and not completed, oldest first.
    pub(in crate::emulator) challenges: Vec<Challenge>,
}

impl User {
    /// The value of an attribute.
    pub(in crate::emulator) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The attributes as the API gives them back, `sub` first.
    pub(in crate::emulator) fn attribute_list(&self) -> Value {
        let others = self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all = [("sub", self.sub.as_str())].into_iter().chain(others);
        all.map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
    }
}
