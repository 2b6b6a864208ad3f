//! Labelled defects of registrations and assertions: the edit, what a server must make of it, and by which rule.
//!
//! One entry is one thing out of the ordinary, so a draft without it is its witness. What a server may choose, and what
//! nobody knows, is only observed; what is legal and merely unusual must be served.

mod assertion;
mod attestation;
mod authenticator_data;
mod challenge;
mod client_data;
mod draft;
mod envelope;
mod key;
mod origin;
mod registration;
mod steps;

use std::sync::LazyLock;

use super::{Assertion, Registration, UserVerification};
use crate::cognito::Rule;

/// The error classes that are right for a refusal, the likeliest first, and the rule that says so.
pub type Class = (&'static [&'static str], &'static Rule);

/// What a server must make of a draft with the defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expect {
    /// It refuses.
    Refused,
    /// Nobody knows, or the server may choose.
    Observed,
    /// It serves: the draft is legal, and unusual.
    Accepted,
}

/// One thing out of the ordinary in a draft.
pub struct Defect<T> {
    /// A stable name: words joined by hyphens, never given to another.
    pub name: &'static str,
    /// What is expected of a server, a sentence that begins with a verb.
    pub title: &'static str,
    /// Puts it into a right draft.
    pub edit: fn(&mut T),
    /// What a server must make of it.
    pub must: Expect,
    /// The rule that says so.
    pub rule: &'static Rule,
    /// The right error classes of a refusal.
    pub class: Option<Class>,
    /// The user verification that the options must ask for; with another the defect would be none.
    pub user_verification: Option<UserVerification>,
}

/// Everything for registrations; more than 200. Edits of the public key are of an ES256 credential's.
pub static REGISTRATION: LazyLock<Vec<Defect<Registration>>> = LazyLock::new(|| {
    let steps = &steps::REGISTRATION;
    [
        client_data::defects(steps),
        challenge::defects(steps),
        origin::defects(steps),
        authenticator_data::defects(steps),
        registration::defects(),
        key::defects(),
        attestation::defects(),
        envelope::defects(steps),
        envelope::registration(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Everything for assertions; more than 130. The credential that they are for was registered by a draft as it comes, without
/// a defect: not backed up, and counting from 1.
pub static ASSERTION: LazyLock<Vec<Defect<Assertion>>> = LazyLock::new(|| {
    let steps = &steps::ASSERTION;
    [
        client_data::defects(steps),
        challenge::defects(steps),
        origin::defects(steps),
        authenticator_data::defects(steps),
        assertion::defects(),
        envelope::defects(steps),
        envelope::assertion(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

fn refused<T>(
    name: &'static str,
    title: &'static str,
    edit: fn(&mut T),
    rule: &'static Rule,
    class: Class,
) -> Defect<T> {
    Defect { name, title, edit, must: Expect::Refused, rule, class: Some(class), user_verification: None }
}

fn observed<T>(name: &'static str, title: &'static str, edit: fn(&mut T), rule: &'static Rule) -> Defect<T> {
    Defect { name, title, edit, must: Expect::Observed, rule, class: None, user_verification: None }
}

fn accepted<T>(name: &'static str, title: &'static str, edit: fn(&mut T), rule: &'static Rule) -> Defect<T> {
    Defect { name, title, edit, must: Expect::Accepted, rule, class: None, user_verification: None }
}

impl<T> Defect<T> {
    /// The same, for options that ask for this user verification.
    fn under(self, user_verification: UserVerification) -> Self {
        Defect { user_verification: Some(user_verification), ..self }
    }
}
