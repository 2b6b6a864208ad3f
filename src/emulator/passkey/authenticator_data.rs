//! Authenticator data (W3C WebAuthn L3, 6.1).

use ciborium::Value;
use ring::digest::{SHA256, digest};

use super::cbor;

const USER_PRESENT: u8 = 1 << 0;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENSIONS: u8 = 1 << 7;

/// Authenticator data, taken apart.
pub(super) struct AuthenticatorData<'a> {
    rp_id_hash: &'a [u8],
    flags: u8,
    pub(super) sign_count: u32,
    pub(super) attested: Option<Attested<'a>>,
}

/// Attested credential data (6.5.1), without the AAGUID: which model made the passkey means nothing here.
pub(super) struct Attested<'a> {
    pub(super) id: &'a [u8],
    pub(super) key: Value,
}

impl<'a> AuthenticatorData<'a> {
    /// Reads the bytes. `None` where what the flags promise is not there, or something stands behind it.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_at_checked(32)?;
        let (&flags, rest) = rest.split_first()?;
        let (sign_count, mut rest) = rest.split_first_chunk()?;
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (_aaguid, behind) = rest.split_at_checked(16)?;
            let (length, behind) = behind.split_first_chunk()?;
            let (id, behind) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
            let (key, behind) = cbor::first(behind)?;
            attested = Some(Attested { id, key });
            rest = behind;
        }
        if flags & EXTENSIONS != 0 {
            let (extensions, behind) = cbor::first(rest)?;
            extensions.as_map()?;
            rest = behind;
        }
        let sign_count = u32::from_be_bytes(*sign_count);
        rest.is_empty().then_some(AuthenticatorData { rp_id_hash, flags, sign_count, attested })
    }

    /// Whether the authenticator worked for this relying party.
    pub(super) fn is_for(&self, relying_party: &str) -> bool {
        digest(&SHA256, relying_party.as_bytes()).as_ref() == self.rp_id_hash
    }

    /// Whether somebody was there.
    pub(super) fn user_present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    /// Whether it was the user, by a PIN or biometrics.
    pub(super) fn user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    /// Whether the passkey may be copied to other devices.
    pub(super) fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    /// Whether what the flags say of backups can be: what is backed up is eligible (6.1.3).
    pub(super) fn backup_is_consistent(&self) -> bool {
        self.backup_eligible() || self.flags & BACKED_UP == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(flags: u8, rest: &[u8]) -> Vec<u8> {
        [digest(&SHA256, b"example.com").as_ref(), &[flags, 0, 0, 1, 2], rest].concat()
    }

    #[test]
    fn flags_say_what_follows_and_nothing_else_does() {
        let attested = [&[0; 16][..], &[0, 2, 7, 8], &[0xa1, 1, 2]].concat();
        let with = |more: &[u8]| [&attested[..], more].concat();
        for (flags, rest) in
            [(0x01, Vec::new()), (0x41, with(&[])), (0xc1, with(&[0xa0])), (0x81, vec![0xa1, 0x61, 0x61, 1])]
        {
            let bytes = data(flags, &rest);
            let read = AuthenticatorData::read(&bytes).unwrap();
            assert!(read.is_for("example.com") && !read.is_for("example.org"));
            assert_eq!(read.sign_count, 0x0102);
            assert_eq!(read.attested.map(|attested| attested.id.to_vec()), (flags & 0x40 != 0).then(|| vec![7, 8]));
            for cut in 0..bytes.len() {
                assert!(AuthenticatorData::read(&bytes[..cut]).is_none(), "{flags:x} cut at {cut}");
            }
            let longer = [&bytes[..], &[0]].concat();
            assert!(AuthenticatorData::read(&longer).is_none(), "{flags:x} with a byte more");
        }
        assert!(AuthenticatorData::read(&data(0x81, &[0x80])).is_none(), "extensions are a map");
        let lying = [&[0; 16][..], &[0, 3, 7, 8], &[0xa1, 1, 2]].concat();
        assert!(AuthenticatorData::read(&data(0x41, &lying)).is_none(), "a length that lies");
    }

    #[test]
    fn each_flag_has_its_bit() {
        let read = |flags| {
            let bytes = data(flags, &[]);
            let read = AuthenticatorData::read(&bytes).unwrap();
            (read.user_present(), read.user_verified(), read.backup_eligible(), read.backup_is_consistent())
        };
        assert_eq!(read(0x00), (false, false, false, true));
        assert_eq!(read(0x01), (true, false, false, true));
        assert_eq!(read(0x04), (false, true, false, true));
        assert_eq!(read(0x08), (false, false, true, true));
        assert_eq!(read(0x10), (false, false, false, false));
        assert_eq!(read(0x1d), (true, true, true, true));
    }
}
