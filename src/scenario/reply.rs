//! One answer of a scenario: what is sent, and how.

use std::time::Duration;

/// An answer, as bytes with a way to send them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header fields in order, without those that tell the body's length.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, in the content coding in which it is sent.
    pub body: Vec<u8>,
    /// How the body's end is told.
    pub framing: Framing,
    /// The time until the first byte is sent.
    pub wait: Duration,
    /// How it is sent in pieces; at once, where there is none.
    pub pieces: Option<Pieces>,
    /// Where it ends early, if it does.
    pub cut: Option<Cut>,
}

/// How the end of a body is told (RFC 9112, 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// By its `Content-Length`.
    Length,
    /// In chunks of so many bytes.
    Chunked(usize),
    /// By the end of the connection.
    Close,
    /// By these header fields, whatever they say.
    Says(Vec<(&'static str, String)>),
    /// There is no HTTP: the body is all that is sent.
    None,
}

/// An answer in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// How many bytes a piece has.
    pub length: usize,
    /// The time between two pieces.
    pub pause: Duration,
}

/// Where an answer ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// After what.
    pub after: After,
    /// Whether the connection is reset; otherwise it is closed.
    pub reset: bool,
}

/// What is sent of an answer that is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Nothing.
    Nothing,
    /// So many bytes of the head.
    Head(usize),
    /// The head and so many bytes of what follows it.
    Body(usize),
}

/// A longer answer is cut into at most so many pieces, so that its end is seen.
const MOST_PIECES: usize = 64;

impl Reply {
    /// An answer with a content type and no request id yet, whole and at once.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Reply {
            status,
            headers: vec![("Content-Type".to_owned(), crate::cognito::CONTENT_TYPE.into())],
            body: body.into(),
            framing: Framing::Length,
            wait: Duration::ZERO,
            pieces: None,
            cut: None,
        }
    }

    /// The same with one more header field.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same without header fields of that name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self
    }

    /// The same with that content type in place of its own.
    #[must_use]
    pub fn content_type(self, value: &str) -> Self {
        self.without("Content-Type").header("Content-Type", value)
    }

    /// The same with the end of its body told so.
    #[must_use]
    pub fn framed(self, framing: Framing) -> Self {
        Reply { framing, ..self }
    }

    /// The same, cut.
    #[must_use]
    pub fn cut(self, after: After, reset: bool) -> Self {
        Reply { cut: Some(Cut { after, reset }), ..self }
    }

    /// The value of the first header of that name, as text.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// Whether the access token of the call is to stand in it.
    #[must_use]
    pub fn echoes_token(&self) -> bool {
        let has = |bytes: &[u8]| memchr::memmem::find(bytes, super::ACCESS_TOKEN.as_bytes()).is_some();
        has(&self.body) || self.headers.iter().any(|(_, value)| has(value))
    }

    /// The bytes that are sent, piece by piece, with these fields behind its own. Each piece but the first comes after the
    /// pause of [`Reply::pieces`].
    #[must_use]
    pub fn bytes(&self, more: &[(&str, &str)]) -> Vec<Vec<u8>> {
        let head = self.head(more);
        let whole = [head.as_slice(), &self.sent_body()].concat();
        let end = match self.cut.map(|cut| cut.after) {
            None => whole.len(),
            Some(After::Nothing) => 0,
            Some(After::Head(bytes)) => bytes.min(head.len()),
            Some(After::Body(bytes)) => head.len().saturating_add(bytes),
        };
        let whole = &whole[..end.min(whole.len())];
        match self.pieces {
            Some(pieces) => {
                let length = pieces.length.max(whole.len().div_ceil(MOST_PIECES)).max(1);
                whole.chunks(length).map(<[u8]>::to_vec).collect()
            }
            None => vec![whole.to_vec()],
        }
    }

    fn head(&self, more: &[(&str, &str)]) -> Vec<u8> {
        if self.framing == Framing::None {
            return Vec::new();
        }
        let reason = http::StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason.unwrap_or_default()).into_bytes();
        let mut field = |name: &str, value: &[u8]| {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        };
        self.headers.iter().for_each(|(name, value)| field(name, value));
        more.iter().for_each(|(name, value)| field(name, value.as_bytes()));
        match &self.framing {
            // A status that has no body has no length either (RFC 9110, 8.6).
            Framing::Length if matches!(self.status, 100..200 | 204) => {}
            Framing::Length => field("Content-Length", self.body.len().to_string().as_bytes()),
            Framing::Chunked(_) => field("Transfer-Encoding", b"chunked"),
            Framing::Says(fields) => fields.iter().for_each(|(name, value)| field(name, value.as_bytes())),
            Framing::Close | Framing::None => {}
        }
        // Each attempt is to be seen as a connection of its own, and none is to wait for another answer's rest.
        field("Connection", b"close");
        head.extend(b"\r\n");
        head
    }

    fn sent_body(&self) -> Vec<u8> {
        let Framing::Chunked(length) = self.framing else { return self.body.clone() };
        let mut sent = Vec::new();
        for chunk in self.body.chunks(length.max(1)) {
            sent.extend(format!("{:x}\r\n", chunk.len()).bytes());
            sent.extend(chunk);
            sent.extend(b"\r\n");
        }
        sent.extend(b"0\r\n\r\n");
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: &Reply) -> Vec<String> {
        reply.bytes(&[("A", "b")]).into_iter().map(|piece| String::from_utf8(piece).unwrap()).collect()
    }

    #[test]
    fn each_framing_has_its_bytes() {
        let reply = Reply::new(200, "{}1");
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nA: b\r\n";
        let end = "Connection: close\r\n\r\n";
        assert_eq!(text(&reply), [format!("{head}Content-Length: 3\r\n{end}{{}}1")]);
        let chunked = format!("{head}Transfer-Encoding: chunked\r\n{end}2\r\n{{}}\r\n1\r\n1\r\n0\r\n\r\n");
        assert_eq!(text(&reply.clone().framed(Framing::Chunked(2))), [chunked]);
        assert_eq!(text(&reply.clone().framed(Framing::Close)), [format!("{head}{end}{{}}1")]);
        let says = Framing::Says(vec![("Content-Length", "x".to_owned())]);
        assert_eq!(text(&reply.clone().framed(says)), [format!("{head}Content-Length: x\r\n{end}{{}}1")]);
        assert_eq!(text(&reply.framed(Framing::None)), ["{}1"]);
    }

    #[test]
    fn cuts_and_pieces_are_as_long_as_they_say() {
        let reply = Reply::new(200, "0123456789");
        assert_eq!(text(&reply.clone().cut(After::Nothing, true)), [""]);
        assert_eq!(text(&reply.clone().cut(After::Head(12), false)), ["HTTP/1.1 200"]);
        assert!(text(&reply.clone().cut(After::Body(4), false))[0].ends_with("\r\n\r\n0123"));
        let pieces = Reply { pieces: Some(Pieces { length: 7, pause: Duration::ZERO }), ..reply };
        let sent = text(&pieces);
        assert!(sent.iter().rev().skip(1).all(|piece| piece.len() == 7) && sent.concat().ends_with("0123456789"));
    }
}
