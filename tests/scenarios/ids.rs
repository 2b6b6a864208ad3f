//! Ids, by which everything else names a scenario.

use std::collections::BTreeSet;

use cogspec::scenario::{self, Scenario};
use cogspec::suite::{Side, Theme};

/// Segments of lower-case words with hyphens; the first is the theme.
fn is_well_formed(id: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let segments: Vec<&str> = id.split('.').collect();
    segments.len() > 1 && segments.iter().all(|segment| segment.split('-').all(is_word))
}

#[test]
fn ids_are_unique_well_formed_and_begin_with_a_theme_of_clients() {
    let all = scenario::all();
    let unique: BTreeSet<&str> = all.iter().map(|scenario| scenario.id.as_str()).collect();
    assert_eq!(unique.len(), all.len());
    let themes: BTreeSet<&str> = Theme::of(Side::Client).iter().map(|theme| theme.name()).collect();
    let theme = |scenario: &Scenario| scenario.id.split('.').next().unwrap_or_default().to_owned();
    for scenario in all {
        assert!(is_well_formed(&scenario.id), "{}", scenario.id);
        assert!(themes.contains(theme(scenario).as_str()), "{}", scenario.id);
        assert!(!scenario.title.is_empty() && !scenario.replies.is_empty() && !scenario.demands.is_empty());
        assert!(std::ptr::eq(scenario::find(&scenario.id).unwrap(), scenario));
    }
    assert!(
        ["Envelope.a", "envelope", "envelope..a", "envelope.a-", "envelope.a_b"].iter().all(|id| !is_well_formed(id))
    );
}
