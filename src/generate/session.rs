//! Sessions of one user: signing in and out, refreshing and revoking in any order, with calls in between.

use arbitrary::Unstructured;

/// The most steps of one draw.
pub const STEPS: usize = 8;

/// One step. What it is about is told by its number, counted from the first of the user's sessions or tokens; there may be
/// none of that number, and then nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// `InitiateAuth` with the password: a new session with an access token.
    SignIn,
    /// `InitiateAuth` with the refresh token of that session: one more access token.
    Refresh(usize),
    /// The operation, with that access token.
    Call(usize),
    /// `GlobalSignOut` with that access token.
    SignOut(usize),
    /// `RevokeToken` of the refresh token of that session.
    Revoke(usize),
    /// `AdminUserGlobalSignOut`.
    SignOutByAdmin,
}

impl Step {
    /// The label.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Step::SignIn => "session.sign-in",
            Step::Refresh(_) => "session.refresh",
            Step::Call(_) => "session.call",
            Step::SignOut(_) => "session.sign-out",
            Step::Revoke(_) => "session.revoke",
            Step::SignOutByAdmin => "session.sign-out-by-admin",
        }
    }

    /// Every label.
    pub const NAMES: [&'static str; 6] = [
        "session.sign-in",
        "session.refresh",
        "session.call",
        "session.sign-out",
        "session.revoke",
        "session.sign-out-by-admin",
    ];
}

/// Draws steps for a user who has signed in once. Zeros are no step.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<Step>> {
    let mut steps = Vec::new();
    for _ in 0..STEPS {
        let (kind, number) = (u.int_in_range(0..=9_u8)?, usize::from(u.int_in_range(0..=3_u8)?));
        steps.extend(match kind {
            0 | 9 => None,
            1 | 2 => Some(Step::Refresh(number)),
            3 | 4 => Some(Step::Call(number)),
            5 => Some(Step::SignIn),
            6 => Some(Step::SignOut(number)),
            7 => Some(Step::Revoke(number)),
            _ => Some(Step::SignOutByAdmin),
        });
    }
    Ok(steps)
}
