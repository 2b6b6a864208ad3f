//! Access tokens: JSON Web Tokens (RFC 7519) as Cognito makes them.

mod check;
mod claims;
mod draft;
mod mint;
mod parse;
mod public_key;
mod verify;

pub use check::check;
pub use claims::{Claims, Issuer, IssuerForm, REQUIRED as REQUIRED_CLAIMS};
pub use draft::Draft;
pub use mint::{Key, KeyError, mint};
pub use parse::{AccessToken, Header, Inspection, Segments, inspect};
pub use public_key::PublicKey;
pub use verify::{Jwks, JwksError, VerifyError, verify};

/// The time, in seconds since the epoch, as tokens count it (RFC 7519, 2, NumericDate); in a replay, that of the recorded run.
#[must_use]
pub fn now() -> i64 {
    crate::tape::draw(|| {
        let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
    })
}
