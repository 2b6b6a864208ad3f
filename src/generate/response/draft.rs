//! A response in its parts, open for defects; what the parts say must be told of it.

use std::collections::BTreeSet;

use crate::cognito::{CONTENT_TYPE, ErrorShape, Fault, START, error, protocol_error};
use crate::generate::options;
use crate::wire::Response;

/// The header that names an error.
pub(super) const HEADER: &str = "x-amzn-errortype";

/// A response in its parts.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) status: u16,
    pub(super) content_type: Option<&'static str>,
    /// The header that has the request id.
    pub(super) request_id: Option<&'static str>,
    pub(super) length: Length,
    pub(super) in_upper_case: bool,
    /// The error that the header names.
    pub(super) header: Option<Code>,
    pub(super) body: Body,
    /// Text of members behind the others, each with a comma in front.
    pub(super) more: String,
    /// A text that stands for the whole body, and the reason for which it is no AWS JSON.
    pub(super) instead: Option<(Instead, Vec<u8>)>,
    /// Whether a stack trace is in it.
    pub(super) has_trace: bool,
}

/// What the headers say of the body's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Nothing, as of a response whose framing is done with.
    None,
    Right,
    Wrong(usize),
    /// These values, none of which is the length.
    Values(&'static [&'static str]),
    /// The right one, and chunked coding too.
    Both,
}

/// An error's name as it is written.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) name: &'static str,
    pub(super) written: String,
}

impl Code {
    pub(super) fn bare(name: &'static str) -> Code {
        Code { name, written: name.to_owned() }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Success(Output),
    Error(Envelope),
}

/// The output with the creation options.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) options: options::Drawn,
    pub(super) place: Place,
}

/// Where in the body the options stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In their member.
    Member,
    /// In a member whose name differs in case.
    Renamed(&'static str),
    /// In their member, behind another of the same name.
    Last,
    /// In an object within the body.
    Within(&'static str),
    /// They are the body.
    Body,
    /// Nowhere.
    Nowhere,
}

/// An error's body.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub(super) type_member: TypeMember,
    /// The member `code`.
    pub(super) code: Option<Code>,
    /// The text of the message's member, with a comma behind, and whether it is a string `message`.
    pub(super) message: (&'static str, bool),
}

/// The member `__type`.
#[derive(Clone, Debug)]
pub(super) enum TypeMember {
    None,
    Code(Code),
    /// Another before the one that counts.
    Twice(Code),
    /// JSON text of no string, which names nothing to anyone.
    Other(&'static str),
}

/// Why a text is no AWS JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instead {
    Blank,
    Truncated,
    Html,
    Xml,
    NotJson,
    NotObject,
}

impl Instead {
    /// The class's name.
    fn class(self) -> &'static str {
        match self {
            Instead::Blank => "not-aws-json:empty",
            Instead::Truncated => "not-aws-json:truncated",
            Instead::Html => "not-aws-json:html",
            Instead::Xml => "not-aws-json:xml",
            Instead::NotJson => "not-aws-json:not-json",
            Instead::NotObject => "not-aws-json:not-object",
        }
    }
}

/// What must be told of a response.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) class: &'static str,
    /// Of the answer.
    pub(super) rules: BTreeSet<&'static str>,
    /// Of the member with the options, where an answer that is called a success has it.
    pub(super) of_member: Option<BTreeSet<&'static str>>,
}

impl Draft {
    /// An answer with all that Cognito's answers have.
    pub(super) fn new(status: u16, body: Body) -> Draft {
        Draft {
            status,
            content_type: Some(CONTENT_TYPE),
            request_id: Some("x-amzn-RequestId"),
            length: Length::None,
            in_upper_case: false,
            header: None,
            body,
            more: String::new(),
            instead: None,
            has_trace: false,
        }
    }

    /// The body's text but for what stands instead of it.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = match &self.body {
            Body::Success(output) => output.open_text(),
            Body::Error(envelope) => envelope.open_text(),
        };
        text.extend(self.more.bytes());
        text.push(b'}');
        text
    }

    pub(super) fn response(&self) -> Response {
        let body = self.instead.as_ref().map_or_else(|| self.text(), |(_, text)| text.clone());
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        let mut field = |name: &str, value: &str| headers.push((name.to_owned(), value.into()));
        if let Some(content_type) = self.content_type {
            field("Content-Type", content_type);
        }
        if let Some(name) = self.request_id {
            field(name, "a1b2c3d4-0000-4000-8000-000000000000");
        }
        if let Some(code) = &self.header {
            field(HEADER, &code.written);
        }
        match self.length {
            Length::None => {}
            Length::Right => field("Content-Length", &body.len().to_string()),
            Length::Wrong(more) => field("Content-Length", &(body.len() + more).to_string()),
            Length::Values(values) => values.iter().for_each(|value| field("Content-Length", value)),
            Length::Both => {
                field("Content-Length", &body.len().to_string());
                field("Transfer-Encoding", "chunked");
            }
        }
        if self.in_upper_case {
            headers.iter_mut().for_each(|(name, _)| name.make_ascii_uppercase());
        }
        Response { status: self.status, headers, body }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What must be told, from the parts alone.
    pub(super) fn told(&self) -> Told {
        let mut rules = BTreeSet::new();
        let of_type = self.content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with(CONTENT_TYPE));
        broken(&mut rules, !of_type, "response.content-type");
        broken(
            &mut rules,
            self.request_id.is_none_or(|name| !name.eq_ignore_ascii_case("x-amzn-requestid")),
            "response.request-id",
        );
        broken(&mut rules, !matches!(self.length, Length::None | Length::Right), "response.framing");
        broken(&mut rules, self.has_trace && self.instead.is_none(), "response.no-stack-trace");
        let envelope = match &self.body {
            Body::Error(envelope) if self.instead.is_none() => Some(envelope),
            _ => None,
        };
        let code = [
            self.header.as_ref(),
            envelope.and_then(|envelope| envelope.code.as_ref()),
            envelope.and_then(|envelope| envelope.type_member.code()),
        ]
        .into_iter()
        .flatten()
        .next();
        let class = match (&self.instead, code) {
            // An error that a header names needs no body.
            (Some((Instead::Blank, _)), Some(code)) if !self.is_success() => code.name,
            (Some((instead, _)), _) => {
                rules.insert("response.json");
                instead.class()
            }
            (None, Some(_)) if self.is_success() => "not-aws-json:success-with-error-body",
            (None, Some(code)) => code.name,
            (None, None) if self.is_success() => "success",
            (None, None) => "not-aws-json:no-code",
        };
        let mut of_member = None;
        match &self.body {
            _ if code.is_some() => self.tell_error(class, envelope, &mut rules),
            _ if class == "not-aws-json:no-code" => broken(&mut rules, true, "error.code"),
            Body::Success(output) if class == "success" => {
                of_member = output.tell(!self.more.is_empty(), self.status, &mut rules);
            }
            // An error that nothing names, under a status that says success.
            Body::Error(_) if class == "success" => {
                broken(&mut rules, self.status != 200, "response.status");
                rules.extend(["response.members", "response.unknown-members"]);
            }
            _ => {}
        }
        Told { class: named(class), rules, of_member }
    }

    fn tell_error(&self, class: &'static str, envelope: Option<&Envelope>, rules: &mut BTreeSet<&'static str>) {
        let (header, code, of_type) = (
            self.header.as_ref(),
            envelope.and_then(|envelope| envelope.code.as_ref()),
            envelope.and_then(|envelope| envelope.type_member.code()),
        );
        if !self.is_success() {
            // The AWS SDK for Rust looks in this order, the one for JavaScript in the other, and boto3 at `__type` alone.
            // What is no string stops the latter two.
            let is_readable = !matches!(envelope, Some(Envelope { type_member: TypeMember::Other(_), .. }));
            let rust = header.or(code).or(of_type);
            let javascript = if is_readable { of_type.or(code).or(header) } else { None };
            let names: BTreeSet<&str> =
                [rust, javascript, of_type].into_iter().flatten().map(|code| code.name).collect();
            broken(rules, names.len() > 1, "error.code.agrees");
        }
        match of_type {
            None => broken(rules, true, "error.type-member"),
            Some(code) => broken(rules, code.written.contains(['#', ':']), "error.type-bare"),
        }
        broken(rules, class == "not-aws-json:success-with-error-body", "error.status-fault");
        if class.starts_with("not-aws-json:") {
            return;
        }
        let shape: Option<&ErrorShape> = error(class);
        if let Some(shape) = shape {
            broken(rules, header.is_none(), "error.type-header");
            broken(rules, !envelope.is_some_and(|envelope| envelope.message.1), "error.message");
            broken(rules, !shape.has_status(self.status), "error.status");
        }
        let is_of_the_server = match (shape, protocol_error(class)) {
            (Some(shape), _) => Some(shape.fault == Fault::Server),
            (None, Some(error)) => Some(error.status >= 500),
            (None, None) => None,
        };
        let says_so = self.status >= 500;
        let says_either = self.status >= 400;
        broken(rules, is_of_the_server.is_some_and(|server| !says_either || server != says_so), "error.status-fault");
        let is_listed = START.errors.contains(&class) || protocol_error(class).is_some();
        broken(rules, !is_listed, "error.modelled");
    }
}

fn broken(rules: &mut BTreeSet<&'static str>, is_broken: bool, rule: &'static str) {
    if is_broken {
        rules.insert(rule);
    }
}

/// The class's name, where the error's own is not.
fn named(class: &'static str) -> &'static str {
    match class {
        "CogspecException" => "unknown:CogspecException",
        "notauthorizedexception" => "unknown:notauthorizedexception",
        class => class,
    }
}

impl TypeMember {
    /// The error that it names.
    fn code(&self) -> Option<&Code> {
        match self {
            TypeMember::Code(code) | TypeMember::Twice(code) => Some(code),
            TypeMember::None | TypeMember::Other(_) => None,
        }
    }
}

impl Envelope {
    /// The text but for its end.
    fn open_text(&self) -> Vec<u8> {
        let mut text = format!("{{{}", self.message.0);
        match &self.type_member {
            TypeMember::None => {}
            TypeMember::Code(code) => text += &format!(r#""__type":"{}","#, code.written),
            TypeMember::Twice(code) => text += &format!(r#""__type":"Other","__type":"{}","#, code.written),
            TypeMember::Other(other) => text += &format!(r#""__type":{other},"#),
        }
        if let Some(code) = &self.code {
            text += &format!(r#""code":"{}","#, code.written);
        }
        text += r#""x":0"#;
        text.into_bytes()
    }
}

impl Output {
    /// The text but for its end.
    fn open_text(&self) -> Vec<u8> {
        let name = START.output[0].name;
        let options = &self.options.text;
        let (before, options, after) = match self.place {
            Place::Member => (format!("{{\"{name}\":"), options.as_slice(), ""),
            Place::Renamed(name) => (format!("{{\"{name}\":"), options.as_slice(), ""),
            Place::Last => (format!("{{\"{name}\":null,\"{name}\":"), options.as_slice(), ""),
            Place::Within(wrapper) => (format!("{{\"{wrapper}\":{{\"{name}\":"), options.as_slice(), "}"),
            Place::Body => (String::new(), options.strip_suffix(b"}").unwrap_or(options), ""),
            Place::Nowhere => ("{\"Other\":0".to_owned(), &b""[..], ""),
        };
        [before.as_bytes(), options, after.as_bytes()].concat()
    }

    /// Tells of the body; and, where the member with the options is found, of that.
    fn tell(&self, has_more: bool, status: u16, rules: &mut BTreeSet<&'static str>) -> Option<BTreeSet<&'static str>> {
        broken(rules, status != 200, "response.status");
        let is_null = self.options.text == b"null";
        let is_there = matches!(self.place, Place::Member | Place::Last);
        broken(rules, !is_there || is_null, "response.members");
        broken(rules, has_more || !is_there, "response.unknown-members");
        match self.place {
            Place::Member => Some(BTreeSet::new()),
            Place::Renamed(_) => Some(BTreeSet::from(["response.members"])),
            Place::Last => Some(BTreeSet::from(["options.json.duplicate-member"])),
            Place::Within(_) | Place::Body | Place::Nowhere => None,
        }
    }
}
