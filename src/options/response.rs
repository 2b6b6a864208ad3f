//! The options within a whole response body.

use crate::cognito::rules::{options as w3c, response};
use crate::cognito::{Finding, START};

use super::checker::is_same_but_case;
use super::json::{Json, Kind, ParseError};
use super::show::shorten;

/// The text of the options as it stands in a response body, order, duplicates and white space intact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsText<'a> {
    /// The member's value: the text to give to [`check`](super::check).
    pub text: &'a str,
    /// The member's name as it is written.
    pub name: String,
    /// How many members have that name; the last is taken.
    pub occurrences: usize,
    /// Whether the value is a string, as sign-in's options are, where it should be an object.
    pub is_string: bool,
}

/// Why a body has no options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    Json(#[from] ParseError),
    /// The body is not an object.
    #[error("the body is not a JSON object")]
    NotObject,
    /// No member has the options' name, in any case.
    #[error("the body has no member CredentialCreationOptions")]
    Missing,
}

/// Finds `CredentialCreationOptions` in the body of a `StartWebAuthnRegistration` answer: the member of that name, or else
/// one whose name differs in case only.
///
/// What is wrong with the body beside it (a byte order mark, other members) is no matter of the options.
///
/// # Errors
/// When the body has no such member.
pub fn from_response(body: &[u8]) -> Result<OptionsText<'_>, ResponseError> {
    let json = Json::parse(body)?;
    if json.root().kind() != Kind::Object {
        return Err(ResponseError::NotObject);
    }
    let wanted = member_name();
    let members = || json.root().members().filter_map(|(name, value)| Some((name.string()?, value)));
    let name = members()
        .map(|(name, _)| name)
        .find(|name| *name == wanted)
        .or_else(|| members().map(|(name, _)| name).find(|name| is_same_but_case(name, wanted)))
        .ok_or(ResponseError::Missing)?;
    let named = || members().filter(|(n, _)| *n == name);
    let (_, value) = named().last().ok_or(ResponseError::Missing)?;
    let range = value.range();
    // The byte order mark is not part of the text that the model keeps.
    let skipped = if json.byte_order_mark { '\u{feff}'.len_utf8() } else { 0 };
    let text = body.get(range.start + skipped..range.end + skipped).and_then(|bytes| std::str::from_utf8(bytes).ok());
    Ok(OptionsText {
        text: text.unwrap_or_default(),
        name: name.to_owned(),
        occurrences: named().count(),
        is_string: value.string().is_some(),
    })
}

impl OptionsText<'_> {
    /// What is wrong with the member itself: its name, or that there are several. The value is not judged.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.name != member_name() {
            findings.push(Finding::new(&response::MEMBERS, shorten(&self.name), member_name()));
        }
        if self.occurrences > 1 {
            let got = format!("{} members {}", self.occurrences, shorten(&self.name));
            findings.push(Finding::new(&w3c::JSON_DUPLICATE, got, "one member of each name"));
        }
        findings
    }
}

/// The one member of the operation's output.
fn member_name() -> &'static str {
    START.output[0].name
}
