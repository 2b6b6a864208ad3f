//! Authenticator data: what only a registration has of it, the new credential.

use super::draft::authenticator_bytes;
use super::steps::{CLASS_INVALID, CLASS_NOT_SUPPORTED};
use super::{Defect, accepted, observed, refused};
use crate::ceremony::Registration;
use crate::ceremony::authenticator_data::flags;
use crate::ceremony::credential::random;
use crate::cognito::rules::ceremony as rules;

/// Where the length of the credential id stands, and how many bytes it has: after hash, flags, counter and AAGUID.
const LENGTH: std::ops::Range<usize> = 53..55;

pub(super) fn defects() -> Vec<Defect<Registration>> {
    flag_bits().into_iter().chain(ids()).collect()
}

fn flag_bits() -> Vec<Defect<Registration>> {
    let taken = |name, title, edit| accepted(name, title, edit, &rules::REGISTRATION_SERVED);
    vec![
        refused(
            "attested-flag-missing",
            "refuses a credential without the flag that says it is there",
            |draft: &mut Registration| {
                draft.authenticator_data.flags &= !flags::AT;
            },
            &rules::ATTESTED,
            CLASS_INVALID,
        ),
        refused(
            "attested-missing",
            "refuses authenticator data without a credential",
            |draft| {
                let data = &mut draft.authenticator_data;
                data.flags &= !flags::AT;
                data.instead = Some(data.bytes().into_iter().take(37).collect());
            },
            &rules::ATTESTED,
            CLASS_INVALID,
        ),
        refused(
            "attested-flag-alone",
            "refuses a flag for a credential without a credential",
            |draft| {
                authenticator_bytes(draft, |bytes| bytes.truncate(37));
            },
            &rules::REGISTRATION_AUTHENTICATOR_DATA,
            CLASS_INVALID,
        ),
        taken("backup-eligible", "takes a credential that may be backed up", |draft| {
            draft.authenticator_data.flags |= flags::BE;
        }),
        taken("backed-up", "takes a credential that is backed up", |draft| {
            draft.authenticator_data.flags |= flags::BE | flags::BS;
        }),
        taken("counter-zero", "takes a credential that does not count", |draft| {
            draft.authenticator_data.sign_count = 0
        }),
        taken("aaguid", "takes a credential that names its authenticator's model", |draft| {
            if let Some(attested) = &mut draft.authenticator_data.attested {
                attested.aaguid = *b"\xfb\xfc\x30\x07\x15\x4e\x4e\xcc\x8c\x0b\x6e\x02\x05\x57\xd7\xbd";
            }
        }),
    ]
}

fn ids() -> Vec<Defect<Registration>> {
    vec![
        refused(
            "credential-id-empty",
            "refuses an empty credential id",
            |draft: &mut Registration| id(draft, 0),
            &rules::CREDENTIAL_ID_EMPTY,
            CLASS_INVALID,
        ),
        observed(
            "credential-id-1",
            "observes a credential id of 1 byte",
            |draft| id(draft, 1),
            &rules::CREDENTIAL_ID_SHORT,
        ),
        accepted(
            "credential-id-16",
            "takes a credential id of 16 bytes",
            |draft| id(draft, 16),
            &rules::REGISTRATION_SERVED,
        ),
        accepted(
            "credential-id-1023",
            "takes a credential id of 1023 bytes",
            |draft| id(draft, 1023),
            &rules::REGISTRATION_SERVED,
        ),
        refused(
            "credential-id-1024",
            "refuses a credential id of 1024 bytes",
            |draft| id(draft, 1024),
            &rules::CREDENTIAL_ID_LENGTH,
            CLASS_NOT_SUPPORTED,
        ),
        refused(
            "credential-id-65535",
            "refuses a credential id of 65535 bytes",
            |draft| id(draft, 65535),
            &rules::CREDENTIAL_ID_LENGTH,
            CLASS_NOT_SUPPORTED,
        ),
        refused(
            "credential-id-length-more",
            "refuses a credential id that is shorter than it says",
            |draft| {
                authenticator_bytes(draft, |bytes| bytes.splice(LENGTH, [0xff, 0xff]).for_each(drop));
            },
            &rules::REGISTRATION_AUTHENTICATOR_DATA,
            CLASS_INVALID,
        ),
        refused(
            "credential-id-length-less",
            "refuses a credential id that is longer than it says",
            |draft| {
                authenticator_bytes(draft, |bytes| bytes.splice(LENGTH, [0, 1]).for_each(drop));
            },
            &rules::REGISTRATION_AUTHENTICATOR_DATA,
            CLASS_INVALID,
        ),
    ]
}

/// A new id of that length, which the whole draft agrees on.
fn id(draft: &mut Registration, length: usize) {
    if let Some(attested) = &mut draft.authenticator_data.attested {
        attested.credential_id = random(length);
    }
}
