//! Calls: a token, right or with labelled defects, in a request, right or with labelled defects.

use std::collections::BTreeSet;

use arbitrary::Unstructured;

use super::request::{self, Right};
use super::session::{self, Step};
use super::{STRUCTURED, ceremony, slots, token};
use crate::cognito::{Rule, rules};
use crate::wire::{Class, Classification, Request};

/// A user who can call: a valid token as it is on the wire, and the same open for defects.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The valid token.
    pub access: String,
    /// What defects are put into.
    pub base: token::Base,
}

/// The bytes that one call is drawn from.
///
/// With the mark of what is drawn from in front they are an input of the fuzz targets `emulator`, `sessions` (steps of
/// sessions) and `ceremony` (steps of users with passkeys), so that `cogspec replay`, `cargo test` (in the folders of `corpus/`) and `cargo fuzz` all draw the same from
/// one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Input(pub Vec<u8>);

/// The most bytes that a call is drawn from.
pub const LONGEST: usize = 1 + 2 * slots::ALL;

const _: () = assert!(LONGEST > ceremony::LONGEST);

/// A file that holds no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the bytes of a call: the first byte is not {STRUCTURED}")]
pub struct NoInput;

impl Input {
    /// The input in a file.
    ///
    /// # Errors
    /// When the bytes are not drawn from: text for a token, as `cargo fuzz` makes some, is no call.
    pub fn of_file(bytes: &[u8]) -> Result<Input, NoInput> {
        bytes.strip_prefix(&[STRUCTURED]).map(|bytes| Input(bytes.to_vec())).ok_or(NoInput)
    }

    /// The bytes of a file.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        [&[STRUCTURED], self.0.as_slice()].concat()
    }

    /// A digest for names: eight hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.0);
        data_encoding::HEXLOWER.encode(&digest.as_ref()[..4])
    }

    /// Whose steps are drawn from it, where it is no single call.
    #[must_use]
    pub fn steps(&self) -> Option<Steps> {
        match Kind::draw(&mut Unstructured::new(&self.0)) {
            Ok(Kind::Steps(steps)) => Some(steps),
            _ => None,
        }
    }

    /// The steps of sessions that are drawn from it, where it is those.
    #[must_use]
    pub fn sessions(&self) -> Option<Vec<Step>> {
        self.steps_of(Steps::Sessions, session::draw)
    }

    /// The steps of users with passkeys that are drawn from it, where it is those.
    #[must_use]
    pub fn ceremony(&self) -> Option<Vec<ceremony::Step>> {
        self.steps_of(Steps::Ceremony, ceremony::draw)
    }

    fn steps_of<T>(
        &self,
        steps: Steps,
        draw: fn(&mut Unstructured<'_>) -> arbitrary::Result<Vec<T>>,
    ) -> Option<Vec<T>> {
        let mut u = Unstructured::new(&self.0);
        let is_of = matches!(Kind::draw(&mut u), Ok(Kind::Steps(drawn)) if drawn == steps);
        is_of.then(|| draw(&mut u).unwrap_or_default())
    }

    /// The call that is drawn from it for that caller.
    ///
    /// # Errors
    /// When the bytes cannot be drawn from.
    pub fn draw(&self, caller: &Caller) -> arbitrary::Result<Drawn> {
        draw_by(&mut Unstructured::new(&self.0), caller, request::draw_for_socket)
    }
}

/// A drawn call.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The request, with its defects.
    pub http: request::Drawn,
    /// The token in it, with its defects.
    pub token: token::Drawn,
}

/// Whose steps are drawn: they take users of their own, and many requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Of one user's sessions: [`session::Step`].
    Sessions,
    /// Of users with passkeys: [`ceremony::Step`].
    Ceremony,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Request,
    Token,
    Both,
    Steps(Steps),
}

impl Kind {
    /// By the first byte. Sessions are one in 64, for each takes a user of its own, and ceremonies, of two users and many more
    /// requests, one in 256.
    fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Kind> {
        Ok(match u.int_in_range(0..=255_u8)? {
            7 => Kind::Steps(Steps::Ceremony),
            number if number % 64 == 3 => Kind::Steps(Steps::Sessions),
            number => [Kind::Request, Kind::Token, Kind::Both][usize::from(number % 64) % 3],
        })
    }
}

/// Draws a call that an HTTP library can carry: as often with defects of the request as with those of the token, now and
/// then with both. From the same bytes [`Input::draw`] draws the same, and what wants a socket besides.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>, caller: &Caller) -> arbitrary::Result<Drawn> {
    draw_by(u, caller, request::draw)
}

type DrawRequest = fn(&mut Unstructured<'_>, &str) -> arbitrary::Result<request::Drawn>;

fn draw_by(u: &mut Unstructured<'_>, caller: &Caller, draw_request: DrawRequest) -> arbitrary::Result<Drawn> {
    let (in_request, in_token) = match Kind::draw(u)? {
        Kind::Request | Kind::Steps(_) => (true, false),
        Kind::Token => (false, true),
        Kind::Both => (true, true),
    };
    // Each has its own half of the bytes, so that to take the defects of one away leaves the other as it was.
    let mut of_request = Unstructured::new(u.bytes(u.len().min(slots::ALL))?);
    let token = if in_token { token::draw(u, &caller.base)? } else { token::Drawn::right(&caller.access) };
    if !in_request {
        let http = request::Drawn { request: Request::start(&token.text), defects: Vec::new() };
        return Ok(Drawn { http, token });
    }
    // Requests are put together as text, in which the token is a JSON string already.
    let text = serde_json::Value::from(token.text.as_str()).to_string();
    let http = draw_request(&mut of_request, &text[1..text.len() - 1])?;
    Ok(Drawn { http, token })
}

impl Drawn {
    /// The labels of all defects, those of the request first; none where the call must be served.
    #[must_use]
    pub fn labels(&self) -> Vec<&'static str> {
        let request = self.http.defects.iter().map(|defect| defect.name);
        request.chain(self.token.defects.iter().map(|defect| defect.name)).collect()
    }

    /// The classes of answer that are right; see [`request::Drawn::classes`].
    #[must_use]
    pub fn classes(&self) -> BTreeSet<&'static str> {
        self.http.classes(self.plain())
    }

    /// Whether the answer is right.
    #[must_use]
    pub fn is_right(&self, answer: &Classification) -> bool {
        self.http.is_right(self.plain(), answer)
    }

    /// Whether the answer is that to the same call without its request's defects, though they must be refused, or a success.
    #[must_use]
    pub fn is_overlooked(&self, answer: &Classification) -> bool {
        let is_plain = answer.name() == self.plain() && self.http.must_be_refused().is_some();
        is_plain || matches!(answer.class, Class::Success)
    }

    /// The class of answer to a plain request with the same token.
    fn plain(&self) -> &'static str {
        self.token.refusal().map_or("success", token::Refusal::name)
    }

    /// The rules that are broken where the call is served and must be refused: one for each defect, for all were overlooked.
    #[must_use]
    pub fn broken_by_serving(&self) -> Vec<&'static Rule> {
        let refused = self.http.defects.iter().filter(|defect| defect.right.is_refusal()).map(|defect| defect.rule);
        refused.chain(self.token.defects.iter().map(|defect| defect.served())).collect()
    }

    /// The rules that are broken where the call is refused and must be served: those of what is unusual about it.
    #[must_use]
    pub fn broken_by_refusing(&self) -> Vec<&'static Rule> {
        let unusual = |defect: &&&request::RequestDefect| matches!(defect.right, Right::Served);
        let rules: Vec<_> = self.http.defects.iter().filter(unusual).map(|defect| defect.rule).collect();
        if rules.is_empty() { vec![&rules::request::ACCEPTED] } else { rules }
    }

    /// The rules that are broken where the call is refused by a wrong class: those that name the classes of its defects, and
    /// those of what is unusual about it, for that may be what is refused.
    #[must_use]
    pub fn broken_by_class(&self) -> Vec<&'static Rule> {
        let of_request = self.http.defects.iter().filter_map(|defect| match defect.right {
            Right::RefusedAs(_, rule) => Some(rule),
            Right::Served => Some(defect.rule),
            Right::Either | Right::Refused => None,
        });
        of_request.chain(self.token.defects.iter().map(|defect| defect.class_rule())).collect()
    }
}
