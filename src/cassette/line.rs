//! The lines of the file.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::TransportErrorKind;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub(super) enum Line {
    Cassette(Header),
    Track(TrackLine),
    Step(Box<StepLine>),
    End(EndLine),
}

/// What was recorded: the first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// The version of the file's form.
    pub version: u32,
    /// The version of cogspec.
    pub cogspec: String,
    /// The run's token, with its seed and its clock.
    pub token: String,
    /// The digest of the cases that are on it.
    pub case_set: String,
    /// The word in the name of everything that the run made.
    pub run: String,
    /// The target.
    pub target: TargetFacts,
}

/// What a case may find out about a target beyond its answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TargetFacts {
    /// What reports call it.
    pub name: String,
    /// Its endpoint, which a replay never calls.
    pub endpoint: String,
    /// The region that calls were signed for.
    pub region: String,
    /// Where the key came from that the target takes for its own.
    pub signing: SigningFrom,
    /// The `kid` of a key that the person gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// Whether it can be told to answer with an error.
    pub answers_on_demand: bool,
    /// Whether it can be told that time has passed.
    pub ages_on_demand: bool,
    /// Whether pools were tagged.
    pub tags_pools: bool,
    /// The stand-in of an access token that the person gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// The one user that the person gave, with a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserFacts>,
}

/// How the one user signs in, but for the password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserFacts {
    /// The app client's id.
    pub client_id: String,
    /// The user's name.
    pub username: String,
}

/// Where a signing key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningFrom {
    /// Nowhere.
    None,
    /// The target hands it out.
    Target,
    /// The person gave it.
    Given,
}

/// The beginning of a track.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TrackLine {
    /// The case, or what several cases share.
    pub(super) track: String,
    /// What became of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<String>,
    /// How many exchanges follow.
    pub(super) steps: usize,
    /// What was drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) drawn: Vec<Value>,
}

/// One exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StepLine {
    pub(super) track: String,
    /// Its number in the track, from 1.
    pub(super) step: usize,
    /// What the request asks.
    pub(super) asks: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<RequestLine>,
    pub(super) answer: AnswerLine,
    pub(super) elapsed_us: u64,
}

/// A request, for readers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RequestLine {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, Bytes)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Bytes>,
    /// The bytes on the socket, where no library framed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) socket: Option<Bytes>,
}

/// What came.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AnswerLine {
    Response {
        status: u16,
        headers: Vec<(String, Bytes)>,
        body: Bytes,
    },
    Error {
        kind: TransportErrorKind,
        detail: String,
    },
    /// None, for as long as the case waited.
    Nothing,
    /// One that was not kept, and why.
    NotKept(String),
}

/// The last line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct EndLine {
    /// How many lines there are, this one among them.
    pub(super) lines: usize,
    /// The SHA-256 digest of all bytes before this line, in hexadecimal digits.
    pub(super) sha256: String,
}

/// Bytes: a string where they are UTF-8, else `{"base64": …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Bytes {
    Text(String),
    Base64 { base64: String },
}

impl Bytes {
    pub(super) fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64 { base64: BASE64.encode(bytes) },
        }
    }

    /// The bytes again; `None` where they are no base64.
    pub(super) fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Bytes::Text(text) => Some(text.into_bytes()),
            Bytes::Base64 { base64 } => BASE64.decode(base64.as_bytes()).ok(),
        }
    }
}
