//! Ids: which there are, and several of them in a notice.

use std::collections::BTreeSet;

use crate::scenario;
use crate::suite::{self, Side};

/// The ids of all cases, or of all scenarios: what a baseline may list of that side.
pub(crate) fn known(side: Side) -> BTreeSet<String> {
    match side {
        Side::Server => suite::all().into_iter().map(|case| case.id).collect(),
        Side::Client => scenario::all().iter().map(|scenario| scenario.id.clone()).collect(),
    }
}

/// The most in one notice.
const SHOWN: usize = 5;

/// The ids in order, cut after some.
pub(super) fn some(ids: &[impl AsRef<str>]) -> String {
    let mut ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    ids.sort_unstable();
    let shown = ids.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
