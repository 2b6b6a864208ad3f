//! Authenticator data, taken apart (WebAuthn, 6.1).

use ciborium::Value;

use crate::ceremony::authenticator_data::flags;

/// Where the length of a credential id stands: after hash, flags, counter and AAGUID.
const ID_LENGTH: usize = 53;

pub(super) struct AuthenticatorData<'a> {
    pub(super) rp_id_hash: &'a [u8],
    pub(super) flags: u8,
    pub(super) attested: Option<Attested<'a>>,
}

/// Attested credential data, without the AAGUID.
pub(super) struct Attested<'a> {
    pub(super) id: &'a [u8],
    pub(super) key: Value,
}

impl<'a> AuthenticatorData<'a> {
    /// Nothing where the bytes are not laid out as their flags and lengths say.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32)?;
        let ([flags, _, _, _, _], mut rest) = rest.split_first_chunk()?;
        let mut attested = None;
        if flags & flags::AT != 0 {
            let (length, behind) = rest.get(16..)?.split_first_chunk()?;
            let (id, mut behind) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
            attested = Some(Attested { id, key: ciborium::from_reader(&mut behind).ok()? });
            rest = behind;
        }
        if flags & flags::ED != 0 && !ciborium::from_reader::<Value, _>(&mut rest).ok()?.is_map() {
            return None;
        }
        rest.is_empty().then_some(AuthenticatorData { rp_id_hash, flags: *flags, attested })
    }
}

/// The credential id in authenticator data, as far as its length reaches into them.
#[must_use]
pub fn credential_id(authenticator_data: &[u8]) -> Option<&[u8]> {
    let (length, behind) = authenticator_data.get(ID_LENGTH..)?.split_first_chunk()?;
    behind.get(..u16::from_be_bytes(*length).into())
}
