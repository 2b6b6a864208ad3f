//! Passkeys, and the challenges that lead to one.

use super::super::passkey::{Asked, PublicKey};

/// A registered passkey.
#[derive(Clone)]
pub(in crate::emulator) struct Passkey {
    /// The credential id.
    pub(in crate::emulator) id: Vec<u8>,
    pub(in crate::emulator) key: PublicKey,
    /// The signature counter at the last use.
    pub(in crate::emulator) sign_count: u32,
    /// Whether it may be copied to other devices; this never changes.
    pub(in crate::emulator) backup_eligible: bool,
    pub(in crate::emulator) transports: Vec<String>,
    /// `platform` or `cross-platform`, where the client said it.
    pub(in crate::emulator) attachment: Option<String>,
    /// The relying party id that it was made for.
    pub(in crate::emulator) relying_party: String,
    /// In Unix seconds with milliseconds.
    pub(in crate::emulator) created: f64,
    /// Numbers a user's passkeys in the order of their registration; never given twice.
    pub(in crate::emulator) serial: u64,
}

/// A challenge that `StartWebAuthnRegistration` gave, and nobody answered yet.
#[derive(Clone)]
pub(in crate::emulator) struct Challenge {
    pub(in crate::emulator) asked: Asked,
    /// The app client that it was given to.
    pub(in crate::emulator) client_id: String,
    /// In Unix seconds.
    pub(in crate::emulator) issued: u64,
}

impl Challenge {
    /// How many of a user's challenges are kept; an older one falls out. A guess.
    pub(in crate::emulator) const KEPT: usize = 8;

    /// How long it can be answered, in seconds. A guess: the five minutes of another emulator.
    const LIFETIME: u64 = 5 * 60;

    /// Whether it can still be answered at a time in Unix seconds.
    pub(in crate::emulator) fn is_live(&self, now: u64) -> bool {
        now < self.issued.saturating_add(Challenge::LIFETIME)
    }
}
