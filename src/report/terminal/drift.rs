//! The section on observations that are not the expected ones.

use super::super::{groups, story};
use super::style::{BOLD, diff, of_verdict, paint};
use crate::run::{Outcome, Verdict};

/// Writes the section, if there is anything to tell.
pub(super) fn write(outcomes: &[Outcome], verbose: bool, text: &mut String) {
    let drifted = outcomes.iter().filter_map(|outcome| Some((outcome, outcome.drift.as_ref()?)));
    let mut found = groups::by_key(drifted, |(_, drift)| (*drift).clone());
    found.sort_by_key(|group| std::cmp::Reverse(group.first().is_some_and(|(_, drift)| drift.fails())));
    for group in &found {
        let Some((outcome, drift)) = group.first() else { continue };
        let verdict = if drift.fails() { Verdict::Fail } else { Verdict::Warn };
        let expected = story::expectation(drift);
        let head = paint(of_verdict(verdict), "DRIFT");
        text.push_str(&format!("{head} {} differs from {expected}\n", paint(BOLD, &outcome.id)));
        text.push_str(&diff(&drift.diff, "  "));
        if group.len() > 1 {
            let others = groups::ids(group[1..].iter().map(|(outcome, _)| outcome.id.as_str()), verbose);
            text.push_str(&format!("  the same in {} more: {others}\n", group.len() - 1));
        }
        text.push('\n');
    }
}
