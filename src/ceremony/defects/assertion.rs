//! What only an assertion has: the signature, the credential, the user handle, and what was registered.

use super::steps::CLASS_SIGN_IN;
use super::{Defect, accepted, observed, refused};
use crate::ceremony::authenticator_data::{AttestedCredential, flags};
use crate::ceremony::credential::{Key, random};
use crate::ceremony::{Algorithm, Assertion};
use crate::cognito::rules::ceremony as rules;

pub(super) fn defects() -> Vec<Defect<Assertion>> {
    signatures().into_iter().chain(identities()).chain(choices()).collect()
}

fn signatures() -> Vec<Defect<Assertion>> {
    let row = |name, title, edit| refused(name, title, edit, &rules::SIGNATURE, CLASS_SIGN_IN);
    vec![
        row("signature-flipped", "refuses a signature with another last bit", |draft: &mut Assertion| {
            edit(draft, |signature| signature.last_mut().into_iter().for_each(|last| *last ^= 1));
        }),
        row("signature-truncated", "refuses a signature without its last byte", |draft| {
            edit(draft, |signature| {
                signature.pop();
            });
        }),
        row("signature-trailing", "refuses a signature with a byte after it", |draft| {
            edit(draft, |signature| signature.push(0));
        }),
        row("signature-empty", "refuses an empty signature", |draft| draft.signature = Some(Vec::new())),
        row("signature-zeros", "refuses a signature of zeros", |draft| edit(draft, |signature| signature.fill(0))),
        row("signature-of-zero", "refuses an ECDSA signature whose numbers are both zero", |draft| {
            draft.signature = Some(vec![0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]);
        }),
        row("signature-other-key", "refuses a signature by another key", |draft| {
            draft.key = Key::new(Algorithm::Es256)
        }),
        row("signature-other-algorithm", "refuses a signature by a key of another algorithm", |draft| {
            draft.key = Key::new(match draft.key.algorithm() {
                Algorithm::Es256 => Algorithm::Rs256,
                Algorithm::Rs256 => Algorithm::Es256,
            });
        }),
        row("signature-data-only", "refuses a signature over the authenticator data alone", |draft| {
            draft.signature = Some(draft.key.sign(&draft.authenticator_data.bytes()));
        }),
        row("signature-client-data-only", "refuses a signature over the hash of the client data alone", |draft| {
            draft.signature = Some(draft.key.sign(&draft.client_data.hash()));
        }),
        row("signature-client-data-plain", "refuses a signature over the client data instead of their hash", |draft| {
            let message = [draft.authenticator_data.bytes(), draft.client_data.bytes()].concat();
            draft.signature = Some(draft.key.sign(&message));
        }),
        row("signature-swapped", "refuses a signature over hash and authenticator data in the wrong order", |draft| {
            let message = [draft.client_data.hash(), draft.authenticator_data.bytes()].concat();
            draft.signature = Some(draft.key.sign(&message));
        }),
        row("signature-counter", "refuses a signature over another counter", |draft| {
            draft.signature = Some(draft.signature());
            draft.authenticator_data.sign_count ^= 1;
        }),
        row("signature-flags", "refuses a signature over other flags", |draft| {
            draft.authenticator_data.flags &= !flags::UV;
            draft.signature = Some(draft.signature());
            draft.authenticator_data.flags |= flags::UV;
        }),
        row("signature-member", "refuses a signature over other client data", |draft| {
            draft.signature = Some(draft.signature());
            draft.client_data.set("unknown", true);
        }),
        row("signature-raw", "refuses an ECDSA signature that is r and s instead of DER", |draft| edit(draft, raw)),
    ]
}

fn identities() -> Vec<Defect<Assertion>> {
    let credential = |name, title, edit| refused(name, title, edit, &rules::CREDENTIAL, CLASS_SIGN_IN);
    let handle = |name, title, edit| refused(name, title, edit, &rules::USER_HANDLE, CLASS_SIGN_IN);
    vec![
        credential("credential-unknown-id", "refuses a credential that nobody registered", |draft: &mut Assertion| {
            draft.credential_id = random(32);
        }),
        credential("credential-cut-id", "refuses the first half of a credential's id", |draft| {
            draft.credential_id.truncate(draft.credential_id.len() / 2);
        }),
        credential("credential-extended-id", "refuses an id that only begins with a credential's", |draft| {
            draft.credential_id.push(0);
        }),
        handle("user-handle-other", "refuses the user handle of another", |draft| draft.user_handle = Some(random(36))),
        handle("user-handle-cut", "refuses the first half of the user handle", |draft| {
            if let Some(handle) = &mut draft.user_handle {
                handle.truncate(handle.len() / 2);
            }
        }),
        handle("user-handle-empty", "refuses an empty user handle", |draft| draft.user_handle = Some(Vec::new())),
        accepted(
            "user-handle-missing",
            "takes an assertion without a user handle, whose user is known",
            |draft| {
                draft.user_handle = None;
            },
            &rules::ASSERTION_SERVED,
        ),
    ]
}

fn choices() -> Vec<Defect<Assertion>> {
    vec![
        observed(
            "counter-zero",
            "observes a counter that is zero again",
            |draft: &mut Assertion| {
                draft.authenticator_data.sign_count = 0;
            },
            &rules::SIGN_COUNT,
        ),
        observed(
            "backup-eligible",
            "observes a credential that has become one that may be backed up",
            |draft| {
                draft.authenticator_data.flags |= flags::BE;
            },
            &rules::BACKUP_CHANGED,
        ),
        observed(
            "backed-up",
            "observes a credential that has become one that is backed up",
            |draft| {
                draft.authenticator_data.flags |= flags::BE | flags::BS;
            },
            &rules::BACKUP_CHANGED,
        ),
        observed(
            "attested",
            "observes an assertion with attested credential data",
            |draft| {
                draft.authenticator_data.flags |= flags::AT;
                draft.authenticator_data.attested = Some(AttestedCredential {
                    aaguid: [0; 16],
                    credential_id: draft.credential_id.clone(),
                    cose_key: draft.key.cose(),
                });
            },
            &rules::ASSERTION_ATTESTED,
        ),
    ]
}

fn edit(draft: &mut Assertion, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut signature = draft.signature();
    edit(&mut signature);
    draft.signature = Some(signature);
}

/// The numbers of an ECDSA signature, 32 bytes each (RFC 3279, 2.2.3); all that is no such signature becomes zeros.
fn raw(signature: &mut Vec<u8>) {
    let mut numbers = vec![0; 64];
    let mut rest = signature.get(2..).unwrap_or_default();
    for half in numbers.chunks_mut(32) {
        let [0x02, length, after @ ..] = rest else { break };
        let (number, after) = after.split_at_checked(usize::from(*length)).unwrap_or_default();
        // A zero may stand before a set high bit; leading zeros are left out.
        let number = &number[number.iter().take_while(|&&byte| byte == 0).count()..];
        if let Some(place) = 32_usize.checked_sub(number.len()) {
            half[place..].copy_from_slice(number);
        }
        rest = after;
    }
    *signature = numbers;
}
