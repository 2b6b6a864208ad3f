//! Templates: what a request is, as data. A template is a list of parts, whose bytes are put one after the other.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use jsonwebtoken::Algorithm;
use ring::hmac;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::world::World;
use crate::generate::request::encoding::{gzip, utf16, utf32};
use crate::token::{Key, PublicKey};

/// A list of parts.
pub(super) type Template = Vec<Part>;

/// One part.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Part {
    /// A text, in UTF-8.
    Text { text: String },
    /// Bytes that are no text.
    Bytes { base64: String },
    /// A text so many times.
    Repeat { repeat: String, times: usize },
    /// A value that the caller has, or a slice of it.
    Value {
        value: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<At>,
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<At>,
    },
    /// The number of bytes of a value, and so many more, in that base.
    Length {
        length: String,
        #[serde(serialize_with = "integer")]
        plus: i128,
        base: u8,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        upper: bool,
    },
    /// A byte, as often as a value has bytes and so many more.
    Fill { fill: u8, length: String, plus: i64 },
    /// The time in seconds since the epoch, and so many seconds more, in decimal.
    Now { now: i64 },
    /// An encoding.
    Encode { encode: Encoding, of: Template },
    /// A slice of what these parts are.
    Slice {
        slice: Template,
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<At>,
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<At>,
    },
    /// Spaces behind, until the number of bytes leaves that rest when it is divided by three.
    Pad { pad: Template, rest: usize },
    /// Texts put in the place of others, wherever these stand.
    Replace { replace: Vec<(String, String)>, of: Template },
    /// The bytes in reverse order.
    Reverse { reverse: Template },
    /// Each byte, with the bits changed that this number has.
    Xor { xor: u8, of: Template },
    /// A JSON object that the caller has, with members removed and set, as JSON text without white space.
    Edit { edit: String, remove: Vec<String>, set: Vec<(String, Template)>, reversed: bool },
    /// A signature, in base64url.
    Sign { sign: Signature, of: Template },
}

/// A place in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum At {
    /// So many bytes from the beginning; where it is negative, from the end.
    Bytes(i64),
    /// The length divided by `divide`, without the rest, times `times`, and `plus`.
    Share { divide: usize, times: usize, plus: usize },
}

impl At {
    /// The place in a value of that length.
    pub(super) fn of(self, length: usize) -> Option<usize> {
        let at = match self {
            At::Bytes(n) if n < 0 => length.checked_sub(usize::try_from(n.unsigned_abs()).ok()?)?,
            At::Bytes(n) => usize::try_from(n).ok()?,
            At::Share { divide, times, plus } => length.checked_div(divide)?.checked_mul(times)?.checked_add(plus)?,
        };
        (at <= length).then_some(at)
    }
}

/// How text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Encoding {
    /// RFC 4648, 5, without padding.
    #[serde(rename = "base64url")]
    Base64Url,
    /// RFC 4648, 4.
    #[serde(rename = "base64")]
    Base64,
    /// RFC 1952, in stored blocks; any other compression is as good.
    #[serde(rename = "gzip")]
    Gzip,
    /// Without a mark.
    #[serde(rename = "utf-16-le")]
    Utf16Le,
    #[serde(rename = "utf-16-be")]
    Utf16Be,
    #[serde(rename = "utf-32-le")]
    Utf32Le,
    #[serde(rename = "utf-32-be")]
    Utf32Be,
    /// `\u` and four hexadecimal digits for each character.
    #[serde(rename = "json-escapes")]
    JsonEscapes,
    /// Lines of 64 characters, with a line feed between them as JSON writes it in a string: `\n`.
    #[serde(rename = "json-lines-of-64")]
    Lines,
    /// Each byte as a chunk of its own (RFC 9112, 7.1), without the last chunk.
    #[serde(rename = "chunks-of-one")]
    Chunks,
    /// `-` and `_` become `+` and `/`.
    #[serde(rename = "standard-alphabet")]
    StandardAlphabet,
    /// A JSON string.
    #[serde(rename = "json-string")]
    JsonString,
    /// Letters become those of upper case.
    #[serde(rename = "upper-case")]
    UpperCase,
}

/// Every encoding.
pub(super) const ENCODINGS: [Encoding; 13] = [
    Encoding::Utf16Le,
    Encoding::Utf16Be,
    Encoding::Utf32Le,
    Encoding::Utf32Be,
    Encoding::JsonEscapes,
    Encoding::Gzip,
    Encoding::Base64Url,
    Encoding::Base64,
    Encoding::Lines,
    Encoding::Chunks,
    Encoding::StandardAlphabet,
    Encoding::JsonString,
    Encoding::UpperCase,
];

impl Encoding {
    /// The bytes, encoded.
    pub(super) fn encode(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let text = || std::str::from_utf8(bytes).ok();
        Some(match self {
            Encoding::Base64Url => BASE64URL_NOPAD.encode(bytes).into_bytes(),
            Encoding::Base64 => BASE64.encode(bytes).into_bytes(),
            Encoding::Gzip => gzip(bytes),
            Encoding::Utf16Le => utf16(text()?, u16::to_le_bytes),
            Encoding::Utf16Be => utf16(text()?, u16::to_be_bytes),
            Encoding::Utf32Le => utf32(text()?, u32::to_le_bytes),
            Encoding::Utf32Be => utf32(text()?, u32::to_be_bytes),
            Encoding::JsonEscapes => {
                text()?.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>().into_bytes()
            }
            Encoding::Lines => bytes.chunks(64).collect::<Vec<_>>().join(br"\n".as_slice()),
            Encoding::Chunks => bytes.iter().flat_map(|byte| [b"1\r\n", &[*byte][..], b"\r\n"].concat()).collect(),
            Encoding::JsonString => Value::from(text()?).to_string().into_bytes(),
            Encoding::UpperCase => text()?.to_uppercase().into_bytes(),
            Encoding::StandardAlphabet => text()?.replace('-', "+").replace('_', "/").into_bytes(),
        })
    }
}

/// How a signature is made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) struct Signature {
    /// The algorithm (RFC 7518, 3.1).
    pub(super) algorithm: &'static str,
    /// `pool` or `foreign`; absent with a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<&'static str>,
    /// The secret of HS256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<Template>,
}

/// What a template is in a world; `None` where the world lacks something that it names.
///
/// The request's own body is the value `body`.
pub(super) fn render(template: &[Part], world: &World, body: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for part in template {
        bytes.extend(render_part(part, world, body)?);
    }
    Some(bytes)
}

/// The value of that name.
pub(super) fn value<'a>(name: &str, world: &'a World, body: Option<&'a [u8]>) -> Option<&'a [u8]> {
    if name == "body" { body } else { world.values.get(name).map(Vec::as_slice) }
}

fn render_part(part: &Part, world: &World, body: Option<&[u8]>) -> Option<Vec<u8>> {
    let all = |template: &[Part]| render(template, world, body);
    Some(match part {
        Part::Text { text } => text.clone().into_bytes(),
        Part::Bytes { base64 } => BASE64.decode(base64.as_bytes()).ok()?,
        Part::Repeat { repeat, times } => repeat.repeat(*times).into_bytes(),
        Part::Value { value: name, from, to } => sliced(value(name, world, body)?, *from, *to)?.to_vec(),
        Part::Length { length, plus, base, upper } => {
            let number = i128::try_from(value(length, world, body)?.len()).ok()? + plus;
            match (base, upper) {
                (16, true) => format!("{number:X}"),
                (16, false) => format!("{number:x}"),
                _ => number.to_string(),
            }
            .into_bytes()
        }
        Part::Fill { fill, length, plus } => {
            let length = i64::try_from(value(length, world, body)?.len()).ok()? + plus;
            vec![*fill; usize::try_from(length).ok()?]
        }
        Part::Now { now } => (world.now + now).to_string().into_bytes(),
        Part::Encode { encode, of } => encode.encode(&all(of)?)?,
        Part::Slice { slice, from, to } => sliced(&all(slice)?, *from, *to)?.to_vec(),
        Part::Pad { pad, rest } => padded(all(pad)?, *rest),
        Part::Replace { replace, of } => {
            let text = String::from_utf8(all(of)?).ok()?;
            replace.iter().fold(text, |text, (from, to)| text.replace(from, to)).into_bytes()
        }
        Part::Reverse { reverse } => all(reverse)?.into_iter().rev().collect(),
        Part::Xor { xor, of } => all(of)?.into_iter().map(|byte| byte ^ xor).collect(),
        Part::Edit { edit, remove, set, reversed } => {
            let mut members: Map<String, Value> = serde_json::from_slice(value(edit, world, body)?).ok()?;
            remove.iter().for_each(|name| drop(members.shift_remove(name)));
            if *reversed {
                members = members.into_iter().rev().collect();
            }
            edited(&members, set, &all)?
        }
        Part::Sign { sign, of } => signed(sign, &all(of)?, world, body)?.into_bytes(),
    })
}

/// The members with those that are set, at their old place where they have one. What is set is JSON text as it stands.
fn edited(
    members: &Map<String, Value>,
    set: &[(String, Template)],
    all: &dyn Fn(&[Part]) -> Option<Vec<u8>>,
) -> Option<Vec<u8>> {
    let new = |name: &str| set.iter().find(|(set, _)| set == name).map(|(_, template)| template);
    let mut texts = Vec::new();
    for (name, value) in members {
        let text = match new(name) {
            Some(template) => all(template)?,
            None => value.to_string().into_bytes(),
        };
        texts.push((name, text));
    }
    for (name, template) in set.iter().filter(|(name, _)| !members.contains_key(name)) {
        texts.push((name, all(template)?));
    }
    let member =
        |(name, text): (&String, Vec<u8>)| [Value::from(name.as_str()).to_string().as_bytes(), b":", &text].concat();
    let members: Vec<Vec<u8>> = texts.into_iter().map(member).collect();
    Some([b"{".as_slice(), &members.join(&b','), b"}"].concat())
}

fn sliced(bytes: &[u8], from: Option<At>, to: Option<At>) -> Option<&[u8]> {
    let from = from.map_or(Some(0), |at| at.of(bytes.len()))?;
    let to = to.map_or(Some(bytes.len()), |at| at.of(bytes.len()))?;
    bytes.get(from..to)
}

/// [`Part::Pad`].
pub(super) fn padded(mut bytes: Vec<u8>, rest: usize) -> Vec<u8> {
    while bytes.len() % 3 != rest % 3 {
        bytes.push(b' ');
    }
    bytes
}

/// The algorithms of RSA keys.
pub(super) const RSA: [(&str, Algorithm); 4] = [
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
];

/// A signature in base64url.
pub(super) fn signed(sign: &Signature, message: &[u8], world: &World, body: Option<&[u8]>) -> Option<String> {
    if let Some(secret) = &sign.secret {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &render(secret, world, body)?);
        return Some(BASE64URL_NOPAD.encode(hmac::sign(&key, message).as_ref()));
    }
    let key = if sign.key == Some("foreign") { &world.foreign } else { &world.pool };
    let (_, algorithm) = RSA.into_iter().find(|(name, _)| *name == sign.algorithm)?;
    Some(key.sign_by(message, algorithm))
}

/// A number that JSON readers of 64 bits can read, else its digits as text.
fn integer<S: Serializer>(number: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    match i64::try_from(*number) {
        Ok(number) => serializer.serialize_i64(number),
        Err(_) => serializer.serialize_str(&number.to_string()),
    }
}

/// Whether that is a PS256 signature, in base64url, over that message by that key.
pub(super) fn is_ps256(key: &Key, signature: &[u8], message: &[u8]) -> bool {
    let Ok(signature) = BASE64URL_NOPAD.decode(signature) else { return false };
    let PublicKey { modulus, exponent } = key.public();
    let public = ring::signature::RsaPublicKeyComponents { n: modulus, e: exponent };
    public.verify(&ring::signature::RSA_PSS_2048_8192_SHA256, message, &signature).is_ok()
}
