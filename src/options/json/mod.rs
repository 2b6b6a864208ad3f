//! A strict document model of JSON text (RFC 8259).
//!
//! Unlike `serde_json::Value` it keeps what a judge needs to see: the order of members, several members of one name, a
//! number's own text (`60000`, `60000.0` and `6e4` differ), surrogates without their pair, a byte order mark, and where
//! each value stands in the text. It is one flat list of nodes, read and dropped without recursion: no depth of nesting
//! can exhaust the stack.

mod parse;

use std::borrow::Cow;

pub use parse::{ParseError, ParseErrorKind};

/// A JSON text, parsed.
#[derive(Debug)]
pub struct Json<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    /// Whether a byte order mark stood before the text.
    pub byte_order_mark: bool,
    /// How deep arrays and objects nest: 0 for a scalar.
    pub depth: usize,
}

/// One value, or the name of a member (a string node before the member's value).
#[derive(Debug)]
struct Node<'a> {
    data: Data<'a>,
    /// Byte offsets in the text.
    start: u32,
    end: u32,
    /// The index after this node and all that it holds.
    next: u32,
}

#[derive(Debug)]
enum Data<'a> {
    Null,
    Boolean(bool),
    Number,
    String(Cow<'a, str>),
    /// A string with surrogates that have no pair; U+FFFD stands for each.
    BrokenString(String),
    Array,
    Object,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'j> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as it is written.
    Number(&'j str),
    /// A string, without its escapes; U+FFFD stands for a surrogate that has no pair.
    String(&'j str),
    /// An array: see [`Value::items`].
    Array,
    /// An object: see [`Value::members`].
    Object,
}

/// One value of a [`Json`] text.
#[derive(Clone, Copy, Debug)]
pub struct Value<'j> {
    json: &'j Json<'j>,
    index: usize,
}

impl<'a> Json<'a> {
    /// Parses a text. A byte order mark before it is passed over and remembered.
    ///
    /// # Errors
    /// When the bytes are not UTF-8, or not exactly one JSON value with white space around it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        parse::parse(bytes)
    }

    /// The text's value.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        Value { json: self, index: 0 }
    }

    /// Every value of the text in its order; a member's name, itself a string, comes before the member's value.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.nodes.len()).map(|index| Value { json: self, index })
    }
}

impl<'j> Value<'j> {
    fn node(self) -> &'j Node<'j> {
        &self.json.nodes[self.index]
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind<'j> {
        match &self.node().data {
            Data::Null => Kind::Null,
            Data::Boolean(b) => Kind::Boolean(*b),
            Data::Number => Kind::Number(self.raw()),
            Data::String(text) => Kind::String(text),
            Data::BrokenString(text) => Kind::String(text),
            Data::Array => Kind::Array,
            Data::Object => Kind::Object,
        }
    }

    /// Where it stands in the text, in bytes from after a byte order mark.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.node().start as usize..self.node().end as usize
    }

    /// Its text, as it is written.
    #[must_use]
    pub fn raw(self) -> &'j str {
        &self.json.text[self.range()]
    }

    /// The string, where it is one.
    #[must_use]
    pub fn string(self) -> Option<&'j str> {
        match self.kind() {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is a string with a surrogate that has no pair.
    #[must_use]
    pub fn has_lone_surrogate(self) -> bool {
        matches!(self.node().data, Data::BrokenString(_))
    }

    /// The elements, where it is an array; else nothing.
    pub fn items(self) -> impl Iterator<Item = Value<'j>> {
        let end = if matches!(self.node().data, Data::Array) { self.node().next as usize } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            let item = (index < end).then_some(Value { json: self.json, index })?;
            index = item.node().next as usize;
            Some(item)
        })
    }

    /// The members in their order, where it is an object; else nothing. The name is a value of its own: a string.
    pub fn members(self) -> impl Iterator<Item = (Value<'j>, Value<'j>)> {
        let json = self.json;
        self.member_indexes().map(move |(name, value)| (Value { json, index: name }, Value { json, index: value }))
    }

    /// The value of the last member of that name, as a browser takes it.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Value<'j>> {
        self.members().filter(|(n, _)| n.string() == Some(name)).last().map(|(_, value)| value)
    }

    fn member_indexes(self) -> impl Iterator<Item = (usize, usize)> {
        let end = if matches!(self.node().data, Data::Object) { self.node().next as usize } else { 0 };
        let mut index = self.index + 1;
        std::iter::from_fn(move || {
            let name = (index < end).then_some(index)?;
            index = self.json.nodes[name + 1].next as usize;
            Some((name, name + 1))
        })
    }

    /// The JSON pointer (RFC 6901) to it from the text's root.
    #[must_use]
    pub fn pointer(self) -> String {
        let mut pointer = String::new();
        let mut here = self.json.root();
        while here.index != self.index {
            let holds = |v: &Value<'_>| (v.index..v.node().next as usize).contains(&self.index);
            if let Some((n, item)) = here.items().enumerate().find(|(_, item)| holds(item)) {
                pointer.push('/');
                pointer.push_str(&n.to_string());
                here = item;
            } else if let Some((name, value)) =
                here.members().find(|(name, value)| name.index == self.index || holds(value))
            {
                push_token(&mut pointer, name.string().unwrap_or_default());
                here = if name.index == self.index { name } else { value };
            } else {
                break;
            }
        }
        pointer
    }
}

/// Adds a reference token to a JSON pointer.
pub(super) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}
