//! Defects of JSON text, base64url, signature, structure and characters.

use arbitrary::Unstructured;

use super::{Edit, Layer, TokenDefect};

const fn bytes(
    name: &'static str,
    layer: Layer,
    rules: &'static [&'static str],
    edit: fn(&mut Vec<u8>, &mut Unstructured<'_>) -> arbitrary::Result<()>,
) -> TokenDefect {
    TokenDefect { name, layer, rules, edit: Edit::Bytes(edit) }
}

const fn text(
    name: &'static str,
    layer: Layer,
    rules: &'static [&'static str],
    edit: fn(&mut String, &mut Unstructured<'_>) -> arbitrary::Result<()>,
) -> TokenDefect {
    TokenDefect { name, layer, rules, edit: Edit::Text(edit) }
}

const HEADER: &[&str] = &["token.header"];
const CLAIMS: &[&str] = &["token.claims"];
const BASE64URL: &[&str] = &["token.base64url"];
const CANONICAL: &[&str] = &["token.base64url.canonical"];
const SIGNATURE: &[&str] = &["token.signature"];
const STRUCTURE: &[&str] = &["token.structure"];

pub(super) static DEFECTS: &[TokenDefect] = &[
    bytes("header-text.broken", Layer::HeaderText, HEADER, broken),
    bytes("header-text.cut", Layer::HeaderText, HEADER, cut),
    bytes("header-text.other-value", Layer::HeaderText, HEADER, other_value),
    bytes("header-text.encoding", Layer::HeaderText, HEADER, encoding),
    bytes("header-text.byte-order-mark", Layer::HeaderText, HEADER, byte_order_mark),
    bytes("header-text.duplicate", Layer::HeaderText, &["token.duplicate-claim", "token.algorithm"], |json, _| {
        with_member(json, b"\"alg\":\"RS256\",\"alg\":\"none\"");
        Ok(())
    }),
    bytes("claims-text.broken", Layer::ClaimsText, CLAIMS, broken),
    bytes("claims-text.cut", Layer::ClaimsText, CLAIMS, cut),
    bytes("claims-text.other-value", Layer::ClaimsText, CLAIMS, other_value),
    bytes("claims-text.encoding", Layer::ClaimsText, CLAIMS, encoding),
    bytes("claims-text.byte-order-mark", Layer::ClaimsText, CLAIMS, byte_order_mark),
    bytes("claims-text.duplicate", Layer::ClaimsText, &["token.duplicate-claim", "token.token-use"], |json, u| {
        // Half of them under an escaped name.
        let name: &[u8] = if u.arbitrary()? { b"\"token_use\":\"id\"" } else { b"\"token\\u005fuse\":\"id\"" };
        // Twice, for another defect may have taken the first away.
        with_member(json, b"\"token_use\":\"access\"");
        with_member(json, name);
        Ok(())
    }),
    text("header-segment.length", Layer::HeaderSegment, BASE64URL, length),
    text("header-segment.equals-sign", Layer::HeaderSegment, BASE64URL, equals_sign),
    text("header-segment.empty", Layer::HeaderSegment, STRUCTURE, empty),
    text("claims-segment.length", Layer::ClaimsSegment, BASE64URL, length),
    text("claims-segment.equals-sign", Layer::ClaimsSegment, BASE64URL, equals_sign),
    text("claims-segment.empty", Layer::ClaimsSegment, STRUCTURE, empty),
    bytes("signature.bit", Layer::Signature, SIGNATURE, |signature, u| {
        if let Some(last) = signature.len().checked_sub(1) {
            let (at, bit) = (u.int_in_range(0..=last)?, u.int_in_range(0..=7)?);
            signature[at] ^= 1 << bit;
        }
        Ok(())
    }),
    bytes("signature.size", Layer::Signature, SIGNATURE, |signature, u| {
        match u.int_in_range(0..=2)? {
            0 => signature.push(0),
            1 => signature.truncate(signature.len() / 2 + 1),
            _ => signature.extend_from_within(..),
        }
        Ok(())
    }),
    bytes("signature.fixed", Layer::Signature, SIGNATURE, |signature, u| {
        let byte = *u.choose(&[0, 1, 0xff])?;
        signature.fill(byte);
        Ok(())
    }),
    text("signature.length", Layer::Signature, BASE64URL, length),
    text("signature.equals-sign", Layer::Signature, BASE64URL, equals_sign),
    text("signature.not-canonical", Layer::Signature, CANONICAL, not_canonical),
    text("signature.empty", Layer::Signature, &["token.structure", "token.signature"], empty),
    text("structure.segments", Layer::Structure, STRUCTURE, |token, u| {
        match u.int_in_range(0..=4)? {
            0 => token.truncate(token.find('.').unwrap_or_default().max(1)),
            1 => token.retain(|c| c != '.'),
            2 => token.extend([".", "c2ln"]),
            3 => {
                let copy = token.clone();
                *token = format!("{token}.{copy}");
            }
            _ => token.push('.'),
        }
        Ok(())
    }),
    text("structure.word", Layer::Structure, STRUCTURE, |token, u| {
        *token = (*u.choose(&["null", "undefined", "0", "=", "-", ".", "..", "....", "a"])?).to_owned();
        Ok(())
    }),
    text("characters.outside", Layer::Characters, &["request.pattern", "token.base64url"], |token, u| {
        // Within the signature, so that what is before it can still be read.
        let from = token.rfind('.').map_or(0, |at| at + 1);
        let at = u.int_in_range(from..=token.len())?;
        let outside = *u.choose(&[
            ' ',
            '\n',
            '\t',
            '\0',
            '+',
            '/',
            '~',
            ':',
            '\\',
            '"',
            '%',
            ',',
            '<',
            '\u{7f}',
            '\u{e9}',
            '\u{435}',
            '\u{ff0e}',
            '\u{661}',
            '\u{200b}',
            '\u{2028}',
            '\u{feff}',
            '\u{1f511}',
        ])?;
        // The text is ASCII so far, so any offset is a boundary.
        token.insert(at, outside);
        Ok(())
    }),
    text("characters.none", Layer::Characters, &["request.pattern", "token.structure"], empty),
];

/// JSON that only a lenient reader takes, or none at all.
fn broken(json: &mut Vec<u8>, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    match u.int_in_range(0..=8)? {
        0 => *json = b"not JSON".to_vec(),
        1 => json.push(b'x'),
        2 => json.extend(b"{}"),
        3 => json.extend(b"/* comment */"),
        4 => json.iter_mut().filter(|byte| **byte == b'"').for_each(|byte| *byte = b'\''),
        5 => with_member(json, b""),
        6 => with_member(json, b"\"cogspec\":NaN"),
        7 => with_member(json, b"\"cog\nspec\":1"),
        _ => with_member(json, b"\"cogspec\":01"),
    }
    Ok(())
}

/// The beginning of the object.
fn cut(json: &mut Vec<u8>, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    // At least one byte, as an empty segment is another defect.
    let last = json.len().saturating_sub(1).max(1);
    let at = u.int_in_range(1..=last)?;
    json.truncate(at);
    Ok(())
}

/// JSON that is no object.
fn other_value(json: &mut Vec<u8>, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    *json = match u.int_in_range(0..=4)? {
        0 => b"null".to_vec(),
        1 => b"1".to_vec(),
        2 => b"[]".to_vec(),
        3 => [b"[", json.as_slice(), b"]"].concat(),
        _ => serde_json::Value::from(String::from_utf8_lossy(json)).to_string().into_bytes(),
    };
    Ok(())
}

/// Not UTF-8.
fn encoding(json: &mut Vec<u8>, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    match u.int_in_range(0..=1)? {
        0 => *json = String::from_utf8_lossy(json).encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => with_member(json, b"\"cogspec\xff\":1"),
    }
    Ok(())
}

/// With a byte order mark, which a strict reader refuses.
fn byte_order_mark(json: &mut Vec<u8>, _: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    json.splice(0..0, *b"\xef\xbb\xbf");
    Ok(())
}

/// One more member at the object's end.
fn with_member(json: &mut Vec<u8>, member: &[u8]) {
    json.pop();
    json.push(b',');
    json.extend(member);
    json.push(b'}');
}

/// A length that no bytes have: 1 modulo 4.
fn length(segment: &mut String, _: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    while segment.len() % 4 != 1 {
        segment.push('A');
    }
    Ok(())
}

fn equals_sign(segment: &mut String, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let at = u.int_in_range(0..=segment.len())?;
    segment.insert(at, '=');
    Ok(())
}

fn empty(segment: &mut String, _: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    segment.clear();
    Ok(())
}

/// Unused bits of the last character that are not zero. The signature's 256 bytes leave four.
fn not_canonical(segment: &mut String, _: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    if let Some('A' | 'Q' | 'g' | 'w') = segment.pop() {
        segment.push('B');
    } else {
        segment.push('_');
    }
    Ok(())
}
