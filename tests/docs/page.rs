//! Reading a page of Markdown: its text without code, and the commands of its `console` blocks.

/// One command of a page.
#[derive(Debug)]
pub(crate) struct Command {
    /// The line on which it stands, counted from 1.
    pub(crate) line: usize,
    /// It, without prompt, comment and line breaks.
    pub(crate) text: String,
    /// The exit code that the page says it ends with.
    pub(crate) exit: i32,
    /// The fault that the server of the page has when it is given; `None` where it has none.
    pub(crate) fault: Option<String>,
}

/// The commands of a page, in order.
///
/// A command stands behind `$ `; one that ends with a backslash goes on. A comment `# … exit code N` says how it ends. The comment
/// `<!-- server: FAULT -->` in the text says which fault the server of the next commands has.
pub(crate) fn commands(text: &str) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    let (mut fence, mut fault, mut goes_on) = (None::<String>, None, false);
    for (at, whole) in text.lines().enumerate() {
        let line = whole.trim_start();
        if let Some(named) = line.strip_prefix("<!-- server: ").and_then(|rest| rest.strip_suffix(" -->")) {
            fault = (named != "none").then(|| named.to_owned());
        }
        match (&fence, line.strip_prefix("```")) {
            (Some(_), Some(_)) => fence = None,
            (None, Some(language)) => fence = Some(language.to_owned()),
            (Some(language), None) if language == "console" => {
                let (text, comment) = line.split_once("  #").map_or((line, ""), |(text, comment)| (text, comment));
                let text = text.trim_end();
                let goes_on_now = text.ends_with('\\');
                let text = text.trim_end_matches('\\').trim_end();
                if goes_on {
                    let last = commands.last_mut().unwrap();
                    last.text.push(' ');
                    last.text.push_str(text);
                } else if let Some(text) = text.strip_prefix("$ ") {
                    let exit = comment.split_once("exit code ").map_or(0, |(_, rest)| {
                        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
                    });
                    commands.push(Command { line: at + 1, text: text.to_owned(), exit, fault: fault.clone() });
                }
                goes_on = goes_on_now;
            }
            _ => {}
        }
    }
    commands
}

/// The text of a page without its blocks and words of code.
pub(crate) fn prose(text: &str) -> String {
    let (mut prose, mut is_code) = (String::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            let outside = line.split('`').step_by(2);
            prose.push_str(&outside.collect::<Vec<_>>().join("`"));
        }
        prose.push('\n');
    }
    prose
}

/// What a heading's anchor is called: as GitHub does it.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut anchors = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let heading = line.trim_start_matches('#');
        if is_code || heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        anchors.push(kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect());
    }
    anchors
}

#[test]
fn commands_are_found_with_their_exit_codes() {
    let page = "<!-- server: a.b -->\n```console\n$ one 'x'    # exit code 5: said\n  output\n$ two \\\n    --three\n```\n```text\n$ no\n```\n";
    let found = commands(page);
    let told: Vec<_> = found.iter().map(|command| (command.text.as_str(), command.exit, command.line)).collect();
    assert_eq!(told, [("one 'x'", 5, 3), ("two --three", 0, 5)]);
    assert!(found.iter().all(|command| command.fault.as_deref() == Some("a.b")));
    assert_eq!(anchors("# A `b` c!\n```\n# no\n```\n## d-e"), ["a-b-c", "d-e"]);
}
