//! The names that look most like one that there is not.

use similar::TextDiff;

/// A name is told that holds what was given, or shares at least this part of its characters.
const ALIKE: f32 = 0.6;

/// The most names that are told.
const SHOWN: usize = 3;

/// What is shorter than this is like everything.
const TOO_SHORT: usize = 2;

/// The names that look most like what was given, the likest first.
pub(super) fn near<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    if given.len() <= TOO_SHORT {
        return Vec::new();
    }
    let likeness = |name: &str| if name.contains(given) { 1.0 } else { TextDiff::from_chars(given, name).ratio() };
    let mut alike: Vec<(f32, &str)> =
        names.map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= ALIKE).collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    alike.dedup_by_key(|(_, name)| *name);
    alike.into_iter().take(SHOWN).map(|(_, name)| name).collect()
}
