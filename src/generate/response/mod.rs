//! Responses: a success or an error as Cognito sends it, then labelled defects.

mod defects;
mod draft;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use arbitrary::Unstructured;

use super::options;
use crate::cognito::{PROTOCOL_ERRORS, START, error, protocol_error};
use crate::wire::Response;
use draft::{Body, Code, Draft, Envelope, Output, Place, TypeMember};

/// What edits a response; the bytes that are drawn from decide the details.
type Edit = fn(&mut Draft, &mut Unstructured<'_>) -> arbitrary::Result<()>;

/// Which responses a defect can be put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// A success.
    Success,
    /// An error.
    Error,
    /// Either.
    Any,
}

/// Which part of a response a defect changes, in the order in which they are made: what stands instead of the body comes
/// last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The error's name.
    Name,
    /// The status.
    Status,
    /// The content type.
    ContentType,
    /// The request id.
    RequestId,
    /// The letters of header names.
    Case,
    /// The header that names an error.
    Header,
    /// The member `__type`.
    Type,
    /// The member `code`.
    Code,
    /// The message.
    Message,
    /// The member with the options.
    Output,
    /// Other members.
    Members,
    /// The whole body.
    Body,
    /// What the headers say of the body's length.
    Length,
}

/// One labelled defect.
pub struct ResponseDefect {
    /// The stable label.
    pub name: &'static str,
    /// What it is put into.
    pub to: To,
    /// What it changes.
    pub part: Part,
    /// The ids of the rules that it breaks in an answer that breaks none, an error of the operation's model among those.
    pub rules: &'static [&'static str],
    edit: Edit,
}

impl std::fmt::Debug for ResponseDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl ResponseDefect {
    /// Whether it can be put into such a response.
    #[must_use]
    pub fn fits(&self, to: To) -> bool {
        self.to == To::Any || self.to == to
    }
}

/// Every defect.
#[must_use]
pub fn defects() -> &'static [ResponseDefect] {
    defects::DEFECTS
}

/// A drawn response.
#[derive(Clone)]
pub struct Drawn {
    /// The response.
    pub response: Response,
    /// Its defects, at most one a part.
    pub defects: Vec<&'static ResponseDefect>,
    /// The name of the class that it has; see [`Class::name`](crate::wire::Class::name).
    pub class: &'static str,
    /// The ids of the rules that it breaks as an answer, all of them.
    pub rules: BTreeSet<&'static str>,
    /// The options in it, and the ids of the rules that their member breaks, where it is called a success and has them.
    pub options: Option<(options::Drawn, BTreeSet<&'static str>)>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: usize = 300;
        let Response { status, headers, body } = &self.response;
        write!(f, "{} with {:?}: {status}", self.class, self.defects)?;
        headers.iter().try_for_each(|(name, value)| write!(f, ", {name}: {}", value.escape_ascii()))?;
        write!(f, ", {}", body[..body.len().min(SHOWN)].escape_ascii())
    }
}

/// Draws a response: a success or an error, with no defect, one, or up to three of different parts.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let to = *u.choose(&[To::Success, To::Error])?;
    draw_of(u, to)
}

/// How many defects there are, as often as each number stands here.
const COUNTS: [usize; 6] = [0, 1, 1, 1, 2, 3];

/// The bytes without one of the defects that [`draw`] draws from them, for each of those, and without one of the options'.
/// The details of those that stay may be others, for the bytes behind are drawn from as before.
#[must_use]
pub fn with_one_less(bytes: &[u8]) -> Vec<Vec<u8>> {
    let [to, rest @ ..] = bytes else { return Vec::new() };
    let all = super::without_choices(rest, &COUNTS);
    let of_options = match (usize::from(*to) % 2, super::choices(rest, &COUNTS)) {
        (0, Some(count)) if count < rest.len() => {
            let (own, of_options) = rest.split_at(1 + count);
            let less = options::with_one_less(of_options).into_iter();
            less.map(|less| [own, less.as_slice()].concat()).collect()
        }
        _ => Vec::new(),
    };
    all.into_iter().chain(of_options).map(|rest| [&[*to], rest.as_slice()].concat()).collect()
}

/// Draws a success or an error likewise.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw_of(u: &mut Unstructured<'_>, to: To) -> arbitrary::Result<Drawn> {
    let fitting = fitting(to);
    let mut chosen: Vec<&'static ResponseDefect> = Vec::new();
    for _ in 0..*u.choose(&COUNTS)? {
        chosen.push(u.choose(fitting)?);
    }
    let mut parts = BTreeSet::new();
    chosen.retain(|defect| parts.insert(defect.part));
    with(u, to, chosen)
}

/// The defects that can be put into such a response.
fn fitting(to: To) -> &'static [&'static ResponseDefect] {
    static FITTING: LazyLock<[Vec<&ResponseDefect>; 3]> = LazyLock::new(|| {
        [To::Success, To::Error, To::Any].map(|to| defects().iter().filter(|defect| defect.fits(to)).collect())
    });
    &FITTING[to as usize]
}

/// Draws a response with these defects, at most one a part, all of which fit it.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn with(u: &mut Unstructured<'_>, to: To, mut defects: Vec<&'static ResponseDefect>) -> arbitrary::Result<Drawn> {
    defects.sort_by_key(|defect| defect.part);
    let mut draft = if to == To::Error { error_draft(u)? } else { success_draft(u)? };
    for defect in &defects {
        (defect.edit)(&mut draft, u)?;
    }
    let told = draft.told();
    let response = draft.response();
    let options = match (draft.body, told.of_member) {
        (Body::Success(output), Some(rules)) => Some((output.options, rules)),
        _ => None,
    };
    Ok(Drawn { response, defects, class: told.class, rules: told.rules, options })
}

/// Draws a success or an error with that defect, or with none, from bytes that the id alone decides: the same one always.
///
/// # Errors
/// When the bytes cannot be drawn from; they are enough for every defect.
pub(crate) fn of_id(id: &str, to: To, defect: Option<&'static ResponseDefect>) -> arbitrary::Result<Drawn> {
    let block = |n: u8| ring::digest::digest(&ring::digest::SHA256, &[id.as_bytes(), &[0, n]].concat());
    let bytes: Vec<u8> = (0..64).flat_map(|n| block(n).as_ref().to_vec()).collect();
    with(&mut Unstructured::new(&bytes), to, defect.into_iter().collect())
}

/// Draws a response without a defect.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn right(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let to = *u.choose(&[To::Success, To::Error])?;
    with(u, to, Vec::new())
}

/// A success. Its options may have defects: these are none of the response's, as long as they are JSON, and there.
fn success_draft(u: &mut Unstructured<'_>) -> arbitrary::Result<Draft> {
    let drawn = options::draw(u)?;
    let is_json = |text: &[u8]| {
        std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
    };
    let is_right = drawn.defects.is_empty() || (is_json(&drawn.text) && drawn.text != b"null");
    let options = if is_right { drawn } else { drawn.without_defects() };
    Ok(Draft::new(200, Body::Success(Output { options, place: Place::Member })))
}

/// An error that the model lists for the operation, or one of the front end.
fn error_draft(u: &mut Unstructured<'_>) -> arbitrary::Result<Draft> {
    let name: &'static str = if u.arbitrary()? { u.choose(START.errors)? } else { u.choose(PROTOCOL_ERRORS)?.name };
    let status = match (error(name), protocol_error(name)) {
        (Some(shape), _) => shape.statuses.model,
        (None, Some(error)) => error.status,
        (None, None) => 400,
    };
    let envelope =
        Envelope { type_member: TypeMember::Code(Code::bare(name)), code: None, message: (r#""message":"m","#, true) };
    let header = Some(Code { name, written: format!("{name}:") });
    Ok(Draft { header, ..Draft::new(status, Body::Error(envelope)) })
}
