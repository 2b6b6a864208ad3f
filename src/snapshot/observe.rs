//! The observation of a case: its exchanges normalised, so that the same behaviour always gives the same text.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::shape;
use crate::cognito::START;
use crate::suite::Recorded;
use crate::wire::json::Object;
use crate::wire::{self, Class, Response};

/// Stands where a value should be that is told by its shape.
const MISSING: &str = "<missing>";

/// Bodies above this, in bytes, are not written into an observation.
const BODY_LIMIT: usize = 64 * 1024;

/// The longest string that is written out, in characters.
const STRING_LIMIT: usize = 200;

/// How deep a body is written out; real options are four levels deep.
const DEPTH_LIMIT: usize = 12;

/// A list or object of plain values is written on one line up to this length.
const LINE: usize = 60;

/// The observation of these exchanges; `None` where there are none.
///
/// One block for each exchange, with an empty line between blocks; equal blocks are told once, with `× N` before them, at
/// the place of the first, so that the order of parallel calls does not show.
pub fn observe<'a>(recorded: impl Iterator<Item = &'a Recorded>) -> Option<String> {
    let mut blocks: Vec<(String, usize)> = Vec::new();
    for block in recorded.map(block) {
        match blocks.iter_mut().find(|(text, _)| *text == block) {
            Some((_, times)) => *times += 1,
            None => blocks.push((block, 1)),
        }
    }
    let blocks: Vec<String> =
        blocks.into_iter().map(|(text, times)| if times == 1 { text } else { format!("× {times}\n{text}") }).collect();
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

/// The keys of an observation whose value was to be told by its shape and was not there.
pub fn unmatched(observation: &str) -> impl Iterator<Item = &str> {
    observation.lines().filter_map(|line| line.strip_suffix(MISSING)?.strip_suffix(": "))
}

fn block(recorded: &Recorded) -> String {
    let classification = &recorded.classification;
    let response = match &recorded.exchange.result {
        Ok(response) => response,
        // `transport:timeout`; the words of the library or the system are not the server's.
        Err(_) => return classification.name().replacen(':', ": ", 1),
    };
    let mut lines = Lines(Vec::new());
    lines.add("status", &response.status.to_string());
    lines.add("class", &shape::in_text(&classification.name()));
    if let Some(message) = &classification.message {
        lines.add("message", &shape::in_text(message));
    }
    let served = matches!(classification.class, Class::Success);
    let body = Object::parse(&response.body).ok();
    if let Some(body) = body.as_ref().filter(|_| !served) {
        let names: Vec<&str> = body.members.iter().map(|member| member.name.as_ref()).collect();
        lines.add("members", &cut(&names.join(", ")));
    }
    lines.headers(response);
    if served && response.body.len() <= BODY_LIMIT {
        let mut writer = Writer::default();
        let text = String::from_utf8_lossy(&response.body);
        let text = if response.is_blank() { "{}".into() } else { text };
        lines.0.push(format!("body: {}", writer.value(text.trim(), &mut Vec::new())));
        let is_start = recorded.exchange.request.operation() == &START;
        for (key, found) in [("challenge", writer.challenge), ("user.id", writer.user_id)] {
            if is_start && !found {
                lines.add(key, MISSING);
            }
        }
    } else if served {
        lines.add("body", "<larger than 64 KiB>");
    }
    lines.0.join("\n")
}

struct Lines(Vec<String>);

impl Lines {
    /// A value's own line breaks must not look like other keys.
    fn add(&mut self, key: &str, value: &str) {
        let value: String =
            value.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect();
        self.0.push(format!("{key}: {}", cut(&value)));
    }

    fn headers(&mut self, response: &Response) {
        for name in ["content-type", "x-amzn-errortype", "x-amzn-errormessage"] {
            let values: Vec<String> = response.header_values(name).collect();
            if !values.is_empty() {
                self.add(name, &shape::in_text(&values.join(", ")));
            }
        }
        let id = response.request_id().map_or_else(|| MISSING.to_owned(), |id| shape::of_request_id(&id));
        self.add("x-amzn-requestid", &id);
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    wire::cut(text, STRING_LIMIT * 2)
}

/// Writes JSON with the members in their order, duplicates among them, and numbers as they were written.
#[derive(Default)]
struct Writer {
    challenge: bool,
    user_id: bool,
}

impl Writer {
    fn value(&mut self, text: &str, path: &mut Vec<String>) -> String {
        if path.len() > DEPTH_LIMIT {
            return "\"<deeper>\"".to_owned();
        }
        match text.as_bytes().first() {
            Some(b'{') => match Object::parse(text.as_bytes()) {
                Ok(object) => self.object(&object, path),
                Err(_) => quoted("<not JSON>"),
            },
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
                let elements: Vec<String> =
                    elements.into_iter().map(|element| self.member(String::new(), element.get(), path)).collect();
                container('[', &elements, ']')
            }
            Some(b'"') => match serde_json::from_str::<String>(text) {
                Ok(string) => self.string(&string, path),
                // A lone surrogate: no Rust string, but JSON all the same.
                Err(_) => shape::in_text(text),
            },
            _ if path.last().is_some_and(|name| name == "createdat") => quoted(shape::of_seconds(text)),
            _ => text.to_owned(),
        }
    }

    fn object(&mut self, object: &Object<'_>, path: &mut Vec<String>) -> String {
        let members: Vec<String> = object
            .members
            .iter()
            .map(|member| {
                let value = self.member(member.name.to_ascii_lowercase(), member.text(), path);
                format!("{}: {value}", quoted(&shape::in_text(&member.name)))
            })
            .collect();
        container('{', &members, '}')
    }

    fn member(&mut self, name: String, text: &str, path: &mut Vec<String>) -> String {
        path.push(name);
        let value = self.value(text, path);
        path.pop();
        value
    }

    fn string(&mut self, string: &str, path: &mut Vec<String>) -> String {
        let path_words: Vec<&str> = path.iter().map(String::as_str).collect();
        match path_words.as_slice() {
            [.., "challenge"] => {
                self.challenge = true;
                quoted(&shape::of_random(string))
            }
            [.., "user", "id"] => {
                self.user_id = true;
                quoted(&shape::of_random(string))
            }
            [.., "excludecredentials" | "allowcredentials", "", "id"] | [.., "credentialid"] => {
                quoted(&shape::of_random(string))
            }
            [.., "accesstoken" | "idtoken" | "refreshtoken" | "nexttoken"] => quoted("<token>"),
            [.., "session"] => quoted("<session>"),
            // Some servers put the options into a string.
            _ if string.starts_with('{') && Object::parse(string.as_bytes()).is_ok() => {
                let inner = self.value(string, path);
                container('{', &[format!("\"<JSON text>\": {inner}")], '}')
            }
            _ => quoted(&cut(&shape::in_text(string))),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn container(open: char, parts: &[String], close: char) -> String {
    let length: usize = parts.iter().map(|part| part.len() + 2).sum();
    if length <= LINE && !parts.iter().any(|part| part.contains(['{', '[', '\n'])) {
        return format!("{open}{}{close}", parts.join(", "));
    }
    let parts: Vec<String> = parts.iter().map(|part| format!("  {}", part.replace('\n', "\n  "))).collect();
    format!("{open}\n{}\n{close}", parts.join(",\n"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::suite::Role;
    use crate::wire::{Exchange, Request, TransportError, TransportErrorKind};

    fn recorded(result: Result<Response, TransportError>) -> Recorded {
        let exchange = Exchange { request: Request::start("t").into(), result, elapsed: Duration::ZERO };
        let classification = exchange.classify(&START);
        Recorded { case: Arc::from("c"), role: Role::Test, exchange, classification, findings: Vec::new(), token: None }
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Recorded {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())).collect();
        recorded(Ok(Response { status, headers, body: body.into() }))
    }

    const ID: (&str, &str) = ("x-amzn-RequestId", "3257e760-7d0b-4e2b-bf1a-f742bf98221c");
    const JSON: (&str, &str) = ("Content-Type", "application/x-amz-json-1.1");

    #[test]
    fn success() {
        let body = r#"{"CredentialCreationOptions":{"rp":{"id":"cogspec-r1-2.auth.eu-west-1.amazoncognito.com","name":"x"},
            "user":{"id":"MzI1N2U3NjAtN2QwYi00ZTJiLWJmMWEtZjc0MmJmOTgyMjFj","name":"cogspec-r1-3","displayName":"cogspec-r1-3"},
            "challenge":"f3Tq_wABAgMEBQYHCAkKCw","pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-257}],
            "timeout":60000.0,"timeout":1,"excludeCredentials":[{"type":"public-key","id":"f3Tq_wABAgMEBQYHCAkKCw"}],
            "hints":[],"extensions":{"a":{"b":null}},"lone":"\ud800"}}"#;
        insta::assert_snapshot!(observe([&answer(200, &[JSON, ID], body)].into_iter()).unwrap());
    }

    #[test]
    fn errors_transport_and_repetition() {
        let error = r#"{"__type":"NotAuthorizedException","message":"Pool us-east-1_AbCdEfGhI\nstatus: 200"}"#;
        let headers = [JSON, ID, ("x-amzn-errortype", "NotAuthorizedException:")];
        let refused = answer(400, &headers, error);
        let timeout = recorded(Err(TransportError { kind: TransportErrorKind::Timeout, detail: "41 s".to_owned() }));
        let html = answer(502, &[], "<html>");
        let bare = answer(200, &[ID], r#"{"CredentialCreationOptions":"{\"Challenge\":\"abc!\"}"}"#);
        let empty = answer(200, &[("x-amzn-requestid", "17")], "");
        insta::assert_snapshot!(
            observe([&refused, &timeout, &refused, &html, &bare, &refused, &empty].into_iter()).unwrap()
        );
    }

    #[test]
    fn no_exchange_is_no_observation() {
        assert_eq!(observe([].into_iter()), None);
    }

    #[test]
    fn a_value_that_was_to_be_redacted_and_is_not_there_is_told() {
        let observation = observe([&answer(200, &[], r#"{"CredentialCreationOptions":{}}"#)].into_iter()).unwrap();
        assert_eq!(unmatched(&observation).collect::<Vec<_>>(), ["x-amzn-requestid", "challenge", "user.id"]);
    }

    proptest::proptest! {
        #[test]
        fn any_body_is_observed_in_blocks_that_keep_their_shape(body: Vec<u8>, message: String) {
            let response = Response { status: 200, headers: vec![], body };
            let error = serde_json::json!({ "__type": "X", "message": message }).to_string();
            let observation = observe([&recorded(Ok(response)), &answer(400, &[], &error)].into_iter()).unwrap();
            proptest::prop_assert_eq!(observation.split("\n\n").count(), 2);
        }
    }
}
