//! The chunked transfer coding (RFC 9112, 7.1), strictly.

use super::response::MAX_HEADERS;

/// Bytes that are no chunked body, whatever follows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Invalid;

/// Joins chunks while their bytes come in. Extensions and trailers are passed over.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The whole chunks so far, joined.
    pub(super) body: Vec<u8>,
    /// Where the next chunk begins.
    at: usize,
}

impl Decoder {
    /// Goes on over all bytes that have come since the beginning; true where the body is whole. What follows it is not
    /// looked at.
    pub(super) fn advance(&mut self, bytes: &[u8]) -> Result<bool, Invalid> {
        loop {
            let (line, size) = match httparse::parse_chunk_size(&bytes[self.at..]) {
                Ok(httparse::Status::Complete(found)) => found,
                Ok(httparse::Status::Partial) => return Ok(false),
                Err(_) => return Err(Invalid),
            };
            let start = self.at + line;
            if size == 0 {
                return has_trailers(&bytes[start..]);
            }
            // A size beyond all memory is one that has not come yet: it is for the reader to have enough of it.
            let end = start.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
            let Some(chunk) = bytes.get(start..end) else { return Ok(false) };
            match &bytes[end..] {
                [b'\r', b'\n', ..] => {}
                [] | [b'\r'] => return Ok(false),
                _ => return Err(Invalid),
            }
            self.body.extend(chunk);
            self.at = end + 2;
        }
    }
}

/// The body of bytes that begin with a whole chunked body.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = Decoder::default();
    (decoder.advance(bytes) == Ok(true)).then_some(decoder.body)
}

/// Whether the trailer fields, none or more, and the empty line after them are there.
fn has_trailers(bytes: &[u8]) -> Result<bool, Invalid> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_HEADERS];
    match httparse::parse_headers(bytes, &mut fields) {
        Ok(status) => Ok(status.is_complete()),
        // More may come, as with any that are not whole: it is for the reader to have enough of them.
        Err(httparse::Error::TooManyHeaders) => Ok(false),
        Err(_) => Err(Invalid),
    }
}
