//! What users with passkeys do, in any order: register, list, delete and sign in, rightly, again, and with what is
//! another's.

use arbitrary::Unstructured;

use crate::ceremony::{ASSERTION, Assertion, Defect, Expect, REGISTRATION, Registration};

/// The most steps of one draw.
pub const STEPS: usize = 12;

/// How many users take them.
pub const USERS: usize = 2;

/// How many bytes each step is drawn from.
const SLOT: usize = 5;

/// Of how many values of a byte none is a defect.
const NO_DEFECT: usize = 96;

/// The most bytes that the steps are drawn from.
pub const LONGEST: usize = SLOT * STEPS;

/// One step by a user, who is told by number. Challenges, passkeys and sign-ins are counted over all users from the newest
/// one, so that zero is what was made last; there may be none of that number, and then nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `InitiateAuth` with the password.
    SignIn(usize),
    /// `StartWebAuthnRegistration`.
    Start(usize),
    /// `CompleteWebAuthnRegistration` with a challenge.
    Complete {
        /// Who calls.
        user: usize,
        /// The challenge.
        challenge: usize,
        /// The defect in the registration.
        defect: Option<&'static Defect<Registration>>,
        /// The passkey that is registered again, instead of a new one.
        again: Option<usize>,
    },
    /// `ListWebAuthnCredentials` from the first to the last page.
    List {
        /// Who calls.
        user: usize,
        /// `MaxResults`, 1 or more; the server's own where it is 0.
        page: usize,
    },
    /// `DeleteWebAuthnCredential`; an id that nobody has, where there is no passkey of that number.
    Delete {
        /// Who calls.
        user: usize,
        /// The passkey.
        passkey: usize,
    },
    /// `InitiateAuth` with a passkey preferred.
    Begin(usize),
    /// `RespondToAuthChallenge` with the assertion of a passkey.
    Answer {
        /// Whom the answer names.
        user: usize,
        /// The sign-in.
        sign_in: usize,
        /// The passkey.
        passkey: usize,
        /// The defect in the assertion.
        defect: Option<&'static Defect<Assertion>>,
    },
    /// `GetUserAuthFactors`.
    Factors(usize),
    /// `GlobalSignOut`.
    SignOut(usize),
    /// `AdminDisableUser`.
    Disable(usize),
    /// `AdminEnableUser`.
    Enable(usize),
    /// An hour passes for what the user has under way.
    Age(usize),
}

impl Step {
    /// The label.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Step::SignIn(_) => "ceremony.sign-in",
            Step::Start(_) => "ceremony.start",
            Step::Complete { .. } => "ceremony.complete",
            Step::List { .. } => "ceremony.list",
            Step::Delete { .. } => "ceremony.delete",
            Step::Begin(_) => "ceremony.begin-sign-in",
            Step::Answer { .. } => "ceremony.answer-sign-in",
            Step::Factors(_) => "ceremony.factors",
            Step::SignOut(_) => "ceremony.sign-out",
            Step::Disable(_) => "ceremony.disable",
            Step::Enable(_) => "ceremony.enable",
            Step::Age(_) => "ceremony.age",
        }
    }

    /// Every label.
    pub const NAMES: [&'static str; 12] = [
        "ceremony.sign-in",
        "ceremony.start",
        "ceremony.complete",
        "ceremony.list",
        "ceremony.delete",
        "ceremony.begin-sign-in",
        "ceremony.answer-sign-in",
        "ceremony.factors",
        "ceremony.sign-out",
        "ceremony.disable",
        "ceremony.enable",
        "ceremony.age",
    ];
}

/// Draws steps. Each has bytes of its own, so that to take one away leaves the others as they were. Zeros are no step.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<Step>> {
    let mut steps = Vec::new();
    for _ in 0..STEPS {
        let mut slot = Unstructured::new(u.bytes(u.len().min(SLOT))?);
        steps.extend(step(&mut slot)?);
    }
    Ok(steps)
}

fn step(u: &mut Unstructured<'_>) -> arbitrary::Result<Option<Step>> {
    let (kind, user) = (u.int_in_range(0..=20_u8)?, usize::from(u.int_in_range(0..=1_u8)?));
    // Mostly what was made last.
    let mut number = || -> arbitrary::Result<usize> { Ok(usize::from(u.int_in_range(0..=7_u8)?).saturating_sub(4)) };
    Ok(Some(match kind {
        1..=3 => Step::Start(user),
        4..=6 => {
            let (challenge, details) = (number()?, number()?);
            let again = details.checked_sub(1);
            Step::Complete { user, challenge, defect: defect(u, &REGISTRATION)?, again }
        }
        7 => Step::List { user, page: number()? },
        8 | 9 => Step::Delete { user, passkey: number()? },
        10 | 11 => Step::Begin(user),
        12..=14 => {
            let (sign_in, passkey) = (number()?, number()?);
            Step::Answer { user, sign_in, passkey, defect: defect(u, &ASSERTION)? }
        }
        15 => Step::Factors(user),
        16 => Step::SignOut(user),
        17 => Step::Disable(user),
        18 => Step::Enable(user),
        19 => Step::Age(user),
        20 => Step::SignIn(user),
        _ => return Ok(None),
    }))
}

/// In every second draw one of the defects that must be refused whatever the pool is set to.
fn defect<T>(u: &mut Unstructured<'_>, table: &'static [Defect<T>]) -> arbitrary::Result<Option<&'static Defect<T>>> {
    let number = usize::from(u.int_in_range(0..=255_u8)?);
    let Some(number) = number.checked_sub(NO_DEFECT) else { return Ok(None) };
    let mut refused =
        table.iter().filter(|defect| defect.must == Expect::Refused && defect.user_verification.is_none());
    Ok(refused.nth(number))
}
