//! A response kept whole, and reading one that was saved.

use super::chunked;

/// The most header fields that a response may have.
pub(super) const MAX_HEADERS: usize = 256;

/// One response, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header fields in the order they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, not decompressed.
    pub body: Vec<u8>,
}

/// A text that is no saved response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It does not begin with a status line.
    #[error(
        "no status line such as `HTTP/1.1 400 Bad Request`: save the response with its headers, as `curl -i` prints it"
    )]
    NoStatusLine,
    /// The headers do not end.
    #[error("the headers do not end with an empty line")]
    Truncated,
    /// A status line or header field that is not HTTP.
    #[error("not HTTP: {0}")]
    Syntax(httparse::Error),
}

impl Response {
    /// Reads a saved response, as `curl -i` or a packet capture has it: status line, headers, empty line, body.
    ///
    /// Of several responses in a row the last counts: those before it are interim (`100 Continue`), a proxy's
    /// (`200 Connection established`), or redirects without a body. The status line may be that of HTTP/2 or 3
    /// (`HTTP/2 400`), lines may end with a line feed only, and a body that is still chunked is joined. A line end that an
    /// editor added to a body of known length is dropped.
    ///
    /// # Errors
    /// When the text is no such response; see [`ParseError`].
    pub fn parse(saved: &[u8]) -> Result<Response, ParseError> {
        let mut rest = saved;
        loop {
            let (response, body) = parse_head(rest)?;
            // A body that begins with a status line would be that of a response without one.
            if !body.starts_with(b"HTTP/") {
                return Ok(Response { body: saved_body(&response, body), ..response });
            }
            rest = body;
        }
    }

    /// The values of the headers of that name, in order, as text; bytes that are not UTF-8 are replaced.
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.headers
            .iter()
            .filter(move |(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    /// The value of the first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.header_values(name).next()
    }

    /// The request id, from the header that AWS sends, or one of those that SDKs read in its place.
    #[must_use]
    pub fn request_id(&self) -> Option<String> {
        ["x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"].into_iter().find_map(|name| self.header(name))
    }

    /// Whether the status says success: 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the body holds nothing but white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.body.trim_ascii().is_empty()
    }

    /// Whether the last transfer coding is chunked (RFC 9112, 6.1).
    #[must_use]
    pub(super) fn is_chunked(&self) -> bool {
        self.header_values("transfer-encoding")
            .last()
            .is_some_and(|value| value.rsplit(',').next().unwrap_or(&value).trim().eq_ignore_ascii_case("chunked"))
    }

    /// The declared length: `Content-Length`, where its values are one number.
    ///
    /// `Some(Err(()))` where they are not (RFC 9110, 8.6).
    pub(crate) fn content_length(&self) -> Option<Result<u64, ()>> {
        let mut length = None;
        for value in self.header_values("content-length") {
            for part in value.split(',').map(str::trim) {
                let number = match part.parse() {
                    Ok(number) if part.bytes().all(|b| b.is_ascii_digit()) => number,
                    _ => return Some(Err(())),
                };
                if *length.get_or_insert(number) != number {
                    return Some(Err(()));
                }
            }
        }
        length.map(Ok)
    }
}

/// One response's head as a response without a body, and what follows it.
fn parse_head(bytes: &[u8]) -> Result<(Response, &[u8]), ParseError> {
    let line_end = bytes.iter().position(|&b| b == b'\n').ok_or(ParseError::NoStatusLine)?;
    let (line, rest) = bytes.split_at(line_end + 1);
    let status = status_line(line.trim_ascii_end()).ok_or(ParseError::NoStatusLine)?;
    let mut fields = [httparse::EMPTY_HEADER; MAX_HEADERS];
    match httparse::parse_headers(rest, &mut fields).map_err(ParseError::Syntax)? {
        httparse::Status::Partial => Err(ParseError::Truncated),
        httparse::Status::Complete((length, fields)) => {
            Ok((Response { status, headers: owned(fields), body: Vec::new() }, &rest[length..]))
        }
    }
}

/// The status in a status line of any version of HTTP (RFC 9112, 4; curl prints those of HTTP/2 and 3 in the same form).
fn status_line(line: &[u8]) -> Option<u16> {
    let mut words = line.strip_prefix(b"HTTP/")?.splitn(3, |&b| b == b' ');
    let (version, status) = (words.next()?, words.next()?);
    let known = matches!(version, b"1.0" | b"1.1" | b"2" | b"2.0" | b"3" | b"3.0");
    let digits = status.len() == 3 && status.iter().all(u8::is_ascii_digit) && status[0] != b'0';
    (known && digits).then(|| status.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')))
}

pub(super) fn owned(fields: &[httparse::Header<'_>]) -> Vec<(String, Vec<u8>)> {
    fields.iter().map(|field| (field.name.to_owned(), field.value.to_vec())).collect()
}

/// The body of a saved response: joined where it is still chunked, without a line end that was not the server's.
fn saved_body(head: &Response, body: &[u8]) -> Vec<u8> {
    if head.is_chunked()
        && let Some(body) = chunked::decode(body)
    {
        return body;
    }
    let length = match head.content_length() {
        Some(Ok(length)) => usize::try_from(length).unwrap_or(usize::MAX),
        _ => body.len(),
    };
    match body.get(length..) {
        Some(b"\n" | b"\r\n") => body[..length].to_vec(),
        _ => body.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(saved: &str) -> Response {
        Response::parse(saved.as_bytes()).unwrap()
    }

    #[test]
    fn the_last_of_several_responses_counts() {
        let saved = "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\
                     HTTP/1.1 307 Temporary Redirect\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n\
                     HTTP/1.1 400 Bad Request\r\nX-A: 1\r\nx-a: 2\r\n\r\n{}";
        let response = parse(saved);
        assert_eq!(response.status, 400);
        assert_eq!(response.header_values("X-a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(response.body, b"{}");
    }

    #[test]
    fn http_2_and_bare_line_feeds_are_read() {
        assert_eq!(parse("HTTP/2 400 \r\ndate: x\r\n\r\n{}").body, b"{}");
        assert_eq!(parse("HTTP/3 200\n\n").status, 200);
        assert_eq!(parse("HTTP/1.1 500 Internal Server Error\na: b\n\nx\r\n\r\ny").body, b"x\r\n\r\ny");
    }

    #[test]
    fn a_chunked_body_is_joined_where_it_still_is_chunked() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(parse(&format!("{head}3;x=y\r\n{{\"a\r\n4\r\n\":1}}\r\n0\r\nT: r\r\n\r\n")).body, b"{\"a\":1}");
        assert_eq!(parse(&format!("{head}{{\"a\":1}}")).body, b"{\"a\":1}");
        assert_eq!(parse(&format!("{head}5\r\nab")).body, b"5\r\nab");
    }

    #[test]
    fn an_editors_line_end_is_dropped_and_nothing_else() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(parse(&format!("{head}{{}}\n")).body, b"{}");
        assert_eq!(parse(&format!("{head}{{}}\n\n")).body, b"{}\n\n");
        assert_eq!(parse(&format!("{head}{{")).body, b"{");
    }

    #[test]
    fn what_is_no_response_is_refused() {
        for saved in ["", "{}", "HTTP/1.1 40 x\n\n", "HTTP/9 400 x\n\n", "HTTP/1.1 400", "HTTP/1.1 4000 x\n\n"] {
            assert_eq!(Response::parse(saved.as_bytes()), Err(ParseError::NoStatusLine), "{saved}");
        }
        assert_eq!(Response::parse(b"HTTP/1.1 400 x\nA: b\n"), Err(ParseError::Truncated));
        assert!(matches!(Response::parse(b"HTTP/1.1 400 x\nA b\n\n"), Err(ParseError::Syntax(_))));
    }
}
