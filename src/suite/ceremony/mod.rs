//! Passkeys from registration to sign-in: the operations around `StartWebAuthnRegistration`.
//!
//! Every case has users of its own, who hold their passkeys in the software authenticator of [`crate::ceremony`].

mod act;
mod complete;
mod defects;
mod delete;
mod draft;
mod limits;
mod list;
mod sessions;
mod sign_in;
mod tokens;

use super::Case;

pub(super) fn cases() -> Vec<Case> {
    [
        complete::cases(),
        defects::registration_defects(),
        list::cases(),
        delete::cases(),
        limits::cases(),
        tokens::cases(),
        sign_in::cases(),
        sessions::cases(),
        defects::assertion_defects(),
    ]
    .concat()
}
