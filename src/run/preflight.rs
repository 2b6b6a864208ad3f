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

impl Preflight {
    /// In words, with advice; `None` where the target is ready.
    ///
    /// `token` is how a signed-in user's access token is given here.
    #[must_use]
    pub fn problem(&self, target: &str, token: &str) -> Option<String> {
        match self {
            Preflight::Ready => None,
            Preflight::NotImplemented(how) => {
                Some(format!("{target} does not implement the operation, so nothing was judged: {how}"))
            }
            Preflight::NoUser(why) => Some(format!(
                "no user can be made at {target}: {why}; where the control plane is closed, give a signed-in user's token with \
                 {token}"
            )),
            Preflight::Unreachable(why) => {
                Some(format!("{target} does not answer: {why}; is the server running, and is this its address?"))
            }
        }
    }
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
