//! Ids of cases in a notice.

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
