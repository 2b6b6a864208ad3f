//! Reading an operation's input: JSON types first, constraints after, with the texts of the Coral framework.
//!
//! A wrong type ends the reading at once. Broken constraints are collected, and [`Input::finish`] reports them together,
//! so that a type error is told before any constraint error: the order that the live front end keeps.

use serde_json::{Map, Value};

use super::answer::Refusal;
use super::shapes::Text;

/// A structure of the input, being read.
pub(super) struct Input<'a> {
    members: &'a Map<String, Value>,
    /// Where the structure stands, as in `policies.`; empty for the input itself.
    path: String,
    violations: Vec<String>,
}

impl<'a> Input<'a> {
    /// The body as the input structure.
    pub(super) fn new(body: &'a Value) -> Result<Self, Refusal> {
        match body {
            Value::Object(members) => Ok(Input { members, path: String::new(), violations: Vec::new() }),
            Value::Array(_) => Err(Refusal::serialization("Start of list found where not expected")),
            _ => Err(Refusal::bare("SerializationException")),
        }
    }

    /// A string. `None` where it is absent or null.
    pub(super) fn text(&mut self, member: &str, shape: &Text) -> Result<Option<&'a str>, Refusal> {
        let Some(value) = self.member(member) else { return Ok(None) };
        let text = string(value)?;
        let at = self.at(member);
        self.violations.extend(shape.violations(&at, text));
        Ok(Some(text))
    }

    /// A string that must be there. Where it is not, the empty text stands in until [`Input::finish`] refuses.
    pub(super) fn required(&mut self, member: &str, shape: &Text) -> Result<&'a str, Refusal> {
        let text = self.text(member, shape)?;
        if text.is_none() {
            self.missing(member, shape.sensitive);
        }
        Ok(text.unwrap_or_default())
    }

    /// A document, which may be any JSON value but null, and must be there. Where it is not, null stands in until
    /// [`Input::finish`] refuses.
    pub(super) fn document(&mut self, member: &str) -> &'a Value {
        let document = self.member(member);
        if document.is_none() {
            self.missing(member, false);
        }
        document.unwrap_or(&Value::Null)
    }

    /// An integer within bounds. A fraction is cut off.
    pub(super) fn integer(&mut self, member: &str, min: i64, max: i64) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.member(member) else { return Ok(None) };
        let Value::Number(number) = value else { return Err(unconvertible(value, "an Integer")) };
        #[allow(clippy::cast_possible_truncation, reason = "saturates, and is then out of bounds")]
        let integer = number.as_i64().or_else(|| number.as_f64().map(|float| float as i64)).unwrap_or(i64::MAX);
        let rule = if integer < min {
            format!("Member must have value greater than or equal to {min}")
        } else if integer > max {
            format!("Member must have value less than or equal to {max}")
        } else {
            return Ok(Some(integer));
        };
        let at = self.at(member);
        self.violations.push(format!("Value '{number}' at '{at}' failed to satisfy constraint: {rule}"));
        Ok(Some(integer))
    }

    /// An integer that must be there. Where it is not, zero stands in until [`Input::finish`] refuses.
    pub(super) fn required_integer(&mut self, member: &str, min: i64, max: i64) -> Result<i64, Refusal> {
        let integer = self.integer(member, min, max)?;
        if integer.is_none() {
            self.missing(member, false);
        }
        Ok(integer.unwrap_or_default())
    }

    /// A boolean, false where it is absent.
    pub(super) fn flag(&mut self, member: &str) -> Result<bool, Refusal> {
        Ok(self.boolean(member)?.unwrap_or(false))
    }

    /// A boolean.
    pub(super) fn boolean(&mut self, member: &str) -> Result<Option<bool>, Refusal> {
        match self.member(member) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(value) => Err(unconvertible(value, "a Boolean")),
        }
    }

    /// A list of strings.
    pub(super) fn texts(&mut self, member: &str, shape: &Text) -> Result<Option<Vec<&'a str>>, Refusal> {
        let Some(items) = self.list(member)? else { return Ok(None) };
        let at = self.at(member);
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
            let text = string(item)?;
            self.violations.extend(shape.violations(&format!("{at}.{}.member", index + 1), text));
            texts.push(text);
        }
        Ok(Some(texts))
    }

    /// A list of structures, each read by `read`.
    pub(super) fn structures<T>(
        &mut self,
        member: &str,
        mut read: impl FnMut(&mut Input<'a>) -> Result<T, Refusal>,
    ) -> Result<Option<Vec<T>>, Refusal> {
        let Some(items) = self.list(member)? else { return Ok(None) };
        let at = self.at(member);
        let mut structures = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
            structures.push(self.nested(format!("{at}.{}.member", index + 1), item, &mut read)?);
        }
        Ok(Some(structures))
    }

    /// A structure, read by `read`.
    pub(super) fn structure<T>(
        &mut self,
        member: &str,
        read: impl FnOnce(&mut Input<'a>) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        match self.member(member) {
            None => Ok(None),
            Some(value) => self.nested(self.at(member), value, read).map(Some),
        }
    }

    /// A map of strings. Null values are dropped.
    pub(super) fn map(&mut self, member: &str) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
        match self.member(member) {
            None => Ok(Vec::new()),
            Some(Value::Object(entries)) => entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| Ok((key.as_str(), string(value)?)))
                .collect(),
            Some(Value::Array(_)) => Err(Refusal::serialization("Start of list found where not expected")),
            Some(_) => Err(Refusal::serialization("Expected map or null")),
        }
    }

    /// Those of these members that are there, as they came: what the emulator only keeps and gives back.
    pub(super) fn kept(&self, members: &[&str]) -> Map<String, Value> {
        members.iter().filter_map(|&name| Some((name.to_owned(), self.member(name)?.clone()))).collect()
    }

    /// Refuses the input where it broke a constraint. What was read counts only after this.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        let count = self.violations.len();
        if count == 0 {
            return Ok(());
        }
        let errors = if count == 1 { "error" } else { "errors" };
        let violations = self.violations.join("; ");
        Err(Refusal::invalid_parameter(format!("{count} validation {errors} detected: {violations}")))
    }

    /// A null member is an absent one.
    fn member(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn list(&self, member: &str) -> Result<Option<&'a Vec<Value>>, Refusal> {
        match self.member(member) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(Value::Object(_)) => Err(structure_found()),
            Some(_) => Err(Refusal::serialization("Expected list or null")),
        }
    }

    fn nested<T>(
        &mut self,
        at: String,
        value: &'a Value,
        read: impl FnOnce(&mut Input<'a>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let members = match value {
            Value::Object(members) => members,
            Value::Array(_) => return Err(Refusal::serialization("Start of list found where not expected")),
            _ => return Err(Refusal::serialization("Expected null")),
        };
        let violations = std::mem::take(&mut self.violations);
        let mut inner = Input { members, path: format!("{at}."), violations };
        let read = read(&mut inner);
        self.violations = inner.violations;
        read
    }

    fn missing(&mut self, member: &str, sensitive: bool) {
        let null = if sensitive { "" } else { " null" };
        let at = self.at(member);
        self.violations.push(format!("Value{null} at '{at}' failed to satisfy constraint: Member must not be null"));
    }

    /// A member as messages name it: in lower camel case, behind its structure.
    fn at(&self, member: &str) -> String {
        let mut chars = member.chars();
        let first = chars.next().map(|c| c.to_ascii_lowercase());
        format!("{}{}{}", self.path, first.map(String::from).unwrap_or_default(), chars.as_str())
    }
}

fn string(value: &Value) -> Result<&str, Refusal> {
    value.as_str().ok_or_else(|| unconvertible(value, "a String"))
}

fn unconvertible(value: &Value, wanted: &str) -> Refusal {
    let found = match value {
        Value::Array(_) => return Refusal::serialization("Start of list found where not expected"),
        Value::Object(_) => return structure_found(),
        Value::Null => return Refusal::bare("SerializationException"),
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
    };
    Refusal::serialization(format!("{found} can not be converted to {wanted}"))
}

/// Unlike the text for lists, this one ends in a period.
fn structure_found() -> Refusal {
    Refusal::serialization("Start of structure or map found where not expected.")
}
