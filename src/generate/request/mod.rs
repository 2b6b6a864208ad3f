//! Requests: a valid call, then labelled defects of HTTP, target, JSON text and input.
//!
//! | module | what its defects are of |
//! |---|---|
//! | `text` | the body's bytes and its JSON text: syntax, size, depth |
//! | `encoding` | the body's encoding |
//! | `input` | the value in the body |
//! | `head` | method, path and header fields |
//! | `framing` | what only bytes on a socket can have |
//!
//! The tables in `rows` are the suite's too: what the generator draws one of, the suite has a case for each of.

pub(crate) mod encoding;
mod framing;
mod head;
mod input;
pub(crate) mod rows;
mod text;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use arbitrary::Unstructured;

use super::slots;
use crate::cognito::Rule;
use crate::wire::{Class, Classification, Request};

/// Where in a request a defect is, in the order in which a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The bytes and the text of the body, and the input in it.
    Body,
    /// `X-Amz-Target`.
    Target,
    /// Method and path.
    Http,
    /// `Content-Type`.
    ContentType,
    /// Other header fields.
    Header,
    /// What only bytes on a socket can have: the request line, the fields' syntax, where the body ends.
    Framing,
}

/// What the answer to a request with a defect must be like.
#[derive(Clone, Copy, Debug)]
pub enum Right {
    /// As without it: the request is only unusual.
    Served,
    /// As without it, or a refusal: a server's choice, or nobody knows.
    Either,
    /// A refusal, in whatever words.
    Refused,
    /// A refusal of one of these classes, and the rule that names them; see [`Class::name`].
    RefusedAs(&'static [&'static str], &'static Rule),
}

impl Right {
    /// Whether the request must not be served.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self, Right::Refused | Right::RefusedAs(..))
    }
}

/// The name in [`Drawn::classes`] that stands for any refusal: an answer that is no success and no server error. 501 and 505
/// are HTTP's own words for what a server does not have, and so are refusals too.
pub const ANY_REFUSAL: &str = "any-refusal";

/// The connection is closed without an answer.
const CLOSED: &[&str] = &["transport:closed"];
/// Likewise, or the server waits for more.
const WAITS: &[&str] = &["transport:closed", "transport:timeout"];

/// What edits a request; the bytes that are drawn from decide the details. The token is the one in the plain request.
type Edit = fn(Request, &str, &mut Unstructured<'_>) -> arbitrary::Result<Request>;

/// One labelled defect.
pub struct RequestDefect {
    /// The stable label.
    pub name: &'static str,
    /// Where it is.
    pub layer: Layer,
    /// The rule that says whether the request is served.
    pub rule: &'static Rule,
    /// What the answer must be like.
    pub right: Right,
    /// The ways of giving no answer that are right too, named as [`Class::name`] does.
    pub silence: &'static [&'static str],
    /// Whether it makes a request so large that a fuzzer in process had better not draw it.
    pub is_large: bool,
    edit: Edit,
}

impl std::fmt::Debug for RequestDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl RequestDefect {
    const fn new(name: &'static str, layer: Layer, rule: &'static Rule, right: Right, edit: Edit) -> Self {
        RequestDefect { name, layer, rule, right, silence: &[], is_large: false, edit }
    }

    /// The same, as one that makes a large request.
    const fn large(self) -> Self {
        RequestDefect { is_large: true, ..self }
    }

    /// The same, where closing the connection is right too.
    const fn may_close(self) -> Self {
        RequestDefect { silence: CLOSED, ..self }
    }

    /// The same, where waiting for more is right too.
    const fn may_wait(self) -> Self {
        RequestDefect { silence: WAITS, ..self }
    }

    /// Whether a right server may let the client wait until its patience ends. Such a defect is not drawn, but for
    /// [`with`].
    #[must_use]
    pub fn waits(&self) -> bool {
        matches!(self.right, Right::Refused) && self.silence.len() == WAITS.len()
    }
}

/// Every defect, and what is unusual without being one. Those of [`Layer::Framing`] come last.
#[must_use]
pub fn defects() -> &'static [&'static RequestDefect] {
    static ALL: LazyLock<Vec<&RequestDefect>> = LazyLock::new(|| {
        [text::DEFECTS, encoding::DEFECTS, input::DEFECTS, head::DEFECTS, framing::DEFECTS]
            .into_iter()
            .flatten()
            .collect()
    });
    &ALL
}

/// A drawn request.
#[derive(Clone)]
pub struct Drawn {
    /// The request.
    pub request: Request,
    /// Its defects, at most one a layer.
    pub defects: Vec<&'static RequestDefect>,
}

impl std::fmt::Debug for Drawn {
    /// The token in it is a secret: only its defects are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a request with a body of {} bytes and {:?}", self.request.body.len(), self.defects)
    }
}

impl Drawn {
    /// The classes of answer that are right, where a plain request with the same token is answered with `plain`.
    /// [`ANY_REFUSAL`] stands for more than one.
    ///
    /// Of several defects any may be the one that is told.
    #[must_use]
    pub fn classes(&self, plain: &'static str) -> BTreeSet<&'static str> {
        let mut classes = BTreeSet::new();
        for defect in &self.defects {
            match defect.right {
                Right::Served => {}
                Right::Either | Right::Refused => drop(classes.insert(ANY_REFUSAL)),
                Right::RefusedAs(names, _) => classes.extend(names),
            }
            classes.extend(defect.silence);
        }
        // Only where nothing need be refused before the token is read, the token decides.
        if self.must_be_refused().is_none() {
            classes.insert(plain);
        }
        classes
    }

    /// Whether the answer is right, where a plain request with the same token is answered with `plain`.
    #[must_use]
    pub fn is_right(&self, plain: &'static str, answer: &Classification) -> bool {
        let classes = self.classes(plain);
        classes.contains(&*answer.name()) || (classes.contains(ANY_REFUSAL) && is_refusal(answer))
    }

    /// The first of its defects for which it must not be served.
    #[must_use]
    pub fn must_be_refused(&self) -> Option<&'static RequestDefect> {
        self.defects.iter().find(|defect| defect.right.is_refusal()).copied()
    }
}

fn is_refusal(answer: &Classification) -> bool {
    !matches!(answer.class, Class::Success) && answer.status.is_some() && !answer.is_server_error()
}

/// Draws a request for this token, which must be a right one: with no defect, one, or up to three. Every request is one that
/// an HTTP library can carry, and none is large.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>, token: &str) -> arbitrary::Result<Drawn> {
    let mut chosen = choose(u)?;
    // They are drawn all the same: what else the bytes make is what they make for a socket.
    chosen.retain(|(defect, _)| defect.layer != Layer::Framing && !defect.is_large);
    make(token, chosen)
}

/// The same, with large requests, and with the defects of [`Layer::Framing`], which want a socket.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw_for_socket(u: &mut Unstructured<'_>, token: &str) -> arbitrary::Result<Drawn> {
    let chosen = choose(u)?;
    make(token, chosen)
}

/// Draws a request with a defect of its body, or none; none is large.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw_body(u: &mut Unstructured<'_>, token: &str) -> arbitrary::Result<Drawn> {
    static OF_BODY: LazyLock<Vec<&RequestDefect>> = LazyLock::new(|| {
        let drawn = |defect: &&&RequestDefect| defect.layer == Layer::Body && !defect.is_large;
        defects().iter().filter(drawn).copied().collect()
    });
    let mut chosen = slots::choose(u, &OF_BODY)?;
    chosen.truncate(1);
    make(token, chosen)
}

/// A defect, and the bytes that its details are drawn from.
type Chosen<'a> = (&'static RequestDefect, Unstructured<'a>);

fn choose<'a>(u: &mut Unstructured<'a>) -> arbitrary::Result<Vec<Chosen<'a>>> {
    let mut chosen = slots::choose(u, defects())?;
    let mut layers = BTreeSet::new();
    chosen.retain(|(defect, _)| !defect.waits() && layers.insert(defect.layer));
    Ok(chosen)
}

/// Draws a request with these defects, at most one a layer.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn with(u: &mut Unstructured<'_>, token: &str, defects: Vec<&'static RequestDefect>) -> arbitrary::Result<Drawn> {
    let chosen = defects.into_iter().map(|defect| Ok((defect, slots::slot(u)?))).collect::<arbitrary::Result<_>>()?;
    make(token, chosen)
}

fn make(token: &str, mut chosen: Vec<Chosen<'_>>) -> arbitrary::Result<Drawn> {
    // Bytes for a socket are written of all the rest.
    chosen.sort_by_key(|(defect, _)| defect.layer);
    let mut request = Request::start_with_body(format!(r#"{{"AccessToken":"{token}"}}"#));
    for (defect, slot) in &mut chosen {
        request = (defect.edit)(request, token, slot)?;
    }
    Ok(Drawn { request, defects: chosen.into_iter().map(|(defect, _)| defect).collect() })
}

/// One of the rows of that rule: the thing itself.
fn row_of<T: Copy>(
    u: &mut Unstructured<'_>,
    rows: &[(&str, &str, T, &'static Rule)],
    rule: &'static Rule,
) -> arbitrary::Result<T> {
    let things: Vec<T> =
        rows.iter().filter(|(.., other)| std::ptr::eq(*other, rule)).map(|(_, _, thing, _)| *thing).collect();
    u.choose(&things).copied()
}

/// One of the rows: the thing itself.
fn row<T: Copy>(u: &mut Unstructured<'_>, rows: rows::Rows<T>) -> arbitrary::Result<T> {
    u.choose(rows).map(|(_, _, thing)| *thing)
}
