//! A request as bytes, so that anything in it can be malformed.

use crate::cognito::{self, CONTENT_TYPE, Operation, START, TARGET_PREFIX};

/// How the body's end is told to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A correct `Content-Length`, by the HTTP library.
    Length,
    /// The bytes are written on a socket as they stand here; no library touches them.
    ///
    /// The host and port in their head, if any, are the ASCII text `{host}`, at most twice, and the scheme is `{scheme}`; the
    /// transport replaces them.
    Raw(Vec<u8>),
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, `POST` if nothing is wrong with it.
    pub method: String,
    /// The path, `/` if nothing is wrong with it.
    pub path: String,
    /// Header fields in order; the library adds `Host` and `Content-Length`.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// How the body's end is told.
    pub framing: Framing,
}

impl Request {
    /// A well-formed call of an operation with this body.
    #[must_use]
    pub fn call(operation: &str, body: impl Into<Vec<u8>>) -> Self {
        Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: vec![
                ("Content-Type".to_owned(), CONTENT_TYPE.into()),
                ("X-Amz-Target".to_owned(), format!("{TARGET_PREFIX}.{operation}").into_bytes()),
            ],
            body: body.into(),
            framing: Framing::Length,
        }
    }

    /// A well-formed `StartWebAuthnRegistration` with this access token, which may be any text.
    #[must_use]
    pub fn start(token: &str) -> Self {
        #[derive(serde::Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Input<'a> {
            access_token: &'a str,
        }
        let mut body = Vec::with_capacity(token.len() + 32);
        // A text always has a form in JSON, and a vector takes it.
        let _ = serde_json::to_writer(&mut body, &Input { access_token: token });
        Request::call(START.name, body)
    }

    /// A `StartWebAuthnRegistration` with this body.
    #[must_use]
    pub fn start_with_body(body: impl Into<Vec<u8>>) -> Self {
        Request::call(START.name, body)
    }

    /// The operation that it is judged as: the one that its one `X-Amz-Target` names, else `StartWebAuthnRegistration`.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.target().unwrap_or(&START)
    }

    /// The judged operation that its `X-Amz-Target` names. Of two that differ, nobody knows which counts.
    #[must_use]
    pub fn target(&self) -> Option<&'static Operation> {
        let mut values = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("X-Amz-Target"));
        let (_, value) = values.next()?;
        if values.any(|(_, other)| other != value) {
            return None;
        }
        let name = std::str::from_utf8(value).ok()?.strip_prefix(TARGET_PREFIX)?.strip_prefix('.')?;
        cognito::operation(name)
    }

    /// The same request with another body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The same request with another method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// The same request at another path.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// The same request with this header in place of any of that name.
    #[must_use]
    pub fn header(self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.without_header(name).and_header(name, value)
    }

    /// The same request with one more header field, also where there is one of that name.
    #[must_use]
    pub fn and_header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same request without the headers of that name.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self
    }

    /// The same request written on a socket as it stands. `Host: {host}` and a correct `Content-Length` are added where the
    /// request has no such header.
    #[must_use]
    pub fn raw(self) -> Self {
        let bytes = self.raw_text();
        Request { framing: Framing::Raw(bytes), ..self }
    }

    /// The bytes of [`Request::raw`].
    #[must_use]
    pub fn raw_text(&self) -> Vec<u8> {
        let mut head = self.clone();
        if self.header_value("Host").is_none() {
            head.headers.insert(0, ("Host".to_owned(), b"{host}".to_vec()));
        }
        if self.header_value("Content-Length").is_none() && self.header_value("Transfer-Encoding").is_none() {
            head.headers.push(("Content-Length".to_owned(), self.body.len().to_string().into_bytes()));
        }
        head.head_and_body()
    }

    /// The same request, chunked as given.
    #[must_use]
    pub fn chunked(self, chunk: usize) -> Self {
        let mut body = Vec::new();
        for part in self.body.chunks(chunk.max(1)) {
            body.extend(format!("{:x}\r\n", part.len()).bytes());
            body.extend(part);
            body.extend(b"\r\n");
        }
        body.extend(b"0\r\n\r\n");
        let plain = self.body.clone();
        let chunked = self.header("Transfer-Encoding", "chunked").body(body).raw();
        Request { body: plain, ..chunked }
    }

    /// The same request with these bytes on the socket. `{host}` in them is replaced.
    #[must_use]
    pub fn raw_bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        Request { framing: Framing::Raw(bytes.into()), ..self }
    }

    /// The header's value, the first of that name.
    #[must_use]
    pub fn header_value(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_slice())
    }

    /// Request line, headers as they stand, and body.
    fn head_and_body(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.path).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(name.bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }
}
