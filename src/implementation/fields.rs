//! The fields of a TOML file, read strictly: every problem is told, with its line.

use std::collections::BTreeMap;
use std::time::Duration;

use toml_edit::{Document, Item, TableLike, Value};

use crate::toml::line_of;

/// What is wrong with a file, each with its line.
#[derive(Default)]
pub(super) struct Problems(Vec<(usize, String)>);

impl Problems {
    /// In the order of the file.
    pub(super) fn lines(mut self) -> Vec<String> {
        self.0.sort();
        self.0.into_iter().map(|(line, problem)| format!("  line {line}: {problem}")).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The fields of one table. A method gives nothing where the field is not there or not as it should be; that is a problem then,
/// except for what is optional and not there.
pub struct Fields<'a> {
    text: &'a str,
    /// The name of the table, empty for the file itself.
    name: &'static str,
    /// The line of its head.
    line: usize,
    table: &'a dyn TableLike,
    asked: Vec<&'static str>,
    problems: &'a mut Problems,
}

impl<'a> Fields<'a> {
    /// The fields of the file itself.
    pub(super) fn of_file(text: &'a str, document: &'a Document<&str>, problems: &'a mut Problems) -> Self {
        Fields { text, name: "", line: 1, table: document.as_table(), asked: Vec::new(), problems }
    }

    /// The fields of a table in this one, where it has one.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Fields<'_>> {
        let (line, item) = self.item(key)?;
        let Some(table) = item.as_table_like() else {
            self.wrong(line, format!("`{key}` is no table"));
            return None;
        };
        Some(Fields { text: self.text, name: key, line, table, asked: Vec::new(), problems: self.problems })
    }

    /// The same; it is a problem where there is none.
    pub(super) fn required_table(&mut self, key: &'static str) -> Option<Fields<'_>> {
        self.require(key);
        self.table(key)
    }

    /// Ends the table: what was not asked for is not known here.
    pub(super) fn end(mut self) {
        let unknown: Vec<_> = self.table.iter().filter(|(key, _)| !self.asked.contains(key)).collect();
        for (key, item) in unknown {
            let line = self.line_of(item.span());
            let known = self.asked.join(", ");
            self.wrong(line, format!("`{key}` is not known here; known are {known}"));
        }
    }

    /// Tells that a field is wrong, where it is there.
    pub(super) fn refuse(&mut self, key: &str, why: &str) {
        let line = self.table.get(key).map_or(self.line, |item| self.line_of(item.span()));
        self.wrong(line, format!("`{key}` {why}"));
    }

    /// A text that is not blank.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.require(key);
        self.optional_text(key)
    }

    /// The same, where it is there.
    pub(super) fn optional_text(&mut self, key: &'static str) -> Option<String> {
        self.value(key, "a text that is not blank", |value| {
            value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
        })
    }

    /// `true` or `false`.
    pub(super) fn bool(&mut self, key: &'static str) -> Option<bool> {
        self.require(key);
        self.optional_bool(key)
    }

    /// The same, where it is there.
    pub(super) fn optional_bool(&mut self, key: &'static str) -> Option<bool> {
        self.value(key, "true or false", Value::as_bool)
    }

    /// Seconds, at most a day.
    pub(super) fn optional_seconds(&mut self, key: &'static str) -> Option<Duration> {
        self.value(key, "a number of seconds above 0, at most a day", |value| {
            #[expect(clippy::cast_precision_loss, reason = "what is that large is refused")]
            let seconds = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))?;
            (seconds > 0.0 && seconds <= 86_400.0).then(|| Duration::from_secs_f64(seconds))
        })
    }

    /// The same; it is a problem where there is none.
    pub(super) fn seconds(&mut self, key: &'static str) -> Option<Duration> {
        self.require(key);
        self.optional_seconds(key)
    }

    /// A whole number between 1 and `most`, where it is there.
    pub(super) fn optional_number(&mut self, key: &'static str, most: u16) -> Option<u16> {
        self.value(key, &format!("a whole number from 1 to {most}"), |value| {
            value.as_integer().and_then(|n| u16::try_from(n).ok()).filter(|n| (1..=most).contains(n))
        })
    }

    /// A command: the program and its arguments.
    pub(super) fn command(&mut self, key: &'static str) -> Option<Vec<String>> {
        self.require(key);
        self.value(key, "a list of texts: a program and its arguments", command)
    }

    /// Commands, one after another.
    pub(super) fn commands(&mut self, key: &'static str) -> Option<Vec<Vec<String>>> {
        self.require(key);
        let wanted = "a list of commands, each a list of texts";
        self.value(key, wanted, |value| {
            let commands: Vec<_> = value.as_array()?.iter().map(command).collect::<Option<_>>()?;
            (!commands.is_empty()).then_some(commands)
        })
    }

    /// Texts by name; none where it is not there.
    pub(super) fn texts(&mut self, key: &'static str) -> BTreeMap<String, String> {
        let Some((line, item)) = self.item(key) else { return BTreeMap::new() };
        let texts = item.as_table_like().and_then(|table| {
            table.iter().map(|(name, item)| Some((name.to_owned(), item.as_str()?.to_owned()))).collect::<Option<_>>()
        });
        texts.unwrap_or_else(|| {
            self.wrong(line, format!("`{key}` is no table of texts"));
            BTreeMap::new()
        })
    }

    fn item(&mut self, key: &'static str) -> Option<(usize, &'a Item)> {
        self.asked.push(key);
        let item = self.table.get(key)?;
        Some((self.line_of(item.span()), item))
    }

    fn value<T>(&mut self, key: &'static str, wanted: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let (line, item) = self.item(key)?;
        let value = item.as_value().and_then(read);
        if value.is_none() {
            self.wrong(line, format!("`{key}` is not {wanted}"));
        }
        value
    }

    fn require(&mut self, key: &str) {
        if self.table.get(key).is_none() {
            let within = if self.name.is_empty() { String::new() } else { format!("[{}] has ", self.name) };
            self.wrong(self.line, format!("{within}no `{key}`"));
        }
    }

    fn wrong(&mut self, line: usize, problem: String) {
        self.problems.0.push((line, problem));
    }

    /// The line on which a span begins, counted from 1.
    fn line_of(&self, span: Option<std::ops::Range<usize>>) -> usize {
        span.map_or(self.line, |span| line_of(self.text, span))
    }
}

fn command(value: &Value) -> Option<Vec<String>> {
    let words: Vec<String> =
        value.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    (!words.is_empty()).then_some(words)
}
