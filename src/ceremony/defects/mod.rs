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
pub(super) mod steps;

use std::fmt;
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

/// What a defect is put into. Of one place a draft has at most one defect, and they are put in in this order, each into what
/// those before it have left: then none is lost, though one may still undo what another did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// `challenge` of the client data.
    Challenge,
    /// `origin` of the client data.
    Origin,
    /// The client data as a whole.
    ClientData,
    /// The public key of the new credential.
    Key,
    /// The authenticator data, with all else about a new credential.
    AuthenticatorData,
    /// The attestation object.
    Attestation,
    /// The signature, the credential and the user of an assertion.
    Assertion,
    /// The JSON around it all.
    Envelope,
}

/// One thing out of the ordinary in a draft.
pub struct Defect<T> {
    /// A stable name: words joined by hyphens, never given to another.
    pub name: &'static str,
    /// What is expected of a server, a sentence that begins with a verb.
    pub title: &'static str,
    /// What it is put into.
    pub place: Place,
    /// Puts it into a draft.
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
        (Place::ClientData, client_data::defects(steps)),
        (Place::Challenge, challenge::defects(steps)),
        (Place::Origin, origin::defects(steps)),
        (Place::AuthenticatorData, authenticator_data::defects(steps)),
        (Place::AuthenticatorData, registration::defects()),
        (Place::Key, key::defects()),
        (Place::Attestation, attestation::defects()),
        (Place::Envelope, envelope::defects(steps)),
        (Place::Envelope, envelope::registration()),
    ]
    .into_iter()
    .flat_map(placed)
    .collect()
});

/// Everything for assertions; more than 130. The credential that they are for was registered by a draft as it comes, without
/// a defect: not backed up, and counting from 1.
pub static ASSERTION: LazyLock<Vec<Defect<Assertion>>> = LazyLock::new(|| {
    let steps = &steps::ASSERTION;
    [
        (Place::ClientData, client_data::defects(steps)),
        (Place::Challenge, challenge::defects(steps)),
        (Place::Origin, origin::defects(steps)),
        (Place::AuthenticatorData, authenticator_data::defects(steps)),
        (Place::Assertion, assertion::defects()),
        (Place::Envelope, envelope::defects(steps)),
        (Place::Envelope, envelope::assertion()),
    ]
    .into_iter()
    .flat_map(placed)
    .collect()
});

/// Tells where they are put; the functions that make them do not know.
fn placed<T>((place, defects): (Place, Vec<Defect<T>>)) -> impl Iterator<Item = Defect<T>> {
    defects.into_iter().map(move |defect| Defect { place, ..defect })
}

fn refused<T>(
    name: &'static str,
    title: &'static str,
    edit: fn(&mut T),
    rule: &'static Rule,
    class: Class,
) -> Defect<T> {
    Defect {
        name,
        title,
        place: Place::Envelope,
        edit,
        must: Expect::Refused,
        rule,
        class: Some(class),
        user_verification: None,
    }
}

fn observed<T>(name: &'static str, title: &'static str, edit: fn(&mut T), rule: &'static Rule) -> Defect<T> {
    Defect {
        name,
        title,
        place: Place::Envelope,
        edit,
        must: Expect::Observed,
        rule,
        class: None,
        user_verification: None,
    }
}

fn accepted<T>(name: &'static str, title: &'static str, edit: fn(&mut T), rule: &'static Rule) -> Defect<T> {
    Defect {
        name,
        title,
        place: Place::Envelope,
        edit,
        must: Expect::Accepted,
        rule,
        class: None,
        user_verification: None,
    }
}

/// One ceremony has no name twice.
impl<T> PartialEq for Defect<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<T> Eq for Defect<T> {}

impl<T> fmt::Debug for Defect<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl<T> Defect<T> {
    /// The same, for options that ask for this user verification.
    fn under(self, user_verification: UserVerification) -> Self {
        Defect { user_verification: Some(user_verification), ..self }
    }
}
