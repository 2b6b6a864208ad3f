//! Registrations and sign-ins that are to be finished: why they must be refused, and whether they must be taken.

use super::{Ceremonies, Good};
use crate::ceremony::{Class, Credential};
use crate::cognito::Rule;
use crate::cognito::rules::{ceremony, credentials, sign_in};
use crate::generate::ceremony::Step;

/// What must become of an attempt.
pub(super) struct Attempt {
    /// The rules that it breaks, with the classes of its refusal.
    pub(super) broken: Vec<(&'static Rule, Option<Class>)>,
    /// Whether it may be refused for a reason that nobody knows of.
    pub(super) is_open: bool,
}

const CHALLENGE: (&Rule, Option<Class>) =
    (&credentials::CHALLENGE_OWN, Some((&["WebAuthnChallengeNotFoundException"], &ceremony::CLASS_CHALLENGE)));

/// Of a registration with a challenge, by a user whose token is good.
pub(super) fn registration(
    known: &Ceremonies,
    user: usize,
    challenge: usize,
    step: Step,
    credential: &Credential,
) -> Attempt {
    let challenge = &known.challenges[challenge];
    let mut broken = Vec::new();
    if challenge.user != user || matches!(challenge.good, Good::Used | Good::Expired) {
        broken.push(CHALLENGE);
    }
    match step {
        // Whatever id it then has, the defect itself is wrong.
        Step::Complete { defect: Some(defect), .. } => broken.push((defect.rule, defect.class)),
        _ if known.owner_of(&credential.id_text()).is_some() => broken.push((&ceremony::CREDENTIAL_ID_UNIQUE, None)),
        _ => {}
    }
    let was_registered = known.passkeys.iter().any(|passkey| passkey.credential.id == credential.id);
    Attempt { broken, is_open: challenge.good == Good::Open || was_registered }
}

/// Of an answer to the passkey challenge of a sign-in.
pub(super) fn sign_in(known: &Ceremonies, user: usize, at: usize, passkey: usize, step: Step) -> Attempt {
    let (sign_in, passkey) = (&known.sign_ins[at], &known.passkeys[passkey]);
    let mut broken = Vec::new();
    if sign_in.user != user {
        broken.push((&sign_in::SESSION_BOUND, None));
    }
    match sign_in.good {
        Good::Used => broken.push((&sign_in::SESSION_ONCE, None)),
        Good::Expired => broken.push((&sign_in::SESSION_EXPIRES, None)),
        Good::Yes | Good::Open => {}
    }
    if passkey.owner != user {
        broken.push((&ceremony::CREDENTIAL, None));
    } else if passkey.is_deleted && known.owner_of(&passkey.credential.id_text()).is_none() {
        broken.push((&sign_in::DELETED, None));
    }
    if !known.users[user].is_enabled {
        broken.push((&sign_in::DISABLED, None));
    }
    if let Step::Answer { defect: Some(defect), .. } = step {
        broken.push((defect.rule, None));
    }
    // One that was registered, or registered again, after the sign-in began.
    let is_late = !sign_in.options.allow.contains(&passkey.credential.id) || passkey.is_deleted;
    Attempt { broken, is_open: sign_in.good == Good::Open || is_late }
}
