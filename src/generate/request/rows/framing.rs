//! What only bytes on a socket can have: lengths, chunks, and the syntax of header fields.

use super::Rows;
use crate::cognito::Rule;
use crate::cognito::rules::request as rules;

/// Header lines for a body of that many bytes.
pub(crate) type Lines = fn(usize) -> String;

/// A body in chunks.
pub(crate) type Chunks = fn(&[u8]) -> Vec<u8>;

/// Header lines, and what stands behind the head.
pub(crate) type Parts = fn(&[u8]) -> (String, Vec<u8>);

/// The header line of a chunked body.
pub(crate) const CHUNKED_LINE: &str = "Transfer-Encoding: chunked\r\n";

/// What ends a chunked body.
pub(crate) const END: &str = "0\r\n\r\n";

/// 2 to the power of 64: a length beyond it wraps around in 64 bits.
const WRAP: u128 = 1 << 64;

/// A chunk's size as it is mostly written.
pub(crate) fn hex(length: usize) -> String {
    format!("{length:x}")
}

/// The body in one chunk, its size written by `size`, and what follows that chunk.
pub(crate) fn one_chunk(body: &[u8], size: impl Fn(usize) -> String, end: &str) -> Vec<u8> {
    [size(body.len()).as_bytes(), b"\r\n", body, b"\r\n", end.as_bytes()].concat()
}

/// Header lines with a wrong length, for a body of that many bytes.
pub(crate) const WRONG_LENGTHS: Rows<Lines> = &[
    ("missing", "a body that no header tells the length of", |_| String::new()),
    ("too-short", "a body that its Content-Length cuts off", |n| {
        format!("Content-Length: {}\r\n", n.saturating_sub(2))
    }),
    ("two-different", "two different Content-Length headers", |n| {
        format!("Content-Length: {n}\r\nContent-Length: {}\r\n", n.saturating_sub(2))
    }),
    ("list-different", "a Content-Length that lists two lengths", |n| {
        format!("Content-Length: {n}, {}\r\n", n.saturating_sub(2))
    }),
    ("negative", "a negative Content-Length", |n| format!("Content-Length: -{n}\r\n")),
    ("not-a-number", "a Content-Length that is no number", |_| "Content-Length: all\r\n".to_owned()),
    ("plus-sign", "a Content-Length with a plus sign", |n| format!("Content-Length: +{n}\r\n")),
    ("hexadecimal", "a hexadecimal Content-Length", |n| format!("Content-Length: 0x{n:x}\r\n")),
    ("fraction", "a Content-Length with a fraction", |n| format!("Content-Length: {n}.0\r\n")),
    ("empty", "an empty Content-Length", |_| "Content-Length: \r\n".to_owned()),
];

/// Header lines that say the right length twice.
pub(crate) const EQUAL_LENGTHS: Rows<Lines> = &[
    ("two-equal", "two equal Content-Length headers", |n| format!("Content-Length: {n}\r\nContent-Length: {n}\r\n")),
    ("list-equal", "a Content-Length that lists one length twice", |n| format!("Content-Length: {n}, {n}\r\n")),
];

/// Chunked bodies that are unusual, and right.
pub(crate) const CHUNKED: Rows<Chunks> = &[
    ("one", "a body in one chunk", |body| one_chunk(body, hex, END)),
    ("bytes", "a body that begins with 64 chunks of one byte", |body| {
        // More would cost time and tell nothing; and the signature stays whole, for a report finds a secret only as it is
        // written.
        let whole = body.iter().rposition(|byte| *byte == b'.').unwrap_or_default().min(64);
        let single = body[..whole].iter().flat_map(|byte| [b"1\r\n", &[*byte][..], b"\r\n"].concat());
        let rest = &body[whole..];
        [single.collect(), format!("{:x}\r\n", rest.len()).into_bytes(), rest.to_vec(), b"\r\n0\r\n\r\n".to_vec()]
            .concat()
    }),
    ("extensions", "chunk extensions", |body| {
        one_chunk(body, |length| format!("{length:x};name=value;flag;quoted=\"a;b\""), END)
    }),
    ("trailers", "trailer fields behind the last chunk", |body| {
        one_chunk(body, hex, "0\r\nX-Checksum: none\r\nX-Amz-Target: none\r\n\r\n")
    }),
    ("leading-zeros", "a chunk size in upper case with leading zeros", |body| {
        one_chunk(body, |length| format!("000{length:X}"), "000\r\n\r\n")
    }),
];

/// Bodies that are not chunked as they say.
pub(crate) const BROKEN_CHUNKS: Rows<Chunks> = &[
    ("size-prefix", "a chunk size with 0x in front", |body| one_chunk(body, |n| format!("0x{n:x}"), END)),
    ("size-sign", "a chunk size with a sign", |body| one_chunk(body, |n| format!("+{n:x}"), END)),
    ("size-text", "a chunk size that is no number", |body| one_chunk(body, |_| "all".to_owned(), END)),
    ("size-empty", "an empty chunk size", |body| one_chunk(body, |_| String::new(), END)),
    ("too-long", "a chunk that is longer than its size", |body| one_chunk(body, |n| hex(n.saturating_sub(2)), END)),
];

/// The line of the target, with white space where it means nothing. `$S` stands for the service shape.
pub(crate) const WHITE_SPACE: Rows<&'static str> = &[
    ("around", "space and tab around a header's value", "X-Amz-Target:\t $S.StartWebAuthnRegistration \t"),
    ("none", "no space after a header's colon", "X-Amz-Target:$S.StartWebAuthnRegistration"),
];

/// Lines that are no header field.
pub(crate) const BROKEN_FIELDS: &[(&str, &str, &[&str], &Rule)] = &[
    ("space-before-colon", "a space between a header's name and its colon", &["X-Unknown : 1"], &rules::HEADER_COLON),
    ("without-colon", "a header line without a colon", &["X-Unknown"], &rules::HTTP_GRAMMAR),
    ("without-name", "a header line without a name", &[": 1"], &rules::HTTP_GRAMMAR),
];

/// Values of the target that no header field has.
pub(crate) const BROKEN_TARGETS: Rows<&'static str> = &[
    ("folded-target", "a target that is folded over two lines", "$S.\r\n StartWebAuthnRegistration"),
    ("nul-in-target", "a target with NUL and more behind its name", "$S.StartWebAuthnRegistration\0.x"),
    ("cr-in-target", "a target with a bare CR in it", "$S.\rStartWebAuthnRegistration"),
];

/// Lines of an unknown header that HTTP leaves to the server.
pub(crate) const ODD_FIELDS: Rows<&'static str> = &[
    ("folded", "an unknown header that is folded over two lines", "X-Unknown: a\r\n b"),
    ("nul", "an unknown header with NUL in it", "X-Unknown: a\0b"),
    ("bare-cr", "an unknown header with a bare CR in it", "X-Unknown: a\rb"),
];

/// Header lines and bodies of requests of which a part is still to come.
pub(crate) const INCOMPLETE: Rows<Parts> = &[
    ("content-length", "a body shorter than its Content-Length", |body| {
        (format!("Content-Length: {}\r\n", body.len() + 16), body.to_vec())
    }),
    ("content-length-wraps", "a Content-Length that is right only modulo 2^64", |body| {
        (format!("Content-Length: {}\r\n", WRAP + body.len() as u128), body.to_vec())
    }),
    ("last-chunk", "a chunked body without its last chunk", |body| (CHUNKED_LINE.to_owned(), one_chunk(body, hex, ""))),
    ("chunk-size-wraps", "a chunk size that is right only modulo 2^64", |body| {
        (CHUNKED_LINE.to_owned(), one_chunk(body, |length| format!("{:x}", WRAP + length as u128), END))
    }),
];

/// Header lines of transfer codings that a chunked body does not have, with the rule that asks for the refusal.
pub(crate) const CODINGS: &[(&str, &str, &str, &Rule)] = &[
    ("not-last", "a transfer coding after chunked", "Transfer-Encoding: chunked, identity\r\n", &rules::FRAMING),
    ("unknown", "an unknown transfer coding", "Transfer-Encoding: xchunked\r\n", &rules::FRAMING),
    (
        "gzip",
        "a plain body that its Transfer-Encoding calls gzip and chunked",
        "Transfer-Encoding: gzip, chunked\r\n",
        &rules::TRANSFER_CODING,
    ),
];
