//! Creation options: a right document, then labelled defects.
//!
//! The tables in `w3c` and `cognito` are the one place that says which edit breaks which rule; each rule of creation
//! options is broken by some edit of them.

mod cognito;
mod edit;
mod w3c;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use arbitrary::Unstructured;
use serde_json::Value;

pub use edit::OptionsDefect;

use crate::options::{Context, Profile};

/// A right document that defects are put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Options without any finding under the `w3c` profile.
    W3c,
    /// Options as Cognito sends them, with nothing louder than notes under the `cognito` profile.
    Cognito,
}

impl Base {
    /// Both.
    pub const ALL: [Base; 2] = [Base::W3c, Base::Cognito];

    /// The document.
    #[must_use]
    pub fn document(self) -> &'static Value {
        static DOCUMENTS: LazyLock<[Value; 2]> = LazyLock::new(|| [edit::clean(), edit::base()]);
        &DOCUMENTS[self as usize]
    }

    /// The document's text.
    #[must_use]
    pub fn text(self) -> &'static str {
        static TEXTS: LazyLock<[String; 2]> = LazyLock::new(|| Base::ALL.map(|base| base.document().to_string()));
        &TEXTS[self as usize]
    }

    /// The context whose rules the document keeps.
    #[must_use]
    pub fn context(self) -> Context {
        Context::new(match self {
            Base::W3c => Profile::W3c,
            Base::Cognito => Profile::Cognito,
        })
    }
}

/// The defects of one base.
#[must_use]
pub fn defects(base: Base) -> &'static [OptionsDefect] {
    static DEFECTS: LazyLock<[Vec<OptionsDefect>; 2]> = LazyLock::new(|| [w3c::rows(), cognito::rows()]);
    &DEFECTS[base as usize]
}

/// Defects of [`Base::W3c`] on a web origin, which is given first. Their rules are all that is found, the origin's own
/// among them.
#[must_use]
pub fn origin_defects() -> &'static [(&'static str, OptionsDefect)] {
    static DEFECTS: LazyLock<Vec<(&str, OptionsDefect)>> = LazyLock::new(w3c::origin_rows);
    &DEFECTS
}

/// How the options' document is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// Within a member of that name.
    Wrapped(&'static str),
    /// As the text in a string.
    Text,
}

/// Drawn options.
#[derive(Clone)]
pub struct Drawn {
    /// The document that was right.
    pub base: Base,
    /// Its defects: none, one, or two that are independent of each other.
    pub defects: Vec<&'static OptionsDefect>,
    /// How it is given.
    pub form: Form,
    /// The text.
    pub text: Vec<u8>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: usize = 900;
        write!(f, "{:?} with {:?}, {:?}: ", self.base, self.defects, self.form)?;
        write!(f, "{}", self.text[..self.text.len().min(SHOWN)].escape_ascii())
    }
}

impl Drawn {
    /// The rules that it breaks beyond those of its base, all of them, without the prefix `options.`.
    #[must_use]
    pub fn rules(&self) -> BTreeSet<&'static str> {
        let of_form = match self.form {
            Form::Plain => None,
            Form::Wrapped(_) => Some("object.wrapped"),
            Form::Text => Some("object.string"),
        };
        self.defects.iter().flat_map(|defect| &defect.rules).copied().chain(of_form).collect()
    }

    /// The same base, right and as it is.
    #[must_use]
    pub fn without_defects(&self) -> Drawn {
        let text = self.base.text().into();
        Drawn { base: self.base, defects: Vec::new(), form: Form::Plain, text }
    }
}

/// Draws options: right ones, ones with a defect or two, and now and then in a form that is none; without the large defects.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let base = *u.choose(&Base::ALL)?;
    let mut chosen: Vec<&'static OptionsDefect> = Vec::new();
    for _ in 0..*u.choose(&COUNTS)? {
        let defect = u.choose(defects(base))?;
        if !defect.is_large && chosen.iter().all(|other| defect.is_independent_of(other)) {
            chosen.push(defect);
        }
    }
    // What concerns the whole document leaves none to wrap.
    let form = if chosen.iter().any(|defect| defect.pointer().is_empty()) || !u.ratio(1, 8)? {
        Form::Plain
    } else {
        *u.choose(&[Form::Wrapped("publicKey"), Form::Wrapped("credential_creation_options"), Form::Text])?
    };
    Ok(with(base, chosen, form))
}

/// How many defects there are, as often as each number stands here.
const COUNTS: [usize; 6] = [0, 0, 1, 1, 1, 2];

/// The bytes without one of the defects that [`draw`] draws from them, for each of those.
#[must_use]
pub fn with_one_less(bytes: &[u8]) -> Vec<Vec<u8>> {
    let [base, rest @ ..] = bytes else { return Vec::new() };
    let all = super::without_choices(rest, &COUNTS).into_iter();
    all.map(|rest| [&[*base], rest.as_slice()].concat()).collect()
}

/// The options of that base with these defects, which are independent of each other, in that form.
#[must_use]
pub fn with(base: Base, defects: Vec<&'static OptionsDefect>, form: Form) -> Drawn {
    let text = match defects.as_slice() {
        [] => base.text().into(),
        [defect] => defect.apply_once(base.document()),
        _ => edit::apply_all(&defects, base.document()),
    };
    let text = match form {
        Form::Plain => text,
        Form::Wrapped(name) => [b"{\"", name.as_bytes(), b"\":", &text, b"}"].concat(),
        Form::Text => Value::from(String::from_utf8_lossy(&text)).to_string().into_bytes(),
    };
    Drawn { base, defects, form, text }
}
