//! What reports call things, by the side that was judged.

use crate::suite::Side;

/// The words of one side.
pub(super) struct Words {
    /// What it is judged by.
    pub(super) case: &'static str,
    /// Several of them.
    pub(super) cases: &'static str,
    /// The same where a heading begins with it.
    pub(super) heading: &'static str,
    /// What is judged.
    pub(super) judged: &'static str,
    /// Why a case is skipped.
    pub(super) skipped: &'static str,
    /// What cogspec does, below its name.
    pub(super) brand: &'static str,
}

impl Words {
    /// The words of that side.
    pub(super) fn of(side: Side) -> &'static Words {
        match side {
            Side::Server => &Words {
                case: "case",
                cases: "cases",
                heading: "Cases",
                judged: "target",
                skipped: "the target cannot give what they need",
                brand: "passkey registration of Amazon Cognito, judged",
            },
            Side::Client => &Words {
                case: "scenario",
                cases: "scenarios",
                heading: "Scenarios",
                judged: "client",
                skipped: "the client has no notion of what they are about",
                brand: "clients of Amazon Cognito's passkey registration, judged",
            },
        }
    }

    /// One or several of them.
    pub(super) fn plural(&self, n: usize) -> &'static str {
        if n == 1 { self.case } else { self.cases }
    }
}
