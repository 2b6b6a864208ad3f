//! Before the cases: is the target there, can a user be had, and does it know the operation at all.

use crate::cognito::START;
use crate::target::{Fixtures, Implemented, Unavailable, implemented};

/// What the first look at a target shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// The cases can run.
    Ready,
    /// It does not answer.
    Unreachable(String),
    /// No user can be made, and no access token was given.
    NoUser(String),
    /// The operation is answered like one that does not exist.
    NotImplemented(String),
}

/// Takes the first look.
pub async fn preflight(fixtures: &Fixtures) -> Preflight {
    let user = match fixtures.tape().on_track("preflight", fixtures.user()).await {
        Ok(user) => user,
        Err(Unavailable::Unreachable(why)) => return Preflight::Unreachable(why),
        Err(Unavailable::NotOffered(why)) => return Preflight::NoUser(why),
    };
    let ask = implemented(&fixtures.target().transport, &user.tokens.access, &START);
    match fixtures.tape().on_track("preflight", ask).await {
        Implemented::Yes => Preflight::Ready,
        Implemented::No(how) => Preflight::NotImplemented(how),
        Implemented::Unknown(e) => Preflight::Unreachable(e.to_string()),
    }
}
