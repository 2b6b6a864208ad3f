//! From what a case makes in several worlds to the template that makes it in any.

use std::collections::HashMap;

use data_encoding::BASE64;

use super::template::{At, Encoding, Part, Template, render};
use super::world::World;

/// So many bytes in common with a value are no chance.
const COMMON: usize = 8;

/// So many bytes behind a slice may go on as the value does, by chance.
const CHANCE: usize = 4;

/// A run of the same text is told as a repetition from this length on, in bytes.
const RUN: usize = 64;

/// The longest text whose repetitions are looked for, in bytes.
const UNIT: usize = 8;

/// Something that a template may name, with what it is in each world.
struct Source {
    template: Of,
    bytes: Vec<Vec<u8>>,
}

enum Of {
    /// A value, of which there may be slices.
    Value(String),
    /// Parts that are only found as a whole.
    Whole(Part),
}

/// What templates are read from: the worlds, and everything that can be named in them.
pub(super) struct Deriver<'a> {
    pub(super) worlds: &'a [World],
    sources: Vec<Source>,
    /// Where the texts of eight bytes are in the sources of the first world.
    index: HashMap<[u8; COMMON], Vec<(usize, usize)>>,
    /// What there is besides.
    more: Option<&'a Deriver<'a>>,
}

/// The texts in which they do.
const JSON: [&str; 2] = ["access.header.json", "access.claims.json"];

/// What cases put in the place of other texts of header and claims.
const REPLACED: [&[(&str, &str)]; 4] = [
    &[("\"", "'")],
    &[("\":", "\" :\n")],
    &[("/", "\\/")],
    &[("\"alg\"", "\"\\u0061lg\""), ("\"token_use\"", "\"token\\u005Fuse\"")],
];

impl<'a> Deriver<'a> {
    /// For these worlds.
    pub(super) fn new(worlds: &'a [World]) -> Self {
        let mut deriver = Deriver { worlds, sources: Vec::new(), index: HashMap::new(), more: None };
        let names = worlds.first().map(|world| world.values.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        for name in names {
            let bytes: Option<Vec<_>> = worlds.iter().map(|world| world.values.get(&name).cloned()).collect();
            if let Some(bytes) = bytes {
                deriver.add(Of::Value(name), bytes);
            }
        }
        for (encode, name) in [
            (Encoding::JsonEscapes, "access.header"),
            (Encoding::StandardAlphabet, "access.signature"),
            (Encoding::Lines, "access"),
            (Encoding::Base64, "access"),
            (Encoding::UpperCase, "access.claims.json/iss"),
        ] {
            let bytes: Option<Vec<_>> = worlds.iter().map(|world| encode.encode(world.values.get(name)?)).collect();
            if let Some(bytes) = bytes {
                deriver.add(Of::Whole(Part::Encode { encode, of: vec![named(name)] }), bytes);
            }
        }
        for (replaced, name) in REPLACED.iter().flat_map(|replaced| JSON.map(|name| (replaced, name))) {
            let replace: Vec<(String, String)> =
                replaced.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
            let part = Part::Replace { replace, of: vec![named(name)] };
            let bytes: Option<Vec<_>> =
                worlds.iter().map(|world| render(std::slice::from_ref(&part), world, None)).collect();
            if let Some(bytes) = bytes {
                deriver.add(Of::Whole(part), bytes);
            }
        }
        deriver
    }

    /// The same, with the bodies of a request as one more value.
    pub(super) fn with_body<'b>(&'b self, bodies: &[Vec<u8>]) -> Deriver<'b> {
        let mut deriver = Deriver { worlds: self.worlds, sources: Vec::new(), index: HashMap::new(), more: Some(self) };
        deriver.add(Of::Value("body".to_owned()), bodies.to_vec());
        // The first bytes, as a chunked body has them one by one.
        let first =
            || -> Option<Vec<Vec<u8>>> { bodies.iter().map(|body| Encoding::Chunks.encode(body.get(..64)?)).collect() };
        if let Some(bytes) = first() {
            let of = vec![Part::Value { value: "body".to_owned(), from: None, to: Some(At::Bytes(64)) }];
            deriver.add(Of::Whole(Part::Encode { encode: Encoding::Chunks, of }), bytes);
        }
        deriver
    }

    fn add(&mut self, template: Of, bytes: Vec<Vec<u8>>) {
        let number = self.sources.len();
        let offsets = match template {
            Of::Value(_) => bytes[0].len(),
            Of::Whole(_) => 1,
        };
        for offset in 0..offsets {
            if let Some(text) = bytes[0].get(offset..).and_then(<[u8]>::first_chunk::<COMMON>) {
                self.index.entry(*text).or_default().push((number, offset));
            }
        }
        self.sources.push(Source { template, bytes });
    }

    /// The bytes of a value in each world.
    pub(super) fn value(&self, name: &str) -> Option<&[Vec<u8>]> {
        let is = |source: &&Source| matches!(&source.template, Of::Value(value) if value == name);
        let own = self.sources.iter().find(is).map(|source| source.bytes.as_slice());
        own.or_else(|| self.more?.value(name))
    }

    /// A template of text, numbers, and slices of values; `None` where there is none.
    pub(super) fn flat(&self, outs: &[Vec<u8>]) -> Option<Template> {
        let mut reader = Reader { outs, at: vec![0; outs.len()], literal: Vec::new(), template: Vec::new() };
        while !reader.is_done() {
            if reader.run() {
                continue;
            }
            if let Some((part, lengths)) = self.found(&reader) {
                reader.push(part, &lengths);
            } else if !reader.literal_digits() {
                match self.number(&reader) {
                    Some((parts, lengths)) => {
                        parts.into_iter().for_each(|part| reader.push(part, &[]));
                        reader.advance(&lengths);
                    }
                    None if reader.literal() => {}
                    None => return None,
                }
            }
        }
        reader.flush();
        Some(reader.template)
    }

    /// The longest slice of a value that stands here in every world, and its lengths there.
    fn found(&self, reader: &Reader<'_>) -> Option<(Part, Vec<usize>)> {
        let text = reader.rest(0).first_chunk::<COMMON>()?;
        let mut best = self.more.and_then(|more| more.found(reader));
        for (number, offset) in self.index.get(text).into_iter().flatten() {
            let source = &self.sources[*number];
            let found = match &source.template {
                Of::Whole(part) => reader.whole(&source.bytes).map(|lengths| (part.clone(), lengths)),
                Of::Value(name) => slice(name, &source.bytes, *offset, reader, COMMON),
            };
            let covered =
                |found: &Option<(Part, Vec<usize>)>| found.as_ref().map_or(0, |(_, l)| l.iter().sum::<usize>());
            let found = found.filter(|(_, lengths)| reader.differs(lengths));
            if covered(&found) > covered(&best) {
                best = found;
            }
        }
        best
    }

    /// A number that stands here, where it is the length of the body or the time, and so many more.
    fn number(&self, reader: &Reader<'_>) -> Option<(Template, Vec<usize>)> {
        let texts: Vec<&[u8]> = reader.each(|rest| digits(rest, u8::is_ascii_digit));
        if texts.iter().all(|text| !text.is_empty()) {
            // Milliseconds are seconds with three zeros.
            let thousands = texts.iter().all(|text| text.len() > 12 && text.ends_with(b"000"));
            let behind = if thousands { 3 } else { 0 };
            let numbers: Option<Vec<i128>> =
                texts.iter().map(|text| std::str::from_utf8(&text[..text.len() - behind]).ok()?.parse().ok()).collect();
            let lengths = texts.iter().map(|text| text.len()).collect();
            if let Some(part) = numbers.and_then(|numbers| self.counted(&numbers, 10, false)) {
                let zeros = thousands.then(|| Part::Text { text: "000".to_owned() });
                return Some(([part].into_iter().chain(zeros).collect(), lengths));
            }
        }
        for upper in [false, true] {
            let is_digit = move |byte: &u8| {
                byte.is_ascii_digit() || if upper { matches!(byte, b'A'..=b'F') } else { matches!(byte, b'a'..=b'f') }
            };
            let texts: Vec<&[u8]> = reader.each(|rest| digits(rest, is_digit));
            let numbers: Option<Vec<i128>> =
                texts.iter().map(|text| i128::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()).collect();
            if texts.iter().all(|text| !text.starts_with(b"0"))
                && let Some(part) = numbers.and_then(|numbers| self.counted(&numbers, 16, upper))
            {
                return Some((vec![part], texts.iter().map(|text| text.len()).collect()));
            }
        }
        None
    }

    fn counted(&self, numbers: &[i128], base: u8, upper: bool) -> Option<Part> {
        let same =
            |beyond: Vec<i128>| beyond.windows(2).all(|two| two[0] == two[1]).then(|| beyond.first().copied())?;
        let beyond = numbers.iter().zip(self.worlds).map(|(number, world)| number - i128::from(world.now)).collect();
        if base == 10
            && let Some(now) = same(beyond)
        {
            return Some(Part::Now { now: i64::try_from(now).ok()? });
        }
        let bodies = self.value("body")?;
        let length = |body: &Vec<u8>| i128::try_from(body.len()).unwrap_or(i128::MAX);
        let plus = same(numbers.iter().zip(bodies).map(|(number, body)| number - length(body)).collect())?;
        Some(Part::Length { length: "body".to_owned(), plus, base, upper })
    }

    /// A template of slices of one value, however short, with bits changed between them.
    pub(super) fn edited(&self, name: &str, outs: &[Vec<u8>]) -> Option<Template> {
        let bytes = self.value(name)?;
        let mut reader = Reader { outs, at: vec![0; outs.len()], literal: Vec::new(), template: Vec::new() };
        // How much of the value has been passed, in each world.
        let mut passed = vec![0; outs.len()];
        while !reader.is_done() {
            let found = slice_at(name, bytes, &passed, &reader, 1);
            if let Some((part, lengths)) = found.filter(|(_, lengths)| reader.differs(lengths)) {
                passed.iter_mut().zip(&lengths).for_each(|(passed, length)| *passed += length);
                reader.push(part, &lengths);
                continue;
            }
            let changed: Option<Vec<u8>> = (reader.each(|rest| rest).into_iter().zip(bytes).zip(&passed))
                .map(|((rest, bytes), at)| Some(rest.first()? ^ bytes.get(*at)?))
                .collect();
            let changed = changed.filter(|bits| bits.windows(2).all(|two| two[0] == two[1]));
            if let Some((&xor, (from, to))) =
                changed.as_ref().and_then(|bits| bits.first()).zip(byte_at(bytes, &passed))
            {
                let of = vec![Part::Value { value: name.to_owned(), from, to }];
                reader.push(Part::Xor { xor, of }, &vec![1; outs.len()]);
                passed.iter_mut().for_each(|passed| *passed += 1);
            } else {
                // Behind the value it may begin again.
                let over = passed.iter().zip(bytes).all(|(passed, bytes)| *passed == bytes.len());
                if over && slice_at(name, bytes, &vec![0; outs.len()], &reader, 2).is_some() {
                    passed.fill(0);
                } else if !reader.literal() {
                    return None;
                }
            }
        }
        reader.flush();
        Some(reader.template)
    }
}

/// A whole value.
pub(super) fn named(name: &str) -> Part {
    Part::Value { value: name.to_owned(), from: None, to: None }
}

/// Whether they are all the same.
pub(super) fn same<T: PartialEq + Copy>(all: impl IntoIterator<Item = T>) -> Option<T> {
    let mut all = all.into_iter();
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn digits(bytes: &[u8], is_digit: impl Fn(&u8) -> bool) -> &[u8] {
    &bytes[..bytes.iter().take_while(|byte| is_digit(byte)).count()]
}

/// The places that may be meant by an offset in the value of the first world.
fn places(offset: usize, length: usize) -> Vec<At> {
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut places = vec![At::Bytes(signed(offset))];
    if offset < length {
        places.push(At::Bytes(-signed(length - offset)));
    }
    for (divide, times, plus) in [(8, 4, 0), (2, 1, 0), (2, 1, 1)] {
        places.push(At::Share { divide, times, plus });
    }
    places.retain(|place| place.of(length) == Some(offset));
    places
}

/// The longest slice of the value that begins at that offset in the first world, and its lengths.
fn slice(
    name: &str,
    bytes: &[Vec<u8>],
    offset: usize,
    reader: &Reader<'_>,
    least: usize,
) -> Option<(Part, Vec<usize>)> {
    let mut best: Option<(Part, Vec<usize>)> = None;
    for from in places(offset, bytes[0].len()) {
        let starts: Option<Vec<usize>> = bytes.iter().map(|bytes| from.of(bytes.len())).collect();
        let found = starts.and_then(|starts| slice_from(name, bytes, from, &starts, reader, least));
        let covered = |found: &Option<(Part, Vec<usize>)>| found.as_ref().map_or(0, |(_, l)| l.iter().sum::<usize>());
        if covered(&found) > covered(&best) {
            best = found;
        }
    }
    best
}

/// The same for known offsets in each world.
fn slice_at(
    name: &str,
    bytes: &[Vec<u8>],
    starts: &[usize],
    reader: &Reader<'_>,
    least: usize,
) -> Option<(Part, Vec<usize>)> {
    let is_meant = |at: &At| bytes.iter().zip(starts).all(|(bytes, start)| at.of(bytes.len()) == Some(*start));
    let from = places(starts[0], bytes[0].len()).into_iter().find(is_meant)?;
    slice_from(name, bytes, from, starts, reader, least)
}

/// The slice of one byte at these offsets.
fn byte_at(bytes: &[Vec<u8>], starts: &[usize]) -> Option<(Option<At>, Option<At>)> {
    let place = |starts: &[usize]| {
        let is_meant = |at: &At| bytes.iter().zip(starts).all(|(bytes, start)| at.of(bytes.len()) == Some(*start));
        places(starts[0], bytes[0].len()).into_iter().find(is_meant)
    };
    let ends: Vec<usize> = starts.iter().map(|start| start + 1).collect();
    let is_end = ends.iter().zip(bytes).all(|(end, bytes)| *end == bytes.len());
    Some((place(starts), if is_end { None } else { Some(place(&ends)?) }))
}

fn slice_from(
    name: &str,
    bytes: &[Vec<u8>],
    from: At,
    starts: &[usize],
    reader: &Reader<'_>,
    least: usize,
) -> Option<(Part, Vec<usize>)> {
    let rests = reader.each(|rest| rest);
    let ends: Vec<usize> = (bytes.iter().zip(starts).zip(rests))
        .map(|((bytes, start), rest)| start + bytes[*start..].iter().zip(rest).take_while(|(a, b)| a == b).count())
        .collect();
    let value =
        |to: Option<At>| Part::Value { value: name.to_owned(), from: (from != At::Bytes(0)).then_some(from), to };
    let lengths = |ends: &[usize]| -> Option<Vec<usize>> {
        let lengths: Option<Vec<usize>> = ends.iter().zip(starts).map(|(end, start)| end.checked_sub(*start)).collect();
        lengths.filter(|lengths| lengths.iter().all(|length| *length >= least))
    };
    if ends.iter().zip(bytes).all(|(end, bytes)| *end == bytes.len()) {
        return Some((value(None), lengths(&ends)?));
    }
    let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let first = ends.iter().min().copied()?;
    let left = bytes.iter().zip(&ends).map(|(bytes, end)| bytes.len() - end).max()?;
    let tos = [
        At::Bytes(signed(first)),
        At::Bytes(-signed(left)),
        At::Share { divide: 8, times: 4, plus: 0 },
        At::Share { divide: 2, times: 1, plus: 0 },
    ];
    let mut best: Option<(Part, Vec<usize>)> = None;
    for to in tos {
        let stops: Option<Vec<usize>> = (bytes.iter().zip(&ends))
            .map(|(bytes, end)| to.of(bytes.len()).filter(|stop| stop <= end && end - stop <= CHANCE))
            .collect();
        let Some(lengths) = stops.and_then(|stops| lengths(&stops)) else { continue };
        if best.as_ref().is_none_or(|(_, best)| best.iter().sum::<usize>() < lengths.iter().sum()) {
            best = Some((value(Some(to)), lengths));
        }
    }
    best
}

/// Reads what was made in all worlds side by side.
struct Reader<'a> {
    outs: &'a [Vec<u8>],
    at: Vec<usize>,
    literal: Vec<u8>,
    template: Template,
}

impl<'a> Reader<'a> {
    fn rest(&self, world: usize) -> &'a [u8] {
        &self.outs[world][self.at[world]..]
    }

    fn each<T>(&self, of: impl Fn(&'a [u8]) -> T) -> Vec<T> {
        (0..self.outs.len()).map(|world| of(self.rest(world))).collect()
    }

    fn is_done(&self) -> bool {
        self.each(<[u8]>::is_empty).into_iter().all(|is_empty| is_empty)
    }

    fn advance(&mut self, lengths: &[usize]) {
        self.at.iter_mut().zip(lengths).for_each(|(at, length)| *at += length);
    }

    fn push(&mut self, part: Part, lengths: &[usize]) {
        self.flush();
        self.template.push(part);
        self.advance(lengths);
    }

    fn flush(&mut self) {
        literal(&std::mem::take(&mut self.literal), &mut self.template);
    }

    /// Whether what stands here is not the same in all worlds.
    fn differs(&self, lengths: &[usize]) -> bool {
        let texts: Vec<&[u8]> =
            lengths.iter().enumerate().map(|(world, length)| &self.rest(world)[..*length]).collect();
        same(texts).is_none()
    }

    /// The lengths of these bytes, where they stand here.
    fn whole(&self, bytes: &[Vec<u8>]) -> Option<Vec<usize>> {
        let stand = bytes.iter().enumerate().all(|(world, bytes)| self.rest(world).starts_with(bytes));
        stand.then(|| bytes.iter().map(Vec::len).collect())
    }

    /// Takes a long run of one short text, which is no part of any value.
    fn run(&mut self) -> bool {
        let Some((_, run)) = repetition(self.rest(0)) else { return false };
        if !self.each(|rest| rest.starts_with(run)).into_iter().all(|starts| starts) {
            return false;
        }
        self.literal.extend(run);
        self.advance(&vec![run.len(); self.outs.len()]);
        true
    }

    /// Takes the digits that stand here, where they are the same in all worlds; or leading zeros.
    fn literal_digits(&mut self) -> bool {
        let texts = self.each(|rest| digits(rest, u8::is_ascii_digit));
        // A hexadecimal number may begin with the same digits.
        let whole = same(self.each(|rest| digits(rest, u8::is_ascii_hexdigit)));
        let zeros = || same(texts.iter().map(|text| digits(text, |byte| *byte == b'0')));
        let text = same(texts.iter().copied()).filter(|_| whole.is_some()).or_else(zeros);
        let Some(text) = text.filter(|text| !text.is_empty()) else { return false };
        self.literal.extend(text);
        self.advance(&vec![text.len(); self.outs.len()]);
        true
    }

    /// Takes a byte that is the same in all worlds.
    fn literal(&mut self) -> bool {
        let Some(Some(byte)) = same(self.each(|rest| rest.first().copied())) else { return false };
        self.literal.push(byte);
        self.advance(&vec![1; self.outs.len()]);
        true
    }
}

/// A short text that stands here often, one time after the other, and all of that.
fn repetition(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    (1..=UNIT).find_map(|unit| {
        // Each byte is the one that stands a unit before it. Long texts are compared as a whole, which is fast.
        let repeats = |length: usize| bytes.get(unit..unit + length).is_some_and(|text| *text == bytes[..length]);
        if !repeats(RUN) {
            return None;
        }
        let mut length = RUN;
        while repeats(2 * length) {
            length *= 2;
        }
        let mut step = length;
        while step > 0 {
            if repeats(length + step) {
                length += step;
            }
            step /= 2;
        }
        Some((&bytes[..unit], &bytes[..(length / unit + 1) * unit]))
    })
}

/// A text that stands as it is, long runs of it as repetitions.
fn literal(bytes: &[u8], template: &mut Template) {
    let mut plain = 0;
    let mut at = 0;
    while at < bytes.len() {
        let found = repetition(&bytes[at..]).and_then(|(unit, run)| Some((std::str::from_utf8(unit).ok()?, run.len())));
        match found {
            Some((unit, length)) => {
                text(&bytes[plain..at], template);
                template.push(Part::Repeat { repeat: unit.to_owned(), times: length / unit.len() });
                at += length;
                plain = at;
            }
            None => at += 1,
        }
    }
    text(&bytes[plain..], template);
}

fn text(bytes: &[u8], template: &mut Template) {
    match std::str::from_utf8(bytes) {
        Ok("") => {}
        Ok(text) => template.push(Part::Text { text: text.to_owned() }),
        Err(_) => template.push(Part::Bytes { base64: BASE64.encode(bytes) }),
    }
}
