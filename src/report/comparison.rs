//! Two runs side by side, for people: as text and as Markdown.

use super::markdown::cell;
use super::terminal::style::{ADDED, BOLD, DIM, REMOVED, line, of_verdict, paint, short};
use crate::run::{Comparison, Difference, Verdict, Words};

/// The most of a fingerprint's line that is shown, in characters.
const LINE: usize = 200;

/// What one part of a comparison is called, and what that means.
type Part<'a> = (&'static str, Verdict, &'a [Difference]);

fn parts(comparison: &Comparison) -> [Part<'_>; 4] {
    [
        ("new failures", Verdict::Fail, &comparison.new_failures),
        ("fail in another way", Verdict::Warn, &comparison.changed),
        ("no longer judged", Verdict::Inconclusive, &comparison.unjudged),
        ("fixed", Verdict::Pass, &comparison.fixed),
    ]
}

/// The comparison in colour: give a writer that strips it where it is not wanted.
#[must_use]
pub fn comparison_text(comparison: &Comparison) -> String {
    let words = Words::of(comparison.side);
    let mut text = String::new();
    for (sign, side) in [("-", &comparison.old), ("+", &comparison.new)] {
        let of = format!("{} {}, cogspec {}", side.cases, words.cases, line(&side.cogspec));
        text.push_str(&format!("{sign} {}  {}\n", paint(BOLD, &line(&side.target)), paint(DIM, &of)));
    }
    text.push_str(&case_sets(comparison).map(|told| format!("{told}\n")).unwrap_or_default());
    for (name, verdict, differences) in parts(comparison) {
        if differences.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{}\n", paint(of_verdict(verdict), &format!("{} {name}", differences.len()))));
        for difference in differences {
            let verdicts = paint(DIM, &verdicts(difference));
            text.push_str(&format!("  {}  {verdicts}\n", paint(BOLD, &line(&difference.id))));
            for (lines, sign, style) in [(&difference.was, "-", REMOVED), (&difference.is, "+", ADDED)] {
                for told in lines {
                    text.push_str(&format!("    {}\n", paint(style, &format!("{sign} {}", short(told, LINE)))));
                }
            }
            if let Some(reason) = &difference.reason {
                text.push_str(&format!("    {}\n", short(reason, LINE)));
            }
        }
    }
    text.push_str(&format!("\n{}\n", summary(comparison)));
    text
}

/// The comparison as Markdown, for a comment on a change.
#[must_use]
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let mut text = format!("**cogspec**: {}\n", summary(comparison));
    text.push_str(&case_sets(comparison).map(|told| format!("\n{told}\n")).unwrap_or_default());
    for (name, _, differences) in parts(comparison) {
        if differences.is_empty() {
            continue;
        }
        text.push_str(&format!(
            "\n### {} {name}\n\n| {} | then | now | how |\n|---|---|---|---|\n",
            differences.len(),
            Words::of(comparison.side).case
        ));
        for difference in differences {
            let mut how: Vec<String> = difference.was.iter().map(|told| format!("− {}", cell(told))).collect();
            how.extend(difference.is.iter().map(|told| format!("+ {}", cell(told))));
            how.extend(difference.reason.iter().map(|reason| cell(reason)));
            let (then, now) = (word(difference.then), word(difference.now));
            text.push_str(&format!("| {} | {then} | {now} | {} |\n", cell(&difference.id), how.join("<br>")));
        }
    }
    text
}

fn summary(comparison: &Comparison) -> String {
    let counts = parts(comparison).map(|(name, _, differences)| format!("{} {name}", differences.len())).join(", ");
    format!("{counts}; {} fail as before", comparison.same)
}

fn case_sets(comparison: &Comparison) -> Option<String> {
    let (old, new) = (&comparison.old.case_set, &comparison.new.case_set);
    (old != new).then(|| {
        format!(
            "the runs are of different sets of {}: {} and {}",
            Words::of(comparison.side).cases,
            line(old),
            line(new)
        )
    })
}

fn verdicts(difference: &Difference) -> String {
    format!("{} then, {} now", word(difference.then), word(difference.now))
}

fn word(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("not run", Verdict::name)
}
