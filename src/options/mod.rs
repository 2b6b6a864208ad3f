//! Creation options: a strict document model, and the rules that judge a document.
//!
//! [`check`] takes the bytes of the options and returns a [`Finding`] for each broken rule, with a JSON pointer into them.
//! Nothing here leans on a lenient reader: browsers coerce, most libraries ignore, and both would hide defects.
//!
//! ```
//! use cogspec::options::{Context, Profile, check};
//!
//! let findings = check(br#"{"challenge": "wxvbDicyqQqvF2EXAMPLE"}"#, &Context::new(Profile::W3c));
//! assert!(findings.iter().any(|finding| finding.rule.id == "options.base64url.length"));
//! ```

mod base64url;
mod checker;
mod document;
mod domain;
mod envelope;
mod exclude;
mod extensions;
pub mod json;
mod names;
mod origin;
mod params;
mod profile;
mod response;
mod rp;
mod selection;
mod show;
mod user;

use crate::cognito::Finding;

pub use document::Document;
pub use origin::{Origin, OriginError};
pub use response::{OptionsText, ResponseError, from_response};
pub use show::printable;

use checker::Checker;

/// Which rules a document is held to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Profile {
    /// What any WebAuthn client needs, whoever sends the options.
    #[default]
    W3c,
    /// What Cognito keeps beyond it; holds `w3c` too.
    Cognito,
}

impl std::fmt::Display for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Profile::W3c => "w3c",
            Profile::Cognito => "cognito",
        })
    }
}

/// What a document is judged against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Which rules.
    pub profile: Profile,
    /// The web origin that will use the options, where it is known: `rp.id` must belong to it.
    pub origin: Option<Origin>,
}

impl Context {
    /// That profile, no origin.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        Context { profile, origin: None }
    }

    /// The same with an origin.
    #[must_use]
    pub fn origin(self, origin: Origin) -> Self {
        Context { origin: Some(origin), ..self }
    }
}

/// Judges the options' text: the findings, in no promised order, at most 20 of one rule.
///
/// One defect is one finding, but where two rules speak of the same thing. Of those, `cognito` repeats what `w3c` says in
/// its own words: a missing `rp.id`; a UUID's text as `user.id`; `residentKey` and `requireResidentKey`, which must be right
/// and must agree; a member that Cognito always sends, written in another case. And hints must agree with the attachment.
///
/// Pointers are relative to the text's value. Where the options stand inside a wrapper (`publicKey`) it is part of the
/// pointer; where they are the text in a string the pointers are into that text.
#[must_use]
pub fn check(text: &[u8], context: &Context) -> Vec<Finding> {
    let mut checker = Checker::new(context);
    envelope::check(&mut checker, text);
    checker.findings
}
