//! The forms in which a secret may stand in a text: plain, escaped for JSON, a URL or HTML, in UTF-16, and in base64.
//!
//! Not the secrets are encoded, for there is no end of ways to escape a text in part, but the text is decoded.

use std::fmt;

use memchr::{memchr, memchr3};

use super::index::SHORTEST;

/// How a secret stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// With characters escaped as in JSON, URLs, HTML or a shell, or with NULs between them as in UTF-16.
    Escaped,
    /// In base64 or base64url, alone or amid other text.
    Base64,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Plain => "plain",
            Form::Escaped => "with escaped characters",
            Form::Base64 => "in base64",
        })
    }
}

/// The parts of an artefact that are looked at one after the other, so that what this takes does not grow with the artefact.
///
/// Each ends with a line, for neither an escape nor base64 goes over the end of one. Each begins before the end of the part
/// before it, for a secret that has a line end in it, with every character escaped as long as can be.
pub(super) fn parts(artefact: &[u8]) -> impl Iterator<Item = &[u8]> {
    const PART: usize = 64 * 1024;
    const SEAM: usize = 4 * 1024;
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = artefact.get(start..).filter(|rest| !rest.is_empty())?;
        let least = PART.min(rest.len());
        let length = memchr(b'\n', &rest[least..]).map_or(rest.len(), |at| least + at + 1);
        let part = &artefact[start.saturating_sub(SEAM)..start + length];
        start += length;
        Some(part)
    })
}

/// Looks at the bytes in each form, with escapes resolved up to `layers` times; the first form that shows what is looked for.
pub(super) fn find<T>(bytes: &[u8], layers: usize, mut look: impl FnMut(&[u8]) -> Option<T>) -> Option<(Form, T)> {
    if let Some(found) = look(bytes) {
        return Some((Form::Plain, found));
    }
    let mut innermost: Option<Vec<u8>> = None;
    for _ in 0..layers {
        let Some(inner) = unescaped(innermost.as_deref().unwrap_or(bytes)) else { break };
        if let Some(found) = look(&inner) {
            return Some((Form::Escaped, found));
        }
        innermost = Some(inner);
    }
    in_base64(innermost.as_deref().unwrap_or(bytes), look).map(|found| (Form::Base64, found))
}

/// The bytes with one layer of escapes resolved and NULs left out; `None` where there is neither.
fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    memchr3(b'\\', b'%', b'&', bytes).or_else(|| memchr(0, bytes))?;
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr3(b'\\', b'%', b'&', rest) {
        plain.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let read = match rest[0] {
            b'\\' => backslash(rest),
            b'%' => hex(rest.get(1..3)).map(|code| (code, 3)),
            _ => entity(rest),
        };
        match read {
            Some((code, length)) => {
                match u8::try_from(code) {
                    Ok(byte) => plain.push(byte),
                    Err(_) => plain.extend(char::from_u32(code).unwrap_or_default().to_string().as_bytes()),
                }
                rest = &rest[length..];
            }
            None => {
                plain.push(rest[0]);
                rest = &rest[1..];
            }
        }
    }
    plain.extend_from_slice(rest);
    plain.retain(|byte| *byte != 0);
    Some(plain)
}

/// What an escape of JSON (RFC 8259, 7), of Rust or of bash stands for, and its length.
fn backslash(text: &[u8]) -> Option<(u32, usize)> {
    match text.get(1)? {
        b'u' if text.get(2) == Some(&b'{') => {
            let length = text.iter().take(11).position(|byte| *byte == b'}')?;
            Some((hex(text.get(3..length))?, length + 1))
        }
        b'u' => Some((hex(text.get(2..6))?, 6)),
        b'x' => Some((hex(text.get(2..4))?, 4)),
        b'n' => Some((u32::from(b'\n'), 2)),
        b'r' => Some((u32::from(b'\r'), 2)),
        b't' => Some((u32::from(b'\t'), 2)),
        other @ (b'/' | b'\\' | b'"' | b'\'') => Some((u32::from(*other), 2)),
        _ => None,
    }
}

/// What a character reference stands for, and its length: numbers, and the names of ASCII characters that tokens and passwords
/// have (WHATWG HTML, 13.2.5.72 and 13.5). The semicolon may be missing behind numbers.
fn entity(text: &[u8]) -> Option<(u32, usize)> {
    const NAMES: [(&str, char); 27] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("plus", '+'),
        ("sol", '/'),
        ("bsol", '\\'),
        ("equals", '='),
        ("lowbar", '_'),
        ("period", '.'),
        ("comma", ','),
        ("excl", '!'),
        ("quest", '?'),
        ("num", '#'),
        ("dollar", '$'),
        ("percnt", '%'),
        ("commat", '@'),
        ("colon", ':'),
        ("semi", ';'),
        ("ast", '*'),
        ("lpar", '('),
        ("rpar", ')'),
        ("Hat", '^'),
        ("verbar", '|'),
        ("lsqb", '['),
        ("rsqb", ']'),
    ];
    if text.get(1) == Some(&b'#') {
        let is_hex = matches!(text.get(2), Some(b'x' | b'X'));
        let start = if is_hex { 3 } else { 2 };
        let is_digit = |byte: &&u8| if is_hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
        let digits = text.get(start..)?.iter().take(10).take_while(is_digit).count();
        let number = std::str::from_utf8(text.get(start..start + digits)?).ok()?;
        let code = u32::from_str_radix(number, if is_hex { 16 } else { 10 }).ok()?;
        let end = start + digits;
        return Some((code, end + usize::from(text.get(end) == Some(&b';'))));
    }
    let length = text.iter().take(9).position(|byte| *byte == b';')?;
    let name = &text[1..length];
    let (_, c) = NAMES.iter().find(|(known, _)| known.as_bytes() == name)?;
    Some((u32::from(*c), length + 1))
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Looks at everything that is long enough for a secret in base64 or base64url (RFC 4648, 4 and 5), decoded from each of the
/// four places in a group of characters, for what stands before it may look like base64 too.
fn in_base64<T>(bytes: &[u8], mut look: impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
    const RUN: usize = (SHORTEST * 4).div_ceil(3);
    let mut plain = Vec::new();
    let mut run = 0;
    for at in 0..=bytes.len() {
        if at < bytes.len() && SEXTETS[bytes[at] as usize] != NONE {
            run += 1;
            continue;
        }
        if run >= RUN {
            for start in at - run..at - run + 4 {
                plain.clear();
                decode(&bytes[start..at], &mut plain);
                if let Some(found) = look(&plain) {
                    return Some(found);
                }
            }
        }
        run = 0;
    }
    None
}

/// Decodes one run.
fn decode(run: &[u8], plain: &mut Vec<u8>) {
    let mut bits = 0;
    let mut count = 0;
    for c in run {
        bits = bits << 6 | SEXTETS[*c as usize] as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            plain.push((bits >> count) as u8);
        }
    }
}

const NONE: u8 = 0xff;

/// The value of each character of both alphabets.
static SEXTETS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut sextets = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        sextets[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    sextets[b'-' as usize] = 62;
    sextets[b'_' as usize] = 63;
    sextets
};

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Option<Form> {
        let look = |bytes: &[u8]| bytes.windows(10).any(|window| window == b"Pass/word!").then_some(());
        find(text.as_bytes(), 2, look).map(|(form, ())| form)
    }

    #[test]
    fn each_form_is_read() {
        for escaped in [
            r"Pass\/word!",
            r"\u0050ass/word\u0021",
            r"\u{50}ass/word!",
            r"\x50ass\x2Fword!",
            "Pass%2Fword%21",
            "Pass&sol;word&excl;",
            "&#80;ass&#x2f;word&#33",
            r"\\u0050ass\\/word!",
            "%2550ass%252fword!",
            r"\u002550ass/word!",
            "P\0a\0s\0s\0/\0w\0o\0r\0d\0!\0",
            r"P\u0000a\u0000s\u0000s\u0000/\u0000w\u0000o\u0000r\u0000d\u0000!\u0000",
        ] {
            assert_eq!(form(escaped), Some(Form::Escaped), "{escaped}");
        }
        assert_eq!(form("is Pass/word!"), Some(Form::Plain));
        for before in ["", "a", "ab", "abc"] {
            let text = data_encoding::BASE64.encode(format!("{before}Pass/word!").as_bytes());
            for text in [text.clone(), format!("n{text}"), text.replace('+', "-"), text.replace('=', "%3D")] {
                assert_eq!(form(&text), Some(Form::Base64), "{text}");
            }
        }
        for other in ["Pass\\qword!", "%5", "&#;", "&#x;", "\\u{", "\\u00", "&", "\\", "", "UGFzcy93b3Jk"] {
            assert_eq!(form(other), None, "{other}");
        }
    }

    #[test]
    fn parts_leave_nothing_out() {
        for (lines, length) in [(1, 300_000), (3, 70_000), (4_000, 99), (200_000, 0), (0, 0)] {
            let artefact = [vec![b'x'; length], vec![b'\n']].concat().repeat(lines);
            let mut seen = 0;
            for part in parts(&artefact) {
                let from = part.as_ptr().addr() - artefact.as_ptr().addr();
                assert!(from <= seen && (seen == 0 || seen - from == 4096), "{lines} of {length}");
                seen = from + part.len();
                assert!(part.ends_with(b"\n"));
            }
            assert_eq!(seen, artefact.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_can_be_looked_at(bytes: Vec<u8>, text in "[%&\\\\#ux{};0-9a-f]{0,40}") {
            for bytes in [&bytes, text.as_bytes()] {
                proptest::prop_assert_eq!(find(bytes, 4, |_| None::<()>), None);
            }
        }
    }
}
