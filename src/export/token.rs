//! Tokens that were edited, and perhaps signed again: read from what came out, as an edit of header and claims and a way of
//! signing.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::derive::{Deriver, named, same};
use super::template::{At, Encoding, Part, RSA, Signature, Template, padded, signed};

/// The tokens whose header and claims may have been edited.
const TOKENS: [&str; 4] = ["access", "id", "other", "second"];

/// The template of a token in three segments.
pub(super) fn token(deriver: &Deriver<'_>, tokens: &[String]) -> Option<Template> {
    let mut segments: [Vec<Vec<u8>>; 3] = Default::default();
    for token in tokens {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        for (all, segment) in segments.iter_mut().zip([header, claims, signature]) {
            all.push(segment.as_bytes().to_vec());
        }
    }
    let [header, claims, signature] = segments;
    let header = segment(deriver, &header, "header")?;
    let claims = segment(deriver, &claims, "claims")?;
    let signature = self::signature(deriver, &signature, &header, &claims)?;
    Some([header, dot(), claims, dot(), signature].concat())
}

fn dot() -> Template {
    vec![Part::Text { text: ".".to_owned() }]
}

/// A segment: one that a token has, or JSON text in base64url, or that with something wrong about the base64url.
fn segment(deriver: &Deriver<'_>, outs: &[Vec<u8>], part: &str) -> Option<Template> {
    if let Some(template) = deriver.flat(outs) {
        return Some(template);
    }
    if let Some(template) = encoded(deriver, outs, part) {
        return Some(vec![template]);
    }
    // Something behind it, which is the same in all worlds.
    for behind in 1..=2 {
        let (starts, ends): (Vec<_>, Vec<_>) =
            outs.iter().map(|out| out.split_at(out.len().saturating_sub(behind))).unzip();
        let Some(end) = same(ends) else { break };
        let starts: Vec<Vec<u8>> = starts.into_iter().map(<[u8]>::to_vec).collect();
        if let Some(template) = encoded(deriver, &starts, part) {
            let end = String::from_utf8(end.to_vec()).ok()?;
            return Some(vec![template, Part::Text { text: end }]);
        }
    }
    within(outs, |without| encoded(deriver, without, part))
}

/// Something within a segment, behind its first group of characters, which is the same in all worlds.
fn within(outs: &[Vec<u8>], whole: impl Fn(&[Vec<u8>]) -> Option<Part>) -> Option<Template> {
    const AT: usize = 4;
    let within = same(outs.iter().map(|out| out.get(AT).copied()))??;
    let without: Vec<Vec<u8>> = outs.iter().map(|out| [&out[..AT], &out[AT + 1..]].concat()).collect();
    let whole = whole(&without)?;
    let slice = |from: Option<At>, to: Option<At>| Part::Slice { slice: vec![whole.clone()], from, to };
    let place = Some(At::Bytes(4));
    Some(vec![slice(None, place), Part::Text { text: char::from(within).to_string() }, slice(place, None)])
}

/// JSON text in base64url.
fn encoded(deriver: &Deriver<'_>, outs: &[Vec<u8>], part: &str) -> Option<Part> {
    let texts: Option<Vec<Vec<u8>>> = outs.iter().map(|out| BASE64URL_NOPAD.decode(out).ok()).collect();
    let of = json(deriver, &texts?, part)?;
    Some(Part::Encode { encode: Encoding::Base64Url, of })
}

fn json(deriver: &Deriver<'_>, texts: &[Vec<u8>], part: &str) -> Option<Template> {
    let edits = TOKENS.iter().filter_map(|token| edit(deriver, &format!("{token}.{part}.json"), texts));
    let changes = |part: &Part| match part {
        Part::Edit { remove, set, .. } => remove.len() + set.len(),
        _ => 0,
    };
    match edits.min_by_key(changes) {
        Some(Part::Edit { edit, reversed: false, remove, set }) if remove.is_empty() && set.is_empty() => {
            return Some(vec![named(&edit)]);
        }
        Some(edit) => return Some(vec![edit]),
        None => {}
    }
    if let Some(template) = deriver.flat(texts) {
        return Some(template);
    }
    for encode in [Encoding::Utf16Le, Encoding::Base64Url, Encoding::JsonString] {
        let inner: Option<Vec<Vec<u8>>> = texts.iter().map(|text| decode(encode, text)).collect();
        if let Some(of) = inner.and_then(|inner| json(deriver, &inner, part)) {
            return Some(vec![Part::Encode { encode, of }]);
        }
    }
    // White space behind, up to a length.
    let trimmed: Vec<Vec<u8>> = texts.iter().map(|text| text.trim_ascii_end().to_vec()).collect();
    let rest = same(texts.iter().map(|text| text.len() % 3))?;
    let is_padded = |(text, trimmed): (&Vec<u8>, &Vec<u8>)| padded(trimmed.clone(), rest) == *text;
    if trimmed != texts && texts.iter().zip(&trimmed).all(is_padded) {
        return Some(vec![Part::Pad { pad: json(deriver, &trimmed, part)?, rest }]);
    }
    None
}

/// What was encoded.
pub(super) fn decode(encoding: Encoding, bytes: &[u8]) -> Option<Vec<u8>> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let (units, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = units.iter().copied().map(unit).collect();
        rest.is_empty().then(|| String::from_utf16(&units).ok())?.map(String::into_bytes)
    };
    let utf32 = |character: fn([u8; 4]) -> u32| {
        let (characters, rest) = bytes.as_chunks::<4>();
        let text: Option<String> = characters.iter().map(|bytes| char::from_u32(character(*bytes))).collect();
        rest.is_empty().then_some(text?.into_bytes())
    };
    let decoded = match encoding {
        Encoding::Utf16Le => utf16(u16::from_le_bytes),
        Encoding::Utf16Be => utf16(u16::from_be_bytes),
        Encoding::Utf32Le => utf32(u32::from_le_bytes),
        Encoding::Utf32Be => utf32(u32::from_be_bytes),
        Encoding::Base64Url => BASE64URL_NOPAD.decode(bytes).ok(),
        Encoding::JsonString => serde_json::from_slice::<String>(bytes).ok().map(String::into_bytes),
        // One stored block.
        Encoding::Gzip => Some(bytes.get(15..bytes.len().checked_sub(8)?)?.to_vec()),
        _ => None,
    }?;
    (encoding.encode(&decoded)? == bytes).then_some(decoded)
}

/// An object that some token has, with members removed and set.
fn edit(deriver: &Deriver<'_>, base: &str, texts: &[Vec<u8>]) -> Option<Part> {
    let members = |text: &Vec<u8>| serde_json::from_slice::<Map<String, Value>>(text).ok();
    let news: Vec<Map<String, Value>> = texts.iter().map(members).collect::<Option<_>>()?;
    let is_compact =
        |(new, text): (&Map<String, Value>, &Vec<u8>)| serde_json::to_vec(new).is_ok_and(|written| written == *text);
    if !news.iter().zip(texts).all(is_compact) {
        return None;
    }
    let olds: Vec<Map<String, Value>> = deriver.value(base)?.iter().map(members).collect::<Option<_>>()?;
    let names = |members: &Map<String, Value>| members.keys().cloned().collect::<Vec<_>>();
    let (old, new) = (names(olds.first()?), names(news.first()?));
    if news.iter().any(|members| names(members) != new) {
        return None;
    }
    let remove: Vec<String> = old.iter().filter(|name| !new.contains(name)).cloned().collect();
    let mut kept: Vec<String> = old.iter().filter(|name| new.contains(name)).cloned().collect();
    if kept.is_empty() && !new.is_empty() {
        return None;
    }
    let added: Vec<String> = new.iter().filter(|name| !old.contains(name)).cloned().collect();
    let mut reversed = false;
    if [kept.clone(), added.clone()].concat() != new {
        kept.reverse();
        reversed = true;
        if [kept.clone(), added].concat() != new {
            return None;
        }
    }
    let is_set = |name: &&String| news.iter().zip(&olds).any(|(new, old)| new.get(*name) != old.get(*name));
    let set: Option<Vec<(String, Template)>> = new
        .iter()
        .filter(is_set)
        .map(|name| {
            let texts: Vec<Vec<u8>> =
                news.iter().filter_map(|new| Some(new.get(name)?.to_string().into_bytes())).collect();
            Some((name.clone(), deriver.flat(&texts)?))
        })
        .collect();
    Some(Part::Edit { edit: base.to_owned(), remove, set: set?, reversed })
}

fn signature(deriver: &Deriver<'_>, outs: &[Vec<u8>], header: &Template, claims: &Template) -> Option<Template> {
    if outs.iter().all(Vec::is_empty) {
        return Some(Vec::new());
    }
    if let Some(made) = made(deriver, outs, header, claims) {
        return Some(vec![made]);
    }
    if let Some(template) = deriver.flat(outs) {
        return Some(template);
    }
    let own = |without: &[Vec<u8>]| (deriver.value("access.signature")? == without).then(|| named("access.signature"));
    if let Some(template) = within(outs, own) {
        return Some(template);
    }
    let decoded: Option<Vec<Vec<u8>>> = outs.iter().map(|out| BASE64URL_NOPAD.decode(out).ok()).collect();
    Some(vec![Part::Encode { encode: Encoding::Base64Url, of: bytes(deriver, &decoded?)? }])
}

/// The bytes of a signature, edited.
fn bytes(deriver: &Deriver<'_>, outs: &[Vec<u8>]) -> Option<Template> {
    const NAME: &str = "access.signature.bytes";
    let own = deriver.value(NAME)?;
    if outs.iter().zip(own).all(|(out, own)| out.iter().eq(own.iter().rev())) {
        return Some(vec![Part::Reverse { reverse: vec![named(NAME)] }]);
    }
    // The same byte all along, or up to the last.
    if let Some(Some(fill)) = same(outs.iter().map(|out| out.first().copied())) {
        let run = |out: &Vec<u8>| out.iter().take_while(|byte| **byte == fill).count();
        let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let plus = same(outs.iter().zip(own).map(|(out, own)| signed(run(out)) - signed(own.len())));
        let ends: Vec<&[u8]> = outs.iter().map(|out| &out[run(out)..]).collect();
        if let (Some(plus), Some(end)) = (plus, same(ends)) {
            let part = Part::Fill { fill, length: NAME.to_owned(), plus };
            let end = (!end.is_empty()).then(|| Part::Bytes { base64: data_encoding::BASE64.encode(end) });
            return Some([part].into_iter().chain(end).collect());
        }
    }
    deriver.edited(NAME, outs)
}

/// A signature over parts of the token, by a key that the caller has.
fn made(deriver: &Deriver<'_>, outs: &[Vec<u8>], header: &Template, claims: &Template) -> Option<Part> {
    let whole = [header.clone(), dot(), claims.clone()].concat();
    let json = |segment: &Template| match segment.as_slice() {
        [Part::Encode { encode: Encoding::Base64Url, of }] => of.clone(),
        [Part::Value { value, from: None, to: None }] => vec![named(&format!("{value}.json"))],
        _ => segment.clone(),
    };
    let messages = [
        whole,
        header.clone(),
        claims.clone(),
        [claims.clone(), dot(), header.clone()].concat(),
        [header.clone(), claims.clone()].concat(),
        [json(header), dot(), json(claims)].concat(),
        Vec::new(),
    ];
    let by_key = ["pool", "foreign"]
        .into_iter()
        .flat_map(|key| RSA.map(|(algorithm, _)| Signature { algorithm, key: Some(key), secret: None }));
    let secret = |of: Template| Signature { algorithm: "HS256", key: None, secret: Some(of) };
    let trimmed = vec![Part::Value { value: "pool.pem".to_owned(), from: None, to: Some(At::Bytes(-1)) }];
    let secrets = ["pool.pem", "pool.der", "pool.modulus", "pool.n"].map(|name| secret(vec![named(name)]));
    let signs: Vec<Signature> = by_key.chain(secrets).chain([secret(trimmed), secret(Vec::new())]).collect();
    for message in messages {
        let texts: Option<Vec<Vec<u8>>> =
            deriver.worlds.iter().map(|world| super::template::render(&message, world, None)).collect();
        let texts = texts?;
        for sign in &signs {
            let is_made = |((out, text), world): ((&Vec<u8>, &Vec<u8>), &super::world::World)| {
                is_signature(sign, out, text, world)
            };
            if outs.iter().zip(&texts).zip(deriver.worlds).all(is_made) {
                return Some(Part::Sign { sign: sign.clone(), of: message });
            }
        }
    }
    None
}

/// Whether that is the signature; one by PS256 has a salt and never comes again.
fn is_signature(sign: &Signature, out: &[u8], message: &[u8], world: &super::world::World) -> bool {
    if sign.algorithm == "PS256" {
        let key = if sign.key == Some("foreign") { &world.foreign } else { &world.pool };
        return super::template::is_ps256(key, out, message);
    }
    signed(sign, message, world, None).is_some_and(|signature| signature.as_bytes() == out)
}
