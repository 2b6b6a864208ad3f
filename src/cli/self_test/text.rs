//! The kill matrix for people.

use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::cli::rules::BOLD;
use crate::run::Verdict;
use crate::self_test::{Catch, Counts, Fate, Fuzzed, Matrix, Tried};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

/// The most cases that are named for one fault.
const SHOWN: usize = 2;

/// What is about to be tried, above the first fault.
pub(super) fn head(faults: usize, cases: usize, quick: bool) -> String {
    let which = if quick { "only those that are there for each fault" } else { "the whole suite" };
    format!("{}, each on an emulator of its own; {}, {which}\n", many(faults, "fault"), many(cases, "case"))
}

/// One fault: its fate, what it does, and what caught it.
pub(super) fn tried(tried: &Tried) -> String {
    let (style, fate) = (style(tried.fate), tried.fate.name());
    let fate = if tried.fate.is_caught() { fate.to_owned() } else { fate.to_uppercase() };
    let mut text = format!("{style}{fate:<8}{style:#} {BOLD}{}{BOLD:#}: {}\n", tried.fault, tried.description);
    let (shown, more) = tried.caught_by.split_at(SHOWN.min(tried.caught_by.len()));
    for catch in shown {
        text.push_str(&line(catch));
    }
    match more.len() {
        0 => {}
        more => text.push_str(&format!("         and {more} more\n")),
    }
    match tried.fate {
        Fate::Survived => text.push_str(&format!("         should be caught by {}\n", tried.named.join(", "))),
        Fate::Unseen => text.push_str("         no answer differs from those without the fault\n"),
        Fate::Killed | Fate::Warned | Fate::Noted => {}
    }
    if let Some(fuzz) = &tried.fuzz {
        text.push_str(&fuzzed(fuzz));
    }
    text
}

fn fuzzed(fuzz: &Fuzzed) -> String {
    let Fuzzed { requests, found, ended_early } = fuzz;
    let what = match found.split_at(SHOWN.min(found.len())) {
        ([], _) => "finds nothing".to_owned(),
        (shown, []) => format!("finds {}", shown.join(", ")),
        (shown, more) => format!("finds {} and {} more", shown.join(", "), more.len()),
    };
    let why = ended_early.as_ref().map_or(String::new(), |why| format!("; it ended early, for {why}"));
    format!("         the fuzzer {what} in {requests} requests{why}\n")
}

fn line(catch: &Catch) -> String {
    let does = match catch.verdict {
        Verdict::Fail => "fails",
        Verdict::Warn => "warns",
        _ => "notes",
    };
    let Catch { case, rule, level, evidence, named, .. } = catch;
    let elsewhere = if *named { "" } else { ", though it is not there for it" };
    format!("         {case} {does}{elsewhere}: {rule} ({level}, {evidence})\n")
}

/// The matrix by areas, the score, and what to do about a gap.
pub(super) fn summary(matrix: &Matrix) -> String {
    let mut text = format!("{:<10}{:>7}", "", "faults");
    for fate in Fate::ALL {
        text.push_str(&format!("{:>10}", fate.name()));
    }
    if matrix.summary.fuzzed.is_some() {
        text.push_str(&format!("{:>10}", "by fuzz"));
    }
    text.push('\n');
    let mut areas: Vec<&str> = matrix.faults.iter().map(area).collect();
    areas.dedup();
    for name in &areas {
        text.push_str(&row(name, &Counts::of(matrix.faults.iter().filter(|tried| area(tried) == *name))));
    }
    if areas.len() > 1 {
        text.push_str(&row("all", &matrix.summary));
    }
    let open: Vec<&Tried> = matrix.faults.iter().filter(|tried| !tried.fate.is_caught()).collect();
    for gap in &open {
        text.push_str(&format!(
            "\n{RED}{}{RED:#} {BOLD}{}{BOLD:#}: {}\n  look into it: cogspec self-test --quick --fault {}\n",
            gap.fate.name(),
            gap.fault,
            gap.description,
            gap.fault
        ));
    }
    let Counts { noted, not_run, interrupted, .. } = matrix.summary;
    text.push_str(&match matrix.summary.score() {
        (0, _) => "\nscore: none".to_owned(),
        // Rounded down: 100% is said of all only.
        (binding, caught) => format!("\nscore: {}%, {caught} of {binding} faults caught", caught * 100 / binding),
    });
    if noted > 0 {
        text.push_str(&format!(
            "; {noted} besides can only be noted, and {} so",
            if noted == 1 { "is" } else { "are" }
        ));
    }
    text.push('\n');
    if let (Some(found), Some(ms)) = (matrix.summary.fuzzed, matrix.fuzz_ms) {
        let (tried, seconds) = (matrix.summary.tried, Duration::from_millis(ms).as_secs_f64());
        text.push_str(&format!("the fuzzer by itself found {found} of {tried} in {seconds} s each\n"));
    }
    if interrupted {
        text.push_str(&format!("stopped: {} not tried\n", many(not_run, "fault")));
    }
    text
}

fn row(name: &str, counts: &Counts) -> String {
    let mut row = format!("{name:<10}{:>7}", counts.tried);
    for fate in Fate::ALL {
        let count = counts.with(fate);
        let style = if count > 0 { style(fate) } else { Style::new() };
        row.push_str(&format!("{style}{count:>10}{style:#}"));
    }
    if let Some(fuzzed) = counts.fuzzed {
        row.push_str(&format!("{fuzzed:>10}"));
    }
    row.push('\n');
    row
}

/// The area of a fault, the first segment of its name.
fn area(tried: &Tried) -> &'static str {
    tried.fault.split('.').next().unwrap_or_default()
}

fn style(fate: Fate) -> Style {
    match fate {
        Fate::Killed => GREEN,
        Fate::Warned | Fate::Noted => YELLOW,
        Fate::Survived | Fate::Unseen => RED,
    }
}

fn many(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
