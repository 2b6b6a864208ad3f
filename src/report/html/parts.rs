//! Pieces that pages are put together from.

use maud::{Markup, html};

use crate::cognito::{Evidence, Level};
use crate::run::{Verdict, Words, printable};
use crate::suite::Side;

/// The most of one value that is shown, in characters; the JSON report has it whole.
const LONGEST: usize = 4096;

/// The width of the bar, in its own units.
const WIDTH: usize = 1000;

/// The least width of a verdict in it that occurs.
const LEAST: usize = 8;

/// The longest value that stands in a line of its own, in characters.
const SHORT: usize = 240;

/// The text without what reorders a line or hides in it, cut where it is very long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}… ({} characters in all)", printable(&text[..at]), number(text.chars().count())),
        None => printable(text),
    }
}

/// A sentence in which code stands between backticks.
pub(super) fn sentence(text: &str) -> Markup {
    let text = shown(text);
    let is_paired = text.matches('`').count().is_multiple_of(2);
    html! {
        @if is_paired {
            @for (at, part) in text.split('`').enumerate() { @if at % 2 == 1 { code { (part) } } @else { (part) } }
        } @else { (text) }
    }
}

/// The id of an element: what stands in a link must have no spaces.
pub(super) fn anchor(prefix: &str, id: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let id: String = id.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    format!("{prefix}-{id}")
}

/// A verdict: a glyph, by style, and the word.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    html! { span class={ "v " (verdict) } { (verdict) } }
}

/// What a verdict means, in a sentence without its end.
pub(super) fn meaning(verdict: Verdict, side: Side) -> &'static str {
    match verdict {
        Verdict::Pass => "everything held",
        Verdict::Note => "a MAY was not followed, or something that nobody knows was observed",
        Verdict::Warn => "a SHOULD was not followed, or a MUST that is only inferred",
        Verdict::Fail => "a MUST was broken",
        Verdict::Known => "it fails in the way that the baseline lists",
        Verdict::Fixed => "the baseline lists a failure that is gone",
        Verdict::Skip => match side {
            Side::Server => "the server cannot give what the case needs",
            Side::Client => "the client has no notion of what the scenario is about",
        },
        Verdict::Inconclusive => "what came proves nothing",
        Verdict::Error => "a bug in cogspec",
    }
}

/// How binding a rule is.
pub(super) fn level(level: Level) -> Markup {
    html! { span class={ "level " (level) } { (level) } }
}

/// How far a rule is to be trusted, in a word.
pub(super) fn evidence(evidence: Evidence) -> Markup {
    html! { span class={ "evidence " (evidence) } title=(evidence.meaning()) { (evidence) } }
}

/// A rule's id, which leads to the rule.
pub(super) fn rule(id: &str) -> Markup {
    html! { a.rule href={ "#" (anchor("rule", id)) } { (shown(id)) } }
}

/// A link where the address is one of the web; a text otherwise.
pub(super) fn link(url: &str, text: &str) -> Markup {
    let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    html! {
        @if is_web { a.out href=(url) rel="noreferrer noopener" { (shown(text)) } }
        @else { (shown(text)) }
    }
}

/// A value that came or was wanted.
pub(super) fn value(text: &str) -> Markup {
    let text = shown(text);
    let is_short = text.len() <= SHORT && !text.contains('\n');
    html! {
        @if text.is_empty() { span.muted { "nothing" } }
        @else if is_short { code { (text) } }
        @else { (block("the value", &text)) }
    }
}

/// Text as it is, in a box that can be scrolled by keyboard. It is shown already.
pub(super) fn block(label: &str, text: &str) -> Markup {
    html! { pre tabindex="0" role="group" aria-label=(label) { code { (text) } } }
}

/// A command with a button that copies it; `what` names it to those who do not see it.
pub(super) fn command(what: &str, text: &str) -> Markup {
    html! {
        div.command {
            pre tabindex="0" role="group" aria-label=(what) { code { (printable(text)) } }
            (copy(what))
        }
    }
}

/// Copies the `code` that stands beside it. The page's style hides it where no script runs.
pub(super) fn copy(what: &str) -> Markup {
    html! { button.copy type="button" aria-label={ "Copy " (what) } { "Copy" } }
}

/// Lines that begin with `-` and `+`.
pub(super) fn diff(label: &str, text: &str) -> Markup {
    let text = shown(text);
    html! {
        pre.diff tabindex="0" role="group" aria-label=(label) {
            @for line in text.lines() {
                @match line.as_bytes().first() {
                    Some(b'-') => del { (line) },
                    Some(b'+') => ins { (line) },
                    _ => span { (line) },
                }
                "\n"
            }
        }
    }
}

/// A number with its thousands apart.
pub(super) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many cases, in words.
pub(super) fn cases(words: &Words, n: usize) -> String {
    format!("{} {}", number(n), words.plural(n))
}

/// A time in milliseconds, in the unit that suits it.
pub(super) fn time(millis: u64) -> String {
    let seconds = std::time::Duration::from_millis(millis).as_secs_f64();
    match millis {
        0..1000 => format!("{millis} ms"),
        1000..120_000 => format!("{seconds:.1} s"),
        _ => format!("{:.0} min", seconds / 60.0),
    }
}

/// Counts as a bar, each verdict as wide as it is frequent, but never too narrow to be seen.
pub(super) fn bar(counts: &[(Verdict, usize)]) -> Markup {
    let total = counts.iter().map(|(_, count)| count).sum::<usize>().max(1);
    let words: Vec<String> = counts.iter().map(|(verdict, count)| format!("{} {verdict}", number(*count))).collect();
    let mut whole = 0;
    let parts: Vec<(Verdict, usize, usize)> = counts
        .iter()
        .map(|(verdict, count)| {
            let (at, width) = (whole, (count * WIDTH / total).max(LEAST));
            whole += width;
            (*verdict, at, width)
        })
        .collect();
    html! {
        @if !counts.is_empty() {
            svg.bar viewBox={ "0 0 " (whole) " 10" } preserveAspectRatio="none" role="img" aria-label=(words.join(", ")) {
                @for (verdict, at, width) in parts {
                    rect class=(verdict) x=(at) y="0" width=(width) height="10" {}
                }
            }
        }
    }
}

/// What the words of the page mean.
pub(super) fn legend(side: Side) -> Markup {
    let evidence = [Evidence::Recorded, Evidence::Documented, Evidence::Inferred];
    html! {
        section #words aria-labelledby="words-title" {
            h2 #words-title { "Words" }
            dl.words {
                @for word in Verdict::ALL { dt { (verdict(word)) } dd { (meaning(word, side)) } }
                @for word in evidence { dt { (self::evidence(word)) } dd { (word.meaning()) } }
                @match side {
                    Side::Server => {
                        dt { span.role { "test" } } dd { "what the verdict is about" }
                        dt { span.role { "witness" } } dd { "the same request without its defect: where it is refused too, a refusal proves nothing" }
                    }
                    Side::Client => { dt { span.role { "attempt" } } dd { "what the client sent, and what it was answered" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_easy_to_read() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([7, 1500, 600_000].map(time), ["7 ms", "1.5 s", "10 min"]);
    }

    #[test]
    fn only_the_web_is_linked_to() {
        for good in ["https://example.com/1", "http://tracker/1"] {
            assert!(link(good, "x").into_string().starts_with("<a "), "{good}");
        }
        for bad in ["javascript:alert(1)", "data:text/html,x", "JIRA-1", " https://x", "HTTPS:x", ""] {
            assert_eq!(link(bad, "x").into_string(), "x");
        }
    }
}
