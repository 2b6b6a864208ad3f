//! Passkeys as a relying party verifies them: W3C WebAuthn L3, 7.1 (registration) and 7.2 (sign-in).
//!
//! | file | what it reads |
//! |---|---|
//! | `document` | the JSON that clients send: `RegistrationResponseJSON`, `AuthenticationResponseJSON` |
//! | `client_data` | what the browser says |
//! | `authenticator_data`, `cose_key`, `attestation`, `cbor` | what the authenticator says |
//! | `registration`, `assertion` | the procedures: each step one [`Check`] |

mod assertion;
mod attestation;
mod authenticator_data;
mod cbor;
mod client_data;
mod cose_key;
mod document;
mod registration;

pub(super) use cose_key::{ES256, PublicKey, RS256};
use data_encoding::BASE64URL_NOPAD;
pub(super) use document::{Assertion, Registration};

use super::state::Pool;

/// What a relying party looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// The bytes can be read.
    Encoding,
    /// `type` of the client data.
    Type,
    /// `challenge` of the client data.
    Challenge,
    /// `origin` of the client data.
    Origin,
    /// The page was not in a frame of another origin. The specification leaves this to the relying party.
    Frame,
    /// The relying party id, as the authenticator hashed it.
    RelyingParty,
    /// Somebody was there.
    UserPresent,
    /// It was the user, where that is asked for.
    UserVerified,
    /// The flags on backups can be, and are those of the registration.
    Backup,
    /// The credential id has 1 to 1023 bytes, and is the same everywhere.
    CredentialId,
    /// The algorithm is one that was offered.
    Algorithm,
    /// The key can verify signatures.
    Key,
    /// The attestation statement.
    Attestation,
    /// The signature of an assertion.
    Signature,
    /// The user handle, where there is one.
    UserHandle,
}

/// What the options asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// In base64url, as it was sent.
    pub(super) challenge: String,
    /// The relying party id.
    pub(super) relying_party: String,
    /// Whether the authenticator must verify the user.
    pub(super) user_verification: bool,
}

impl Asked {
    /// A fresh challenge of a pool whose relying party this is. It has 16 bytes, as in every published capture.
    pub(super) fn new(relying_party: String, pool: &Pool) -> Self {
        Asked {
            challenge: BASE64URL_NOPAD.encode(&rand::random::<[u8; 16]>()),
            relying_party,
            user_verification: pool.user_verification() == "required",
        }
    }
}

/// Decides what becomes of a check: it is passed where it holds, and where a fault leaves it out.
pub(super) type Pass<'a> = &'a dyn Fn(Check, bool) -> Result<(), Check>;
