//! The top level of a JSON object as it was written: every member in order, duplicates among them, each value as text.
//!
//! A map would hide what matters here: which of two members of one name a client reads, and how a name was spelt.
//! Values are skipped, not built, so that a body's nesting costs no stack.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Why bytes are not one JSON object (RFC 8259).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// The text ends before the value does.
    #[error("the JSON text ends too early")]
    Truncated,
    /// One JSON value, of another type.
    #[error("the JSON value is {0}, not an object")]
    NotObject(Kind),
    /// Not JSON; the parser's words, which quote nothing of the text.
    #[error("not JSON: {0}")]
    Syntax(String),
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        })
    }
}

impl Kind {
    /// The type of the JSON value whose text begins like this.
    fn of(text: &str) -> Kind {
        match text.trim_start().as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }
}

/// One member of an object.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The name, unescaped.
    pub name: Cow<'a, str>,
    /// The value's JSON text.
    value: &'a RawValue,
}

impl<'a> Member<'a> {
    /// Whether the name is written with an escape; some clients compare names as they are written.
    #[must_use]
    pub fn is_name_escaped(&self) -> bool {
        matches!(self.name, Cow::Owned(_))
    }

    /// The value's type.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::of(self.value.get())
    }

    /// The value's JSON text as it was written.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.value.get()
    }

    /// The value where it is a string without an escape: its text stands there as it is.
    fn plain(&self) -> Option<&'a str> {
        let inner = self.value.get().strip_prefix('"')?.strip_suffix('"')?;
        (!inner.contains('\\')).then_some(inner)
    }

    /// The value, as common parsers read it.
    ///
    /// # Errors
    /// When they do not: it is nested too deep, a number out of range, or has a lone surrogate.
    pub(crate) fn value(&self) -> serde_json::Result<serde_json::Value> {
        match self.plain() {
            Some(text) => Ok(text.into()),
            None => serde_json::from_str(self.text()),
        }
    }

    /// The value where it is a string; lone surrogates are replaced by U+FFFD.
    #[must_use]
    pub fn string(&self) -> Option<String> {
        // serde_json gives surrogates to a visitor of bytes only, each as three bytes of WTF-8.
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        if self.kind() != Kind::String {
            return None;
        }
        if let Some(plain) = self.plain() {
            return Some(plain.to_owned());
        }
        let mut deserializer = serde_json::Deserializer::from_str(self.value.get());
        let bytes = deserializer.deserialize_bytes(Bytes).ok()?;
        Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        })
    }
}

/// The members of one JSON object, in order.
#[derive(Clone, Debug, Default)]
pub struct Object<'a> {
    /// Every member, duplicates among them.
    pub members: Vec<Member<'a>>,
}

impl<'a> Object<'a> {
    /// Reads bytes that are one JSON object and nothing else but white space.
    ///
    /// # Errors
    /// When they are not; see [`JsonError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, JsonError> {
        Self::read(utf8(bytes)?, true)
    }

    /// Reads bytes that begin with one JSON object, whatever follows it: some clients stop there.
    ///
    /// # Errors
    /// When they do not begin so.
    pub fn parse_prefix(bytes: &'a [u8]) -> Result<Self, JsonError> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // What is valid is text of its own.
            Err(e) => utf8(&bytes[..e.valid_up_to()])?,
        };
        Self::read(text, false)
    }

    fn read(text: &'a str, whole: bool) -> Result<Self, JsonError> {
        let kind = Kind::of(text);
        if kind != Kind::Object {
            return Err(match serde_json::from_str::<IgnoredAny>(text) {
                Ok(_) => JsonError::NotObject(kind),
                Err(e) => JsonError::of(&e, text),
            });
        }
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let object = Object::deserialize(&mut deserializer).map_err(|e| JsonError::of(&e, text))?;
        if whole {
            deserializer.end().map_err(|e| JsonError::of(&e, text))?;
        }
        Ok(object)
    }

    /// The last member of that name: the one that a map would keep.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&Member<'a>> {
        self.members.iter().rev().find(|member| member.name == name)
    }

    /// How many members have that name.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.members.iter().filter(|member| member.name == name).count()
    }

    /// The names that occur more than once, each told once.
    #[must_use]
    pub fn duplicates(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.members.iter().map(|member| member.name.as_ref()).collect();
        names.sort_unstable();
        let mut twice: Vec<&str> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        twice.dedup();
        twice
    }
}

impl JsonError {
    /// The parser's error on that text.
    fn of(e: &serde_json::Error, text: &str) -> JsonError {
        // To serde_json a number that is cut after its sign, point or exponent is wrong, not cut: with a digit it goes on.
        let is_cut_number = || {
            text.ends_with(['-', '+', '.', 'e', 'E'])
                && serde_json::from_str::<IgnoredAny>(&format!("{text}0")).err().is_none_or(|e| e.is_eof())
        };
        if e.is_eof() || is_cut_number() { JsonError::Truncated } else { JsonError::Syntax(e.to_string()) }
    }
}

/// JSON text between systems is UTF-8 (RFC 8259, 8.1).
fn utf8(bytes: &[u8]) -> Result<&str, JsonError> {
    std::str::from_utf8(bytes).map_err(|e| match e.error_len() {
        None => JsonError::Truncated,
        Some(_) => JsonError::Syntax(format!("the bytes are not UTF-8 from offset {} on", e.valid_up_to())),
    })
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key_seed(Name)? {
                    members.push(Member { name, value: map.next_value()? });
                }
                Ok(Object { members })
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A member's name: borrowed where it is written without an escape.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }
    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_order_duplicates_and_spelling() {
        let object = Object::parse(br#" {"a":1,"b":"\ud800x","\u0061":[{}],"b":null} "#).unwrap();
        let names: Vec<_> = object.members.iter().map(|m| (m.name.as_ref(), m.kind(), m.is_name_escaped())).collect();
        assert_eq!(
            names,
            [
                ("a", Kind::Number, false),
                ("b", Kind::String, false),
                ("a", Kind::Array, true),
                ("b", Kind::Null, false)
            ]
        );
        assert_eq!(object.duplicates(), ["a", "b"]);
        assert_eq!(object.members[1].string().unwrap(), "\u{fffd}\u{fffd}\u{fffd}x");
        assert_eq!(object.last("b").unwrap().kind(), Kind::Null);
    }

    #[test]
    fn errors_say_what_kind_of_text_it_is() {
        let error = |text: &[u8]| Object::parse(text).unwrap_err();
        assert_eq!(error(b""), JsonError::Truncated);
        assert_eq!(error(b"{\"a\":"), JsonError::Truncated);
        assert_eq!(error(b"[1, 2"), JsonError::Truncated);
        for text in [&b"-"[..], b"{\"a\":-", b"{\"a\":[1.", b"{\"a\":1e", b"{\"a\":1E+"] {
            assert_eq!(error(text), JsonError::Truncated, "{}", String::from_utf8_lossy(text));
        }
        assert_eq!(error(b"{\"a\":\"\xc3"), JsonError::Truncated);
        assert_eq!(error(b"[1, 2]"), JsonError::NotObject(Kind::Array));
        assert_eq!(error(b"null"), JsonError::NotObject(Kind::Null));
        assert_eq!(error(b" -1e999"), JsonError::NotObject(Kind::Number));
        for text in [
            &b"{} x"[..],
            b"{,}",
            b"{\"a\":NaN}",
            b"{\"a\":\"\xff\"}",
            b"\xef\xbb\xbf{}",
            b"<html>",
            b"{'a':1}",
            b"{1-",
        ] {
            assert!(matches!(error(text), JsonError::Syntax(_)), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(Object::parse(deep.as_bytes()).unwrap().members.len(), 1);
    }

    #[test]
    fn a_prefix_is_read_whatever_follows() {
        assert_eq!(Object::parse_prefix(b"{\"a\":1}\xff garbage").unwrap().members.len(), 1);
        assert!(Object::parse_prefix(b"{\"a\":").is_err());
    }
}
