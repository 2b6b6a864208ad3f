//! A scenario out of a file: what the fuzzer of clients keeps, or what somebody wrote by hand in that form.

use crate::wire::Bytes;
use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::{After, Cut, Demand, Framing, Layer, Outcome, Pieces, Reply, Scenario, What};

/// What the id of a scenario in a file begins with. None of cogspec's own does.
pub const FOUND: &str = "found.";

/// The longest wait, or pause between pieces, that a file may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// A file that holds no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{why}", if at.is_empty() { String::new() } else { format!("{at}: ") })]
pub struct NoScenario {
    /// The member, as `replies[0].body`; empty where it is the whole.
    pub at: String,
    /// What is wrong with it.
    pub why: String,
}

fn wrong(at: impl Into<String>, why: impl Into<String>) -> NoScenario {
    NoScenario { at: at.into(), why: why.into() }
}

/// The members of the file; those that only tell of the scenario are not looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    #[serde(rename = "theme")]
    _theme: Option<IgnoredAny>,
    title: String,
    origin: String,
    replies: Vec<Value>,
    demands: Vec<Value>,
    #[serde(rename = "input")]
    _input: Option<IgnoredAny>,
    #[serde(rename = "found")]
    _found: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfReply {
    status: u16,
    headers: Vec<Field>,
    body: Bytes,
    framing: String,
    chunk: Option<usize>,
    says: Option<Vec<Field>>,
    #[serde(default)]
    wait_ms: u64,
    pieces: Option<OfPieces>,
    cut: Option<OfCut>,
    /// What the other members say is sent.
    #[serde(rename = "bytes")]
    _bytes: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    name: String,
    value: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPieces {
    bytes: usize,
    pause_ms: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfCut {
    after: String,
    bytes: usize,
    reset: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfDemand {
    rule: String,
    #[serde(rename = "level")]
    _level: Option<IgnoredAny>,
    #[serde(rename = "evidence")]
    _evidence: Option<IgnoredAny>,
    #[serde(rename = "severity")]
    _severity: Option<IgnoredAny>,
    #[serde(rename = "source")]
    _source: Option<IgnoredAny>,
    layer: Option<Layer>,
    asked_for: Option<String>,
    outcome: Option<Vec<Outcome>>,
    code: Option<Vec<String>>,
    message: Option<String>,
    options: Option<Vec<String>>,
    no_options: Option<bool>,
    at_least: Option<usize>,
    at_most: Option<usize>,
    waits_ms: Option<u64>,
    retryable: Option<bool>,
}

impl Scenario {
    /// Reads what [`Scenario::entry`] writes. Members that are not known are refused, and so is an id that does not begin
    /// with [`FOUND`]; what a demand tells of its rule beside the id, and the `bytes` of a reply, are not looked at.
    ///
    /// It is never freed, so that it is used as cogspec's own are, which live as long: a person names a few such files.
    ///
    /// # Errors
    /// When it is no such scenario; the error names the member.
    pub fn read(bytes: &[u8]) -> Result<&'static Scenario, NoScenario> {
        let value: Value = serde_json::from_slice(bytes).map_err(|e| wrong("", format!("it is no JSON: {e}")))?;
        let File { id, title, origin, replies, demands, .. } = part(value, "")?;
        let is_usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if !id.strip_prefix(FOUND).is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_usual)) || id.len() > 100
        {
            let why = format!("it does not begin with `{FOUND}`, or has more than a to z, digits, `.` and `-`");
            return Err(wrong("id", why));
        }
        if replies.is_empty() {
            return Err(wrong("replies", "there is none"));
        }
        let at = |list: &str, n: usize| format!("{list}[{n}]");
        let replies = replies.into_iter().enumerate().map(|(n, value)| reply(value, &at("replies", n)));
        let demands = demands.into_iter().enumerate().map(|(n, value)| demand(value, &at("demands", n)));
        let (replies, demands) = (replies.collect::<Result<_, _>>()?, demands.collect::<Result<_, _>>()?);
        Ok(Box::leak(Box::new(Scenario { id, title, replies, demands, origin })))
    }
}

/// A part of the file, at that place in it.
fn part<T: DeserializeOwned>(value: Value, at: &str) -> Result<T, NoScenario> {
    // A list would be taken for an object, member by member.
    if !value.is_object() {
        return Err(wrong(at, "it is no object"));
    }
    serde_json::from_value(value).map_err(|e| wrong(at, e.to_string()))
}

fn reply(value: Value, at: &str) -> Result<Reply, NoScenario> {
    let of: OfReply = part(value, at)?;
    let below = |name: &str| format!("{at}.{name}");
    if of.status > 999 {
        return Err(wrong(below("status"), "it has more than three digits"));
    }
    let framing = match (of.framing.as_str(), of.chunk, of.says) {
        ("length", None, None) => Framing::Length,
        ("chunked", Some(length), None) => Framing::Chunked(length),
        ("close", None, None) => Framing::Close,
        ("none", None, None) => Framing::None,
        ("says", None, Some(says)) => {
            let field = |(n, field): (usize, Field)| {
                let (name, value) = header(field, &format!("{at}.says[{n}]"))?;
                let name: &'static str = name.leak();
                let value = String::from_utf8(value).map_err(|_| wrong(format!("{at}.says[{n}]"), "it is no text"))?;
                Ok((name, value))
            };
            Framing::Says(says.into_iter().enumerate().map(field).collect::<Result<_, _>>()?)
        }
        _ => {
            let why = "it is not length, chunked (with `chunk`), close, says (with `says`) or none";
            return Err(wrong(below("framing"), why));
        }
    };
    let wait = |millis: u64, name: &str| {
        let wait = Duration::from_millis(millis);
        if wait <= LONGEST_WAIT { Ok(wait) } else { Err(wrong(below(name), "it is longer than ten minutes")) }
    };
    let pieces = of.pieces.map(|pieces| {
        let pause = wait(pieces.pause_ms, "pieces.pause_ms")?;
        Ok(Pieces { length: pieces.bytes, pause })
    });
    let cut = of.cut.map(|cut| {
        let after = match cut.after.as_str() {
            "nothing" => After::Nothing,
            "head" => After::Head(cut.bytes),
            "body" => After::Body(cut.bytes),
            _ => return Err(wrong(below("cut.after"), "it is not nothing, head or body")),
        };
        Ok(Cut { after, reset: cut.reset })
    });
    let headers = of.headers.into_iter().enumerate();
    Ok(Reply {
        status: of.status,
        headers: headers.map(|(n, field)| header(field, &format!("{at}.headers[{n}]"))).collect::<Result<_, _>>()?,
        body: bytes(of.body, &below("body"))?,
        framing,
        wait: wait(of.wait_ms, "wait_ms")?,
        pieces: pieces.transpose()?,
        cut: cut.transpose()?,
    })
}

fn header(field: Field, at: &str) -> Result<(String, Vec<u8>), NoScenario> {
    let value = bytes(field.value, at)?;
    // What breaks the line would be another header, or none.
    if field.name.bytes().chain(value.iter().copied()).any(|b| matches!(b, b'\r' | b'\n')) {
        return Err(wrong(at, "it has a line break"));
    }
    Ok((field.name, value))
}

fn bytes(bytes: Bytes, at: &str) -> Result<Vec<u8>, NoScenario> {
    bytes.decode().map_err(|e| wrong(at, format!("it is no base64: {e}")))
}

fn demand(value: Value, at: &str) -> Result<Demand, NoScenario> {
    let of: OfDemand = part(value, at)?;
    let Some(rule) = crate::cognito::rules::client::ALL.iter().copied().find(|rule| rule.id == of.rule) else {
        let why = "there is no such rule of clients; `cogspec rules 'client.*'` lists them";
        return Err(wrong(format!("{at}.rule"), why));
    };
    let options = of.options.map(|texts| {
        let read = |text: &String| serde_json::from_str(text);
        texts
            .iter()
            .map(read)
            .collect::<Result<Vec<Value>, _>>()
            .map_err(|e| wrong(format!("{at}.options"), e.to_string()))
    });
    let what = [
        of.outcome.map(|outcomes| What::Outcome(outcomes.leak())),
        of.code.map(|codes| What::Code(codes.into_iter().map(Cow::Owned).collect())),
        of.message.map(What::Message),
        options.transpose()?.map(What::Options),
        of.no_options.filter(|is| *is).map(|_| What::NoOptions),
        of.at_least.map(What::AtLeast),
        of.at_most.map(What::AtMost),
        of.waits_ms.map(What::Waits),
        of.retryable.map(What::Retryable),
    ];
    let mut what = what.into_iter().flatten();
    let (Some(what), None) = (what.next(), what.next()) else {
        return Err(wrong(at, "it does not demand one thing (outcome, code, message, options, no_options, …)"));
    };
    Ok(Demand { rule, layer: of.layer, asked_for: of.asked_for.map(|coding| &*coding.leak()), what })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The scenario as a file under an id that a file may have.
    fn file(scenario: &Scenario) -> Value {
        let mut file = json!(scenario.entry());
        file["id"] = format!("{FOUND}{}", scenario.id).into();
        file
    }

    #[test]
    fn every_scenario_is_read_back_as_it_was() {
        for scenario in super::super::all() {
            let file = file(scenario);
            let read = Scenario::read(file.to_string().as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", scenario.id));
            assert_eq!(read.replies, scenario.replies, "{}", scenario.id);
            assert_eq!(json!(read.entry())["demands"], file["demands"], "{}", scenario.id);
            assert_eq!((&read.title, &read.origin), (&scenario.title, &scenario.origin));
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let right = file(super::super::find("transport.slow.drip").unwrap());
        let told = |pointer: &str, value: Value| {
            let mut file = right.clone();
            match pointer.rsplit_once('/') {
                Some((parent, name)) => {
                    let parent = file.pointer_mut(parent).unwrap();
                    match parent {
                        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
                        parent => parent[name] = value,
                    }
                }
                None => file = value,
            }
            Scenario::read(file.to_string().as_bytes()).unwrap_err().to_string()
        };
        assert!(Scenario::read(right.to_string().as_bytes()).is_ok());
        let told: Vec<String> = [
            ("", json!([1])),
            ("/id", json!("transport.slow.drip")),
            ("/id", json!("found.../../x")),
            ("/more", json!(1)),
            ("/replies", json!([])),
            ("/replies/0", json!("x")),
            ("/replies/0/status", json!(70000)),
            ("/replies/0/status", json!(1000)),
            ("/replies/0/framing", json!("chunked")),
            ("/replies/0/body", json!({"base64": "?"})),
            ("/replies/0/headers/0/value", json!({"text": "a\r\nb"})),
            ("/replies/0/wait_ms", json!(600_001)),
            ("/replies/0/cut", json!({"after": "all", "bytes": 0, "reset": false})),
            ("/demands/0/rule", json!("client.nothing")),
            ("/demands/0/outcome", json!(["success"])),
            ("/demands/2", json!({"rule": "client.options.unharmed", "options": ["{"]})),
            ("/demands/0/at_most", json!(null)),
        ]
        .into_iter()
        .map(|(pointer, value)| told(pointer, value))
        .collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
