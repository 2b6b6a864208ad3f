//! Creation options: a right document, then one labelled defect.
//!
//! The tables in `w3c` and `cognito` are the one place that says which edit breaks which rule; each rule of creation
//! options is broken by some edit of them.

mod cognito;
mod edit;
mod w3c;

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

/// Drawn options.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The document that was right.
    pub base: Base,
    /// Its one defect, if any.
    pub defect: Option<&'static OptionsDefect>,
    /// The text.
    pub text: Vec<u8>,
}

/// Draws options: as often right as not, without the large defects.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>) -> arbitrary::Result<Drawn> {
    let base = *u.choose(&Base::ALL)?;
    let defect = match u.arbitrary::<bool>()? {
        false => None,
        true => Some(u.choose(defects(base))?).filter(|defect| !defect.is_large),
    };
    let text = defect.map_or_else(|| base.text().into(), |defect| defect.apply(base.document()));
    Ok(Drawn { base, defect, text })
}
