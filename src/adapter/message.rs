//! The two lines of the protocol.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// What an adapter is asked: one fresh call of its client, with the client's own settings. Members that an adapter does not know
/// are nothing to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The id of the scenario, which the answer repeats.
    pub scenario: String,
    /// The base URL of the service, such as `http://127.0.0.1:43211`.
    pub endpoint: String,
    /// The region that the client is set to.
    pub region: String,
    /// The access token that the call is made with.
    pub access_token: String,
    /// The web origin that the application runs on, for clients that have one.
    pub origin: String,
}

/// The token is a secret.
impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ask { scenario, endpoint, region, access_token: _, origin } = self;
        f.debug_struct("Ask")
            .field("scenario", scenario)
            .field("endpoint", endpoint)
            .field("region", region)
            .field("origin", origin)
            .finish_non_exhaustive()
    }
}

/// What an adapter tells: how its client ended the call. What the client does not tell is not there; `null` says the same.
#[derive(Clone, Debug, Deserialize)]
pub struct Told {
    /// The id that was asked.
    #[serde(deserialize_with = "text")]
    pub scenario: String,
    /// How the call ended.
    pub outcome: Outcome,
    /// The client's name for the error, as it is.
    #[serde(default, deserialize_with = "optional_text")]
    pub code: Option<String>,
    /// The client's message.
    #[serde(default, deserialize_with = "optional_text")]
    pub message: Option<String>,
    /// The HTTP status.
    #[serde(default, deserialize_with = "whole")]
    pub status: Option<u16>,
    /// The id of the request, as the service gave it.
    #[serde(default, deserialize_with = "optional_text")]
    pub request_id: Option<String>,
    /// How often the client says it has tried.
    #[serde(default, deserialize_with = "whole")]
    pub attempts: Option<u32>,
    /// Whether the client says that another try may help.
    #[serde(default)]
    pub retryable: Option<bool>,
    /// The creation options as the application received them: their JSON as it was written, since readers of JSON differ.
    #[serde(default)]
    pub options: Option<Box<RawValue>>,
    /// The error as an application would log it.
    #[serde(default, deserialize_with = "optional_text")]
    pub detail: Option<String>,
}

/// How a client ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It came back as a success.
    Success,
    /// It reports an error of the service.
    Error,
    /// It gave up for a reason of its own: a connection, a time limit, an answer that it cannot read, options that it refuses.
    Failure,
    /// It has no notion of the operation.
    Unimplemented,
}

impl Outcome {
    /// Each of them.
    pub const ALL: [Outcome; 4] = [Outcome::Success, Outcome::Error, Outcome::Failure, Outcome::Unimplemented];

    /// Its name in the protocol.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Error => "error",
            Outcome::Failure => "failure",
            Outcome::Unimplemented => "unimplemented",
        }
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = text(deserializer)?;
        let known = Outcome::ALL.into_iter().find(|outcome| outcome.name() == name);
        known.ok_or_else(|| D::Error::custom("`outcome` is not success, error, failure or unimplemented"))
    }
}

/// A line that is none of the protocol's.
#[derive(Debug, thiserror::Error)]
pub enum NoMessage {
    /// It is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// It is no JSON object.
    #[error("it is no JSON object")]
    NoObject,
    /// It is not JSON, or lacks a member, or has one of the wrong type.
    #[error("{0}")]
    Wrong(serde_json::Error),
}

impl Ask {
    /// The line, with its end.
    #[must_use]
    pub fn to_line(&self) -> String {
        // Texts under names of ours, which serde_json never refuses.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(line: &[u8]) -> Result<Self, NoMessage> {
        object(line)
    }
}

impl Told {
    /// Reads a line.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(line: &[u8]) -> Result<Self, NoMessage> {
        object(line)
    }
}

/// Serde takes a list for a struct, too.
fn object<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T, NoMessage> {
    let line = std::str::from_utf8(line).map_err(|_| NoMessage::NotUtf8)?;
    if !line.trim_start().starts_with('{') {
        return Err(NoMessage::NoObject);
    }
    serde_json::from_str(line).map_err(NoMessage::Wrong)
}

/// A text in which halves of characters (`\ud800`) are replaced: a client may have received one, and its adapter can write it.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
    }
    deserializer.deserialize_bytes(Text)
}

/// The same, or nothing.
fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Text(String);
    impl<'de> Deserialize<'de> for Text {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            text(deserializer).map(Text)
        }
    }
    Ok(Option::<Text>::deserialize(deserializer)?.map(|Text(text)| text))
}

/// A whole number, or nothing. `400.0` and `4e2` are whole numbers of JSON, too.
fn whole<'de, D: Deserializer<'de>, N: TryFrom<u64>>(deserializer: D) -> Result<Option<N>, D::Error> {
    let Some(number) = Option::<serde_json::Number>::deserialize(deserializer)? else { return Ok(None) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is not in the range is refused")]
    let of_float = |float: f64| (float.fract() == 0.0 && (0.0..1e15).contains(&float)).then_some(float as u64);
    let whole = number.as_u64().or_else(|| number.as_f64().and_then(of_float));
    whole.and_then(|whole| N::try_from(whole).ok()).map(Some).ok_or_else(|| {
        D::Error::invalid_value(Unexpected::Other(&number.to_string()), &"a whole number that is not negative")
    })
}
