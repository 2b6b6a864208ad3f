//! Registrations and assertions with labelled defects, one of a place.

use std::sync::LazyLock;

use arbitrary::Unstructured;

use super::slots;
use crate::ceremony::{
    ASSERTION, Algorithm, Assertion, Creation, Credential, Defect, Expect, REGISTRATION, Registration, RequestOptions,
    UserVerification,
};
use crate::cognito::Rule;

/// The most bytes that one is drawn from.
pub const LONGEST: usize = slots::ALL;

/// The defects that were drawn, in the order in which they are put in.
#[derive(Debug)]
pub struct Drawn<T: 'static> {
    /// No two of one place.
    pub defects: Vec<&'static Defect<T>>,
}

/// What the answer must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// A success; the rule says so.
    Served(Option<&'static Rule>),
    /// An error of these classes; where there are none, any error of the client.
    Refused(&'static Rule, &'static [&'static str]),
    /// A success or an error of the client: nobody knows, or the server may choose.
    Open,
}

/// Draws a registration for options with any user verification: see [`Drawn::user_verification`]. Zeros are no defect.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn registration(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn<Registration>> {
    static TABLE: LazyLock<Vec<&'static Defect<Registration>>> = LazyLock::new(|| REGISTRATION.iter().collect());
    draw(u, &TABLE)
}

/// The same for an assertion.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn assertion(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn<Assertion>> {
    static TABLE: LazyLock<Vec<&'static Defect<Assertion>>> = LazyLock::new(|| ASSERTION.iter().collect());
    draw(u, &TABLE)
}

fn draw<T>(u: &mut Unstructured<'_>, table: &[&'static Defect<T>]) -> arbitrary::Result<Drawn<T>> {
    Ok(with(slots::choose(u, table)?.into_iter().map(|(defect, _)| defect)))
}

/// Those of the defects that can be together: of one place the first.
#[must_use]
pub fn with<T>(defects: impl IntoIterator<Item = &'static Defect<T>>) -> Drawn<T> {
    let mut chosen: Vec<&'static Defect<T>> = Vec::new();
    for defect in defects {
        if chosen.iter().all(|other| other.place != defect.place) {
            chosen.push(defect);
        }
    }
    chosen.sort_by_key(|defect| defect.place);
    Drawn { defects: chosen }
}

impl<T> Drawn<T> {
    /// The labels.
    #[must_use]
    pub fn labels(&self) -> Vec<&'static str> {
        self.defects.iter().map(|defect| defect.name).collect()
    }

    /// What the options must ask for.
    #[must_use]
    pub fn user_verification(&self) -> UserVerification {
        let is_required = |defect: &&Defect<T>| defect.user_verification == Some(UserVerification::Required);
        if self.defects.iter().any(is_required) { UserVerification::Required } else { UserVerification::Preferred }
    }

    /// Puts the defects in.
    pub fn put_into(&self, draft: &mut T) {
        self.defects.iter().for_each(|defect| (defect.edit)(draft));
    }

    /// What the answer must be. `broken` is the rule that the judge's own verification of the finished draft tells: of several
    /// defects one can undo another, and then nobody knows.
    #[must_use]
    pub fn right(&self, broken: Option<&'static Rule>) -> Right {
        match self.defects[..] {
            [] => Right::Served(None),
            [Defect { must: Expect::Accepted, rule, .. }] => Right::Served(Some(rule)),
            [Defect { must: Expect::Refused, rule, class, .. }] => {
                Right::Refused(rule, class.map_or(&[], |(classes, _)| classes))
            }
            _ => {
                let is_refused = self.defects.iter().any(|defect| defect.must == Expect::Refused);
                broken.filter(|_| is_refused).map_or(Right::Open, |rule| Right::Refused(rule, &[]))
            }
        }
    }
}

impl Right {
    /// Whether an answer of that class, and of that status, is right.
    #[must_use]
    pub fn is(&self, class: &str, status: u16) -> bool {
        let is_refused = class != "success" && (400..500).contains(&status);
        match self {
            Right::Served(_) => class == "success",
            Right::Refused(_, []) => is_refused,
            Right::Refused(_, classes) => is_refused && classes.contains(&class),
            Right::Open => class == "success" || is_refused,
        }
    }
}

impl Drawn<Registration> {
    /// A new credential for these options, registered with the defects.
    #[must_use]
    pub fn register(&self, creation: &Creation, origin: &str) -> Registration {
        let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
        let mut draft = Registration::new(creation, origin, &credential);
        self.put_into(&mut draft);
        draft
    }
}

impl Drawn<Assertion> {
    /// An assertion of the credential for these options, with the defects.
    #[must_use]
    pub fn assert(&self, options: &RequestOptions, origin: &str, credential: &mut Credential) -> Assertion {
        let mut draft = Assertion::new(options, origin, credential);
        self.put_into(&mut draft);
        draft
    }
}
