//! Authenticator data: what both ceremonies have of it.

use super::draft::{Draft, authenticator_bytes};
use super::steps::Steps;
use super::{Defect, accepted, observed, refused};
use crate::ceremony::authenticator_data::{flags, rp_id_hash};
use crate::ceremony::{UserVerification, cbor};

pub(super) fn defects<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    hashes(steps).into_iter().chain(flag_bits(steps)).chain(layout(steps)).collect()
}

fn hashes<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let row = |name, title, edit| refused(name, title, edit, steps.rp_id_hash, steps.class_relying_party);
    vec![
        row("rp-id-hash-other", "refuses the hash of another relying party id", |draft: &mut T| {
            draft.authenticator_data().rp_id_hash = rp_id_hash("evil.test");
        }),
        row("rp-id-hash-origin", "refuses the hash of the origin", |draft| {
            let origin = draft.client_data().text("origin").to_owned();
            draft.authenticator_data().rp_id_hash = rp_id_hash(&origin);
        }),
        row("rp-id-hash-case", "refuses the hash of the relying party id in capitals", |draft| {
            let hash = rp_id_hash(&draft.rp_id().to_uppercase());
            draft.authenticator_data().rp_id_hash = hash;
        }),
        row("rp-id-hash-zeros", "refuses a hash of zeros", |draft| {
            draft.authenticator_data().rp_id_hash = vec![0; 32];
        }),
        row("rp-id-hash-last-byte", "refuses a hash whose last byte is another", |draft| {
            if let Some(last) = draft.authenticator_data().rp_id_hash.last_mut() {
                *last ^= 1;
            }
        }),
    ]
}

fn flag_bits<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    vec![
        refused(
            "user-absent",
            "refuses a ceremony without the user's presence",
            |draft: &mut T| {
                draft.authenticator_data().flags &= !flags::UP;
            },
            steps.user_present,
            steps.class,
        ),
        refused(
            "user-not-verified",
            "refuses a user who was not verified where that is required",
            |draft: &mut T| {
                draft.authenticator_data().flags &= !flags::UV;
            },
            steps.user_verified,
            steps.class_not_supported,
        )
        .under(UserVerification::Required),
        accepted(
            "user-not-verified-preferred",
            "takes a user who was not verified where that is only preferred",
            |draft: &mut T| {
                draft.authenticator_data().flags &= !flags::UV;
            },
            steps.served,
        )
        .under(UserVerification::Preferred),
        refused(
            "backup-state-alone",
            "refuses a credential that is backed up and may not be",
            |draft| {
                draft.authenticator_data().flags |= flags::BS;
            },
            steps.backup,
            steps.class,
        ),
        observed(
            "reserved-flags",
            "observes reserved flags that are set",
            |draft| {
                draft.authenticator_data().flags |= flags::RFU1 | flags::RFU2;
            },
            steps.reserved,
        ),
        accepted(
            "counter-most",
            "takes the greatest signature counter",
            |draft| {
                draft.authenticator_data().sign_count = u32::MAX;
            },
            steps.served,
        ),
    ]
}

fn layout<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let row = |name, title, edit| refused(name, title, edit, steps.authenticator_data, steps.class);
    let end = |name, title, edit| refused(name, title, edit, steps.end, steps.class);
    vec![
        row("authenticator-data-empty", "refuses authenticator data of no bytes", |draft: &mut T| {
            draft.authenticator_data().instead = Some(Vec::new());
        }),
        row("authenticator-data-hash-only", "refuses authenticator data that ends after the hash", |draft| {
            authenticator_bytes(draft, |bytes| bytes.truncate(32));
        }),
        row("authenticator-data-truncated", "refuses authenticator data without its last byte", |draft| {
            authenticator_bytes(draft, |bytes| {
                bytes.pop();
            });
        }),
        end("authenticator-data-trailing", "refuses authenticator data with bytes after it", |draft| {
            draft.authenticator_data().trailing = vec![0];
        }),
        end("extension-flag-alone", "refuses a flag for extensions without extensions", |draft| {
            draft.authenticator_data().flags |= flags::ED;
        }),
        end("extensions-not-cbor", "refuses extensions that are not CBOR", |draft| {
            extensions(draft, &[0xff]);
        }),
        end("extensions-not-map", "refuses extensions that are not a map", |draft| {
            extensions(draft, &[0x80]);
        }),
        observed(
            "extensions-unasked",
            "observes extensions that nobody asked for",
            |draft| {
                let map = cbor::text_map([("credProtect", 2.into())]);
                extensions(draft, &cbor::bytes(&ciborium::Value::Map(map)));
            },
            steps.extensions,
        ),
    ]
}

fn extensions<T: Draft>(draft: &mut T, bytes: &[u8]) {
    let data = draft.authenticator_data();
    data.flags |= flags::ED;
    data.trailing = bytes.to_vec();
}
