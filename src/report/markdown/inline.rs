//! Text that others wrote, made safe for Markdown as GitHub reads it: it opens no HTML, no cell of a table, no link, no fence.

use crate::report::terminal::style::{line, short};
use crate::run::printable;

/// The most of a text that stands within a line, in characters.
const LONGEST: usize = 300;

/// Words on one line: what stands between backticks is code, and every other mark of Markdown is escaped.
pub(super) fn text(words: &str) -> String {
    let words = line(words);
    let parts: Vec<&str> = words.trim().split('`').collect();
    // Two backticks side by side would join what stands before and behind them.
    if parts.len().is_multiple_of(2) || words.contains("``") {
        return escaped(words.trim(), true);
    }
    let parts = parts.into_iter().enumerate();
    parts.map(|(at, part)| if at.is_multiple_of(2) { escaped(part, at == 0) } else { code(part) }).collect()
}

/// The marks escaped, also those that mean something at the beginning of a line only.
fn escaped(words: &str, begins: bool) -> String {
    let mut escaped = String::with_capacity(words.len());
    for (at, c) in words.char_indices() {
        let (before, behind) = (&words[..at], &words[at + c.len_utf8()..]);
        let is_mark = match c {
            // `@` names a person, and `$` begins a formula.
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&' | '@' | '$' => true,
            // `www.` and `http:` make links without any other mark, and `:name:` a picture.
            '.' if before.ends_with(['w', 'W']) => true,
            ':' if behind.starts_with(|next: char| !next.is_whitespace()) => true,
            '-' | '+' | '=' | '.' | ')' => begins && before.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A value on one line, as code, cut where it is long: nothing in it is read.
pub(super) fn code(value: &str) -> String {
    let value = short(value, LONGEST);
    let fence = "`".repeat(longest_run(&value) + 1);
    // One space on either side is taken off again, where there is more than spaces.
    let pad = if value.is_empty() || value.starts_with(['`', ' ']) || value.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{value}{pad}{fence}")
}

/// A value in a cell of a table, where a bar ends the cell even in code.
pub(in crate::report) fn cell(value: &str) -> String {
    code(value).replace('|', "\\|")
}

/// Lines in a fence that is longer than any in them.
pub(super) fn fence(language: &str, lines: &str) -> String {
    let lines = printable(lines);
    let fence = "`".repeat((longest_run(&lines) + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", lines.trim_end_matches('\n'))
}

/// Words that lead to an address of the web; another address is shown and leads nowhere.
pub(super) fn link(words: &str, address: &str) -> String {
    if !["https://", "http://"].iter().any(|scheme| address.starts_with(scheme)) {
        return format!("{} ({})", text(words), code(address));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c);
    let mut escaped = String::new();
    for c in address.chars() {
        if allowed(c) {
            escaped.push(c);
        } else {
            c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| escaped.push_str(&format!("%{byte:02X}")));
        }
    }
    format!("[{}](<{escaped}>)", text(words))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

    use super::*;

    fn events(page: &str) -> Vec<Event<'_>> {
        Parser::new_ext(page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS)
            .collect()
    }

    /// Marks of Markdown and HTML, at the places where they mean something.
    fn hostile() -> impl Strategy<Value = String> {
        let mark = prop_oneof![
            Just("`"),
            Just("```"),
            Just("|"),
            Just("\n"),
            Just("\n\n"),
            Just("\\"),
            Just("<b>"),
            Just("</td>"),
            Just("&lt;"),
            Just("["),
            Just("](x)"),
            Just("!["),
            Just("*"),
            Just("_"),
            Just("~~"),
            Just("# "),
            Just("> "),
            Just("- "),
            Just("1. "),
            Just("---"),
            Just("==="),
            Just("    "),
            Just("\t"),
            Just("\r"),
            Just("<!--"),
            Just("http://x.example"),
            Just("[x] "),
            Just("word"),
            Just(" "),
            Just("é"),
            Just("$"),
            Just(":a:"),
            Just("\u{0}"),
        ];
        prop_oneof![proptest::collection::vec(mark, 0..12).prop_map(|marks| marks.concat()), any::<String>()]
    }

    proptest! {
        #[test]
        fn words_stay_words(words in hostile()) {
            for page in [format!("- before {} behind\n", text(&words)), format!("{}\n", text(&words))] {
                for event in events(&page) {
                    let is_plain = match &event {
                        Event::Text(_) | Event::Code(_) => true,
                        Event::Start(tag) => matches!(tag, Tag::List(None) | Tag::Item | Tag::Paragraph),
                        Event::End(tag) => matches!(tag, TagEnd::List(_) | TagEnd::Item | TagEnd::Paragraph),
                        _ => false,
                    };
                    prop_assert!(is_plain, "{event:?} in {page:?}");
                }
            }
        }

        #[test]
        fn a_value_is_one_piece_of_code(value in hostile()) {
            let page = format!("before {} behind", code(&value));
            let pieces: Vec<_> = events(&page).into_iter().filter_map(|event| match event {
                Event::Code(code) => Some(code.into_string()),
                Event::Text(text) => { assert!(["before ", " behind"].contains(&&*text), "{text:?}"); None }
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => None,
                other => panic!("{other:?} in {page:?}"),
            }).collect();
            prop_assert_eq!(pieces.len(), 1);
            let shown = short(&value, LONGEST);
            prop_assert_eq!(pieces[0].trim(), shown.trim());
        }

        #[test]
        fn a_cell_is_one_cell(value in hostile()) {
            let page = format!("| a | b |\n| --- | --- |\n| {} | last |\n", cell(&value));
            let cells = events(&page).iter().filter(|event| matches!(event, Event::Start(Tag::TableCell))).count();
            prop_assert_eq!(cells, 4, "{}", page);
            prop_assert!(events(&page).contains(&Event::Text("last".into())), "{}", page);
        }

        #[test]
        fn nothing_gets_out_of_a_fence(lines in hostile()) {
            let page = format!("{}\nbehind\n", fence("diff", &lines));
            let events = events(&page);
            prop_assert_eq!(&events[0], &Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("diff".into()))));
            let end = events.iter().position(|event| *event == Event::End(TagEnd::CodeBlock)).unwrap();
            let inside: String = events[1..end].iter().map(|event| match event {
                Event::Text(text) => &**text,
                other => panic!("{other:?}"),
            }).collect();
            let shown = printable(&lines);
            prop_assert_eq!(inside.trim_end_matches('\n'), shown.trim_end_matches('\n'));
            prop_assert_eq!(&events[end + 1..], &[Event::Start(Tag::Paragraph), Event::Text("behind".into()), Event::End(TagEnd::Paragraph)]);
        }

        #[test]
        fn a_link_leads_to_the_web_or_nowhere(words in hostile(), address in hostile(), scheme in "(https://|http://|javascript:|)") {
            let page = link(&words, &format!("{scheme}{address}"));
            for event in events(&format!("- {page}")) {
                match event {
                    Event::Start(Tag::Link { dest_url, .. }) => prop_assert!(dest_url.starts_with("http"), "{page}"),
                    Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => panic!("{page}"),
                    _ => {}
                }
            }
        }
    }
}
