//! The parser: RFC 8259's grammar, nothing beside it, without recursion.

use std::borrow::Cow;

use super::{Data, Json, Node};

/// Why a text is not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset} (line {line}, column {column})")]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// The byte offset in the text, a byte order mark counted.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

/// What is wrong with a text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// Bytes that are not UTF-8.
    #[error("bytes that are not UTF-8")]
    Utf8,
    /// The text ends within a value, or before one.
    #[error("the end of the text where {0} is due")]
    End(&'static str),
    /// Something else than the grammar has here.
    #[error("something else than {0}")]
    Expected(&'static str),
    /// A control character in a string that is not escaped.
    #[error("a control character in a string")]
    ControlCharacter,
    /// An escape that JSON does not have.
    #[error("an escape that JSON does not have")]
    Escape,
    /// A number that is not written as JSON writes one.
    #[error("a number that is not written as JSON writes one")]
    Number,
    /// Text after the value.
    #[error("text after the value")]
    Trailing,
    /// More than 4 GiB.
    #[error("more than 4 GiB")]
    TooLarge,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// What a string's text cannot hold as it is: the quotation mark, the escape, control characters.
const ENDS_PLAIN_TEXT: [bool; 256] = {
    let mut table = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = true;
        control += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};
const VALUE: &str = "a value";
const NAME: &str = "a member's name";

pub(super) fn parse(bytes: &[u8]) -> Result<Json<'_>, ParseError> {
    let (byte_order_mark, body) = match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(body) => (true, body),
        None => (false, bytes),
    };
    let skipped = bytes.len() - body.len();
    let place = |(kind, offset): Fault| {
        let offset = offset + skipped;
        let before = &bytes[..offset.min(bytes.len())];
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        ParseError { kind, offset, line, column: offset - line_start + 1 }
    };
    if u32::try_from(body.len()).is_err() {
        return Err(place((ParseErrorKind::TooLarge, 0)));
    }
    let text = std::str::from_utf8(body).map_err(|e| place((ParseErrorKind::Utf8, e.valid_up_to())))?;
    let mut parser = Parser { text, at: 0, nodes: Vec::with_capacity(64), open: Vec::new(), depth: 0 };
    parser.document().map_err(place)?;
    Ok(Json { text, nodes: parser.nodes, byte_order_mark, depth: parser.depth })
}

type Fault = (ParseErrorKind, usize);

struct Parser<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node<'a>>,
    /// The arrays and objects that are not closed, by index.
    open: Vec<usize>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Result<(), Fault> {
        loop {
            self.value()?;
            if !self.next_value()? {
                break;
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err((ParseErrorKind::Trailing, self.at)),
        }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    fn fault(&self, byte: Option<u8>, wanted: &'static str) -> Fault {
        let kind = if byte.is_some() { ParseErrorKind::Expected(wanted) } else { ParseErrorKind::End(wanted) };
        (kind, self.at)
    }

    /// Reads a scalar, or opens arrays and objects up to the first scalar or empty one in them.
    fn value(&mut self) -> Result<(), Fault> {
        loop {
            let byte = self.peek();
            let start = self.at;
            match byte {
                Some(b'"') => {
                    let data = self.string()?;
                    self.push(data, start);
                }
                Some(b'{') => {
                    self.open(Data::Object);
                    if self.peek() != Some(b'}') {
                        self.name()?;
                        continue;
                    }
                    self.close();
                }
                Some(b'[') => {
                    self.open(Data::Array);
                    if self.peek() != Some(b']') {
                        continue;
                    }
                    self.close();
                }
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                    self.push(Data::Number, start);
                }
                Some(b't') => self.word("true", Data::Boolean(true))?,
                Some(b'f') => self.word("false", Data::Boolean(false))?,
                Some(b'n') => self.word("null", Data::Null)?,
                other => return Err(self.fault(other, VALUE)),
            }
            return Ok(());
        }
    }

    /// After a value: closes what ends here. Whether another value follows.
    fn next_value(&mut self) -> Result<bool, Fault> {
        while let Some(&container) = self.open.last() {
            let is_object = matches!(self.nodes[container].data, Data::Object);
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    if is_object {
                        self.name()?;
                    }
                    return Ok(true);
                }
                Some(b'}') if is_object => self.close(),
                Some(b']') if !is_object => self.close(),
                other => return Err(self.fault(other, if is_object { "`,` or `}`" } else { "`,` or `]`" })),
            }
        }
        Ok(false)
    }

    fn name(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => {
                let start = self.at;
                let data = self.string()?;
                self.push(data, start);
            }
            other => return Err(self.fault(other, NAME)),
        }
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            other => Err(self.fault(other, "`:`")),
        }
    }

    fn push(&mut self, data: Data<'a>, start: usize) {
        let next = index(self.nodes.len() + 1);
        self.nodes.push(Node { data, start: index(start), end: index(self.at), next });
    }

    fn open(&mut self, data: Data<'a>) {
        self.open.push(self.nodes.len());
        self.depth = self.depth.max(self.open.len());
        let start = self.at;
        self.at += 1;
        self.push(data, start);
    }

    fn close(&mut self) {
        self.at += 1;
        let next = index(self.nodes.len());
        if let Some(container) = self.open.pop() {
            self.nodes[container].end = index(self.at);
            self.nodes[container].next = next;
        }
    }

    fn word(&mut self, word: &'static str, data: Data<'a>) -> Result<(), Fault> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err((ParseErrorKind::Expected(VALUE), self.at));
        }
        let start = self.at;
        self.at += word.len();
        self.push(data, start);
        Ok(())
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    fn number(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let at = |i: usize| bytes.get(i).copied();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut end = self.at + usize::from(at(self.at) == Some(b'-'));
        let int = digits(end);
        if int == end || (at(end) == Some(b'0') && int > end + 1) {
            return Err((ParseErrorKind::Number, end));
        }
        end = int;
        if at(end) == Some(b'.') {
            let fraction = digits(end + 1);
            if fraction == end + 1 {
                return Err((ParseErrorKind::Number, end));
            }
            end = fraction;
        }
        if matches!(at(end), Some(b'e' | b'E')) {
            let from = end + 1 + usize::from(matches!(at(end + 1), Some(b'+' | b'-')));
            let exponent = digits(from.min(bytes.len()));
            if exponent == from.min(bytes.len()) {
                return Err((ParseErrorKind::Number, end));
            }
            end = exponent;
        }
        self.at = end;
        Ok(())
    }

    fn string(&mut self) -> Result<Data<'a>, Fault> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        let start = self.at;
        let stop = |from: usize| bytes[from..].iter().position(|&b| ENDS_PLAIN_TEXT[usize::from(b)]);
        // Without an escape the text itself is the string.
        let Some(length) = stop(start) else {
            return Err((ParseErrorKind::End("`\"`"), bytes.len()));
        };
        self.at += length;
        if bytes[self.at] == b'"' {
            self.at += 1;
            return Ok(Data::String(Cow::Borrowed(&self.text[start..self.at - 1])));
        }
        let mut owned = String::from(&self.text[start..self.at]);
        let mut broken = false;
        loop {
            match bytes[self.at] {
                b'"' => break,
                b'\\' => self.escape(&mut owned, &mut broken)?,
                _ => return Err((ParseErrorKind::ControlCharacter, self.at)),
            }
            let Some(length) = stop(self.at) else {
                return Err((ParseErrorKind::End("`\"`"), bytes.len()));
            };
            owned.push_str(&self.text[self.at..self.at + length]);
            self.at += length;
        }
        self.at += 1;
        Ok(if broken { Data::BrokenString(owned) } else { Data::String(Cow::Owned(owned)) })
    }

    fn escape(&mut self, owned: &mut String, broken: &mut bool) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let plain = match bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(owned, broken),
            Some(_) => return Err((ParseErrorKind::Escape, self.at)),
            None => return Err((ParseErrorKind::End("an escape"), bytes.len())),
        };
        owned.push(plain);
        self.at += 2;
        Ok(())
    }

    fn unicode_escape(&mut self, owned: &mut String, broken: &mut bool) -> Result<(), Fault> {
        let Some(first) = self.code_unit(self.at) else {
            return Err((ParseErrorKind::Escape, self.at));
        };
        let second = if (0xD800..0xDC00).contains(&first) { self.code_unit(self.at + 6) } else { None };
        let pair = second.filter(|unit| (0xDC00..0xE000).contains(unit));
        let decoded = match pair {
            Some(low) => char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00)),
            None => char::from_u32(first),
        };
        *broken |= decoded.is_none();
        owned.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.at += if pair.is_some() { 12 } else { 6 };
        Ok(())
    }

    /// The code unit of a `\uXXXX` that begins at that offset.
    fn code_unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, &digit| Some(unit * 16 + char::from(digit).to_digit(16)?))
    }
}

/// A text has at most `u32::MAX` bytes, and no more nodes than bytes.
fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
