//! Sign-ins under way: what the `Session` of a challenge stands for.

use std::collections::VecDeque;

use super::super::passkey::Asked;

/// What the user is to answer next.
#[derive(Clone)]
pub(in crate::emulator) enum Awaited {
    /// `SELECT_CHALLENGE`.
    Choice,
    /// `PASSWORD`.
    Password,
    /// `WEB_AUTHN`.
    Passkey(Asked),
}

/// A sign-in under way.
#[derive(Clone)]
pub(in crate::emulator) struct AuthSession {
    /// The text that the client brings back.
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) client_id: String,
    /// The user's `sub`; the name as it was given where there is no such user, which nobody is to notice.
    pub(in crate::emulator) user: String,
    /// In Unix seconds, as is `expires`.
    pub(in crate::emulator) expires: u64,
    pub(in crate::emulator) awaited: Awaited,
}

/// The sign-ins under way in a pool, oldest first.
#[derive(Default)]
pub(in crate::emulator) struct AuthSessions(pub(in crate::emulator) VecDeque<AuthSession>);

impl AuthSessions {
    /// How many are kept, so that nobody fills the memory with sign-ins that are never finished.
    const KEPT: usize = 10_000;

    /// Adds one.
    pub(in crate::emulator) fn add(&mut self, session: AuthSession) {
        if self.0.len() >= AuthSessions::KEPT {
            self.0.pop_front();
        }
        self.0.push_back(session);
    }

    /// Takes out the session of that id, which works once, for its client and user only.
    pub(in crate::emulator) fn take(&mut self, id: &str, client: &str, user: &str) -> Option<AuthSession> {
        let is_it = |session: &AuthSession| session.id == id && session.client_id == client && session.user == user;
        let index = self.0.iter().position(is_it)?;
        self.0.remove(index)
    }
}
