//! What reports call things, by the side that was judged.

use crate::suite::Side;

/// The words of one side.
pub(crate) struct Words {
    /// What it is judged by.
    pub(crate) case: &'static str,
    /// Several of them.
    pub(crate) cases: &'static str,
    /// The same where a heading begins with it.
    pub(crate) heading: &'static str,
    /// What a column of a matrix is of.
    pub(crate) column: &'static str,
    /// What is judged.
    pub(crate) judged: &'static str,
    /// Why a case is skipped.
    pub(crate) skipped: &'static str,
    /// What cogspec does, below its name.
    pub(crate) brand: &'static str,
}

impl Words {
    /// The words of that side.
    pub(crate) fn of(side: Side) -> &'static Words {
        match side {
            Side::Server => &Words {
                case: "case",
                cases: "cases",
                heading: "Cases",
                column: "implementation",
                judged: "target",
                skipped: "the target cannot give what they need",
                brand: "passkey registration of Amazon Cognito, judged",
            },
            Side::Client => &Words {
                case: "scenario",
                cases: "scenarios",
                heading: "Scenarios",
                column: "client",
                judged: "client",
                skipped: "the client has no notion of what they are about",
                brand: "clients of Amazon Cognito's passkey registration, judged",
            },
        }
    }

    /// One or several of them.
    pub(crate) fn plural(&self, n: usize) -> &'static str {
        if n == 1 { self.case } else { self.cases }
    }
}
