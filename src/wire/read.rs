//! Reading one response from a socket, without a library that would repair it.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::chunked::{Decoder, Invalid};
use super::response::{MAX_HEADERS, owned};
use super::{Response, TransportError, TransportErrorKind};

/// The most bytes that a response's head may take.
pub(crate) const MAX_HEAD: usize = 64 * 1024;

/// Reads one response to a request that is not HEAD. Interim responses (1xx) before it are passed over, unless the
/// connection changes protocol (101).
///
/// The body ends by chunked coding, by `Content-Length`, or with the connection, in that order (RFC 9112, 6.3). What the
/// server sends after it stays unread, or is dropped where it came with the body's last bytes. `limit` is the most bytes
/// that the body may take on the wire.
///
/// # Errors
/// [`Closed`](TransportErrorKind::Closed) where the connection ends early or fails, [`Protocol`](TransportErrorKind::Protocol)
/// where what came is not HTTP/1, [`TooLarge`](TransportErrorKind::TooLarge) where head or body is larger than is read. The
/// time limit is the caller's.
pub async fn read_response(stream: &mut (impl AsyncRead + Unpin), limit: usize) -> Result<Response, TransportError> {
    let mut buffer = Vec::new();
    loop {
        let head = read_head(stream, &mut buffer).await?;
        if head.status == 101 || !(100..200).contains(&head.status) {
            let body = read_body(stream, &head, buffer, limit).await?;
            return Ok(Response { body, ..head });
        }
    }
}

/// Reads a head, and leaves in the buffer what came after it.
async fn read_head(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Result<Response, TransportError> {
    loop {
        if !buffer.is_empty() {
            let mut fields = [httparse::EMPTY_HEADER; MAX_HEADERS];
            let mut parser = httparse::Response::new(&mut fields);
            match parser.parse(buffer) {
                Ok(httparse::Status::Complete(length)) => {
                    // A complete head has a status.
                    let status = parser.code.unwrap_or_default();
                    if status < 100 {
                        return Err(error(TransportErrorKind::Protocol, format!("a status of {status:03}")));
                    }
                    let head = Response { status, headers: owned(parser.headers), body: Vec::new() };
                    buffer.drain(..length);
                    return Ok(head);
                }
                Ok(httparse::Status::Partial) if buffer.len() >= MAX_HEAD => {
                    return Err(error(TransportErrorKind::TooLarge, format!("a head of more than {MAX_HEAD} bytes")));
                }
                Ok(httparse::Status::Partial) => {}
                Err(httparse::Error::TooManyHeaders) => {
                    return Err(error(TransportErrorKind::TooLarge, format!("more than {MAX_HEADERS} header fields")));
                }
                Err(e) => return Err(error(TransportErrorKind::Protocol, e.to_string())),
            }
        }
        if fill(stream, buffer).await? == 0 {
            let got = buffer.len();
            return Err(error(TransportErrorKind::Closed, format!("the connection ended after {got} bytes of a head")));
        }
    }
}

/// The length of the body behind this head: `None` where chunks or the connection's end tell it.
///
/// # Errors
/// [`Protocol`](TransportErrorKind::Protocol) where the head names a coding other than chunks, or no one length;
/// [`TooLarge`](TransportErrorKind::TooLarge) where it promises more than `limit` bytes.
pub(crate) fn body_length(head: &Response, limit: usize) -> Result<Option<usize>, TransportError> {
    // These have no body, whatever their headers say (RFC 9112, 6.3).
    if matches!(head.status, 101 | 204 | 304) {
        return Ok(Some(0));
    }
    let codings: Vec<String> = head.header_values("transfer-encoding").collect();
    match &codings[..] {
        [] => {}
        [coding] if coding.trim().eq_ignore_ascii_case("chunked") => return Ok(None),
        _ => return Err(error(TransportErrorKind::Protocol, "a transfer coding other than chunked, once".to_owned())),
    }
    match head.content_length() {
        None => Ok(None),
        Some(Ok(length)) => match usize::try_from(length) {
            Ok(length) if length <= limit => Ok(Some(length)),
            _ => Err(too_large(limit)),
        },
        Some(Err(())) => Err(error(TransportErrorKind::Protocol, "Content-Length is no one number".to_owned())),
    }
}

async fn read_body(
    stream: &mut (impl AsyncRead + Unpin),
    head: &Response,
    mut buffer: Vec<u8>,
    limit: usize,
) -> Result<Vec<u8>, TransportError> {
    let length = body_length(head, limit)?;
    if length.is_none() && head.is_chunked() {
        return read_chunked(stream, buffer, limit).await;
    }
    loop {
        if let Some(length) = length
            && buffer.len() >= length
        {
            buffer.truncate(length);
            return Ok(buffer);
        }
        if buffer.len() > limit {
            return Err(too_large(limit));
        }
        if fill(stream, &mut buffer).await? == 0 {
            return match length {
                None => Ok(buffer),
                Some(length) => {
                    let detail = format!("the connection ended after {} of {length} bytes of the body", buffer.len());
                    Err(error(TransportErrorKind::Closed, detail))
                }
            };
        }
    }
}

async fn read_chunked(
    stream: &mut (impl AsyncRead + Unpin),
    mut buffer: Vec<u8>,
    limit: usize,
) -> Result<Vec<u8>, TransportError> {
    let mut decoder = Decoder::default();
    loop {
        match decoder.advance(&buffer) {
            Ok(true) => return Ok(decoder.body),
            Ok(false) => {}
            Err(Invalid) => return Err(error(TransportErrorKind::Protocol, "a broken chunk".to_owned())),
        }
        if buffer.len() > limit {
            return Err(too_large(limit));
        }
        if fill(stream, &mut buffer).await? == 0 {
            return Err(error(TransportErrorKind::Closed, "the connection ended before the last chunk".to_owned()));
        }
    }
}

/// Reads what is there; 0 where the connection has ended.
async fn fill(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Result<usize, TransportError> {
    stream.read_buf(buffer).await.map_err(|e| error(TransportErrorKind::Closed, e.to_string()))
}

fn too_large(limit: usize) -> TransportError {
    error(TransportErrorKind::TooLarge, format!("a body of more than {limit} bytes"))
}

fn error(kind: TransportErrorKind, detail: String) -> TransportError {
    TransportError { kind, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads what a server sends in these pieces before it closes.
    async fn read(pieces: &[&[u8]], limit: usize) -> Result<Response, TransportErrorKind> {
        let mut stream = in_pieces(pieces);
        read_response(&mut stream, limit).await.map_err(|e| e.kind)
    }

    fn in_pieces(pieces: &[&[u8]]) -> impl AsyncRead + Unpin {
        let pieces: Vec<std::io::Cursor<Vec<u8>>> = pieces.iter().map(|p| std::io::Cursor::new(p.to_vec())).collect();
        let empty: Box<dyn AsyncRead + Unpin> = Box::new(tokio::io::empty());
        // A chain gives the pieces one by one, as reads from a socket would.
        pieces.into_iter().rev().fold(empty, |rest, piece| Box::new(piece.chain(rest)))
    }

    fn one_by_one(text: &str) -> Vec<&[u8]> {
        text.as_bytes().chunks(1).collect()
    }

    #[tokio::test]
    async fn each_way_to_end_a_body_is_read() {
        for (text, body) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 400 Bad\r\n\r\n", "{}"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\nContent-Length: 2\r\n\r\n{}", "{}"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\nA: b\r\n\r\nHTTP",
                "{}",
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "{}"),
            ("HTTP/1.0 200 OK\r\n\r\n{}", "{}"),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ""),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "{}"),
        ] {
            for pieces in [vec![text.as_bytes()], one_by_one(text)] {
                let response = read(&pieces, 100).await.unwrap();
                assert_eq!(String::from_utf8(response.body).unwrap(), body, "{text}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_not_whole_http_is_an_error() {
        use TransportErrorKind::{Closed, Protocol, TooLarge};
        let headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(MAX_HEADERS + 1));
        let endless = format!("HTTP/1.1 200 OK\r\na: {}", "b".repeat(MAX_HEAD));
        for (text, kind) in [
            ("", Closed),
            ("HTTP/1.1 200 OK\r\nA: b\r\n", Closed),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", Closed),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", Closed),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n", Protocol),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Protocol),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Protocol),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", Protocol),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", Protocol),
            ("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}", Protocol),
            ("HTTP/1.1 200 OK\r\nA b\r\n\r\n", Protocol),
            ("HTTP/1.1 000 None\r\nContent-Length: 2\r\n\r\n{}", Protocol),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff0\r\n", Closed),
            ("SSH-2.0-OpenSSH_9.6\r\n", Protocol),
            ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", TooLarge),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Protocol),
            (&headers, TooLarge),
            (&endless, TooLarge),
        ] {
            assert_eq!(read(&[text.as_bytes()], 100).await.unwrap_err(), kind, "{text}");
        }
        let long = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(101));
        assert_eq!(read(&[long.as_bytes()], 100).await.unwrap_err(), TooLarge);
    }
}
